//! Supplies a resource with a destructor, a function that waits for a future, and one that blocks, without bindings:
//!
//!     cargo run --release --bin imports examples/components/copier.wat

use std::io::Write;
use std::sync::Mutex;
use std::time::Duration;

use anyhow::Context;
use tokio::runtime::Handle;
use weft::{BlockingCaller, Component, Config, Engine, Linker, Resource, ResourceTable, ResourceType, ThreadContext};

/// A file of the host. The guest's resource `file` stands for it.
struct File {
    name: String,
    content: Mutex<Vec<u8>>,
}

struct Host {
    /// Gives each resource its number.
    table: ResourceTable,
    tokio: Handle,
}

fn add_to_linker(linker: &mut Linker<Host>) -> Result<(), weft::Error> {
    let mut host = linker.instance("example:copier/host@1.0.0")?;

    // The guest's `resource.drop` calls the destructor.
    host.resource("file", ResourceType::host::<File>(), |thread, rep| {
        let file = thread.host().table.delete(Resource::<File>::new_own(rep))?;
        println!("closed {}", file.name);
        Ok(())
    })?;
    host.func_wrap("open", |thread: ThreadContext<'_, Host>, (name,): (String,)| {
        let content = Mutex::new(name.clone().into_bytes());
        Ok((thread.host().table.push(File { name, content })?,))
    })?;

    // It waits for a future. weft's workers poll it, so a future that needs tokio is spawned there.
    host.func_wrap_async("sleep", |thread: ThreadContext<'_, Host>, (milliseconds,): (u32,)| {
        Box::new(async move {
            let time = Duration::from_millis(milliseconds.into());
            let timer = thread.host().tokio.spawn(async move { tokio::time::sleep(time).await });
            Ok(timer.await?)
        })
    })?;

    // It blocks, so it runs on a thread for blocking calls.
    type Files = (Resource<File>, Resource<File>);
    host.func_wrap_blocking("copy", |caller: BlockingCaller<Host>, (from, to): Files| {
        let table = &caller.host().table;
        let (from, to) = (table.get(&from)?, table.get(&to)?);
        let content = from.content.lock().expect("no panic").clone();
        to.content.lock().expect("no panic").write_all(&content)?;
        Ok((content.len() as u64,))
    })?;
    Ok(())
}

fn main() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    runtime.block_on(copy())
}

async fn copy() -> anyhow::Result<()> {
    let path = std::env::args().nth(1).context("usage: imports COMPONENT")?;
    let engine = Engine::new(&Config::new())?;
    let component = Component::from_file(&engine, path)?;
    let mut linker = Linker::new(&engine);
    add_to_linker(&mut linker)?;

    let host = Host {
        table: ResourceTable::new(),
        tokio: Handle::current(),
    };
    let instance = linker.instantiate_async(&component, host).await?;
    let run = instance.get_typed_func::<(), (u64,)>("run")?;
    let (copied,) = run.call_async(()).await?;
    println!("copied {copied} bytes");
    assert!(instance.host().table.is_empty(), "the guest closed its files");
    Ok(())
}
