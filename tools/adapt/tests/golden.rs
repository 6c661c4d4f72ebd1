//! Golden tests of `adapt`. A case is a file of `tests/cases`:
//!
//! - `NAME.wat` is adapted; the component, as text, is to be that of `NAME.component.wat`.
//! - `error-NAME.wat` is refused; the error's message is to be that of `error-NAME.txt`.
//!
//! Besides, every program of the project's `tests/programs` is adapted and checked.
//!
//! `BLESS=1` writes what came out instead of comparing. The component's text is what a reader of the project sees, and
//! it shows what no validator of today checks: the use of canonical built-ins at shared types.
//!
//! The core modules in the component are validated: as they are, but for the instructions that wasmparser refuses
//! although they are valid, and again without `shared`, where it refuses nothing.

use libtest_mimic::{Arguments, Failed, Trial};
use std::convert::Infallible;
use std::path::{Path, PathBuf};
use wasm_encoder::reencode::{Reencode, utils};
use wasmparser::{FuncValidatorAllocations, Parser, Payload, ValidPayload, Validator, WasmFeatures};

/// What wasmparser says of valid code: of `call_indirect` through a shared table (SETV-12), and of exception
/// references, which it types as unshared in `catch_ref` and `throw_ref`. A function in which that is found is validated
/// up to there.
const REFUSED: [&str; 3] = [
    "indirect calls must go through a table with type <= funcref",
    "found (ref exn)",
    "expected exnref",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args = Arguments::from_args();
    let mut trials = Vec::new();
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases"))? {
        let path = entry?.path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default()
            .to_string();
        if let Some(name) = name.strip_suffix(".wat").filter(|name| !name.ends_with(".component")) {
            let case = path.clone();
            trials.push(Trial::test(name.to_string(), move || run(&case)));
        }
    }
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/programs"))? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "wasm" || extension == "wat")
        {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            // Components among them are programs as they are, some in a text that only weft reads.
            let is_module = wat::parse_file(&path).is_ok_and(|binary| wasmparser::Parser::is_core_wasm(&binary));
            if is_module {
                trials.push(Trial::test(format!("program {name}"), move || {
                    check(&weft_adapt::adapt(&wat::parse_file(&path)?)?)
                }));
            }
        }
    }
    libtest_mimic::run(&args, trials).exit();
}

fn run(path: &Path) -> Result<(), Failed> {
    let wasm = wat::parse_file(path)?;
    let fails = path
        .file_name()
        .and_then(|name| name.to_str())
        .is_some_and(|name| name.starts_with("error-"));
    match (weft_adapt::adapt(&wasm), fails) {
        (Ok(component), false) => {
            compare(
                &path.with_extension("component.wat"),
                &wasmprinter::print_bytes(&component)?,
            )?;
            check(&component)
        }
        (Err(error), true) => compare(&path.with_extension("txt"), &format!("{error}\n")),
        (Ok(_), true) => Err("adapted, but it must be refused".into()),
        (Err(error), false) => Err(error.into()),
    }
}

fn compare(golden: &PathBuf, found: &str) -> Result<(), Failed> {
    if std::env::var_os("BLESS").is_some_and(|value| value == "1") {
        return Ok(std::fs::write(golden, found)?);
    }
    let expected = std::fs::read_to_string(golden)
        .map_err(|error| format!("{}: {error}; `BLESS=1` writes the file", golden.display()))?;
    if expected == found {
        return Ok(());
    }
    let line = expected
        .lines()
        .zip(found.lines())
        .take_while(|(expected, found)| expected == found)
        .count();
    let at = |text: &str| text.lines().nth(line).unwrap_or("(the end)").to_string();
    let (expected, found) = (at(&expected), at(found));
    Err(format!(
        "{}:{}: expected\n{expected}\nfound\n{found}",
        golden.display(),
        line + 1
    )
    .into())
}

/// Reads the component to its end, and validates the core modules in it.
fn check(component: &[u8]) -> Result<(), Failed> {
    for payload in Parser::new(0).parse_all(component) {
        match payload? {
            Payload::ModuleSection { unchecked_range, .. } => validate(&component[unchecked_range])?,
            // A section is decoded only when it is read.
            Payload::ComponentCanonicalSection(section) => {
                for function in section {
                    function?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// Validates a module twice: with its sharedness, up to the instructions that wasmparser refuses, and without,
/// entirely.
fn validate(module: &[u8]) -> Result<(), Failed> {
    let mut validator = Validator::new_with_features(WasmFeatures::WASM3 | WasmFeatures::SHARED_EVERYTHING_THREADS);
    for payload in Parser::new(0).parse_all(module) {
        if let ValidPayload::Func(func, body) = validator.payload(&payload?)? {
            match func.into_validator(FuncValidatorAllocations::default()).validate(&body) {
                Err(error) if !REFUSED.iter().any(|message| error.message().contains(message)) => {
                    return Err(format!("a core module of the component is not valid: {error}").into());
                }
                _ => {}
            }
        }
    }
    let mut unshared = wasm_encoder::Module::new();
    Unshare.parse_core_module(&mut unshared, Parser::new(0), module)?;
    Validator::new_with_features(WasmFeatures::WASM3)
        .validate_all(&unshared.finish())
        .map_err(|error| format!("an unshared core module of the component is not valid: {error}"))?;
    Ok(())
}

/// Takes `shared` from everything but memories.
struct Unshare;

type ReencodeResult<T> = Result<T, wasm_encoder::reencode::Error>;

impl Reencode for Unshare {
    type Error = Infallible;

    fn composite_type(&mut self, ty: wasmparser::CompositeType) -> ReencodeResult<wasm_encoder::CompositeType> {
        Ok(wasm_encoder::CompositeType {
            shared: false,
            ..utils::composite_type(self, ty)?
        })
    }

    fn heap_type(&mut self, ty: wasmparser::HeapType) -> ReencodeResult<wasm_encoder::HeapType> {
        Ok(match utils::heap_type(self, ty)? {
            wasm_encoder::HeapType::Abstract { ty, .. } => wasm_encoder::HeapType::Abstract { shared: false, ty },
            other => other,
        })
    }

    fn global_type(&mut self, ty: wasmparser::GlobalType) -> ReencodeResult<wasm_encoder::GlobalType> {
        Ok(wasm_encoder::GlobalType {
            shared: false,
            ..utils::global_type(self, ty)?
        })
    }

    fn table_type(&mut self, ty: wasmparser::TableType) -> ReencodeResult<wasm_encoder::TableType> {
        Ok(wasm_encoder::TableType {
            shared: false,
            ..utils::table_type(self, ty)?
        })
    }
}
