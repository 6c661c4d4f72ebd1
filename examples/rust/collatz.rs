//! Looks for the longest Collatz sequence below a million, on four threads: see README.md.

use std::thread;

fn steps(mut number: u64) -> u64 {
    let mut steps = 0;
    while number != 1 {
        number = if number % 2 == 0 { number / 2 } else { 3 * number + 1 };
        steps += 1;
    }
    steps
}

fn main() {
    let threads: Vec<_> = (0..4)
        .map(|first| thread::spawn(move || (1 + first..1_000_000).step_by(4).map(|n| (steps(n), n)).max()))
        .collect();
    let best = threads.into_iter().filter_map(|thread| thread.join().unwrap()).max();
    if let Some((steps, number)) = best {
        println!("{number} takes {steps} steps");
    }
}
