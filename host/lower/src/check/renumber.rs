//! Converts the input's indices to the validator's, which also count the [stubs](super::stubs).

use super::refusal::invalid;
use super::scope::Scope;
use crate::binary::index_space::IndexSpace;
use crate::error::LowerError;
use std::collections::BTreeMap;
use std::convert::Infallible;
use wasm_encoder::reencode::{Error, Reencode, ReencodeComponent};

/// Converts the input's indices to the validator's.
pub(super) struct Renumber<'a> {
    scopes: &'a [Scope],
    /// The first index that the input does not define.
    undefined: Option<String>,
    /// The core functions and memories that were found, with the validator's indices.
    pub functions: Vec<u32>,
    pub memories: Vec<u32>,
    /// The stubs that replace functions and memories.
    pub other_functions: BTreeMap<u32, u32>,
    pub other_memories: BTreeMap<u32, u32>,
}

impl<'a> Renumber<'a> {
    pub fn new(scopes: &'a [Scope]) -> Self {
        Renumber {
            scopes,
            undefined: None,
            functions: Vec::new(),
            memories: Vec::new(),
            other_functions: BTreeMap::new(),
            other_memories: BTreeMap::new(),
        }
    }

    fn get(&mut self, outer: u32, space: impl Fn(&Scope) -> &IndexSpace, kind: &str, index: u32) -> u32 {
        let scope = self.scopes.iter().rev().nth(outer as usize);
        match scope.and_then(|scope| space(scope).get(index)) {
            Some(index) => index,
            None => {
                let message = || {
                    let short = kind.strip_prefix("core ").unwrap_or(kind);
                    format!("unknown {kind} {index}: {short} index out of bounds")
                };
                self.undefined.get_or_insert_with(message);
                0
            }
        }
    }

    /// The outcome of a translation: an error if it met an index that the input does not define.
    pub fn finish(self, result: Result<(), Error<Infallible>>, offset: usize) -> Result<(), LowerError> {
        match (self.undefined, result) {
            (Some(message), _) => Err(invalid(offset, message)),
            (None, Ok(())) => Ok(()),
            (None, Err(Error::ParseError(error))) => Err(error.into()),
            (None, Err(error)) => Err(invalid(offset, error.to_string())),
        }
    }
}

impl Reencode for Renumber<'_> {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error<Infallible>> {
        let index = self.get(0, |scope| &scope.core.functions, "core function", function);
        self.functions.push(index);
        Ok(self.other_functions.get(&index).copied().unwrap_or(index))
    }

    fn memory_index(&mut self, memory: u32) -> Result<u32, Error<Infallible>> {
        let index = self.get(0, |scope| &scope.core.memories, "memory", memory);
        self.memories.push(index);
        Ok(self.other_memories.get(&index).copied().unwrap_or(index))
    }
}

impl ReencodeComponent for Renumber<'_> {
    fn module_index(&mut self, module: u32) -> u32 {
        self.get(0, |scope| &scope.core.modules, "module", module)
    }

    fn outer_module_index(&mut self, count: u32, module: u32) -> u32 {
        self.get(count, |scope| &scope.core.modules, "module", module)
    }

    fn instance_index(&mut self, instance: u32) -> u32 {
        self.get(0, |scope| &scope.core.instances, "core instance", instance)
    }
}
