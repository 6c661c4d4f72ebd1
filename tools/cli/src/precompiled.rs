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
use serde::Serialize;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::Path;
use weft::parallel::Precompiled;
use weft::{Component, Engine, Runtime};
use weft_cache::container;

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

/// What a compiled program fits.
#[derive(Serialize)]
pub struct Fit {
    /// The description that it begins with.
    pub compiled: BTreeMap<String, String>,
    /// Why it does not run on this machine with this version, if it does not.
    pub error: Option<String>,
}

/// What the compiled program in some bytes fits, or in what way they are damaged.
pub fn fit(runtime: Runtime, bytes: &[u8]) -> Result<Fit> {
    let runtime = match runtime {
        Runtime::Parallel => Precompiled::Parallel,
        Runtime::Cooperative => Precompiled::Cooperative,
    };
    let (description, _) = container::open(bytes)?;
    let compiled = description
        .iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let compiled: BTreeMap<_, _> = compiled.collect();
    let deterministic = compiled.get("deterministic").is_some_and(|value| value == "true");
    let fits = weft::parallel::__internal::open(runtime, deterministic, bytes);
    let error = fits.err().map(|error| error.to_string());
    Ok(Fit { compiled, error })
}
