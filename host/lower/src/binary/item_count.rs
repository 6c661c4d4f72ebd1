//! Counts the items of a core module for which an engine keeps a record in every store, and the memories.

use crate::error::LowerError;
use crate::plan::OwnMemories;
use std::collections::BTreeSet;
use wasmparser::{DataKind, ElementItems, ElementKind, ElementSectionReader, Parser, Payload};

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

/// Counts the memories that a core module defines.
pub(crate) fn count_memories(module: &[u8]) -> Result<OwnMemories, LowerError> {
    let mut count = 0;
    let mut initialized = BTreeSet::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::MemorySection(section) => count = section.count().into(),
            Payload::DataSection(section) => {
                for segment in section {
                    if let DataKind::Active { memory_index, .. } = segment?.kind {
                        initialized.insert(memory_index);
                    }
                }
            }
            _ => {}
        }
    }
    Ok(OwnMemories {
        count,
        with_segments: initialized.len() as u64,
    })
}

/// Counts the elements of a core module's passive segments.
pub(crate) fn count_passive_elements(module: &[u8]) -> Result<u64, LowerError> {
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::ElementSection(section) = payload? {
            return passive_elements(section);
        }
    }
    Ok(0)
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

    #[test]
    fn memories_with_active_segments_are_counted_once() {
        let module = crate::Module::read(
            br#"(module
                (memory 1) (memory 1) (memory 1)
                (data (memory 1) (i32.const 0) "a")
                (data (memory 1) (i32.const 8) "b")
                (data "passive"))"#,
        )
        .expect("a module");
        let memories = OwnMemories {
            count: 3,
            with_segments: 1,
        };
        assert_eq!(count_memories(module.bytes()).expect("valid"), memories);
    }
}
