use super::{WaveError, check_type, params_from_wave, params_to_wave, to_wave};
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
    values.iter().map(to_wave).collect()
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
    for text in ["(1, 2, 'x'", "(1, 2, y)", "(1, -2, 'x')", "1, 2, 'x'"] {
        assert!(matches!(read(params, text), Err(WaveError::Text(_))), "{text}");
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
    let error = params_to_wave(func.types(), func.ty()).expect_err("a resource");
    assert!(
        matches!(&error, WaveError::Type(name) if name.contains("borrow")),
        "{error:?}"
    );
    assert_eq!(to_wave(&Val::Option(None)), Ok("none".to_owned()));
}
