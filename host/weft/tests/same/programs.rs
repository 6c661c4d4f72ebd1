//! The forms of the program. All are built from one core module and one WIT world.

use std::num::NonZeroUsize;
use weft::{Config, Engine, Runtime};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

const MODULE: &str = include_str!("program.wat");

const WORLD: &str = include_str!("program.wit");

/// A form of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A component without threads, on the cooperative runtime.
    Component,
    /// The same, on the parallel runtime.
    Parallel,
    /// A component with shared threads.
    Threads,
    /// A core module with threads of the wasi-threads ABI.
    Module,
}

pub const FORMS: [Form; 4] = [Form::Component, Form::Parallel, Form::Threads, Form::Module];

/// What makes a module one of the wasi-threads ABI.
const THREADS: &str = r#"
    (import "env" "memory" (memory 1 256 shared))
    (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
    (export "memory" (memory 0))
    (func (export "wasi_thread_start") (param i32 i32) (drop (call $spawn (i32.const 0))))"#;

impl Form {
    pub fn config(self) -> Config {
        let mut config = Config::new();
        config.workers(NonZeroUsize::MIN);
        if self == Form::Parallel {
            config.runtime(Some(Runtime::Parallel));
        }
        config
    }

    pub fn engine(self) -> Engine {
        Engine::new(&self.config()).expect("an engine")
    }

    pub fn runtime(self) -> Runtime {
        match self {
            Form::Component => Runtime::Cooperative,
            Form::Parallel | Form::Threads | Form::Module => Runtime::Parallel,
        }
    }

    pub fn bytes(self) -> Vec<u8> {
        match self {
            Form::Component | Form::Parallel => {
                let encoder = ComponentEncoder::default();
                let encoder = encoder.module(&module(r#"(memory (export "memory") 1)"#));
                encoder.and_then(|mut encoder| encoder.encode()).expect("a component")
            }
            Form::Threads => weft_adapt::adapt(&module(THREADS)).expect("a module with threads"),
            Form::Module => module(THREADS),
        }
    }
}

/// The module with its world.
fn module(threads: &str) -> Vec<u8> {
    let mut wasm = wat::parse_str(MODULE.replace("THREADS", threads)).expect("a module");
    let mut resolve = Resolve::default();
    let package = resolve.push_str("program.wit", WORLD).expect("a package");
    let world = resolve.select_world(&[package], None).expect("one world");
    embed_component_metadata(&mut wasm, &resolve, world, StringEncoding::UTF8).expect("a world of the module's");
    wasm
}
