//! A host of the world `gallery`, for the tests of both crates that have `bindgen!`.
//!
//! The module that includes this file calls the crate `runtime`, and the bindings for the world `world`.

use super::runtime::{Resource, wasmtime, yield_now};
use super::world::GalleryImports;
use super::world::test::gallery::types::{Access, Failure, Kind, Size};
use super::world::test::gallery::{store, types};
use std::sync::Mutex;

/// The host's own type for the resource.
pub struct Image;

/// The host's own error.
#[derive(Debug)]
pub enum Broken {
    /// What the guest is given.
    Guest(Failure),
    /// What ends the program.
    Fatal(&'static str),
}

/// The images of the host, by their representation, and what guests log.
#[derive(Default)]
pub struct Host {
    images: Mutex<Vec<(String, Size)>>,
    log: Mutex<Vec<String>>,
}

impl Host {
    fn add(&self, line: impl Into<String>) {
        self.log.lock().expect("no panic under the lock").push(line.into());
    }

    pub fn lines(&self) -> Vec<String> {
        std::mem::take(&mut *self.log.lock().expect("no panic under the lock"))
    }
}

impl types::Host for Host {
    fn convert_failure(&self, error: Broken) -> wasmtime::Result<Failure> {
        match error {
            Broken::Guest(failure) => Ok(failure),
            Broken::Fatal(reason) => Err(wasmtime::Error::msg(reason)),
        }
    }
}

impl store::HostImage for Host {
    fn new(&self, name: String, size: Size) -> Resource<Image> {
        let mut images = self.images.lock().expect("no panic under the lock");
        images.push((name, size));
        Resource::new_own(images.len() as u32 - 1)
    }

    fn name(&self, image: Resource<Image>) -> String {
        assert!(!image.owned());
        self.images.lock().expect("no panic under the lock")[image.rep() as usize]
            .0
            .clone()
    }

    fn resize(&self, image: Resource<Image>, to: Size) -> Result<Size, Broken> {
        match to.width {
            0 => Err(Broken::Guest(Failure::Empty)),
            13 => Err(Broken::Fatal("thirteen is too many")),
            _ => {
                let mut images = self.images.lock().expect("no panic under the lock");
                Ok(std::mem::replace(&mut images[image.rep() as usize].1, to))
            }
        }
    }

    fn count(&self) -> u32 {
        self.images.lock().expect("no panic under the lock").len() as u32
    }

    fn drop(&self, image: Resource<Image>) -> wasmtime::Result<()> {
        self.add(format!("dropped {}", image.rep()));
        Ok(())
    }
}

impl store::Host for Host {
    async fn log(&self, line: String, kind: Kind, access: Access) {
        yield_now().await;
        self.add(format!("{line} {kind:?} {access:?}"));
    }
}

impl GalleryImports for Host {
    fn now(&self) -> wasmtime::Result<u64> {
        match self.images.lock().expect("no panic under the lock").len() {
            0 => Err(wasmtime::Error::msg("no time without an image")),
            _ => Ok(1234),
        }
    }
}
