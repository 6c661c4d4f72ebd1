use super::{WaveError, check_type, from_wave, func_to_wave, params_from_wave, to_wave};
use crate::{Component, Config, Engine, Linker};
use weft_abi::Val;

/// Reads `text` as the arguments of a function with these parameters, and prints each of them.
fn read(params: &str, text: &str) -> Result<Vec<String>, WaveError> {
    let engine = Engine::new(&Config::new()).expect("an engine");
    let component = format!(
        r#"(component
            (core module $m (func (export "f") (param i32 i32 i32)))
            (core instance $m (instantiate $m))
            (func (export "f") {params} (canon lift (core func $m "f"))))"#
    );
    let component = Component::new(&engine, component.as_bytes()).expect("valid");
    let instance = Linker::new(&engine).instantiate(&component, ()).expect("no imports");
    let func = instance.get_func(&["f"]).expect("exported");
    let values = params_from_wave(func.types(), func.ty(), text)?;
    for param in &func.ty().params {
        check_type(func.types(), param.item.ty).expect("it was read");
    }
    let printed = values.iter().map(to_wave).collect::<Result<Vec<_>, _>>()?;
    for ((param, value), text) in func.ty().params.iter().zip(&values).zip(&printed) {
        assert_eq!(from_wave(func.types(), param.item.ty, text).as_ref(), Ok(value));
    }
    Ok(printed)
}

#[test]
fn arguments_are_read_and_printed() {
    let params = r#"(param "a" u32) (param "b" (option u32))"#;
    assert_eq!(
        read(params, "(1, some(2))"),
        Ok(vec!["1".to_owned(), "some(2)".to_owned()])
    );
    assert_eq!(read(params, "(1)"), Ok(vec!["1".to_owned(), "none".to_owned()]));
    let params = r#"(param "a" (tuple u8 bool)) (param "c" char)"#;
    assert_eq!(
        read(params, "((255, true), 'x')"),
        Ok(vec!["(255, true)".to_owned(), "'x'".to_owned()])
    );
}

#[test]
fn what_is_not_an_argument_is_refused() {
    let params = r#"(param "a" u32) (param "b" u32) (param "c" char)"#;
    let count = |given| Err(WaveError::Count { given, expected: 3 });
    assert_eq!(read(params, "()"), count(0));
    assert_eq!(read(params, "(1, 2)"), count(2));
    assert_eq!(read(params, "(1, 2, 'x', 4)"), count(4));
    for text in ["(1, 2, 'x'", "1, 2, 'x'"] {
        assert!(matches!(read(params, text), Err(WaveError::Text(_))), "{text}");
    }
    for (text, expected) in [
        (
            "(1, 2, y)",
            "`y` is not a value for the parameter `c: char`: invalid value type",
        ),
        (
            "(1, -2, 'x')",
            "`-2` is not a value for the parameter `b: u32`: invalid value",
        ),
    ] {
        let error = read(params, text).expect_err("a value of another type").to_string();
        assert!(error.starts_with(expected), "{text}: {error}");
    }
}

#[test]
fn types_without_text_are_named() {
    let engine = Engine::new(&Config::new()).expect("an engine");
    let component = br#"(component
        (type $r (resource (rep i32)))
        (export $r' "r" (type $r))
        (core module $m (func (export "f") (param i32)))
        (core instance $m (instantiate $m))
        (func (export "f") (param "r" (borrow $r')) (canon lift (core func $m "f"))))"#;
    let component = Component::new(&engine, component).expect("valid");
    let instance = Linker::new(&engine).instantiate(&component, ()).expect("no imports");
    let func = instance.get_func(&["f"]).expect("exported");
    let error = func_to_wave(func.types(), func.ty()).expect_err("a resource");
    assert!(
        matches!(&error, WaveError::Type(name) if name.contains("borrow")),
        "{error:?}"
    );
    assert_eq!(to_wave(&Val::Option(None)), Ok("none".to_owned()));
}

#[test]
fn a_functions_type_names_its_parameters() {
    let engine = Engine::new(&Config::new()).expect("an engine");
    let component = br#"(component
        (core module $m
            (func (export "f") (param i32 i32 i64) (result i32) (i32.const 0))
            (func (export "g") (param i32 i32 i64)))
        (core instance $m (instantiate $m))
        (func (export "f") (param "first" (option u8)) (param "b" s64) (result bool) (canon lift (core func $m "f")))
        (func (export "g") (param "a" u32) (param "b" u32) (param "c" s64) (canon lift (core func $m "g"))))"#;
    let component = Component::new(&engine, component).expect("valid");
    let instance = Linker::new(&engine).instantiate(&component, ()).expect("no imports");
    let ty = |name| {
        let func = instance.get_func(&[name]).expect("exported");
        func_to_wave(func.types(), func.ty())
    };
    assert_eq!(ty("f"), Ok("func(first: option<u8>, b: s64) -> bool".to_owned()));
    assert_eq!(ty("g"), Ok("func(a: u32, b: u32, c: s64)".to_owned()));
}
