//! An import of the component, as core modules call it.

use crate::engine::component::Component;
use crate::state::resources::PassedHandles;
use crate::state::store_options::StoreOptions;
use wasmtime::ValType;
use weft_lower::plan::{Lowered, LoweredIndex};

/// See the module.
pub(crate) struct Import {
    component: Component,
    index: LoweredIndex,
    result: Option<ValType>,
}

impl Import {
    /// `result` is the core type of the import's result.
    pub(crate) fn new(component: &Component, index: LoweredIndex, result: Option<ValType>) -> Self {
        Import {
            component: component.clone(),
            index,
            result,
        }
    }

    pub(crate) const fn component(&self) -> &Component {
        &self.component
    }

    /// The core type of the result.
    pub(crate) const fn result_type(&self) -> Option<&ValType> {
        self.result.as_ref()
    }

    pub(crate) fn lowered(&self) -> &Lowered {
        &self.component.plan().lowered[self.index.index()]
    }

    /// The handles that a call of the import passes. `items` are what the import's options name in the calling store.
    pub(crate) fn handles<'a>(&self, items: &'a StoreOptions) -> PassedHandles<'a> {
        let options = &self.component.plan().options[self.lowered().options.index()];
        items.resources.pass(options.instance)
    }
}
