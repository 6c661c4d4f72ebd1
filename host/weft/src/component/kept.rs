//! Compiled programs in the cache.
//!
//! An entry is found by the program as it was given, and by the choices that change its code. Before what
//! [`Code::serialize`] returns stands one byte: 1 if the program has a warning, else 0.

use super::code::Code;
use crate::config::Runtime;
use crate::engine::Engine;
use tracing::info;
use weft_adapt::Note;
use weft_cache::{Cache, Key, KeyHasher};
use weft_parallel::Error;

/// The target of what is logged of compiled programs.
const LOG: &str = "weft::compile";

/// The place of one program in the cache.
pub(super) struct Slot<'a> {
    cache: &'a Cache,
    key: Key,
}

impl<'a> Slot<'a> {
    /// The place of a program. None if there is no cache, or if debugging information is wanted, which is not kept.
    pub(super) fn of(engine: &'a Engine, program: &[u8]) -> Option<Self> {
        let config = engine.config();
        let cache = config.cache.as_ref().filter(|_| !config.debug_info)?;
        let runtime = match config.runtime {
            None => 0,
            Some(Runtime::Parallel) => 1,
            Some(Runtime::Cooperative) => 2,
        };
        // Code with checks is other code. Of both, that of the means that is asked for is kept.
        let flags = [config.deterministic, config.epochs, config.cooperative_epochs].map(u8::from);
        let key = KeyHasher::new("weft")
            .bytes(&[runtime])
            .bytes(&flags)
            .bytes(program)
            .finish();
        Some(Slot { cache, key })
    }

    /// The program and the likely mistakes in it, if it was kept, and compiled for an engine and a processor like these.
    pub(super) fn get(&self, engine: &Engine) -> Result<Option<(Code, Vec<Note>)>, Error> {
        let Some(entry) = self.cache.get(&self.key) else {
            return Ok(None);
        };
        let Some((warns, bytes)) = entry.payload().split_first() else {
            return Ok(None);
        };
        // SAFETY: only `put` writes entries with such keys. The cache has checked that the entry is this user's alone and that its
        // bytes are those that were written.
        #[expect(unsafe_code, reason = "code that was compiled before is given to the engine")]
        let code = unsafe { Code::load(engine, bytes) };
        let code = match code {
            Ok(code) => code,
            Err(error @ Error::Precompiled(_)) => {
                info!(target: LOG, %error, "ignores the cached component");
                return Ok(None);
            }
            // An engine that cannot start is an error, unlike an entry of no use.
            Err(error) => return Err(error),
        };
        let warnings = match warns {
            0 => Vec::new(),
            _ => vec![Note::SpawnsFail],
        };
        Ok(Some((code, warnings)))
    }

    /// Keeps what the program is compiled to.
    pub(super) fn put(&self, warns: bool, code: &[u8]) -> std::io::Result<()> {
        self.cache.put(&self.key, &[&[u8::from(warns)], code])
    }
}
