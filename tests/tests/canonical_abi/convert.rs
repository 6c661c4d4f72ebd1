//! Values as the engine has them.

use wasmtime::component::Val as Theirs;
use weft_abi::Val;

fn boxed<A, B>(payload: &Option<Box<A>>, convert: fn(&A) -> B) -> Option<Box<B>> {
    payload.as_ref().map(|value| Box::new(convert(value)))
}

macro_rules! conversion {
    ($name:ident: $from:ident => $to:ident, $otherwise:pat) => {
        pub fn $name(value: &$from) -> $to {
            match value {
                $from::Bool(value) => $to::Bool(*value),
                $from::S8(value) => $to::S8(*value),
                $from::U8(value) => $to::U8(*value),
                $from::S16(value) => $to::S16(*value),
                $from::U16(value) => $to::U16(*value),
                $from::S32(value) => $to::S32(*value),
                $from::U32(value) => $to::U32(*value),
                $from::S64(value) => $to::S64(*value),
                $from::U64(value) => $to::U64(*value),
                $from::Float32(value) => $to::Float32(*value),
                $from::Float64(value) => $to::Float64(*value),
                $from::Char(value) => $to::Char(*value),
                $from::String(value) => $to::String(value.clone()),
                $from::List(values) => $to::List(values.iter().map($name).collect()),
                $from::FixedLengthList(values) => $to::FixedLengthList(values.iter().map($name).collect()),
                $from::Map(entries) => $to::Map(
                    entries
                        .iter()
                        .map(|(key, value)| ($name(key), $name(value)))
                        .collect(),
                ),
                $from::Record(fields) => $to::Record(
                    fields
                        .iter()
                        .map(|(name, value)| (name.clone(), $name(value)))
                        .collect(),
                ),
                $from::Tuple(values) => $to::Tuple(values.iter().map($name).collect()),
                $from::Variant(case, payload) => $to::Variant(case.clone(), boxed(payload, $name)),
                $from::Enum(case) => $to::Enum(case.clone()),
                $from::Option(payload) => $to::Option(boxed(payload, $name)),
                $from::Result(Ok(payload)) => $to::Result(Ok(boxed(payload, $name))),
                $from::Result(Err(payload)) => $to::Result(Err(boxed(payload, $name))),
                $from::Flags(names) => $to::Flags(names.clone()),
                $otherwise => unreachable!("handles do not pass here"),
            }
        }
    };
}

conversion!(to_engine: Val => Theirs, _);
conversion!(from_engine: Theirs => Val, _);

/// Makes the canonical NaN of every NaN. The specification lets the engine pass any.
pub fn without_odd_nans(value: &mut Val) {
    match value {
        Val::Float32(value) if value.is_nan() => *value = f32::from_bits(0x7fc0_0000),
        Val::Float64(value) if value.is_nan() => *value = f64::from_bits(0x7ff8_0000_0000_0000),
        Val::List(values) | Val::FixedLengthList(values) | Val::Tuple(values) => {
            values.iter_mut().for_each(without_odd_nans);
        }
        Val::Record(fields) => fields.iter_mut().for_each(|(_, value)| without_odd_nans(value)),
        Val::Map(entries) => entries.iter_mut().for_each(|(_, value)| without_odd_nans(value)),
        Val::Variant(_, payload) | Val::Option(payload) | Val::Result(Ok(payload) | Err(payload)) => {
            payload.iter_mut().for_each(|value| without_odd_nans(value));
        }
        _ => {}
    }
}
