//! Assertions: compare the expected outcome of an execution with the actual one.

use crate::core::CoreStore;
use crate::execution::{End, Execution};
use crate::messages::fits;
use crate::report::Failure;
use crate::values::{expected_list, match_all, value_list};
use wast::WastRet;

/// The execution returns these values.
pub(crate) fn returns(core: &mut CoreStore, execution: Execution, expected: &[WastRet<'_>]) -> Result<(), Failure> {
    let failure = |actual| Failure::new(expected_list(expected), actual);
    let values = execution.map_err(|end| failure(end.to_string()))?;
    match match_all(core, &values, expected) {
        Ok(true) => Ok(()),
        Ok(false) => Err(failure(value_list(&values))),
        Err(message) => Err(failure(message)),
    }
}

/// The execution ends normally, with any values.
pub(crate) fn ends_normally<T>(execution: Execution<T>) -> Result<T, Failure> {
    execution.map_err(|end| Failure::new("a normal end", end.to_string()))
}

/// The execution traps with these words. An exception that a component's thread does not catch is a trap as well.
pub(crate) fn traps(execution: Execution, message: &str) -> Result<(), Failure> {
    match &execution {
        Err(End::Trap(actual)) if fits(message, actual) => Ok(()),
        Err(end @ End::Exception) if fits(message, &end.to_string()) => Ok(()),
        _ => Err(Failure::new(format!("a trap: {message}"), describe(&execution))),
    }
}

/// The execution ends with an exception.
pub(crate) fn throws(execution: Execution) -> Result<(), Failure> {
    match &execution {
        Err(End::Exception) => Ok(()),
        _ => Err(Failure::new("an exception", describe(&execution))),
    }
}

/// The imports do not match, and the error has these words.
pub(crate) fn cannot_be_linked(execution: Execution, message: &str) -> Result<(), Failure> {
    match &execution {
        Err(End::Unlinkable(actual)) if fits(message, actual) => Ok(()),
        _ => Err(Failure::new(
            format!("imports that do not fit: {message}"),
            describe(&execution),
        )),
    }
}

/// A module or component is refused, and the error has these words.
pub(crate) fn is_refused(result: Result<(), String>, message: &str) -> Result<(), Failure> {
    let expected = || format!("a refusal: {message}");
    match result {
        Ok(()) => Err(Failure::new(expected(), "it is accepted")),
        Err(actual) if fits(message, &actual) => Ok(()),
        Err(actual) => Err(Failure::new(expected(), format!("a refusal: {actual}"))),
    }
}

fn describe(execution: &Execution) -> String {
    match execution {
        Ok(values) => value_list(values),
        Err(end) => end.to_string(),
    }
}
