//! Checks that a value has a type.
//!
//! A mistake of the host is found before any value reaches the guest, and the error says where in the value it is.

use crate::handles::{HandleError, ResourceAny};
use crate::types::{FuncType, MapIndex, Number, RecordIndex, ResourceIndex, TupleIndex, Types, ValType};
use crate::val::Val;
use std::fmt;

/// A value does not have the required type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// From the value to the part that does not fit, innermost first.
    path: Vec<PathStep>,
    reason: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PathStep {
    Argument(String),
    Result,
    Field(String),
    Item(usize),
    Element(usize),
    /// All elements, of which the type is compared.
    Elements,
    Key(usize),
    Value(usize),
    Case(String),
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in self.path.iter().rev() {
            match step {
                PathStep::Argument(name) => write!(f, "argument `{name}`: ")?,
                PathStep::Result => write!(f, "result: ")?,
                PathStep::Field(name) => write!(f, "field `{name}`: ")?,
                PathStep::Item(position) => write!(f, "item {position}: ")?,
                PathStep::Element(position) => write!(f, "element {position}: ")?,
                PathStep::Elements => write!(f, "elements: ")?,
                PathStep::Key(position) => write!(f, "key of entry {position}: ")?,
                PathStep::Value(position) => write!(f, "value of entry {position}: ")?,
                PathStep::Case(name) => write!(f, "case `{name}`: ")?,
            }
        }
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Mismatch {}

impl From<HandleError> for Mismatch {
    fn from(error: HandleError) -> Mismatch {
        Mismatch::new(error.to_string())
    }
}

impl Mismatch {
    pub(crate) fn new(reason: impl Into<String>) -> Mismatch {
        Mismatch {
            path: Vec::new(),
            reason: reason.into(),
        }
    }

    pub(crate) fn at(mut self, step: PathStep) -> Mismatch {
        self.path.push(step);
        self
    }

    /// The value's kind differs from the type's.
    pub(crate) fn kind(types: &Types, ty: ValType, value: &Val) -> Mismatch {
        Mismatch::new(format!("expected {}, found {}", types.display(ty), value.kind()))
    }
}

/// Arguments or results do not fit a function's type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ArgumentError {
    /// There are too many or too few.
    #[error("expected {expected} argument(s), found {found}")]
    Count {
        /// How many parameters the function has.
        expected: usize,
        /// How many arguments there are.
        found: usize,
    },

    /// A host function returns too many or too few results.
    #[error("expected {expected} result(s), found {found}")]
    ResultCount {
        /// How many results the function has.
        expected: usize,
        /// How many there are.
        found: usize,
    },

    /// A value has another type.
    #[error(transparent)]
    Type(#[from] Mismatch),
}

/// Checks a handle among the values, given its required resource type and whether ownership is passed.
type CheckHandle<'a> = dyn FnMut(ResourceAny, ResourceIndex, bool) -> Result<(), HandleError> + 'a;

/// Accepts any handle: for callers that check handles when they pass them.
fn any_handle(_: ResourceAny, _: ResourceIndex, _: bool) -> Result<(), HandleError> {
    Ok(())
}

/// Checks the arguments of a call.
pub fn check_arguments(types: &Types, func: &FuncType, arguments: &[Val]) -> Result<(), ArgumentError> {
    check_arguments_with(types, func, arguments, any_handle)
}

/// Checks the arguments of a call. Calls `handle` for each handle among them in order, with its required resource type
/// and whether it must own the resource.
pub fn check_arguments_with(
    types: &Types,
    func: &FuncType,
    arguments: &[Val],
    mut handle: impl FnMut(ResourceAny, ResourceIndex, bool) -> Result<(), HandleError>,
) -> Result<(), ArgumentError> {
    if func.params.len() != arguments.len() {
        return Err(ArgumentError::Count {
            expected: func.params.len(),
            found: arguments.len(),
        });
    }
    for (param, argument) in func.params.iter().zip(arguments) {
        check_value(types, param.item.ty, argument, &mut handle)
            .map_err(|error| error.at(PathStep::Argument(param.name.clone())))?;
    }
    Ok(())
}

/// Checks what a host function returns: one value if the function has a result, and otherwise none.
pub fn check_results(types: &Types, func: &FuncType, results: &[Val]) -> Result<(), ArgumentError> {
    match (func.result, results) {
        (None, []) => Ok(()),
        (Some(ty), [result]) => Ok(check(types, ty, result).map_err(|error| error.at(PathStep::Result))?),
        (None | Some(_), results) => Err(ArgumentError::ResultCount {
            expected: usize::from(func.result.is_some()),
            found: results.len(),
        }),
    }
}

/// Checks a value.
pub fn check(types: &Types, ty: ValType, value: &Val) -> Result<(), Mismatch> {
    check_value(types, ty, value, &mut any_handle)
}

fn check_value(types: &Types, ty: ValType, value: &Val, handle: &mut CheckHandle<'_>) -> Result<(), Mismatch> {
    let mismatch = || Err(Mismatch::kind(types, ty, value));
    match (ty, value) {
        (ValType::Bool, Val::Bool(_))
        | (ValType::S8, Val::S8(_))
        | (ValType::U8, Val::U8(_))
        | (ValType::S16, Val::S16(_))
        | (ValType::U16, Val::U16(_))
        | (ValType::S32, Val::S32(_))
        | (ValType::U32, Val::U32(_))
        | (ValType::S64, Val::S64(_))
        | (ValType::U64, Val::U64(_))
        | (ValType::Float32, Val::Float32(_))
        | (ValType::Float64, Val::Float64(_))
        | (ValType::Char, Val::Char(_))
        | (ValType::String, Val::String(_)) => Ok(()),
        (ValType::List(index), Val::List(elements)) => check_elements(types, types[index].element, elements, handle),
        (ValType::FixedLengthList(index), Val::FixedLengthList(elements)) => {
            let list = &types[index];
            if elements.len() != list.length as usize {
                let (expected, found) = (list.length, elements.len());
                return Err(Mismatch::new(format!("expected {expected} element(s), found {found}")));
            }
            check_elements(types, list.element, elements, handle)
        }
        (ValType::Map(index), Val::Map(entries)) => check_map(types, index, entries, handle),
        (ValType::Record(index), Val::Record(values)) => check_record(types, index, values, handle),
        (ValType::Tuple(index), Val::Tuple(values)) => check_tuple(types, index, values, handle),
        (ValType::Variant(index), Val::Variant(case, payload)) => {
            let variant = &types[index];
            let position = variant.cases.position(case).ok_or_else(|| no_case("variant", case))?;
            let ty = variant.payloads.get(position as usize).copied().flatten();
            check_payload(types, ty, payload.as_deref(), case, handle)
        }
        (ValType::Enum(index), Val::Enum(case)) => match types[index].cases.position(case) {
            Some(_) => Ok(()),
            None => Err(no_case("enum", case)),
        },
        (ValType::Option(_), Val::Option(None)) => Ok(()),
        (ValType::Option(index), Val::Option(Some(value))) => check_value(types, types[index].some, value, handle)
            .map_err(|error| error.at(PathStep::Case("some".into()))),
        (ValType::Result(index), Val::Result(Ok(payload))) => {
            check_payload(types, types[index].ok, payload.as_deref(), "ok", handle)
        }
        (ValType::Result(index), Val::Result(Err(payload))) => {
            check_payload(types, types[index].error, payload.as_deref(), "error", handle)
        }
        (ValType::Flags(index), Val::Flags(names)) => {
            let unknown = names.iter().find(|name| types[index].names.position(name).is_none());
            match unknown {
                None => Ok(()),
                Some(name) => Err(Mismatch::new(format!("the type has no flag `{name}`"))),
            }
        }
        // The host can pass an owned handle as a borrow.
        (ValType::Own(ty), Val::Resource(resource)) if resource.owned => Ok(handle(*resource, ty, true)?),
        (ValType::Borrow(ty), Val::Resource(resource)) => Ok(handle(*resource, ty, false)?),
        (ValType::Unsupported(kind), _) => Err(Mismatch::new(format!(
            "the host cannot pass values of type `{kind}`; use another type"
        ))),
        (
            ValType::Bool
            | ValType::S8
            | ValType::U8
            | ValType::S16
            | ValType::U16
            | ValType::S32
            | ValType::U32
            | ValType::S64
            | ValType::U64
            | ValType::Float32
            | ValType::Float64
            | ValType::Char
            | ValType::String
            | ValType::List(_)
            | ValType::FixedLengthList(_)
            | ValType::Map(_)
            | ValType::Record(_)
            | ValType::Tuple(_)
            | ValType::Variant(_)
            | ValType::Enum(_)
            | ValType::Option(_)
            | ValType::Result(_)
            | ValType::Flags(_)
            | ValType::Own(_)
            | ValType::Borrow(_),
            _,
        ) => mismatch(),
    }
}

fn check_map(
    types: &Types,
    index: MapIndex,
    entries: &[(Val, Val)],
    handle: &mut CheckHandle<'_>,
) -> Result<(), Mismatch> {
    let map = &types[index];
    for (position, (key, value)) in entries.iter().enumerate() {
        check_value(types, map.key.ty, key, handle).map_err(|error| error.at(PathStep::Key(position)))?;
        check_value(types, map.value.ty, value, handle).map_err(|error| error.at(PathStep::Value(position)))?;
    }
    Ok(())
}

fn check_record(
    types: &Types,
    index: RecordIndex,
    values: &[(String, Val)],
    handle: &mut CheckHandle<'_>,
) -> Result<(), Mismatch> {
    let fields = &types[index].fields;
    if fields.len() != values.len() {
        let (expected, found) = (fields.len(), values.len());
        return Err(Mismatch::new(format!("expected {expected} field(s), found {found}")));
    }
    for (field, (name, value)) in fields.iter().zip(values) {
        if field.name != *name {
            let expected = &field.name;
            return Err(Mismatch::new(format!(
                "expected field `{expected}`, found field `{name}`"
            )));
        }
        check_value(types, field.item.ty, value, handle).map_err(|error| error.at(PathStep::Field(name.clone())))?;
    }
    Ok(())
}

fn check_tuple(types: &Types, index: TupleIndex, values: &[Val], handle: &mut CheckHandle<'_>) -> Result<(), Mismatch> {
    let items = &types[index].items;
    if items.len() != values.len() {
        let (expected, found) = (items.len(), values.len());
        return Err(Mismatch::new(format!("expected {expected} item(s), found {found}")));
    }
    for (position, (item, value)) in items.iter().zip(values).enumerate() {
        check_value(types, item.ty, value, handle).map_err(|error| error.at(PathStep::Item(position)))?;
    }
    Ok(())
}

fn check_elements(types: &Types, ty: ValType, elements: &[Val], handle: &mut CheckHandle<'_>) -> Result<(), Mismatch> {
    // Check a long list of numbers without building a result for each.
    macro_rules! all {
        ($variant:ident) => {
            elements.iter().all(|element| matches!(element, Val::$variant(_)))
        };
    }
    let fits = match ty.number() {
        Some(Number::S8) => all!(S8),
        Some(Number::U8) => all!(U8),
        Some(Number::S16) => all!(S16),
        Some(Number::U16) => all!(U16),
        Some(Number::S32) => all!(S32),
        Some(Number::U32) => all!(U32),
        Some(Number::S64) => all!(S64),
        Some(Number::U64) => all!(U64),
        Some(Number::Float32) => all!(Float32),
        Some(Number::Float64) => all!(Float64),
        None => false,
    };
    if fits {
        return Ok(());
    }
    for (position, element) in elements.iter().enumerate() {
        check_value(types, ty, element, handle).map_err(|error| error.at(PathStep::Element(position)))?;
    }
    Ok(())
}

fn no_case(kind: &str, case: &str) -> Mismatch {
    Mismatch::new(format!("the {kind} has no case `{case}`"))
}

fn check_payload(
    types: &Types,
    ty: Option<ValType>,
    payload: Option<&Val>,
    case: &str,
    handle: &mut CheckHandle<'_>,
) -> Result<(), Mismatch> {
    let result = match (ty, payload) {
        (None, None) => Ok(()),
        (Some(ty), Some(value)) => check_value(types, ty, value, handle),
        (None, Some(_)) => Err(Mismatch::new("expected no payload, found one")),
        (Some(ty), None) => Err(Mismatch::new(format!(
            "expected {}, found no payload",
            types.display(ty)
        ))),
    };
    result.map_err(|error| error.at(PathStep::Case(case.to_owned())))
}
