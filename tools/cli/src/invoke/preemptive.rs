//! Calls on weft's own runtime.

use super::types::Type;
use super::{Invocation, text};
use anyhow::{Context, Result, bail};
use std::ffi::OsString;
use std::sync::Arc;
use wasm_wave::wasm::WasmTypeKind;
use weft::{Component, Instance, Types, ValType};

/// Calls the function, ends the instance's threads, and gives the result as text.
pub fn call<T: Send + Sync + 'static>(
    invocation: &Invocation,
    component: &Component,
    instance: Instance<T>,
    rest: &[OsString],
) -> Result<String> {
    let exported: Vec<Vec<String>> = component.functions().map(<[String]>::to_vec).collect();
    let path: Vec<&str> = invocation.choose(&exported)?.iter().map(String::as_str).collect();
    let function = instance.get_func(&path).context("a listed function is gone")?;
    let types = function.types();
    let parameters: Result<Vec<Type>> = function
        .ty()
        .params
        .iter()
        .map(|param| type_of(types, param.item.ty))
        .collect();
    let arguments = invocation.values(&parameters?, rest)?;
    // A function whose result cannot be printed is not called.
    function.ty().result.map(|ty| type_of(types, ty)).transpose()?;
    let called = function.call(&arguments);
    drop(function);
    instance.end()?;
    text(called?)
}

/// A type as WAVE knows it.
fn type_of(types: &Types, ty: ValType) -> Result<Type> {
    let shared = |ty| type_of(types, ty).map(Arc::new);
    let optional = |ty: Option<ValType>| ty.map(|ty| type_of(types, ty)).transpose();
    let names = |labels: &weft::types::Labels| labels.iter().map(str::to_owned).collect();
    Ok(match ty {
        ValType::Bool => Type::Simple(WasmTypeKind::Bool),
        ValType::S8 => Type::Simple(WasmTypeKind::S8),
        ValType::U8 => Type::Simple(WasmTypeKind::U8),
        ValType::S16 => Type::Simple(WasmTypeKind::S16),
        ValType::U16 => Type::Simple(WasmTypeKind::U16),
        ValType::S32 => Type::Simple(WasmTypeKind::S32),
        ValType::U32 => Type::Simple(WasmTypeKind::U32),
        ValType::S64 => Type::Simple(WasmTypeKind::S64),
        ValType::U64 => Type::Simple(WasmTypeKind::U64),
        ValType::Float32 => Type::Simple(WasmTypeKind::F32),
        ValType::Float64 => Type::Simple(WasmTypeKind::F64),
        ValType::Char => Type::Simple(WasmTypeKind::Char),
        ValType::String => Type::Simple(WasmTypeKind::String),
        ValType::List(index) => Type::List(shared(types[index].element)?),
        ValType::FixedLengthList(index) => Type::FixedLengthList(shared(types[index].element)?, types[index].length),
        ValType::Map(index) => {
            let (key, value) = (
                type_of(types, types[index].key.ty)?,
                type_of(types, types[index].value.ty)?,
            );
            Type::Map(Arc::new(Type::Tuple([key, value].into())))
        }
        ValType::Record(index) => {
            let fields = types[index].fields.iter();
            let fields = fields.map(|field| Ok((field.name.clone(), type_of(types, field.item.ty)?)));
            Type::Record(fields.collect::<Result<_>>()?)
        }
        ValType::Tuple(index) => {
            let items = types[index].items.iter().map(|item| type_of(types, item.ty));
            Type::Tuple(items.collect::<Result<_>>()?)
        }
        ValType::Variant(index) => {
            let cases = types[index].cases.iter().zip(&types[index].payloads);
            let cases = cases.map(|(name, payload)| Ok((name.to_owned(), optional(*payload)?)));
            Type::Variant(cases.collect::<Result<_>>()?)
        }
        ValType::Enum(index) => Type::Enum(names(&types[index].cases)),
        ValType::Option(index) => Type::Option(shared(types[index].some)?),
        ValType::Result(index) => Type::Result(Arc::new((optional(types[index].ok)?, optional(types[index].error)?))),
        ValType::Flags(index) => Type::Flags(names(&types[index].names)),
        ValType::Own(_) | ValType::Borrow(_) | ValType::Unsupported(_) => {
            bail!(
                "the function's type has `{}`, which has no form as text",
                types.display(ty)
            )
        }
    })
}
