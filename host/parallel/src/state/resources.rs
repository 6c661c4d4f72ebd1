//! The handles of a program: a table for each component instance, and one for the host.
//!
//! All threads of a component instance use its table at once. The memory of the tables is charged to the program's
//! budget.

use crate::engine::component::Component;
use crate::error::trap;
use crate::limits::budget::Budget;
use std::fmt;
use std::sync::{Arc, OnceLock};
use weft_abi::handles::{Account, HandleCheck, MAX_INDEX, Removed, TypeNumber};
use weft_abi::{CallHandles, HandleError, HandleTable, ResourceAny, ResourceIndex, ResourceType, ResourceTypes};
use weft_lower::plan::{ComponentInstanceIndex, ResourceTypeIndex};

/// See the module.
pub(crate) struct Resources {
    /// Tells the programs of the process apart.
    pub(crate) number: u64,
    /// By component instance.
    tables: Box<[Lazy<ResourceIndex>]>,
    /// The handles that the host has.
    host: Lazy<TypeNumber>,
    types: InstanceTypes,
    budget: Arc<Budget>,
}

/// A table that is made when it is needed: most instances have no handles.
type Lazy<T> = OnceLock<Box<HandleTable<T>>>;

/// The resource types of an instance of a component.
///
/// If the host supplies the same type for several imported resource types, they are one type.
pub(crate) struct InstanceTypes {
    component: Component,
    /// By the plan's index.
    numbers: Vec<TypeNumber>,
}

impl ResourceTypes for InstanceTypes {
    fn id(&self, ty: ResourceIndex) -> Option<TypeNumber> {
        let (view, _) = self.component.plan().resource(ty)?;
        self.numbers.get(view.ty.index()).copied()
    }

    fn defined_here(&self, ty: ResourceIndex) -> bool {
        self.component.plan().defined_here(ty)
    }
}

/// The handles that one call passes between the host and a component instance.
pub(crate) type PassedHandles<'a> = CallHandles<'a, InstanceTypes>;

/// Charges a table's memory to a program's budget.
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
    ///
    /// `host_types` are the resource types that the host supplies, by the plan's index.
    pub(crate) fn new(
        number: u64,
        component: &Component,
        host_types: impl Iterator<Item = Option<ResourceType>>,
        budget: &Arc<Budget>,
    ) -> Self {
        let plan = component.plan();
        let with_options = plan.options.iter().map(|options| options.instance);
        let with_handles = plan.resources.iter().flatten().map(|view| view.instance);
        let instances = with_options.chain(with_handles).map(|instance| instance.index() + 1);
        let numbers = host_types.zip(0..).map(|(host, index)| {
            let number = host.and_then(ResourceType::number);
            number.unwrap_or(TypeNumber::defined(index))
        });
        Resources {
            number,
            tables: (0..instances.max().unwrap_or(0)).map(|_| OnceLock::new()).collect(),
            host: OnceLock::new(),
            budget: Arc::clone(budget),
            types: InstanceTypes {
                component: component.clone(),
                numbers: numbers.collect(),
            },
        }
    }

    /// The handle table of a component instance.
    pub(crate) fn table(&self, instance: ComponentInstanceIndex) -> &HandleTable<ResourceIndex> {
        self.made(&self.tables[instance.index()])
    }

    fn host(&self) -> &HandleTable<TypeNumber> {
        self.made(&self.host)
    }

    fn made<'a, T: PartialEq>(&self, table: &'a Lazy<T>) -> &'a HandleTable<T> {
        let account = || Box::new(TableAccount(Arc::clone(&self.budget)));
        table.get_or_init(|| Box::new(HandleTable::charged(MAX_INDEX, account())))
    }

    /// The handles of a call between the host and a component instance.
    pub(crate) fn pass(&self, instance: ComponentInstanceIndex) -> PassedHandles<'_> {
        CallHandles::new(&self.types, self.table(instance), self.host(), self.number)
    }
}

/// The host's resources.
impl Resources {
    /// Makes a handle that owns a resource.
    pub(crate) fn make(&self, ty: ResourceType, rep: u32) -> wasmtime::Result<ResourceAny> {
        let ty = self.host_type(ty)?;
        let handle = self.host().insert(ty, rep, None)?;
        Ok(ResourceAny::new(self.number, handle, ty, true))
    }

    /// The representation of a resource.
    pub(crate) fn rep(&self, ty: ResourceType, resource: ResourceAny) -> wasmtime::Result<u32> {
        let found = self.host().get(resource.key(self.number)?, &self.host_type(ty)?);
        Ok(found.map_err(HandleError::of_host)?.rep)
    }

    /// Takes a resource out of its handle, and returns the representation.
    pub(crate) fn take(&self, ty: ResourceType, resource: ResourceAny) -> wasmtime::Result<u32> {
        let taken = self.host().remove_own(resource.key(self.number)?, &self.host_type(ty)?);
        Ok(taken.map_err(HandleError::of_host)?)
    }

    fn host_type(&self, ty: ResourceType) -> wasmtime::Result<TypeNumber> {
        let wanted = ty.number().filter(|wanted| self.types.numbers.contains(wanted));
        wanted.ok_or_else(|| trap("the component imports no resource type that the host defines with this type"))
    }

    /// A type of the plan, as handles of this program have it.
    pub(crate) fn ty(&self, index: ResourceTypeIndex) -> Option<ResourceType> {
        let number = self.types.numbers.get(index.index())?;
        Some(ResourceType::of_number(self.number, *number))
    }
}

/// A resource whose handle is gone: its type and representation.
pub(crate) struct Dropped {
    pub(crate) ty: ResourceTypeIndex,
    pub(crate) rep: u32,
}

impl Resources {
    /// The type of the resource that a handle of the host stands for. The handle may have been passed on.
    pub(crate) fn type_of(&self, resource: ResourceAny) -> Result<ResourceTypeIndex, HandleError> {
        resource.key(self.number)?;
        let number = resource.type_number();
        let position = self.types.numbers.iter().position(|known| *known == number);
        Ok(ResourceTypeIndex(position.ok_or(HandleError::HostType)? as u32))
    }

    /// Removes a handle of the host. Returns the resource if the handle owned it.
    pub(crate) fn remove(&self, resource: ResourceAny) -> Result<Option<Dropped>, HandleError> {
        let ty = self.type_of(resource)?;
        let removed = self.host().remove(resource.key(self.number)?, &resource.type_number());
        let Removed { rep, owned } = removed.map_err(HandleError::of_host)?;
        Ok(owned.then_some(Dropped { ty, rep }))
    }

    /// The check of the handles that a call passes to the component.
    pub(crate) fn check(&self) -> HandleCheck<'_, InstanceTypes> {
        HandleCheck::new(&self.types, self.host(), self.number)
    }
}
