//! What is known of the adapter modules that have been taken so far, and of their functions.

use crate::plan::ComponentInstanceIndex;
use crate::threadify::InstanceIndex;
use std::collections::{BTreeSet, HashMap};

/// Component instances whose unshared state is used.
pub(super) type Owners = BTreeSet<ComponentInstanceIndex>;

/// A function of an adapter module.
#[derive(Default)]
pub(super) struct AdapterFunction {
    pub owners: Owners,
    /// The component instance that it calls. None for one that only helps another.
    pub callee: Option<ComponentInstanceIndex>,
    /// The component instance that lowered it, if it calls another one.
    pub caller: Option<ComponentInstanceIndex>,
}

/// What calls between components use that is in no component.
#[derive(Default)]
pub(super) struct Adapters {
    /// The instance that has the flags.
    pub(super) flags: Option<InstanceIndex>,
    /// The instances of adapter modules, and their functions.
    pub(super) instances: HashMap<InstanceIndex, Vec<AdapterFunction>>,
}

impl Adapters {
    pub fn function(&self, instance: InstanceIndex, function: u32) -> Option<&AdapterFunction> {
        self.instances.get(&instance)?.get(function as usize)
    }
}
