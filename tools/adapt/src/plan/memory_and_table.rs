//! Chooses the memory that host modules use, and the table that contains the functions that threads start with.
//!
//! A module may have several of each, and none of the ABIs says how to choose. The name of a memory's import or export decides, and
//! whether a table is exported. If that does not decide, the module is refused.

use crate::error::AdaptError;
use crate::index::{MemoryIndex, TableIndex};
use crate::input::info::ModuleInfo;
use std::collections::BTreeSet;
use wasmparser::{ExternalKind, RefType};

/// The memory that host modules use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HostMemory {
    /// A memory of the input.
    Input(MemoryIndex),
    /// An empty memory of `$state`: the input has none, and a host module imports one.
    Empty,
    /// None: no host module is imported.
    None,
}

/// Finds the memory to which the pointers in host calls refer.
pub(crate) fn host_memory(info: &ModuleInfo<'_>, any_host: bool) -> Result<HostMemory, AdaptError> {
    if !any_host {
        return Ok(HostMemory::None);
    }
    let indices = || (0..).map(MemoryIndex).zip(&info.memories);
    let shared: Vec<_> = indices()
        .filter(|(_, memory)| memory.shared)
        .map(|(index, _)| index)
        .collect();
    let candidates: Vec<_> = if shared.is_empty() {
        indices().map(|(index, _)| index).collect()
    } else {
        shared.clone()
    };
    let named: Vec<_> = info
        .memories_named("memory")
        .into_iter()
        .filter(|index| candidates.contains(index))
        .collect();
    match (candidates.as_slice(), named.as_slice()) {
        ([], _) => Ok(HostMemory::Empty),
        ([only], _) | (_, [only]) => Ok(HostMemory::Input(*only)),
        _ => Err(AdaptError::AmbiguousMemory {
            count: candidates.len(),
            kind: if shared.is_empty() {
                "memories"
            } else {
                "shared memories"
            },
        }),
    }
}

/// The name under which `$state` exports one of the input's memories.
pub(crate) fn memory_name(index: MemoryIndex, is_main: bool) -> String {
    match is_main {
        true => "memory".to_string(),
        false => format!("memory-{}", index.0),
    }
}

/// Finds the table from which threads take the functions that they start with.
pub(crate) fn function_table(info: &ModuleInfo<'_>) -> Result<TableIndex, AdaptError> {
    let exported: BTreeSet<_> = info
        .exports
        .iter()
        .filter(|export| export.kind == ExternalKind::Table)
        .map(|export| export.index)
        .collect();
    let index = match (info.tables.len(), exported.first()) {
        (0, _) => return Err(AdaptError::NoTable),
        (1, _) => 0,
        (_, Some(index)) if exported.len() == 1 => *index,
        (count, _) => return Err(AdaptError::AmbiguousTable { count }),
    };
    match info.tables.get(index as usize) {
        Some(table) if table.ty.element_type != RefType::FUNCREF => Err(AdaptError::TableOfOtherType { index }),
        Some(_) => Ok(TableIndex(index)),
        None => Err(AdaptError::missing("table", index)),
    }
}
