//! Values of calls, in the form that `wasm-wave` reads and prints.

use super::types::Type;
use std::borrow::Cow;
use std::collections::HashMap;
use wasm_wave::wasm::{WasmType, WasmTypeKind, WasmValue, WasmValueError};
use weft_abi::Val;

/// A value that can be read from text and printed as such.
#[derive(Debug, Clone)]
pub(super) struct Value(pub(super) Val);

/// The methods for types without parts, which differ in nothing but their names.
macro_rules! simple {
    ($($make:ident $unwrap:ident: $ty:ty => $case:ident,)*) => {$(
        fn $make(value: $ty) -> Self {
            Value(Val::$case(value))
        }

        fn $unwrap(&self) -> $ty {
            match &self.0 {
                Val::$case(value) => *value,
                other => unreachable!("{other:?} is printed as another type"),
            }
        }
    )*};
}

impl WasmValue for Value {
    type Type = Type;

    fn kind(&self) -> WasmTypeKind {
        match &self.0 {
            Val::Bool(_) => WasmTypeKind::Bool,
            Val::S8(_) => WasmTypeKind::S8,
            Val::U8(_) => WasmTypeKind::U8,
            Val::S16(_) => WasmTypeKind::S16,
            Val::U16(_) => WasmTypeKind::U16,
            Val::S32(_) => WasmTypeKind::S32,
            Val::U32(_) => WasmTypeKind::U32,
            Val::S64(_) => WasmTypeKind::S64,
            Val::U64(_) => WasmTypeKind::U64,
            Val::Float32(_) => WasmTypeKind::F32,
            Val::Float64(_) => WasmTypeKind::F64,
            Val::Char(_) => WasmTypeKind::Char,
            Val::String(_) => WasmTypeKind::String,
            Val::List(_) | Val::FixedLengthList(_) | Val::Map(_) => WasmTypeKind::List,
            Val::Record(_) => WasmTypeKind::Record,
            Val::Tuple(_) => WasmTypeKind::Tuple,
            Val::Variant(..) => WasmTypeKind::Variant,
            Val::Enum(_) => WasmTypeKind::Enum,
            Val::Option(_) => WasmTypeKind::Option,
            Val::Result(_) => WasmTypeKind::Result,
            Val::Flags(_) => WasmTypeKind::Flags,
            // Functions whose types have resources, or what else has no form as text, are refused before they are called.
            _ => WasmTypeKind::Unsupported,
        }
    }

    simple! {
        make_bool unwrap_bool: bool => Bool,
        make_s8 unwrap_s8: i8 => S8,
        make_u8 unwrap_u8: u8 => U8,
        make_s16 unwrap_s16: i16 => S16,
        make_u16 unwrap_u16: u16 => U16,
        make_s32 unwrap_s32: i32 => S32,
        make_u32 unwrap_u32: u32 => U32,
        make_s64 unwrap_s64: i64 => S64,
        make_u64 unwrap_u64: u64 => U64,
        make_f32 unwrap_f32: f32 => Float32,
        make_f64 unwrap_f64: f64 => Float64,
        make_char unwrap_char: char => Char,
    }

    fn make_string(value: Cow<'_, str>) -> Self {
        Value(Val::String(value.into_owned()))
    }

    fn make_list(ty: &Type, values: impl IntoIterator<Item = Self>) -> Result<Self, WasmValueError> {
        let values: Vec<Val> = values.into_iter().map(|value| value.0).collect();
        Ok(Value(match ty {
            Type::List(_) => Val::List(values),
            Type::FixedLengthList(_, length) => match u32::try_from(values.len()) == Ok(*length) {
                true => Val::FixedLengthList(values),
                false => {
                    let count = values.len();
                    return Err(WasmValueError::Other(format!(
                        "expected {length} element(s), found {count}"
                    )));
                }
            },
            Type::Map(_) => {
                let entries = values.into_iter().map(|entry| pair(entry).ok_or_else(|| mistyped(ty)));
                Val::Map(entries.collect::<Result<_, _>>()?)
            }
            ty => return Err(mistyped(ty)),
        }))
    }

    fn make_record<'a>(ty: &Type, fields: impl IntoIterator<Item = (&'a str, Self)>) -> Result<Self, WasmValueError> {
        let mut given: HashMap<&str, Val> = fields.into_iter().map(|(name, value)| (name, value.0)).collect();
        let mut fields = Vec::new();
        for (name, _) in ty.record_fields() {
            let value = given.remove(&*name);
            let value = value.ok_or_else(|| WasmValueError::MissingField(name.to_string()))?;
            fields.push((name.into_owned(), value));
        }
        match given.into_keys().next() {
            Some(name) => Err(WasmValueError::UnknownField(name.to_owned())),
            None => Ok(Value(Val::Record(fields))),
        }
    }

    fn make_tuple(ty: &Type, values: impl IntoIterator<Item = Self>) -> Result<Self, WasmValueError> {
        let values: Vec<Val> = values.into_iter().map(|value| value.0).collect();
        let (want, got) = (ty.tuple_element_types().count(), values.len());
        match want == got {
            true => Ok(Value(Val::Tuple(values))),
            false => Err(WasmValueError::WrongNumberOfTupleValues { want, got }),
        }
    }

    fn make_variant(ty: &Type, case: &str, payload: Option<Self>) -> Result<Self, WasmValueError> {
        let of_case = ty.variant_cases().find(|(name, _)| name == case);
        let (_, of_payload) = of_case.ok_or_else(|| WasmValueError::UnknownCase(case.to_owned()))?;
        let payload = matching(case, of_payload.as_ref(), payload)?;
        Ok(Value(Val::Variant(case.to_owned(), payload)))
    }

    fn make_enum(ty: &Type, case: &str) -> Result<Self, WasmValueError> {
        match ty.enum_cases().any(|name| name == case) {
            true => Ok(Value(Val::Enum(case.to_owned()))),
            false => Err(WasmValueError::UnknownCase(case.to_owned())),
        }
    }

    fn make_option(_: &Type, some: Option<Self>) -> Result<Self, WasmValueError> {
        Ok(Value(Val::Option(some.map(|value| Box::new(value.0)))))
    }

    fn make_result(ty: &Type, result: Result<Option<Self>, Option<Self>>) -> Result<Self, WasmValueError> {
        let (ok, error) = ty.result_types().ok_or_else(|| mistyped(ty))?;
        Ok(Value(Val::Result(match result {
            Ok(payload) => Ok(matching("ok", ok.as_ref(), payload)?),
            Err(payload) => Err(matching("err", error.as_ref(), payload)?),
        })))
    }

    fn make_flags<'a>(ty: &Type, names: impl IntoIterator<Item = &'a str>) -> Result<Self, WasmValueError> {
        let names = names
            .into_iter()
            .map(|name| match ty.flags_names().any(|flag| flag == name) {
                true => Ok(name.to_owned()),
                false => Err(WasmValueError::UnknownCase(name.to_owned())),
            });
        Ok(Value(Val::Flags(names.collect::<Result<_, _>>()?)))
    }

    fn unwrap_string(&self) -> Cow<'_, str> {
        match &self.0 {
            Val::String(value) => value.into(),
            other => unreachable!("{other:?} is printed as a string"),
        }
    }

    fn unwrap_list(&self) -> Box<dyn Iterator<Item = Cow<'_, Self>> + '_> {
        match &self.0 {
            Val::List(values) | Val::FixedLengthList(values) => Box::new(values.iter().map(part)),
            Val::Map(entries) => Box::new(
                entries
                    .iter()
                    .map(|(key, value)| Cow::Owned(Value(Val::Tuple(vec![key.clone(), value.clone()])))),
            ),
            other => unreachable!("{other:?} is printed as a list"),
        }
    }

    fn unwrap_record(&self) -> Box<dyn Iterator<Item = (Cow<'_, str>, Cow<'_, Self>)> + '_> {
        match &self.0 {
            Val::Record(fields) => Box::new(fields.iter().map(|(name, value)| (name.into(), part(value)))),
            other => unreachable!("{other:?} is printed as a record"),
        }
    }

    fn unwrap_tuple(&self) -> Box<dyn Iterator<Item = Cow<'_, Self>> + '_> {
        match &self.0 {
            Val::Tuple(values) => Box::new(values.iter().map(part)),
            other => unreachable!("{other:?} is printed as a tuple"),
        }
    }

    fn unwrap_variant(&self) -> (Cow<'_, str>, Option<Cow<'_, Self>>) {
        match &self.0 {
            Val::Variant(case, payload) => (case.into(), payload.as_deref().map(part)),
            other => unreachable!("{other:?} is printed as a variant"),
        }
    }

    fn unwrap_enum(&self) -> Cow<'_, str> {
        match &self.0 {
            Val::Enum(case) => case.into(),
            other => unreachable!("{other:?} is printed as an enum"),
        }
    }

    fn unwrap_option(&self) -> Option<Cow<'_, Self>> {
        match &self.0 {
            Val::Option(some) => some.as_deref().map(part),
            other => unreachable!("{other:?} is printed as an option"),
        }
    }

    fn unwrap_result(&self) -> Result<Option<Cow<'_, Self>>, Option<Cow<'_, Self>>> {
        match &self.0 {
            Val::Result(Ok(payload)) => Ok(payload.as_deref().map(part)),
            Val::Result(Err(payload)) => Err(payload.as_deref().map(part)),
            other => unreachable!("{other:?} is printed as a result"),
        }
    }

    fn unwrap_flags(&self) -> Box<dyn Iterator<Item = Cow<'_, str>> + '_> {
        match &self.0 {
            Val::Flags(names) => Box::new(names.iter().map(Cow::from)),
            other => unreachable!("{other:?} is printed as flags"),
        }
    }
}

/// A part of a value that is printed. It is copied, since a value holds parts of another type.
fn part(value: &Val) -> Cow<'_, Value> {
    Cow::Owned(Value(value.clone()))
}

/// An entry of a map, which was read as a pair.
fn pair(entry: Val) -> Option<(Val, Val)> {
    match entry {
        Val::Tuple(parts) => <[Val; 2]>::try_from(parts).ok().map(|[key, value]| (key, value)),
        _ => None,
    }
}

fn matching(case: &str, ty: Option<&Type>, payload: Option<Value>) -> Result<Option<Box<Val>>, WasmValueError> {
    match (ty, payload) {
        (Some(_), Some(payload)) => Ok(Some(Box::new(payload.0))),
        (None, None) => Ok(None),
        (Some(_), None) => Err(WasmValueError::MissingPayload(case.to_owned())),
        (None, Some(_)) => Err(WasmValueError::UnexpectedPayload(case.to_owned())),
    }
}

fn mistyped(ty: &Type) -> WasmValueError {
    WasmValueError::UnsupportedType(ty.kind().to_string())
}
