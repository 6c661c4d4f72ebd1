//! Component instances that call each other: the same results and traps as Wasmtime's own components, and threads that call.

use crate::support::{WORKERS, component, engine, trap, watched};
use weft_parallel::wasmtime::{self, component as stock};
use weft_parallel::{Instance, Linker, Val};

/// One component starts threads, which call a shared function of a plain one. Its own thread calls an unshared one.
const THREADS: &str = include_str!("../../../lower/tests/cases/composed.wat");

const ENCODINGS: [&str; 3] = ["utf8", "utf16", "latin1+utf16"];

const STRINGS: [&str; 6] = [
    "",
    "plain",
    "Grüße",
    "ÿÿÿ",
    "a🦀ü",
    "Ωüber alles, und noch etwas mehr, damit es wächst",
];

fn instance(text: &str, workers: usize) -> Instance<()> {
    let engine = engine(workers);
    let linker = Linker::<()>::new(&engine);
    linker.instantiate(&component(&engine, text), ()).expect("an instance")
}

/// What Wasmtime's component runtime makes of a call, or the reason of the trap.
fn by_wasmtime(text: &str, export: &str, arguments: &[stock::Val]) -> Result<Vec<stock::Val>, String> {
    let engine = wasmtime::Engine::default();
    let binary = weft_lower::to_binary(text.as_bytes()).expect("a valid text");
    let component = stock::Component::new(&engine, binary).expect("a valid component");
    let mut store = wasmtime::Store::new(&engine, ());
    let instance = stock::Linker::new(&engine).instantiate(&mut store, &component);
    let function = instance.expect("an instance").get_func(&mut store, export);
    let function = function.expect("exported");
    let mut results = vec![stock::Val::Bool(false); function.ty(&store).results().len()];
    match function.call(&mut store, arguments, &mut results) {
        Ok(()) => Ok(results),
        Err(error) => Err(error.downcast::<wasmtime::Trap>().expect("a trap").to_string()),
    }
}

/// A component that hands strings and lists to another one, which gives them back. Each has its memory and encoding.
fn echo(caller: &str, callee: &str) -> String {
    let memory = r#"
      (memory (export "memory") 1 4)
      (global $end (mut i32) (i32.const 1024))
      (func $realloc (export "realloc") (param $old i32) (param $size i32) (param $align i32) (param $new i32) (result i32)
        (local $at i32)
        (if (i32.le_u (local.get $new) (local.get $size)) (then (return (local.get $old))))
        (local.set $at (i32.and (i32.add (global.get $end) (i32.const 7)) (i32.const -8)))
        (global.set $end (i32.add (local.get $at) (local.get $new)))
        (memory.copy (local.get $at) (local.get $old) (local.get $size))
        (local.get $at))
      (global $returned (mut i32) (i32.const 0))
      (func (export "post") (param i32) (global.set $returned (i32.add (global.get $returned) (i32.const 1))))
      (func (export "returned") (result i32) (global.get $returned))"#;
    format!(
        r#"(component
  (component $Callee
    (core module $m {memory}
      (func (export "echo") (param i32 i32) (result i32)
        (i32.store (i32.const 16) (local.get 0)) (i32.store (i32.const 20) (local.get 1)) (i32.const 16)))
    (core instance $m (instantiate $m))
    (func (export "echo") (param "text" string) (result string)
      (canon lift (core func $m "echo") (memory $m "memory") (realloc (func $m "realloc"))
        (post-return (func $m "post")) string-encoding={callee}))
    (func (export "items") (param "items" (list (tuple string u16 (option f32)))) (result (list (tuple string u16 (option f32))))
      (canon lift (core func $m "echo") (memory $m "memory") (realloc (func $m "realloc"))
        (post-return (func $m "post")) string-encoding={callee}))
    (func (export "returned") (result u32) (canon lift (core func $m "returned"))))
  (instance $callee (instantiate $Callee))
  (component $Caller
    (import "callee" (instance $callee
      (export "echo" (func (param "text" string) (result string)))
      (export "items" (func (param "items" (list (tuple string u16 (option f32)))) (result (list (tuple string u16 (option f32))))))))
    (core module $Libc {memory})
    (core instance $libc (instantiate $Libc))
    (core func $echo (canon lower (func $callee "echo")
      (memory $libc "memory") (realloc (func $libc "realloc")) string-encoding={caller}))
    (core func $items (canon lower (func $callee "items")
      (memory $libc "memory") (realloc (func $libc "realloc")) string-encoding={caller}))
    (core module $m
      (import "callee" "echo" (func $echo (param i32 i32 i32)))
      (import "callee" "items" (func $items (param i32 i32 i32)))
      (func (export "echo") (param i32 i32) (result i32)
        (call $echo (local.get 0) (local.get 1) (i32.const 32)) (i32.const 32))
      (func (export "items") (param i32 i32) (result i32)
        (call $items (local.get 0) (local.get 1) (i32.const 32)) (i32.const 32)))
    (core instance $m (instantiate $m (with "callee" (instance (export "echo" (func $echo)) (export "items" (func $items))))))
    (func (export "echo") (param "text" string) (result string)
      (canon lift (core func $m "echo") (memory $libc "memory") (realloc (func $libc "realloc")) string-encoding={caller}))
    (func (export "items") (param "items" (list (tuple string u16 (option f32)))) (result (list (tuple string u16 (option f32))))
      (canon lift (core func $m "items") (memory $libc "memory") (realloc (func $libc "realloc")) string-encoding={caller})))
  (instance $caller (instantiate $Caller (with "callee" (instance $callee))))
  (export "echo" (func $caller "echo"))
  (export "items" (func $caller "items"))
  (export "returned" (func $callee "returned")))"#
    )
}

#[test]
fn threads_and_calls_reach_another_component() {
    watched(|| {
        for workers in WORKERS {
            let instance = instance(THREADS, workers);
            let run = instance.get_func(&["run"]).expect("exported");
            // The second call of `count`, and 37 and the caller's context slot, which the call leaves alone.
            assert_eq!(run.call(&[]).expect("no trap"), Some(Val::U32(242)));
        }
    });
}

#[test]
fn strings_are_transcoded_between_all_encodings() {
    for caller in ENCODINGS {
        for callee in ENCODINGS {
            let text = echo(caller, callee);
            let instance = instance(&text, 1);
            let function = instance.get_func(&["echo"]).expect("exported");
            for string in STRINGS {
                let result = function.call(&[Val::String(string.to_owned())]).expect("no trap");
                assert_eq!(result, Some(Val::String(string.to_owned())), "{caller} to {callee}");
                let expected = by_wasmtime(&text, "echo", &[stock::Val::String(string.to_owned())]);
                assert_eq!(expected, Ok(vec![stock::Val::String(string.to_owned())]));
            }
            let returned = instance.get_func(&["returned"]).expect("exported");
            let calls = Some(Val::U32(STRINGS.len() as u32));
            assert_eq!(
                returned.call(&[]).expect("no trap"),
                calls,
                "`post-return` runs once a call"
            );
        }
    }
}

#[test]
fn lists_of_tuples_go_through_both_memories() {
    let strings = STRINGS.map(|string| string.to_owned());
    let text = echo("utf8", "latin1+utf16");
    let items = strings.iter().zip(0..).map(|(string, number): (_, u16)| {
        let some = (number % 2 == 0).then(|| Box::new(Val::Float32(number.into())));
        Val::Tuple(vec![Val::String(string.clone()), Val::U16(number), Val::Option(some)])
    });
    let items = Val::List(items.collect());
    let instance = instance(&text, 1);
    let function = instance.get_func(&["items"]).expect("exported");
    assert_eq!(
        function.call(std::slice::from_ref(&items)).expect("no trap"),
        Some(items)
    );
}

/// A parent and its child may not call each other; code of `realloc` may not leave its instance. The words are Wasmtime's.
#[test]
fn calls_that_the_specification_forbids_trap() {
    let parent = r#"(component
      (component $child
        (core module $m (func (export "f")))
        (core instance $m (instantiate $m))
        (func (export "f") (canon lift (core func $m "f"))))
      (instance $child (instantiate $child))
      (core func $f (canon lower (func $child "f")))
      (core module $m
        (import "" "f" (func $f))
        (func (export "run") (param i32 i32) (result i32) (call $f) (i32.const 0)))
      (core instance $m (instantiate $m (with "" (instance (export "f" (func $f))))))
      (core module $libc (memory (export "memory") 1)
        (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 8)))
      (core instance $libc (instantiate $libc))
      (func (export "run") (param "text" string) (result u32)
        (canon lift (core func $m "run") (memory $libc "memory") (realloc (func $libc "realloc")))))"#;
    for (text, reason) in [
        (parent, "cannot enter component instance"),
        (&leaving(true, false), "cannot leave component instance"),
        (&leaving(false, true), "cannot leave component instance"),
    ] {
        let instance = instance(text, 1);
        let run = instance.get_func(&["run"]).expect("exported");
        let trapped = trap(run.call(&[Val::String("text".to_owned())])).to_string();
        assert!(trapped.contains(reason), "{trapped}");
        let expected = by_wasmtime(text, "run", &[stock::Val::String("text".to_owned())]);
        let expected = expected.expect_err("a trap");
        assert!(expected.contains(reason), "{expected}");
    }
    let instance = instance(&leaving(false, false), 1);
    let run = instance.get_func(&["run"]).expect("exported");
    let result = run.call(&[Val::String("text".to_owned())]);
    assert_eq!(result.expect("no trap"), Some(Val::U32(4)));
}

/// An adapter calls `post-return`, which may not leave its instance. The same function may when it is called otherwise. Wasmtime
/// lets it leave in both cases, where the specification does not.
#[test]
fn a_post_return_that_an_adapter_calls_cannot_leave() {
    let post_return = |leaves: bool| {
        let call = if leaves { "(call $nop)" } else { "" };
        format!(
            r#"(component
              (component $Nop
                (core module $m (func (export "nop")))
                (core instance $m (instantiate $m))
                (func (export "nop") (canon lift (core func $m "nop"))))
              (instance $nop (instantiate $Nop))
              (component $Callee
                (import "nop" (func $nop))
                (core func $nop (canon lower (func $nop)))
                (core module $m
                  (import "" "nop" (func $nop))
                  (memory (export "memory") 1)
                  (data (i32.const 16) "\20\00\00\00\03\00\00\00")
                  (data (i32.const 32) "abc")
                  (global $returned (mut i32) (i32.const 0))
                  (func (export "text") (result i32) (i32.const 16))
                  (func (export "post") (param i32)
                    {call}
                    (global.set $returned (i32.add (global.get $returned) (local.get 0))))
                  (func (export "returned") (result i32) (call $nop) (global.get $returned)))
                (core instance $m (instantiate $m (with "" (instance (export "nop" (func $nop))))))
                ;; The adapter for the first comes first, and is given the function as one to call.
                (func (export "post") (param "at" u32) (canon lift (core func $m "post")))
                (func (export "text") (result string)
                  (canon lift (core func $m "text") (memory $m "memory") (post-return (func $m "post"))))
                (func (export "returned") (result u32) (canon lift (core func $m "returned"))))
              (instance $callee (instantiate $Callee (with "nop" (func $nop "nop"))))
              (component $Caller
                (import "callee" (instance $callee
                  (export "post" (func (param "at" u32)))
                  (export "text" (func (result string)))
                  (export "returned" (func (result u32)))))
                (core module $libc
                  (memory (export "memory") 1)
                  (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64)))
                (core instance $libc (instantiate $libc))
                (core func $post (canon lower (func $callee "post")))
                (core func $text (canon lower (func $callee "text") (memory $libc "memory") (realloc (func $libc "realloc"))))
                (core func $returned (canon lower (func $callee "returned")))
                (core module $m
                  (import "" "post" (func $post (param i32)))
                  (import "" "text" (func $text (param i32)))
                  (import "" "returned" (func $returned (result i32)))
                  (func (export "post") (param i32) (result i32) (call $post (local.get 0)) (call $returned))
                  (func (export "text") (param i32) (result i32) (call $text (i32.const 0)) (call $returned)))
                (core instance $m (instantiate $m (with "" (instance
                  (export "post" (func $post)) (export "text" (func $text)) (export "returned" (func $returned))))))
                (func (export "post") (param "at" u32) (result u32) (canon lift (core func $m "post")))
                (func (export "text") (param "unused" u32) (result u32) (canon lift (core func $m "text"))))
              (instance $caller (instantiate $Caller (with "callee" (instance $callee))))
              (export "post" (func $caller "post"))
              (export "text" (func $caller "text")))"#
        )
    };
    let returned = |instance: &Instance<()>, export: &str, at| {
        let function = instance.get_func(&[export]).expect("exported");
        function.call(&[Val::U32(at)])
    };
    let text = post_return(true);
    let leaves = instance(&text, 1);
    assert_eq!(returned(&leaves, "post", 7).expect("no trap"), Some(Val::U32(7)));
    let trapped = trap(returned(&leaves, "text", 0)).to_string();
    assert!(trapped.contains("cannot leave component instance"), "{trapped}");
    assert_eq!(
        by_wasmtime(&text, "text", &[stock::Val::U32(0)]),
        Ok(vec![stock::Val::U32(16)])
    );

    let stays = instance(&post_return(false), 1);
    for (export, expected) in [("text", 16), ("post", 23), ("text", 39)] {
        assert_eq!(returned(&stays, export, 7).expect("no trap"), Some(Val::U32(expected)));
    }
}

/// `run` is a component's that passes its string on to another one. A `realloc` calls out: the one for the host's string, or the
/// one for the other component's.
fn leaving(of_caller: bool, of_callee: bool) -> String {
    let realloc = |leaves: bool| {
        let call = if leaves { "(call $nop)" } else { "" };
        format!(
            r#"(core module $libc
                (import "" "nop" (func $nop))
                (memory (export "memory") 1)
                (func (export "realloc") (param i32 i32 i32 i32) (result i32) {call} (i32.const 8)))
            (core func $nop (canon lower (func $nop)))
            (core instance $libc (instantiate $libc (with "" (instance (export "nop" (func $nop))))))"#
        )
    };
    let (of_caller, of_callee) = (realloc(of_caller), realloc(of_callee));
    format!(
        r#"(component
          (component $Nop
            (core module $m (func (export "nop")))
            (core instance $m (instantiate $m))
            (func (export "nop") (canon lift (core func $m "nop"))))
          (instance $nop (instantiate $Nop))
          (component $Callee
            (import "nop" (func $nop))
            {of_callee}
            (core module $m (func (export "length") (param i32 i32) (result i32) (local.get 1)))
            (core instance $m (instantiate $m))
            (func (export "length") (param "text" string) (result u32)
              (canon lift (core func $m "length") (memory $libc "memory") (realloc (func $libc "realloc")))))
          (instance $callee (instantiate $Callee (with "nop" (func $nop "nop"))))
          (component $Caller
            (import "nop" (func $nop))
            (import "length" (func $length (param "text" string) (result u32)))
            {of_caller}
            (core func $length (canon lower (func $length) (memory $libc "memory")))
            (core module $m
              (import "" "length" (func $length (param i32 i32) (result i32)))
              (func (export "run") (param i32 i32) (result i32) (call $length (local.get 0) (local.get 1))))
            (core instance $m (instantiate $m (with "" (instance (export "length" (func $length))))))
            (func (export "run") (param "text" string) (result u32)
              (canon lift (core func $m "run") (memory $libc "memory") (realloc (func $libc "realloc")))))
          (instance $caller (instantiate $Caller (with "nop" (func $nop "nop")) (with "length" (func $callee "length"))))
          (export "run" (func $caller "run")))"#
    )
}
