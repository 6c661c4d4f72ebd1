//! rayon with its default pool. The pool cannot ask for the number of processors: `--thread-variables` tells it.
//!
//!     cargo build --release
//!     weft run --thread-variables target/wasm32-wasip1-threads/release/rayon_pool.wasm

use rayon::prelude::*;

fn is_prime(number: u32) -> bool {
    number > 1 && (2..).take_while(|divisor| divisor * divisor <= number).all(|divisor| number % divisor != 0)
}

fn sorted(numbers: &mut [u64]) {
    if numbers.len() > 1 {
        let middle = numbers.len() / 2;
        numbers.select_nth_unstable(middle);
        let (left, right) = numbers.split_at_mut(middle);
        rayon::join(|| sorted(left), || sorted(right));
    }
}

fn main() {
    println!("threads: {}", rayon::current_num_threads());
    println!("primes: {}", (0..200_000_u32).into_par_iter().filter(|number| is_prime(*number)).count());
    let mut numbers: Vec<u64> = (0..50_000).map(|number| number * 7919 % 50_021).collect();
    sorted(&mut numbers);
    assert!(numbers.is_sorted());
    let mut words: Vec<String> = (0..10_000).rev().map(|number| format!("{number:05}")).collect();
    words.par_sort();
    assert!(words.is_sorted());
    let longest = words.par_iter().map(|word| word.trim_start_matches('0').len()).reduce(|| 0, usize::max);
    println!("longest: {longest}");
    let mut squares = vec![0; 100];
    rayon::scope(|scope| {
        for (number, square) in squares.iter_mut().enumerate() {
            scope.spawn(move |_| *square = number * number);
        }
    });
    println!("squares: {}", squares.iter().sum::<usize>());
    let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().expect("threads start");
    println!("a pool of {}", pool.install(rayon::current_num_threads));
    println!("each thread once: {:?}", pool.broadcast(|context| context.index()));
}
