//! What all instances that one linker makes of one component have in common.
//!
//! **Before:** a component, and the linker's host functions for it, found and checked. **After:** what
//! [`InstancePre`](crate::InstancePre) keeps, so that instantiation looks nothing up.

use crate::engine::component::Component;
use crate::engine::handle::Engine;
use crate::state::host_item::{HostFunction, HostResource};
use crate::state::host_memory::HostMemory;
use crate::threads::start::Starts;

/// See the module. `D` is the data of a thread's store.
pub(crate) struct Program<D: 'static> {
    pub(crate) component: Component,
    /// The component functions that the host supplies, by the plan's index.
    pub(crate) functions: Vec<HostFunction<D>>,
    /// The resource types that the host supplies, by the plan's index. `None` for types that the component defines.
    pub(crate) host_resources: Vec<Option<HostResource<D>>>,
    /// The memories that the component passes to host modules.
    pub(crate) host_memory: HostMemory,
    pub(crate) starts: Starts,
}

impl<D> Program<D> {
    pub(crate) fn engine(&self) -> &Engine {
        self.component.engine()
    }
}
