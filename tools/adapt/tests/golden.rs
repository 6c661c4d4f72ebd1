//! Golden tests of `adapt`. A case is a file of `tests/cases`:
//!
//! - `NAME.wat` is adapted; the component's text must equal `NAME.component.wat`.
//! - `error-NAME.wat` is refused; the error's message must equal `error-NAME.txt`.
//! - `cooperative-NAME.wat` has cooperative threads, so its component is not lowered.
//! - `NAME.wit` beside a case is a package with one world, which is embedded.
//! - `plain-NAME.wat` needs no threads: the component shares only what the module shares, and today's tools validate all of
//!   it.
//!
//! The tests also adapt and lower every program of `tests/programs`.
//!
//! `BLESS=1` writes the outputs instead of comparing them. The component's text is readable, and shows what today's
//! validators do not check: the use of canonical built-ins at shared types.
//!
//! Each component is also lowered, as before it runs.

use libtest_mimic::{Arguments, Failed, Trial};
use std::path::{Path, PathBuf};
use wasmparser::{Validator, WasmFeatures};
use weft_adapt::Options;

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
                    lower(&weft_adapt::adapt(&wat::parse_file(&path)?)?)
                }));
            }
        }
    }
    libtest_mimic::run(&args, trials).exit();
}

fn run(path: &Path) -> Result<(), Failed> {
    let wasm = wat::parse_file(path)?;
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    // Tests run in the folder of their package, and errors name this path.
    let package = Path::new("tests/cases").join(name).with_extension("wit");
    let options = match package.exists() {
        true => Options::new().world(package, None),
        false => Options::new(),
    };
    match (weft_adapt::adapt_with(&wasm, &options), name.starts_with("error-")) {
        (Ok(component), false) => {
            compare(
                &path.with_extension("component.wat"),
                &wasmprinter::print_bytes(&component)?,
            )?;
            if name.starts_with("plain-") {
                let features = WasmFeatures::WASM3 | WasmFeatures::THREADS | WasmFeatures::COMPONENT_MODEL;
                Validator::new_with_features(features).validate_all(&component)?;
            }
            weft_lower::Component::read(&component)?.validate(weft_lower::Rules::Extended)?;
            if name.starts_with("cooperative") {
                // Wasmtime runs it.
                weft_lower::Component::read(&component)?.unshare(weft_lower::Profile::Full)?;
                return Ok(());
            }
            lower(&component)
        }
        (Err(error), true) => compare(&path.with_extension("txt"), &format!("{error}\n")),
        (Ok(_), true) => Err("adapted, but it must be refused".into()),
        (Err(error), false) => Err(error.into()),
    }
}

fn lower(component: &[u8]) -> Result<(), Failed> {
    weft_lower::Component::read(component)?.lower()?;
    Ok(())
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
