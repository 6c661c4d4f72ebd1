//! Checks the WIT package of the built-ins: each function is documented, names an existing built-in, and its
//! documentation says correctly how core modules import it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use wasm_encoder::{
    EntityType, ExportKind, ExportSection, ImportSection, MemoryType, Module, RefType, TableSection, TableType,
    TypeSection, ValType,
};
use weft_lower::{CanonicalBuiltin, Input};
use wit_parser::abi::{AbiVariant, WasmType};
use wit_parser::{Function, Resolve, SourceMap};

/// The module from which core modules import built-ins.
const ROOT: &str = "$root";

/// The names of the built-ins for threads and context.
fn built_ins() -> BTreeSet<String> {
    let names = CanonicalBuiltin::ALL.iter().map(|builtin| builtin.name());
    let named = names.filter(|name| name.starts_with("thread.") || name.starts_with("context."));
    named.map(str::to_owned).collect()
}

fn package() -> (Resolve, Vec<Function>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../wit/threads.wit");
    let text = fs::read_to_string(path).expect("the package can be read");
    let mut sources = SourceMap::default();
    sources.push_str("wit/threads.wit", text);
    let group = sources.parse().unwrap_or_else(|(_, error)| panic!("{error}"));
    let mut resolve = Resolve::default();
    let package = resolve
        .push_group(group)
        .unwrap_or_else(|error| panic!("the package does not resolve: {error}"));
    let name = resolve.packages[package].name.to_string();
    assert_eq!(name, "weft:threads@0.1.0");
    let mut functions = Vec::new();
    for (_, interface) in &resolve.packages[package].interfaces {
        let interface = &resolve.interfaces[*interface];
        assert!(interface.docs.contents.is_some(), "`{:?}` has no docs", interface.name);
        functions.extend(interface.functions.values().cloned());
    }
    (resolve, functions)
}

/// What the last two lines of the documentation say: the built-in, and the name by which it is imported.
fn names(function: &Function) -> (String, Option<String>) {
    let docs = function.docs.contents.as_deref().unwrap_or_default();
    let line = |key: &str| {
        let line = docs.lines().find_map(|line| line.strip_prefix(key));
        line.unwrap_or_else(|| panic!("the docs of `{}` have no line `{key}`", function.name))
    };
    let quoted = |text: &str| Some(text.strip_prefix('`')?.strip_suffix('`')?.to_owned());
    let builtin = quoted(line("Canonical built-in: ")).expect("a built-in's name is in backticks");
    let import = line("Core import: ");
    assert!(
        import.starts_with("none, since ") || quoted(import).is_some(),
        "`{}` is imported as `{import}`",
        function.name
    );
    (builtin, quoted(import))
}

/// The core function that WIT would have, but for references to functions, which it does not know.
fn core_types(resolve: &Resolve, function: &Function) -> (Vec<ValType>, Vec<ValType>) {
    let signature = resolve.wasm_signature(AbiVariant::GuestImport, function);
    assert!(!signature.indirect_params && !signature.retptr, "`{}`", function.name);
    let core = |types: &[WasmType]| {
        let types = types.iter().map(|ty| match ty {
            WasmType::I32 => ValType::I32,
            other => panic!("`{}` has a {other:?}", function.name),
        });
        types.collect()
    };
    (core(&signature.params), core(&signature.results))
}

#[test]
fn every_built_in_is_there() {
    let (_, functions) = package();
    let named: BTreeSet<String> = functions.iter().map(|function| names(function).0).collect();
    assert_eq!(named, built_ins());
}

#[test]
fn every_function_names_a_built_in_of_its_type() {
    let (resolve, functions) = package();
    for function in &functions {
        let (builtin, _) = names(function);
        let (params, results) = core_types(&resolve, function);
        let slot = function
            .name
            .trim_start_matches(|character: char| !character.is_ascii_digit());
        let (immediates, reference) = match builtin.as_str() {
            "context.get" | "context.set" => (format!("i32 {slot}"), ""),
            "thread.spawn-ref" => ("$shared".to_owned(), "(ref null $start)"),
            "thread.spawn-indirect" => ("$shared $shared".to_owned(), ""),
            "thread.new-indirect" => ("$start $plain".to_owned(), ""),
            _ => (String::new(), ""),
        };
        // As the parser spells it.
        let spelling = builtin.replace("available-parallelism", "available_parallelism");
        let is_shared = ["thread.spawn", "thread.avail"]
            .iter()
            .any(|prefix| builtin.starts_with(prefix));
        let (open, close) = if is_shared { ("(shared ", ")") } else { ("", "") };
        let start = format!("{open}(func (param i32)){close}");
        let text = |types: &[ValType]| vec!["i32"; types.len()].join(" ");
        let component = format!(
            r#"(component
                (core type $shared (shared (func (param i32))))
                (core type $start (func (param i32)))
                (core module $tables
                    (table (export "shared") shared 1 (ref null (shared func)))
                    (table (export "plain") 1 funcref))
                (core instance $tables (instantiate $tables))
                (alias core export $tables "shared" (core table $shared))
                (alias core export $tables "plain" (core table $plain))
                (core func $builtin (canon {spelling} {immediates}))
                (core module $user
                    (type $start {start})
                    (type $builtin {open}(func (param {reference} {}) (result {})){close})
                    (import "" "builtin" (func (type $builtin))))
                (core instance (instantiate $user (with "" (instance (export "builtin" (func $builtin)))))))"#,
            text(&params),
            text(&results),
        );
        let wasm = wat::parse_str(&component).unwrap_or_else(|error| panic!("`{builtin}`: {error}\n{component}"));
        let mut validator = wasmparser::Validator::new_with_features(weft_lower::FEATURES);
        let validated = validator.validate_all(&wasm).map(drop);
        assert!(validated.is_ok(), "`{builtin}`: {validated:?}\n{component}");
        let report = Input::read(&wasm)
            .and_then(|input| input.inspect())
            .unwrap_or_else(|error| panic!("`{builtin}`: {error}"));
        assert_eq!(report.builtins.len(), 1);
        assert_eq!(report.builtins[0].name, builtin);
    }
}

#[test]
fn every_function_is_imported_by_its_name() {
    let (resolve, functions) = package();
    let mut imported = 0;
    for function in &functions {
        let (builtin, import) = names(function);
        let (params, results) = core_types(&resolve, function);
        let Some(import) = import else {
            // Under the name that it would have.
            let name = format!("[{}]", builtin.replace('.', "-"));
            let error = weft_adapt::adapt(&module(ROOT, &name, &params, &results)).expect_err(&name);
            assert!(error.to_string().contains(&name), "{error}");
            continue;
        };
        let component = weft_adapt::adapt(&module(ROOT, &import, &params, &results))
            .unwrap_or_else(|error| panic!("`{import}`: {error}"));
        let report = Input::read(&component)
            .and_then(|input| input.inspect())
            .unwrap_or_else(|error| panic!("`{import}`: {error}"));
        assert!(
            report.builtins.iter().any(|defined| defined.name == builtin),
            "`{import}`"
        );
        imported += 1;
    }
    assert_eq!(imported, 15, "a name that can be imported is missing");
}

#[test]
fn adapt_knows_every_function_of_the_package() {
    let (resolve, _) = package();
    for package in resolve.packages.iter().map(|(_, package)| package) {
        for (interface, index) in &package.interfaces {
            for function in resolve.interfaces[*index].functions.values() {
                let is_imported = names(function).1.is_some();
                let (params, results) = core_types(&resolve, function);
                let interface = format!("weft:threads/{interface}@0.1.0");
                let adapted = weft_adapt::adapt(&module(&interface, &function.name, &params, &results));
                // The module has no stacks for threads, which is an error too.
                let error = adapted.err().map(|error| error.to_string()).unwrap_or_default();
                let is_known = !error.contains("has no built-in");
                assert_eq!(is_known, is_imported, "`{interface}` `{}`: {error}", function.name);
            }
        }
    }
}

/// A core module that imports a built-in.
fn module(from: &str, name: &str, params: &[ValType], results: &[ValType]) -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function(params.iter().copied(), results.iter().copied());
    let mut imports = ImportSection::new();
    imports.import(from, name, EntityType::Function(0));
    imports.import(
        "env",
        "memory",
        MemoryType {
            minimum: 1,
            maximum: Some(1),
            memory64: false,
            shared: true,
            page_size_log2: None,
        },
    );
    let mut tables = TableSection::new();
    tables.table(TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: 1,
        maximum: Some(1),
        shared: false,
    });
    let mut exports = ExportSection::new();
    exports.export("table", ExportKind::Table, 0);
    let mut module = Module::new();
    module
        .section(&types)
        .section(&imports)
        .section(&tables)
        .section(&exports);
    module.finish()
}
