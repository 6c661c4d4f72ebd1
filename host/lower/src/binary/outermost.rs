//! What the outermost component of a binary imports and exports: each item as it is written and where, and its type.

use crate::error::LowerError;
use crate::features::FEATURES;
use wasmparser::types::Types;
use wasmparser::{ComponentExport, ComponentImport, Parser, Payload, ValidPayload, Validator};

/// What the outermost component imports, in order, and where.
pub(crate) fn imports(component: &[u8]) -> Result<Vec<(usize, ComponentImport<'_>)>, LowerError> {
    let mut imports = Vec::new();
    for_each_payload(component, |payload| {
        if let Payload::ComponentImportSection(section) = payload {
            for import in section.into_iter_with_offsets() {
                imports.push(import?);
            }
        }
        Ok(())
    })?;
    Ok(imports)
}

/// What the outermost component exports, in order, and where.
pub(crate) fn exports(component: &[u8]) -> Result<Vec<(usize, ComponentExport<'_>)>, LowerError> {
    let mut exports = Vec::new();
    for_each_payload(component, |payload| {
        if let Payload::ComponentExportSection(section) = payload {
            for export in section.into_iter_with_offsets() {
                exports.push(export?);
            }
        }
        Ok(())
    })?;
    Ok(exports)
}

/// Visits the payloads of the outermost component itself, without those of nested modules and components.
pub(crate) fn for_each_payload<'a>(
    component: &'a [u8],
    mut visit: impl FnMut(Payload<'a>) -> Result<(), LowerError>,
) -> Result<(), LowerError> {
    let mut nesting = 0_usize;
    for payload in Parser::new(0).parse_all(component) {
        let payload = payload?;
        match payload {
            Payload::Version { .. } => nesting += 1,
            Payload::End(_) => nesting = nesting.saturating_sub(1),
            _ => {}
        }
        if nesting == 1 {
            visit(payload)?;
        }
    }
    Ok(())
}

/// The types of a component that is valid. The bodies of functions are not validated.
pub(crate) fn types(component: &[u8]) -> Result<Types, LowerError> {
    let mut validator = Validator::new_with_features(FEATURES);
    let mut types = None;
    for payload in Parser::new(0).parse_all(component) {
        if let ValidPayload::End(ended) = validator.payload(&payload?)? {
            types = Some(ended);
        }
    }
    types.ok_or_else(|| LowerError::Internal("the validator has not seen the end of a component".to_owned()))
}
