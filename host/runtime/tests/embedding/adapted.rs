//! An adapted module in a Rust program: the fixture `reactor`, a C library with threads, with WASI from `weft-wasi`.

use weft::{Component, Engine, Error, Instance, Linker, Val};
use weft_wasi::{WasiCtx, WasiCtxBuilder};

use crate::support::{WORKERS, engine, functions, trap, watched};

const REACTOR: &[u8] = include_bytes!("../../../../tests/programs/reactor.wasm");

fn reactor(engine: &Engine) -> Component {
    let adapted = weft_adapt::adapt(REACTOR).expect("a module with threads");
    Component::new(engine, &adapted).expect("a valid component")
}

fn instantiate(component: &Component) -> Instance<WasiCtx> {
    let mut linker = Linker::new(component.engine());
    weft_wasi::add_to_linker(&mut linker, |host: &WasiCtx| host).expect("an empty linker");
    let wasi = WasiCtxBuilder::new().build().expect("a context");
    let instance = linker.instantiate(component, wasi).expect("an instance");
    call(&instance, "initialize", &[]).expect("no trap");
    instance
}

fn call(instance: &Instance<WasiCtx>, name: &str, arguments: &[Val]) -> Result<Option<Val>, Error> {
    instance.get_func(&[name]).expect(name).call(arguments)
}

#[test]
fn a_library_is_called_again_and_again() {
    watched(|| {
        for workers in WORKERS {
            let instance = instantiate(&reactor(&engine(workers)));
            assert_eq!(
                call(&instance, "is-initialized", &[]).expect("no trap"),
                Some(Val::S32(1))
            );
            for n in 0..50 {
                let sum = call(&instance, "add", &[Val::S32(n), Val::S32(2)]);
                assert_eq!(sum.expect("no trap"), Some(Val::S32(n + 2)));
                let sum = call(&instance, "parallel-sum", &[Val::S32(1_000 + n)]);
                let below = i64::from(1_000 + n);
                assert_eq!(sum.expect("no trap"), Some(Val::S64(below * (below - 1) / 2)));
            }
        }
    });
}

#[test]
fn an_embedder_survives_a_trap_and_runs_the_next_program() {
    watched(|| {
        for workers in WORKERS {
            let component = reactor(&engine(workers));
            for _ in 0..10 {
                let instance = instantiate(&component);
                let trap = trap(call(&instance, "trap-in-thread", &[]));
                assert!(trap.thread() > Some(1), "{trap}");
                assert!(trap.message().contains("unreachable"), "{trap}");
                assert_eq!(functions(&trap).first(), Some(&"trap"), "{:?}", trap.backtrace());
                call(&instance, "add", &[Val::S32(1), Val::S32(2)]).expect_err("the program has trapped");
            }
            let instance = instantiate(&component);
            let sum = call(&instance, "parallel-sum", &[Val::S32(100)]);
            assert_eq!(sum.expect("no trap"), Some(Val::S64(4_950)));
        }
    });
}
