//! What embedders know of Wasmtime's component API beside calls: exports by name and index, types of components, and linkers that are
//! cloned, shadow definitions, and let unknown imports trap.

use crate::programs::{FORMS, Form};
use crate::{Counter, Host, linker};
use weft::types::ComponentItem;
use weft::{Component, Config, Engine, Error, Linker, ResourceType, Runtime, ThreadContext, Val};

const HOST: &str = "example:door/host@1.2.0";

fn component(form: Form) -> (Engine, Component) {
    let engine = form.engine();
    let component = Component::new(&engine, form.bytes()).expect("a valid program");
    (engine, component)
}

#[test]
fn exports_are_found_by_name_path_and_index() {
    for form in FORMS {
        let (engine, component) = component(form);
        let instance = linker(&engine)
            .instantiate(&component, Host::new())
            .expect("an instance");
        let index = component.get_export_index(None, "sum").expect("exported");
        let sum = |arguments: &[Val; 2]| {
            let by_name = instance.get_func("sum").expect("a name").call(arguments);
            let by_path = instance.get_func(&["sum"]).expect("a path").call(arguments);
            let by_index = instance.get_func(&index).expect("an index").call(arguments);
            let sums = [by_name, by_path, by_index].map(|sum| sum.expect("no trap"));
            assert!(sums.windows(2).all(|pair| pair[0] == pair[1]), "{form:?}: {sums:?}");
            sums[0].clone()
        };
        assert_eq!(sum(&[2_u32.into(), 3_u32.into()]), Some(Val::U32(5)));
        let typed = instance.get_typed_func::<(u32, u32), (u32,)>(&index).expect("sum");
        assert_eq!(typed.call((1, 2)).expect("no trap"), (3,));

        // A compatible version of the interface is found, and the index belongs to one component.
        let run = component.get_export_index(None, "wasi:cli/run@0.2.9").expect("0.2.0");
        let run = component.get_export_index(Some(&run), "run").expect("a function");
        assert!(instance.get_func(&run).is_some(), "{form:?}");
        assert!(instance.get_func("run").is_none());
        assert!(component.get_export_index(Some(&run), "run").is_none());
        assert!(component.get_export_index(None, "missing").is_none());
        let other = Component::new(&engine, form.bytes()).expect("a valid program");
        assert!(other.get_export_index(Some(&run), "run").is_none());
        let other = linker(&engine).instantiate(&other, Host::new()).expect("an instance");
        assert!(other.get_func(&index).is_none(), "{form:?}");
        let Err(Error::NoExport(name)) = other.get_typed_func::<(), ()>(&run) else {
            panic!("{form:?}: an index of another component")
        };
        assert_eq!(name, "wasi:cli/run@0.2.0#run");
    }
}

#[test]
fn a_component_type_lists_imports_and_exports() {
    for form in FORMS {
        let (_, component) = component(form);
        let ty = component.component_type().expect("small types");
        let Some(ComponentItem::ComponentFunc(greet)) = ty.get_export("greet") else {
            panic!("{form:?}: {ty:?}")
        };
        let params: Vec<_> = greet.params().collect();
        assert_eq!(params, [("name", weft::ValType::String)]);
        assert_eq!(greet.results().collect::<Vec<_>>(), [weft::ValType::String]);
        let functions = ty
            .exports()
            .filter(|(_, item)| matches!(item, ComponentItem::ComponentFunc(_)));
        assert_eq!(functions.count(), 11, "{form:?}");

        let Some(ComponentItem::ComponentInstance(host)) = ty.get_import("example:door/host@1.0.0") else {
            panic!("{form:?}: {ty:?}")
        };
        assert!(
            matches!(host.get_export("counter"), Some(ComponentItem::Resource)),
            "{form:?}"
        );
        let Some(ComponentItem::ComponentFunc(add)) = host.get_export("slow-add") else {
            panic!("{form:?}: {host:?}")
        };
        assert_eq!(add.params().len(), 2);
        let run = component.get_export_index(None, "wasi:cli/run@0.2.0");
        let run = component.get_export(run.as_ref(), "run").expect("exported");
        assert!(
            matches!(run, (ComponentItem::ComponentFunc(run), _) if run.params().len() == 0),
            "{form:?}"
        );
    }
}

/// Redefines a function of the host and one of WASI.
fn shadow(linker: &mut Linker<Host>) -> Result<(), Error> {
    let mut host = linker.instance(HOST)?;
    host.func_wrap("slow-add", |_: ThreadContext<'_, Host>, (a, b): (u32, u32)| {
        Ok((a * b,))
    })?;
    let mut exit = linker.instance("wasi:cli/exit@0.2.0")?;
    exit.func_wrap("exit", |_: ThreadContext<'_, Host>, (_,): (Result<(), ()>,)| {
        Err::<(), _>(weft::Exit(7).into())
    })?;
    Ok(())
}

#[test]
fn definitions_are_shadowed_if_that_is_allowed() {
    for form in FORMS {
        let (engine, component) = component(form);
        let original = linker(&engine);
        for is_used in [false, true] {
            let mut linker = original.clone();
            if is_used {
                // From here on, the runtime's linker exists.
                linker.instantiate(&component, Host::new()).expect("an instance");
            }
            assert!(matches!(shadow(&mut linker), Err(Error::Defined(_))), "{form:?}");
            linker.allow_shadowing(true);
            shadow(&mut linker).expect("shadowing is allowed");
            let instance = linker.instantiate(&component, Host::new()).expect("an instance");
            let sum = instance.get_typed_func::<(u32, u32), (u32,)>("sum").expect("sum");
            assert_eq!(sum.call((5, 6)).expect("no trap"), (30,), "{form:?}, {is_used}");
            let leave = instance.get_typed_func::<(), ()>("leave").expect("leave");
            let left = leave.call(());
            assert!(matches!(left, Err(Error::Exit(7))), "{form:?}, {is_used}: {left:?}");
            linker.allow_shadowing(false);
            assert!(matches!(shadow(&mut linker), Err(Error::Defined(_))), "{form:?}");
        }
        let instance = original.instantiate(&component, Host::new()).expect("an instance");
        let sum = instance.get_typed_func::<(u32, u32), (u32,)>("sum").expect("sum");
        assert_eq!(sum.call((5, 6)).expect("no trap"), (11,), "{form:?}");
    }
}

#[test]
fn unknown_imports_trap_when_they_are_called() {
    for form in FORMS {
        let (engine, component) = component(form);
        let mut linker = Linker::<Host>::new(&engine);
        let mut host = linker.instance(HOST).expect("an empty linker");
        host.func_wrap("slow-add", |_: ThreadContext<'_, Host>, (a, b): (u32, u32)| {
            Ok((a + b,))
        })
        .expect("an empty linker");
        linker
            .define_unknown_imports_as_traps(&component)
            .expect("nothing is in the way");
        assert_eq!(linker.missing(&component).expect("an engine"), [""; 0], "{form:?}");
        let instance = linker.instantiate(&component, Host::new()).expect("an instance");
        let sum = instance.get_typed_func::<(u32, u32), (u32,)>("sum").expect("sum");
        assert_eq!(sum.call((5, 6)).expect("no trap"), (11,), "{form:?}");
        let greet = instance.get_func("greet").expect("greet");
        let Err(Error::Trap(trap)) = greet.call(&["weft".into()]) else {
            panic!("{form:?}: no trap")
        };
        let message = trap.message();
        assert!(
            message.contains("unknown import: `example:door/host@1.0.0#log` has not been defined"),
            "{form:?}: {message}"
        );
    }
}

#[test]
fn a_destructor_can_suspend_the_guest() {
    for form in FORMS {
        let (engine, component) = component(form);
        let mut linker = linker(&engine);
        linker.allow_shadowing(true);
        let mut host = linker.instance(HOST).expect("an instance");
        let counter = ResourceType::host::<Counter>();
        host.resource_async("counter", counter, |thread: ThreadContext<'_, Host>, rep| {
            Box::new(async move {
                weft::yield_now().await;
                thread.host().dropped.lock().expect("no panic").push(100 + rep);
                Ok(())
            })
        })
        .expect("shadowing is allowed");
        let instance = linker.instantiate(&component, Host::new()).expect("an instance");
        let count = instance.get_typed_func::<(u32,), (u32,)>("count").expect("count");
        assert_eq!(count.call((3,)).expect("no trap"), (106,), "{form:?}");
        assert_eq!(*instance.host().dropped.lock().expect("no panic"), [100], "{form:?}");
    }
}

#[test]
fn what_would_run_is_known_without_compiling() {
    for form in FORMS {
        let (engine, component) = component(form);
        let validated = linker(&engine).validate(form.bytes()).expect("a valid program");
        assert_eq!(validated.runtime, form.runtime());
        assert_eq!(validated.command.as_deref(), Some("wasi:cli/run@0.2.0"), "{form:?}");
        assert_eq!((validated.missing, validated.not_callable), (Vec::new(), Vec::new()));
        let empty = Linker::<Host>::new(&engine);
        let mut missing = empty.validate(form.bytes()).expect("a valid program").missing;
        let mut missing_later = empty.missing(&component).expect("an engine");
        missing.sort();
        missing_later.sort();
        assert!(!missing.is_empty());
        assert_eq!(missing, missing_later, "{form:?}");
        let cut = empty.validate(&form.bytes()[..100]);
        assert!(
            matches!(cut, Err(Error::Lower(_) | Error::Adapt(_))),
            "{form:?}: {cut:?}"
        );
    }
}

/// Imports all of an interface of WASI, in an early version, and something that it does not have; and an interface of the host's.
const PARTS: &str = r#"(component
    (import "wasi:cli/environment@0.2.0" (instance $environment
        (export "get-environment" (func (result (list (tuple string string)))))
        (export "get-arguments" (func (result (list string))))
        (export "initial-cwd" (func (result (option string))))
        UNKNOWN))
    (import "example:parts/two@1.0.0" (instance $two
        (export "one" (func (result u32)))
        (export "other" (func (result u32)))))
    (core module $memory
        (memory (export "memory") 1)
        (global $next (mut i32) (i32.const 64))
        (func (export "realloc") (param i32 i32 i32 i32) (result i32)
            (global.get $next)
            (global.set $next (i32.add (global.get $next) (i32.and (i32.add (local.get 3) (i32.const 15)) (i32.const -8))))))
    (core instance $memory (instantiate $memory))
    (alias core export $memory "memory" (core memory $m))
    (alias core export $memory "realloc" (core func $realloc))
    (core func $arguments (canon lower (func $environment "get-arguments") (memory $m) (realloc (func $realloc))))
    (core func $cwd (canon lower (func $environment "initial-cwd") (memory $m) (realloc (func $realloc))))
    (core func $one (canon lower (func $two "one")))
    (core func $other (canon lower (func $two "other")))
    LOWERED
    (core module $main
        (import "" "memory" (memory 1))
        (import "" "arguments" (func $arguments (param i32)))
        (import "" "cwd" (func $cwd (param i32)))
        (import "" "one" (func $one (result i32)))
        (import "" "other" (func $other (result i32)))
        (import "" "unknown" (func $unknown (result i32)))
        (func (export "arguments") (result i32) (call $arguments (i32.const 0)) (i32.load (i32.const 4)))
        (func (export "cwd") (result i32) (call $cwd (i32.const 16)) (i32.load8_u (i32.const 16)))
        (func (export "both") (result i32) (i32.add (call $one) (call $other)))
        (func (export "unknown") (result i32) (call $unknown)))
    (core instance $main (instantiate $main (with "" (instance
        (export "memory" (memory $m))
        (export "arguments" (func $arguments))
        (export "cwd" (func $cwd))
        (export "one" (func $one))
        (export "other" (func $other))
        (export "unknown" (func $unknown))))))
    (func (export "arguments") (result u32) (canon lift (core func $main "arguments")))
    (func (export "cwd") (result u32) (canon lift (core func $main "cwd")))
    (func (export "both") (result u32) (canon lift (core func $main "both")))
    (func (export "unknown") (result u32) (canon lift (core func $main "unknown"))))"#;

/// The component, which imports an unknown function or not, on a runtime.
fn parts(runtime: Runtime, with_unknown: bool) -> Component {
    let (unknown, lowered) = match with_unknown {
        true => (
            r#"(export "unknown" (func (result u32)))"#,
            r#"(core func $unknown (canon lower (func $environment "unknown")))"#,
        ),
        false => ("", r#"(core func $unknown (canon lower (func $two "one")))"#),
    };
    let text = PARTS.replace("UNKNOWN", unknown).replace("LOWERED", lowered);
    let mut config = Config::new();
    config.runtime(Some(runtime));
    let engine = Engine::new(&config).expect("an engine");
    Component::new(&engine, text.as_bytes()).expect("a valid component")
}

/// A linker with WASI, of which the host supplies a part in the component's version, and with two halves of an interface.
fn with_parts(engine: &Engine) -> Linker<Host> {
    let mut linker = Linker::new(engine);
    weft_wasi::add_to_linker(&mut linker, |host: &Host| &host.wasi).expect("an empty linker");
    let mut environment = linker.instance("wasi:cli/environment@0.2.0").expect("a name");
    let arguments = |_: ThreadContext<'_, Host>, (): ()| Ok((vec!["a".to_owned(), "b".to_owned(), "c".to_owned()],));
    environment.func_wrap("get-arguments", arguments).expect("a new name");
    for (version, name, value) in [("1.0.0", "one", 40_u32), ("1.2.0", "other", 2), ("1.1.0", "other", 7)] {
        let interface = format!("example:parts/two@{version}");
        let mut part = linker.instance(&interface).expect("a name");
        let give = move |_: ThreadContext<'_, Host>, (): ()| Ok((value,));
        part.func_wrap(name, give).expect("a new name");
    }
    linker
}

#[test]
fn the_host_supplies_a_part_of_an_interface_of_wasi() {
    for runtime in [Runtime::Cooperative, Runtime::Parallel] {
        let component = parts(runtime, false);
        let linker = with_parts(component.engine());
        assert_eq!(linker.missing(&component).expect("an engine"), [""; 0], "{runtime:?}");
        let instance = linker.instantiate(&component, Host::new()).expect("all imports");
        let call = |name| {
            let func = instance.get_typed_func::<(), (u32,)>(name).expect("an export");
            func.call(()).expect("no trap").0
        };
        assert_eq!(
            [call("arguments"), call("cwd"), call("both")],
            [3, 0, 42],
            "{runtime:?}"
        );
    }
}

#[test]
fn only_what_is_missing_of_an_interface_traps() {
    for runtime in [Runtime::Cooperative, Runtime::Parallel] {
        for is_supplied in [false, true] {
            let component = parts(runtime, true);
            let mut linker = with_parts(component.engine());
            if !is_supplied {
                linker = Linker::new(component.engine());
                weft_wasi::add_to_linker(&mut linker, |host: &Host| &host.wasi).expect("an empty linker");
            }
            let unknown = "wasi:cli/environment@0.2.0#unknown";
            let missing = linker.missing(&component).expect("an engine");
            assert!(missing.contains(&unknown.to_owned()), "{runtime:?}: {missing:?}");
            assert_eq!(
                missing.iter().filter(|name| name.starts_with("wasi:")).count(),
                1,
                "{missing:?}"
            );
            let refused = linker
                .instantiate(&component, Host::new())
                .err()
                .expect("a missing import");
            assert!(
                matches!(&refused, Error::MissingImports(names) if *names == missing),
                "{runtime:?}: {refused:?}"
            );
            linker
                .define_unknown_imports_as_traps(&component)
                .expect("nothing is in the way");
            let instance = linker.instantiate(&component, Host::new()).expect("all imports");
            let call = |name| {
                let func = instance.get_typed_func::<(), (u32,)>(name).expect("an export");
                func.call(()).map(|(value,)| value)
            };
            let arguments = if is_supplied { 3 } else { 1 };
            assert_eq!(call("arguments").expect("no trap"), arguments, "{runtime:?}");
            assert_eq!(call("cwd").expect("no trap"), 0, "{runtime:?}");
            let Err(Error::Trap(trap)) = call("unknown") else {
                panic!("{runtime:?}: no trap")
            };
            let message = trap.message();
            assert!(message.contains(&format!("unknown import: `{unknown}`")), "{message}");
        }
    }
}
