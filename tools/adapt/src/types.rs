//! The function types that the adapter writes: those of the input, and those of the functions that it adds.

use crate::error::AdaptError;
use crate::index::TypeIndex;
use crate::input::info::ModuleInfo;
use crate::rewrite::Rewriter;
use wasm_encoder::reencode::Reencode;
use wasm_encoder::{CompositeInnerType, CompositeType, FuncType, SubType, ValType};

/// The types that the input does not have, all of them function types of numbers and vectors.
pub(crate) struct AddedTypes {
    first: u32,
    pub(crate) types: Vec<AddedType>,
}

/// The parameters and results of a function type, and whether it is shared.
#[derive(PartialEq, Eq)]
pub(crate) struct AddedType {
    params: Vec<ValType>,
    results: Vec<ValType>,
    shared: bool,
}

impl AddedType {
    pub(crate) fn encoded(&self) -> SubType {
        let (params, results) = (self.params.iter().copied(), self.results.iter().copied());
        sub_type(FuncType::new(params, results), self.shared)
    }
}

impl AddedTypes {
    pub(crate) fn new(info: &ModuleInfo<'_>) -> AddedTypes {
        AddedTypes {
            first: info.types.len() as u32,
            types: Vec::new(),
        }
    }

    /// The index of a shared type. Adds the type if it is new.
    pub(crate) fn get(&mut self, params: &[ValType], results: &[ValType]) -> TypeIndex {
        self.get_either(params, results, true)
    }

    /// The index of an unshared type. Adds the type if it is new.
    pub(crate) fn get_unshared(&mut self, params: &[ValType], results: &[ValType]) -> TypeIndex {
        self.get_either(params, results, false)
    }

    fn get_either(&mut self, params: &[ValType], results: &[ValType], shared: bool) -> TypeIndex {
        let (params, results) = (params.to_vec(), results.to_vec());
        let wanted = AddedType {
            params,
            results,
            shared,
        };
        let known = self.types.iter().position(|known| *known == wanted);
        let position = known.unwrap_or_else(|| {
            self.types.push(wanted);
            self.types.len() - 1
        });
        TypeIndex(self.first + position as u32)
    }
}

/// The types of a function of numbers.
pub(crate) fn value_types(ty: &wasmparser::FuncType) -> Result<(Vec<ValType>, Vec<ValType>), AdaptError> {
    let convert = |types: &[wasmparser::ValType]| {
        let convert = |ty: &wasmparser::ValType| {
            ValType::try_from(*ty).map_err(|_| AdaptError::Internal(format!("`{ty}` is no type of a number")))
        };
        types.iter().map(convert).collect::<Result<_, AdaptError>>()
    };
    Ok((convert(ty.params())?, convert(ty.results())?))
}

/// `(shared (func ..))`.
pub(crate) fn shared_func(params: &[ValType], results: &[ValType]) -> SubType {
    sub_type(FuncType::new(params.iter().copied(), results.iter().copied()), true)
}

/// A function type of the input, shared if the rewriter shares, apart from the input's type section.
pub(crate) fn converted_func(ty: &wasmparser::FuncType, rewriter: &mut Rewriter) -> Result<SubType, AdaptError> {
    Ok(sub_type(rewriter.func_type(ty.clone())?, rewriter.shares))
}

fn sub_type(func: FuncType, shared: bool) -> SubType {
    SubType {
        is_final: true,
        supertype_idx: None,
        composite_type: CompositeType {
            inner: CompositeInnerType::Func(func),
            shared,
            descriptor: None,
            describes: None,
        },
    }
}
