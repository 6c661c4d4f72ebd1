//! What wasmparser sees of a module while it validates a body. It sees the real module, except where wasmparser refuses
//! something that the proposal allows.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::Arc;
use wasmparser::types::CoreTypeId;
use wasmparser::{
    AbstractHeapType, FuncType, GlobalType, HeapType, MemoryType, RefType, SubType, TableType, ValType,
    ValidatorResources, WasmModuleResources,
};

/// How the module looks to the next instruction.
#[derive(Clone, Copy)]
pub(super) enum View {
    /// Unchanged.
    Plain,
    /// Tables of shared functions look like tables of functions. SETV-12: `call_indirect` may use them.
    IndirectCall,
    /// SETV-16, SETV-17: references of this type can be accessed atomically, shared or not.
    Atomic(ValType),
    /// A value of type `found` counts as one of type `expected`. SETV-19: a reference may be compared with any `eqref`.
    CompareExchange { found: ValType, expected: ValType },
}

/// Whether both types are references to exceptions, and `a` is a subtype of `b` apart from `shared`.
fn is_exception(a: ValType, b: ValType) -> bool {
    let (ValType::Ref(a), ValType::Ref(b)) = (a, b) else {
        return false;
    };
    match (exception(a), exception(b)) {
        (Some(is_bottom), Some(is_bottom_wanted)) => {
            (is_bottom || !is_bottom_wanted) && (b.is_nullable() || !a.is_nullable())
        }
        _ => false,
    }
}

/// For a reference to an exception, whether it is one to the bottom type. `None` for other references.
pub(super) fn exception(ty: RefType) -> Option<bool> {
    match ty.heap_type() {
        HeapType::Abstract {
            ty: AbstractHeapType::Exn,
            ..
        } => Some(false),
        HeapType::Abstract {
            ty: AbstractHeapType::NoExn,
            ..
        } => Some(true),
        HeapType::Abstract { .. } | HeapType::Concrete(_) | HeapType::Exact(_) => None,
    }
}

pub(super) struct BodyResources {
    module: ValidatorResources,
    view: Cell<View>,
    /// Whether references to exceptions match the next instruction both as shared and as unshared ones.
    exceptions: Cell<bool>,
    /// In a shared body, the unshared function types that blocks may have.
    as_shared: Option<Arc<HashMap<u32, SubType>>>,
}

impl BodyResources {
    pub fn new(module: ValidatorResources, as_shared: Option<Arc<HashMap<u32, SubType>>>) -> Self {
        BodyResources {
            module,
            view: Cell::new(View::Plain),
            exceptions: Cell::new(false),
            as_shared,
        }
    }

    pub fn look(&self, view: View) {
        self.view.set(view);
    }

    /// Sets whether references to exceptions match the next instruction both as shared and as unshared ones.
    pub fn take_exceptions(&self, either: bool) {
        self.exceptions.set(either);
    }

    /// Whether `a` is the accessed type, and `b` the type that wasmparser requires, apart from `shared`.
    fn is_atomic(&self, accessed: ValType, a: ValType, b: ValType) -> bool {
        a == accessed && a != b && toggle(b).is_some_and(|b| self.module.is_subtype(a, b))
    }

    /// The real module.
    pub fn module(&self) -> &ValidatorResources {
        &self.module
    }
}

/// An abstract reference type with `shared` toggled.
fn toggle(ty: ValType) -> Option<ValType> {
    let ValType::Ref(ty) = ty else { return None };
    match ty.heap_type() {
        HeapType::Abstract { shared, ty: heap } => {
            let heap = HeapType::Abstract {
                shared: !shared,
                ty: heap,
            };
            RefType::new(ty.is_nullable(), heap).map(ValType::Ref)
        }
        _ => None,
    }
}

impl WasmModuleResources for BodyResources {
    fn table_at(&self, at: u32) -> Option<TableType> {
        let mut table = self.module.table_at(at)?;
        if let (View::IndirectCall, Some(shared)) = (self.view.get(), RefType::FUNCREF.shared())
            && self.module.is_subtype(table.element_type.into(), shared.into())
        {
            table.element_type = RefType::FUNCREF;
        }
        Some(table)
    }

    fn is_subtype(&self, a: ValType, b: ValType) -> bool {
        if self.module.is_subtype(a, b) || self.exceptions.get() && is_exception(a, b) {
            return true;
        }
        match self.view.get() {
            View::Plain | View::IndirectCall => false,
            View::Atomic(accessed) => self.is_atomic(accessed, a, b),
            View::CompareExchange { found, expected } => a == found && b == expected || self.is_atomic(expected, a, b),
        }
    }

    fn sub_type_at(&self, at: u32) -> Option<&SubType> {
        let as_shared = self.as_shared.as_ref().and_then(|types| types.get(&at));
        as_shared.or_else(|| self.module.sub_type_at(at))
    }

    fn memory_at(&self, at: u32) -> Option<MemoryType> {
        self.module.memory_at(at)
    }

    fn tag_at(&self, at: u32) -> Option<&FuncType> {
        self.module.tag_at(at)
    }

    fn global_at(&self, at: u32) -> Option<GlobalType> {
        self.module.global_at(at)
    }

    fn sub_type_at_id(&self, id: CoreTypeId) -> &SubType {
        self.module.sub_type_at_id(id)
    }

    fn type_id_of_function(&self, function: u32) -> Option<CoreTypeId> {
        self.module.type_id_of_function(function)
    }

    fn type_index_of_function(&self, function: u32) -> Option<u32> {
        self.module.type_index_of_function(function)
    }

    fn element_type_at(&self, at: u32) -> Option<RefType> {
        self.module.element_type_at(at)
    }

    fn is_shared(&self, ty: RefType) -> bool {
        self.module.is_shared(ty)
    }

    fn check_heap_type(&self, ty: &mut HeapType, offset: usize) -> Result<(), wasmparser::Error> {
        self.module.check_heap_type(ty, offset)
    }

    fn top_type(&self, ty: &HeapType) -> HeapType {
        self.module.top_type(ty)
    }

    fn element_count(&self) -> u32 {
        self.module.element_count()
    }

    fn data_count(&self) -> Option<u32> {
        self.module.data_count()
    }

    fn is_function_referenced(&self, function: u32) -> bool {
        self.module.is_function_referenced(function)
    }

    fn has_function_exact_type(&self, function: u32) -> bool {
        self.module.has_function_exact_type(function)
    }
}
