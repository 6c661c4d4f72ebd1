//! The plan's resource types.
//!
//! **Before:** each component instance has an index space of types, in which one resource type can stand more than once. **After:**
//! a list of the resource types that differ, and what [`ResourceIndex`] means in each component instance: that instance's handle
//! table, and a type of the list.
//!
//! **Rejected:** one index for both. Two instances give out handles of the same resource, each from a table of its own.

use super::{ComponentInstanceIndex, Plan, ResourceTypeIndex};
use serde::{Deserialize, Serialize};
use weft_abi::ResourceIndex;

/// A resource type as one component instance sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceView {
    /// The instance whose handle table has the handles.
    pub instance: ComponentInstanceIndex,
    /// The type.
    pub ty: ResourceTypeIndex,
}

/// A resource type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ResourceType {
    /// One that the component imports.
    Imported {
        /// The names of the instances that it is in, outermost first, and its own.
        path: Vec<String>,
    },
    /// One that a component instance defines. Representations have 32 bits.
    Defined {
        /// The instance.
        instance: ComponentInstanceIndex,
        /// Its destructor, if it has one.
        destructor: Option<Destructor>,
    },
}

/// A name under which a component imports or exports a resource type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceName {
    /// The names of the instances that it is in, outermost first, and its own.
    pub path: Vec<String>,
    /// The type.
    pub ty: ResourceTypeIndex,
}

/// What is called with the representation when the handle that owns a resource is dropped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Destructor {
    /// The run-time module's export.
    pub export: String,
    /// Whether it is a shared function. If not, it runs in the [home](Plan::home) of the instance that defines the resource.
    pub shared: bool,
}

impl Plan {
    /// What an index means, unless only types that no value has use it.
    pub fn resource(&self, index: ResourceIndex) -> Option<(ResourceView, &ResourceType)> {
        let view = (*self.resources.get(index.0 as usize)?)?;
        Some((view, self.resource_types.get(view.ty.index())?))
    }

    /// Whether the component instance for which an index counts defines the resource type itself.
    pub fn defined_here(&self, ty: ResourceIndex) -> bool {
        match self.resource(ty) {
            Some((view, ResourceType::Defined { instance, .. })) => *instance == view.instance,
            Some((_, ResourceType::Imported { .. })) | None => false,
        }
    }
}
