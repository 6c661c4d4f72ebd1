//! Check: the rules of shared-everything-threads that no other tool enforces, on the component as its author wrote it.
//!
//! **Problem.** A shared function runs on any thread, so it may touch only what is shared. wasmparser 0.254 knows the half
//! of these rules, and after [unshare](crate::unshare) nobody could tell any more. **Here**, each body of a shared function is
//! read, and each index in it has to name a shared item. Everything else is left to wasmparser, on the unshared form, so
//! that instructions which it refuses for no reason that the proposal gives are accepted.
//!
//! The rules are in [Overview.md, sharedness]: SETV-01 (globals and tables), SETV-02 (functions), SETV-03 (memories).
//! Segments (SETV-04) cannot be marked as shared with today's tools, so all count as shared.
//!
//! **Rejected:** a visitor with a method for each of the six hundred instructions. A reencoder is asked to translate each
//! index of an instruction, whatever the instruction is; this one translates nothing and looks.
//!
//! [Overview.md, sharedness]: https://github.com/WebAssembly/shared-everything-threads/blob/065aa53/proposals/shared-everything-threads/Overview.md

use crate::LowerError;
use crate::unshare::SharedItems;
use wasm_encoder::reencode::{Error, Reencode};
use wasmparser::{FunctionBody, Parser, Payload, Validator, WasmFeatures};

/// Checks every core module of a component, nested ones included.
pub(crate) fn check(component: &[u8]) -> Result<(), LowerError> {
    for payload in Parser::new(0).parse_all(component) {
        match payload? {
            Payload::ModuleSection { unchecked_range, .. } => {
                let module = component.get(unchecked_range.clone());
                check_module(module.ok_or_else(|| truncated(component))?, unchecked_range.start)?;
            }
            // The parser does not look whether a nested component is there as a whole.
            Payload::ComponentSection { unchecked_range, .. } if unchecked_range.end > component.len() => {
                return Err(truncated(component));
            }
            _ => {}
        }
    }
    Ok(())
}

fn truncated(component: &[u8]) -> LowerError {
    LowerError::Invalid {
        message: "unexpected end of the component".to_owned(),
        offset: component.len() as u64,
    }
}

/// What a component may consist of. Values are in no engine, and the translator does not expect them.
pub(crate) fn features() -> WasmFeatures {
    WasmFeatures::all().difference(WasmFeatures::CM_VALUES)
}

/// Validates the unshared form with wasmparser, bodies included.
pub(crate) fn validate(unshared: &[u8]) -> Result<(), LowerError> {
    Validator::new_with_features(features()).validate_all(unshared)?;
    Ok(())
}

fn check_module(module: &[u8], start: usize) -> Result<(), LowerError> {
    let items = SharedItems::of(module)?;
    let mut bodies = SharedBodies {
        items: &items,
        offset: 0,
    };
    let mut function = None;
    for payload in Parser::new(start as u64).parse_all(module) {
        match payload? {
            Payload::CodeSectionStart { count, .. } => {
                function = Some(items.functions.len().saturating_sub(count as usize));
            }
            Payload::CodeSectionEntry(body) => {
                let Some(index) = &mut function else { continue };
                if items.functions.get(*index) == Some(&true) {
                    bodies.check(&body)?;
                }
                *index += 1;
            }
            _ => {}
        }
    }
    Ok(())
}

/// Looks at the indices in bodies of shared functions.
struct SharedBodies<'a> {
    items: &'a SharedItems,
    /// Of the instruction that is being looked at, in the component.
    offset: u64,
}

impl SharedBodies<'_> {
    fn check(&mut self, body: &FunctionBody<'_>) -> Result<(), LowerError> {
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            let (operator, offset) = operators.read_with_offset()?;
            self.offset = offset as u64;
            self.instruction(operator)?;
        }
        Ok(())
    }

    /// An index out of bounds is left to validation.
    fn look(&self, items: &[bool], index: u32, kind: &str, rule: &'static str) -> Result<u32, Error<LowerError>> {
        match items.get(index as usize) {
            Some(false) => Err(Error::UserError(LowerError::Rule {
                rule,
                message: format!(
                    "a shared function uses {kind} {index}, which is not shared: add `shared` to its type"
                ),
                offset: self.offset,
            })),
            _ => Ok(index),
        }
    }
}

impl Reencode for SharedBodies<'_> {
    type Error = LowerError;

    fn global_index(&mut self, global: u32) -> Result<u32, Error<LowerError>> {
        self.look(&self.items.globals, global, "global", "SETV-01")
    }

    fn table_index(&mut self, table: u32) -> Result<u32, Error<LowerError>> {
        self.look(&self.items.tables, table, "table", "SETV-01")
    }

    fn function_index(&mut self, function: u32) -> Result<u32, Error<LowerError>> {
        self.look(&self.items.functions, function, "function", "SETV-02")
    }

    fn memory_index(&mut self, memory: u32) -> Result<u32, Error<LowerError>> {
        self.look(&self.items.memories, memory, "memory", "SETV-03")
    }
}
