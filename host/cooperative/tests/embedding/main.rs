//! Components from a Rust program: compiled, instantiated and called.

mod after_run;
mod unfinished;

use wasmtime::component::{Component, Instance, Linker, Val};
use wasmtime::{Config, Engine, Store};
use weft_cooperative::{
    Error, Profile, Trap, add_wasi, call, can_run, compile, configure, in_tokio, instantiate, store,
};

fn engine() -> Engine {
    Engine::new(configure(&mut Config::new())).expect("an engine")
}

/// An instance of a component that imports nothing.
struct Program {
    store: Store<()>,
    instance: Instance,
}

impl Program {
    fn new(component: &str) -> Self {
        let component = compile(&engine(), component.as_bytes(), Profile::Full).expect("a component that is accepted");
        Self::instantiate(&component).expect("an instance")
    }

    fn instantiate(component: &Component) -> Result<Self, Error> {
        let mut store = store(component.engine(), ());
        let linker = Linker::new(component.engine());
        let instance = in_tokio(instantiate(&linker, &mut store, component))??;
        Ok(Program { store, instance })
    }

    fn call(&mut self, function: &str, arguments: &[Val]) -> Result<Vec<Val>, Error> {
        let function = self.instance.get_func(&mut self.store, function).expect("a function");
        in_tokio(call(&mut self.store, function, arguments))?
    }

    fn trap(&mut self, function: &str, arguments: &[Val]) -> Trap {
        match self.call(function, arguments) {
            Err(Error::Trap(trap)) => trap,
            outcome => panic!("`{function}` gives {outcome:?}"),
        }
    }
}

/// A component with this module as its only one, whose function `f` it exports.
fn component(code: &str, lifted: &str) -> String {
    format!(
        r#"(component
            (core module $m {code})
            (core instance $m (instantiate $m))
            (func (export "f") {lifted} (canon lift (core func $m "f"))))"#
    )
}

#[test]
fn spawned_threads_take_turns_with_their_parent() {
    let component = compile(
        &engine(),
        include_bytes!("../components/spawn-indirect.wat"),
        Profile::Full,
    )
    .expect("accepted");
    let mut program = Program::instantiate(&component).expect("an instance");
    for (function, result) in [("argument", 7), ("index", 1), ("context", 15), ("wakes", 0)] {
        let results = program.call(function, &[]).expect(function);
        assert_eq!(results, [Val::U32(result)], "{function}");
    }
    assert_eq!(program.call("spawn", &[Val::U32(0)]).ok(), Some(vec![Val::U32(2)]));
    for (entry, message) in [
        (6, "out of bounds"),
        (u32::MAX, "out of bounds"),
        (5, "uninitialized"),
        (4, "does not match"),
    ] {
        let mut program = Program::instantiate(&component).expect("an instance");
        let trap = program.trap("spawn", &[Val::U32(entry)]);
        assert!(trap.message().contains(message), "{entry}: {trap}");
    }
}

#[test]
fn in_the_deterministic_profile_a_spawn_gives_zero_whatever_it_is_given() {
    let text = include_bytes!("../components/spawn-indirect.wat");
    let component = compile(&engine(), text, Profile::Deterministic).expect("accepted");
    let mut program = Program::instantiate(&component).expect("an instance");
    for entry in [0, 4, 5, 6, u32::MAX] {
        let results = program.call("spawn", &[Val::U32(entry)]).expect("no trap");
        assert_eq!(results, [Val::U32(0)], "{entry}");
    }
}

#[test]
fn threads_start_with_functions_of_all_types_that_the_specification_has() {
    let component = compile(
        &engine(),
        include_bytes!("../components/start-types.wat"),
        Profile::Full,
    )
    .expect("accepted");
    let mut program = Program::instantiate(&component).expect("an instance");
    for (function, argument, result) in [
        ("long", Val::U64(0x1_2345_6789), 0x1_2345_6789),
        ("spawn-long", Val::U64(0x9_8765_4321), 0x9_8765_4321),
        ("open", Val::U32(1), 7),
        ("open", Val::U32(2), 7),
    ] {
        let results = program.call(function, &[argument]).expect(function);
        assert_eq!(results, [Val::U64(result)], "{function}");
    }
    for entry in [0, 3] {
        let mut program = Program::instantiate(&component).expect("an instance");
        program.trap("open", &[Val::U32(entry)]);
    }
}

#[test]
fn a_trap_has_a_message_a_code_and_a_backtrace_and_ends_the_store() {
    let mut program = Program::new(&component(
        r#"(func $deep unreachable)
            (func $_RNvC4prog4main (call $deep))
            (func $_ZN5space3fooEibc (export "f") (call $_RNvC4prog4main))"#,
        "",
    ));
    let trap = program.trap("f", &[]);
    assert_eq!(trap.to_string(), "wasm trap: wasm `unreachable` instruction executed");
    assert_eq!(trap.thread(), None);
    assert_eq!(trap.code(), Some(wasmtime::Trap::UnreachableCodeReached));
    let functions: Vec<&str> = trap.backtrace().iter().map(|frame| &*frame.function).collect();
    assert_eq!(functions, ["deep", "prog::main", "space::foo(int, bool, char)"]);
    let later = program.trap("f", &[]);
    assert_eq!(later.code(), Some(wasmtime::Trap::CannotEnterComponent));
}

#[test]
fn a_start_function_may_trap() {
    let code = r#"(func $start unreachable) (func (export "f")) (start $start)"#;
    let component = compile(&engine(), component(code, "").as_bytes(), Profile::Full).expect("accepted");
    match Program::instantiate(&component).map(drop) {
        Err(Error::Trap(trap)) => assert_eq!(trap.code(), Some(wasmtime::Trap::UnreachableCodeReached)),
        outcome => panic!("{outcome:?}"),
    }
}

#[test]
fn arguments_that_do_not_fit_are_refused() {
    let text = component(r#"(func (export "f") (param i32))"#, r#"(param "n" u32)"#);
    let outcome = Program::new(&text).call("f", &[]);
    assert!(matches!(outcome, Err(Error::Arguments(_))), "{outcome:?}");
    let outcome = Program::new(&text).call("f", &[Val::String("one".to_owned())]);
    assert!(matches!(outcome, Err(Error::Engine { .. })), "{outcome:?}");
    assert_eq!(Program::new(&text).call("f", &[Val::U32(1)]).ok(), Some(Vec::new()));
}

#[test]
fn a_host_function_ends_the_program_with_a_code() {
    let text = r#"(component
        (import "end" (func $end))
        (core func $end (canon lower (func $end)))
        (core module $m (import "" "end" (func $end)) (func (export "f") (call $end)))
        (core instance $m (instantiate $m (with "" (instance (export "end" (func $end))))))
        (func (export "f") (canon lift (core func $m "f"))))"#;
    let component = compile(&engine(), text.as_bytes(), Profile::Full).expect("accepted");
    let mut linker = Linker::new(component.engine());
    let end =
        |_: wasmtime::StoreContextMut<'_, ()>, (): ()| -> wasmtime::Result<()> { Err(weft_parallel::Exit(3).into()) };
    linker.root().func_wrap("end", end).expect("a definition");
    let mut store = store(component.engine(), ());
    let outcome = in_tokio(async {
        let instance = instantiate(&linker, &mut store, &component).await?;
        let function = instance.get_func(&mut store, "f").expect("a function");
        call(&mut store, function, &[]).await
    });
    let outcome = outcome.flatten();
    assert!(matches!(outcome, Err(Error::Exit(3))), "{outcome:?}");
}

/// Names the imports in another order than that of the text, were they sorted.
const IMPORTS: &str = r#"(component
    (import "wasi:cli/environment@0.2.0" (instance (export "get-arguments" (func (result (list string))))))
    (import "wasi:http/b@0.2.0" (instance (export "f" (func)) (export "r" (type (sub resource)))))
    (import "one" (func (param "n" u32)))
    (import "wasi:http/a@0.3.0" (instance (export "f" (func async (result u32))))))"#;

#[test]
fn all_missing_imports_are_named() {
    let component = compile(&engine(), IMPORTS.as_bytes(), Profile::Full).expect("accepted");
    let missing = |linker: &Linker<weft_cooperative::Host>| {
        let wasi = weft_cooperative::wasmtime_wasi::WasiCtx::builder().build();
        let mut store = weft_cooperative::Host::new(wasi).into_store(component.engine());
        match in_tokio(instantiate(linker, &mut store, &component)).flatten() {
            Err(Error::MissingImports(missing)) => missing,
            outcome => panic!("{:?}", outcome.map(drop)),
        }
    };
    let mut linker = Linker::new(component.engine());
    let all = [
        "wasi:cli/environment@0.2.0",
        "wasi:http/b@0.2.0",
        "one",
        "wasi:http/a@0.3.0",
    ];
    assert_eq!(missing(&linker), all);
    // The same without compiling.
    let read = weft_lower::Component::read(IMPORTS.as_bytes()).expect("well formed");
    let unshared = read.unshare(Profile::Full).expect("valid");
    let early =
        |linker: &Linker<_>| weft_cooperative::missing(component.engine(), linker, &unshared).expect("accepted");
    assert_eq!(early(&linker), all);
    // A later minor version is what is asked for.
    add_wasi(&mut linker).expect("WASI");
    assert_eq!(missing(&linker), all[1..]);
    assert_eq!(early(&linker), all[1..]);
}

#[test]
fn an_import_of_another_type_is_told_from_a_missing_one() {
    let component = compile(
        &engine(),
        br#"(component (import "one" (func (param "n" u32))))"#,
        Profile::Full,
    )
    .expect("accepted");
    let mut linker = Linker::new(component.engine());
    let one = |_: wasmtime::StoreContextMut<'_, ()>, (_,): (String,)| Ok(());
    linker.root().func_wrap("one", one).expect("a definition");
    let mut store = store(component.engine(), ());
    match in_tokio(instantiate(&linker, &mut store, &component))
        .flatten()
        .map(drop)
    {
        Err(Error::Link(message)) => assert!(message.contains("`one`"), "{message}"),
        outcome => panic!("{outcome:?}"),
    }
}

const PREEMPTIVE: &str = r#"(component
    (core type $start (shared (func (param i32))))
    (core module $t (table (export "t") shared 1 (ref null (shared func))))
    (core instance $t (instantiate $t))
    (core func (canon thread.spawn-indirect $start (core table $t "t"))))"#;

#[test]
fn preemptive_threads_and_imported_core_modules_are_for_the_other_runtime() {
    let with_module = r#"(component (import "m" (core module)))"#;
    let nested = format!(
        "(component (component {with_module}))",
        with_module = &with_module[11..with_module.len() - 1]
    );
    for (text, expected) in [
        ("(component)", true),
        (IMPORTS, true),
        (include_str!("../components/spawn-indirect.wat"), true),
        (&nested, true),
        (with_module, false),
        (PREEMPTIVE, false),
    ] {
        let answer = weft_lower::Component::read(text.as_bytes()).and_then(|component| can_run(&component));
        assert_eq!(answer.ok(), Some(expected), "{text}");
    }
    match compile(&engine(), PREEMPTIVE.as_bytes(), Profile::Full).map(drop) {
        Err(Error::Lower(error)) => assert!(error.to_string().contains("preemptive"), "{error}"),
        outcome => panic!("{outcome:?}"),
    }
}

#[test]
fn what_is_no_valid_component_is_refused() {
    for text in [
        "(module)",
        "(component",
        "(component (core func (canon thread.new-indirect 0 (core table 0))))",
        // The translator would panic on these.
        r#"(component (import "f" (func $f)) (start $f))"#,
        r#"(component (import "v" (value $v string)) (export "w" (value $v)))"#,
    ] {
        let outcome = compile(&engine(), text.as_bytes(), Profile::Full).map(drop);
        assert!(
            matches!(outcome, Err(Error::Lower(_) | Error::Engine { .. })),
            "{text}: {outcome:?}"
        );
    }
}

#[test]
fn wide_context_slots_are_refused_by_name() {
    for builtin in ["context.get", "context.set"] {
        let text = format!("(component (core func (canon {builtin} i64 0)) (core func (canon thread.yield)))");
        let Err(error) = compile(&engine(), text.as_bytes(), Profile::Full) else {
            panic!("`{builtin}` is accepted");
        };
        let error = error.to_string();
        let named = format!("`{builtin} i64` in a component without preemptive threads (rule CTX-04) is not supported");
        assert!(error.starts_with(&named), "{error}");
    }
}

/// The specification has room for 268,435,455 (IDX-09). Wasmtime has 100,000 by default, and a table of a million entries, of
/// which each thread takes two.
#[test]
fn a_store_has_room_for_half_a_million_threads() {
    let text = r#"(component
        (core module $t (table (export "t") 1 funcref))
        (core instance $t (instantiate $t))
        (core type $start (func (param i32)))
        (core func $new (canon thread.new-indirect $start (core table $t "t")))
        (core module $m
            (import "" "t" (table 1 funcref))
            (import "" "new" (func $new (param i32 i32) (result i32)))
            (func $start (param i32))
            (elem (i32.const 0) func $start)
            (func (export "new") (param $count i32) (result i32)
                (local $last i32)
                (loop $again
                    (local.set $last (call $new (i32.const 0) (i32.const 0)))
                    (local.set $count (i32.sub (local.get $count) (i32.const 1)))
                    (br_if $again (local.get $count)))
                (local.get $last)))
        (core instance $m (instantiate $m (with "" (instance (export "t" (table $t "t")) (export "new" (func $new))))))
        (func (export "new") (param "count" u32) (result u32) (canon lift (core func $m "new"))))"#;
    let mut program = Program::new(text);
    let results = program.call("new", &[Val::U32(490_000)]).expect("threads");
    assert_eq!(results, [Val::U32(490_001)]);
    let trap = program.trap("new", &[Val::U32(10_000)]);
    assert_eq!(trap.message(), "resource table has no free keys");
}
