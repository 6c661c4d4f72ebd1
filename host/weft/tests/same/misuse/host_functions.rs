//! Mistakes in host functions, limiters and hooks.

use super::{Engines, func, works};
use crate::programs::FORMS;
use crate::{Counter, Host, linker};
use futures_lite::future::{block_on, poll_once};
use std::sync::{Arc, Mutex};
use weft::wasmtime;
use weft::{Error, Func, Instance, InstanceLimits, ResourceLimiter, Val};

/// An export that calls the host function of this name.
fn calls(instance: &Instance<Host>, host_function: &str) -> (Func<Host>, Vec<Val>) {
    let (name, arguments) = match host_function {
        "log" => ("greet", vec![Val::String("you".to_owned())]),
        "slow-add" | "slow-add's future" => ("sum", vec![Val::U32(1), Val::U32(2)]),
        "lookup" => ("find", vec![Val::String("you".to_owned())]),
        "counter's constructor" | "counter's destructor" => ("count", vec![Val::U32(1)]),
        other => panic!("no export calls {other}"),
    };
    (func(instance, name), arguments)
}

const HOST_FUNCTIONS: [&str; 6] = [
    "log",
    "slow-add",
    "slow-add's future",
    "lookup",
    "counter's constructor",
    "counter's destructor",
];

#[test]
fn host_functions_that_panic() {
    for form in FORMS {
        let engines = Engines::new(form);
        for function in HOST_FUNCTIONS {
            let instance = engines.start(Host::doing(move |name| {
                assert_ne!(name, function, "a host function's own fault")
            }));
            let (export, arguments) = calls(&instance, function);
            for _ in 0..2 {
                let panicked = export.call(&arguments).expect_err("it panics");
                assert!(
                    matches!(panicked, Error::HostPanic(_)),
                    "{form:?} {function}: {panicked:?}"
                );
                assert!(panicked.to_string().contains("standard error"), "{panicked}");
            }
            assert!(!instance.end_handle().end("too late"), "{form:?} {function}");
            engines.works();
            instance.end().expect("no host function calls it");
        }
        engines.works();
    }
}

/// Panics when a memory grows, and also when it is made if `at_start` is set.
struct Panicking {
    at_start: bool,
}

impl ResourceLimiter for Panicking {
    fn memory_growing(&self, current: usize, _: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        assert!(current == 0 && !self.at_start, "a limiter's own fault");
        Ok(true)
    }

    fn table_growing(&self, _: usize, _: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        Ok(true)
    }
}

#[test]
fn limiters_and_hooks_that_panic() {
    for form in FORMS {
        let mut config = form.config();
        config.on_thread_start(|_| panic!("a hook's own fault"));
        config.on_thread_end(|_| panic!("a hook's own fault"));
        let engines = Engines::with(form, &config);
        engines.works();
        let mut limits = InstanceLimits::new();
        limits.limiter(Panicking { at_start: false });
        let instance = engines.start_with(Host::new(), &limits).expect("it panics later");
        works(&instance, form);
        let grown = func(&instance, "grow").call(&[Val::U32(1)]).expect_err("it panics");
        assert!(matches!(grown, Error::Trap(_)), "{form:?}: {grown:?}");
        assert!(
            grown.to_string().contains("limiter of the instance panicked"),
            "{grown}"
        );
        limits.limiter(Panicking { at_start: true });
        let refused = engines.start_with(Host::new(), &limits).err().expect("it panics");
        assert!(matches!(refused, Error::Limit(_)), "{form:?}: {refused:?}");
        assert!(
            refused.to_string().contains("limiter of the instance panicked"),
            "{refused}"
        );
        engines.works();
    }
}

/// What a host function gets that calls blocking functions.
type Results = Arc<Mutex<Vec<(&'static str, Result<(), Error>)>>>;

#[test]
fn host_functions_that_would_block_their_worker() {
    for form in FORMS {
        let engines = Engines::new(form);
        for function in HOST_FUNCTIONS.into_iter().filter(|name| *name != "lookup") {
            let instance = engines.start(Host::new());
            let own = func(&instance, "sum");
            let other = engines.start(Host::new());
            let results = Results::default();
            let (engine, component) = (engines.engine.clone(), engines.component.clone());
            let seen = Arc::clone(&results);
            let once = Mutex::new(Some(other));
            instance.host().does(move |name| {
                if name != function {
                    return;
                }
                let Some(other) = once.lock().expect("no panic").take() else {
                    return;
                };
                let numbers = [Val::U32(1), Val::U32(2)];
                let counter = other.new_resource::<Counter>(1).expect("a type of the host's");
                let results = [
                    ("own call", own.call(&numbers).map(drop)),
                    ("call of another", func(&other, "sum").call(&numbers).map(drop)),
                    (
                        "instantiate",
                        linker(&engine).instantiate(&component, Host::new()).map(drop),
                    ),
                    (
                        "instantiate_pre",
                        linker(&engine)
                            .instantiate_pre(&component)
                            .and_then(|prepared| prepared.instantiate(Host::new()))
                            .map(drop),
                    ),
                    ("resource_drop", other.resource_drop(counter)),
                    // It waits for nothing.
                    ("prepare", linker(&engine).instantiate_pre(&component).map(drop)),
                    ("end", other.end()),
                ];
                seen.lock().expect("no panic").extend(results);
            });
            let (export, arguments) = calls(&instance, function);
            export.call(&arguments).expect("the host function returns");
            for (what, result) in results.lock().expect("no panic").drain(..) {
                match what {
                    "prepare" => assert!(result.is_ok(), "{form:?} {function}: {result:?}"),
                    _ => {
                        let refused = result.expect_err(what);
                        assert!(
                            matches!(refused, Error::WaitOnWorker),
                            "{form:?} {function} {what}: {refused:?}"
                        );
                        assert!(refused.to_string().contains("use the async form"), "{refused}");
                    }
                }
            }
            works(&instance, form);
            engines.works();
        }
    }
}

#[test]
fn host_functions_that_would_wait_for_themselves() {
    for form in FORMS {
        let engines = Engines::new(form);
        // One that suspends, and one that may block.
        for function in ["slow-add", "lookup"] {
            let instance = engines.start(Host::new());
            let own = func(&instance, "greet");
            let other = func(&engines.witness, "sum");
            let results = Results::default();
            let seen = Arc::clone(&results);
            instance.host().does(move |name| {
                if name != function {
                    return;
                }
                let text = [Val::String("me".to_owned())];
                let result = match function {
                    "lookup" => own.call(&text),
                    _ => block_on(poll_once(own.call_async(&text))).expect("it does not wait"),
                };
                seen.lock().expect("no panic").push(("own", result.map(drop)));
                if function == "lookup" {
                    let result = other.call(&[Val::U32(1), Val::U32(2)]);
                    seen.lock().expect("no panic").push(("other", result.map(drop)));
                }
            });
            let (export, arguments) = calls(&instance, function);
            export.call(&arguments).expect("the host function returns");
            for (what, result) in results.lock().expect("no panic").drain(..) {
                match what {
                    "own" => {
                        let refused = result.expect_err(what);
                        assert!(
                            matches!(refused, Error::Reentrant(_)),
                            "{form:?} {function}: {refused:?}"
                        );
                        let message = refused.to_string();
                        assert!(
                            message.contains("`greet`") && message.contains("return first"),
                            "{message}"
                        );
                    }
                    _ => assert!(result.is_ok(), "{form:?} {function}: {result:?}"),
                }
            }
        }
        engines.works();
    }
}
