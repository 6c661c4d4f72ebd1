//! Resources that component instances pass to each other: results, traps and the indices of handles are those of Wasmtime's own
//! component runtime, which runs the same component.

use crate::support::{WORKERS, component, engine, trap, watched};
use std::sync::Mutex;
use weft_parallel::wasmtime::{self, component as stock};
use weft_parallel::{Component, Engine, Error, Instance, Linker, ResourceType, ThreadContext, Val};

pub const PASSED: &str = include_str!("passed_resources.wat");

/// Threads of one component use the resources of another one, partly through a third.
const THREADS: &str = include_str!("../../../lower/tests/cases/composed-resources.wat");

/// What tells the host's resource type apart.
struct Held;

/// The representations of the host's resources that were dropped.
pub type Dropped = Mutex<Vec<u32>>;

/// What a call gives: its result, or the reason of the trap.
pub type Outcome = Result<Option<u32>, String>;

/// An export, and its arguments.
pub type Call = (&'static str, Vec<u32>);

/// The component on weft.
pub struct Here {
    engine: Engine,
    component: Component,
}

impl Here {
    pub fn new() -> Self {
        let engine = engine(1);
        let component = component(&engine, PASSED);
        Here { engine, component }
    }

    pub fn instance(&self) -> Instance<Dropped> {
        let mut linker = Linker::<Dropped>::new(&self.engine);
        let mut host = linker.instance("host").expect("no function");
        let dropped = |thread: ThreadContext<'_, Dropped>, rep| {
            thread.data().host().lock().expect("no panic").push(rep);
            Ok(())
        };
        host.resource("h", ResourceType::host::<Held>(), dropped)
            .expect("defined once");
        let make = |thread: ThreadContext<'_, Dropped>, arguments: &[Val]| {
            let [Val::U32(rep)] = arguments else {
                panic!("a representation: {arguments:?}")
            };
            Ok(Some(Val::Resource(thread.data().new_resource::<Held>(*rep)?)))
        };
        host.func_new("make", make).expect("defined once");
        let rep = |thread: ThreadContext<'_, Dropped>, arguments: &[Val]| {
            let [Val::Resource(held)] = arguments else {
                panic!("a resource: {arguments:?}")
            };
            Ok(Some(Val::U32(thread.data().resource_rep::<Held>(*held)?)))
        };
        host.func_new("rep", rep).expect("defined once");
        linker
            .instantiate(&self.component, Dropped::default())
            .expect("an instance")
    }
}

pub fn call(instance: &Instance<Dropped>, (export, arguments): &Call) -> Outcome {
    let arguments: Vec<_> = arguments.iter().map(|argument| Val::U32(*argument)).collect();
    match instance.get_func(&[export]).expect("exported").call(&arguments) {
        Ok(None) => Ok(None),
        Ok(Some(Val::U32(result))) => Ok(Some(result)),
        Ok(Some(other)) => panic!("a result of an unexpected type: {other:?}"),
        Err(Error::Trap(trap)) => Err(trap.to_string()),
        Err(other) => panic!("no trap: {other:?}"),
    }
}

/// The component on Wasmtime.
pub struct There {
    component: stock::Component,
    linker: stock::Linker<Vec<u32>>,
}

impl There {
    pub fn new() -> Self {
        let engine = wasmtime::Engine::default();
        let binary = weft_lower::to_binary(PASSED.as_bytes()).expect("a valid text");
        let component = stock::Component::new(&engine, binary).expect("a valid component");
        let mut linker = stock::Linker::<Vec<u32>>::new(&engine);
        let mut host = linker.instance("host").expect("a new one");
        let held = stock::ResourceType::host::<Held>();
        let dropped = |mut store: wasmtime::StoreContextMut<'_, Vec<u32>>, rep| {
            store.data_mut().push(rep);
            Ok(())
        };
        host.resource("h", held, dropped).expect("defined once");
        let make =
            |_: wasmtime::StoreContextMut<'_, Vec<u32>>, (rep,): (u32,)| Ok((stock::Resource::<Held>::new_own(rep),));
        host.func_wrap("make", make).expect("defined once");
        let rep = |_: wasmtime::StoreContextMut<'_, Vec<u32>>, (held,): (stock::Resource<Held>,)| Ok((held.rep(),));
        host.func_wrap("rep", rep).expect("defined once");
        There { component, linker }
    }

    pub fn instance(&self) -> (wasmtime::Store<Vec<u32>>, stock::Instance) {
        let mut store = wasmtime::Store::new(self.component.engine(), Vec::new());
        let instance = self.linker.instantiate(&mut store, &self.component);
        (store, instance.expect("an instance"))
    }
}

pub fn call_there(
    store: &mut wasmtime::Store<Vec<u32>>,
    instance: &stock::Instance,
    (export, arguments): &Call,
) -> Outcome {
    let function = instance.get_func(&mut *store, *export).expect("exported");
    let arguments: Vec<_> = arguments.iter().map(|argument| stock::Val::U32(*argument)).collect();
    let mut results = vec![stock::Val::Bool(false); function.ty(&*store).results().len()];
    match function.call(&mut *store, &arguments, &mut results) {
        Ok(()) => Ok(results.first().map(|result| match result {
            stock::Val::U32(result) => *result,
            other => panic!("a result of an unexpected type: {other:?}"),
        })),
        Err(error) => Err(error.root_cause().to_string()),
    }
}

/// Makes the same calls on both runtimes, up to a trap, and gives what the last one gave here.
pub fn compare(here: &Here, there: &There, calls: &[Call]) -> Outcome {
    let instance = here.instance();
    let (mut store, stock_instance) = there.instance();
    let mut last = Ok(None);
    for (position, made) in calls.iter().enumerate() {
        last = call(&instance, made);
        let expected = call_there(&mut store, &stock_instance, made);
        check(&last, &expected, &calls[..=position]);
        assert_eq!(
            *instance.host().lock().expect("no panic"),
            *store.data(),
            "dropped after {:?}",
            &calls[..=position]
        );
        if last.is_err() {
            break;
        }
    }
    last
}

pub fn check(result: &Outcome, expected: &Outcome, calls: &[Call]) {
    match (result, expected) {
        (Ok(result), Ok(expected)) => assert_eq!(result, expected, "{calls:?}"),
        (Err(reason), Err(expected)) => assert!(reason.contains(expected), "`{reason}`, not `{expected}`: {calls:?}"),
        (result, expected) => panic!("{result:?}, not {expected:?}: {calls:?}"),
    }
}

#[test]
fn what_a_handle_must_not_be_used_for_traps() {
    let (here, there) = (Here::new(), There::new());
    let (made, plain): (Call, Call) = (("make-r", vec![7]), ("make-s", vec![8]));
    let lent_to = |mode| ("look", vec![1, mode]);
    let cases: &[(&[Call], &str)] = &[
        // After it was dropped, given away, or given to a third instance.
        (
            &[made.clone(), ("drop-r", vec![1]), ("peek", vec![1])],
            "unknown handle index 1",
        ),
        (
            &[made.clone(), ("take", vec![1]), ("peek", vec![1])],
            "unknown handle index 1",
        ),
        (
            &[made.clone(), ("hold", vec![1]), ("drop-r", vec![1])],
            "unknown handle index 1",
        ),
        // One of another instance.
        (&[("owner-new", vec![7]), ("peek", vec![1])], "unknown handle index 1"),
        (&[made.clone(), ("owner-rep", vec![1])], "unknown handle index 1"),
        // One of another type.
        (
            &[plain.clone(), ("take", vec![1])],
            "handle index 1 used with the wrong type",
        ),
        (
            &[plain.clone(), ("peek", vec![1])],
            "handle index 1 used with the wrong type",
        ),
        (
            &[plain.clone(), ("drop-r", vec![1])],
            "handle index 1 used with the wrong type",
        ),
        (
            &[made.clone(), ("drop-h", vec![1])],
            "handle index 1 used with the wrong type",
        ),
        (&[made.clone(), lent_to(5)], "handle index 1 used with the wrong type"),
        // One that is lent, or was given away by an earlier argument.
        (
            &[made.clone(), ("both", vec![1, 1])],
            "cannot remove owned resource while borrowed",
        ),
        (&[made.clone(), ("both-reversed", vec![1, 1])], "unknown handle index 1"),
        // What the callee does with what it borrowed.
        (
            &[made.clone(), lent_to(1)],
            "borrow handles still remain at the end of the call",
        ),
        (&[made.clone(), lent_to(2)], "unknown handle index 1"),
        (&[made.clone(), lent_to(4)], "cannot lift own resource from a borrow"),
        (
            &[made.clone(), lent_to(3), lent_to(0), ("other-drop", vec![1])],
            "unknown handle index 1",
        ),
        // The host's.
        (
            &[("make-h", vec![7]), ("hold-h", vec![1]), ("rep-h", vec![1])],
            "unknown handle index 1",
        ),
        (
            &[("make-h", vec![7]), ("look-h", vec![1, 1])],
            "borrow handles still remain",
        ),
        (
            &[("make-h", vec![7]), ("look-h", vec![1, 5])],
            "handle index 1 used with the wrong type",
        ),
    ];
    for (calls, reason) in cases {
        let trapped = compare(&here, &there, calls).expect_err("a trap");
        assert!(trapped.contains(reason), "`{trapped}`, not `{reason}`: {calls:?}");
    }
}

#[test]
fn handles_go_from_one_instance_to_the_next() {
    let (here, there) = (Here::new(), There::new());
    let expect = |calls: &[Call], result| assert_eq!(compare(&here, &there, calls), Ok(result), "{calls:?}");
    let made: Call = ("make-r", vec![7]);
    expect(&[made.clone(), ("take", vec![1])], Some(7));
    // The owner gets the representation of what it is lent, and the other one an index, which it lends again.
    expect(&[made.clone(), ("peek", vec![1])], Some(7));
    expect(&[made.clone(), ("look", vec![1, 0])], Some(1));
    expect(&[made.clone(), ("look", vec![1, 3])], Some(7));
    // Lent twice in one call, and then no longer lent.
    expect(
        &[made.clone(), ("all", vec![1, 1]), ("drop-r", vec![1]), ("log", vec![])],
        Some(7),
    );
    expect(&[made.clone(), ("return", vec![1]), ("peek", vec![1])], Some(7));
    expect(&[made.clone(), ("keep", vec![1]), ("owner-rep", vec![1])], Some(7));
    // The type that another component exports again is the same type.
    expect(&[made.clone(), ("drop-other", vec![1]), ("log", vec![])], Some(7));
    // The destructor runs once, wherever the handle is dropped.
    expect(
        &[made, ("hold", vec![1]), ("other-drop", vec![1]), ("log", vec![])],
        Some(7),
    );
    // The host's resource goes through two components, and comes back when it is dropped.
    expect(&[("make-h", vec![5]), ("look-h", vec![1, 3])], Some(5));
    expect(
        &[("make-h", vec![5]), ("hold-h", vec![1]), ("other-drop-h", vec![1])],
        None,
    );
}

/// The specification checks the type first, then whether the handle is lent. Wasmtime checks in the other order.
#[test]
fn a_handle_of_another_type_traps_as_that_though_it_is_lent() {
    let text = r#"(component
      (component $Owner
        (type $r' (resource (rep i32)))
        (type $s' (resource (rep i32)))
        (core func $new (canon resource.new $r'))
        (core module $m
          (import "" "new" (func $new (param i32) (result i32)))
          (func (export "make") (result i32) (call $new (i32.const 7)))
          (func (export "both") (param i32 i32)))
        (core instance $m (instantiate $m (with "" (instance (export "new" (func $new))))))
        (export $r "r" (type $r'))
        (export $s "s" (type $s'))
        (func (export "make") (result (own $r)) (canon lift (core func $m "make")))
        (func (export "both") (param "lent" (borrow $r)) (param "given" (own $s)) (canon lift (core func $m "both"))))
      (instance $owner (instantiate $Owner))
      (component $User
        (import "owner" (instance $owner
          (export "r" (type $r (sub resource)))
          (export "s" (type $s (sub resource)))
          (export "make" (func (result (own $r))))
          (export "both" (func (param "lent" (borrow $r)) (param "given" (own $s))))))
        (core func $make (canon lower (func $owner "make")))
        (core func $both (canon lower (func $owner "both")))
        (core module $m
          (import "" "make" (func $make (result i32)))
          (import "" "both" (func $both (param i32 i32)))
          (func (export "run") (local $r i32)
            (local.set $r (call $make))
            (call $both (local.get $r) (local.get $r))))
        (core instance $m (instantiate $m (with "" (instance (export "make" (func $make)) (export "both" (func $both))))))
        (func (export "run") (canon lift (core func $m "run"))))
      (instance $user (instantiate $User (with "owner" (instance $owner))))
      (export "run" (func $user "run")))"#;
    let engine = engine(1);
    let instance = Linker::<()>::new(&engine).instantiate(&component(&engine, text), ());
    let instance = instance.expect("an instance");
    let trapped = trap(instance.get_func(&["run"]).expect("exported").call(&[])).to_string();
    assert!(trapped.contains("handle index 1 used with the wrong type"), "{trapped}");
}

/// Each thread makes, lends and drops resources of its own, and lends one that all of them lend.
#[test]
fn threads_pass_resources_in_parallel() {
    watched(|| {
        for workers in WORKERS {
            let engine = engine(workers);
            let instance = Linker::<()>::new(&engine).instantiate(&component(&engine, THREADS), ());
            let instance = instance.expect("an instance");
            let call = |export: &str, arguments: &[Val]| {
                let function = instance.get_func(&[export]).expect("exported");
                function.call(arguments).expect("no trap")
            };
            assert_eq!(call("run", &[Val::U32(4)]), Some(Val::U32(4 * 100 * 1001)));
            assert_eq!(call("destroyed", &[]), Some(Val::U32(4 * 100 + 1000)));
        }
    });
}

/// The callee's functions are not shared, so the calls run in its own store, which keeps what they borrow.
#[test]
fn threads_pass_resources_to_an_instance_that_is_not_shared() {
    watched(|| {
        for workers in WORKERS {
            let engine = engine(workers);
            let component = component(&engine, include_str!("passed_resources_home.wat"));
            let instance = Linker::<()>::new(&engine).instantiate(&component, ());
            let instance = instance.expect("an instance");
            let run = instance.get_func(&["run"]).expect("exported");
            let sum = run.call(&[Val::U32(4)]).expect("no trap");
            assert_eq!(sum, Some(Val::U32(4 * 100 * 1001 + 1000)));
            let trapped = trap(instance.get_func(&["fails"]).expect("exported").call(&[])).to_string();
            assert!(
                trapped.contains("borrow handles still remain at the end of the call"),
                "{trapped}"
            );
        }
    });
}
