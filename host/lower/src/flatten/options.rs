//! Converts canonical options from the translator's indices to what a runtime finds in a store.
//!
//! The translator extracts memories, `realloc` and `post-return` functions in separate initializers, and options name
//! these. So flatten keeps them as they come. The run-time module exports one only when options that name it are used,
//! because unsupported built-ins have options too.

use super::{Flatten, missing};
use crate::error::LowerError;
use crate::plan::{CanonicalOptions, ComponentInstanceIndex, OptionMemory, OptionsIndex};
use crate::threadify::Item;
use wasmtime_environ::IndexType;
use wasmtime_environ::component::{
    self as environ, CanonicalOptionsDataModel, CoreDef, RuntimeMemoryIndex, RuntimeReallocIndex,
};
use weft_abi::{AddressWidth, Options, StringEncoding};

impl Flatten<'_> {
    /// The plan's index of options. `item` names their function in messages.
    pub(super) fn options(&mut self, index: environ::OptionsIndex, item: &str) -> Result<OptionsIndex, LowerError> {
        let options = &self.component().options[index];
        let (memory, realloc) = match options.data_model {
            CanonicalOptionsDataModel::LinearMemory(options) => (options.memory, options.realloc),
            CanonicalOptionsDataModel::Gc {} => {
                let advice = "pass values in a linear memory";
                return Err(LowerError::unsupported(format!("the `gc` option of {item}"), advice));
            }
        };
        let instance = ComponentInstanceIndex(options.instance.as_u32());
        let encoding = match options.string_encoding {
            environ::StringEncoding::Utf8 => StringEncoding::Utf8,
            environ::StringEncoding::Utf16 => StringEncoding::Utf16,
            environ::StringEncoding::CompactUtf16 => StringEncoding::Latin1OrUtf16,
        };
        let (memory, width) = match memory {
            Some(memory) => {
                let (memory, width) = self.option_memory(memory)?;
                (Some(memory), width)
            }
            None => (None, AddressWidth::W32),
        };
        let options = CanonicalOptions {
            instance,
            form: Options { width, encoding },
            memory,
            realloc: realloc.map(|realloc| self.option_realloc(realloc)).transpose()?,
        };
        let known = self.plan.options.iter().position(|known| *known == options);
        let position = known.unwrap_or_else(|| {
            self.plan.options.push(options);
            self.plan.options.len() - 1
        });
        Ok(OptionsIndex(position as u32))
    }

    fn option_realloc(&mut self, index: RuntimeReallocIndex) -> Result<String, LowerError> {
        let realloc = *self.extracted.reallocs.get(&index).ok_or_else(missing)?;
        self.export_function(realloc)
    }

    /// The definition of a memory that the translator has extracted.
    pub(super) fn extracted_memory(&self, index: RuntimeMemoryIndex) -> Result<CoreDef, LowerError> {
        let memory = *self.extracted.memories.get(&index).ok_or_else(missing)?;
        Ok(CoreDef::from(memory.clone()))
    }

    /// Whether options name a memory that all threads share.
    pub(super) fn is_shared_memory(&self, index: RuntimeMemoryIndex) -> bool {
        let Some(memory) = self.extracted.memories.get(&index).copied() else {
            return false;
        };
        let planned = self.planned_memory(&CoreDef::from(memory.clone()));
        planned.is_some_and(|memory| self.input.memories[memory.index()].shared)
    }

    pub(super) fn option_memory(
        &mut self,
        index: RuntimeMemoryIndex,
    ) -> Result<(OptionMemory, AddressWidth), LowerError> {
        let memory = self.extracted_memory(index)?;
        if let Some(planned) = self.planned_memory(&memory) {
            let width = width(self.input.memories[planned.index()].memory64);
            return Ok((OptionMemory::Planned(planned), width));
        }
        let Some((instance, Item::Memory(index))) = self.item(&memory) else {
            return Err(missing());
        };
        let module = self.module_of(instance).ok_or_else(missing)?;
        let ty = module.memories.values().nth(index as usize).ok_or_else(missing)?;
        let width = width(ty.idx_type == IndexType::I64);
        let export = format!("weft:memory-{}-{index}", instance.0);
        let exported = (export.clone(), instance, index);
        if !self.input.memory_exports.contains(&exported) {
            self.input.memory_exports.push(exported);
        }
        Ok((OptionMemory::Unshared { export }, width))
    }
}

fn width(memory64: bool) -> AddressWidth {
    match memory64 {
        true => AddressWidth::W64,
        false => AddressWidth::W32,
    }
}
