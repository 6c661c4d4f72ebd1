//! Adapters, which turn imports of a module without threads into imports of a world.

use weft_adapt::{AdaptError, Options, adapt_with};
use wit_component::{StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Implements `old.answer` by `answer` of an interface.
fn adapter() -> Result<Vec<u8>> {
    let mut resolve = Resolve::default();
    let package = resolve.push_str(
        "new.wit",
        "package test:adapter; interface new { answer: func() -> u32; } world adapter { import new; }",
    )?;
    let world = resolve.select_world(&[package], None)?;
    let mut wasm = wat::parse_str(
        r#"(module
            (import "test:adapter/new" "answer" (func $answer (result i32)))
            (func (export "answer") (result i32) (call $answer)))"#,
    )?;
    embed_component_metadata(&mut wasm, &resolve, world, StringEncoding::UTF8)?;
    Ok(wasm)
}

fn options() -> Result<Options> {
    Ok(Options::new().adapter("old", adapter()?))
}

#[test]
fn an_import_becomes_one_of_the_adapters_world() -> Result<()> {
    let module = wat::parse_str(
        r#"(module
            (import "old" "answer" (func $answer (result i32)))
            (memory (export "memory") 1)
            (func (export "unused") (drop (call $answer))))"#,
    )?;
    let component = adapt_with(&module, &options()?)?;
    let report = weft_lower::Input::read(&component)?.inspect()?;
    let imports: Vec<&str> = report.imports.iter().map(|import| import.name.as_str()).collect();
    assert_eq!(imports, ["test:adapter/new"]);
    Ok(())
}

#[test]
fn adapters_do_not_serve_modules_with_threads() -> Result<()> {
    let module = wat::parse_str(
        r#"(module
            (import "old" "answer" (func $answer (result i32)))
            (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
            (memory 1 16 shared)
            (func (export "wasi_thread_start") (param i32 i32) (drop (call $spawn (call $answer)))))"#,
    )?;
    let error = adapt_with(&module, &options()?);
    assert!(
        matches!(&error, Err(AdaptError::AdapterOfThreads { adapter }) if adapter == "old"),
        "{error:?}"
    );
    Ok(())
}

#[test]
fn each_import_needs_an_adapter() -> Result<()> {
    let module = wat::parse_str(
        r#"(module
            (import "old" "answer" (func (result i32)))
            (import "older" "question" (func (result i32))))"#,
    )?;
    let error = adapt_with(&module, &options()?);
    let import = match &error {
        Err(AdaptError::AdapterMissing { import, .. }) => import.as_str(),
        _ => "",
    };
    assert_eq!(import, "older.question", "{error:?}");
    Ok(())
}
