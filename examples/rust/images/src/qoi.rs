//! The Quite OK Image format: https://qoiformat.org/qoi-specification.pdf

use crate::exports::example::images::pictures::{Pixel, Size};

const MAGIC: [u8; 4] = *b"qoif";
const END: [u8; 8] = [0, 0, 0, 0, 0, 0, 0, 1];
const BLACK: Pixel = Pixel { red: 0, green: 0, blue: 0, alpha: 255 };
const EMPTY: Pixel = Pixel { red: 0, green: 0, blue: 0, alpha: 0 };
const INDEX: u8 = 0x00;
const DIFF: u8 = 0x40;
const LUMA: u8 = 0x80;
const RUN: u8 = 0xc0;
const RGB: u8 = 0xfe;
const RGBA: u8 = 0xff;

/// The longest run: the next two codes are those of `RGB` and `RGBA`.
const LONGEST_RUN: u8 = 62;

/// A picture has at most so many pixels, as in the reference decoder: a short file can say that it has billions.
const MOST_PIXELS: u64 = 400_000_000;

fn values(pixel: Pixel) -> [u8; 4] {
    [pixel.red, pixel.green, pixel.blue, pixel.alpha]
}

fn same(one: Pixel, other: Pixel) -> bool {
    values(one) == values(other)
}

fn place(pixel: Pixel) -> usize {
    let sum: usize = values(pixel).into_iter().zip([3, 5, 7, 11]).map(|(value, factor)| usize::from(value) * factor).sum();
    sum % 64
}

pub fn encode(size: Size, pixels: &[Pixel]) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend(size.width.to_be_bytes());
    bytes.extend(size.height.to_be_bytes());
    // Four channels, colours in sRGB.
    bytes.extend([4, 0]);
    let (mut seen, mut last, mut run) = ([EMPTY; 64], BLACK, 0);
    for &pixel in pixels {
        if same(pixel, last) {
            run += 1;
            if run == LONGEST_RUN {
                bytes.push(RUN | (run - 1));
                run = 0;
            }
            continue;
        }
        if run > 0 {
            bytes.push(RUN | (run - 1));
            run = 0;
        }
        let place = place(pixel);
        if same(seen[place], pixel) {
            bytes.push(INDEX | place as u8);
        } else {
            seen[place] = pixel;
            encode_pixel(pixel, last, &mut bytes);
        }
        last = pixel;
    }
    if run > 0 {
        bytes.push(RUN | (run - 1));
    }
    bytes.extend(END);
    bytes
}

fn encode_pixel(pixel: Pixel, last: Pixel, bytes: &mut Vec<u8>) {
    let red = pixel.red.wrapping_sub(last.red);
    let green = pixel.green.wrapping_sub(last.green);
    let blue = pixel.blue.wrapping_sub(last.blue);
    let small = [red, green, blue].map(|difference| difference.wrapping_add(2));
    let [red, green_around, blue] = [red.wrapping_sub(green), green, blue.wrapping_sub(green)];
    let around = [red.wrapping_add(8), green_around.wrapping_add(32), blue.wrapping_add(8)];
    if pixel.alpha != last.alpha {
        bytes.extend([RGBA, pixel.red, pixel.green, pixel.blue, pixel.alpha]);
    } else if small.iter().all(|difference| *difference < 4) {
        bytes.push(DIFF | small[0] << 4 | small[1] << 2 | small[2]);
    } else if around[0] < 16 && around[1] < 64 && around[2] < 16 {
        bytes.extend([LUMA | around[1], around[0] << 4 | around[2]]);
    } else {
        bytes.extend([RGB, pixel.red, pixel.green, pixel.blue]);
    }
}

pub fn decode(bytes: &[u8]) -> Result<(Size, Vec<Pixel>), &'static str> {
    let mut bytes = bytes.iter().copied();
    let mut next = || bytes.next().ok_or("it ends too early");
    for byte in MAGIC {
        if next()? != byte {
            return Err("it does not begin with `qoif`");
        }
    }
    let mut number = || Ok::<u32, &'static str>(u32::from_be_bytes([next()?, next()?, next()?, next()?]));
    let size = Size { width: number()?, height: number()? };
    let count = u64::from(size.width) * u64::from(size.height);
    if count > MOST_PIXELS {
        return Err("it is too large");
    }
    let (channels, _colours) = (next()?, next()?);
    if !matches!(channels, 3 | 4) {
        return Err("it has neither three nor four channels");
    }
    let (mut pixels, mut seen, mut last) = (Vec::new(), [EMPTY; 64], BLACK);
    while (pixels.len() as u64) < count {
        let code = next()?;
        let (kind, low) = (code & 0xc0, code & 0x3f);
        if kind == RUN && code < RGB {
            let run = (u64::from(low) + 1).min(count - pixels.len() as u64);
            pixels.extend((0..run).map(|_| last));
            seen[place(last)] = last;
            continue;
        }
        last = match (code, kind) {
            (RGB, _) => Pixel { red: next()?, green: next()?, blue: next()?, alpha: last.alpha },
            (RGBA, _) => Pixel { red: next()?, green: next()?, blue: next()?, alpha: next()? },
            (_, INDEX) => seen[usize::from(low)],
            (_, DIFF) => moved(last, [low >> 4, low >> 2 & 3, low & 3].map(|difference| difference.wrapping_sub(2))),
            _ => {
                let (green, rest) = (low.wrapping_sub(32), next()?);
                let [red, blue] = [rest >> 4, rest & 15].map(|part| part.wrapping_sub(8).wrapping_add(green));
                moved(last, [red, green, blue])
            }
        };
        seen[place(last)] = last;
        pixels.push(last);
    }
    for byte in END {
        if next()? != byte {
            return Err("its end is wrong");
        }
    }
    Ok((size, pixels))
}

fn moved(pixel: Pixel, by: [u8; 3]) -> Pixel {
    let [red, green, blue] = by;
    Pixel {
        red: pixel.red.wrapping_add(red),
        green: pixel.green.wrapping_add(green),
        blue: pixel.blue.wrapping_add(blue),
        alpha: pixel.alpha,
    }
}
