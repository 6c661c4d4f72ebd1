//! Checks function bodies: passes each instruction to wasmparser's validator, and checks that a shared function uses
//! only shared items.
//!
//! SETV-01 (globals and tables), SETV-02 (functions), SETV-03 (memories), SETV-04 (tags and segments), and SETV-05 (the
//! types of locals, blocks and operands). Today's tools cannot mark segments as shared, so under [`Rules::Extended`]
//! all segments count as shared, except those with unshared elements. Under the same rules, a shared function may hold
//! an `exnref`, because an `exnref` in locals and on the operand stack stays in its thread.

use super::Checker;
use super::core_module::CoreModule;
use super::exact::inexact_cast;
use super::named_items::{Look, check_value, names_nothing};
use super::resources::{BodyResources, View};
use super::rules::Rules;
use crate::error::LowerError;
use wasmparser::{
    FuncToValidate, FuncValidator, FunctionBody, Operator, RefType, ValType, ValidatorResources, WasmModuleResources,
};

impl Checker<'_> {
    pub(super) fn body(
        &mut self,
        function: FuncToValidate<ValidatorResources>,
        body: &FunctionBody<'_>,
    ) -> Result<(), LowerError> {
        let FuncToValidate {
            resources,
            index,
            ty,
            features,
        } = function;
        let no_module = || LowerError::Internal("a function body stands in no core module".to_owned());
        let CoreModule { items, as_shared } = self.module.clone().ok_or_else(no_module)?;
        let unknown = || LowerError::Internal(format!("function {index} has a body and no type"));
        let shared = *items.functions.get(index as usize).ok_or_else(unknown)?;
        let resources = BodyResources::new(resources, shared.then_some(as_shared));
        let rules = shared.then_some(self.rules);
        let function = FuncToValidate {
            resources,
            index,
            ty,
            features,
        };
        let mut function = function.into_validator(std::mem::take(&mut self.allocations));
        function.read_locals(&mut body.get_binary_reader())?;
        if shared {
            check_locals(&function, body, self.rules)?;
        }
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            let (operator, offset) = operators.read_with_offset()?;
            inexact_cast(&operator, offset)?;
            if shared && !names_nothing(&operator) {
                let mut look = Look {
                    items: &items,
                    module: function.resources().module(),
                    rules: self.rules,
                    offset,
                };
                look.operator(&operator)?;
            }
            instruction(&mut function, &operator, offset, rules)?;
        }
        operators.finish()?;
        self.allocations = function.into_allocations();
        Ok(())
    }
}

/// Validates one instruction, and the operands that it pushes. `shared` has the rules for a shared function.
fn instruction(
    function: &mut FuncValidator<BodyResources>,
    operator: &Operator<'_>,
    offset: usize,
    shared: Option<Rules>,
) -> Result<(), LowerError> {
    let view = view(function, operator);
    function.resources().look(view);
    let Some(rules) = shared else {
        function.op(offset, operator)?;
        function.resources().look(View::Plain);
        return Ok(());
    };
    // Must be read first: after the instruction, a label that it leaves is gone.
    let arity = operator.operator_arity(&*function);
    let resources = function.resources();
    resources.take_exceptions(rules == Rules::Extended && leaves_operands_with_thread(operator));
    function.op(offset, operator)?;
    function.resources().look(View::Plain);
    let unknown = || {
        LowerError::Internal(format!(
            "the results of a valid instruction at {offset:#x} are not known"
        ))
    };
    let (_, pushed) = arity.ok_or_else(unknown)?;
    for depth in 0..pushed as usize {
        let Some(Some(ty)) = function.get_operand_type(depth) else {
            continue;
        };
        check_value(
            function.resources().module(),
            rules,
            ty,
            format_args!("has a value of"),
            offset,
        )?;
    }
    Ok(())
}

/// Whether an instruction passes its operands only to locals, labels and functions of the same thread. Other
/// instructions may put them where another thread can read them: in a global, a table, a struct or an array.
fn leaves_operands_with_thread(operator: &Operator<'_>) -> bool {
    matches!(
        operator,
        Operator::LocalSet { .. }
            | Operator::LocalTee { .. }
            | Operator::Block { .. }
            | Operator::Loop { .. }
            | Operator::If { .. }
            | Operator::Else
            | Operator::End
            | Operator::TryTable { .. }
            | Operator::Throw { .. }
            | Operator::ThrowRef
            | Operator::Br { .. }
            | Operator::BrIf { .. }
            | Operator::BrTable { .. }
            | Operator::BrOnNull { .. }
            | Operator::BrOnNonNull { .. }
            | Operator::Return
            | Operator::Call { .. }
            | Operator::CallIndirect { .. }
            | Operator::CallRef { .. }
            | Operator::ReturnCall { .. }
            | Operator::ReturnCallIndirect { .. }
            | Operator::ReturnCallRef { .. }
            | Operator::TypedSelect { .. }
            | Operator::TypedSelectMulti { .. }
    )
}

/// How to present the module to wasmparser, for an instruction that the proposal allows and wasmparser refuses.
fn view(function: &FuncValidator<BodyResources>, operator: &Operator<'_>) -> View {
    let module = function.resources().module();
    match operator {
        Operator::CallIndirect { type_index, .. } | Operator::ReturnCallIndirect { type_index, .. } => {
            match module
                .sub_type_at(*type_index)
                .is_some_and(|ty| ty.composite_type.shared)
            {
                true => View::IndirectCall,
                false => View::Plain,
            }
        }
        Operator::TableAtomicGet { table_index, .. }
        | Operator::TableAtomicSet { table_index, .. }
        | Operator::TableAtomicRmwXchg { table_index, .. } => {
            let table = module.table_at(*table_index);
            table.map_or(View::Plain, |table| View::Atomic(table.element_type.into()))
        }
        Operator::GlobalAtomicGet { global_index, .. }
        | Operator::GlobalAtomicSet { global_index, .. }
        | Operator::GlobalAtomicRmwXchg { global_index, .. } => {
            let global = module.global_at(*global_index);
            global.map_or(View::Plain, |global| View::Atomic(global.content_type))
        }
        Operator::TableAtomicRmwCmpxchg { table_index, .. } => {
            let table = module.table_at(*table_index);
            table.map_or(View::Plain, |table| {
                compare_exchange(function, table.element_type.into())
            })
        }
        Operator::GlobalAtomicRmwCmpxchg { global_index, .. } => {
            let global = module.global_at(*global_index);
            global.map_or(View::Plain, |global| compare_exchange(function, global.content_type))
        }
        _ => View::Plain,
    }
}

/// The view for a compare-and-exchange of a place of type `expected`: its value may be compared with any `eqref`.
fn compare_exchange(function: &FuncValidator<BodyResources>, expected: ValType) -> View {
    let module = function.resources().module();
    let is_eq = |ty: ValType, of: ValType| match of {
        ValType::Ref(of) if module.is_shared(of) => RefType::EQREF
            .shared()
            .is_some_and(|eqref| module.is_subtype(ty, eqref.into())),
        _ => module.is_subtype(ty, RefType::EQREF.into()),
    };
    let (Some(Some(found)), Some(replacement)) = (function.get_operand_type(1), function.get_operand_type(0)) else {
        return View::Atomic(expected);
    };
    let is_replacement = replacement.is_none_or(|ty| module.is_subtype(ty, expected));
    match is_replacement && is_eq(expected, expected) && is_eq(found, expected) {
        true => View::CompareExchange { found, expected },
        false => View::Atomic(expected),
    }
}

/// SETV-05: the types of locals.
fn check_locals(
    function: &FuncValidator<BodyResources>,
    body: &FunctionBody<'_>,
    rules: Rules,
) -> Result<(), LowerError> {
    let mut locals = body.get_locals_reader()?;
    let declared = (0..locals.get_count())
        .map(|_| {
            let offset = locals.original_position();
            Ok((offset, locals.read()?.0))
        })
        .collect::<Result<Vec<_>, wasmparser::Error>>()?;
    let mut end = function.len_locals();
    for (offset, count) in declared.into_iter().rev() {
        end = end.saturating_sub(count);
        if let (true, Some(ty)) = (count > 0, function.get_local_type(end)) {
            check_value(
                function.resources().module(),
                rules,
                ty,
                format_args!("has local {end} of"),
                offset,
            )?;
        }
    }
    Ok(())
}
