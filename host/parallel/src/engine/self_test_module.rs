//! The compiled module for the self-test of interruption.
//!
//! **Problem.** Each process tests interruption once, and needs a module compiled by its engine for that. Compiling the
//! module takes longer than starting a precompiled program. **Here**, the engine's cache keeps the machine code, as it
//! keeps that of components. The test itself runs in each process, because it also tests the processor and the system.
//!
//! Rejected: keeping the result of the test; testing with the module of the first program (an engine must choose
//! between signals and epochs before it compiles or deserializes a program).

use super::compilation;
use crate::log;
use std::hash::Hash;
use tracing::info;
use wasmtime::{Engine, Module};
use weft_cache::{Cache, Key, KeyHasher};

/// Compiles the module, or loads it from the cache.
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
        // An engine that compiles in parallel would start OS threads of its own outside of the pool.
        true => compilation::run(|| Module::new(engine, wasm)),
        false => Module::new(engine, wasm),
    }
}

fn cached(cache: &Cache, key: &Key, engine: &Engine) -> Option<Module> {
    let entry = cache.get(key)?;
    #[expect(unsafe_code, reason = "code that was compiled before is given to the engine")]
    // SAFETY: only `make` writes entries with such keys, and they contain what the engine serialized. The cache has
    // checked that only this user can write the entry, and that its bytes are those that were written.
    let module = unsafe { Module::deserialize(engine, entry.payload()) };
    // If another processor wrote the entry and it cannot be used, the module is compiled again.
    module
        .inspect_err(|error| info!(target: log::COMPILE, %error, "ignores the cached module of the self-test"))
        .ok()
}
