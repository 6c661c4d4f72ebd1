//! Precompiled programs in files.
//!
//! **Problem.** Such a file contains machine code, which runs unchecked: it can do everything that the user can. A user
//! who runs `program.wasm` expects that it cannot, whatever the file contains. **Here,** weft runs machine code only
//! from a file whose name says so, and only after it has checked that the code matches ([`Component::deserialize`]).
//!
//! **Rejected:** an option that allows it, as Wasmtime's command has (the user also types the name, which says the
//! same); looking only at the content.

use crate::io::name;
use anyhow::{Result, bail};
use std::ffi::OsStr;
use std::path::Path;
use weft::{Component, Engine};

/// What the names of such files end with.
pub const EXTENSION: &str = "cwasm";

/// Makes a program of the bytes of a file.
pub fn load(engine: &Engine, path: &Path, bytes: &[u8]) -> Result<Component> {
    if path.extension() != Some(OsStr::new(EXTENSION)) {
        bail!(
            "{} is a compiled program, and weft runs those only from files called `*.{EXTENSION}`: weft does not check its code, which can \
             do all that you can, so rename it only if you trust whoever compiled it",
            name(path)
        );
    }
    // SAFETY: the user asks to run a compiled program. What is damaged, or compiled by something else, is refused.
    #[expect(unsafe_code, reason = "code that was compiled before is given to the engine")]
    let component = unsafe { Component::deserialize(engine, bytes) };
    Ok(component?)
}
