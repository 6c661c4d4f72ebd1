//! What flatten knows about the adapter modules so far, and their functions.

use crate::plan::ComponentInstanceIndex;
use crate::threadify::InstanceIndex;
use std::collections::{BTreeSet, HashMap};

/// Component instances whose unshared state is used.
pub(super) type Owners = BTreeSet<ComponentInstanceIndex>;

/// A function of an adapter module.
#[derive(Default)]
pub(super) struct AdapterFunction {
    pub owners: Owners,
    /// The component instance that the function calls. `None` for a helper of another function.
    pub callee: Option<ComponentInstanceIndex>,
    /// The component instance that lowered the function, if it calls another one.
    pub caller: Option<ComponentInstanceIndex>,
}

/// Items outside of components that calls between components use.
#[derive(Default)]
pub(super) struct Adapters {
    /// The instance with the flags.
    pub(super) flags: Option<InstanceIndex>,
    /// The instances of adapter modules, and their functions.
    pub(super) instances: HashMap<InstanceIndex, Vec<AdapterFunction>>,
}

impl Adapters {
    pub fn function(&self, instance: InstanceIndex, function: u32) -> Option<&AdapterFunction> {
        self.instances.get(&instance)?.get(function as usize)
    }
}
