//! For each mistake, the embedder gets an error that says what to do. The process and the engine's other programs continue.

use crate::programs::{FORMS, Form};
use crate::{Counter, Host, linker, linker_of};
use futures_lite::future::{block_on, poll_once};
use std::sync::{Arc, Mutex};
use weft::wasmtime;
use weft::{
    Component, Config, EndReason, Engine, Error, Func, Instance, InstanceLimits, Resource, ResourceLimiter, Runtime,
    Val,
};

/// A tenant whose program does nothing wrong, and the engine that it shares with another's.
struct Engines {
    form: Form,
    engine: Engine,
    component: Component,
    witness: Instance<Host>,
}

impl Engines {
    fn new(form: Form) -> Self {
        Self::with(form, &form.config())
    }

    fn with(form: Form, config: &Config) -> Self {
        let engine = Engine::new(config).expect("an engine");
        let component = Component::new(&engine, form.bytes()).expect("a valid program");
        let witness = linker(&engine)
            .instantiate(&component, Host::new())
            .expect("an instance");
        Engines {
            form,
            engine,
            component,
            witness,
        }
    }

    fn start(&self, host: Host) -> Instance<Host> {
        self.start_with(host, &InstanceLimits::new()).expect("an instance")
    }

    fn start_with(&self, host: Host, limits: &InstanceLimits) -> Result<Instance<Host>, Error> {
        linker(&self.engine).instantiate_with(&self.component, host, limits)
    }

    /// The other tenant does not notice.
    fn works(&self) {
        works(&self.witness, self.form);
    }
}

fn works(instance: &Instance<Host>, form: Form) {
    let sum = instance.get_typed_func::<(u32, u32), (u32,)>(&["sum"]).expect("sum");
    assert_eq!(sum.call((1, 2)).expect("no trap"), (3,), "{form:?}");
}

fn func(instance: &Instance<Host>, name: &str) -> Func<Host> {
    instance.get_func(&[name]).expect("an export")
}

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

#[test]
fn handles_of_another_instance() {
    let mut messages = Vec::new();
    for form in FORMS {
        let engines = Engines::new(form);
        let (one, other) = (engines.start(Host::new()), engines.start(Host::new()));
        for instance in [&one, &other] {
            instance.host().counters.lock().expect("no panic").push(7);
        }
        let handle = one.new_resource::<Counter>(0).expect("a type of the host's");
        let passed = func(&other, "take")
            .call(&[Val::Resource(handle)])
            .expect_err("another's");
        assert!(matches!(passed, Error::Arguments(_)), "{form:?}: {passed:?}");
        let dropped = other.resource_drop(handle).expect_err("another's");
        assert!(matches!(dropped, Error::Resource(_)), "{form:?}: {dropped:?}");
        messages.push([passed.to_string(), dropped.to_string()]);
        // It is still the first one's.
        let taken = func(&one, "take").call(&[Val::Resource(handle)]).expect("its own");
        assert_eq!(taken, Some(Val::U32(8)), "{form:?}");
        let peek = other
            .get_typed_func::<(Resource<Counter>,), (u32,)>(&["peek"])
            .expect("peek");
        assert_eq!(
            peek.call((Resource::new_borrow(0),)).expect("no trap"),
            (8,),
            "{form:?}"
        );
        engines.works();
    }
    assert!(messages.windows(2).all(|pair| pair[0] == pair[1]), "{messages:#?}");
    assert!(
        messages[0]
            .iter()
            .all(|message| message.contains("belongs to another instance")),
        "{:?}",
        messages[0]
    );
}

/// Ends an instance, and gives it with two of its functions. None if its end took it.
fn dead(instance: Instance<Host>, how: &str) -> (Option<Instance<Host>>, Vec<Func<Host>>) {
    let funcs = vec![func(&instance, "sum"), func(&instance, "greet")];
    match how {
        "a trap" => drop(func(&instance, "fail").call(&[]).expect_err("it traps")),
        "an exit" => drop(func(&instance, "leave").call(&[]).expect_err("it exits")),
        "a handle" => assert!(instance.end_handle().end("over quota")),
        "end" => {
            instance.end().expect("no host function calls it");
            return (None, funcs);
        }
        "a drop" => return (None, funcs),
        "a run" => {
            assert_eq!(instance.run().expect("a command"), 0);
            return (None, funcs);
        }
        other => panic!("{other}"),
    }
    (Some(instance), funcs)
}

#[test]
fn instances_that_have_ended() {
    for form in FORMS {
        let engines = Engines::new(form);
        for how in ["a trap", "an exit", "a handle", "end", "a drop", "a run"] {
            let instance = engines.start(Host::new());
            let end = instance.end_handle();
            let (instance, funcs) = dead(instance, how);
            let is_it = |error: &Error| match how {
                "a trap" => matches!(error, Error::Trap(_)),
                "an exit" => matches!(error, Error::Exit(1)),
                "a handle" => matches!(error, Error::EndedBy(EndReason::Host(why)) if &**why == "over quota"),
                _ => matches!(error, Error::Ended) && error.to_string().contains("make another instance"),
            };
            let mut errors = vec![
                funcs[0].call(&[Val::U32(1), Val::U32(2)]).map(drop),
                funcs[1].call(&[Val::String("you".to_owned())]).map(drop),
                block_on(funcs[0].call_async(&[Val::U32(1), Val::U32(2)])).map(drop),
            ];
            errors.extend(
                funcs[0]
                    .typed::<(u32, u32), (u32,)>()
                    .map(|sum| sum.call((1, 2)).map(drop)),
            );
            if let Some(instance) = &instance {
                let sum = instance.get_func(&["sum"]).expect("the exports stay");
                errors.push(sum.call(&[Val::U32(1), Val::U32(2)]).map(drop));
            }
            for result in errors {
                let error = result.expect_err(how);
                assert!(is_it(&error), "{form:?} {how}: {error:?}");
            }
            assert!(!end.end("again"), "{form:?} {how}");
            if let Some(instance) = instance {
                match instance.run() {
                    Err(error) => assert!(is_it(&error), "{form:?} {how}: {error:?}"),
                    // That is the status of the program.
                    Ok(status) => assert_eq!((how, status), ("an exit", 1), "{form:?}"),
                }
            }
            engines.works();
        }
    }
}

#[test]
fn engines_linkers_and_components_that_are_gone() {
    for form in FORMS {
        let engines = Engines::new(form);
        let prepared = linker(&engines.engine)
            .instantiate_pre(&engines.component)
            .expect("all imports");
        let Engines {
            engine,
            component,
            witness,
            ..
        } = engines;
        drop((engine, component));
        works(&witness, form);
        drop(witness);
        let instance = prepared.instantiate(Host::new()).expect("an instance");
        drop(prepared);
        works(&instance, form);
        let metrics = instance.metrics_handle();
        drop(instance);
        assert_eq!(metrics.is_some(), form.runtime() == Runtime::Parallel);
        if let Some(metrics) = metrics {
            let metrics = metrics.metrics();
            assert!(metrics.threads_started > 0, "{form:?}: {metrics:?}");
        }
    }
}

#[test]
fn a_component_of_another_engine() {
    for form in FORMS {
        let engines = Engines::new(form);
        let other = form.engine();
        let mine = linker_of(&other);
        let refused = [
            mine.instantiate(&engines.component, Host::new()).map(drop),
            mine.instantiate_pre(&engines.component).map(drop),
            mine.missing(&engines.component).map(drop),
        ];
        for refused in refused {
            let refused = refused.expect_err("another engine's");
            assert!(matches!(refused, Error::OtherEngine), "{form:?}: {refused:?}");
            assert!(refused.to_string().contains("use one engine for both"), "{refused}");
        }
        engines.works();
    }
}

/// A task of tokio's must not block, but a mistake there is no panic either.
#[test]
fn calls_from_tasks_of_a_tokio_runtime() {
    for form in FORMS {
        let tokio = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime");
        tokio.block_on(async {
            let engines = Engines::new(form);
            engines.works();
            let sum = func(&engines.witness, "sum");
            let result = sum.call_async(&[Val::U32(1), Val::U32(2)]).await.expect("no trap");
            assert_eq!(result, Some(Val::U32(3)), "{form:?}");
            engines.witness.end().expect("no host function calls it");
        });
    }
}
