//! Resources that a component defines: the host passes handles, and threads of the guest use one table.

use crate::support::{WORKERS, component, engine, trap, watched};
use std::sync::atomic::{AtomicU32, Ordering};
use weft_parallel::{
    Component, Engine, Error, HandleError, Instance, Linker, ResourceAny, ResourceType, ThreadContext, Val,
};

/// `item` has a destructor, which reports to the host, and `plain` has none. `race` has two threads drop one handle of an `item`.
const RESOURCES: &str = include_str!("resources.wat");

/// How many resources were destroyed, and the sum of their representations.
#[derive(Default)]
struct Destroyed {
    count: AtomicU32,
    sum: AtomicU32,
}

fn instance(engine: &Engine, component: &Component) -> Instance<Destroyed> {
    let mut linker = Linker::<Destroyed>::new(engine);
    let destroyed = |thread: ThreadContext<'_, Destroyed>, arguments: &[Val]| {
        let [Val::U32(rep)] = arguments else {
            panic!("a representation: {arguments:?}")
        };
        let destroyed = thread.data().host();
        destroyed.count.fetch_add(1, Ordering::SeqCst);
        destroyed.sum.fetch_add(*rep, Ordering::SeqCst);
        Ok(None)
    };
    linker.root().func_new("destroyed", destroyed).expect("defined once");
    linker
        .instantiate(component, Destroyed::default())
        .expect("an instance")
}

fn try_call(instance: &Instance<Destroyed>, name: &str, argument: Val) -> Result<Option<Val>, weft_parallel::Error> {
    instance.get_func(&[name]).expect("exported").call(&[argument])
}

fn call(instance: &Instance<Destroyed>, name: &str, argument: Val) -> Option<Val> {
    try_call(instance, name, argument).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn make(instance: &Instance<Destroyed>, name: &str, rep: u32) -> ResourceAny {
    match call(instance, name, Val::U32(rep)) {
        Some(Val::Resource(resource)) => resource,
        other => panic!("no resource: {other:?}"),
    }
}

/// What a call traps with, in a new instance after the calls that `before` makes.
fn refused(name: &str, before: impl FnOnce(&Instance<Destroyed>) -> Val) -> String {
    let engine = engine(2);
    let instance = instance(&engine, &component(&engine, RESOURCES));
    let argument = before(&instance);
    trap(try_call(&instance, name, argument)).to_string()
}

#[test]
fn the_host_passes_resources_and_gets_them_back() {
    watched(|| {
        let engine = engine(2);
        let instance = instance(&engine, &component(&engine, RESOURCES));
        let item = make(&instance, "make", 42);
        assert!(item.owned());
        for _ in 0..2 {
            // The instance that defines the resource gets the representation.
            assert_eq!(call(&instance, "value", Val::Resource(item)), Some(Val::U32(42)));
        }
        assert_eq!(instance.host().count.load(Ordering::SeqCst), 0);
        assert_eq!(call(&instance, "consume", Val::Resource(item)), Some(Val::U32(42)));
        assert_eq!(instance.host().count.load(Ordering::SeqCst), 1);
        assert_eq!(instance.host().sum.load(Ordering::SeqCst), 42);
        let used = refusal(try_call(&instance, "value", Val::Resource(item)));
        assert_eq!(used, "argument `item`: host resource already consumed");
    });
}

/// What the error is about arguments that are not even passed.
fn refusal(outcome: Result<Option<Val>, Error>) -> String {
    match outcome {
        Err(Error::Arguments(reason)) => reason,
        other => panic!("the arguments are passed: {other:?}"),
    }
}

#[test]
fn the_host_drops_resources() {
    watched(|| {
        for workers in WORKERS {
            let engine = engine(workers);
            let component = component(&engine, RESOURCES);
            let (first, other) = (instance(&engine, &component), instance(&engine, &component));
            let destroyed = || {
                let host = first.host();
                (host.count.load(Ordering::SeqCst), host.sum.load(Ordering::SeqCst))
            };
            let [item, kept] = [40, 2].map(|rep| make(&first, "make", rep));
            let foreign = first.resource_drop(make(&other, "make", 1));
            assert!(
                matches!(foreign, Err(Error::Resource(HandleError::HostType))),
                "{foreign:?}"
            );
            assert_eq!(destroyed(), (0, 0));
            first.resource_drop(item).expect("the host's");
            assert_eq!(destroyed(), (1, 40));
            let again = first.resource_drop(item);
            assert!(
                matches!(again, Err(Error::Resource(HandleError::Consumed))),
                "{again:?}"
            );
            // One without a destructor.
            first.resource_drop(make(&first, "make-plain", 9)).expect("the host's");
            assert_eq!(destroyed(), (1, 40));
            // No mistake of the host's ends the program.
            assert_eq!(call(&first, "consume", Val::Resource(kept)), Some(Val::U32(2)));
            assert_eq!(destroyed(), (2, 42));
        }
    });
}

/// Of many OS threads of the host that drop the same resources, one drops each.
#[test]
fn one_of_the_hosts_threads_drops_a_resource() {
    watched(|| {
        let engine = engine(2);
        let instance = instance(&engine, &component(&engine, RESOURCES));
        let items: Vec<_> = (1..=50).map(|rep| make(&instance, "make", rep)).collect();
        let dropped = std::thread::scope(|scope| {
            let threads = [(); 4].map(|()| {
                scope.spawn(|| {
                    items
                        .iter()
                        .filter(|item| instance.resource_drop(**item).is_ok())
                        .count()
                })
            });
            threads
                .map(|thread| thread.join().expect("no panic"))
                .iter()
                .sum::<usize>()
        });
        assert_eq!(dropped, 50);
        assert_eq!(instance.host().count.load(Ordering::SeqCst), 50);
        assert_eq!(instance.host().sum.load(Ordering::SeqCst), 50 * 51 / 2);
    });
}

/// Some of the host's threads pass a resource on, some drop it, and others lend it. It goes once, and nothing traps.
#[test]
fn threads_of_the_host_use_a_resource_that_one_of_them_gives_away() {
    watched(|| {
        let engine = engine(2);
        let instance = instance(&engine, &component(&engine, RESOURCES));
        for rep in 1..=100 {
            let item = make(&instance, "make", rep);
            let lends = || match try_call(&instance, "value", Val::Resource(item)) {
                Ok(found) => assert_eq!(found, Some(Val::U32(rep))),
                Err(Error::Arguments(reason)) => assert!(reason.contains("consumed"), "{reason}"),
                Err(other) => panic!("{other}"),
            };
            // Until somebody has given it away. While it is lent, nobody can.
            let given = |give: &dyn Fn() -> Result<(), String>| loop {
                match give() {
                    Ok(()) => return 1,
                    Err(reason) if reason.contains("while borrowed") => {}
                    Err(reason) => {
                        assert!(reason.contains("consumed"), "{reason}");
                        return 0;
                    }
                }
            };
            let consume = || match try_call(&instance, "consume", Val::Resource(item)) {
                Ok(_) => Ok(()),
                Err(Error::Arguments(reason)) => Err(reason),
                Err(other) => panic!("{other}"),
            };
            let release = || match instance.resource_drop(item) {
                Ok(()) => Ok(()),
                Err(Error::Resource(error)) => Err(error.to_string()),
                Err(other) => panic!("{other}"),
            };
            let times = std::thread::scope(|scope| {
                let threads = [scope.spawn(|| given(&consume)), scope.spawn(|| given(&release))];
                for _ in 0..3 {
                    scope.spawn(lends);
                }
                threads
                    .map(|thread| thread.join().expect("no panic"))
                    .iter()
                    .sum::<u32>()
            });
            assert_eq!(times, 1);
        }
        assert_eq!(instance.host().count.load(Ordering::SeqCst), 100);
        assert_eq!(instance.host().sum.load(Ordering::SeqCst), 100 * 101 / 2);
    });
}

#[test]
fn a_destructor_that_the_host_runs_can_trap() {
    watched(|| {
        let engine = engine(1);
        let text = r#"(component
            (core module $m (func (export "destroy") (param i32) (unreachable)))
            (core instance $m (instantiate $m))
            (type $r' (resource (rep i32) (dtor (core func $m "destroy"))))
            (core func $new (canon resource.new $r'))
            (export $r "r" (type $r'))
            (func (export "make") (param "rep" u32) (result (own $r)) (canon lift (core func $new))))"#;
        let instance = Linker::<()>::new(&engine).instantiate(&component(&engine, text), ());
        let instance = instance.expect("an instance");
        let made = instance.get_func(&["make"]).expect("exported").call(&[Val::U32(1)]);
        let Ok(Some(Val::Resource(resource))) = made else {
            panic!("no resource: {made:?}")
        };
        let trapped = trap(instance.resource_drop(resource)).to_string();
        assert!(trapped.contains("unreachable"), "{trapped}");
    });
}

#[test]
fn a_handle_has_the_type_of_its_resource() {
    watched(|| {
        let engine = engine(1);
        let component = component(&engine, RESOURCES);
        let (first, other) = (instance(&engine, &component), instance(&engine, &component));
        let ty = |instance, name| make(instance, name, 1).ty();
        assert_eq!(ty(&first, "make"), ty(&first, "make"));
        assert_ne!(ty(&first, "make"), ty(&first, "make-plain"));
        assert_ne!(ty(&first, "make"), ty(&other, "make"));
        assert_ne!(ty(&first, "make"), ResourceType::host::<Destroyed>());
    });
}

#[test]
fn indices_come_in_the_specifications_order() {
    watched(|| {
        let engine = engine(2);
        let instance = instance(&engine, &component(&engine, RESOURCES));
        let index = |name| call(&instance, name, Val::U32(7));
        // Both types have their handles in one table.
        assert_eq!(index("index"), Some(Val::U32(1)));
        assert_eq!(index("index-plain"), Some(Val::U32(2)));
        assert_eq!(index("index"), Some(Val::U32(3)));
        call(&instance, "release", Val::U32(1));
        call(&instance, "release-plain", Val::U32(2));
        assert_eq!(index("index"), Some(Val::U32(2)));
        assert_eq!(index("index"), Some(Val::U32(1)));
        assert_eq!(index("index"), Some(Val::U32(4)));
        assert_eq!(call(&instance, "rep-of", Val::U32(4)), Some(Val::U32(7)));
    });
}

#[test]
fn a_handle_that_is_not_there_or_of_another_type_is_a_trap() {
    watched(|| {
        let unknown = refused("release", |_| Val::U32(1));
        assert!(unknown.contains("unknown handle index 1"), "{unknown}");
        for name in ["release", "rep-of"] {
            let twice = refused(name, |instance| {
                let index = call(instance, "index", Val::U32(7)).expect("an index");
                call(instance, "release", index.clone());
                index
            });
            assert!(twice.contains("unknown handle index 1"), "{twice}");
            let wrong = refused(name, |instance| {
                call(instance, "index-plain", Val::U32(7)).expect("an index")
            });
            assert!(wrong.contains("handle index 1 used with the wrong type"), "{wrong}");
        }
        let null = refused("rep-of", |_| Val::U32(0));
        assert!(null.contains("unknown handle index 0"), "{null}");
        let large = refused("rep-of", |_| Val::U32(u32::MAX));
        assert!(large.contains("unknown handle index 4294967295"), "{large}");
    });
}

#[test]
fn the_host_cannot_pass_a_resource_of_another_type_or_program() {
    watched(|| {
        for name in ["value", "consume"] {
            let engine = engine(1);
            let component = component(&engine, RESOURCES);
            let (first, other) = (instance(&engine, &component), instance(&engine, &component));
            let item = make(&first, "make", 1);
            for wrong in [make(&first, "make-plain", 1), make(&other, "make", 1)] {
                let refused = refusal(try_call(&first, name, Val::Resource(wrong)));
                assert!(
                    refused.starts_with("argument `item`: resource type mismatch: ")
                        && refused.contains("another instance"),
                    "{refused}"
                );
            }
            // The program goes on.
            assert_eq!(call(&first, name, Val::Resource(item)), Some(Val::U32(1)));
        }
    });
}

#[test]
fn of_two_threads_that_drop_one_handle_one_traps() {
    watched(|| {
        for workers in WORKERS {
            let engine = engine(workers);
            let component = component(&engine, RESOURCES);
            for _ in 0..100 {
                let instance = instance(&engine, &component);
                let lost = trap(try_call(&instance, "race", Val::U32(3))).to_string();
                assert!(lost.contains("unknown handle index 1"), "{lost}");
                // The trap can end the program before the other thread is through with the destructor.
                assert!(instance.host().count.load(Ordering::SeqCst) <= 1);
            }
        }
    });
}
