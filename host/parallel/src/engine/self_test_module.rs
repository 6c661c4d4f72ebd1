//! The module of interruption's self-test, compiled.
//!
//! **Problem.** Each process tests interruption once, and needs a module of its engine's for that. To compile it takes longer than a
//! program that was compiled before takes to start. **Here**, the engine's cache keeps the machine code, as it keeps that of
//! components. The test itself runs in each process, because it tests the processor and the system too.
//!
//! Rejected: to keep the result of the test; to test with the module of the first program (an engine must choose between signals and
//! epochs before it compiles or deserializes one).

use super::compilation;
use crate::log;
use std::hash::Hash;
use tracing::info;
use wasmtime::{Engine, Module};
use weft_cache::{Cache, Key, KeyHasher};

/// Makes a module of the engine.
///
/// # Errors
///
/// The engine refuses the module.
pub(super) fn make(cache: Option<&Cache>, in_parallel: bool, engine: &Engine, wasm: &[u8]) -> wasmtime::Result<Module> {
    let Some(cache) = cache else {
        return compile(in_parallel, engine, wasm);
    };
    let mut key = KeyHasher::new("weft::Interruption");
    engine.precompile_compatibility_hash().hash(&mut key);
    let key = key.bytes(wasm).finish();
    if let Some(module) = cached(cache, &key, engine) {
        return Ok(module);
    }
    let module = compile(in_parallel, engine, wasm)?;
    if let Err(error) = cache.put(&key, &[&module.serialize()?]) {
        // It is compiled again the next time.
        info!(target: log::COMPILE, %error, "cannot store the self-test's module in the cache");
    }
    Ok(module)
}

fn compile(in_parallel: bool, engine: &Engine, wasm: &[u8]) -> wasmtime::Result<Module> {
    match in_parallel {
        // An engine that compiles in parallel starts OS threads unless it finds some.
        true => compilation::run(|| Module::new(engine, wasm)),
        false => Module::new(engine, wasm),
    }
}

fn cached(cache: &Cache, key: &Key, engine: &Engine) -> Option<Module> {
    let entry = cache.get(key)?;
    #[expect(unsafe_code, reason = "code that was compiled before is given to the engine")]
    // SAFETY: only `make` writes entries with such keys, and puts in what the engine serialized. The cache has checked that the entry
    // is this user's alone and that its bytes are those that were written.
    let module = unsafe { Module::deserialize(engine, entry.payload()) };
    // One that another processor cannot use is compiled again.
    module
        .inspect_err(|error| info!(target: log::COMPILE, %error, "ignores the cached module of the self-test"))
        .ok()
}
