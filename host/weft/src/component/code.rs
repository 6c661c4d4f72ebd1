//! The compiled code of a program for one of the runtimes, and its form as bytes.

use crate::config::Runtime;
use crate::cooperative::component::Cooperative;
use crate::engine::Engine;
use weft_parallel::{CodeOptions, Error, PrecompiledError};

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
                weft_cooperative::serialize(&component.component, &component.modules, code_options(engine))
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
        let runtime = Engine::detect_precompiled(bytes);
        if engine.runtime().is_some_and(|chosen| runtime != Some(chosen))
            && let Some(found) = weft_parallel::Engine::detect_precompiled(bytes)
        {
            let found = found.to_string();
            return Err(PrecompiledError::Runtime { found }.into());
        }
        match runtime {
            // If the bytes are no program, the parallel runtime's error says what is wrong with them.
            Some(Runtime::Parallel) | None => {
                let engine = engine.start_parallel(false)?;
                // SAFETY: guaranteed by the caller.
                let component = unsafe { weft_parallel::Component::deserialize(&engine, bytes) }?;
                Ok(Code::Parallel(component))
            }
            Some(Runtime::Cooperative) => {
                let (options, engine) = (code_options(engine), engine.cooperative()?);
                // SAFETY: guaranteed by the caller.
                let (component, modules) = unsafe { weft_cooperative::deserialize(&engine, options, bytes) }?;
                Ok(Code::Cooperative(Cooperative::new(component, modules)))
            }
        }
    }
}

fn code_options(engine: &Engine) -> CodeOptions {
    let set = engine.config().set();
    CodeOptions {
        deterministic: set.deterministic,
        inlining: set.compiler_inlining,
    }
}
