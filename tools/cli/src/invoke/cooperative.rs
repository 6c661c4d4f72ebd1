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
    text(values.into_iter().next().map(of_wasmtime).transpose()?)
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

/// Both runtimes have values of the same variants, but for those without a form as text.
macro_rules! converts {
    ($convert:ident: $from:path => $to:path, otherwise $($other:pat => $error:expr),*) => {
        fn $convert(value: $from) -> Result<$to> {
            use $from as From;
            use $to as To;
            Ok(match value {
                From::Bool(value) => To::Bool(value),
                From::S8(value) => To::S8(value),
                From::U8(value) => To::U8(value),
                From::S16(value) => To::S16(value),
                From::U16(value) => To::U16(value),
                From::S32(value) => To::S32(value),
                From::U32(value) => To::U32(value),
                From::S64(value) => To::S64(value),
                From::U64(value) => To::U64(value),
                From::Float32(value) => To::Float32(value),
                From::Float64(value) => To::Float64(value),
                From::Char(value) => To::Char(value),
                From::String(value) => To::String(value),
                From::List(values) => To::List(each(values, $convert)?),
                From::FixedLengthList(values) => To::FixedLengthList(each(values, $convert)?),
                From::Tuple(values) => To::Tuple(each(values, $convert)?),
                From::Map(entries) => To::Map(each(entries, |(key, value)| Ok(($convert(key)?, $convert(value)?)))?),
                From::Record(fields) => To::Record(each(fields, |(name, value)| Ok((name, $convert(value)?)))?),
                From::Variant(case, payload) => To::Variant(case, boxed(payload, $convert)?),
                From::Enum(case) => To::Enum(case),
                From::Option(some) => To::Option(boxed(some, $convert)?),
                From::Result(Ok(payload)) => To::Result(Ok(boxed(payload, $convert)?)),
                From::Result(Err(payload)) => To::Result(Err(boxed(payload, $convert)?)),
                From::Flags(names) => To::Flags(names),
                $($other => $error,)*
            })
        }
    };
}

converts!(to_wasmtime: weft::Val => Val, otherwise other => bail!("an argument is `{other:?}`, {NO_TEXT}"));
converts!(of_wasmtime: Val => weft::Val, otherwise
    Val::Resource(_) | Val::Future(_) | Val::Stream(_) | Val::ErrorContext(_) => bail!("a part of the result is a handle, {NO_TEXT}"));

fn each<A, B>(values: Vec<A>, convert: impl Fn(A) -> Result<B>) -> Result<Vec<B>> {
    values.into_iter().map(convert).collect()
}

fn boxed<A, B>(payload: Option<Box<A>>, convert: impl Fn(A) -> Result<B>) -> Result<Option<Box<B>>> {
    payload.map(|value| convert(*value).map(Box::new)).transpose()
}
