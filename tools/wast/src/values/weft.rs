//! Values of components that run on weft's own runtime, from and to the values that scripts are read to.

use super::form::Form;
use ::weft::{FuncType, Types, Val};
use wasmtime::component::Val as ScriptVal;

/// The arguments of a call of a function of this type.
///
/// # Errors
///
/// Scripts have no values of the type of one.
pub(crate) fn to_weft(values: &[ScriptVal], types: &Types, func: &FuncType) -> Result<Vec<Val>, String> {
    let mut params = func.params.iter();
    let arguments = values.iter().map(|value| match params.next() {
        Some(param) => argument(&Form::of_weft(types, param.item.ty).shape(value.clone())),
        None => argument(value),
    });
    arguments.collect()
}

fn argument(value: &ScriptVal) -> Result<Val, String> {
    let all = |values: &[ScriptVal]| values.iter().map(argument).collect::<Result<Vec<_>, _>>();
    let payload =
        |value: &Option<Box<ScriptVal>>| value.as_deref().map(|value| argument(value).map(Box::new)).transpose();
    Ok(match value {
        ScriptVal::Bool(value) => Val::Bool(*value),
        ScriptVal::S8(value) => Val::S8(*value),
        ScriptVal::U8(value) => Val::U8(*value),
        ScriptVal::S16(value) => Val::S16(*value),
        ScriptVal::U16(value) => Val::U16(*value),
        ScriptVal::S32(value) => Val::S32(*value),
        ScriptVal::U32(value) => Val::U32(*value),
        ScriptVal::S64(value) => Val::S64(*value),
        ScriptVal::U64(value) => Val::U64(*value),
        ScriptVal::Float32(value) => Val::Float32(*value),
        ScriptVal::Float64(value) => Val::Float64(*value),
        ScriptVal::Char(value) => Val::Char(*value),
        ScriptVal::String(value) => Val::String(value.clone()),
        ScriptVal::List(values) => Val::List(all(values)?),
        ScriptVal::FixedLengthList(values) => Val::FixedLengthList(all(values)?),
        ScriptVal::Map(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| Ok((argument(key)?, argument(value)?)));
            Val::Map(entries.collect::<Result<_, String>>()?)
        }
        ScriptVal::Record(fields) => {
            let fields = fields.iter().map(|(name, value)| Ok((name.clone(), argument(value)?)));
            Val::Record(fields.collect::<Result<_, String>>()?)
        }
        ScriptVal::Tuple(values) => Val::Tuple(all(values)?),
        ScriptVal::Variant(case, value) => Val::Variant(case.clone(), payload(value)?),
        ScriptVal::Enum(case) => Val::Enum(case.clone()),
        ScriptVal::Option(value) => Val::Option(payload(value)?),
        ScriptVal::Result(Ok(value)) => Val::Result(Ok(payload(value)?)),
        ScriptVal::Result(Err(value)) => Val::Result(Err(payload(value)?)),
        ScriptVal::Flags(names) => Val::Flags(names.clone()),
        ScriptVal::Resource(_) | ScriptVal::Future(_) | ScriptVal::Stream(_) | ScriptVal::ErrorContext(_) => {
            return Err("an argument that no script can write".to_owned());
        }
    })
}

/// A result of a call.
///
/// # Errors
///
/// It is of a type that is not known here.
pub(crate) fn from_weft(value: Val) -> Result<ScriptVal, String> {
    let all = |values: Vec<Val>| values.into_iter().map(from_weft).collect::<Result<Vec<_>, _>>();
    let payload = |value: Option<Box<Val>>| value.map(|value| from_weft(*value).map(Box::new)).transpose();
    Ok(match value {
        Val::Bool(value) => ScriptVal::Bool(value),
        Val::S8(value) => ScriptVal::S8(value),
        Val::U8(value) => ScriptVal::U8(value),
        Val::S16(value) => ScriptVal::S16(value),
        Val::U16(value) => ScriptVal::U16(value),
        Val::S32(value) => ScriptVal::S32(value),
        Val::U32(value) => ScriptVal::U32(value),
        Val::S64(value) => ScriptVal::S64(value),
        Val::U64(value) => ScriptVal::U64(value),
        Val::Float32(value) => ScriptVal::Float32(value),
        Val::Float64(value) => ScriptVal::Float64(value),
        Val::Char(value) => ScriptVal::Char(value),
        Val::String(value) => ScriptVal::String(value),
        Val::List(values) => ScriptVal::List(all(values)?),
        Val::FixedLengthList(values) => ScriptVal::FixedLengthList(all(values)?),
        Val::Map(entries) => {
            let pair = |(key, value)| Ok((from_weft(key)?, from_weft(value)?));
            ScriptVal::Map(entries.into_iter().map(pair).collect::<Result<_, String>>()?)
        }
        Val::Record(fields) => {
            let fields = fields.into_iter().map(|(name, value)| Ok((name, from_weft(value)?)));
            ScriptVal::Record(fields.collect::<Result<_, String>>()?)
        }
        Val::Tuple(values) => ScriptVal::Tuple(all(values)?),
        Val::Variant(case, value) => ScriptVal::Variant(case, payload(value)?),
        Val::Enum(case) => ScriptVal::Enum(case),
        Val::Option(value) => ScriptVal::Option(payload(value)?),
        Val::Result(Ok(value)) => ScriptVal::Result(Ok(payload(value)?)),
        Val::Result(Err(value)) => ScriptVal::Result(Err(payload(value)?)),
        Val::Flags(names) => ScriptVal::Flags(names),
        other => return Err(format!("a result that cannot be compared: {other:?}")),
    })
}
