//! A component imports the resource types that another instance exports. The embedder stands between the two, and each of
//! them is on one of the runtimes.

use std::num::NonZeroUsize;
use std::sync::Mutex;
use weft::{
    Component, Config, Engine, Error, Instance, Linker, LinkerInstance, ResourceAny, ResourceType, Runtime,
    ThreadContext, Val,
};

/// Exports two resource types. `dropped` gives the sum of the representations that the destructor has seen.
pub(crate) const EXPORTER: &str = r#"(component
    (core module $drops
        (global $sum (mut i32) (i32.const 0))
        (func (export "dtor") (param i32) (global.set $sum (i32.add (global.get $sum) (local.get 0))))
        (func (export "dropped") (result i32) (global.get $sum))
        (func (export "read") (param i32) (result i32) (local.get 0)))
    (core instance $drops (instantiate $drops))
    (type $thing' (resource (rep i32) (dtor (func $drops "dtor"))))
    (type $other' (resource (rep i32)))
    (core func $new (canon resource.new $thing'))
    (core func $rep (canon resource.rep $thing'))
    (core func $drop (canon resource.drop $thing'))
    (core module $own
        (import "" "rep" (func $rep (param i32) (result i32)))
        (import "" "drop" (func $drop (param i32)))
        (func (export "take") (param i32) (result i32)
            (call $rep (local.get 0))
            (call $drop (local.get 0))))
    (core instance $own (instantiate $own
        (with "" (instance (export "rep" (func $rep)) (export "drop" (func $drop))))))
    (component $shim
        (import "thing" (type $thing (sub resource)))
        (import "other" (type $other (sub resource)))
        (import "make" (func $make (param "rep" u32) (result (own $thing))))
        (import "read" (func $read (param "thing" (borrow $thing)) (result u32)))
        (import "take" (func $take (param "thing" (own $thing)) (result u32)))
        (export $thing-out "thing" (type $thing))
        (export "other" (type $other))
        (export "make" (func $make) (func (param "rep" u32) (result (own $thing-out))))
        (export "read" (func $read) (func (param "thing" (borrow $thing-out)) (result u32)))
        (export "take" (func $take) (func (param "thing" (own $thing-out)) (result u32))))
    (func $make (param "rep" u32) (result (own $thing')) (canon lift (core func $new)))
    (func $read (param "thing" (borrow $thing')) (result u32) (canon lift (core func $drops "read")))
    (func $take (param "thing" (own $thing')) (result u32) (canon lift (core func $own "take")))
    (instance $things (instantiate $shim
        (with "thing" (type $thing')) (with "other" (type $other'))
        (with "make" (func $make)) (with "read" (func $read)) (with "take" (func $take))))
    (export "test:things/things@1.2.0" (instance $things))
    (func (export "dropped") (result u32) (canon lift (core func $drops "dropped"))))"#;

/// Imports the first of them. `lend` reads a thing twice and drops it, `give` passes one on, and `twice` does so again.
const IMPORTER: &str = r#"(component
    (import "test:things/things@1.0.0" (instance $things
        (export "thing" (type $thing (sub resource)))
        (export "same" (type (eq $thing)))
        (export "make" (func (param "rep" u32) (result (own $thing))))
        (export "read" (func (param "thing" (borrow $thing)) (result u32)))
        (export "take" (func (param "thing" (own $thing)) (result u32)))))
    (alias export $things "thing" (type $thing))
    (core func $make (canon lower (func $things "make")))
    (core func $read (canon lower (func $things "read")))
    (core func $take (canon lower (func $things "take")))
    (core func $drop (canon resource.drop $thing))
    (core module $m
        (import "" "make" (func $make (param i32) (result i32)))
        (import "" "read" (func $read (param i32) (result i32)))
        (import "" "take" (func $take (param i32) (result i32)))
        (import "" "drop" (func $drop (param i32)))
        (func (export "lend") (result i32) (local $thing i32)
            (local.set $thing (call $make (i32.const 42)))
            (i32.add (call $read (local.get $thing)) (call $read (local.get $thing)))
            (call $drop (local.get $thing)))
        (func (export "give") (result i32) (call $take (call $make (i32.const 7))))
        (func (export "twice") (result i32) (local $thing i32)
            (local.set $thing (call $make (i32.const 1)))
            (drop (call $take (local.get $thing)))
            (call $take (local.get $thing))))
    (core instance $m (instantiate $m (with "" (instance
        (export "make" (func $make))
        (export "read" (func $read))
        (export "take" (func $take))
        (export "drop" (func $drop))))))
    (func (export "lend") (result u32) (canon lift (core func $m "lend")))
    (func (export "give") (result u32) (canon lift (core func $m "give")))
    (func (export "twice") (result u32) (canon lift (core func $m "twice"))))"#;

pub(crate) const THINGS: &str = "test:things/things@1.0.0";

/// What stands for the exporter's type in the importer.
const THING: ResourceType = ResourceType::host_dynamic(7);

/// The state of the importer's embedder.
struct Between {
    exporter: Instance<()>,
    /// The exporter's handles, by the representations that the importer has.
    handles: Mutex<Vec<Option<ResourceAny>>>,
}

type Called = weft::wasmtime::Result<Option<Val>>;

impl Between {
    fn take(&self, rep: u32) -> ResourceAny {
        let mut handles = self.handles.lock().expect("no panic");
        handles[rep as usize].take().expect("a handle that was not passed on")
    }

    async fn call(&self, name: &str, argument: Val) -> Called {
        let func = self.exporter.get_func(&[THINGS, name]).expect("an export");
        Ok(func.call_async(&[argument]).await?)
    }

    async fn make(thread: ThreadContext<'_, Between>, arguments: &[Val]) -> Called {
        let this = thread.host();
        let Some(Val::Resource(handle)) = this.call("make", arguments[0].clone()).await? else {
            panic!("a thing")
        };
        assert_eq!(Some(handle.ty()), this.exporter.get_resource(&[THINGS, "thing"]));
        let rep = {
            let mut handles = this.handles.lock().expect("no panic");
            handles.push(Some(handle));
            handles.len() as u32 - 1
        };
        Ok(Some(Val::Resource(thread.data().new_resource_of(THING, rep)?)))
    }

    async fn read(thread: ThreadContext<'_, Between>, arguments: &[Val]) -> Called {
        let [Val::Resource(thing)] = arguments else {
            panic!("a thing: {arguments:?}")
        };
        assert_eq!((thing.owned(), thing.ty()), (false, THING));
        // A borrowed one cannot be taken, and it is of no other type.
        assert!(thread.data().take_resource_of(THING, *thing).is_err());
        assert!(
            thread
                .data()
                .resource_rep_of(ResourceType::host_dynamic(8), *thing)
                .is_err()
        );
        let rep = thread.data().resource_rep_of(THING, *thing)?;
        let handle = thread.host().handles.lock().expect("no panic")[rep as usize].expect("a thing");
        thread.host().call("read", Val::Resource(handle)).await
    }

    async fn give(thread: ThreadContext<'_, Between>, arguments: &[Val]) -> Called {
        let [Val::Resource(thing)] = arguments else {
            panic!("a thing: {arguments:?}")
        };
        let rep = thread.data().take_resource_of(THING, *thing)?;
        let handle = thread.host().take(rep);
        thread.host().call("take", Val::Resource(handle)).await
    }

    fn define(things: &mut LinkerInstance<'_, Between>) -> Result<(), Error> {
        things.func_new_async("make", |thread, arguments| Box::new(Between::make(thread, arguments)))?;
        things.func_new_async("read", |thread, arguments| Box::new(Between::read(thread, arguments)))?;
        things.func_new_async("take", |thread, arguments| Box::new(Between::give(thread, arguments)))?;
        things.resource_async("thing", THING, |thread, rep| {
            Box::new(async move {
                let handle = thread.host().take(rep);
                Ok(thread.host().exporter.resource_drop_async(handle).await?)
            })
        })?;
        Ok(())
    }
}

pub(crate) const RUNTIMES: [Runtime; 2] = [Runtime::Cooperative, Runtime::Parallel];

pub(crate) fn component(runtime: Runtime, text: &str) -> Component {
    let mut config = Config::new();
    config.workers(NonZeroUsize::MIN).runtime(Some(runtime));
    let engine = Engine::new(&config).expect("an engine");
    Component::new(&engine, text.as_bytes()).expect("a valid component")
}

pub(crate) fn instance(component: &Component) -> Instance<()> {
    let linker = Linker::new(component.engine());
    linker.instantiate(component, ()).expect("an instance without imports")
}

#[test]
fn an_instance_exports_the_resource_type_that_another_one_imports() {
    for (exporter, importer) in RUNTIMES.into_iter().flat_map(|one| RUNTIMES.map(|other| (one, other))) {
        let exporter = instance(&component(exporter, EXPORTER));
        let component = component(importer, IMPORTER);
        let mut linker = Linker::new(component.engine());
        let mut things = linker.instance(THINGS).expect("an empty linker");
        Between::define(&mut things).expect("new names");
        let handles = Mutex::default();
        let importer = linker
            .instantiate(&component, Between { exporter, handles })
            .expect("all imports are there");
        let call = |name| {
            let func = importer.get_typed_func::<(), (u32,)>(&[name]).expect("an export");
            func.call(()).map(|(value,)| value)
        };
        let exporter = &importer.host().exporter;
        let dropped = exporter.get_typed_func::<(), (u32,)>(&["dropped"]).expect("an export");
        assert_eq!(call("lend").expect("no trap"), 84);
        // The importer dropped it, and the exporter's destructor ran.
        assert_eq!(dropped.call(()).expect("no trap"), (42,));
        assert_eq!(call("give").expect("no trap"), 7);
        assert_eq!(dropped.call(()).expect("no trap"), (49,));
        let trapped = call("twice").expect_err("the handle was passed on");
        assert!(trapped.to_string().contains("unknown handle index"), "{trapped}");
        assert_eq!(dropped.call(()).expect("only the importer has trapped"), (50,));
    }
}

#[test]
fn exported_resource_types_have_names_and_belong_to_their_instance() {
    for runtime in RUNTIMES {
        let component = component(runtime, EXPORTER);
        let (one, other) = (instance(&component), instance(&component));
        let thing = one
            .get_resource(&["test:things/things@1.2.0", "thing"])
            .expect("an export");
        assert_eq!(one.get_resource(&[THINGS, "thing"]), Some(thing));
        let second = one.get_resource(&[THINGS, "other"]).expect("an export");
        assert_ne!(second, thing);
        assert_ne!(other.get_resource(&[THINGS, "thing"]), Some(thing));
        for none in [&["thing"][..], &[THINGS, "make"], &[THINGS], &["dropped"], &[]] {
            assert_eq!(one.get_resource(none), None, "{none:?}");
        }
        // The host cannot make one, and no linker defines the type.
        for ty in [thing, second, THING, ResourceType::host::<Between>()] {
            assert!(one.new_resource_of(ty, 1).is_err(), "{ty:?}");
        }
        let mut linker = Linker::<()>::new(component.engine());
        let mut things = linker.instance(THINGS).expect("an empty linker");
        let refused = things
            .resource("thing", thing, |_, _| Ok(()))
            .err()
            .expect("the type is the component's");
        assert!(
            matches!(&refused, Error::GuestResource(name) if *name == format!("{THINGS}#thing")),
            "{refused:?}"
        );
        let again = things.resource_async("thing", thing, |_, _| Box::new(async { Ok(()) }));
        assert!(matches!(again.err(), Some(Error::GuestResource(_))));
        things
            .resource("thing", THING, |_, _| Ok(()))
            .expect("the name is free");
    }
}

/// Whether a component that imports one resource type by two names can be linked, and otherwise the error.
fn linked(runtime: Runtime, define: impl FnOnce(&mut LinkerInstance<'_, ()>) -> Result<(), Error>) -> Option<String> {
    let component = component(
        runtime,
        r#"(component (import "things" (instance
            (export "thing" (type $thing (sub resource)))
            (export "same" (type (eq $thing))))))"#,
    );
    let mut linker = Linker::new(component.engine());
    define(&mut linker.instance("things").expect("an empty linker")).expect("new names");
    linker.instantiate(&component, ()).err().map(|error| error.to_string())
}

#[test]
fn a_resource_type_that_must_equal_another_one_does() {
    for runtime in RUNTIMES {
        let define = |things: &mut LinkerInstance<'_, ()>, name, payload| {
            things
                .resource(name, ResourceType::host_dynamic(payload), |_, _| Ok(()))
                .map(drop)
        };
        assert_eq!(linked(runtime, |things| define(things, "thing", 1)), None);
        let same = linked(runtime, |things| {
            define(things, "thing", 1).and_then(|()| define(things, "same", 1))
        });
        assert_eq!(same, None);
        let other = linked(runtime, |things| {
            define(things, "thing", 1).and_then(|()| define(things, "same", 2))
        });
        let other = other.expect("two types");
        assert!(
            other.contains("mismatched resource types") && other.contains("same"),
            "{other}"
        );
        let missing = linked(runtime, |things| define(things, "same", 1)).expect("the first is missing");
        assert!(missing.contains("things"), "{missing}");
        let function = linked(runtime, |things| {
            define(things, "thing", 1)?;
            things.func_wrap("same", |_, (): ()| Ok(())).map(drop)
        });
        let function = function.expect("a function is no resource type");
        assert!(function.contains("same") && function.contains("func"), "{function}");
    }
}
