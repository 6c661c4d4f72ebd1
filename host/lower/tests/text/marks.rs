//! The marks that say whether built-ins are shared.

use crate::passes::encode;
use crate::{assert_canonical, component};
use wast::parser::{ParseBuffer, parse};
use wast::{QuoteWat, Wast, WastDirective};
use weft_lower::CanonicalEncoding::{Specification, WasmTools};
use weft_lower::{LowerError, text, to_binary};

/// A contradiction of mark and type is not for decoding to judge.
#[test]
fn marks_are_kept_where_the_type_says_otherwise() {
    assert_canonical(
        "(core func (canon thread.spawn-ref shared $unshared))",
        &[1, 0x40, 1, 1],
    );
}

/// Without a mark, it may be the text of wasm-tools, which has none; with the hyphen it cannot be.
#[test]
fn without_shared_the_type_decides() {
    assert_canonical("(core func (canon thread.spawn-ref $start))", &[1, 0x40, 1, 0]);
    assert_canonical("(core func (canon thread.spawn-ref $unshared))", &[1, 0x40, 0, 1]);
    assert_canonical(
        "(core func (canon thread.spawn-indirect $start (core table $table)))",
        &[1, 0x41, 1, 0, 0],
    );
    assert_canonical("(core func (canon thread.available_parallelism))", &[1, 0x42, 1]);
    assert_canonical("(core func (canon thread.available-parallelism))", &[1, 0x42, 0]);
}

/// The marks find their definitions, whatever is between them and wherever they are nested.
#[test]
fn marks_are_in_the_order_of_the_binary() {
    let definitions = r#"
        (core func (canon thread.spawn-ref $unshared))
        (component
            (core type $start (shared (func (param i32))))
            (component (core func (canon thread.available-parallelism)))
            (core func (canon thread.spawn-ref shared $start))
            (core func (canon thread.index)))
        (component (core func $f (canon thread.available-parallelism shared)))
        (core func (canon thread.available-parallelism))
        (core instance (instantiate $m (with "" (instance (export "" (func 0))))))
        (canon thread.spawn-indirect shared $start (core table $table) (core func))"#;
    let text = component(definitions);
    let specification = encode(text.as_bytes(), Specification).unwrap();
    let respelt = text::respell(&text);
    let marks: Vec<_> = respelt
        .definitions()
        .iter()
        .map(|definition| definition.shared)
        .collect();
    assert_eq!(
        marks,
        [None, Some(false), Some(true), Some(true), Some(false), Some(true)]
    );
    let binary = encode(text.as_bytes(), WasmTools).unwrap();
    assert_eq!(text::with_immediates(&binary, &marks).unwrap(), specification);
    let found: Vec<_> = specification
        .windows(4)
        .filter_map(|bytes| match bytes {
            [8, _, 1, 0x40..=0x42] | [8, _, 2, 0x40 | 0x42] => Some(bytes[3]),
            _ => None,
        })
        .collect();
    assert_eq!(found, [0x40, 0x42, 0x40, 0x42, 0x42, 0x41]);
}

#[test]
fn marks_are_given_to_as_many_definitions_only() {
    let binary = to_binary(b"(component (core func (canon thread.available_parallelism)))").unwrap();
    assert!(matches!(
        text::with_immediates(&binary, &[Some(true), Some(true)]),
        Err(LowerError::Internal(_))
    ));
    assert_eq!(text::with_immediates(&binary, &[None]).unwrap(), binary);
}

/// A script is respelt as a whole, and each of its components finds its marks by its position.
#[test]
fn scripts_find_the_marks_of_each_component() {
    let script = r#"
        (module (global (shared (mut i32)) (i32.const 0)) (func (drop (global.atomic.get seqcst 0))))
        (component $A (core func (canon thread.available-parallelism)))
        (component definition $B
            (component (core func (canon thread.available-parallelism shared)))
            (core func (canon thread.available_parallelism)))
        (assert_invalid (component (core type $t (func)) (core func (canon thread.spawn-ref shared $t))) "start")
        (component (core func (canon thread.index)))
        (assert_malformed (component quote "(core func (canon thread.available-parallelism))") "")"#;
    let respelt = text::respell(script);
    let buffer = ParseBuffer::new(respelt.text()).unwrap();
    let script_ast = parse::<Wast<'_>>(&buffer).unwrap();
    let mut found = Vec::new();
    for directive in script_ast.directives {
        let (WastDirective::Module(mut wat)
        | WastDirective::ModuleDefinition(mut wat)
        | WastDirective::AssertInvalid { module: mut wat, .. }) = directive
        else {
            continue;
        };
        let position = wat.span().offset();
        let immediates = respelt.immediates(position);
        let original = respelt.original_offset(position);
        assert!(script[original..].starts_with(&respelt.text()[position..position + 6]));
        if let QuoteWat::Wat(wast::Wat::Component(_)) = wat {
            let binary = wat.encode().unwrap();
            let marked = text::with_immediates(&binary, &immediates).unwrap();
            assert_eq!(marked.len() - binary.len(), immediates.len());
        }
        found.push(immediates);
    }
    assert_eq!(
        found,
        [
            vec![],
            vec![Some(false)],
            vec![Some(true), None],
            vec![Some(true)],
            vec![]
        ]
    );
}
