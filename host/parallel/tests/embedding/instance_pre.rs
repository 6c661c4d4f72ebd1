//! `InstancePre` finds and checks imports once. Its instances share nothing else.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread;

use weft_parallel::{Caller, Error, InstanceLimits, InstancePre, Linker, ThreadContext, Val};

use crate::support::{component, engine, engine_with, watched};

/// Counts its calls in a shared memory, which begins with a number, and gives the sum of that and what the host adds.
const COUNTER: &str = r#"(component
    (import "host" (core module $host (export "add" (func (param i32) (result i32)))))
    (core instance $host (instantiate $host))
    (core module $m
        (import "host" "add" (func $add (param i32) (result i32)))
        (memory 1 4 shared)
        (data (i32.const 0) "\07\00\00\00")
        (func (export "next") (result i32)
            (call $add (i32.add (i32.atomic.rmw.add (i32.const 0) (i32.const 1)) (i32.const 1))))
        (func (export "grow") (result i32) (memory.grow (i32.const 1))))
    (core instance $i (instantiate $m (with "host" (instance $host))))
    (func (export "next") (result s32) (canon lift (core func $i "next")))
    (func (export "grow") (result s32) (canon lift (core func $i "grow"))))"#;

fn counter() -> InstancePre<i32> {
    let engine = engine(2);
    let mut linker = Linker::<i32>::new(&engine);
    let add = |caller: Caller<'_, i32>, number: i32| number + caller.data().host();
    linker.module("host").func_wrap("add", add).expect("a new name");
    linker
        .instantiate_pre(&component(&engine, COUNTER))
        .expect("all is there")
}

fn call(instance: &weft_parallel::Instance<i32>, name: &str) -> i32 {
    let function = instance.get_func(&[name]).expect("it is exported");
    match function.call(&[]) {
        Ok(Some(Val::S32(number))) => number,
        other => panic!("{other:?}"),
    }
}

#[test]
fn instances_have_their_own_memories_and_hosts() {
    watched(|| {
        let prepared = counter();
        let [first, second] = [100, 200].map(|host| prepared.instantiate(host).expect("an instance"));
        assert_eq!([call(&first, "next"), call(&first, "next")], [108, 109]);
        assert_eq!(call(&second, "next"), 208);
        assert_eq!([call(&first, "grow"), call(&first, "grow")], [1, 2]);
        assert_eq!(call(&second, "grow"), 1);
    });
}

#[test]
fn an_instance_finds_nothing_of_one_that_has_ended() {
    watched(|| {
        let prepared = counter();
        for _ in 0..50 {
            let instance = prepared.instantiate(0).expect("an instance");
            assert_eq!([call(&instance, "next"), call(&instance, "grow")], [8, 1]);
            instance.end().expect("not a host function");
        }
    });
}

#[test]
fn clones_make_instances_in_parallel() {
    watched(|| {
        let prepared = counter();
        let threads = (0..4).map(|host| {
            let prepared = prepared.clone();
            thread::spawn(move || {
                for _ in 0..20 {
                    let instance = prepared.instantiate(host).expect("an instance");
                    assert_eq!(call(&instance, "next"), 8 + host);
                }
            })
        });
        let threads: Vec<_> = threads.collect();
        threads.into_iter().for_each(|thread| thread.join().expect("no panic"));
    });
}

#[test]
fn limits_are_those_of_each_instance() {
    watched(|| {
        let prepared = counter();
        let mut limits = InstanceLimits::new();
        limits.max_memory(64 << 10);
        let small = prepared.instantiate_with(0, &limits).expect("an instance");
        assert_eq!(call(&small, "grow"), -1);
        let large = prepared.instantiate(0).expect("an instance");
        assert_eq!(call(&large, "grow"), 1);
        limits.max_memory(0);
        let error = prepared.instantiate_with(0, &limits).err().expect("a page is too much");
        assert!(matches!(error, Error::Limit(_)), "{error:?}");
    });
}

#[test]
fn what_the_linker_gets_later_is_not_seen() {
    watched(|| {
        let engine = engine(1);
        let text = r#"(component
            (import "number" (func $number (result u32)))
            (core func $number (canon lower (func $number)))
            (core module $m (import "" "number" (func $n (result i32))) (func (export "f") (result i32) (call $n)))
            (core instance $i (instantiate $m (with "" (instance (export "number" (func $number))))))
            (func (export "f") (result u32) (canon lift (core func $i "f"))))"#;
        let component = component(&engine, text);
        let mut linker = Linker::<AtomicU32>::new(&engine);
        let missing = linker.instantiate_pre(&component).err();
        assert!(matches!(missing, Some(Error::MissingImports(_))), "{missing:?}");
        let number =
            |thread: ThreadContext<'_, AtomicU32>, (): ()| Ok((thread.data().host().fetch_add(1, Ordering::SeqCst),));
        linker.root().func_wrap("number", number).expect("a new name");
        let prepared = linker.instantiate_pre(&component).expect("all is there");
        drop((linker, component));
        let instance = prepared.instantiate(AtomicU32::new(5)).expect("an instance");
        let function = instance.get_func(&["f"]).expect("it is exported");
        let results = [function.call(&[]), function.call(&[])].map(|result| result.expect("no trap"));
        assert_eq!(results, [Some(Val::U32(5)), Some(Val::U32(6))]);
    });
}

/// A module that imports no memory, and one whose memory is made with each instance.
#[test]
fn a_function_of_another_type_is_refused_before_there_is_an_instance() {
    for memory in ["", "(memory 1 1 shared)"] {
        let engine = engine(1);
        let text = COUNTER.replace("(memory 1 4 shared)", memory);
        let text = match memory {
            "" => {
                let (head, tail) = text.split_once("(data").expect("the segment");
                let (_, tail) = tail.split_once("(func (export \"next\")").expect("the function");
                let (_, tail) = tail.split_once("(func (export \"grow\")").expect("the function");
                let (_, tail) = tail.split_once("\n").expect("the line's end");
                let functions = "(func (export \"next\") (result i32) (call $add (i32.const 0))) \
                                 (func (export \"grow\") (result i32) (i32.const 0)))";
                format!("{head}{functions}\n{tail}")
            }
            _ => text,
        };
        let component = component(&engine, &text);
        let mut linker = Linker::<()>::new(&engine);
        linker
            .module("host")
            .func_wrap("add", |_: i64| 0_i32)
            .expect("a new name");
        let error = linker.instantiate_pre(&component).err().expect("it is refused");
        let one_shot = linker.instantiate(&component, ()).err().expect("it is refused");
        for error in [error, one_shot] {
            assert!(matches!(error, Error::Link(_)), "{error:?}");
            let message = error.to_string();
            assert!(message.contains("`host/add`") && message.contains("i64"), "{message}");
        }
    }
}

/// The only worker is busy for ever: so no worker makes the instance, and none copies its segments.
#[test]
fn the_callers_own_thread_makes_an_instance() {
    const BUSY: &str = r#"(component
        (import "host" (core module $host (export "begin" (func))))
        (core instance $host (instantiate $host))
        (core module $m (import "host" "begin" (func $begin)) (func (export "f") (call $begin) (loop (br 0))))
        (core instance $i (instantiate $m (with "host" (instance $host))))
        (func (export "f") (canon lift (core func $i "f"))))"#;
    const STARTING: &str = r#"(component
        (core module $m
            (memory 1 1 shared)
            (data $d "\07")
            (func $start (memory.init $d (i32.const 0) (i32.const 0) (i32.const 1)))
            (start $start))
        (core instance (instantiate $m)))"#;
    watched(|| {
        let engine = engine_with(1, |config| {
            config.deterministic(true);
        });
        let (begun, has_begun) = channel();
        let mut linker = Linker::<Sender<()>>::new(&engine);
        let begin = |caller: Caller<'_, Sender<()>>| caller.data().host().send(()).expect("the test waits for it");
        linker.module("host").func_wrap("begin", begin).expect("a new name");
        let busy = linker
            .instantiate(&component(&engine, BUSY), begun)
            .expect("an instance");
        let end = busy.end_handle();
        let prepared = [COUNTER, STARTING, "(component)"].map(|text| {
            let mut linker = Linker::<i32>::new(&engine);
            let add = |_: Caller<'_, i32>, number: i32| number;
            linker.module("host").func_wrap("add", add).expect("a new name");
            let prepared = linker.instantiate_pre(&component(&engine, text));
            prepared.expect("all is there")
        });
        let caller = thread::spawn(move || busy.get_func(&["f"]).expect("it is exported").call(&[]));
        has_begun.recv().expect("the call begins");
        for prepared in prepared {
            prepared.instantiate(0).expect("no worker is needed");
        }
        end.end("the test is over");
        caller.join().expect("no panic").expect_err("it was ended");
    });
}

#[test]
fn a_component_of_another_engine_is_refused() {
    let component = component(&engine(1), "(component)");
    let outcome = Linker::<()>::new(&engine(1)).instantiate_pre(&component);
    assert!(matches!(outcome.err(), Some(Error::OtherEngine)));
}
