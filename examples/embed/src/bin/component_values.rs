//! Calls a component's export with a string, and supplies an import that its thread calls with another:
//!
//!     cargo run --release --bin component_values examples/components/greet.wat

use std::sync::Mutex;

use anyhow::Context;
use weft::{Component, Config, Engine, Linker, ThreadContext};

#[derive(Default)]
struct Log {
    lines: Mutex<Vec<String>>,
}

fn main() -> anyhow::Result<()> {
    let path = std::env::args().nth(1).context("usage: component_values COMPONENT")?;
    let engine = Engine::new(&Config::new())?;
    let component = Component::from_file(&engine, path)?;

    // The component imports `line: func(text: string)` in this interface.
    let mut linker = Linker::new(&engine);
    let mut log = linker.instance("example:greeting/log@1.0.0")?;
    log.func_wrap("line", |thread: ThreadContext<'_, Log>, (text,): (String,)| {
        let log = thread.data().host();
        log.lines.lock().expect("no panic under the lock").push(text);
        Ok(())
    })?;

    let instance = linker.instantiate(&component, Log::default())?;
    let greet = instance.get_typed_func::<(String,), (String,)>("greet")?;
    let (greeting,) = greet.call(("weft".to_owned(),))?;
    println!("{greeting}");
    println!("{:?}", instance.host().lines.lock().expect("no panic under the lock"));
    Ok(())
}
