//! Passes values of every kind from eight threads at once, while other threads grow the memory, allocate and drop
//! handles, and while a thread rewrites the passed bytes.
//!
//! The values go to the host. In a second form of the component, they first go through another component, whose strings
//! have another encoding.

use crate::support::{WORKERS, component, engine, watched};
use std::sync::atomic::{AtomicU32, Ordering};
use weft_parallel::{Component, Engine, Error, Instance, Linker, ResourceAny, ResourceType, ThreadContext, Val};

/// The types, as declarations of an instance type. A value of type `all` takes 152 bytes.
const TYPES: &str = r#"
  (export "r" (type $r (sub resource)))
  (type $shape' (variant (case "dot") (case "text" string) (case "wide" u64)))
  (export "shape" (type $shape (eq $shape')))
  (type $color' (enum "red" "green" "blue"))
  (export "color" (type $color (eq $color')))
  (type $modes' (flags "a" "b" "c"))
  (export "modes" (type $modes (eq $modes')))
  (type $all' (record
    (field "f-bool" bool) (field "f-s8" s8) (field "f-u8" u8) (field "f-s16" s16) (field "f-u16" u16) (field "f-s32" s32)
    (field "f-u32" u32) (field "f-s64" s64) (field "f-u64" u64) (field "f-f32" f32) (field "f-f64" f64) (field "f-char" char)
    (field "f-string" string) (field "f-list" (list u16)) (field "f-fixed" (list u8 3)) (field "f-map" (map u8 string))
    (field "f-tuple" (tuple u8 u64)) (field "f-shape" $shape) (field "f-color" $color) (field "f-option" (option string))
    (field "f-result" (result u8 (error string))) (field "f-modes" $modes) (field "f-own" (own $r))))
  (export "all" (type $all (eq $all')))"#;

/// The threads. `@PASS@` passes the value at `$at + 8` with the number at `$at`, and gets one at `$at + 512`.
const THREADS: &str = r#"
  (import "api" (instance $api @TYPES@
    (export "make" (func (param "rep" u32) (result (own $r))))
    (export "first" (func (param "number" u32) (result $all)))
    (export "pass" (func (param "number" u32) (param "value" $all) (result $all)))))
  (alias export $api "r" (type $r))
  (alias export $api "all" (type $all))
  @IMPORT@
  (core module $libc
    (type $realloc (shared (func (param i32 i32 i32 i32) (result i32))))
    (memory (export "memory") 16 512 shared)
    (table (export "table") shared 4 4 (ref null (shared func)))
    (data (i32.const 0) "\00\00\01\00")
    (func (export "realloc") (type $realloc) (local $at i32)
      (local.set $at (i32.atomic.rmw.add (i32.const 0) (i32.and (i32.add (local.get 3) (i32.const 15)) (i32.const -8))))
      (memory.copy (local.get $at) (local.get 0)
        (select (local.get 1) (local.get 3) (i32.lt_u (local.get 1) (local.get 3))))
      (local.get $at)))
  (core instance $libc (instantiate $libc))
  (alias core export $libc "memory" (core memory $memory))
  (alias core export $libc "realloc" (core func $realloc))
  (core type $start (shared (func (param i32))))
  (core func $spawn (canon thread.spawn-indirect shared $start (table $libc "table")))
  (core func $make (canon lower (func $api "make")))
  (core func $drop (canon resource.drop $r))
  (core func $first (canon lower (func $api "first") (memory $memory) (realloc $realloc) string-encoding=latin1+utf16))
  (core func $pass (canon lower (func $api "pass") (memory $memory) (realloc $realloc) string-encoding=latin1+utf16))
  (core func $echo (canon lower (func @ECHO@) (memory $memory) (realloc $realloc) string-encoding=latin1+utf16))
  (core module $m
    (type $start (shared (func (param i32))))
    (type $unary (shared (func (param i32) (result i32))))
    (type $pair (shared (func (param i32 i32))))
    (type $binary (shared (func (param i32 i32) (result i32))))
    (type $realloc (shared (func (param i32 i32 i32 i32) (result i32))))
    (type $run (func (param i32 i32)))
    (import "libc" "memory" (memory 16 512 shared))
    (import "libc" "table" (table $table shared 4 4 (ref null (shared func))))
    (import "libc" "realloc" (func $realloc (type $realloc)))
    (import "host" "spawn" (func $spawn (type $binary)))
    (import "host" "make" (func $make (type $unary)))
    (import "host" "drop" (func $drop (type $start)))
    (import "host" "first" (func $first (type $pair)))
    (import "host" "pass" (func $pass (type $pair)))
    (import "host" "echo" (func $echo (type $pair)))
    (func $pass-on (type $pair) (param $at i32) (param $value i32)
      (memory.copy (i32.add (local.get $at) (i32.const 8)) (local.get $value) (i32.const 152))
      @PASS@)
    (func $passes (type $start) (param $number i32) (local $at i32) (local $rounds i32)
      (local.set $at (i32.add (i32.const 4096) (i32.mul (local.get $number) (i32.const 1024))))
      (local.set $rounds (i32.load (i32.const 16)))
      (i32.store (local.get $at) (local.get $number))
      (call $first (local.get $number) (i32.add (local.get $at) (i32.const 512)))
      (loop $again
        (call $pass-on (local.get $at) (i32.add (local.get $at) (i32.const 512)))
        (if (i32.eqz (i32.and (local.get $rounds) (i32.const 7))) (then (drop (memory.grow (i32.const 1)))))
        (local.set $rounds (i32.sub (local.get $rounds) (i32.const 1)))
        (br_if $again (local.get $rounds)))
      (drop (i32.atomic.rmw.add (i32.const 20) (i32.const 1)))
      (drop (memory.atomic.notify (i32.const 20) (i32.const -1))))
    ;; Until all have passed their values, makes and drops handles, allocates, and grows the memory.
    (func $churns (type $start)
      (loop $again
        (call $drop (call $make (local.get 0)))
        (drop (call $realloc (i32.const 0) (i32.const 0) (i32.const 8) (i32.const 8)))
        (drop (memory.grow (i32.const 0)))
        (br_if $again (i32.ne (i32.atomic.load (i32.const 20)) (i32.const 8)))))
    ;; Meanwhile, changes bytes of the values and of what they lead to, anywhere.
    (func $writes (type $start) (param $random i32) (local $at i32)
      (loop $again
        (local.set $random (i32.add (i32.mul (local.get $random) (i32.const 1664525)) (i32.const 1013904223)))
        (local.set $at (select
          (i32.add (i32.const 4096) (i32.and (i32.shr_u (local.get $random) (i32.const 8)) (i32.const 0x1fff)))
          (i32.add (i32.const 0x10000) (i32.and (i32.shr_u (local.get $random) (i32.const 8)) (i32.const 0x1fff)))
          (i32.and (local.get $random) (i32.const 0x80))))
        (i32.atomic.store8 (local.get $at) (select (i32.shr_u (local.get $random) (i32.const 24))
          (i32.and (i32.shr_u (local.get $random) (i32.const 24)) (i32.const 1))
          (i32.and (local.get $random) (i32.const 0x40))))
        (br_if $again (i32.ne (i32.atomic.load (i32.const 20)) (i32.const 8)))))
    (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $passes) (ref.func $churns) (ref.func $writes))
    ;; The second argument is where the writer begins. Without one, there is no writer.
    (func (export "run") (type $run) (param $rounds i32) (param $random i32) (local $next i32)
      (i32.store (i32.const 16) (local.get $rounds))
      (drop (call $spawn (i32.const 1) (i32.const 100)))
      (drop (call $spawn (i32.const 1) (i32.const 101)))
      (loop $again
        (drop (call $spawn (i32.const 0) (local.get $next)))
        (local.set $next (i32.add (local.get $next) (i32.const 1)))
        (br_if $again (i32.ne (local.get $next) (i32.const 8))))
      (if (local.get $random) (then (drop (call $spawn (i32.const 2) (local.get $random)))))
      (loop $again
        (local.set $next (i32.atomic.load (i32.const 20)))
        (if (i32.ne (local.get $next) (i32.const 8)) (then
          (drop (memory.atomic.wait32 (i32.const 20) (local.get $next) (i64.const -1)))
          (br $again))))))
  (core instance $m (instantiate $m (with "libc" (instance $libc)) (with "host" (instance
    (export "spawn" (func $spawn)) (export "make" (func $make)) (export "drop" (func $drop))
    (export "first" (func $first)) (export "pass" (func $pass)) (export "echo" (func $echo))))))
  (func (export "run") (param "rounds" u32) (param "random" u32) (canon lift (core func $m "run")))"#;

/// The component that gives back what it is given.
const ECHO: &str = r#"
  (import "api" (instance $api @TYPES@))
  (alias export $api "all" (type $all))
  (core module $m
    (type $realloc (shared (func (param i32 i32 i32 i32) (result i32))))
    (type $unary (shared (func (param i32) (result i32))))
    (memory (export "memory") 16 64 shared)
    (data (i32.const 0) "\10\00\00\00")
    ;; There is room for what all calls allocate at a time.
    (func (export "realloc") (type $realloc) (local $at i32)
      (local.set $at (i32.and
        (i32.atomic.rmw.add (i32.const 0) (i32.and (i32.add (local.get 3) (i32.const 15)) (i32.const -8)))
        (i32.const 0x7ffff)))
      (memory.copy (local.get $at) (local.get 0)
        (select (local.get 1) (local.get 3) (i32.lt_u (local.get 1) (local.get 3))))
      (i32.add (local.get $at) (i32.const 16)))
    (func (export "same") (type $unary) (i32.add (local.get 0) (i32.const 8))))
  (core instance $m (instantiate $m))
  (func (export "pass") (param "number" u32) (param "value" $all) (result $all)
    (canon lift (core func $m "same") (memory $m "memory") (realloc (func $m "realloc")) string-encoding=utf16))"#;

/// The component, and whether the values go through another one.
fn text(through_another: bool) -> String {
    let (import, echo, pass) = match through_another {
        true => (
            r#"(import "echo" (func $echoes (param "number" u32) (param "value" $all) (result $all)))"#,
            "$echoes",
            "(call $echo (local.get $at) (i32.add (local.get $at) (i32.const 256)))
             (memory.copy (i32.add (local.get $at) (i32.const 8)) (i32.add (local.get $at) (i32.const 256)) (i32.const 152))
             (call $pass (local.get $at) (i32.add (local.get $at) (i32.const 512)))",
        ),
        false => (
            "",
            r#"$api "pass""#,
            "(call $pass (local.get $at) (i32.add (local.get $at) (i32.const 512)))",
        ),
    };
    let threads = THREADS
        .replace("@IMPORT@", import)
        .replace("@ECHO@", echo)
        .replace("@PASS@", pass);
    let text = match through_another {
        false => format!("(component {threads})"),
        true => format!(
            r#"(component
              (import "api" (instance $api @TYPES@
                (export "make" (func (param "rep" u32) (result (own $r))))
                (export "first" (func (param "number" u32) (result $all)))
                (export "pass" (func (param "number" u32) (param "value" $all) (result $all)))))
              (component $Echo {ECHO})
              (instance $echo (instantiate $Echo (with "api" (instance $api))))
              (component $Threads {threads})
              (instance $threads (instantiate $Threads (with "api" (instance $api)) (with "echo" (func $echo "pass"))))
              (export "run" (func $threads "run")))"#
        ),
    };
    text.replace("@TYPES@", TYPES)
}

/// The host's resource type.
struct Handle;

/// What the host has seen.
#[derive(Default)]
struct Seen {
    passed: AtomicU32,
    dropped: AtomicU32,
}

/// The value of a thread.
fn value(number: u32, own: ResourceAny) -> Val {
    let text = |text: &str| Val::String(format!("{text} {number} ÿ🦀"));
    let some = |value| Some(Box::new(value));
    let wide = u64::from(number) << 33;
    let shape = match number % 3 {
        0 => Val::Variant("dot".into(), None),
        1 => Val::Variant("text".into(), some(text("shape"))),
        _ => Val::Variant("wide".into(), some(Val::U64(wide))),
    };
    let (option, result) = match number % 2 {
        0 => (Val::Option(None), Val::Result(Ok(some(Val::U8(5))))),
        _ => (Val::Option(some(text("some"))), Val::Result(Err(some(text("wrong"))))),
    };
    let fields = [
        ("bool", Val::Bool(number % 2 == 1)),
        ("s8", Val::S8(-1)),
        ("u8", Val::U8(number as u8)),
        ("s16", Val::S16(-(number as i16))),
        ("u16", Val::U16(0xffff)),
        ("s32", Val::S32(i32::MIN)),
        ("u32", Val::U32(number)),
        ("s64", Val::S64(i64::MIN)),
        ("u64", Val::U64(wide)),
        ("f32", Val::Float32(number as f32)),
        ("f64", Val::Float64(-0.5)),
        ("char", Val::Char('🦀')),
        ("string", text("string")),
        ("list", Val::List((0..number as u16).map(Val::U16).collect())),
        ("fixed", Val::FixedLengthList(vec![Val::U8(1), Val::U8(2), Val::U8(3)])),
        (
            "map",
            Val::Map(vec![(Val::U8(7), text("first")), (Val::U8(8), text("second"))]),
        ),
        ("tuple", Val::Tuple(vec![Val::U8(number as u8), Val::U64(wide)])),
        ("shape", shape),
        ("color", Val::Enum(["red", "green", "blue"][number as usize % 3].into())),
        ("option", option),
        ("result", result),
        ("modes", Val::Flags(vec!["a".into(), "c".into()])),
        ("own", Val::Resource(own)),
    ];
    Val::Record(fields.map(|(name, value)| (format!("f-{name}"), value)).into())
}

fn own(value: &Val) -> Option<ResourceAny> {
    let Val::Record(fields) = value else {
        return None;
    };
    match fields.last() {
        Some((_, Val::Resource(own))) => Some(*own),
        _ => None,
    }
}

/// `is_exact` says that nothing rewrites the values.
fn instance(engine: &Engine, component: &Component, is_exact: bool) -> Instance<Seen> {
    let mut linker = Linker::<Seen>::new(engine);
    let mut api = linker.instance("api").expect("no function has this name");
    let made = |thread: &ThreadContext<'_, Seen>, rep| thread.data().new_resource::<Handle>(rep);
    api.resource("r", ResourceType::host::<Handle>(), |thread, _| {
        thread.data().host().dropped.fetch_add(1, Ordering::Relaxed);
        Ok(())
    })
    .and_then(|api| {
        api.func_new("make", move |thread, arguments| match arguments {
            [Val::U32(rep)] => Ok(Some(Val::Resource(made(&thread, *rep)?))),
            other => panic!("{other:?}"),
        })
    })
    .and_then(|api| {
        api.func_new("first", move |thread, arguments| match arguments {
            [Val::U32(number)] => Ok(Some(value(*number, made(&thread, *number)?))),
            other => panic!("{other:?}"),
        })
    })
    .and_then(|api| {
        api.func_new("pass", move |thread, arguments| {
            let (Val::U32(number), given) = (&arguments[0], &arguments[1]) else {
                panic!("{arguments:?}");
            };
            let passed = own(given).expect("the last field is a handle");
            if is_exact {
                assert_eq!(*given, value(*number, passed));
            }
            let rep = thread.data().take_resource::<Handle>(passed)?;
            assert!(rep == *number || !is_exact, "the handle of another thread");
            thread.data().host().passed.fetch_add(1, Ordering::Relaxed);
            Ok(Some(value(number % 8, made(&thread, number % 8)?)))
        })
    })
    .expect("defined once");
    linker.instantiate(component, Seen::default()).expect("an instance")
}

#[test]
fn eight_threads_pass_every_kind_of_value_at_once() {
    watched(|| {
        for through_another in [false, true] {
            for workers in WORKERS {
                let engine = engine(workers);
                let component = component(&engine, &text(through_another));
                let instance = instance(&engine, &component, true);
                let run = instance.get_func(&["run"]).expect("exported");
                run.call(&[Val::U32(40), Val::U32(0)]).expect("no trap");
                let seen = instance.host();
                assert_eq!(seen.passed.load(Ordering::Relaxed), 8 * 40);
                assert!(seen.dropped.load(Ordering::Relaxed) > 0);
            }
        }
    });
}

/// Lengths, pointers, discriminants, handles and bytes of strings change while they are lifted, and while an adapter copies them.
#[test]
fn values_of_every_kind_that_change_meanwhile_are_values_or_traps() {
    for through_another in [false, true] {
        watched(move || {
            let engine = engine(2);
            let component = component(&engine, &text(through_another));
            let mut traps = 0;
            for random in 1..60 {
                let instance = instance(&engine, &component, false);
                let run = instance.get_func(&["run"]).expect("exported");
                match run.call(&[Val::U32(20), Val::U32(0x9e37_79b1_u32.wrapping_mul(random))]) {
                    Ok(result) => assert_eq!(result, None),
                    Err(Error::Trap(_)) => traps += 1,
                    Err(other) => panic!("{other:?}"),
                }
            }
            assert!(traps > 0, "no byte that was written made a difference");
        });
    }
}
