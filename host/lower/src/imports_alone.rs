//! Makes a component with the same imports and nothing to compile, to find out whether a host supplies what a component
//! imports.
//!
//! **Problem.** Wasmtime checks the imports only of compiled components, and compiling takes long. **Before:** a
//! component. **After:** everything before the end of its last import. In components, each item is defined before it is
//! used, so that is a valid component too. Its core modules keep their types, but no code.
//!
//! **Rejected:** writing the imports and their types anew (types refer to types that instances export, and a resource
//! type is identified by its definition).

use crate::binary::outermost;
use crate::error::LowerError;
use wasm_encoder::reencode::{Error, Reencode, ReencodeComponent};
use wasm_encoder::{CodeSection, Component, Function};
use wasmparser::{FunctionBody, Parser, Payload};

/// Returns a binary component with the imports of a valid component.
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

/// Copies everything except the code of functions.
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
