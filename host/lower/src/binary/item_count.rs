//! How many items a core module has of which an engine keeps a record in every store.

use crate::error::LowerError;
use wasmparser::{ElementItems, ElementKind, ElementSectionReader, Parser, Payload};

/// Counts the items of a core module.
///
/// See [`Plan::items`](crate::Plan::items).
pub(crate) fn count_items(module: &[u8]) -> Result<u64, LowerError> {
    let mut items = 0_u64;
    for payload in Parser::new(0).parse_all(module) {
        items += match payload? {
            Payload::ImportSection(section) => section.into_imports().count() as u64,
            Payload::FunctionSection(section) => section.count().into(),
            Payload::TableSection(section) => section.count().into(),
            Payload::MemorySection(section) => section.count().into(),
            Payload::GlobalSection(section) => section.count().into(),
            Payload::TagSection(section) => section.count().into(),
            Payload::ElementSection(section) => passive_elements(section)?,
            _ => 0,
        };
    }
    Ok(items)
}

fn passive_elements(section: ElementSectionReader<'_>) -> Result<u64, LowerError> {
    let mut elements = 0_u64;
    for segment in section {
        let segment = segment?;
        if let ElementKind::Passive = segment.kind {
            elements += match segment.items {
                ElementItems::Functions(functions) => u64::from(functions.count()),
                ElementItems::Expressions(_, expressions) => u64::from(expressions.count()),
            };
        }
    }
    Ok(elements)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_and_passive_elements_are_counted() {
        let module = crate::Module::read(
            br#"(module
                (import "" "f" (func $f))
                (import "" "m" (memory 1))
                (func) (func)
                (table 10 funcref)
                (global i32 (i32.const 0))
                (tag)
                (elem (i32.const 0) func $f $f $f $f)
                (elem func $f $f $f)
                (elem funcref (ref.null func) (ref.func $f)))"#,
        )
        .expect("a module");
        assert_eq!(count_items(module.bytes()).expect("valid"), 2 + 2 + 1 + 1 + 1 + 3 + 2);
    }
}
