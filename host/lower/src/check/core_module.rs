//! What the checks of bodies need to know about a core module.

use super::resources::exception;
use super::rules::Rules;
use crate::binary::module_items::SharedItems;
use std::collections::HashMap;
use std::sync::Arc;
use wasmparser::types::TypesRef;
use wasmparser::{CompositeInnerType, SubType, UnpackedIndex, ValType};

/// What is known about a core module before its bodies.
#[derive(Default, Clone)]
pub(super) struct CoreModule {
    pub items: Arc<SharedItems>,
    /// The unshared function types whose parameters and results shared functions may have, by index. They are changed
    /// to shared types.
    pub as_shared: Arc<HashMap<u32, SubType>>,
}

impl CoreModule {
    pub(super) fn of(types: TypesRef<'_>, rules: Rules) -> Self {
        let items = SharedItems::validated(types);
        let mut as_shared = HashMap::new();
        if items.functions.contains(&true) {
            for index in 0..types.core_type_count_in_module() {
                let ty = &types[types.core_type_at_in_module(index)];
                let CompositeInnerType::Func(function) = &ty.composite_type.inner else {
                    continue;
                };
                let mut members = function.params().iter().chain(function.results());
                if !ty.composite_type.shared && members.all(|ty| may_be_operand(types, *ty, rules)) {
                    let mut ty = ty.clone();
                    ty.composite_type.shared = true;
                    as_shared.insert(index, ty);
                }
            }
        }
        CoreModule {
            items: Arc::new(items),
            as_shared: Arc::new(as_shared),
        }
    }
}

/// Whether a shared function may have an operand of the type: see SETV-05 in [`super::body`].
pub(super) fn may_be_operand(types: TypesRef<'_>, ty: ValType, rules: Rules) -> bool {
    let ValType::Ref(ty) = ty else { return true };
    match ty.heap_type() {
        wasmparser::HeapType::Abstract { shared, .. } => shared || rules == Rules::Extended && exception(ty).is_some(),
        wasmparser::HeapType::Concrete(index) | wasmparser::HeapType::Exact(index) => {
            let id = match index {
                // The type with its index as in the binary.
                UnpackedIndex::Module(index) if index < types.core_type_count_in_module() => {
                    Some(types.core_type_at_in_module(index))
                }
                index => index.as_core_type_id(),
            };
            let ty = id.and_then(|id| types.get(id));
            ty.is_some_and(|ty: &SubType| ty.composite_type.shared)
        }
    }
}
