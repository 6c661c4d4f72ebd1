//! Checks how deep types are nested, before a recursive reader sees them.
//!
//! **Problem.** wasmparser reads nested types of instances and components by recursion, and three bytes make a level:
//! 100 kB of them overflow the stack, which ends the process. **Here**, weft reads a type section without recursion,
//! just enough to count the levels.
//!
//! Malformed input is left to wasmparser, which reads in the same order and stops at the same place.

use crate::error::LowerError;
use wasmparser::{
    BinaryReader, ComponentAlias, ComponentExternName, ComponentImport, ComponentType, ComponentTypeRef, CoreType,
    Result,
};

/// How deep types may be nested.
const MAX_NESTING: usize = 100;

/// The types that have declarations, which may be types.
const COMPONENT_TYPE: u8 = 0x41;
const INSTANCE_TYPE: u8 = 0x42;

/// Refuses a type section, whose contents begin at `offset`, with types nested too deep.
pub(super) fn check(contents: &[u8], offset: usize) -> std::result::Result<(), LowerError> {
    let mut reader = BinaryReader::new(contents, offset);
    match too_deep(&mut reader) {
        Ok(Some(offset)) => Err(LowerError::unsupported(
            format!("nesting types more than {MAX_NESTING} levels deep (at offset {offset:#x})"),
            "use fewer levels",
        )),
        Ok(None) | Err(_) => Ok(()),
    }
}

/// The offset of the first type that is nested too deep.
fn too_deep(reader: &mut BinaryReader<'_>) -> Result<Option<usize>> {
    // How many types, or declarations of the types that are being read, are still to come, innermost last.
    let mut rest = vec![reader.read_var_u32()?];
    while let Some(left) = rest.last_mut() {
        if *left == 0 {
            rest.pop();
            continue;
        }
        *left -= 1;
        let is_type = rest.len() == 1 || declaration(reader)?;
        if !is_type {
            continue;
        }
        let offset = reader.original_position();
        let mut ahead = reader.clone();
        match ahead.read_u8()? {
            COMPONENT_TYPE | INSTANCE_TYPE if rest.len() > MAX_NESTING => return Ok(Some(offset)),
            COMPONENT_TYPE | INSTANCE_TYPE => {
                rest.push(ahead.read_var_u32()?);
                *reader = ahead;
            }
            _ => {
                reader.read::<ComponentType<'_>>()?;
            }
        }
    }
    Ok(None)
}

/// Reads a declaration. If it is a type, stops before that type and returns true.
fn declaration(reader: &mut BinaryReader<'_>) -> Result<bool> {
    match reader.read_u8()? {
        0x00 => {
            reader.read::<CoreType<'_>>()?;
        }
        0x01 => return Ok(true),
        0x02 => {
            reader.read::<ComponentAlias<'_>>()?;
        }
        0x03 => {
            reader.read::<ComponentImport<'_>>()?;
        }
        _ => {
            reader.read::<ComponentExternName<'_>>()?;
            reader.read::<ComponentTypeRef>()?;
        }
    }
    Ok(false)
}
