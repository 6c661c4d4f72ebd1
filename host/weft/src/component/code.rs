//! The compiled code of a program for one of the runtimes, and its form as bytes.

use crate::config::Runtime;
use crate::cooperative::component::Cooperative;
use crate::engine::Engine;
use weft_parallel::Error;

/// Code for one of the runtimes.
pub(crate) enum Code {
    Parallel(weft_parallel::Component),
    Cooperative(Cooperative),
}

impl Code {
    /// The code as bytes, which say which engines can load them.
    pub(super) fn serialize(&self, engine: &Engine) -> Result<Vec<u8>, Error> {
        match self {
            Code::Parallel(component) => component.serialize(),
            Code::Cooperative(component) => {
                let deterministic = engine.config().set().deterministic;
                weft_cooperative::serialize(&component.component, &component.modules, deterministic)
            }
        }
    }

    /// Reads what [`Code::serialize`] returned.
    ///
    /// # Safety
    ///
    /// `Code::serialize` returned the bytes.
    #[expect(unsafe_code, reason = "see the function's contract")]
    pub(super) unsafe fn load(engine: &Engine, bytes: &[u8]) -> Result<Code, Error> {
        match Engine::detect_precompiled(bytes) {
            // If the bytes are no program, the parallel runtime's error says what is wrong with them.
            Some(Runtime::Parallel) | None => {
                let engine = engine.start_parallel(false)?;
                // SAFETY: guaranteed by the caller.
                let component = unsafe { weft_parallel::Component::deserialize(&engine, bytes) }?;
                Ok(Code::Parallel(component))
            }
            Some(Runtime::Cooperative) => {
                let (deterministic, engine) = (engine.config().set().deterministic, engine.cooperative()?);
                // SAFETY: guaranteed by the caller.
                let (component, modules) = unsafe { weft_cooperative::deserialize(&engine, deterministic, bytes) }?;
                Ok(Code::Cooperative(Cooperative::new(component, modules)))
            }
        }
    }
}
