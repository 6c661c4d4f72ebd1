//! Compiled programs as bytes, before anything loads them: for which runtime and which engines they are.

use crate::config::Runtime;
use crate::engine::Engine;
use weft_cache::container;
use weft_parallel::__shared::open;
use weft_parallel::{CodeOptions, Error, Precompiled, PrecompiledError};

/// What a compiled program was compiled for: see [`Engine::inspect_precompiled`].
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct PrecompiledInfo {
    /// The runtime that runs it.
    pub runtime: Runtime,
    /// The versions of weft and Wasmtime, the target, the runtime, the profile, inlining, and how threads are interrupted: names and values, as
    /// `weft inspect` prints them.
    pub compiled_for: Vec<(String, String)>,
    /// Why this version of weft does not load it on this machine. `None` if an engine loads it whose [`Config`](crate::Config) leads to the
    /// same code.
    pub refusal: Option<PrecompiledError>,
}

impl Engine {
    /// Tells whether bytes are a compiled program, and for which runtime. The program may still be damaged or of another version.
    pub fn detect_precompiled(bytes: &[u8]) -> Option<Runtime> {
        weft_parallel::Engine::detect_precompiled(bytes).map(|runtime| match runtime {
            Precompiled::Parallel => Runtime::Parallel,
            Precompiled::Cooperative => Runtime::Cooperative,
        })
    }

    /// Tells what a compiled program was compiled for, and whether this version of weft loads it on this machine. It checks that
    /// the bytes are whole, but does not load their machine code.
    ///
    /// # Errors
    ///
    /// [`Error::Precompiled`]: the bytes are damaged or are not a compiled program, or it is for a runtime that this version
    /// does not know.
    pub fn inspect_precompiled(bytes: &[u8]) -> Result<PrecompiledInfo, Error> {
        let (description, _) = container::open(bytes).map_err(PrecompiledError::from)?;
        let runtime = Precompiled::of(&description)?;
        // An engine can be configured to match these.
        let options = CodeOptions::of(&description);
        let entries = description.iter();
        Ok(PrecompiledInfo {
            runtime: match runtime {
                Precompiled::Parallel => Runtime::Parallel,
                Precompiled::Cooperative => Runtime::Cooperative,
            },
            compiled_for: entries
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            refusal: open(runtime, options, bytes).err(),
        })
    }
}
