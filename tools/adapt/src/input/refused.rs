//! Explains why a module does not validate with weft's features: it is invalid, or it uses a proposal that weft does
//! not support.
//!
//! The validator stops at the first item that needs a proposal, with a message that sounds as if the module were
//! broken. So the adapter validates again with that proposal enabled, and names the item at which the validator
//! stopped.

use crate::error::AdaptError;
use wasmparser::{Error, Parser, Payload, Result, TypeRef, Validator, WasmFeatures};
use weft_lower::CORE_FEATURES;
use weft_lower::messages::is_legacy_exceptions;

/// The error for a module that is not valid by [`CORE_FEATURES`], because of `error`.
pub(crate) fn refused(wasm: &[u8], error: &Error) -> AdaptError {
    let validate = |features| Validator::new_with_features(features).validate_all(wasm).map(drop);
    if let Err(invalid) = validate(WasmFeatures::all()) {
        return invalid.into();
    }
    let offset = error.offset();
    let item = item_at(wasm, offset).ok().flatten();
    let item = item.unwrap_or_else(|| "the module".to_owned());
    if validate(CORE_FEATURES | WasmFeatures::SHARED_EVERYTHING_THREADS).is_ok() {
        return AdaptError::SharedItem { item, offset };
    }
    // If a module needs several proposals, the validator's message about the first item says which one that item needs.
    if is_legacy_exceptions(error.message()) {
        return AdaptError::LegacyExceptions { item, offset };
    }
    AdaptError::Proposal {
        item,
        message: error.message().to_string(),
        offset,
    }
}

/// The name of the item (type, import, table, global, …) at an offset.
fn item_at(wasm: &[u8], offset: usize) -> Result<Option<String>> {
    // How many items of each kind are imported.
    let (mut functions, mut tables, mut memories, mut globals, mut tags) = (0, 0, 0, 0, 0);
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        if let Some((_, range)) = payload.as_section()
            && !range.contains(&offset)
            && !matches!(payload, Payload::ImportSection(_))
        {
            continue;
        }
        let item = match payload {
            Payload::TypeSection(section) => {
                // A recursion group counts as all of its types.
                let mut first = 0;
                let mut found = 0;
                for group in section.into_iter_with_offsets() {
                    let (start, group) = group?;
                    if start <= offset {
                        found = first;
                    }
                    first += group.types().len();
                }
                format!("type {found}")
            }
            Payload::ImportSection(section) => {
                let mut found = None;
                let is_here = section.range().contains(&offset);
                for import in section.into_imports_with_offsets() {
                    let (start, import) = import?;
                    match import.ty {
                        TypeRef::Func(_) | TypeRef::FuncExact(_) => functions += 1,
                        TypeRef::Table(_) => tables += 1,
                        TypeRef::Memory(_) => memories += 1,
                        TypeRef::Global(_) => globals += 1,
                        TypeRef::Tag(_) => tags += 1,
                    }
                    if start <= offset {
                        found = Some(format!("the import `{}.{}`", import.module, import.name));
                    }
                }
                match found {
                    Some(found) if is_here => found,
                    _ => continue,
                }
            }
            Payload::FunctionSection(section) => {
                numbered("function", functions, section.into_iter_with_offsets(), offset)?
            }
            Payload::TableSection(section) => numbered("table", tables, section.into_iter_with_offsets(), offset)?,
            Payload::MemorySection(section) => numbered("memory", memories, section.into_iter_with_offsets(), offset)?,
            Payload::GlobalSection(section) => numbered("global", globals, section.into_iter_with_offsets(), offset)?,
            Payload::TagSection(section) => numbered("tag", tags, section.into_iter_with_offsets(), offset)?,
            Payload::ElementSection(section) => {
                numbered("element segment", 0, section.into_iter_with_offsets(), offset)?
            }
            Payload::DataSection(section) => numbered("data segment", 0, section.into_iter_with_offsets(), offset)?,
            Payload::CodeSectionEntry(body) if body.range().contains(&offset) => format!("function {functions}"),
            Payload::CodeSectionEntry(_) => {
                functions += 1;
                continue;
            }
            _ => continue,
        };
        return Ok(Some(item));
    }
    Ok(None)
}

/// The last of a section's items that begins at or before an offset. `imported` many come before the first.
fn numbered<T>(
    kind: &str,
    imported: u32,
    items: impl Iterator<Item = Result<(usize, T)>>,
    offset: usize,
) -> Result<String> {
    let mut index = imported;
    for item in items.skip(1) {
        if item?.0 > offset {
            break;
        }
        index += 1;
    }
    Ok(format!("{kind} {index}"))
}
