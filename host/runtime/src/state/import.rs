//! An import of the component, as core modules call it.

use crate::engine::component::Component;
use crate::state::resources::{PassedHandles, Resources};
use std::sync::Arc;
use wasmtime::ValType;
use weft_lower::plan::{Lowered, LoweredIndex};

/// See the module.
pub(crate) struct Import {
    component: Component,
    resources: Arc<Resources>,
    index: LoweredIndex,
    result: Option<ValType>,
}

impl Import {
    /// `result` is the type of its result as a core value.
    pub(crate) const fn new(
        component: Component,
        resources: Arc<Resources>,
        index: LoweredIndex,
        result: Option<ValType>,
    ) -> Self {
        Import {
            component,
            resources,
            index,
            result,
        }
    }

    pub(crate) const fn component(&self) -> &Component {
        &self.component
    }

    /// The type of its result as a core value.
    pub(crate) const fn result_type(&self) -> Option<&ValType> {
        self.result.as_ref()
    }

    pub(crate) fn lowered(&self) -> &Lowered {
        &self.component.plan().lowered[self.index.index()]
    }

    pub(crate) fn handles(&self) -> PassedHandles<'_> {
        let options = &self.component.plan().options[self.lowered().options.index()];
        self.resources.pass(options.instance)
    }
}
