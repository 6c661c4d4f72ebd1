//! The text format, in the specifications' spelling.

mod marks;
#[path = "../passes/mod.rs"]
mod passes;

use passes::encode;
use weft_lower::CanonicalEncoding::{Specification, WasmTools};
use weft_lower::{Component, LowerError, text, to_binary};

const TYPES: &str = r#"
    (core type $start (shared (func (param i32))))
    (core type $unshared (func (param i32)))
    (core module $m (table (export "t") shared 1 (ref null (shared func))))
    (core instance $i (instantiate $m))
    (alias core export $i "t" (core table $table))"#;

/// A component with the types above and these definitions.
fn component(definitions: &str) -> String {
    format!("(component {TYPES} {definitions})")
}

/// The binary of a component with these definitions.
#[track_caller]
fn binary(definitions: &str) -> Vec<u8> {
    let text = component(definitions);
    match encode(text.as_bytes(), Specification) {
        Ok(binary) => binary,
        Err(error) => panic!("{definitions}: {:#}", anyhow::Error::from(error)),
    }
}

/// Asserts that the only canonical section of the component is this one.
#[track_caller]
fn assert_canonical(definitions: &str, contents: &[u8]) {
    let binary = binary(definitions);
    let section = [&[8, contents.len() as u8], contents].concat();
    let found = binary.windows(section.len()).any(|bytes| bytes == section);
    assert!(found, "{definitions}: {binary:x?}");
    // The same by way of a binary, as the command line does it.
    let text = component(definitions);
    assert_eq!(
        encode(&to_binary(text.as_bytes()).unwrap(), Specification).unwrap(),
        binary
    );
}

/// SPAWN-REF-03, SPAWN-IND-03, PAR-02.
#[test]
fn shared_is_read() {
    assert_canonical("(canon thread.spawn-ref shared $start (core func))", &[1, 0x40, 1, 0]);
    assert_canonical("(core func (canon thread.spawn-ref shared $start))", &[1, 0x40, 1, 0]);
    assert_canonical(
        "(core func (canon thread.spawn-ref shared (core type $start)))",
        &[1, 0x40, 1, 0],
    );
    assert_canonical(
        "(core func $f (canon thread.spawn-indirect shared $start (core table $table)))",
        &[1, 0x41, 1, 0, 0],
    );
    assert_canonical(
        "(canon thread.spawn-indirect shared 0 0 (core func $f))",
        &[1, 0x41, 1, 0, 0],
    );
    assert_canonical("(core func (canon thread.available-parallelism shared))", &[1, 0x42, 1]);
    assert_canonical("(canon thread.available_parallelism shared (core func))", &[1, 0x42, 1]);
    let comments = "( ;;\n canon(; thread.spawn-ref ;)thread.spawn-ref(;;)shared;;\n $start (core func))";
    assert_canonical(comments, &[1, 0x40, 1, 0]);
}

/// The same words elsewhere mean something else.
#[test]
fn other_text_is_left_alone() {
    let texts = [
        r#"(module (func (export "(canon thread.spawn-ref shared)")))"#,
        r#"(module quote "(canon thread.available-parallelism shared)" "seqcst")"#,
        "(module ;; (canon thread.spawn-ref shared\n)",
        "(module (; (canon thread.spawn-ref shared ;))",
        "(module (func $thread.available-parallelism (call $seqcst)))",
        "(module (@custom (canon thread.spawn-ref shared (shared (mut)))))",
        "(component (@canon thread.spawn-ref shared))",
        "(thread.spawn-ref shared)",
        "(canon thread.new-indirect shared)",
        "(canon lift shared)",
        "(core func thread.available-parallelism shared)",
        "(canon (thread.spawn-ref shared))",
        "(type (shared (struct (field (mut i32)))))",
        "(memory 1 1 shared) (table shared 1 (ref (shared func)))",
        "(global (mut i32)) (global (shared mut i32)) (shared i32 (mut i32))",
        "(global.atomic.get seq_cst 0 \"seqcst\" $acqrel acqrel.1)",
    ];
    for text in texts {
        let respelt = text::respell(text);
        assert_eq!(respelt.text(), text);
        assert_eq!(respelt.definitions(), []);
    }
}

/// Words in other places than the grammar has them stay, for the parser to refuse.
#[test]
fn shared_is_refused_elsewhere() {
    for definitions in [
        "(core func (canon thread.spawn-ref $start shared))",
        "(core func (canon thread.spawn-ref (core type $start) shared))",
        "(core func (canon thread.spawn-ref shared shared $start))",
        "(core func (canon shared thread.spawn-ref $start))",
        "(core func (canon thread.new-indirect shared $start (core table $table)))",
        "(core func (canon thread.available-parallelism (shared)))",
        "(core func (canon thread.availableparallelism))",
    ] {
        let text = component(definitions);
        assert!(
            matches!(to_binary(text.as_bytes()), Err(LowerError::Text(_))),
            "{definitions}"
        );
    }
}

/// Errors show what the author wrote, and where.
#[test]
fn errors_have_the_position_in_the_original() {
    let texts = [
        "(component\n  (core func (canon thread.spawn-ref shared 0)) (canon error))",
        "(component\n  (core func (canon thread.available-parallelism shared) error))",
        "(module\n  (global (shared (mut i32)) error)",
        "(module\n  (func (drop (global.atomic.get seqcst 0)) (drop (global.atomic.get acqrel 0)) error))",
        "(module\n  (func seqcst (error)))",
        "(module\n  (func (drop (global.atomic.get seqcst $x))) (func error)",
    ];
    for text in texts {
        let Err(LowerError::Text(error)) = to_binary(text.as_bytes()) else {
            panic!("{text} is accepted");
        };
        let message = error.to_string();
        let line = text.lines().nth(1).unwrap();
        assert!(message.contains(&format!("    2 | {line}\n")), "{message}");
        let expected = line.find("seqcst (error").or_else(|| line.rfind("error")).unwrap();
        let (_, column) = error.span().linecol_in(text);
        assert_eq!(column, expected, "{message}");
    }
}

/// A line may be megabytes long: what is quoted is around the error.
#[test]
fn errors_quote_no_more_than_a_screen() {
    let long = " (func) (; \u{e9} ;)".repeat(100_000);
    let texts = [
        (format!("(module (error){long})"), 9, true),
        (format!("(module\n(error){long})"), 1, true),
        (format!("(module{long} (error){long})"), 9 + long.len(), false),
        (format!("(module{long} (error))"), 9 + long.len(), false),
    ];
    for (text, column, quoted) in texts {
        let Err(LowerError::Text(error)) = to_binary(text.as_bytes()) else {
            panic!("it is accepted");
        };
        let message = error.to_string();
        assert!(message.len() < 1000, "{} bytes", message.len());
        assert!(message.contains(&format!(":{}", column + 1)) || !quoted, "{message}");
        assert_eq!(message.contains("(error)"), quoted, "{message}");
        assert_eq!(error.span().linecol_in(&text).1, column, "{message}");
    }
}

/// SETB-07: the proposal's parentheses, those of older tools, and none.
#[test]
fn shared_globals_in_both_spellings() {
    let module = |ty: &str| {
        let text = format!(r#"(module (import "" "" (global {ty})) (global $g (export "g") {ty} (i32.const 0)))"#);
        to_binary(text.as_bytes()).unwrap().into_owned()
    };
    assert_eq!(module("(shared (mut i32))"), module("(shared mut i32)"));
    assert_eq!(module("( shared (;;) ( mut i32 ) )"), module("(shared mut i32)"));
    assert_ne!(module("(shared i32)"), module("(shared mut i32)"));
    assert_ne!(module("(mut i32)"), module("(shared mut i32)"));
}

#[test]
fn shared_globals_of_references() {
    let module = |ty: &str| {
        to_binary(format!("(module (import \"\" \"\" (global {ty})))").as_bytes())
            .unwrap()
            .into_owned()
    };
    assert_eq!(
        module("(shared (mut (ref null (shared func))))"),
        module("(shared mut (ref null (shared func)))")
    );
}

/// SETB-06.
#[test]
fn orderings_in_both_spellings() {
    let module = |sequential: &str, acquire: &str| {
        let text = format!(
            "(module (global $g (shared mut i32) (i32.const 0))
                (func (global.atomic.set {sequential} $g (global.atomic.get {acquire} $g))))"
        );
        to_binary(text.as_bytes()).unwrap().into_owned()
    };
    assert_eq!(module("seqcst", "acqrel"), module("seq_cst", "acq_rel"));
    assert_ne!(module("seqcst", "acqrel"), module("acq_rel", "seq_cst"));
}

/// A text may hold a binary, in either encoding.
#[test]
fn binaries_in_text_are_decoded() {
    let text = r#"(component binary "\00asm\0d\00\01\00" "\08\05\02\42\00\42\01")"#;
    let specification = b"\0asm\x0d\0\x01\0\x08\x05\x02\x42\x00\x42\x01";
    assert_eq!(to_binary(text.as_bytes()).unwrap(), &specification[..]);
    assert_eq!(encode(text.as_bytes(), Specification).unwrap(), specification);
    assert_eq!(
        encode(text.as_bytes(), WasmTools).unwrap(),
        b"\0asm\x0d\0\x01\0\x08\x03\x02\x42\x42"
    );
}

/// Printed as the specification has it, a component comes back as it was.
#[test]
fn printed_text_comes_back() {
    let definitions = r#"
        (core func $one (canon thread.spawn-ref shared $start))
        (component (core func (canon thread.available-parallelism)))
        (core func (canon thread.available-parallelism shared))
        (core func $two (canon thread.spawn-ref $unshared))
        (core func $three (canon thread.spawn-indirect shared $start (core table $table)))
        (core func (canon thread.yield cancellable))"#;
    let specification = binary(definitions);
    let printed = wasmprinter::print_bytes(encode(&specification, WasmTools).unwrap()).unwrap();
    let printed = Component::read(&specification).unwrap().respell_text(&printed).unwrap();
    for part in [
        "(canon thread.spawn-ref shared $start)",
        "(canon thread.available-parallelism)",
        "(canon thread.available-parallelism shared)",
        "(canon thread.spawn-ref $unshared)",
        "(canon thread.spawn-indirect shared $start",
        "(canon thread.yield cancellable)",
    ] {
        assert!(printed.contains(part), "`{part}` is not in {printed}");
    }
    assert_eq!(encode(printed.as_bytes(), Specification).unwrap(), specification);
    // Text that has the marks already is not changed.
    assert_eq!(
        Component::read(&specification).unwrap().respell_text(&printed).unwrap(),
        printed
    );
    assert!(matches!(
        Component::read(&specification).unwrap().respell_text("(component)"),
        Err(LowerError::Internal(_))
    ));
}

/// SETV-14, SETV-15: valid, and without a spelling that the parser knows.
#[test]
fn thread_local_globals_and_waiter_queues_are_refused_by_name() {
    const THREAD_LOCAL: &str = "thread-local globals are not supported (rule SETV-14)";
    const QUEUE: &str = "waiter queues are not supported (rule SETV-15)";
    for (text, message) in [
        ("(module (global (thread_local i32) (i32.const 0)))", THREAD_LOCAL),
        (
            "(module (global $g (thread_local (mut i32)) (i32.const 0)))",
            THREAD_LOCAL,
        ),
        (
            "(module (import \"m\" \"g\" (global (thread_local i32))))",
            THREAD_LOCAL,
        ),
        (
            "(component (core module (global (thread_local i32) (i32.const 0))))",
            THREAD_LOCAL,
        ),
        ("(module (type $s (shared (struct (field waitqueue)))))", QUEUE),
        ("(module (type (struct (field (ref null (shared waitqueue))))))", QUEUE),
        (
            "(module (global (ref null (shared nowaitqueue)) (ref.null (shared nowaitqueue))))",
            QUEUE,
        ),
        ("(module (func (param waitqueueref)))", QUEUE),
        ("(module (func (drop (waitqueue.new))))", QUEUE),
        ("(module (func waitqueue.notify))", QUEUE),
        ("(module (func (drop (struct.wait 0 0 (local.get 0)))))", QUEUE),
    ] {
        match to_binary(text.as_bytes()) {
            Err(LowerError::Text(error)) => assert!(error.message().starts_with(message), "{text}: {error}"),
            other => panic!("{text}: {other:?}"),
        }
    }
    // What is garbage is still called so, and a name is no keyword.
    for text in [
        "(module (func (waitqueue.knew)))",
        "(module (func $waitqueue.new (nonsense)))",
    ] {
        let error = to_binary(text.as_bytes()).expect_err(text);
        assert!(
            !anyhow::Error::from(error)
                .chain()
                .any(|cause| cause.to_string().contains("SETV"))
        );
    }
}
