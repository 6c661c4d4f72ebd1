//! Makes a resource of a component's, has threads of another component use it, and drops it:
//!
//!     cargo run --release --bin resources examples/components/counters.wat

use weft::{Component, Config, Engine, Instance, Linker, Val};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: resources COMPONENT")?;
    let engine = Engine::new(&Config::new())?;
    let component = Component::new(&engine, &std::fs::read(path)?)?;
    let instance = Linker::new(&engine).instantiate(&component, ())?;

    let Some(Val::Resource(counter)) = call(&instance, &["counters", "new"], &[])? else {
        return Err("`new` gives no counter".into());
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

fn call(instance: &Instance<()>, path: &[&str], arguments: &[Val]) -> Result<Option<Val>, Box<dyn std::error::Error>> {
    let function = instance.get_func(path).ok_or_else(|| format!("no {path:?}"))?;
    Ok(function.call(arguments)?)
}
