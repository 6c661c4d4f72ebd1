//! Checks the start types of built-ins that start threads, and the tables in which they find the functions.
//!
//! This module checks all rules for the two, first the type and then the table. So a shared function type, a 64-bit
//! table or a table of typed references is accepted where the specification allows it (SPAWN-REF-05 and 06,
//! SPAWN-IND-05 to 09, NEW-03 to 05), although wasmparser cannot express it.

use super::Checker;
use super::refusal::{broken, invalid};
use super::rules::Rules;
use crate::binary::declared::DeclaredType;
use crate::binary::thread_start::{StartElement, StartTableType, StartType};
use crate::builtins::StartRules;
use crate::error::LowerError;
use wasmparser::component_types::ComponentCoreTypeId;
use wasmparser::types::{CoreTypeId, TypesRef};
use wasmparser::{AbstractHeapType, CompositeInnerType, HeapType, RefType, TableType, ValType};

impl Checker<'_> {
    /// Core type `index` as a start type. `immediate` is the definition's mark whether it is shared, if it has one.
    pub(super) fn start_type(
        &self,
        rules: StartRules,
        index: u32,
        immediate: Option<bool>,
        offset: usize,
    ) -> Result<StartType, LowerError> {
        let name = rules.builtin.name();
        let types = self.types()?;
        if index >= types.core_type_count_in_component() {
            return Err(invalid(
                offset,
                format!("unknown type {index}: type index out of bounds"),
            ));
        }
        let id = types.core_type_at_in_component(index);
        let ty = match id {
            ComponentCoreTypeId::Sub(id) => Some((id, &types[id])),
            ComponentCoreTypeId::Module(_) => None,
        };
        let shared = immediate.unwrap_or(ty.is_some_and(|(_, ty)| ty.composite_type.shared));
        let refuse = |rule, reason: &str| {
            let right = if shared {
                "(shared (func (param i32)))"
            } else {
                "(func (param i32))"
            };
            let message = format!(
                "{reason}: core type {index} of `{name}` cannot be a thread start type; expected `{right}`, or `i64` for `i32`"
            );
            broken(rule, offset, message)
        };
        let Some((id, ty)) = ty else {
            return Err(refuse(rules.ty, "expected a core function type"));
        };
        let CompositeInnerType::Func(function) = &ty.composite_type.inner else {
            return Err(refuse(rules.ty, "start type must be a function"));
        };
        let [parameter] = function.params() else {
            return Err(refuse(rules.ty, "start function must take a single argument"));
        };
        if !matches!(parameter, ValType::I32 | ValType::I64) {
            return Err(refuse(
                rules.parameter,
                "start function must take a single `i32` or `i64` argument",
            ));
        }
        if !function.results().is_empty() {
            return Err(refuse(rules.ty, "start function must not return any values"));
        }
        let shared = ty.composite_type.shared;
        if immediate.is_some_and(|immediate| immediate != shared) {
            let message = match shared {
                true => {
                    format!(
                        "`{name}` is not `shared`, but its start type {index} is: add `shared` to it, or remove `shared` from the type"
                    )
                }
                false => format!("`{name}` is `shared`, but its start type {index} is not: add `shared` to the type"),
            };
            return Err(broken(rules.ty, offset, message));
        }
        Ok(StartType {
            shared,
            parameter: *parameter,
            is_final: ty.is_final,
            id,
            declared: DeclaredType::of(types, id, index)?,
        })
    }

    /// NEW-03: by the specification, `thread.new-indirect` takes no shared start type.
    pub(super) fn refuse_shared_start(
        &self,
        rules: StartRules,
        index: u32,
        start: &StartType,
        offset: usize,
    ) -> Result<(), LowerError> {
        if self.rules == Rules::Strict && start.shared && !rules.follows_start {
            let name = rules.builtin.name();
            let message = format!("the start type {index} of `{name}` is shared: remove `shared` from it");
            return Err(broken(rules.ty, offset, message));
        }
        Ok(())
    }

    /// Core table `index` as a table of functions with which threads start.
    pub(super) fn start_table(
        &self,
        rules: StartRules,
        index: u32,
        start: &StartType,
        offset: usize,
    ) -> Result<StartTableType, LowerError> {
        let (name, rule) = (rules.builtin.name(), rules.table);
        let types = self.types()?;
        if index >= types.table_count() {
            let message = format!("unknown table {index}: table index out of bounds");
            return Err(broken(rule, offset, message));
        }
        let TableType {
            element_type,
            table64,
            shared,
            ..
        } = types.table_at(index);
        let Some((element, element_shared)) = function_element(types, element_type, start.id) else {
            let message = format!(
                "`{name}` needs a table of functions, but table {index} has elements of type `{element_type}`: write \
                 `(table 1 (ref null func))`, or `(table shared 1 (ref null (shared func)))` for a shared start type"
            );
            return Err(broken(rule, offset, message));
        };
        if shared != start.shared {
            let message = match start.shared {
                true => format!("`{name}` needs a shared table, but table {index} is not shared: add `shared` to it"),
                false => format!(
                    "`{name}` uses table {index}, which is shared, but the start type is not: make both shared or neither"
                ),
            };
            return Err(broken(rule, offset, message));
        }
        if element_shared != start.shared {
            let message = format!(
                "`{name}` uses table {index}, whose elements are shared, but the start type is not: make both shared or \
                 neither"
            );
            return Err(broken(rule, offset, message));
        }
        Ok(StartTableType {
            table64,
            nullable: element_type.is_nullable(),
            element,
        })
    }
}

/// The kind of functions to which a reference can refer, and whether they are shared. `None` if it refers to something
/// else.
fn function_element(types: TypesRef<'_>, ty: RefType, start: CoreTypeId) -> Option<(StartElement, bool)> {
    match ty.heap_type() {
        HeapType::Abstract {
            shared,
            ty: AbstractHeapType::Func,
        } => Some((StartElement::Function, shared)),
        HeapType::Abstract {
            shared,
            ty: AbstractHeapType::NoFunc,
        } => Some((StartElement::NoFunction, shared)),
        HeapType::Abstract { .. } => None,
        HeapType::Concrete(index) | HeapType::Exact(index) => {
            let id = index.as_core_type_id()?;
            let ty = types.get(id)?;
            let element = match ty.composite_type.inner {
                CompositeInnerType::Func(_) if id == start => StartElement::Start,
                CompositeInnerType::Func(_) => StartElement::Other,
                CompositeInnerType::Array(_) | CompositeInnerType::Struct(_) | CompositeInnerType::Cont(_) => {
                    return None;
                }
            };
            Some((element, ty.composite_type.shared))
        }
    }
}
