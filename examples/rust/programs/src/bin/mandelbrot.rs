//! Draws the Mandelbrot set to a picture file, of the format PPM: threads take the rows as they get to them.
//!
//!     cargo build --release --target wasm32-wasip1-threads
//!     weft run --dir . target/wasm32-wasip1-threads/release/mandelbrot.wasm mandelbrot.ppm 1200 800 4

use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, fs, io, thread};

/// Points that stay near for so many steps are in the set.
const STEPS: u32 = 500;

fn steps(x: f64, y: f64) -> u32 {
    let (mut a, mut b) = (0.0, 0.0);
    (0..STEPS)
        .find(|_| {
            (a, b) = (a * a - b * b + x, 2.0 * a * b + y);
            a * a + b * b > 4.0
        })
        .unwrap_or(STEPS)
}

fn colour(steps: u32) -> [u8; 3] {
    match steps {
        STEPS => [0; 3],
        _ => [9, 5, 3].map(|factor| (steps * factor).min(255) as u8),
    }
}

fn row(number: usize, width: usize, height: usize) -> Vec<u8> {
    let scale = 3.0 / width as f64;
    let y = (number as f64 - height as f64 / 2.0) * scale;
    (0..width).flat_map(|column| colour(steps(column as f64 * scale - 2.2, y))).collect()
}

fn main() -> io::Result<()> {
    let mut arguments = env::args().skip(1);
    let path = arguments.next().unwrap_or_else(|| String::from("mandelbrot.ppm"));
    let mut number = |default| arguments.next().and_then(|number| number.parse().ok()).unwrap_or(default);
    let (width, height, threads) = (number(1200), number(800), number(4));
    let next = AtomicUsize::new(0);
    let work = || {
        let numbers = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
        numbers.take_while(|number| *number < height).map(|number| (number, row(number, width, height))).collect::<Vec<_>>()
    };
    let mut rows = thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect::<Vec<_>>()
    });
    rows.sort();
    let mut picture = format!("P6\n{width} {height}\n255\n").into_bytes();
    picture.extend(rows.into_iter().flat_map(|(_, row)| row));
    fs::write(&path, picture)?;
    println!("{path}: {width} by {height}, on {threads} threads");
    Ok(())
}
