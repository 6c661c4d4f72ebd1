//! The index spaces of the run-time form: which index an item of the input has there.

use super::Rewrite;
use crate::plan::CONTEXT_SLOT_EXPORTS;
use crate::threadify::scan::shared;
use crate::threadify::{AddedImport, ContextSlots};

impl Rewrite<'_> {
    /// Imported memories come first, then those that become imports, then the rest.
    pub(super) fn lay_out_memories(&mut self) {
        let is_imported = |memory: &u32| *memory < self.facts.imported_memories;
        let all = 0..self.facts.memories.len() as u32;
        let kept = all.filter(|memory| !self.is_dropped(*memory));
        let (imported, defined): (Vec<_>, Vec<_>) = kept.partition(is_imported);
        let becomes_import = |memory: &u32| shared(&self.input.items.memories, *memory);
        let (added, defined): (Vec<_>, Vec<_>) = defined.into_iter().partition(becomes_import);
        for (memory, index) in imported.iter().chain(&added).chain(&defined).zip(0..) {
            self.memories[*memory as usize] = Some(index);
        }
        self.added.extend(added.into_iter().map(AddedImport::Memory));
    }

    /// A module without code may define or pass on a shared memory, but does not use it. The plan knows which it is.
    pub(super) fn is_dropped(&self, memory: u32) -> bool {
        !self.facts.uses_memories() && shared(&self.input.items.memories, memory)
    }

    pub(super) fn slot_global(&self, slot: usize) -> u32 {
        let first = match self.input.slots {
            ContextSlots::Import => self.facts.imported_globals,
            ContextSlots::Define => self.facts.imported_globals + self.facts.defined_globals,
        };
        first + slot as u32
    }

    pub(super) fn added_functions(&self) -> impl Iterator<Item = AddedImport> {
        self.added
            .iter()
            .copied()
            .filter(|import| !matches!(import, AddedImport::Memory(_) | AddedImport::ContextSlot(_)))
    }

    pub(super) fn kept_functions(&self) -> u32 {
        self.context.iter().filter(|access| access.is_none()).count() as u32
    }

    pub(super) fn functions_before_definitions(&self) -> u32 {
        self.kept_functions() + self.added_functions().count() as u32
    }

    /// The index of an added import that is a function.
    pub(super) fn added_function(&self, import: AddedImport) -> Option<u32> {
        let position = self.added_functions().position(|added| added == import)?;
        Some(self.kept_functions() + position as u32)
    }

    pub(super) fn new_function_index(&self, function: u32) -> u32 {
        let imported = self.facts.imported_functions;
        if function >= imported {
            return function - imported + self.functions_before_definitions();
        }
        let before = &self.context[..self.context.len().min(function as usize)];
        let accesses = before.iter().flatten().count() as u32;
        match self.context.get(function as usize) {
            // What refers to a built-in that became an instruction gets a function with that instruction.
            Some(Some(_)) => self.functions_before_definitions() + self.facts.defined_functions + accesses,
            _ => function - accesses,
        }
    }

    pub(super) fn new_global_index(&self, global: u32) -> u32 {
        let imports_slots = self.uses_slots() && self.input.slots == ContextSlots::Import;
        match imports_slots && global >= self.facts.imported_globals {
            true => global + CONTEXT_SLOT_EXPORTS.len() as u32,
            false => global,
        }
    }
}
