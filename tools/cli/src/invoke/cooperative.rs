//! Calls on Wasmtime's component runtime.

use super::types::Type;
use super::{Invocation, text};
use anyhow::{Context, Result, bail};
use std::ffi::OsString;
use std::sync::Arc;
use wasm_wave::wasm::WasmTypeKind;
use weft_cooperative::wasmtime::component::types::{self, ComponentItem};
use weft_cooperative::wasmtime::component::{Component, Instance, Val};
use weft_cooperative::wasmtime::{Engine, Store};

/// Calls the function, and gives the result as text.
pub async fn call<T: Send>(
    invocation: &Invocation,
    component: &Component,
    store: &mut Store<T>,
    instance: &Instance,
    rest: &[OsString],
) -> Result<String> {
    let mut exported = Vec::new();
    let engine = component.engine();
    for (name, export) in component.component_type().exports(engine) {
        list_functions(engine, vec![name.to_owned()], &export.ty, &mut exported);
    }
    let mut found = None;
    for name in invocation.choose(&exported)? {
        found = instance.get_export_index(&mut *store, found.as_ref(), name);
    }
    let function = found.and_then(|index| instance.get_func(&mut *store, index));
    let function = function.context("a listed function is gone")?;
    let ty = function.ty(&*store);
    let parameters: Vec<Type> = ty.params().map(|(_, ty)| type_of(&ty)).collect::<Result<_>>()?;
    // A function whose result cannot be printed is not called.
    ty.results().try_for_each(|ty| type_of(&ty).map(drop))?;
    let arguments = invocation.values(&parameters, rest)?;
    let arguments: Vec<Val> = arguments.into_iter().map(to_wasmtime).collect::<Result<_>>()?;
    let values = weft_cooperative::call(store, function, &arguments).await?;
    text(values.into_iter().next().map(from_wasmtime).transpose()?)
}

fn list_functions(engine: &Engine, path: Vec<String>, item: &ComponentItem, found: &mut Vec<Vec<String>>) {
    match item {
        ComponentItem::ComponentFunc(_) => found.push(path),
        ComponentItem::ComponentInstance(instance) => {
            for (name, export) in instance.exports(engine) {
                let mut path = path.clone();
                path.push(name.to_owned());
                list_functions(engine, path, &export.ty, found);
            }
        }
        ComponentItem::CoreFunc(_)
        | ComponentItem::Module(_)
        | ComponentItem::Component(_)
        | ComponentItem::Type(_)
        | ComponentItem::Resource(_) => {}
    }
}

const NO_TEXT: &str = "which has no form as text";

/// A type as WAVE knows it.
fn type_of(ty: &types::Type) -> Result<Type> {
    let shared = |ty| type_of(&ty).map(Arc::new);
    let optional = |ty: Option<types::Type>| ty.map(|ty| type_of(&ty)).transpose();
    Ok(match ty {
        types::Type::Bool => Type::Simple(WasmTypeKind::Bool),
        types::Type::S8 => Type::Simple(WasmTypeKind::S8),
        types::Type::U8 => Type::Simple(WasmTypeKind::U8),
        types::Type::S16 => Type::Simple(WasmTypeKind::S16),
        types::Type::U16 => Type::Simple(WasmTypeKind::U16),
        types::Type::S32 => Type::Simple(WasmTypeKind::S32),
        types::Type::U32 => Type::Simple(WasmTypeKind::U32),
        types::Type::S64 => Type::Simple(WasmTypeKind::S64),
        types::Type::U64 => Type::Simple(WasmTypeKind::U64),
        types::Type::Float32 => Type::Simple(WasmTypeKind::F32),
        types::Type::Float64 => Type::Simple(WasmTypeKind::F64),
        types::Type::Char => Type::Simple(WasmTypeKind::Char),
        types::Type::String => Type::Simple(WasmTypeKind::String),
        types::Type::List(list) => Type::List(shared(list.ty())?),
        types::Type::FixedLengthList(list) => Type::FixedLengthList(shared(list.ty())?, list.len()),
        types::Type::Map(map) => {
            let entry = [type_of(&map.key())?, type_of(&map.value())?];
            Type::Map(Arc::new(Type::Tuple(entry.into())))
        }
        types::Type::Record(record) => {
            let fields = record.fields();
            let fields = fields.map(|field| Ok((field.name.to_owned(), type_of(&field.ty)?)));
            Type::Record(fields.collect::<Result<_>>()?)
        }
        types::Type::Tuple(tuple) => Type::Tuple(tuple.types().map(|ty| type_of(&ty)).collect::<Result<_>>()?),
        types::Type::Variant(variant) => {
            let cases = variant.cases();
            let cases = cases.map(|case| Ok((case.name.to_owned(), optional(case.ty)?)));
            Type::Variant(cases.collect::<Result<_>>()?)
        }
        types::Type::Enum(cases) => Type::Enum(cases.names().map(str::to_owned).collect()),
        types::Type::Option(option) => Type::Option(shared(option.ty())?),
        types::Type::Result(result) => Type::Result(Arc::new((optional(result.ok())?, optional(result.err())?))),
        types::Type::Flags(flags) => Type::Flags(flags.names().map(str::to_owned).collect()),
        types::Type::Own(_) | types::Type::Borrow(_) => bail!("the function's type has a resource, {NO_TEXT}"),
        types::Type::Future(_) => bail!("the function's type has a future, {NO_TEXT}"),
        types::Type::Stream(_) => bail!("the function's type has a stream, {NO_TEXT}"),
        types::Type::ErrorContext => bail!("the function's type has an error context, {NO_TEXT}"),
    })
}

fn to_wasmtime(argument: weft::Val) -> Result<Val> {
    weft_cooperative::to_wasmtime(argument, &mut |part| {
        bail!("an argument has the part `{part:?}`, {NO_TEXT}")
    })
}

fn from_wasmtime(result: Val) -> Result<weft::Val> {
    weft_cooperative::from_wasmtime(result, &mut |_| bail!("a part of the result is a handle, {NO_TEXT}"))
}
