//! A library of pictures with threads, for the world `images` of ../../wit/images. Compile it and make a component of it:
//!
//!     cargo build --release --target wasm32-wasip1-threads
//!     weft adapt target/wasm32-wasip1-threads/release/images.wasm -o images.component.wasm
//!
//! The program ../../embed/src/bin/images.rs calls it.

mod filters;
mod qoi;

use exports::example::images::pictures::{Error, Filter, Guest, GuestPicture, Picture, PictureBorrow, Pixel, Size};

wit_bindgen::generate!({ world: "images", path: "../../wit/images" });

struct Images;

/// Several threads of the host can use a picture at once, so it does not change.
struct Pixels {
    size: Size,
    pixels: Vec<Pixel>,
}

impl Guest for Images {
    type Picture = Pixels;

    fn stack(pictures: Vec<PictureBorrow<'_>>) -> Option<Picture> {
        let pictures: Vec<&Pixels> = pictures.iter().map(|picture| picture.get::<Pixels>()).collect();
        let width = pictures.first()?.size.width;
        if pictures.iter().any(|picture| picture.size.width != width) {
            return None;
        }
        let height = pictures.iter().map(|picture| picture.size.height).sum();
        let pixels = pictures.iter().flat_map(|picture| &picture.pixels).copied().collect();
        Some(Picture::new(Pixels { size: Size { width, height }, pixels }))
    }
}

impl GuestPicture for Pixels {
    fn create(size: Size, pixels: Vec<Pixel>) -> Result<Picture, Error> {
        let needed = u64::from(size.width) * u64::from(size.height);
        match pixels.len() as u64 == needed {
            true => Ok(Picture::new(Pixels { size, pixels })),
            false => Err(Error::WrongLength(needed)),
        }
    }

    fn decode(qoi: Vec<u8>) -> Result<Picture, Error> {
        let (size, pixels) = qoi::decode(&qoi).map_err(|what| Error::Malformed(what.to_owned()))?;
        Ok(Picture::new(Pixels { size, pixels }))
    }

    fn size(&self) -> Size {
        self.size
    }

    fn pixels(&self) -> Vec<Pixel> {
        self.pixels.clone()
    }

    fn encode(&self) -> Vec<u8> {
        qoi::encode(self.size, &self.pixels)
    }

    fn filtered(&self, filter: Filter, threads: u32) -> Picture {
        let pixels = filters::apply(self.size, &self.pixels, filter, threads);
        Picture::new(Pixels { size: self.size, pixels })
    }
}

export!(Images);
