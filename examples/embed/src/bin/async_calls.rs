//! Calls exports from asynchronous code, here on tokio:
//!
//!     cargo run --release --bin async_calls tests/programs/library.wasm
//!
//! The library is examples/c/library.c.

use std::time::Duration;

use anyhow::Context;
use tokio::time::timeout;
use weft::{Component, Config, Engine, Linker};

fn main() -> anyhow::Result<()> {
    // weft's futures run on any executor. The guest's code runs on the engine's workers in any case.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    runtime.block_on(calls())
}

async fn calls() -> anyhow::Result<()> {
    let path = std::env::args().nth(1).context("usage: async_calls LIBRARY")?;
    let engine = Engine::new(&Config::new())?;
    let component = Component::from_file(&engine, path)?;
    let linker = Linker::new(&engine);

    // Calls of one instance run one after the other. Calls of different instances run at the same time.
    let mut tasks = Vec::new();
    for limit in [10_000, 100_000] {
        let instance = linker.instantiate_async(&component, ()).await?;
        tasks.push(tokio::spawn(async move {
            // The task owns the instance: dropping an instance ends its program.
            let count = instance.get_typed_func::<(i32, i32), (i32,)>("count-primes")?;
            count.call_async((limit, 2)).await
        }));
    }
    for task in tasks {
        let (primes,) = task.await??;
        println!("primes: {primes}");
    }

    // The timeout drops the future of the call, and the guard in it, which ends the instance.
    let instance = linker.instantiate_async(&component, ()).await?;
    let forever = instance.get_typed_func::<(), ()>("run-forever")?;
    let limited = async {
        let guard = instance.end_handle().drop_guard("it took too long");
        forever.call_async(()).await?;
        guard.disarm();
        Ok::<(), weft::Error>(())
    };
    if timeout(Duration::from_millis(20), limited).await.is_err() {
        let error = forever
            .call_async(())
            .await
            .err()
            .context("the instance has not ended")?;
        println!("after the timeout: {error}");
    }
    Ok(())
}
