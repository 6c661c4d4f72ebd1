//! A program ends within a single instruction that works on gigabytes, on both runtimes, and a table that cannot grow
//! by millions of elements stays as it is. The core module is the component's own, or the host supplies it.

use crate::programs::{FORMS, Form};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use weft::{Component, EndHandle, EndReason, Engine, Error, InstanceLimits, Linker, Module, ThreadContext};

/// `fill` calls the host before and after it fills four gigabytes.
const MODULE: &str = r#"(module $m
        (import "" "begin" (func $begin))
        (import "" "after" (func $after))
        (memory i64 65536)
        (table $table 4 200000000 funcref)
        (func (export "fill") (param $count i64)
            (call $begin)
            (memory.fill (i64.const 0) (i32.const 1) (local.get $count))
            (call $after))
        (func (export "grow") (param $count i32) (result i32)
            (table.grow $table (ref.null func) (local.get $count)))
        (func (export "length") (result i32) (table.size $table)))"#;

const IMPORTED: &str = r#"(import "m" (core module $m
    (import "" "begin" (func))
    (import "" "after" (func))
    (export "fill" (func (param i64)))
    (export "grow" (func (param i32) (result i32)))
    (export "length" (func (result i32)))))"#;

/// Who defines the core module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Supplier {
    Component,
    Host,
}

fn program(supplier: Supplier) -> String {
    let module = match supplier {
        Supplier::Component => MODULE.replacen("(module", "(core module", 1),
        Supplier::Host => IMPORTED.to_owned(),
    };
    format!(
        r#"(component
    (import "begin" (func $begin))
    (import "after" (func $after))
    (core func $begin (canon lower (func $begin)))
    (core func $after (canon lower (func $after)))
    {module}
    (core instance $i (instantiate $m (with "" (instance (export "begin" (func $begin)) (export "after" (func $after))))))
    (func (export "fill") (param "count" u64) (canon lift (core func $i "fill")))
    (func (export "grow") (param "count" u32) (result s32) (canon lift (core func $i "grow")))
    (func (export "length") (result u32) (canon lift (core func $i "length"))))"#
    )
}

#[derive(Default)]
struct Host {
    end: OnceLock<EndHandle>,
    came_after: AtomicBool,
}

fn forms() -> impl Iterator<Item = (Form, Supplier)> {
    FORMS
        .into_iter()
        .filter(|form| matches!(form, Form::Component | Form::Parallel))
        .flat_map(|form| [(form, Supplier::Component), (form, Supplier::Host)])
}

fn start((form, supplier): (Form, Supplier), limits: &InstanceLimits) -> (weft::Instance<Arc<Host>>, Arc<Host>) {
    let mut config = form.config();
    // Else a component that imports a core module would run on the parallel runtime.
    config.runtime(Some(form.runtime()));
    let engine = Engine::new(&config).expect("an engine");
    let component = Component::new(&engine, program(supplier)).expect("valid");
    assert_eq!(component.runtime(), form.runtime());
    let mut linker = Linker::<Arc<Host>>::new(&engine);
    let begin = |context: ThreadContext<'_, Arc<Host>>, (): ()| {
        if let Some(end) = context.host().end.get() {
            end.end("over quota");
        }
        Ok(())
    };
    let after = |context: ThreadContext<'_, Arc<Host>>, (): ()| {
        context.host().came_after.store(true, Ordering::Relaxed);
        Ok(())
    };
    linker.root().func_wrap("begin", begin).expect("a new name");
    linker.root().func_wrap("after", after).expect("a new name");
    if supplier == Supplier::Host {
        let module = Module::new(MODULE).expect("valid");
        linker.root().module("m", &module).expect("a new name");
    }
    let host = Arc::new(Host::default());
    let instance = linker.instantiate_with(&component, Arc::clone(&host), limits);
    (instance.expect("it fits"), host)
}

#[test]
fn an_end_does_not_wait_for_a_fill_of_four_gigabytes() {
    for form in forms() {
        let mut limits = InstanceLimits::new();
        limits.max_memory(8 << 30);
        let (instance, host) = start(form, &limits);
        assert!(host.end.set(instance.end_handle()).is_ok());
        let fill = instance.get_typed_func::<(u64,), ()>(&["fill"]).expect("exported");
        let error = fill.call((4 << 30,)).expect_err("it is ended");
        assert!(
            matches!(&error, Error::EndedBy(EndReason::Host(why)) if &**why == "over quota"),
            "{form:?}: {error}"
        );
        assert!(!host.came_after.load(Ordering::Relaxed), "{form:?}");
    }
}

#[test]
fn a_table_grows_in_steps_or_not_at_all() {
    for form in forms() {
        let mut limits = InstanceLimits::new();
        // The memory, and room for two million elements.
        limits.max_memory((4 << 30) + (16 << 20)).max_table_elements(1_500_000);
        let (instance, _) = start(form, &limits);
        let grow = instance.get_typed_func::<(u32,), (i32,)>(&["grow"]).expect("exported");
        let length = instance.get_typed_func::<(), (u32,)>(&["length"]).expect("exported");
        let mut grown = Vec::new();
        // Beyond the table's maximum, the limit of elements and the limit of memory; one step; and what fits.
        for by in [
            u32::MAX,
            200_000_000,
            1_600_000,
            3_000_000,
            65_536,
            1_000_000,
            1_000_000,
            65_536,
            65_537,
            0,
        ] {
            let (before,) = grow.call((by,)).expect("no trap");
            let (length,) = length.call(()).expect("no trap");
            grown.push((by, before, length));
        }
        let expected = [
            (u32::MAX, -1, 4),
            (200_000_000, -1, 4),
            (1_600_000, -1, 4),
            (3_000_000, -1, 4),
            (65_536, 4, 65_540),
            (1_000_000, 65_540, 1_065_540),
            (1_000_000, -1, 1_065_540),
            (65_536, 1_065_540, 1_131_076),
            (65_537, 1_131_076, 1_196_613),
            (0, 1_196_613, 1_196_613),
        ];
        assert_eq!(grown, expected, "{form:?}");
    }
}
