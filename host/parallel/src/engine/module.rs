//! A core module that a linker supplies for a component's import.
//!
//! **Problem.** All core modules of a program become one run-time module, so compiling such a module alone is of no use.
//! **Here** it is only validated, and compiled when the linker has a component for it.

use crate::error::Error;
use std::fmt;
use std::sync::Arc;
use weft_lower::Rules;

/// A core module, for [`LinkerInstance::module`](crate::LinkerInstance::module). Clones share the bytes.
#[derive(Clone)]
pub struct Module {
    wasm: Arc<[u8]>,
}

impl Module {
    /// Validates a core module, text or binary. weft compiles it together with the component that imports it.
    ///
    /// # Errors
    ///
    /// The module is malformed or invalid.
    pub fn new(bytes: impl AsRef<[u8]>) -> Result<Self, Error> {
        let module = weft_lower::Module::read(bytes.as_ref())?;
        module.validate(Rules::Extended)?;
        Ok(Module::valid(module.bytes()))
    }

    /// A core module of a valid component. Not part of the stable API.
    #[doc(hidden)]
    pub fn valid(wasm: &[u8]) -> Self {
        Module { wasm: wasm.into() }
    }

    /// The binary.
    pub fn bytes(&self) -> &[u8] {
        &self.wasm
    }
}

impl fmt::Debug for Module {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Module").field("bytes", &self.wasm.len()).finish()
    }
}
