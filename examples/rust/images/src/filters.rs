//! Filters, whose rows threads share out.

use crate::exports::example::images::pictures::{Filter, Pixel, Size};
use std::thread;

pub fn apply(size: Size, pixels: &[Pixel], filter: Filter, threads: u32) -> Vec<Pixel> {
    let mut result = pixels.to_vec();
    let width = size.width as usize;
    let rows = (size.height as usize).div_ceil(threads.max(1) as usize).max(1);
    if width > 0 {
        thread::scope(|scope| {
            for (part, rows_of_part) in result.chunks_mut(rows * width).enumerate() {
                scope.spawn(move || {
                    for (row, pixels_of_row) in rows_of_part.chunks_mut(width).enumerate() {
                        filter_row(size, pixels, filter, part * rows + row, pixels_of_row);
                    }
                });
            }
        });
    }
    result
}

fn filter_row(size: Size, pixels: &[Pixel], filter: Filter, row: usize, result: &mut [Pixel]) {
    for (column, pixel) in result.iter_mut().enumerate() {
        *pixel = match filter {
            Filter::Invert => colours(*pixel, |colour| 255 - colour),
            Filter::Grey => {
                let Pixel { red, green, blue, .. } = *pixel;
                let grey = (u32::from(red) * 30 + u32::from(green) * 59 + u32::from(blue) * 11) / 100;
                colours(*pixel, |_| grey as u8)
            }
            Filter::Brighten(amount) => colours(*pixel, |colour| (i32::from(colour) + i32::from(amount)).clamp(0, 255) as u8),
            Filter::Blur(distance) => average(size, pixels, row, column, distance as usize),
        };
    }
}

fn colours(pixel: Pixel, change: impl Fn(u8) -> u8) -> Pixel {
    let Pixel { red, green, blue, alpha } = pixel;
    Pixel { red: change(red), green: change(green), blue: change(blue), alpha }
}

fn average(size: Size, pixels: &[Pixel], row: usize, column: usize, distance: usize) -> Pixel {
    let near = |at: usize, end: u32| at.saturating_sub(distance)..at.saturating_add(distance + 1).min(end as usize);
    let (mut sums, mut count) = ([0_u64; 4], 0);
    for row in near(row, size.height) {
        for column in near(column, size.width) {
            let Pixel { red, green, blue, alpha } = pixels[row * size.width as usize + column];
            for (sum, value) in sums.iter_mut().zip([red, green, blue, alpha]) {
                *sum += u64::from(value);
            }
            count += 1;
        }
    }
    let [red, green, blue, alpha] = sums.map(|sum| (sum / count) as u8);
    Pixel { red, green, blue, alpha }
}
