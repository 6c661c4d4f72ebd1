//! The embedder's limiter decides how far memories and tables grow.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use weft_parallel::{Component, Engine, Error, Instance, InstanceLimits, Linker, ResourceLimiter, Val, wasmtime};

use crate::support::{engine, trap, watched};

/// A page of a memory.
const PAGE: usize = 65_536;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Memory(usize, usize, Option<usize>),
    Table(usize, usize, Option<usize>),
}

/// Allows sizes up to these, and keeps what it was asked. It fails at `usize::MAX` of what it allows.
struct Keeper {
    bytes: AtomicUsize,
    elements: AtomicUsize,
    asked: Mutex<Vec<Asked>>,
}

/// A limit at which the limiter itself fails.
const FAILS: usize = usize::MAX;

impl Keeper {
    fn new(bytes: usize, elements: usize) -> Arc<Self> {
        Arc::new(Keeper {
            bytes: bytes.into(),
            elements: elements.into(),
            asked: Mutex::default(),
        })
    }

    fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut *self.asked.lock().expect("no panic under the lock"))
    }

    fn decide(&self, asked: Asked, desired: usize, limit: &AtomicUsize) -> wasmtime::Result<bool> {
        self.asked.lock().expect("no panic under the lock").push(asked);
        match limit.load(Ordering::SeqCst) {
            FAILS => Err(wasmtime::Error::msg("the tenant is over its quota")),
            limit => Ok(desired <= limit),
        }
    }
}

impl ResourceLimiter for Keeper {
    fn memory_growing(&self, current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        self.decide(Asked::Memory(current, desired, maximum), desired, &self.bytes)
    }

    fn table_growing(&self, current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        self.decide(Asked::Table(current, desired, maximum), desired, &self.elements)
    }
}

/// A memory of one page and a table of four elements, shared or not, and functions that grow them.
fn text(shared: bool) -> String {
    let (prefix, reference, memory) = match shared {
        true => ("shared", "(ref null (shared func))", "shared"),
        false => ("", "funcref", ""),
    };
    let null = match shared {
        true => "(ref.null (shared func))",
        false => "(ref.null func)",
    };
    let ty = match shared {
        true => "(shared (func (param i32) (result i32)))",
        false => "(func (param i32) (result i32))",
    };
    format!(
        r#"(component
            (core module $m
                (type $grow {ty})
                (memory 1 100 {memory})
                (table $table {prefix} 4 1000000 {reference})
                (func (export "grow-memory") (type $grow) (memory.grow (local.get 0)))
                (func (export "grow-table") (type $grow) (table.grow $table {null} (local.get 0))))
            (core instance $i (instantiate $m))
            (func (export "grow-memory") (param "by" s32) (result s32) (canon lift (core func $i "grow-memory")))
            (func (export "grow-table") (param "by" s32) (result s32) (canon lift (core func $i "grow-table"))))"#
    )
}

fn start(engine: &Engine, shared: bool, keeper: &Arc<Keeper>, max_memory: u64) -> Result<Instance<()>, Error> {
    let component = Component::new(engine, text(shared).as_bytes()).expect("valid");
    let mut limits = InstanceLimits::new();
    limits.max_memory(max_memory).limiter(Arc::clone(keeper));
    Linker::new(engine).instantiate_with(&component, (), &limits)
}

fn grow(instance: &Instance<()>, what: &str, by: i32) -> Result<i32, Error> {
    let grow = instance.get_func(&[what]).expect("exported");
    match grow.call(&[Val::S32(by)])? {
        Some(Val::S32(before)) => Ok(before),
        other => panic!("{other:?}"),
    }
}

#[test]
fn it_is_asked_for_each_memory_and_table_that_is_made_or_grows() {
    watched(|| {
        let engine = engine(2);
        for shared in [true, false] {
            let keeper = Keeper::new(10 * PAGE, 200_000);
            let instance = start(&engine, shared, &keeper, 64 << 20).expect("an instance");
            let made = keeper.asked();
            let bytes = Some(100 * PAGE);
            let is_of = |table: bool| move |asked: &&Asked| matches!(asked, Asked::Table(..)) == table;
            assert_eq!(
                Vec::from_iter(made.iter().filter(is_of(false))),
                [&Asked::Memory(0, PAGE, bytes)]
            );
            // Another one may be of weft's own.
            let tables = made.iter().filter(is_of(true));
            assert_eq!(
                tables.filter(|asked| matches!(asked, Asked::Table(0, 4, _))).count(),
                1,
                "{made:?}"
            );

            assert_eq!(grow(&instance, "grow-memory", 9).expect("no trap"), 1);
            assert_eq!(keeper.asked(), [Asked::Memory(PAGE, 10 * PAGE, bytes)]);
            assert_eq!(grow(&instance, "grow-memory", 1).expect("no trap"), -1);
            assert_eq!(keeper.asked(), [Asked::Memory(10 * PAGE, 11 * PAGE, bytes)]);
            keeper.bytes.store(11 * PAGE, Ordering::SeqCst);
            assert_eq!(
                grow(&instance, "grow-memory", 1).expect("no trap"),
                10,
                "it may change its mind"
            );

            assert_eq!(grow(&instance, "grow-table", 6).expect("no trap"), 4);
            keeper.asked();
            // So many are added in steps, and asked for at once.
            assert_eq!(grow(&instance, "grow-table", 199_990).expect("no trap"), 10);
            let asked = keeper.asked();
            assert!(matches!(asked[..], [Asked::Table(10, 200_000, _)]), "{asked:?}");
            for by in [1, 300_000] {
                assert_eq!(grow(&instance, "grow-table", by).expect("no trap"), -1);
                assert_eq!(keeper.asked().len(), 1);
            }
            keeper.bytes.store(0, Ordering::SeqCst);
            keeper.elements.store(0, Ordering::SeqCst);
            assert_eq!(grow(&instance, "grow-memory", 0).expect("no trap"), 11);
            assert_eq!(grow(&instance, "grow-table", 0).expect("no trap"), 200_000);
            assert_eq!(keeper.asked(), []);
        }
    });
}

#[test]
fn its_error_is_a_trap() {
    watched(|| {
        let engine = engine(2);
        for shared in [true, false] {
            for (what, by) in [("grow-memory", 1), ("grow-table", 1), ("grow-table", 100_000)] {
                let keeper = Keeper::new(1 << 30, 1 << 30);
                let instance = start(&engine, shared, &keeper, 64 << 20).expect("an instance");
                keeper.bytes.store(FAILS, Ordering::SeqCst);
                keeper.elements.store(FAILS, Ordering::SeqCst);
                let trap = trap(grow(&instance, what, by));
                assert!(trap.message().contains("the tenant is over its quota"), "{trap}");
            }
        }
    });
}

#[test]
fn an_instance_that_needs_more_to_start_is_an_error() {
    watched(|| {
        let engine = engine(1);
        for shared in [true, false] {
            let cases = [
                (Keeper::new(PAGE - 1, 4), "refuses a memory of 65536 bytes"),
                (Keeper::new(PAGE, 3), "refuses a table of 4 elements"),
                (Keeper::new(FAILS, 4), "the tenant is over its quota"),
                (Keeper::new(PAGE, FAILS), "the tenant is over its quota"),
            ];
            for (keeper, expected) in cases {
                match start(&engine, shared, &keeper, 64 << 20) {
                    Err(Error::Limit(message)) => assert!(message.contains(expected), "{message}"),
                    other => panic!("shared: {shared}, {expected}: {:?}", other.err()),
                }
            }
        }
    });
}

#[test]
fn it_is_not_asked_for_what_the_limits_or_the_type_refuse() {
    watched(|| {
        let engine = engine(1);
        for shared in [true, false] {
            let keeper = Keeper::new(1 << 30, 1 << 30);
            let instance = start(&engine, shared, &keeper, 2 << 20).expect("an instance");
            let memory = instance.metrics().memory;
            keeper.asked();
            assert_eq!(grow(&instance, "grow-memory", 50).expect("no trap"), -1, "the limit");
            assert_eq!(grow(&instance, "grow-memory", 100).expect("no trap"), -1, "the type");
            assert_eq!(
                grow(&instance, "grow-table", 1_000_000).expect("no trap"),
                -1,
                "the type"
            );
            assert_eq!(keeper.asked(), []);
            keeper.bytes.store(PAGE, Ordering::SeqCst);
            keeper.elements.store(4, Ordering::SeqCst);
            for (what, by) in [("grow-memory", 1), ("grow-table", 100), ("grow-table", 100_000)] {
                assert_eq!(grow(&instance, what, by).expect("no trap"), -1);
            }
            assert_eq!(instance.metrics().memory, memory, "what it refuses is not charged");
        }
    });
}

#[test]
fn it_is_not_asked_for_the_copies_of_further_threads() {
    const TEXT: &str = r#"(component
        (core module $own (memory (export "memory") 1 2))
        (core module $m
            (type $get (shared (func (result i32))))
            (memory 1 1 shared)
            (func (export "meet") (type $get) (result i32)
                (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
                (drop (memory.atomic.notify (i32.const 0) (i32.const -1)))
                (drop (memory.atomic.wait32 (i32.const 0) (i32.const 1) (i64.const -1)))
                (i32.atomic.load (i32.const 0))))
        (core instance (instantiate $own))
        (core instance $i (instantiate $m))
        (func (export "meet") (result s32) (canon lift (core func $i "meet"))))"#;
    watched(|| {
        let engine = engine(2);
        let component = Component::new(&engine, TEXT.as_bytes()).expect("valid");
        let keeper = Keeper::new(PAGE, 100);
        let mut limits = InstanceLimits::new();
        limits.limiter(Arc::clone(&keeper));
        let instance = Linker::new(&engine)
            .instantiate_with(&component, (), &limits)
            .expect("an instance");
        let memories = |asked: Vec<Asked>| asked.iter().filter(|asked| matches!(asked, Asked::Memory(..))).count();
        assert_eq!(memories(keeper.asked()), 2);
        // It would refuse.
        keeper.bytes.store(0, Ordering::SeqCst);
        let meet = instance.get_func(&["meet"]).expect("exported");
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| assert_eq!(meet.call(&[]).expect("no trap"), Some(Val::S32(2))));
            }
        });
        assert_eq!(memories(keeper.asked()), 0);
    });
}
