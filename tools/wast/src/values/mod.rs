//! Values as scripts write them: as arguments, as expected results, and in messages.

mod component;
mod core;
mod form;
mod text;
mod weft;

pub(crate) use self::component::argument as component_argument;
pub(crate) use self::core::argument as core_argument;
pub(crate) use self::form::{Form, as_written};
pub(crate) use self::text::{expected_list, value_list};
pub(crate) use self::weft::{from_weft, to_weft};

use crate::core::CoreStore;
use crate::execution::Value;
use wast::WastRet;

/// Whether the results of a call match the expected ones.
///
/// # Errors
///
/// An expectation cannot be compared.
pub(crate) fn match_all(core: &mut CoreStore, values: &[Value], expected: &[WastRet<'_>]) -> Result<bool, String> {
    if values.len() != expected.len() {
        return Ok(false);
    }
    for (value, expected) in values.iter().zip(expected) {
        let fits = match (value, expected) {
            (Value::Core(value), WastRet::Core(expected)) => core::matches(&mut core.store, value, expected)?,
            (Value::Component(value), expected) => component::matches(value, expected)?,
            (Value::Core(_), _) => false,
        };
        if !fits {
            return Ok(false);
        }
    }
    Ok(true)
}
