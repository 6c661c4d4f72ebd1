//! Long instructions in the run-time module, which the functions of [`chunks`](crate::chunks) split.

use super::helper::Helper;
use super::{Emit, Result, unknown};
use crate::binary::module_items::ModuleItems;
use crate::chunks::{ChunkFunction, Chunks};
use crate::threadify::layout::TableAt;

impl Chunks for Emit<'_> {
    fn items(&self) -> &ModuleItems {
        &self.facts().module
    }

    fn chunk_function(&mut self, function: ChunkFunction) -> u32 {
        self.functions.get(Helper::Chunks(function))
    }

    fn data_size(&self, segment: u32) -> Result<u32> {
        let size = self.facts().data_sizes.get(segment as usize).copied();
        size.ok_or_else(|| unknown("data segment", segment))
    }

    fn element_count(&self, segment: u32) -> Result<u32> {
        let count = self.facts().element_counts.get(segment as usize).copied();
        count.ok_or_else(|| unknown("element segment", segment))
    }

    /// How many elements the run-time module's table with this index can have. An import may declare more than the
    /// definition.
    fn maximum_of_table(&self, table: u32, wide: bool) -> u64 {
        let instances = self.facts.iter().zip(&self.layout.instances);
        let tables = instances.flat_map(|(facts, spaces)| facts.module.tables.iter().zip(&spaces.tables));
        let views = tables.filter(|(_, at)| **at == TableAt::Fixed(table));
        let all = if wide { u64::MAX } else { u64::from(u32::MAX) };
        views.filter_map(|(ty, _)| ty.maximum).fold(all, u64::min)
    }
}
