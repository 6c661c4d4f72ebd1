//! The handles of a program: a table for each component instance, and one for the host.
//!
//! All threads of a component instance use its table at once. What a table takes is charged to the program's budget.

use crate::error::trap;
use crate::limits::budget::Budget;
use crate::state::host_function::{HostResource, ResourceType};
use crate::state::instance_state::InstanceState;
use std::fmt;
use std::sync::Arc;
use weft_abi::handles::{Account, MAX_INDEX};
use weft_abi::{CallHandles, HandleError, HandleTable, ResourceAny, ResourceIndex};
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

/// Resources of the host's. `R` stands for the type.
impl<T> InstanceState<T> {
    pub(crate) fn new_resource<R: 'static>(&self, rep: u32) -> wasmtime::Result<ResourceAny> {
        let handle = self.resources.host.insert(self.resource_type::<R>()?, rep, None)?;
        Ok(ResourceAny::new(self.resources.number, handle, true))
    }

    pub(crate) fn resource_rep<R: 'static>(&self, resource: ResourceAny) -> wasmtime::Result<u32> {
        let key = resource.key(self.resources.number)?;
        let found = self.resources.host.get(key, &self.resource_type::<R>()?);
        Ok(found.map_err(HandleError::of_host)?.rep)
    }

    pub(crate) fn take_resource<R: 'static>(&self, resource: ResourceAny) -> wasmtime::Result<u32> {
        let key = resource.key(self.resources.number)?;
        let taken = self.resources.host.remove_own(key, &self.resource_type::<R>()?);
        Ok(taken.map_err(HandleError::of_host)?)
    }

    fn resource_type<R: 'static>(&self) -> wasmtime::Result<ResourceTypeIndex> {
        let wanted = ResourceType::host::<R>();
        let is_wanted = |ty: &Option<HostResource<T>>| ty.as_ref().is_some_and(|ty| ty.ty == wanted);
        let position = self.host_resources.iter().position(is_wanted);
        let position = position.ok_or_else(|| trap("the component imports no resource type of this kind"))?;
        Ok(ResourceTypeIndex(position as u32))
    }
}
