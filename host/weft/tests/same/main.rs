//! One embedder and one program in four forms: a component without parallel threads, the same component on the parallel runtime, a
//! component with shared threads, and a core module. The embedder sees no difference.

mod dropped_calls;
mod host;
mod kept;
mod like_wasmtime;
mod limiter;
mod long_instructions;
mod misuse;
mod passed_items;
mod passed_resources;
mod programs;
mod task_hooks;

use host::{Counter, Host, linker};
use programs::{FORMS, Form};
use std::error::Error as _;
use std::time::Duration;
use weft::{
    Component, EndReason, Engine, Error, Instance, InstanceLimits, Linker, Resource, ResourceType, Runtime,
    ThreadContext, Val,
};

fn instantiate(form: Form) -> Instance<Host> {
    instantiate_with(form, &InstanceLimits::new()).expect("an instance")
}

fn instantiate_with(form: Form, limits: &InstanceLimits) -> Result<Instance<Host>, Error> {
    let engine = form.engine();
    let component = Component::new(&engine, form.bytes()).expect("a valid program");
    assert_eq!(component.runtime(), form.runtime());
    linker(&engine).instantiate_with(&component, Host::new(), limits)
}

/// Calls a function that gives one value.
macro_rules! call {
    ($instance:expr, $name:literal($($argument:expr),*) -> $result:ty) => {{
        let func = $instance.get_typed_func::<_, ($result,)>(&[$name]).expect($name);
        func.call(($($argument,)*)).map(|(result,)| result)
    }};
}

#[test]
fn strings_host_functions_and_resources() {
    for form in FORMS {
        let instance = instantiate(form);
        assert_eq!(
            call!(instance, "greet"("weft".to_owned()) -> String).expect("no trap"),
            "Hello, weft",
            "{form:?}"
        );
        assert_eq!(instance.host().lines(), ["Hello, weft"]);
        assert_eq!(call!(instance, "sum"(40u32, 2u32) -> u32).expect("no trap"), 42);
        let found = |key: &str| call!(instance, "find"(key.to_owned()) -> Option<String>).expect("no trap");
        assert_eq!(found("weft").as_deref(), Some("Hello, weft"));
        assert_eq!(found("nobody"), None);

        assert_eq!(call!(instance, "count"(3u32) -> u32).expect("no trap"), 106);
        assert_eq!(*instance.host().dropped.lock().expect("no panic"), [0]);

        // The host passes resources of its own, as Rust values and as handles.
        instance.host().counters.lock().expect("no panic").push(7);
        let counter = Resource::<Counter>::new_borrow(1);
        assert_eq!(call!(instance, "peek"(counter) -> u32).expect("no trap"), 8);
        let counter = instance.new_resource::<Counter>(1).expect("a type of the host's");
        let take = instance.get_func(&["take"]).expect("take");
        assert_eq!(
            take.call(&[Val::Resource(counter)]).expect("no trap"),
            Some(Val::U32(9))
        );
        assert_eq!(*instance.host().dropped.lock().expect("no panic"), [0, 1]);
        // A mistake of the host's does not end the program.
        let taken = take.call(&[Val::Resource(counter)]).expect_err("passed on");
        assert!(matches!(taken, Error::Arguments(_)), "{form:?}: {taken:?}");
        let refused = instance.new_resource::<Host>(1).expect_err("no resource type");
        assert!(
            refused.to_string().starts_with("cannot create a resource: "),
            "{refused}"
        );

        let counter = instance.new_resource::<Counter>(5).expect("a type of the host's");
        assert_eq!(instance.resource_rep::<Counter>(counter).expect("a counter"), 5);
        assert!(instance.resource_rep::<Host>(counter).is_err());
        assert!(instance.take_resource::<Host>(counter).is_err());
        assert_eq!(instance.take_resource::<Counter>(counter).expect("a counter"), 5);
        let taken = instance.take_resource::<Counter>(counter).expect_err("taken before");
        assert!(taken.to_string().starts_with("cannot use a resource: "), "{taken}");
        assert_eq!(*instance.host().dropped.lock().expect("no panic"), [0, 1]);
        assert_eq!(call!(instance, "sum"(1u32, 2u32) -> u32).expect("no trap"), 3);
    }
}

#[test]
fn values_types_and_mistakes() {
    let mut messages = Vec::new();
    for form in FORMS {
        let instance = instantiate(form);
        let greet = instance.get_func(&["greet"]).expect("greet");
        assert_eq!(greet.ty().params.len(), 1);
        assert_eq!(greet.ty().params[0].name, "name");
        let greeting = greet.call(&[Val::String("you".to_owned())]).expect("no trap");
        assert_eq!(greeting, Some(Val::String("Hello, you".to_owned())));
        assert!(instance.get_func(&["missing"]).is_none());
        let mistakes = [
            greet.call(&[Val::U32(1)]).expect_err("no string"),
            greet.call(&[]).expect_err("no argument"),
            greet.typed::<(u32,), (String,)>().err().expect("another type"),
            instance
                .get_typed_func::<(), ()>(&["missing"])
                .err()
                .expect("no such function"),
        ];
        messages.push(mistakes.map(|error| error.to_string()));
    }
    assert!(messages.windows(2).all(|pair| pair[0] == pair[1]), "{messages:#?}");
}

#[test]
fn wasi_and_commands() {
    for form in FORMS {
        let instance = instantiate(form);
        let say = instance.get_typed_func::<(String,), ()>(&["say"]).expect("say");
        say.call(("one ".to_owned(),)).expect("no trap");
        say.call(("two ".to_owned(),)).expect("no trap");
        let output = instance.host().output.clone();
        assert_eq!(instance.host().output(), "one two ", "{form:?}");
        assert_eq!(instance.run().expect("no trap"), 0);
        assert_eq!(output.contents(), b"one two it ran\n", "{form:?}");
    }
}

#[test]
fn a_trap_and_an_exit_end_the_instance() {
    for form in FORMS {
        let instance = instantiate(form);
        let fail = instance.get_typed_func::<(), ()>(&["fail"]).expect("fail");
        for _ in 0..2 {
            let Err(Error::Trap(trap)) = fail.call(()) else {
                panic!("{form:?}: no trap")
            };
            assert_eq!(trap.code(), Some(weft::wasmtime::Trap::UnreachableCodeReached));
            assert!(trap.message().contains("unreachable"), "{trap}");
            assert!(!trap.backtrace().is_empty());
            assert!(trap.source().is_none());
        }
        assert!(
            matches!(call!(instance, "sum"(1u32, 2u32) -> u32), Err(Error::Trap(_))),
            "{form:?}"
        );

        let instance = instantiate(form);
        let leave = instance.get_typed_func::<(), ()>(&["leave"]).expect("leave");
        for _ in 0..2 {
            let left = leave.call(());
            assert!(matches!(left, Err(Error::Exit(1))), "{form:?}: {left:?}");
        }
        drop(instance);
        assert!(matches!(leave.call(()), Err(Error::Ended)), "{form:?}");
    }
}

#[test]
fn limits_of_memory() {
    for form in FORMS {
        let mut limits = InstanceLimits::new();
        limits.max_memory(2 << 20);
        let instance = instantiate_with(form, &limits).expect("enough to start");
        let before = call!(instance, "grow"(1u32) -> i32).expect("no trap");
        assert!(before > 0, "{form:?}");
        assert_eq!(call!(instance, "grow"(64u32) -> i32).expect("no trap"), -1, "{form:?}");

        limits.max_memory(1000);
        let refused = instantiate_with(form, &limits).err().expect("too little to start");
        assert!(matches!(&refused, Error::Limit(_)), "{form:?}: {refused:?}");
        let message = refused.to_string();
        assert!(
            message.contains("its limit is 1000 bytes") && message.contains("InstanceLimits::max_memory"),
            "{message}"
        );
    }
}

#[test]
fn a_deadline_and_a_handle_end_what_computes() {
    for form in FORMS {
        let mut limits = InstanceLimits::new();
        let time = Duration::from_millis(50);
        limits.deadline(time);
        let instance = instantiate_with(form, &limits).expect("an instance");
        let spin = instance.get_typed_func::<(), ()>(&["spin"]).expect("spin");
        let ended = spin.call(());
        assert!(
            matches!(&ended, Err(Error::EndedBy(EndReason::Deadline(at))) if *at == time),
            "{form:?}: {ended:?}"
        );

        let instance = instantiate(form);
        let spin = instance.get_typed_func::<(), ()>(&["spin"]).expect("spin");
        let handle = instance.end_handle();
        let ended = std::thread::scope(|scope| {
            let call = scope.spawn(|| spin.call(()));
            assert!(handle.end("enough"));
            assert!(!handle.end("again"));
            call.join().expect("no panic")
        });
        assert!(
            matches!(&ended, Err(Error::EndedBy(EndReason::Host(why))) if &**why == "enough"),
            "{form:?}: {ended:?}"
        );
    }
}

#[test]
fn processor_time_is_limited() {
    for form in FORMS {
        let mut limits = InstanceLimits::new();
        let time = Duration::from_millis(5);
        limits.max_processor_time(time);
        let instance = instantiate_with(form, &limits).expect("an instance");
        assert_eq!(
            call!(instance, "sum"(1u32, 2u32) -> u32).expect("no trap"),
            3,
            "{form:?}"
        );
        let spin = instance.get_typed_func::<(), ()>(&["spin"]).expect("spin");
        let ended = spin.call(());
        assert!(
            matches!(&ended, Err(Error::EndedBy(EndReason::ProcessorTime(used))) if *used == time),
            "{form:?}: {ended:?}"
        );
    }
}

#[test]
fn missing_imports_and_other_types() {
    let mut messages = Vec::new();
    for form in FORMS {
        let engine = form.engine();
        let mut linker = Linker::<Host>::new(&engine);
        let missing = Component::new_for(&linker, &form.bytes())
            .err()
            .expect("no import is there");
        let Error::MissingImports(names) = &missing else {
            panic!("{form:?}: {missing:?}")
        };
        assert!(
            names.iter().any(|name| name.contains("example:door/host@1.0.0")),
            "{names:?}"
        );
        let component = Component::new(&engine, form.bytes()).expect("a valid program");
        assert!(linker.missing(&component).is_ok_and(|missing| !missing.is_empty()));
        let refused = linker.instantiate(&component, Host::new());
        assert!(matches!(refused.err(), Some(Error::MissingImports(_))), "{form:?}");

        weft_wasi::add_to_linker(&mut linker, |host: &Host| &host.wasi).expect("an empty linker");
        let mut host = linker.instance("example:door/host@1.0.0").expect("an empty linker");
        let number = |_: ThreadContext<'_, Host>, (_,): (u32,)| Ok(());
        host.func_wrap("log", number).expect("a new name");
        let again = host.func_wrap("log", number).err().expect("the name is taken");
        for name in ["slow-add", "lookup", "[constructor]counter", "[method]counter.add"] {
            host.func_new(name, |_, _| Ok(None)).expect("a new name");
        }
        host.resource("counter", ResourceType::host::<Counter>(), |_, _| Ok(()))
            .expect("a new name");
        let refused = linker
            .instantiate(&component, Host::new())
            .err()
            .expect("`log` takes a string");
        assert!(matches!(refused, Error::Link(_)), "{form:?}: {refused:?}");
        let other = Engine::new(&weft::Config::new()).expect("an engine");
        let other = linker_of(&other)
            .instantiate(&component, Host::new())
            .err()
            .expect("another engine");
        messages.push([again.to_string(), refused.to_string(), other.to_string()]);
    }
    assert!(messages.windows(2).all(|pair| pair[0] == pair[1]), "{messages:#?}");
}

fn linker_of(engine: &Engine) -> Linker<Host> {
    Linker::new(engine)
}

#[test]
fn what_is_linked_once_makes_many_instances() {
    for form in FORMS {
        let engine = form.engine();
        let component = Component::new(&engine, form.bytes()).expect("a valid program");
        let refused = Linker::<Host>::new(&engine).instantiate_pre(&component);
        assert!(matches!(refused.err(), Some(Error::MissingImports(_))), "{form:?}");

        let prepared = linker(&engine)
            .instantiate_pre(&component)
            .expect("all imports are there");
        std::thread::scope(|scope| {
            for name in ["one", "two", "three"] {
                let prepared = prepared.clone();
                scope.spawn(move || {
                    let instance = prepared.instantiate(Host::new()).expect("an instance");
                    let greeting = call!(instance, "greet"(name.to_owned()) -> String);
                    assert_eq!(greeting.expect("no trap"), format!("Hello, {name}"));
                    assert_eq!(instance.host().lines(), [format!("Hello, {name}")]);
                });
            }
        });
        let mut limits = InstanceLimits::new();
        limits.max_memory(1000);
        let refused = prepared.instantiate_with(Host::new(), &limits);
        assert!(matches!(refused.err(), Some(Error::Limit(_))), "{form:?}");
    }
}

#[test]
fn a_runtime_that_cannot_run_a_program_refuses_it() {
    let mut config = weft::Config::new();
    config.runtime(Some(Runtime::Cooperative));
    let engine = Engine::new(&config).expect("an engine");
    for form in [Form::Threads, Form::Module] {
        let refused = Component::new(&engine, form.bytes()).err().expect("parallel threads");
        assert!(matches!(refused, Error::Lower(_)), "{form:?}: {refused:?}");
    }
}
