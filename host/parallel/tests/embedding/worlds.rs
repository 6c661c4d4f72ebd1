//! Adapted modules of a WIT world: libraries in Rust and C that export functions with strings and lists, and start threads.

use std::sync::atomic::{AtomicUsize, Ordering};

use weft_parallel::{Component, Engine, Instance, Linker, ResourceAny, ThreadContext, Val};
use weft_wasi::{WasiCtx, WasiCtxBuilder};

use crate::support::{WORKERS, engine, watched};

const GREETERS: [(&str, &[u8]); 2] = [
    ("Rust", include_bytes!("../../../../tests/guests/greeter_rust.wasm")),
    ("C", include_bytes!("../../../../tests/guests/greeter_c.wasm")),
];

struct Host {
    wasi: WasiCtx,
    titles: AtomicUsize,
}

fn instantiate(engine: &Engine, module: &[u8]) -> Instance<Host> {
    let adapted = weft_adapt::adapt(module).expect("a module of a world");
    let component = Component::new(engine, &adapted).expect("a valid component");
    let mut linker = Linker::new(engine);
    weft_wasi::add_to_linker(&mut linker, |host: &Host| &host.wasi).expect("an empty linker");
    let mut people = linker
        .instance("example:greeting/people@1.0.0")
        .expect("an empty linker");
    let title = people.func_new("title", |thread, arguments| {
        let host: &Host = thread.data().host();
        host.titles.fetch_add(1, Ordering::Relaxed);
        match arguments {
            [Val::String(name)] if name.ends_with('a') => Ok(Some(Val::String("Ms".to_owned()))),
            _ => Ok(Some(Val::String("Mr".to_owned()))),
        }
    });
    title.expect("an empty instance");
    let host = Host {
        wasi: WasiCtxBuilder::new().build().expect("a context"),
        titles: AtomicUsize::new(0),
    };
    linker.instantiate(&component, host).expect("an instance")
}

fn call(instance: &Instance<Host>, name: &str, argument: Val) -> Val {
    let result = instance.get_func(&[name]).expect(name).call(&[argument]);
    result.expect("no trap").expect("a result")
}

#[test]
fn a_library_greets_from_a_thread() {
    watched(|| {
        for (language, module) in GREETERS {
            for workers in WORKERS {
                let instance = instantiate(&engine(workers), module);
                for _ in 0..20 {
                    let greeting = call(&instance, "greet", Val::String("weft".to_owned()));
                    assert_eq!(greeting, Val::String("Hello, weft".to_owned()), "{language}");
                }
            }
        }
    });
}

/// Each of a hundred threads calls an import that returns a string, so many are in `cabi_realloc` at once.
#[test]
fn threads_call_an_import_that_returns_strings() {
    watched(|| {
        for (language, module) in GREETERS {
            for workers in WORKERS {
                let instance = instantiate(&engine(workers), module);
                let names: Vec<String> = (0..50)
                    .flat_map(|n| [format!("{n} Petra"), format!("{n} Peter")])
                    .collect();
                let argument = names.iter().map(|name| Val::String(name.clone()));
                let greetings = call(&instance, "greet-all", Val::List(argument.collect()));
                let title = |name: &str| if name.ends_with('a') { "Ms" } else { "Mr" };
                let expected = names
                    .iter()
                    .map(|name| Val::String(format!("Hello, {} {name}", title(name))));
                assert_eq!(greetings, Val::List(expected.collect()), "{language}");
                assert_eq!(instance.host().titles.load(Ordering::Relaxed), 100, "{language}");
            }
        }
    });
}

/// The code that wit-bindgen generates has one place for the results of all calls. So the calls take turns until the host has read them.
#[test]
fn callers_on_several_threads_get_their_own_lists() {
    watched(|| {
        for workers in WORKERS {
            let engine = engine(workers);
            let module = include_bytes!("../../../../tests/guests/overlap.wasm");
            let adapted = weft_adapt::adapt(module).expect("a module of a world");
            let component = Component::new(&engine, &adapted).expect("a valid component");
            let mut linker = Linker::new(&engine);
            weft_wasi::add_to_linker(&mut linker, |wasi: &WasiCtx| wasi).expect("an empty linker");
            let double = |_: ThreadContext<'_, WasiCtx>, (text,): (String,)| Ok((text.repeat(2),));
            linker.root().func_wrap("double", double).expect("an empty linker");
            let wasi = WasiCtxBuilder::new().build().expect("a context");
            let instance = linker.instantiate(&component, wasi).expect("an instance");
            std::thread::scope(|scope| {
                for caller in 0..6 {
                    let instance = &instance;
                    scope.spawn(move || (0..100).for_each(|round| meet_alone(instance, &format!("{round}.{caller}"))));
                }
            });
            let dropped = instance.get_typed_func::<(), (u32,)>(&["meetings", "[static]visitor.dropped"]);
            assert_eq!(dropped.expect("dropped").call(()).expect("no trap"), (600,));
        }
    });
}

fn meet_alone(instance: &Instance<WasiCtx>, name: &str) {
    let construct = instance.get_typed_func::<(String,), (ResourceAny,)>(&["meetings", "[constructor]visitor"]);
    let construct = construct.expect("a constructor");
    let meet = ["meetings", "[method]visitor.meet"];
    let meet = instance.get_typed_func::<(ResourceAny, u32, Vec<String>), (Vec<String>,)>(&meet);
    let (visitor,) = construct.call((name.to_owned(),)).expect("no trap");
    let words: Vec<String> = (0..20).map(|word| format!("word {word}")).collect();
    let (met,) = meet
        .expect("a method")
        .call((visitor, 1, words.clone()))
        .expect("no trap");
    let expected: Vec<String> = words.iter().map(|word| format!("{name} {word}").repeat(2)).collect();
    assert_eq!(met, expected);
    instance.resource_drop(visitor).expect("it is the host's");
}
