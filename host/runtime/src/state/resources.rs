//! The handles of a program: a table for each component instance, and one for the host.
//!
//! All threads of a component instance use its table at once. What a table takes is charged to the program's budget.

use crate::limits::budget::Budget;
use std::fmt;
use std::sync::Arc;
use weft_abi::handles::{Account, MAX_INDEX};
use weft_abi::{CallHandles, HandleTable, ResourceIndex};
use weft_lower::Plan;
use weft_lower::plan::{ComponentInstanceIndex, ResourceTypeIndex};

/// See the module.
pub(crate) struct Resources {
    /// Tells the programs of the process apart.
    pub(crate) number: u64,
    /// By component instance.
    tables: Vec<HandleTable<ResourceIndex>>,
    /// What the host has of them.
    pub(crate) host: HandleTable<ResourceTypeIndex>,
}

/// The handles that one call passes between the host and a component instance.
pub(crate) type PassedHandles<'a> = CallHandles<'a, Plan>;

/// A table's part of a program's budget.
struct TableAccount(Arc<Budget>);

impl Account for TableAccount {
    fn take(&self, bytes: u64) -> bool {
        self.0.take(bytes).is_ok()
    }

    fn give_back(&self, bytes: u64) {
        self.0.give_back(bytes);
    }
}

impl fmt::Debug for TableAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TableAccount")
    }
}

impl Resources {
    /// Tables without handles.
    pub(crate) fn new(number: u64, plan: &Plan, budget: &Arc<Budget>) -> Self {
        let with_options = plan.options.iter().map(|options| options.instance);
        let with_handles = plan.resources.iter().flatten().map(|view| view.instance);
        let instances = with_options.chain(with_handles).map(|instance| instance.index() + 1);
        let account = || Box::new(TableAccount(Arc::clone(budget)));
        let table = |_| HandleTable::charged(MAX_INDEX, account());
        Resources {
            number,
            tables: (0..instances.max().unwrap_or(0)).map(table).collect(),
            host: HandleTable::charged(MAX_INDEX, account()),
        }
    }

    /// The handle table of a component instance.
    pub(crate) fn table(&self, instance: ComponentInstanceIndex) -> &HandleTable<ResourceIndex> {
        &self.tables[instance.index()]
    }

    /// The handles of a call between the host and a component instance.
    pub(crate) fn pass<'a>(&'a self, plan: &'a Plan, instance: ComponentInstanceIndex) -> PassedHandles<'a> {
        CallHandles::new(plan, self.table(instance), &self.host, self.number)
    }
}
