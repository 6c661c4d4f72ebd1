//! Loads a plug-in that registers functions by their index in a table, and calls them:
//!
//!     cargo run --release --bin plugins examples/embed/plugins/text_functions.wat

use std::sync::Mutex;

use anyhow::{Context, anyhow};
use weft::guest::{Memory, TypedFunc};
use weft::wasmtime::{self, format_err};
use weft::{Caller, Component, Config, Engine, Linker};

/// A function of the plug-in, which changes a text: its address and its length.
type TextFunction = TypedFunc<(u32, u32), ()>;

#[derive(Default)]
struct Functions(Mutex<Vec<(String, TextFunction)>>);

fn main() -> anyhow::Result<()> {
    let path = std::env::args().nth(1).context("usage: plugins PLUGIN")?;
    let engine = Engine::new(&Config::new())?;
    let component = Component::from_file(&engine, path)?;

    let mut linker = Linker::new(&engine);
    linker.module("host")?.func_wrap("create_function", create_function)?;

    let plugin = linker.instantiate(&component, Functions::default())?;
    let exports = plugin
        .core_exports()
        .context("a component, which hides its core modules")?;
    exports.get_typed_func::<(), ()>("init")?.call(&plugin, ())?;

    let memory = exports.get_memory("memory").context("no `memory`")?;
    let malloc = exports.get_typed_func::<u32, u32>("malloc")?;
    let functions = plugin
        .host()
        .0
        .lock()
        .map_err(|_| anyhow!("a panic under the lock"))?
        .clone();
    for (name, function) in functions {
        let mut text = *b"plug-in";
        let address = malloc.call(&plugin, text.len() as u32)?;
        memory.write(&plugin, address.into(), &text)?;
        function.call(&plugin, (address, text.len() as u32))?;
        memory.read(&plugin, address.into(), &mut text)?;
        println!("{name}: {}", String::from_utf8_lossy(&text));
    }
    Ok(())
}

/// The plug-in calls it while it initializes itself, with the address and length of a name, and an index into its table.
fn create_function(mut caller: Caller<'_, Functions>, name: u32, length: u32, index: u32) -> wasmtime::Result<()> {
    let exports = caller.data().core_exports();
    let memory = exports.get_memory("memory").ok_or_else(|| format_err!("no `memory`"))?;
    let table = exports
        .get_table("functions")
        .ok_or_else(|| format_err!("no `functions`"))?;
    let name = read_name(&memory, &mut caller, name, length)?;
    let function = table.get(&mut caller, index.into())?;
    let function = function
        .ok_or_else(|| format_err!("element {index} is null"))?
        .typed()?;
    let mut functions = caller.data().host().0.lock().map_err(|_| format_err!("a panic"))?;
    functions.push((name, function));
    Ok(())
}

fn read_name(memory: &Memory, caller: &mut Caller<'_, Functions>, name: u32, length: u32) -> wasmtime::Result<String> {
    if length > 100 {
        return Err(format_err!("a name of {length} bytes"));
    }
    let mut bytes = vec![0; length as usize];
    memory.read(caller, name.into(), &mut bytes)?;
    Ok(String::from_utf8(bytes)?)
}
