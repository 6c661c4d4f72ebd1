//! Component values as text: [WAVE], in which `weft run --invoke` takes arguments and prints results.
//!
//! ```
//! use weft::{Component, Config, Engine, Linker, wave};
//!
//! let engine = Engine::new(&Config::new())?;
//! let component = Component::new(&engine, br#"(component
//!     (core module $m (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))
//!     (core instance $m (instantiate $m))
//!     (func (export "add") (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $m "add"))))"#)?;
//! let instance = Linker::new(&engine).instantiate(&component, ())?;
//! let add = instance.get_func(&["add"]).ok_or("not exported")?;
//! let arguments = wave::params_from_wave(add.types(), add.ty(), "(1, 41)")?;
//! let sum = add.call(&arguments)?.ok_or("no result")?;
//! assert_eq!(wave::to_wave(&sum)?, "42");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [WAVE]: https://github.com/bytecodealliance/wasm-tools/tree/v1.254.2/crates/wasm-wave

mod types;
mod values;

use std::error::Error;
use std::iter;
use types::{Type, type_of};
use values::Value;
use wasm_wave::untyped::UntypedFuncCall;
use wasm_wave::wasm::{DisplayType, WasmType, WasmTypeKind};
use weft_abi::{FuncType, Types, Val, ValType};

/// Why text is not a value, or a value has no text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WaveError {
    /// Resources, streams, futures and error contexts have no form as text.
    #[error("the function's type contains `{0}`, which cannot be written as text")]
    Type(String),
    /// The text is not WAVE.
    #[error("{0}")]
    Text(String),
    /// An argument is not a value of its parameter's type.
    #[error("`{text}` is not a value for the parameter `{parameter}`: {message}")]
    Argument {
        /// The argument.
        text: String,
        /// The parameter's name and type: `count: u32`.
        parameter: String,
        /// What is wrong.
        message: String,
    },
    /// The number of arguments differs from the number of parameters.
    #[error("expected {expected} argument(s), found {given}")]
    Count {
        /// How many the text has.
        given: usize,
        /// How many the function has.
        expected: usize,
    },
    /// The value is a handle, or has one in it.
    #[error("the value has no form as text: {0}")]
    Value(String),
}

/// Reads the arguments of a function: WAVE values in parentheses, separated by commas. Options at the end may be missing.
///
/// # Errors
///
/// The text is not of this form; a value does not have the type of its parameter; or a type has no form as text.
pub fn params_from_wave(types: &Types, ty: &FuncType, text: &str) -> Result<Vec<Val>, WaveError> {
    let params = wave_params(types, ty)?;
    // The parser's grammar has a name before the arguments. Which one does not matter.
    let call = format!("f{text}");
    let unreadable = |error: wasm_wave::parser::ParserError| WaveError::Text(error.to_string());
    let call = UntypedFuncCall::parse(&call).map_err(unreadable)?;
    let given = match call.params_node() {
        Some(node) => node.as_tuple().map_err(unreadable)?.count(),
        None => 0,
    };
    let required = params.iter().rposition(|ty| ty.kind() != WasmTypeKind::Option);
    if given > params.len() || required.is_some_and(|last| given <= last) {
        return Err(WaveError::Count {
            given,
            expected: params.len(),
        });
    }
    let arguments = match call.params_node() {
        Some(node) => node.as_tuple().map_err(unreadable)?.map(Some).collect(),
        None => Vec::new(),
    };
    // Only options can be missing.
    let arguments = arguments.into_iter().chain(iter::repeat(None));
    let values = ty.params.iter().zip(&params).zip(arguments);
    let values = values.map(|((param, ty), argument)| match argument {
        None => Ok(Val::Option(None)),
        Some(node) => {
            let value = node.to_wasm_value::<Value>(ty, call.source());
            value.map(|value| value.0).map_err(|error| WaveError::Argument {
                text: call.source().get(node.span()).unwrap_or_default().to_owned(),
                parameter: format!("{}: {}", param.name, DisplayType(ty)),
                message: match (error.source(), error.detail()) {
                    (Some(source), _) => format!("{}: {source}", error.kind()),
                    (None, Some(detail)) => format!("{}: {detail}", error.kind()),
                    (None, None) => error.kind().to_string(),
                },
            })
        }
    });
    values.collect()
}

/// Reads a value of a type.
///
/// # Errors
///
/// The text is not a value of this type; or the type has no form as text.
pub fn from_wave(types: &Types, ty: ValType, text: &str) -> Result<Val, WaveError> {
    let value = wasm_wave::from_str::<Value>(&type_of(types, ty)?, text);
    let value = value.map_err(|error| WaveError::Text(error.to_string()))?;
    Ok(value.0)
}

/// A function's type in WIT's notation, with types in WAVE's: `func(a: u32, b: string) -> u32`.
///
/// # Errors
///
/// The type of a parameter has no form as text.
pub fn func_to_wave(types: &Types, ty: &FuncType) -> Result<String, WaveError> {
    let params = wave_params(types, ty)?;
    let params = ty.params.iter().zip(&params);
    let params = params.map(|(param, ty)| format!("{}: {}", param.name, DisplayType(ty)));
    let params: Vec<String> = params.collect();
    let result = ty.result.map(|result| match type_of(types, result) {
        Ok(ty) => format!(" -> {}", DisplayType(&ty)),
        Err(_) => format!(" -> {}", types.display(result)),
    });
    Ok(format!("func({}){}", params.join(", "), result.unwrap_or_default()))
}

/// Checks that values of a type have a form as text, so that a program can know it before it calls a function.
///
/// # Errors
///
/// They have none.
pub fn check_type(types: &Types, ty: ValType) -> Result<(), WaveError> {
    type_of(types, ty).map(drop)
}

/// Prints a value.
///
/// # Errors
///
/// The value has no form as text.
pub fn to_wave(value: &Val) -> Result<String, WaveError> {
    wasm_wave::to_string(&Value(value.clone())).map_err(|error| WaveError::Value(error.to_string()))
}

fn wave_params(types: &Types, ty: &FuncType) -> Result<Vec<Type>, WaveError> {
    ty.params.iter().map(|param| type_of(types, param.item.ty)).collect()
}

#[cfg(test)]
mod tests;
