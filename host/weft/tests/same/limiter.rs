//! Both runtimes ask the embedder's limiter the same questions, and obey its answers.

use crate::programs::{FORMS, Form};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use weft::{Component, Error, Instance, InstanceLimits, Linker, ResourceLimiter, wasmtime};

const PAGE: usize = 65_536;

/// A memory of one page and a table of four elements, and functions that grow them.
const PROGRAM: &[u8] = br#"(component
    (core module $m
        (memory 1 100)
        (table $table 4 1000000 funcref)
        (func (export "memory") (param i32) (result i32) (memory.grow (local.get 0)))
        (func (export "table") (param i32) (result i32) (table.grow $table (ref.null func) (local.get 0))))
    (core instance $i (instantiate $m))
    (func (export "memory") (param "by" s32) (result s32) (canon lift (core func $i "memory")))
    (func (export "table") (param "by" s32) (result s32) (canon lift (core func $i "table"))))"#;

/// Allows memories up to five pages and tables up to a hundred elements, and keeps what it was asked.
#[derive(Default)]
struct Keeper {
    asked: Mutex<Vec<(&'static str, usize, usize)>>,
    fails: AtomicBool,
    refuses: AtomicBool,
}

impl Keeper {
    fn decide(&self, what: &'static str, current: usize, desired: usize, limit: usize) -> wasmtime::Result<bool> {
        self.asked.lock().expect("no panic").push((what, current, desired));
        match self.fails.load(Ordering::Relaxed) {
            true => Err(wasmtime::Error::msg("the tenant is over its quota")),
            false => Ok(desired <= limit && !self.refuses.load(Ordering::Relaxed)),
        }
    }
}

impl ResourceLimiter for Keeper {
    fn memory_growing(&self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        self.decide("memory", current, desired, 5 * PAGE)
    }

    fn table_growing(&self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        self.decide("table", current, desired, 100)
    }
}

fn start(form: Form, keeper: &Arc<Keeper>) -> Result<Instance<()>, Error> {
    let engine = form.engine();
    let component = Component::new(&engine, PROGRAM).expect("valid");
    assert_eq!(component.runtime(), form.runtime());
    let mut limits = InstanceLimits::new();
    limits.limiter(Arc::clone(keeper));
    Linker::new(&engine).instantiate_with(&component, (), &limits)
}

fn grow(instance: &Instance<()>, what: &str, by: i32) -> Result<i32, Error> {
    let grow = instance.get_typed_func::<(i32,), (i32,)>(&[what]).expect("exported");
    grow.call((by,)).map(|(before,)| before)
}

/// The forms in which this program exists.
fn forms() -> impl Iterator<Item = Form> {
    FORMS
        .into_iter()
        .filter(|form| matches!(form, Form::Component | Form::Parallel))
}

#[test]
fn a_limiter_is_asked_and_refuses_growth() {
    for form in forms() {
        let keeper = Arc::new(Keeper::default());
        let instance = start(form, &keeper).unwrap_or_else(|error| panic!("{form:?}: {error}"));
        let mut made = std::mem::take(&mut *keeper.asked.lock().expect("no panic"));
        made.sort_unstable();
        assert_eq!(made, [("memory", 0, PAGE), ("table", 0, 4)], "{form:?}");
        let grown = ["memory", "memory", "table", "table"]
            .into_iter()
            .zip([4, 1, 96, 1])
            .map(|(what, by)| grow(&instance, what, by).expect("no trap"));
        assert_eq!(Vec::from_iter(grown), [1, -1, 4, -1], "{form:?}");
        assert_eq!(
            *keeper.asked.lock().expect("no panic"),
            [
                ("memory", PAGE, 5 * PAGE),
                ("memory", 5 * PAGE, 6 * PAGE),
                ("table", 4, 100),
                ("table", 100, 101),
            ],
            "{form:?}"
        );
    }
}

#[test]
fn an_error_of_the_limiter_traps_and_tells() {
    for form in forms() {
        let keeper = Arc::new(Keeper::default());
        let instance = start(form, &keeper).unwrap_or_else(|error| panic!("{form:?}: {error}"));
        keeper.fails.store(true, Ordering::Relaxed);
        let error = grow(&instance, "memory", 1).expect_err("the limiter fails");
        assert!(matches!(error, Error::Trap(_)), "{form:?}: {error:?}");
        assert!(error.to_string().contains("over its quota"), "{form:?}: {error}");
    }
}

#[test]
fn an_instance_that_the_limiter_refuses_is_not_made() {
    for form in forms() {
        let keeper = Arc::new(Keeper::default());
        keeper.refuses.store(true, Ordering::Relaxed);
        match start(form, &keeper) {
            Err(Error::Limit(_)) => {}
            Err(error) => panic!("{form:?}: {error:?}"),
            Ok(_) => panic!("{form:?}: the limiter refuses it"),
        }
    }
}
