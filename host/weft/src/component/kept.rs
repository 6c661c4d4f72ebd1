//! Compiled programs in the cache.
//!
//! The key of an entry is the program as the embedder passed it, and the configuration that changes its code. An entry
//! is one byte, 1 if the program has a warning and otherwise 0, and then what [`Code::serialize`] returned.

use super::code::Code;
use crate::config::Runtime;
use crate::engine::Engine;
use tracing::info;
use weft_adapt::Note;
use weft_cache::{Cache, Key, KeyHasher};
use weft_parallel::{Error, Interruption};

/// The log target for compiled programs.
const LOG: &str = "weft::compile";

/// The place of one program in the cache.
pub(super) struct Slot<'a> {
    cache: &'a Cache,
    key: Key,
}

impl<'a> Slot<'a> {
    /// The place of a program. `None` if there is no cache.
    pub(super) fn of(engine: &'a Engine, program: &[u8]) -> Option<Self> {
        let config = engine.config();
        let set = config.set();
        let cache = set.cache?;
        let runtime = match config.runtime {
            None => 0,
            Some(Runtime::Parallel) => 1,
            Some(Runtime::Cooperative) => 2,
        };
        // Code with checks for interruption is different code, so the key contains what the configuration asks for. So is
        // code with debugging information, and code with inlined functions.
        let flags = [
            set.deterministic,
            set.interruption == Interruption::Epochs,
            config.cooperative_epochs,
            config.debug_info,
            set.compiler_inlining,
        ]
        .map(u8::from);
        let key = KeyHasher::new("weft")
            .bytes(&[runtime])
            .bytes(&flags)
            .bytes(program)
            .finish();
        Some(Slot { cache, key })
    }

    /// The program and notes about likely mistakes, if the cache has an entry for an engine and a processor like these.
    pub(super) fn get(&self, engine: &Engine) -> Result<Option<(Code, Vec<Note>)>, Error> {
        let Some(entry) = self.cache.get(&self.key) else {
            return Ok(None);
        };
        let Some((warns, bytes)) = entry.payload().split_first() else {
            return Ok(None);
        };
        // SAFETY: only `put` writes entries with such keys. The cache has checked that only this user can write the
        // entry, and that its bytes are those that were written.
        #[expect(unsafe_code, reason = "code that was compiled before is given to the engine")]
        let code = unsafe { Code::load(engine, bytes) };
        let code = match code {
            Ok(code) => code,
            Err(error @ Error::Precompiled(_)) => {
                info!(target: LOG, %error, "ignores the cached component");
                return Ok(None);
            }
            // If the engine cannot start, that is an error. An unusable entry is not.
            Err(error) => return Err(error),
        };
        let warnings = match warns {
            0 => Vec::new(),
            _ => vec![Note::SpawnsFail],
        };
        Ok(Some((code, warnings)))
    }

    /// Stores the compiled program.
    pub(super) fn put(&self, warns: bool, code: &[u8]) -> std::io::Result<()> {
        self.cache.put(&self.key, &[&[u8::from(warns)], code])
    }
}
