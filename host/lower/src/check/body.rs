//! Bodies: each instruction goes to wasmparser's validator, and in a shared function all that it touches is shared.
//!
//! SETV-01 (globals and tables), SETV-02 (functions), SETV-03 (memories), SETV-04 (tags and segments), and SETV-05 (the types
//! of locals, blocks and operands). Segments cannot be marked as shared with today's tools, so under
//! [`Rules::Extended`] all count as shared, but for those whose elements are not. Under the same rules a shared function may
//! hold an `exnref`, because one that stays in locals and on the operand stack stays with its thread.
//!
//! **Rejected:** a visitor with a method for each of the six hundred instructions. A reencoder is asked to translate each
//! index of an instruction, whatever the instruction is; this one translates nothing and looks.

use super::exact::inexact_cast;
use super::module::CoreModule;
use super::resources::{BodyResources, View, exception};
use super::{Checker, Rules, broken};
use crate::binary::module_items::SharedItems;
use crate::{LowerError, Rule};
use std::fmt::Arguments;
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasmparser::{
    BlockType, FuncToValidate, FuncValidator, FunctionBody, HeapType, Operator, RefType, ValType, ValidatorResources,
    WasmModuleResources,
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

/// Whether it is one of the instructions that name no item and make up most of a body: looking at each would take as long as
/// all of the rest.
fn names_nothing(operator: &Operator<'_>) -> bool {
    matches!(
        operator,
        Operator::LocalGet { .. }
            | Operator::LocalSet { .. }
            | Operator::LocalTee { .. }
            | Operator::I32Const { .. }
            | Operator::I64Const { .. }
            | Operator::I32Add
            | Operator::I32Sub
            | Operator::I32And
            | Operator::I32Eqz
            | Operator::I64Add
            | Operator::Br { .. }
            | Operator::BrIf { .. }
            | Operator::Drop
            | Operator::Select
            | Operator::Return
            | Operator::End
    )
}

/// Validates one instruction, and what it leaves on the operand stack. `shared` has the rules of a shared function.
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
    // After the instruction, a label that it leaves is gone.
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

/// Whether an instruction hands its operands to nothing but locals, labels and functions of the same thread. Others may put
/// them where another thread finds them: into a global, a table, a struct or an array.
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

/// How the module has to look for an instruction that the proposal allows and wasmparser does not.
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

/// The view for a compare-and-exchange of what is of type `expected`: it may be compared with another `eqref`.
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

/// SETV-05: a type in a shared function.
fn check_value(
    module: &ValidatorResources,
    rules: Rules,
    ty: ValType,
    what: Arguments<'_>,
    offset: usize,
) -> Result<(), LowerError> {
    match ty {
        ValType::Ref(reference) if !module.is_shared(reference) => {
            let advice = match (exception(reference), rules) {
                (Some(_), Rules::Extended) => return Ok(()),
                (Some(_), Rules::Strict) => "catch with `catch` or `catch_all`, which give no reference",
                (None, _) => "use a shared type",
            };
            let ty = name(module, reference);
            let message = format!("a shared function {what} type `{ty}`, which is not shared: {advice}");
            Err(broken(Rule::Setv05, offset, message))
        }
        _ => Ok(()),
    }
}

/// A type as the text format has it, with the definition in the place of an index.
fn name(module: &ValidatorResources, ty: RefType) -> String {
    match ty.heap_type() {
        HeapType::Concrete(index) | HeapType::Exact(index) => match index.as_core_type_id() {
            Some(id) => {
                let null = if ty.is_nullable() { "null " } else { "" };
                format!("(ref {null}{})", module.sub_type_at_id(id))
            }
            None => ty.to_string(),
        },
        HeapType::Abstract { .. } => ty.to_string(),
    }
}

/// Looks at what an instruction of a shared function names.
struct Look<'a> {
    items: &'a SharedItems,
    module: &'a ValidatorResources,
    rules: Rules,
    offset: usize,
}

impl Look<'_> {
    fn operator(&mut self, operator: &Operator<'_>) -> Result<(), LowerError> {
        match operator {
            Operator::Block { blockty }
            | Operator::Loop { blockty }
            | Operator::If { blockty }
            | Operator::Try { blockty } => self.block_type_is_shared(*blockty)?,
            Operator::TryTable { try_table } => self.block_type_is_shared(try_table.ty)?,
            Operator::CallIndirect { type_index, .. }
            | Operator::ReturnCallIndirect { type_index, .. }
            | Operator::CallRef { type_index }
            | Operator::ReturnCallRef { type_index } => self.callee_is_shared(*type_index)?,
            _ => {}
        }
        self.instruction(operator.clone())?;
        Ok(())
    }

    /// What is left to validation: an index out of bounds.
    fn item(&self, is_shared: Option<bool>, index: u32, kind: &str, rule: Rule) -> Result<u32, Error<LowerError>> {
        match is_shared {
            Some(false) => {
                let kinds = kind
                    .strip_suffix('y')
                    .map_or(format!("{kind}s"), |stem| format!("{stem}ies"));
                let message = format!(
                    "shared functions cannot access unshared {kinds}: add `shared` to the type of {kind} {index}"
                );
                Err(Error::UserError(broken(rule, self.offset, message)))
            }
            Some(true) | None => Ok(index),
        }
    }

    fn block_type_is_shared(&self, ty: BlockType) -> Result<(), LowerError> {
        let types = match ty {
            BlockType::Empty => Vec::new(),
            BlockType::Type(mut ty) => {
                if let ValType::Ref(reference) = &mut ty {
                    self.module.check_ref_type(reference, self.offset)?;
                }
                vec![ty]
            }
            BlockType::FuncType(index) => match self.module.sub_type_at(index).map(|ty| &ty.composite_type.inner) {
                Some(wasmparser::CompositeInnerType::Func(ty)) => {
                    ty.params().iter().chain(ty.results()).copied().collect()
                }
                _ => Vec::new(),
            },
        };
        let mut types = types.into_iter();
        types.try_for_each(|ty| check_value(self.module, self.rules, ty, format_args!("has a block of"), self.offset))
    }

    fn callee_is_shared(&self, ty: u32) -> Result<(), LowerError> {
        match self.module.sub_type_at(ty) {
            Some(callee) if !callee.composite_type.shared => {
                let message = format!("shared functions cannot access unshared functions: add `shared` to type {ty}");
                Err(broken(Rule::Setv02, self.offset, message))
            }
            _ => Ok(()),
        }
    }

    /// SETV-04, for segments.
    fn segment(&self, index: u32, kind: &str) -> Result<u32, Error<LowerError>> {
        if self.rules == Rules::Extended {
            return Ok(index);
        }
        let message =
            format!("shared functions cannot access unshared segments: {kind} segment {index} is not marked as shared");
        Err(Error::UserError(broken(Rule::Setv04, self.offset, message)))
    }
}

impl Reencode for Look<'_> {
    type Error = LowerError;

    /// SETV-05: what an instruction names, such as the type of a test, may leave nothing on the stack that shows it.
    fn heap_type(&mut self, mut ty: HeapType) -> Result<wasm_encoder::HeapType, Error<LowerError>> {
        let named = ty;
        self.module.check_heap_type(&mut ty, self.offset)?;
        if let Some(reference) = RefType::new(true, ty) {
            let what = format_args!("names");
            check_value(self.module, self.rules, reference.into(), what, self.offset).map_err(Error::UserError)?;
        }
        utils::heap_type(self, named)
    }

    fn global_index(&mut self, global: u32) -> Result<u32, Error<LowerError>> {
        let is_shared = self.items.globals.get(global as usize).copied();
        self.item(is_shared, global, "global", Rule::Setv01)
    }

    fn table_index(&mut self, table: u32) -> Result<u32, Error<LowerError>> {
        let is_shared = self.items.tables.get(table as usize).copied();
        self.item(is_shared, table, "table", Rule::Setv01)
    }

    fn function_index(&mut self, function: u32) -> Result<u32, Error<LowerError>> {
        let is_shared = self.items.functions.get(function as usize).copied();
        self.item(is_shared, function, "function", Rule::Setv02)
    }

    fn memory_index(&mut self, memory: u32) -> Result<u32, Error<LowerError>> {
        let is_shared = self.items.memories.get(memory as usize).copied();
        self.item(is_shared, memory, "memory", Rule::Setv03)
    }

    fn tag_index(&mut self, tag: u32) -> Result<u32, Error<LowerError>> {
        let is_shared = self.items.tags.get(tag as usize).copied();
        self.item(is_shared, tag, "tag", Rule::Setv04)
    }

    fn data_index(&mut self, data: u32) -> Result<u32, Error<LowerError>> {
        self.segment(data, "data")
    }

    fn element_index(&mut self, element: u32) -> Result<u32, Error<LowerError>> {
        if let Some(ty) = self.module.element_type_at(element)
            && !self.module.is_shared(ty)
        {
            let message = format!(
                "shared functions cannot access unshared segments: give the elements of segment {element} a shared type"
            );
            return Err(Error::UserError(broken(Rule::Setv04, self.offset, message)));
        }
        self.segment(element, "element")
    }
}
