//! Errors of a linker: missing imports, imports of other types, duplicate names, and components that it cannot serve.

use weft_parallel::{Caller, Error, Linker};

use crate::support::{Running, component, engine, watched};

/// Imports three functions of two modules.
const IMPORTS: &str = r#"(component
    (import "a" (core module $a (export "one" (func)) (export "two" (func (param i32) (result i64)))))
    (import "b" (core module $b (export "one" (func (param f64)))))
    (core instance $a (instantiate $a))
    (core instance $b (instantiate $b))
    (core module $m
        (import "a" "one" (func))
        (import "a" "two" (func (param i32) (result i64)))
        (import "b" "one" (func (param f64))))
    (core instance $i (instantiate $m (with "a" (instance $a)) (with "b" (instance $b)))))"#;

#[test]
fn all_missing_imports_are_named() {
    let engine = engine(1);
    let component = component(&engine, IMPORTS);
    let mut linker = Linker::<()>::new(&engine);
    let missing = |linker: &Linker<()>| match linker.instantiate(&component, ()).err() {
        Some(Error::MissingImports(missing)) => missing,
        other => panic!("not about imports: {other:?}"),
    };
    assert_eq!(linker.missing(&component), ["a/one", "a/two", "b/one"]);
    assert_eq!(missing(&linker), ["a/one", "a/two", "b/one"]);
    linker.module("a").func_wrap("two", |_: i32| 0_i64).expect("a new name");
    assert_eq!(linker.missing(&component), ["a/one", "b/one"]);
    assert_eq!(missing(&linker), ["a/one", "b/one"]);
    let error = linker
        .instantiate(&component, ())
        .err()
        .expect("it is refused")
        .to_string();
    assert!(error.contains("a/one") && error.contains("b/one"), "{error}");
    linker.module("a").func_wrap("one", || {}).expect("a new name");
    linker.module("b").func_wrap("one", |_: f64| {}).expect("a new name");
    assert_eq!(linker.missing(&component), Vec::<String>::new());
    linker.instantiate(&component, ()).expect("all is there");
}

/// Imports that no core module uses.
const UNUSED: &str = r#"(component
    (import "f" (func (param "x" string)))
    (import "wasi:nothing/here@1.0.0" (instance $i (export "f" (func (param "x" u32)))))
    (import "handle" (type $handle (sub resource)))
    (import "test:a/uses-a-handle" (instance (alias outer 1 $handle (type $h)) (export "t" (type (eq $h)))))
    (type $u u32)
    (import "t" (type $t (eq $u)))
    (import "test:a/types" (instance (type $r (record (field "x" u32))) (export "r" (type (eq $r))) (export "t" (type (eq $t)))))
    (import "empty" (core module))
    (import "module" (core module (export "g" (func)) (export "a" (func))))
    (import "test:a/modules" (instance (export "module" (core module (export "g" (func))))))
    (core type $start (shared (func (param i32))))
    (core func (canon thread.spawn-ref shared $start))
    (core module $m (func (export "run")))
    (core instance $i (instantiate $m))
    (func (export "run") (canon lift (core func $i "run"))))"#;

#[test]
fn imports_that_nothing_uses_are_missing_too() {
    let engine = engine(1);
    let component = component(&engine, UNUSED);
    let mut linker = Linker::<()>::new(&engine);
    let others = ["f", "handle", "wasi:nothing/here@1.0.0"];
    let modules = ["empty", "module/a", "module/g", "test:a/modules/module/g"];
    let mut all: Vec<&str> = others.into_iter().chain(modules).collect();
    all.sort();
    assert_eq!(linker.missing(&component), all);
    match linker.instantiate(&component, ()).err() {
        Some(Error::MissingImports(missing)) => assert_eq!(missing, all),
        other => panic!("not about imports: {other:?}"),
    }
    linker.module("empty");
    linker.module("module").func_wrap("g", || {}).expect("a new name");
    linker.module("module").func_wrap("a", || {}).expect("a new name");
    let inner = linker.module("test:a/modules/module").func_wrap("g", || {}).map(drop);
    inner.expect("a new name");
    assert_eq!(linker.missing(&component), others);
}

#[test]
fn types_alone_are_not_missing() {
    let engine = engine(1);
    let types = r#"(component
        (type $u u32)
        (import "t" (type $t (eq $u)))
        (import "test:a/types" (instance (export "t" (type (eq $t)))))
        (core type $start (shared (func (param i32))))
        (core func (canon thread.spawn-ref shared $start)))"#;
    let component = component(&engine, types);
    let linker = Linker::<()>::new(&engine);
    assert_eq!(linker.missing(&component), Vec::<String>::new());
    linker.instantiate(&component, ()).expect("all is there");
}

#[test]
fn an_import_of_another_type_is_refused_by_name() {
    let engine = engine(1);
    let component = component(&engine, IMPORTS);
    let mut linker = Linker::<()>::new(&engine);
    linker.module("a").func_wrap("one", || {}).expect("a new name");
    linker.module("a").func_wrap("two", |_: i32| 0_i32).expect("a new name");
    linker.module("b").func_wrap("one", |_: f64| {}).expect("a new name");
    let error = linker.instantiate(&component, ()).err().expect("it is refused");
    assert!(matches!(error, Error::Link(_)), "{error:?}");
    assert!(
        error.to_string().contains("`two`") || error.to_string().contains("a/two"),
        "{error}"
    );
}

#[test]
fn a_name_is_defined_once() {
    let engine = engine(1);
    let mut linker = Linker::<()>::new(&engine);
    linker.module("a").func_wrap("f", || {}).expect("a new name");
    linker
        .module("a")
        .func_wrap("f", |_: i32| {})
        .err()
        .expect("it is there");
    linker
        .module("a")
        .func_wrap_async("f", |_: Caller<'_, ()>, (): ()| Box::new(async {}))
        .err()
        .expect("it is there");
    linker.module("b").func_wrap("f", || {}).expect("another module");
}

#[test]
fn another_engine_is_refused() {
    let component = component(&engine(1), IMPORTS);
    let outcome = Linker::new(&engine(1)).instantiate(&component, ());
    assert!(matches!(outcome.err(), Some(Error::OtherEngine)));
}

#[test]
fn functions_that_nobody_imports_do_no_harm() {
    watched(|| {
        const COMPONENT: &str = r#"(component
            (core module $m (func (export "f") (result i32) (i32.const 3)))
            (core instance $i (instantiate $m))
            (func (export "f") (result s32) (canon lift (core func $i "f"))))"#;
        let engine = engine(1);
        let component = component(&engine, COMPONENT);
        assert_eq!(Running::new(&component).call("f", &[]).expect("no trap"), 3);
    });
}
