//! What core modules export for the host: functions, memories and tables that the host uses while the program runs.
//!
//! **Problem.** Hosts of plug-in modules call functions by their index in a table, call `malloc`, and read and write the memory. The
//! component level has no such exports. **Before:** a core module of the component that exports `malloc` as `weft:export malloc`.
//! **After:** for each such export, what a runtime finds by that name: an export of the run-time module, or a memory or table of the plan.
//!
//! `weft adapt` adds these exports to the modules that it adapts. A component that has none hides its core modules, as the specification
//! says.

use super::{ComponentInstanceIndex, MemoryIndex, OptionMemory, WrittenTableIndex};
use serde::{Deserialize, Serialize};

/// How the names begin under which a core module exports items for the host. The rest of each is the name that the host knows.
pub const CORE_EXPORT: &str = "weft:export ";

/// The name under which a core module exports the function that the host calls before it calls others on a new thread: it gives the thread
/// a stack and thread-local storage, and returns what [`CORE_LEAVE`] takes.
pub const CORE_ENTER: &str = "weft:enter";

/// The name under which a core module exports the function that the host calls when such a thread has done its work.
pub const CORE_LEAVE: &str = "weft:leave";

/// See the module.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoreExports {
    /// By their names, sorted.
    pub items: Vec<CoreExport>,
    /// The functions with which the host's calls begin and end, if they need any.
    pub entry: Option<CoreEntry>,
}

/// An item that a core module exports for the host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoreExport {
    /// The name that the host knows.
    pub name: String,
    /// The component instance that the core module is in.
    pub instance: ComponentInstanceIndex,
    /// Whether threads share the item. If not, it is only in the store of the instance's home.
    pub shared: bool,
    /// The item itself.
    pub item: CoreItem,
}

/// An item of a core module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum CoreItem {
    /// A function, by the name of the run-time module's export.
    Function(String),
    /// A memory.
    Memory(OptionMemory),
    /// A table of functions.
    Table(CoreTable),
}

/// A table of functions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum CoreTable {
    /// Each store has it: the name of the run-time module's export.
    Fixed(String),
    /// It is in a memory that all threads share.
    Written(WrittenTableIndex),
}

/// The functions with which a call from the host begins and ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoreEntry {
    /// The run-time module's export of [`CORE_ENTER`].
    pub enter: String,
    /// The run-time module's export of [`CORE_LEAVE`].
    pub leave: String,
    /// Whether calls can overlap.
    pub shared: bool,
}

impl CoreExports {
    /// The position of the item of this name.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.items
            .binary_search_by(|export| export.name.as_str().cmp(name))
            .ok()
    }

    /// Whether the host must take turns at some items.
    pub fn take_turns(&self) -> bool {
        let is_turn = |entry: &CoreEntry| !entry.shared;
        let mut items = self.items.iter();
        self.entry.as_ref().is_some_and(is_turn)
            || items.any(|export| !export.shared && export.planned_memory().is_none())
    }
}

impl CoreExport {
    /// The memory of the plan that it is, if it is one.
    pub fn planned_memory(&self) -> Option<MemoryIndex> {
        match &self.item {
            CoreItem::Memory(OptionMemory::Planned(memory)) => Some(*memory),
            CoreItem::Memory(OptionMemory::Unshared { .. }) | CoreItem::Function(_) | CoreItem::Table(_) => None,
        }
    }
}
