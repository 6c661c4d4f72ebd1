//! A component with the same imports and nothing to compile: whether a host has what a component imports can be asked of it.
//!
//! **Problem.** Wasmtime looks for the imports of compiled components only, and to compile takes long. **Before:** a component.
//! **After:** all that stands before the end of its last import: in components each item is defined before it is used, so that is
//! a component too. Core modules in it keep their types, and no code.
//!
//! **Rejected:** to write the imports and their types anew. Types refer to types that instances export, and resources are told
//! apart by where they are defined.

use crate::binary::outermost;
use crate::error::LowerError;
use wasm_encoder::reencode::{Error, Reencode, ReencodeComponent};
use wasm_encoder::{CodeSection, Component, Function};
use wasmparser::{FunctionBody, Parser, Payload};

/// Gives a component that has the imports of a valid one, a binary.
pub(crate) fn imports_alone(component: &[u8]) -> Result<Vec<u8>, LowerError> {
    let end = imports_end(component)?;
    let beyond = || LowerError::Internal(format!("imports end at {end:#x}, beyond the component"));
    let before = component.get(..end).ok_or_else(beyond)?;
    let mut output = Component::new();
    NoCode.parse_component(&mut output, Parser::new(0), before)?;
    Ok(output.finish())
}

/// The offset at which the last import section ends, or at which the header ends if there is no import section.
fn imports_end(component: &[u8]) -> Result<usize, LowerError> {
    let mut end = 0;
    outermost::for_each_payload(component, |payload| {
        match payload {
            Payload::Version { range, .. } => end = range.end,
            Payload::ComponentImportSection(section) => end = section.range().end,
            _ => {}
        }
        Ok(())
    })?;
    Ok(end)
}

/// Copies all but the code of functions.
struct NoCode;

impl Reencode for NoCode {
    type Error = LowerError;

    fn parse_function_body(&mut self, code: &mut CodeSection, _: FunctionBody<'_>) -> Result<(), Error<LowerError>> {
        let mut function = Function::new([]);
        function.instructions().unreachable().end();
        code.function(&function);
        Ok(())
    }
}

impl ReencodeComponent for NoCode {}
