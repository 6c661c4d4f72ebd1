//! The components and modules of this crate's other tests, as inputs to modify.

use std::collections::BTreeSet;
use std::path::Path;
use weft_lower::{CanonicalEncoding, Component};

/// A text of `tests`, as a binary.
pub fn case(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name);
    let text = std::fs::read(path).unwrap();
    weft_lower::to_binary(&text).unwrap().into_owned()
}

/// The components of `tests/cases` that are not refused, in both binary encodings, their core modules, and those of
/// `tests/modules`.
pub fn inputs() -> Vec<(String, Vec<u8>)> {
    let mut inputs = Vec::new();
    let mut seen = BTreeSet::new();
    for directory in ["cases", "modules"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(directory);
        let names = std::fs::read_dir(path).unwrap();
        let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let is_source = |name: &String| name.ends_with(".wat") && name.matches('.').count() == 1;
        let names = names.filter(|name| is_source(name) && !name.starts_with("error-"));
        for name in names.collect::<BTreeSet<_>>() {
            let name = format!("{directory}/{name}");
            let binary = case(&name);
            let other = Component::read(&binary)
                .and_then(|component| component.encode(CanonicalEncoding::Specification))
                .ok();
            if let Some(other) = other.filter(|other| *other != binary) {
                inputs.push((format!("{name} as the specification has it"), other));
            }
            for (module, number) in core_modules(&binary).into_iter().zip(0..) {
                if seen.insert(module.clone()) {
                    inputs.push((format!("module {number} of {name}"), module));
                }
            }
            inputs.push((name, binary));
        }
    }
    inputs
}

/// The core modules of a component and of those in it.
fn core_modules(component: &[u8]) -> Vec<Vec<u8>> {
    let payloads = wasmparser::Parser::new(0).parse_all(component);
    let ranges = payloads.filter_map(|payload| match payload.unwrap() {
        wasmparser::Payload::ModuleSection { unchecked_range, .. } => Some(unchecked_range),
        _ => None,
    });
    ranges.map(|range| component[range].to_vec()).collect()
}
