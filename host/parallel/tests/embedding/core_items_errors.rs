//! Hosts of plug-in modules: wrong uses of items, and calls that do not return.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use weft_parallel::{Caller, EndReason, Engine, Error, Exit, InstanceLimits, Linker, wasmtime};

use crate::core_items::{self, Callback, Host, KINDS, Kind, blocking_linker, init, items, linker, plugin};
use crate::support::{self, Program, WORKERS, engine, watched};

#[test]
fn bounds_types_and_names_are_checked() {
    watched(|| {
        for kind in KINDS {
            let engine = engine(2);
            let plugin = plugin(&engine, kind);
            let instance = linker(&engine)
                .instantiate(&plugin, Host::default())
                .expect("an instance");
            let (memory, table, _) = items(&instance);
            let mut buffer = [7; 8];
            for address in [(4 << 16) - 7, u64::MAX - 3, u64::MAX] {
                let read = memory.read(&instance, address, &mut buffer);
                assert!(
                    matches!(read, Err(Error::OutOfBounds { size: 0x40000, .. })),
                    "{read:?}"
                );
                let written = memory.write(&instance, address, &buffer);
                assert!(matches!(written, Err(Error::OutOfBounds { .. })), "{written:?}");
            }
            assert_eq!(buffer, [7; 8]);
            memory.read(&instance, (4 << 16) - 8, &mut buffer).expect("inside");
            memory.read(&instance, 4 << 16, &mut []).expect("inside");
            for index in [5, u64::MAX] {
                let refused = table.get(&instance, index).map(drop);
                assert!(matches!(refused, Err(Error::Table { .. })), "{refused:?}");
            }
            let exports = instance.core_exports();
            let names: Vec<_> = exports.names().collect();
            assert_eq!(
                names,
                ["grow", "indirect", "init", "malloc", "memory", "spare", "table"]
            );
            assert!(exports.get_memory("malloc").is_none() && exports.get_func("memory").is_none());
            let other = exports.get_typed_func::<i64, i32>("malloc").map(drop);
            assert!(matches!(other, Err(Error::OtherTypes { .. })), "{other:?}");
            let add = table.get(&instance, 1).expect("inside").expect("not null");
            let other = add.typed::<(), ()>().expect("unchecked").call(&instance, ());
            assert!(matches!(other, Err(Error::OtherTypes { .. })), "{other:?}");
            // The program goes on.
            assert_eq!(init(&instance).call(&instance, (1, 40)).expect("no trap"), 42);
            // Of another component, even one of the same bytes.
            let another = core_items::plugin(&engine, kind);
            let another = linker(&engine)
                .instantiate(&another, Host::default())
                .expect("an instance");
            let refused = memory.data_size(&another);
            assert!(matches!(refused, Err(Error::OtherComponent(_))), "{refused:?}");
        }
    });
}

/// A host function that ignores how its call of the guest ends. With an index that the table does not have, it exits.
fn ignoring_linker(engine: &Engine) -> Linker<Host> {
    let mut linker = Linker::new(engine);
    let mut module = linker.module("env");
    let defined = module.func_wrap_async(
        "register",
        |mut caller: Caller<'_, Host>, (index, argument): (i32, i32)| {
            Box::new(async move {
                if index > 5 {
                    return Err(Exit(7).into());
                }
                let table = caller.data().core_exports().get_table("table").expect("exported");
                let callback = table.get(&mut caller, index as u64)?.expect("not null");
                let callback: Callback = callback.typed()?;
                let result = callback.call_async(&mut caller, (argument, 2)).await;
                caller
                    .data()
                    .host()
                    .0
                    .store(i32::from(result.is_err()), Ordering::SeqCst);
                // The guest is gone, so this is an error too.
                let again = callback.call_async(&mut caller, (argument, 2)).await;
                assert!(again.is_err());
                Ok(0)
            })
        },
    );
    defined.expect("new");
    linker
}

#[test]
fn a_trap_or_exit_in_a_call_of_a_host_function_ends_the_program() {
    watched(|| {
        for (workers, kind) in WORKERS
            .into_iter()
            .flat_map(|workers| KINDS.map(|kind| (workers, kind)))
        {
            let engine = engine(workers);
            let plugin = plugin(&engine, kind);
            let instance = ignoring_linker(&engine)
                .instantiate(&plugin, Host::default())
                .expect("an instance");
            for _ in 0..2 {
                match init(&instance).call(&instance, (3, 1)) {
                    Err(Error::Trap(trap)) => assert!(trap.message().contains("unreachable"), "{trap}"),
                    other => panic!("expected a trap, got {other:?}"),
                }
            }
            assert_eq!(instance.host().0.load(Ordering::SeqCst), 1);
            assert!(matches!(items(&instance).0.data_size(&instance), Err(Error::Trap(_))));
            let instance = ignoring_linker(&engine)
                .instantiate(&plugin, Host::default())
                .expect("an instance");
            let exited = init(&instance).call(&instance, (2, 99));
            assert!(matches!(exited, Err(Error::Exit(7))), "{exited:?}");
        }
    });
}

#[test]
fn a_call_of_a_host_function_that_waits_is_ended() {
    watched(|| {
        for workers in WORKERS {
            let engine = engine(workers);
            let plugin = plugin(&engine, Kind::Threads);
            for linker in [linker(&engine), blocking_linker(&engine)] {
                let mut limits = InstanceLimits::new();
                limits.deadline(Duration::from_millis(20));
                let instance = linker
                    .instantiate_with(&plugin, Host::default(), &limits)
                    .expect("an instance");
                let ended = init(&instance).call(&instance, (4, 1));
                assert!(
                    matches!(ended, Err(Error::EndedBy(EndReason::Deadline(_)))),
                    "{ended:?}"
                );
                let instance = linker.instantiate(&plugin, Host::default()).expect("an instance");
                let wait: Callback = items(&instance)
                    .1
                    .get(&instance, 4)
                    .expect("inside")
                    .expect("not null")
                    .typed()
                    .expect("any");
                let end = instance.end_handle();
                std::thread::scope(|scope| {
                    let inside = scope.spawn(|| init(&instance).call(&instance, (4, 1)));
                    let outside = scope.spawn(|| wait.call(&instance, (0, 0)));
                    end.end("over quota");
                    for call in [inside, outside] {
                        let ended = call.join().expect("no panic");
                        assert!(matches!(ended, Err(Error::EndedBy(_))), "{ended:?}");
                    }
                });
            }
        }
    });
}

#[test]
fn a_host_function_that_does_not_suspend_accesses_memory_and_cannot_call() {
    watched(|| {
        for kind in KINDS {
            let engine = engine(1);
            let mut linker = Linker::new(&engine);
            let register = |mut caller: Caller<'_, Host>, index: i32, argument: i32| -> wasmtime::Result<i32> {
                let exports = caller.data().core_exports();
                let memory = exports.get_memory("memory").expect("exported");
                let table = exports.get_table("table").expect("exported");
                memory.write(&mut caller, 16, &argument.to_le_bytes())?;
                let mut bytes = [0; 4];
                memory.read(&mut caller, 16, &mut bytes)?;
                let callback = table.get(&mut caller, index as u64)?.expect("not null");
                let callback: Callback = callback.typed()?;
                let called = callback.call(&mut caller, (1, 2));
                assert!(matches!(called, Err(Error::WaitOnWorker)), "{called:?}");
                let grown = table.grow(&mut caller, 1, None);
                assert!(matches!(grown, Err(Error::WaitOnWorker)), "{grown:?}");
                Ok(i32::from_le_bytes(bytes))
            };
            linker.module("env").func_wrap("register", register).expect("new");
            let instance = linker
                .instantiate(&plugin(&engine, kind), Host::default())
                .expect("an instance");
            assert_eq!(init(&instance).call(&instance, (1, 42)).expect("no trap"), 42);
        }
    });
}

#[test]
fn what_is_not_shared_is_refused_on_other_threads() {
    watched(|| {
        let engine = engine(2);
        let program = Program {
            // Without a type of its own, the function would be of `$get`, which is shared.
            code: r#"
                (type $own (func (result i32)))
                (func (export "weft:export own") (type $own) (i32.const 5))
                (table (export "weft:export elements") 3 funcref)
                (func (export "ask") (type $unary) (param i32) (result i32) (call $ask (local.get 0)))"#,
            exports: &[("ask", "(param \"n\" s32) (result s32)")],
            imports: &[("ask", "(param i32) (result i32)")],
            ..Program::default()
        };
        let mut linker: Linker<Arc<support::Host>> = support::linker(&engine);
        let mut module = linker.module("host");
        let defined = module.func_wrap_async("ask", |mut caller: Caller<'_, Arc<support::Host>>, (_,): (i32,)| {
            Box::new(async move {
                let exports = caller.data().core_exports();
                let own = exports.get_typed_func::<(), i32>("own")?;
                let called = own.call_async(&mut caller, ()).await;
                assert!(
                    matches!(&called, Err(Error::NotShared(name)) if name == "own"),
                    "{called:?}"
                );
                let size = exports.get_table("elements").expect("exported").size(&mut caller);
                assert!(
                    matches!(&size, Err(Error::NotShared(name)) if name == "elements"),
                    "{size:?}"
                );
                Ok::<_, wasmtime::Error>(3)
            })
        });
        defined.expect("new");
        let component = support::component(&engine, &program.text());
        let instance = linker
            .instantiate(&component, support::Host::new())
            .expect("an instance");
        let ask = instance.get_typed_func::<(i32,), (i32,)>(&["ask"]).expect("exported");
        assert_eq!(ask.call((1,)).expect("no trap"), (3,));
        let own = instance
            .core_exports()
            .get_typed_func::<(), i32>("own")
            .expect("exported");
        assert_eq!(own.call(&instance, ()).expect("no trap"), 5);
        let elements = instance.core_exports().get_table("elements").expect("exported");
        assert_eq!(elements.size(&instance).expect("alive"), 3);
    });
}
