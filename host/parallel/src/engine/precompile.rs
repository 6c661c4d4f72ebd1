//! Compiles a component without loading its code, and loads a compiled one from a file. [`precompiled`] defines the
//! format.

use super::compilation;
use super::component::{Component, plan_bytes};
use super::guard::guarded;
use super::handle::Engine;
use super::precompiled::{self, Precompiled};
use super::sources::Sources;
use crate::error::{Error, PrecompiledError};
use std::path::Path;
use std::sync::Arc;
use weft_lower::Plan;

impl Engine {
    /// Lowers and compiles a component, text or binary, and returns the bytes that [`Component::serialize`] would return, without loading
    /// the code. [`Component::deserialize`] loads them in an engine of this version of weft, on a machine like this one, if its
    /// [`Config`](crate::Config) leads to the same code.
    ///
    /// # Errors
    ///
    /// The same errors as [`Component::new`].
    pub fn precompile_component(&self, bytes: &[u8]) -> Result<Vec<u8>, Error> {
        self.precompile_plan(weft_lower::Component::read(bytes)?.lower_for_linker()?)
    }

    /// Compiles a lowered component as [`Self::precompile_component`] does.
    ///
    /// # Errors
    ///
    /// The engine refuses the run-time module.
    pub fn precompile_plan(&self, mut plan: Plan) -> Result<Vec<u8>, Error> {
        let wasm = std::mem::take(&mut plan.wasm);
        let compile = || self.wasmtime().precompile_module(&wasm);
        let code = compilation::run(|| guarded("cannot compile the run-time module", compile))?;
        let plan = plan_bytes(&plan, Sources::of(&wasm).as_ref())?;
        Ok(precompiled::seal_component(self, &plan, &code))
    }

    /// Tells whether bytes are a compiled program, and for which runtime. The program may still be damaged or of another version.
    pub fn detect_precompiled(bytes: &[u8]) -> Option<Precompiled> {
        precompiled::detect(bytes)
    }
}

impl Component {
    /// Loads a component from a file with the bytes that [`Component::serialize`] returned or `weft compile` wrote. This reads the whole
    /// file, which may change afterwards.
    ///
    /// # Errors
    ///
    /// The file cannot be read; or an error of [`Component::deserialize`].
    ///
    /// # Safety
    ///
    /// See [`Component::deserialize`].
    #[expect(unsafe_code, reason = "see the function's contract")]
    pub unsafe fn deserialize_file(engine: &Engine, path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let bytes = std::fs::read(path).map_err(|error| PrecompiledError::File {
            path: path.to_owned(),
            error: Arc::new(error),
        })?;
        // SAFETY: the caller guarantees the same for the file.
        unsafe { Component::deserialize(engine, &bytes) }
    }
}
