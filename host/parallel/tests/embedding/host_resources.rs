//! Resources that the host defines: guests borrow, pass on and drop handles of them.

use crate::support::{component, engine, trap, watched};
use std::sync::Mutex;
use weft_parallel::{Error, Instance, Linker, ResourceType, ThreadContext, Val};

/// Functions on a resource of the host. `threads` opens and drops one on each of four threads.
pub const FILES: &str = r#"(component
    (import "test:files/files@1.0.0" (instance $files
        (export "file" (type $file (sub resource)))
        (export "open" (func (param "number" u32) (result (own $file))))
        (export "read" (func (param "file" (borrow $file)) (result u32)))
        (export "close" (func (param "file" (own $file)) (result u32)))))
    (alias export $files "file" (type $file))
    (core func $open (canon lower (func $files "open")))
    (core func $read (canon lower (func $files "read")))
    (core func $close (canon lower (func $files "close")))
    (core func $drop (canon resource.drop $file))
    (core module $libc
        (memory (export "memory") 1 1 shared)
        (table (export "table") shared 4 4 (ref null (shared func))))
    (core instance $libc (instantiate $libc))
    (core type $start (shared (func (param i32))))
    (core func $spawn (canon thread.spawn-indirect $start (table $libc "table")))
    (core module $main
        (type $start (shared (func (param i32))))
        (type $void (shared (func)))
        (type $unary (shared (func (param i32) (result i32))))
        (type $binary (shared (func (param i32 i32) (result i32))))
        (import "libc" "memory" (memory 1 1 shared))
        (import "libc" "table" (table $table shared 4 4 (ref null (shared func))))
        (import "host" "spawn" (func $spawn (type $binary)))
        (import "host" "open" (func $open (type $unary)))
        (import "host" "read" (func $read (type $unary)))
        (import "host" "close" (func $close (type $unary)))
        (import "host" "drop" (func $drop (type $start)))
        (func $use (export "use") (type $unary) (param $number i32) (result i32) (local $file i32) (local $read i32)
            (local.set $file (call $open (local.get $number)))
            (local.set $read (call $read (local.get $file)))
            (call $drop (local.get $file))
            (local.get $read))
        (func (export "closes") (type $unary) (call $close (call $open (local.get 0))))
        (func (export "peek") (type $unary) (param $file i32) (result i32) (local $read i32)
            (local.set $read (call $read (local.get $file)))
            (call $drop (local.get $file))
            (local.get $read))
        (func (export "keep") (type $unary) (call $read (local.get 0)))
        (func (export "give-away") (type $unary) (call $close (local.get 0)))
        (func $uses (type $start)
            (drop (call $use (local.get 0)))
            (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
            (drop (memory.atomic.notify (i32.const 0) (i32.const -1))))
        (elem (table $table) (i32.const 0) (ref null (shared func)) (item (ref.func $uses)))
        (func (export "threads") (type $void) (local $number i32) (local $done i32)
            (loop $again
                (local.set $number (i32.add (local.get $number) (i32.const 1)))
                (drop (call $spawn (i32.const 0) (local.get $number)))
                (br_if $again (i32.ne (local.get $number) (i32.const 4))))
            (loop $again
                (local.set $done (i32.atomic.load (i32.const 0)))
                (if (i32.ne (local.get $done) (i32.const 4)) (then
                    (drop (memory.atomic.wait32 (i32.const 0) (local.get $done) (i64.const -1)))
                    (br $again))))))
    (core instance $main (instantiate $main
        (with "libc" (instance $libc))
        (with "host" (instance
            (export "spawn" (func $spawn))
            (export "open" (func $open))
            (export "read" (func $read))
            (export "close" (func $close))
            (export "drop" (func $drop))))))
    (func (export "use") (param "number" u32) (result u32) (canon lift (core func $main "use")))
    (func (export "closes") (param "number" u32) (result u32) (canon lift (core func $main "closes")))
    (func (export "peek") (param "file" (borrow $file)) (result u32) (canon lift (core func $main "peek")))
    (func (export "keep") (param "file" (borrow $file)) (result u32) (canon lift (core func $main "keep")))
    (func (export "give-away") (param "file" (borrow $file)) (result u32)
        (canon lift (core func $main "give-away")))
    (func (export "threads") (canon lift (core func $main "threads"))))"#;

/// What the host's resource type is told apart by.
struct File;

/// The representations of the files that were dropped, and those that were closed.
#[derive(Default)]
struct Files {
    dropped: Mutex<Vec<u32>>,
    closed: Mutex<Vec<u32>>,
}

type Outcome = weft_parallel::wasmtime::Result<Option<Val>>;

fn open(thread: ThreadContext<'_, Files>, arguments: &[Val]) -> Outcome {
    let [Val::U32(number)] = arguments else {
        panic!("a number: {arguments:?}")
    };
    Ok(Some(Val::Resource(thread.data().new_resource::<File>(number * 10)?)))
}

fn read(thread: ThreadContext<'_, Files>, arguments: &[Val]) -> Outcome {
    let [Val::Resource(file)] = arguments else {
        panic!("a file: {arguments:?}")
    };
    assert!(!file.owned());
    Ok(Some(Val::U32(thread.data().resource_rep::<File>(*file)? + 1)))
}

fn close(thread: ThreadContext<'_, Files>, arguments: &[Val]) -> Outcome {
    let [Val::Resource(file)] = arguments else {
        panic!("a file: {arguments:?}")
    };
    let rep = thread.data().take_resource::<File>(*file)?;
    thread.data().host().closed.lock().expect("no panic").push(rep);
    // It is gone, and of no other type.
    assert!(thread.data().resource_rep::<File>(*file).is_err());
    assert!(thread.data().new_resource::<Files>(1).is_err());
    Ok(Some(Val::U32(rep)))
}

fn instance() -> Instance<Files> {
    let engine = engine(2);
    let component = component(&engine, FILES);
    let mut linker = Linker::<Files>::new(&engine);
    assert_eq!(linker.missing(&component), ["test:files/files@1.0.0"]);
    let mut files = linker.instance("test:files/files@1.0.0").expect("no function");
    files.func_new("open", open).expect("defined once");
    files.func_new("read", read).expect("defined once");
    files.func_new("close", close).expect("defined once");
    assert_eq!(linker.missing(&component), ["test:files/files@1.0.0#file"]);
    let mut files = linker.instance("test:files/files@1.0.0").expect("no function");
    let dropped = |thread: ThreadContext<'_, Files>, rep| {
        thread.data().host().dropped.lock().expect("no panic").push(rep);
        Ok(())
    };
    files
        .resource("file", ResourceType::host::<File>(), dropped)
        .expect("defined once");
    assert!(matches!(
        files.resource("file", ResourceType::host::<File>(), dropped),
        Err(Error::Defined(_))
    ));
    linker.instantiate(&component, Files::default()).expect("an instance")
}

fn try_call(instance: &Instance<Files>, name: &str, arguments: &[Val]) -> Result<Option<Val>, Error> {
    instance.get_func(&[name]).expect("exported").call(arguments)
}

#[test]
fn a_guest_opens_reads_and_drops_a_resource_of_the_host() {
    watched(|| {
        let instance = instance();
        assert_eq!(
            try_call(&instance, "use", &[Val::U32(4)]).expect("no trap"),
            Some(Val::U32(41))
        );
        assert_eq!(*instance.host().dropped.lock().expect("no panic"), [40]);
        // One that was passed on is the host's to dispose of.
        assert_eq!(
            try_call(&instance, "closes", &[Val::U32(5)]).expect("no trap"),
            Some(Val::U32(50))
        );
        assert_eq!(*instance.host().dropped.lock().expect("no panic"), [40]);
        assert_eq!(*instance.host().closed.lock().expect("no panic"), [50]);
    });
}

#[test]
fn threads_use_resources_of_the_host_in_parallel() {
    watched(|| {
        let instance = instance();
        assert_eq!(try_call(&instance, "threads", &[]).expect("no trap"), None);
        let mut dropped = instance.host().dropped.lock().expect("no panic").clone();
        dropped.sort_unstable();
        assert_eq!(dropped, [10, 20, 30, 40]);
    });
}

#[test]
fn a_guest_borrows_a_resource_for_one_call() {
    watched(|| {
        let file_of = |instance: &Instance<Files>| Val::Resource(instance.new_resource::<File>(70).expect("imported"));
        let first = instance();
        let file = file_of(&first);
        for _ in 0..2 {
            let read = try_call(&first, "peek", std::slice::from_ref(&file)).expect("no trap");
            assert_eq!(read, Some(Val::U32(71)));
        }
        // What was borrowed has no destructor to run.
        assert!(first.host().dropped.lock().expect("no panic").is_empty());
        let kept = trap(try_call(&first, "keep", &[file])).to_string();
        assert!(
            kept.contains("borrow handles still remain at the end of the call"),
            "{kept}"
        );

        let second = instance();
        let file = file_of(&second);
        let given = trap(try_call(&second, "give-away", &[file])).to_string();
        assert!(given.contains("cannot lift own resource from a borrow"), "{given}");
    });
}

#[test]
fn the_host_drops_its_own_resources() {
    watched(|| {
        let instance = instance();
        let file = instance.new_resource::<File>(70).expect("imported");
        assert_eq!(file.ty(), ResourceType::host::<File>());
        assert_ne!(file.ty(), ResourceType::host::<Files>());
        instance.resource_drop(file).expect("the host's");
        assert_eq!(*instance.host().dropped.lock().expect("no panic"), [70]);
        let gone = try_call(&instance, "peek", &[Val::Resource(file)]);
        assert!(matches!(gone, Err(Error::Arguments(_))), "{gone:?}");
    });
}

/// Two imported types that are one type of the host are one type for it.
#[test]
fn two_imports_can_be_one_resource_type() {
    watched(|| {
        let engine = engine(1);
        let component = component(
            &engine,
            r#"(component
                (import "a" (type $a (sub resource)))
                (import "b" (type $b (sub resource)))
                (core module $m (func (export "value") (param i32) (result i32) (local.get 0)))
                (core instance $m (instantiate $m))
                (func (export "take-a") (param "a" (own $a)) (result u32) (canon lift (core func $m "value")))
                (func (export "take-b") (param "b" (own $b)) (result u32) (canon lift (core func $m "value"))))"#,
        );
        let mut linker = Linker::<Files>::new(&engine);
        let ty = ResourceType::host::<File>();
        linker.root().resource("a", ty, |_, _| Ok(())).expect("defined once");
        linker.root().resource("b", ty, |_, _| Ok(())).expect("defined once");
        let instance = linker.instantiate(&component, Files::default()).expect("an instance");
        for (name, index) in [("take-a", 1), ("take-b", 2)] {
            let file = Val::Resource(instance.new_resource::<File>(7).expect("imported"));
            assert_eq!(
                try_call(&instance, name, &[file]).expect("no trap"),
                Some(Val::U32(index))
            );
        }
    });
}
