//! Converts between the values of weft's own runtime and those of parsed scripts.

use super::form::Form;
use ::weft_parallel::{FuncType, Types, Val};
use wasmtime::component::Val as ScriptVal;
use weft_cooperative::{from_wasmtime, to_wasmtime};

/// The arguments of a call of a function of this type.
///
/// # Errors
///
/// Scripts cannot express a value of a parameter's type.
pub(crate) fn to_weft(values: &[ScriptVal], types: &Types, func: &FuncType) -> Result<Vec<Val>, String> {
    let mut refuse = |_| Err("an argument that no script can write".to_owned());
    let mut params = func.params.iter();
    let arguments = values.iter().map(|value| {
        let value = match params.next() {
            Some(param) => Form::of_weft(types, param.item.ty).shape(value.clone()),
            None => value.clone(),
        };
        from_wasmtime(value, &mut refuse)
    });
    arguments.collect()
}

/// A result of a call.
///
/// # Errors
///
/// It contains a handle, which cannot be compared.
pub(crate) fn from_weft(value: Val) -> Result<ScriptVal, String> {
    to_wasmtime(value, &mut |part| {
        Err(format!("a result that cannot be compared: {part:?}"))
    })
}
