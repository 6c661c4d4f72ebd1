//! Makes a resource of a component's, has threads of another component use it, and drops it:
//!
//!     cargo run --release --bin resources examples/components/counters.wat

use anyhow::{Context, bail};
use weft::{Component, Config, Engine, Instance, Linker, Val};

fn main() -> anyhow::Result<()> {
    let path = std::env::args().nth(1).context("usage: resources COMPONENT")?;
    let engine = Engine::new(&Config::new())?;
    let component = Component::from_file(&engine, path)?;
    let instance = Linker::new(&engine).instantiate(&component, ())?;

    let Some(Val::Resource(counter)) = call(&instance, &["counters", "new"], &[])? else {
        bail!("`new` gives no counter");
    };
    // The parameter is borrowed, so the host keeps the counter.
    call(&instance, &["count"], &[Val::Resource(counter)])?;
    let count = call(&instance, &["counters", "get"], &[Val::Resource(counter)])?;
    println!("{count:?}");

    instance.resource_drop(counter)?;
    let dropped = call(&instance, &["counters", "dropped"], &[])?;
    println!("{dropped:?}");
    Ok(())
}

fn call(instance: &Instance<()>, path: &[&str], arguments: &[Val]) -> anyhow::Result<Option<Val>> {
    let function = instance.get_func(path).with_context(|| format!("no {path:?}"))?;
    Ok(function.call(arguments)?)
}
