//! Calls a library of pictures, which is written in Rust and filters them with threads: records, variants, lists and a resource.
//!
//!     cargo run --release --bin images tests/guests/images.wasm
//!
//! A second argument names a file, which gets the last picture, in the format QOI.

use std::time::Instant;

use anyhow::Context;
use weft::{Component, Config, Engine, Linker, ResourceAny};
use weft_wasi::{WasiCtx, WasiCtxBuilder};

weft::bindgen!({ world: "images", path: "../wit/images" });

use exports::example::images::pictures::{Filter, Pixel, Size};

const SIZE: Size = Size {
    width: 320,
    height: 240,
};

/// A disc on a gradient.
fn pixel(x: u32, y: u32) -> Pixel {
    let (from_middle_x, from_middle_y) = (x.abs_diff(SIZE.width / 2), y.abs_diff(SIZE.height / 2));
    let blue = match from_middle_x.pow(2) + from_middle_y.pow(2) < 80_u32.pow(2) {
        true => 255,
        false => 0,
    };
    Pixel {
        red: (x * 255 / SIZE.width) as u8,
        green: (y * 255 / SIZE.height) as u8,
        blue,
        alpha: 255,
    }
}

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let module = arguments.next().context("usage: images MODULE [OUTPUT]")?;
    let engine = Engine::new(&Config::new())?;
    let component = Component::from_file(&engine, module)?;
    let mut linker = Linker::new(&engine);
    weft_wasi::add_to_linker(&mut linker, |wasi: &WasiCtx| wasi)?;
    let images = Images::instantiate(&linker, &component, WasiCtxBuilder::new().build()?)?;
    let (pictures, picture) = (
        images.example_images_pictures(),
        images.example_images_pictures().picture(),
    );

    let pixels = (0..SIZE.height).flat_map(|y| (0..SIZE.width).map(move |x| pixel(x, y)));
    let mut all: Vec<ResourceAny> = vec![picture.call_create(SIZE, pixels.collect())??];
    for filter in [Filter::Grey, Filter::Invert, Filter::Brighten(-60), Filter::Blur(6)] {
        let start = Instant::now();
        let filtered = picture.call_filtered(all[0], filter.clone(), 4)?;
        let middle = (SIZE.height / 2 * SIZE.width + SIZE.width / 2) as usize;
        let middle = picture.call_pixels(filtered)?.swap_remove(middle);
        println!("{filter:?}: {middle:?}");
        eprintln!("{filter:?} took {:?}", start.elapsed());
        all.push(filtered);
    }
    // The list lends the pictures.
    let stack = pictures
        .call_stack(all.clone())?
        .context("the pictures have one width")?;
    all.push(stack);
    let bytes = picture.call_encode(stack)?;
    let decoded = picture.call_decode(bytes.clone())??;
    all.push(decoded);
    println!("{:?} from {} bytes", picture.call_size(decoded)?, bytes.len());
    match picture.call_decode(bytes[..1000].to_vec())? {
        Ok(_) => println!("a part of a picture is a picture"),
        Err(error) => println!("{error:?}"),
    }
    for picture in all {
        images.instance().resource_drop(picture)?;
    }
    if let Some(output) = arguments.next() {
        std::fs::write(output, bytes)?;
    }
    Ok(())
}
