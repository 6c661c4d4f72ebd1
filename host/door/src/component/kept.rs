//! Compiled programs as bytes, in a cache and elsewhere.
//!
//! An entry of the cache is found by the program as it was given, and by the choices that change its code. It says which runtime
//! the program is for:
//!
//! ```text
//! 0    1 for the parallel runtime, 2 for the cooperative one
//! 1    1 if the program has a warning, else 0
//! 2    what the runtime serializes a component as
//! ```

use super::{Code, Component};
use crate::config::Runtime;
use crate::cooperative::component::Cooperative;
use crate::engine::Engine;
use tracing::{info, warn};
use weft_adapt::Note;
use weft_cache::{Cache, Key, KeyHasher};
use weft_parallel::Error;

const PARALLEL: u8 = 1;
const COOPERATIVE: u8 = 2;

/// The target of what is logged of compiled programs.
const LOG: &str = "weft::compile";

/// The place of one program in the cache.
pub(super) struct Slot<'a> {
    cache: &'a Cache,
    key: Key,
}

impl<'a> Slot<'a> {
    /// The place of a program. None if there is no cache.
    pub(super) fn of(engine: &'a Engine, program: &[u8]) -> Option<Self> {
        let config = engine.config();
        let cache = config.cache.as_ref()?;
        let runtime = match config.runtime {
            None => 0,
            Some(Runtime::Parallel) => PARALLEL,
            Some(Runtime::Cooperative) => COOPERATIVE,
        };
        // Code with checks is other code. Of both, that of the means that is asked for is kept.
        let choices = [u8::from(config.deterministic), runtime, u8::from(config.epochs)];
        let key = KeyHasher::new("weft").bytes(&choices).bytes(program).finish();
        Some(Slot { cache, key })
    }

    /// The program, if it was kept, and compiled for an engine and a processor like these.
    pub(super) fn get(&self, engine: &Engine) -> Result<Option<Component>, Error> {
        let Some(entry) = self.cache.get(&self.key) else {
            return Ok(None);
        };
        let payload = entry.payload();
        // An engine that cannot start is an error, unlike an entry of no use.
        match payload.first() {
            Some(&PARALLEL) => drop(engine.start_parallel(false)?),
            Some(&COOPERATIVE) => drop(engine.cooperative()?),
            Some(_) | None => return Ok(None),
        }
        // SAFETY: only `put` writes entries with such keys. The cache has checked that the entry is this user's alone and that its
        // bytes are those that were written.
        #[expect(unsafe_code, reason = "code that was compiled before is given to the engine")]
        let component = unsafe { read(engine, payload) };
        Ok(component
            .inspect_err(|error| info!(target: LOG, %error, "the cached component is of no use"))
            .ok())
    }

    /// Keeps the program. It runs also where that fails.
    pub(super) fn put(&self, component: &Component) {
        let kept = code(component).map_err(|error| error.to_string()).and_then(|code| {
            let kept = self.cache.put(&self.key, &[&head(component), &code]);
            kept.map_err(|error| error.to_string())
        });
        if let Err(error) = kept {
            let folder = self.cache.folder();
            warn!(target: LOG, %error, folder = %folder.display(), "the compiled program is not kept");
        }
    }
}

/// What stands before the code.
pub(super) fn head(component: &Component) -> [u8; 2] {
    let runtime = match component.code() {
        Code::Parallel(_) => PARALLEL,
        Code::Cooperative(_) => COOPERATIVE,
    };
    [runtime, u8::from(!component.warnings().is_empty())]
}

/// What the runtime serializes the component as.
pub(super) fn code(component: &Component) -> Result<Vec<u8>, Error> {
    match component.code() {
        Code::Parallel(component) => component.serialize(),
        Code::Cooperative(component) => component.serialize(),
    }
}

/// Reads what [`head`] and [`code`] gave.
///
/// # Safety
///
/// The bytes are those that they gave.
#[expect(unsafe_code, reason = "see the function's contract")]
pub(super) unsafe fn read(engine: &Engine, bytes: &[u8]) -> Result<Component, Error> {
    let [runtime, warns, code @ ..] = bytes else {
        return Err(unreadable("it ends too soon"));
    };
    let code = match *runtime {
        // SAFETY: the caller says so, and the first byte says what serialized the rest.
        PARALLEL => {
            Code::Parallel(unsafe { weft_parallel::Component::deserialize(&engine.start_parallel(false)?, code) }?)
        }
        // SAFETY: as above.
        COOPERATIVE => {
            let component = unsafe { wasmtime::component::Component::deserialize(&engine.cooperative()?, code) };
            Code::Cooperative(Cooperative::new(
                component.map_err(|error| unreadable(&format!("{error:#}")))?,
            ))
        }
        _ => return Err(unreadable("another version of weft wrote it")),
    };
    let warnings = match *warns {
        0 => Vec::new(),
        _ => vec![Note::SpawnsFail],
    };
    Ok(Component::assemble(engine, code, warnings))
}

fn unreadable(message: &str) -> Error {
    Error::Engine {
        context: "cannot deserialize the component",
        message: message.to_owned(),
    }
}
