//! Functions with Rust types: those that the host defines, on values of all kinds and from many threads, and those that it calls.

use crate::host_resources::FILES;
use crate::support::{WORKERS, component, engine, trap, watched};
use std::sync::Mutex;
use weft::wasmtime;
use weft::{Component, ComponentType, Engine, Error, Exit, HostParams, HostResult, Instance, Lift, Linker, Lower};
use weft::{Resource, ResourceType, ThreadContext, Val};

const GREET: &str = include_str!("../../../../examples/components/greet.wat");

/// How a host function is defined.
#[derive(Debug, Clone, Copy)]
enum Form {
    Returning,
    Suspending,
    Blocking,
}

const FORMS: [Form; 3] = [Form::Returning, Form::Suspending, Form::Blocking];

/// The lines that guest threads log.
#[derive(Default)]
struct Lines(Mutex<Vec<String>>);

impl Lines {
    fn add(&self, line: String) {
        self.0.lock().expect("no panic under the lock").push(line);
    }
}

#[test]
fn a_string_goes_in_and_comes_out_with_a_thread_that_logs_it() {
    watched(|| {
        for (workers, form) in WORKERS
            .into_iter()
            .flat_map(|workers| FORMS.map(|form| (workers, form)))
        {
            let engine = engine(workers);
            let mut linker = Linker::<Lines>::new(&engine);
            let mut log = linker.instance("example:greeting/log@1.0.0").expect("no function");
            match form {
                Form::Returning => log.func_wrap("line", |thread: ThreadContext<'_, Lines>, (line,): (String,)| {
                    thread.data().host().add(line);
                    Ok(())
                }),
                Form::Suspending => log.func_wrap_async("line", |thread, (line,): (String,)| {
                    Box::new(async move {
                        weft::yield_now().await;
                        thread.data().host().add(line);
                        Ok(())
                    })
                }),
                Form::Blocking => log.func_wrap_blocking("line", |caller, (line,): (String,)| {
                    caller.host().add(line);
                    Ok(())
                }),
            }
            .expect("defined once");
            let component = component(&engine, GREET);
            let instance = linker.instantiate(&component, Lines::default()).expect("an instance");
            let greet = instance
                .get_typed_func::<(String,), (String,)>(&["greet"])
                .expect("of this type");
            for name in ["", "weft", "Grüße 🦀"] {
                assert_eq!(
                    greet.call((name.to_owned(),)).expect("no trap").0,
                    format!("Hello, {name}")
                );
            }
            let lines = instance.host().0.lock().expect("no panic under the lock");
            assert_eq!(lines.len(), 3, "{form:?}");
        }
    });
}

/// A component whose `run` passes its arguments to the host's `f`, and what that gives to its caller. `$params` are the core types
/// of the parameters, and `$result` is that of the result, or none if it is in memory.
fn echo(types: &str, params: &str, result: Option<&str>) -> String {
    echo_with("", types, params, result)
}

/// [`echo`] with definitions of types before it.
fn echo_with(definitions: &str, types: &str, params: &str, result: Option<&str>) -> String {
    let count = params.split_whitespace().count();
    let passed: String = (0..count).map(|index| format!("(local.get {index})")).collect();
    let (result, returned, passed, then) = match result {
        Some(result) => (format!("(result {result})"), format!("(result {result})"), passed, ""),
        None => (
            "(param i32)".to_owned(),
            "(result i32)".to_owned(),
            format!("{passed}(i32.const 1024)"),
            "(i32.const 1024)",
        ),
    };
    format!(
        r#"(component
            {definitions}
            (import "f" (func $f {types}))
            (core module $libc
                (memory (export "memory") 4)
                (global $next (mut i32) (i32.const 4096))
                (func (export "realloc") (param i32 i32 i32 i32) (result i32) (local $at i32)
                    (local.set $at (i32.and (i32.add (global.get $next) (i32.const 15)) (i32.const -16)))
                    (global.set $next (i32.add (local.get $at) (local.get 3)))
                    (local.get $at)))
            (core instance $libc (instantiate $libc))
            (core func $f (canon lower (func $f)
                (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
            (core module $m
                (import "" "f" (func $f (param {params}) {result}))
                (func (export "run") (param {params}) {returned} (call $f {passed}) {then}))
            (core instance $m (instantiate $m (with "" (instance (export "f" (func $f))))))
            (func (export "run") {types} (canon lift (core func $m "run")
                (memory (core memory $libc "memory")) (realloc (core func $libc "realloc")))))"#
    )
}

/// Passes a value to a guest, from there to a host function that checks it and gives it back, and back again.
fn goes_round<P>(component: &str, value: P)
where
    P: HostParams + HostResult + Clone + PartialEq + std::fmt::Debug + 'static,
{
    let engine = engine(1);
    for form in FORMS {
        let component = Component::new(&engine, component.as_bytes()).expect("a valid component");
        let mut linker = Linker::<()>::new(&engine);
        let mut root = linker.root();
        let expected = value.clone();
        let check = move |given: P| {
            assert_eq!(given, expected);
            Ok(given)
        };
        match form {
            Form::Returning => root.func_wrap("f", move |_: ThreadContext<'_, ()>, given: P| check(given)),
            Form::Suspending => root.func_wrap_async("f", move |_, given: P| {
                let outcome = check(given);
                Box::new(async move {
                    weft::yield_now().await;
                    outcome
                })
            }),
            Form::Blocking => root.func_wrap_blocking("f", move |_, given: P| check(given)),
        }
        .expect("defined once");
        let instance = linker.instantiate(&component, ()).expect("an instance");
        let run = instance.get_typed_func::<P, P>(&["run"]).expect("of this type");
        for _ in 0..2 {
            assert_eq!(run.call(value.clone()).expect("no trap"), value);
        }
    }
}

#[test]
fn values_of_all_kinds_go_round() {
    watched(|| {
        let of = |ty: &str| format!(r#"(param "a" {ty}) (result {ty})"#);
        goes_round(&echo(&of("u32"), "i32", Some("i32")), (7_u32,));
        goes_round(&echo(&of("s8"), "i32", Some("i32")), (-7_i8,));
        goes_round(&echo(&of("s64"), "i64", Some("i64")), (i64::MIN,));
        goes_round(&echo(&of("f64"), "f64", Some("f64")), (0.25_f64,));
        goes_round(&echo(&of("f32"), "f32", Some("f32")), (-1.5_f32,));
        goes_round(&echo(&of("char"), "i32", Some("i32")), ('é',));
        goes_round(&echo(&of("bool"), "i32", Some("i32")), (true,));
        goes_round(&echo(&of("string"), "i32 i32", None), ("weft ⛵".to_owned(),));
        goes_round(&echo(&of("(list u8)"), "i32 i32", None), (vec![1_u8, 2, 255],));
        goes_round(&echo(&of("(list u64)"), "i32 i32", None), (vec![1_u64, u64::MAX],));
        let words = vec!["one".to_owned(), String::new(), "three".to_owned()];
        goes_round(&echo(&of("(list string)"), "i32 i32", None), (words,));
        let result = echo(&of("(result string (error u64))"), "i32 i64 i32", None);
        goes_round(&result, (Ok::<String, u64>("fine".to_owned()),));
        goes_round(&result, (Err::<String, u64>(u64::MAX),));
        goes_round(&echo(&of("(option f32)"), "i32 f32", None), (Some(1.5_f32),));
        goes_round(&echo(&of("(result)"), "i32", Some("i32")), (Err::<(), ()>(()),));
        let tuple = echo(&of("(tuple u8 string (tuple s64 bool))"), "i32 i32 i32 i64 i32", None);
        goes_round(&tuple, ((1_u8, "two".to_owned(), (-3_i64, true)),));
    });
}

#[derive(Debug, Clone, PartialEq, ComponentType, Lift, Lower)]
#[component(record)]
struct Sample {
    at: u8,
    #[component(name = "label-text")]
    label: String,
    values: Vec<f32>,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, ComponentType, Lift, Lower)]
#[component(enum)]
enum Kind {
    Raw,
    HalfCooked,
    #[component(name = "done")]
    Cooked,
}

#[derive(Debug, Clone, PartialEq, ComponentType, Lift, Lower)]
#[component(variant)]
enum Origin {
    Unknown,
    Camera(u64),
    Artist((String, f32)),
}

/// A record whose field types the host chooses.
#[derive(Debug, Clone, PartialEq, ComponentType, Lift, Lower)]
#[component(record)]
struct Pair<A, B> {
    left: A,
    right: B,
}

weft::flags! {
    /// What a guest may do.
    Access {
        const READ;
        const WRITE;
        #[component(name = "run-it")]
        const RUN;
    }
}

const KIND: &str = r#"(type $kind' (enum "raw" "half-cooked" "done")) (import "kind" (type $kind (eq $kind')))"#;

#[test]
fn derived_types_go_round() {
    watched(|| {
        let record = format!(
            r#"{KIND} (type $sample' (record
                (field "at" u8) (field "label-text" string) (field "values" (list f32)) (field "kind" $kind)))
            (import "sample" (type $sample (eq $sample')))"#
        );
        let of = |ty: &str| format!(r#"(param "a" {ty}) (result {ty})"#);
        let sample = Sample {
            at: 3,
            label: "Probe".to_owned(),
            values: vec![0.5, -1.0],
            kind: Kind::HalfCooked,
        };
        goes_round(
            &echo_with(&record, &of("$sample"), "i32 i32 i32 i32 i32 i32", None),
            (sample.clone(),),
        );
        let list = echo_with(&record, &of("(list $sample)"), "i32 i32", None);
        goes_round(&list, (vec![sample.clone(), Sample { at: 4, ..sample }],));
        for kind in [Kind::Raw, Kind::HalfCooked, Kind::Cooked] {
            goes_round(&echo_with(KIND, &of("$kind"), "i32", Some("i32")), (kind,));
        }
        let origin = r#"(type $origin' (variant
                (case "unknown") (case "camera" u64) (case "artist" (tuple string f32))))
            (import "origin" (type $origin (eq $origin')))"#;
        for value in [
            Origin::Unknown,
            Origin::Camera(u64::MAX),
            Origin::Artist(("Ada".to_owned(), 1.5)),
        ] {
            let flat = echo_with(origin, &of("$origin"), "i32 i64 i32 f32", None);
            goes_round(&flat, (value.clone(),));
            let list = echo_with(origin, &of("(list $origin)"), "i32 i32", None);
            goes_round(&list, (vec![value.clone(), Origin::Unknown, value],));
        }
        let access =
            r#"(type $access' (flags "read" "write" "run-it")) (import "access" (type $access (eq $access')))"#;
        for value in [Access::empty(), Access::READ | Access::RUN, Access::all()] {
            goes_round(&echo_with(access, &of("$access"), "i32", Some("i32")), (value,));
            let list = echo_with(access, &of("(list $access)"), "i32 i32", None);
            goes_round(&list, (vec![value],));
        }
        let pair = r#"(type $pair' (record (field "left" u8) (field "right" string)))
            (import "pair" (type $pair (eq $pair')))"#;
        let value = Pair {
            left: 7_u8,
            right: "seven".to_owned(),
        };
        goes_round(&echo_with(pair, &of("$pair"), "i32 i32 i32", None), (value,));
    });
}

#[test]
fn flags_are_sets() {
    let both = Access::READ | Access::WRITE;
    assert!(both.contains(Access::READ) && !both.contains(Access::RUN));
    assert!(both.intersects(Access::WRITE | Access::RUN));
    assert_eq!(both - Access::READ, Access::WRITE);
    assert_eq!(!both, Access::RUN);
    assert_eq!((both ^ Access::all()) & Access::RUN, Access::RUN);
    assert_eq!(both.bits(), 3);
    assert_eq!(format!("{:?}", Access::READ | Access::RUN), r#"{"read", "run-it"}"#);
    assert!(Access::default().is_empty());
}

#[test]
fn derived_types_that_do_not_fit_are_named() {
    watched(|| {
        let engine = engine(1);
        let refused = |definitions: &str, ty: &str, core: &str, define: fn(&mut Linker<()>)| {
            let types = format!(r#"(param "a" {ty}) (result {ty})"#);
            let component = Component::new(&engine, echo_with(definitions, &types, core, Some("i32")).as_bytes());
            let mut linker = Linker::<()>::new(&engine);
            define(&mut linker);
            match linker.instantiate(&component.expect("a valid component"), ()) {
                Err(Error::Link(message)) => message,
                Err(other) => panic!("{other:?}"),
                Ok(_) => panic!("the types differ"),
            }
        };
        fn define<V: 'static>(linker: &mut Linker<()>)
        where
            (V,): HostParams + HostResult,
        {
            let same = |_: ThreadContext<'_, ()>, (value,): (V,)| Ok((value,));
            linker.root().func_wrap("f", same).expect("defined once");
        }
        let message = |reason| {
            format!("the host defines `f` with other types than the component imports: argument `a`: {reason}")
        };
        assert_eq!(
            refused(KIND, "$kind", "i32", define::<Access>),
            message("expected flags, found enum")
        );
        let kind = r#"(type $kind' (enum "raw" "cooked" "done")) (import "kind" (type $kind (eq $kind')))"#;
        assert_eq!(
            refused(kind, "$kind", "i32", define::<Kind>),
            message("expected case `half-cooked`, found case `cooked`")
        );
        let one = r#"(type $one' (record (field "left" u8))) (import "one" (type $one (eq $one')))"#;
        assert_eq!(
            refused(one, "$one", "i32", define::<Pair<u8, u8>>),
            message("expected 2 field(s), found 1")
        );
    });
}

#[test]
fn functions_without_parameters_or_result_are_called() {
    watched(|| {
        let engine = engine(1);
        let mut linker = Linker::<Lines>::new(&engine);
        linker
            .root()
            .func_wrap("f", |thread: ThreadContext<'_, Lines>, (): ()| {
                thread.data().host().add("called".to_owned());
                Ok(())
            })
            .expect("defined once");
        let text = r#"(component
            (import "f" (func $f))
            (core func $f (canon lower (func $f)))
            (core module $m (import "" "f" (func $f)) (func (export "run") (call $f)))
            (core instance $m (instantiate $m (with "" (instance (export "f" (func $f))))))
            (func (export "run") (canon lift (core func $m "run"))))"#;
        let instance = linker
            .instantiate(&component(&engine, text), Lines::default())
            .expect("an instance");
        let run = instance.get_typed_func::<(), ()>(&["run"]).expect("of this type");
        run.call(()).expect("no trap");
        assert_eq!(instance.host().0.lock().expect("no panic").len(), 1);
    });
}

#[test]
fn a_host_function_of_other_types_is_refused_at_instantiation() {
    watched(|| {
        let engine = engine(1);
        let component = component(&engine, GREET);
        let mut linker = Linker::<()>::new(&engine);
        let mut log = linker.instance("example:greeting/log@1.0.0").expect("no function");
        log.func_wrap("line", |_: ThreadContext<'_, ()>, (_,): (Vec<u8>,)| Ok(()))
            .expect("defined once");
        match linker.instantiate(&component, ()) {
            Err(Error::Link(message)) => assert_eq!(
                message,
                "the host defines `example:greeting/log@1.0.0#line` with other types than the component imports: argument \
                 `text`: expected list, found string"
            ),
            Err(other) => panic!("{other:?}"),
            Ok(_) => panic!("a string is no list"),
        }
    });
}

#[test]
fn an_export_of_other_types_is_refused() {
    watched(|| {
        let engine = engine(1);
        let mut linker = Linker::<()>::new(&engine);
        linker
            .instance("example:greeting/log@1.0.0")
            .expect("no function")
            .func_wrap("line", |_: ThreadContext<'_, ()>, (_,): (String,)| Ok(()))
            .expect("defined once");
        let instance = linker.instantiate(&component(&engine, GREET), ()).expect("an instance");
        let refused = |error: Option<Error>| error.expect("refused").to_string();
        assert_eq!(
            refused(instance.get_typed_func::<(u32,), (String,)>(&["greet"]).err()),
            "`greet` has other types than the host expects: argument `name`: expected u32, found string"
        );
        assert_eq!(
            refused(instance.get_typed_func::<(String,), ()>(&["greet"]).err()),
            "`greet` has other types than the host expects: expected 1 result(s), found 0"
        );
        assert_eq!(
            refused(instance.get_typed_func::<(), ()>(&["great"]).err()),
            "the component exports no function `great`"
        );
        let greet = instance.get_func(&["greet"]).expect("exported");
        drop(instance);
        assert!(matches!(
            greet.typed::<(String,), (String,)>().err(),
            Some(Error::Ended)
        ));
    });
}

#[test]
fn an_error_of_a_host_function_ends_the_program() {
    watched(|| {
        let engine = engine(2);
        let text = echo(r#"(param "a" u32) (result u32)"#, "i32", Some("i32"));
        for form in FORMS {
            let component = Component::new(&engine, text.as_bytes()).expect("a valid component");
            let mut linker = Linker::<()>::new(&engine);
            let mut root = linker.root();
            let fail = |code: u32| -> wasmtime::Result<(u32,)> { Err(Exit(code as i32).into()) };
            match form {
                Form::Returning => root.func_wrap("f", move |_: ThreadContext<'_, ()>, (code,)| fail(code)),
                Form::Suspending => root.func_wrap_async("f", move |_, (code,)| Box::new(async move { fail(code) })),
                Form::Blocking => root.func_wrap_blocking("f", move |_, (code,)| fail(code)),
            }
            .expect("defined once");
            let instance = linker.instantiate(&component, ()).expect("an instance");
            let run = instance
                .get_typed_func::<(u32,), (u32,)>(&["run"])
                .expect("of this type");
            assert!(matches!(run.call((7,)), Err(Error::Exit(7))), "{form:?}");
        }
    });
}

#[test]
fn text_that_is_not_utf8_is_a_trap() {
    watched(|| {
        let text = r#"(component
            (import "f" (func $f (param "text" string)))
            (core module $libc (memory (export "memory") 1) (data (i32.const 16) "ok\ff"))
            (core instance $libc (instantiate $libc))
            (core func $f (canon lower (func $f) (memory (core memory $libc "memory"))))
            (core module $m
                (import "" "f" (func $f (param i32 i32)))
                (func (export "run") (call $f (i32.const 16) (i32.const 3))))
            (core instance $m (instantiate $m (with "" (instance (export "f" (func $f))))))
            (func (export "run") (canon lift (core func $m "run"))))"#;
        let engine = engine(1);
        let mut linker = Linker::<()>::new(&engine);
        linker
            .root()
            .func_wrap(
                "f",
                |_: ThreadContext<'_, ()>, (_,): (String,)| -> wasmtime::Result<()> { panic!("no text") },
            )
            .expect("defined once");
        let instance = linker.instantiate(&component(&engine, text), ()).expect("an instance");
        let run = instance.get_func(&["run"]).expect("exported");
        let message = trap(run.call(&[])).to_string();
        assert!(message.contains("invalid utf-8"), "{message}");
    });
}

/// What the host's resource type is told apart by.
struct File;

fn files(engine: &Engine) -> Linker<Lines> {
    let mut linker = Linker::<Lines>::new(engine);
    let mut files = linker.instance("test:files/files@1.0.0").expect("no function");
    files
        .resource(
            "file",
            ResourceType::host::<File>(),
            |thread: ThreadContext<'_, Lines>, rep| {
                thread.data().host().add(format!("dropped {rep}"));
                Ok(())
            },
        )
        .expect("defined once");
    files
        .func_wrap("open", |_: ThreadContext<'_, Lines>, (number,): (u32,)| {
            Ok((Resource::<File>::new_own(number * 10),))
        })
        .expect("defined once");
    files
        .func_wrap("read", |_: ThreadContext<'_, Lines>, (file,): (Resource<File>,)| {
            assert!(!file.owned());
            Ok((file.rep() + 1,))
        })
        .expect("defined once");
    linker
}

fn with_files(engine: &Engine) -> Instance<Lines> {
    let mut linker = files(engine);
    linker
        .instance("test:files/files@1.0.0")
        .expect("no function")
        .func_wrap_async("close", |_, (file,): (Resource<File>,)| {
            assert!(file.owned());
            Box::new(async move { Ok((file.rep(),)) })
        })
        .expect("defined once");
    linker
        .instantiate(&component(engine, FILES), Lines::default())
        .expect("an instance")
}

#[test]
fn resources_of_the_host_are_rust_values() {
    watched(|| {
        let instance = with_files(&engine(2));
        let call = |name, number: u32| {
            let func = instance
                .get_typed_func::<(u32,), (u32,)>(&[name])
                .expect("of this type");
            func.call((number,)).expect("no trap").0
        };
        assert_eq!(call("use", 4), 41);
        assert_eq!(call("closes", 5), 50);
        let threads = instance.get_typed_func::<(), ()>(&["threads"]).expect("of this type");
        threads.call(()).expect("no trap");
        let mut dropped = std::mem::take(&mut *instance.host().0.lock().expect("no panic"));
        dropped.sort();
        assert_eq!(
            dropped,
            ["dropped 10", "dropped 20", "dropped 30", "dropped 40", "dropped 40"]
        );
    });
}

#[test]
fn a_guest_borrows_a_typed_resource_for_one_call() {
    watched(|| {
        let engine = engine(1);
        let instance = with_files(&engine);
        let peek = instance
            .get_typed_func::<(Resource<File>,), (u32,)>(&["peek"])
            .expect("of this type");
        assert_eq!(peek.call((Resource::new_borrow(70),)).expect("no trap"), (71,));
        assert_eq!(peek.call((Resource::new_own(70),)).expect("no trap"), (71,));
        // A handle that the host made for values is of the same type.
        let file = instance.new_resource::<File>(80).expect("imported");
        let func = instance.get_func(&["peek"]).expect("exported");
        assert_eq!(func.call(&[Val::Resource(file)]).expect("no trap"), Some(Val::U32(81)));
        let keep = instance
            .get_typed_func::<(Resource<File>,), (u32,)>(&["keep"])
            .expect("of this type");
        let kept = trap(keep.call((Resource::new_borrow(1),))).to_string();
        assert!(
            kept.contains("borrow handles still remain at the end of the call"),
            "{kept}"
        );
    });
}

#[test]
fn a_resource_of_another_type_is_refused_at_instantiation() {
    watched(|| {
        let engine = engine(1);
        let mut linker = files(&engine);
        linker
            .instance("test:files/files@1.0.0")
            .expect("no function")
            .func_wrap("close", |_: ThreadContext<'_, Lines>, (file,): (Resource<Lines>,)| {
                Ok((file.rep(),))
            })
            .expect("defined once");
        match linker.instantiate(&component(&engine, FILES), Lines::default()) {
            Err(Error::Link(message)) => assert_eq!(
                message,
                "the host defines `test:files/files@1.0.0#close` with other types than the component imports: argument `file`: \
                 another resource type is expected"
            ),
            Err(other) => panic!("{other:?}"),
            Ok(_) => panic!("another resource"),
        }
    });
}
