//! Components as bytes that the embedder keeps: which engines load them, and the errors for bytes that do not match.
#![expect(unsafe_code, reason = "the functions that are tested are unsafe")]

use std::fs;
use std::path::Path;

use weft_cache::container::{self, Description};
use weft_parallel::{
    Component, Config, ContainerError, Engine, Error, Interruption, Linker, Precompiled, PrecompiledError, Val,
};

use crate::support::watched;

const COMPONENT: &[u8] = br#"(component
    (core func $index (canon thread.index))
    (core module $m
        (import "" "index" (func $index (result i32)))
        (memory 1 1 shared)
        (func (export "answer") (param i32) (result i32)
            (i32.store (i32.const 8) (local.get 0))
            (i32.sub (i32.add (call $index) (i32.load (i32.const 8))) (call $index))))
    (core instance $i (instantiate $m (with "" (instance (export "index" (func $index))))))
    (func (export "answer") (param "n" s32) (result s32) (canon lift (core func $i "answer"))))"#;

fn engine(configure: impl FnOnce(&mut Config)) -> Engine {
    let mut config = Config::new();
    config.interruption(Interruption::Epochs);
    configure(&mut config);
    Engine::new(&config).expect("an engine")
}

fn deserialize(engine: &Engine, bytes: &[u8]) -> Result<Component, PrecompiledError> {
    // SAFETY: weft compiled them, or they are found to be something else before any code is loaded.
    match unsafe { Component::deserialize(engine, bytes) } {
        Ok(component) => Ok(component),
        Err(Error::Precompiled(error)) => Err(error),
        Err(error) => panic!("another error: {error}"),
    }
}

fn refused(engine: &Engine, bytes: &[u8]) -> PrecompiledError {
    deserialize(engine, bytes).err().expect("it does not fit")
}

fn works(component: &Component) {
    let instance = Linker::new(component.engine()).instantiate(component, ());
    let answer = instance.expect("an instance");
    let answer = answer
        .get_func(&["answer"])
        .expect("it is exported")
        .call(&[Val::S32(42)]);
    assert_eq!(answer.expect("no trap"), Some(Val::S32(42)));
}

/// The bytes with another value of this name in their description.
fn with(bytes: &[u8], name: &str, value: &str) -> Vec<u8> {
    let (description, payload) = container::open(bytes).expect("sound bytes");
    let changed = description
        .iter()
        .map(|(known, old)| (known, if known == name { value } else { old }));
    let changed = changed.fold(Description::default(), |all, (name, value)| all.with(name, value));
    container::seal(&changed, &[payload])
}

#[test]
fn what_was_compiled_before_runs_in_an_engine_of_the_same_configuration() {
    watched(|| {
        let first = engine(|_| {});
        let serialized = Component::new(&first, COMPONENT)
            .expect("a component")
            .serialize()
            .expect("bytes");
        let precompiled = first.precompile_component(COMPONENT).expect("bytes");
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("component.cwasm");
        fs::write(&file, &precompiled).expect("a file");
        let other = engine(|config| {
            config.max_threads(3).max_memory(1 << 20);
        });
        for bytes in [serialized, precompiled] {
            assert_eq!(Engine::detect_precompiled(&bytes), Some(Precompiled::Parallel));
            works(&deserialize(&other, &bytes).expect("a component"));
        }
        // SAFETY: weft compiled it.
        works(&unsafe { Component::deserialize_file(&other, &file) }.expect("a component"));
        // SAFETY: there is no code.
        let error = unsafe { Component::deserialize_file(&other, Path::new("/no/such.cwasm")) };
        let error = error.err().expect("no file").to_string();
        assert!(error.contains("cannot read `/no/such.cwasm`: "), "{error}");
    });
}

#[test]
fn an_engine_with_another_configuration_refuses_it_and_says_what_to_do() {
    let bytes = engine(|_| {}).precompile_component(COMPONENT).expect("bytes");
    let deterministic = engine(|config| {
        config.deterministic(true);
    });
    let error = refused(&deterministic, &bytes);
    assert!(
        matches!(error, PrecompiledError::Profile { deterministic: true }),
        "{error:?}"
    );
    assert!(error.to_string().ends_with("`weft compile --deterministic`"), "{error}");
    let bytes = deterministic.precompile_component(COMPONENT).expect("bytes");
    let error = refused(&engine(|_| {}), &bytes);
    assert!(
        matches!(error, PrecompiledError::Profile { deterministic: false }),
        "{error:?}"
    );
    let inlines = |inlines| {
        engine(|config| {
            config.compiler_inlining(inlines);
        })
    };
    for (with, without) in [(true, false), (false, true)] {
        let bytes = inlines(with).precompile_component(COMPONENT).expect("bytes");
        works(&deserialize(&inlines(with), &bytes).expect("the same configuration"));
        let error = refused(&inlines(without), &bytes);
        assert!(
            matches!(error, PrecompiledError::Inlining { engine } if engine == without),
            "{error:?}"
        );
        assert!(error.to_string().contains("`--inlining`"), "{error}");
    }
}

#[test]
fn what_another_version_or_machine_or_means_needs_is_refused_by_name() {
    let engine = engine(|_| {});
    let bytes = engine.precompile_component(COMPONENT).expect("bytes");
    for (name, value, expected) in [
        (
            "weft",
            "9.1.0",
            "version 9.1.0 of weft compiled it, and this is version ",
        ),
        (
            "wasmtime",
            "7.0.0",
            "version 7.0.0 of Wasmtime compiled it, and this is version ",
        ),
        ("target", "s390x-linux", "it was compiled for s390x-linux, and this is "),
        (
            "interruption",
            "signal",
            "it was compiled for threads that are interrupted by signal, and this engine uses epochs",
        ),
        (
            "runtime",
            "wasmtime",
            "it was compiled for another runtime, `wasmtime`: ",
        ),
        (
            "runtime",
            "some-other",
            "it was compiled for another runtime, `some-other`: ",
        ),
    ] {
        let error = refused(&engine, &with(&bytes, name, value)).to_string();
        assert!(error.starts_with(expected), "{name}: {error}");
    }
    let (description, payload) = container::open(&bytes).expect("sound bytes");
    let without = description.iter().filter(|(name, _)| *name != "inlining");
    let without = without.fold(Description::default(), |all, (name, value)| all.with(name, value));
    let error = refused(&engine, &container::seal(&without, &[payload]));
    assert!(
        matches!(error, PrecompiledError::Incomplete { missing: "inlining" }),
        "{error}"
    );
    assert_eq!(
        Engine::detect_precompiled(&with(&bytes, "runtime", "wasmtime")),
        Some(Precompiled::Cooperative)
    );
}

/// Only the first bytes and the checksum stand between damage and code that runs.
#[test]
fn damage_is_found_wherever_it_is() {
    let engine = engine(|_| {});
    let bytes = engine.precompile_component(COMPONENT).expect("bytes");
    for position in (0..bytes.len()).step_by(bytes.len() / 50) {
        let mut damaged = bytes.clone();
        damaged[position] ^= 0x10;
        let error = refused(&engine, &damaged);
        assert!(
            matches!(error, PrecompiledError::Container(_)),
            "byte {position}: {error:?}"
        );
        let error = refused(&engine, &bytes[..position]);
        assert!(
            matches!(error, PrecompiledError::Container(_)),
            "{position} bytes: {error:?}"
        );
    }
    let error = refused(&engine, b"\0asm\x01\0\0\0");
    assert!(
        matches!(error, PrecompiledError::Container(ContainerError::Foreign)),
        "{error:?}"
    );
    let code = engine_code();
    let error = refused(&engine, &code);
    assert!(
        matches!(error, PrecompiledError::Container(ContainerError::Wasmtime)),
        "{error:?}"
    );
    assert_eq!(Engine::detect_precompiled(&code), None);
}

/// What Wasmtime makes of a module.
fn engine_code() -> Vec<u8> {
    let module = weft_parallel::wasmtime::Engine::default().precompile_module(b"\0asm\x01\0\0\0");
    module.expect("a valid module")
}

/// Bytes of another build of the same version, with a plan that this one reads otherwise, or not at all.
#[test]
fn a_plan_that_does_not_fit_its_code_is_refused() {
    let engine = engine(|_| {});
    let sealed = |component: &[u8]| {
        let bytes = engine.precompile_component(component).expect("bytes");
        let (description, payload) = container::open(&bytes).expect("sound bytes");
        (description, payload.to_vec())
    };
    let (description, payload) = sealed(COMPONENT);
    let error = refused(&engine, &container::seal(&description, &[&payload[1..]]));
    assert!(
        matches!(error, PrecompiledError::Plan | PrecompiledError::Code(_)),
        "{error:?}"
    );
    let error = refused(&engine, &container::seal(&description, &[]));
    assert!(matches!(error, PrecompiledError::Plan), "{error:?}");
    let code = payload.windows(4).position(|bytes| bytes == b"\x7fELF").expect("code");
    let (_, other) = sealed(b"(component)");
    let other_code = other.windows(4).position(|bytes| bytes == b"\x7fELF").expect("code");
    let error = refused(
        &engine,
        &container::seal(&description, &[&other[..other_code], &payload[code..]]),
    );
    assert!(matches!(error, PrecompiledError::Plan), "{error:?}");
}

#[test]
fn the_version_of_wasmtime_is_the_one_that_is_built_in() {
    let bytes = engine(|_| {}).precompile_component(b"(component)").expect("bytes");
    let (description, _) = container::open(&bytes).expect("sound bytes");
    let lock = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.lock")).expect("a file");
    let version = description.get("wasmtime").expect("it is there");
    assert!(
        lock.contains(&format!("name = \"wasmtime\"\nversion = \"{version}\"\n")),
        "{version}"
    );
}
