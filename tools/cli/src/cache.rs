//! Compiled programs that `weft run` keeps for the next start.
//!
//! An entry is found by the program as it was read, so that a second start neither adapts nor lowers nor compiles, and does
//! not even parse the text format. It says which runtime the program is for:
//!
//! ```text
//! 0    1 for weft's own, 2 for Wasmtime's component runtime
//! 1    1 if a start warns the user of a mistake in the program, else 0
//! 2    what the runtime serializes a component as
//! ```

use crate::build::{Compiled, Engines};
use anyhow::Result;
use clap::Args;
use std::io::Write;
use std::path::{Path, PathBuf};
use weft_cache::{Cache, Key, KeyHasher};
use weft_cooperative::wasmtime;

const PREEMPTIVE: u8 = 1;
const COOPERATIVE: u8 = 2;

/// Whether compiled programs are kept, and where.
#[derive(Args)]
pub struct CacheArgs {
    /// Keep compiled programs in the folder DIR [default: `weft` in $XDG_CACHE_HOME or ~/.cache]
    #[arg(long, value_name = "DIR", conflicts_with = "no_cache")]
    cache_dir: Option<PathBuf>,

    /// Do not read or write the cache of compiled programs
    #[arg(long)]
    no_cache: bool,
}

/// The place of one program in the cache.
pub struct Slot<'a> {
    cache: Cache,
    key: Key,
    /// The folder, if the user chose it.
    chosen: Option<&'a Path>,
}

impl CacheArgs {
    /// The place of a program. `options` are those that what it is compiled to depends on. `None` if there is no cache: the
    /// user wants none, or it cannot be used.
    pub fn slot(&self, program: &[u8], options: &[u8]) -> Option<Slot<'_>> {
        if self.no_cache {
            return None;
        }
        let chosen = self.cache_dir.as_deref();
        let cache = match chosen {
            Some(folder) => Cache::new(folder),
            None => Cache::in_default_folder(),
        };
        match cache {
            Ok(cache) => {
                let key = KeyHasher::new("weft run").bytes(options).bytes(program).finish();
                Some(Slot { cache, key, chosen })
            }
            Err(error) => {
                warn(chosen, &error);
                None
            }
        }
    }
}

impl Slot<'_> {
    /// The program, if it was kept, and compiled for engines and a processor like these; and whether to warn of it.
    pub fn get(&self, engines: &impl Engines) -> Result<Option<(Compiled, bool)>> {
        let Some(entry) = self.cache.get(&self.key) else {
            return Ok(None);
        };
        let [runtime, warns, code @ ..] = entry.payload() else {
            return Ok(None);
        };
        // SAFETY, for both: only `put` writes entries with such keys. The cache has checked that the entry is this user's
        // alone and that its bytes are those that were written; the first of them says what serialized the rest.
        let compiled = match *runtime {
            PREEMPTIVE => {
                let engine = engines.preemptive(false, Some(&self.cache))?;
                #[expect(unsafe_code, reason = "code that was compiled before is given to the engine")]
                let component = unsafe { weft::Component::deserialize(&engine, code) };
                component.ok().map(Compiled::Preemptive)
            }
            COOPERATIVE => {
                let engine = engines.cooperative()?;
                #[expect(unsafe_code, reason = "code that was compiled before is given to the engine")]
                let component = unsafe { wasmtime::component::Component::deserialize(&engine, code) };
                component.ok().map(Compiled::Cooperative)
            }
            _ => None,
        };
        Ok(compiled.map(|compiled| (compiled, *warns != 0)))
    }

    /// The cache that it is in.
    pub fn cache(&self) -> &Cache {
        &self.cache
    }

    /// Keeps the program. It runs also where that fails.
    pub fn put(&self, program: &Compiled, warns: bool) {
        if let Err(error) = self.try_put(program, warns) {
            warn(self.chosen, &error);
        }
    }

    fn try_put(&self, program: &Compiled, warns: bool) -> Result<(), String> {
        let (runtime, code) = match program {
            Compiled::Preemptive(component) => (PREEMPTIVE, component.serialize().map_err(|error| error.to_string())?),
            Compiled::Cooperative(component) => (
                COOPERATIVE,
                component.serialize().map_err(|error| format!("{error:#}"))?,
            ),
        };
        let kept = self.cache.put(&self.key, &[&[runtime, u8::from(warns)], &code]);
        kept.map_err(|error| {
            format!(
                "cannot keep the compiled program in `{}`: {error}",
                self.cache.folder().display()
            )
        })
    }
}

/// A user who chose a folder wants to know why weft does not use it. The default one may well be missing or read-only, in a
/// container for instance.
fn warn(chosen: Option<&Path>, message: &dyn std::fmt::Display) {
    if chosen.is_some() {
        let _ = writeln!(std::io::stderr(), "warning: {message}");
    }
}
