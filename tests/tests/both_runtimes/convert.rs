//! Values of both runtimes, and what stands for a resource in values that are compared: its representation.

use wasmtime::component::{ResourceAny as TheirResource, Val as Theirs};
use weft_abi::handles::TypeNumber;
use weft_abi::{ResourceAny, Val};

/// What stands for the resource of this representation.
pub fn stand_in(rep: u32) -> ResourceAny {
    ResourceAny::new(0, (rep, 0), TypeNumber::defined(0), true)
}

/// The representation of the resource that this stands for.
pub fn rep(stand_in: ResourceAny) -> u32 {
    stand_in.key(0).map_or(0, |key| key.index)
}

macro_rules! conversion {
    ($(#[$doc:meta])* $name:ident: $from:ident => $to:ident, $from_resource:ty => $to_resource:ty, $otherwise:pat) => {
        $(#[$doc])*
        pub fn $name(value: &$from, resource: &mut dyn FnMut($from_resource) -> $to_resource) -> $to {
            let mut all = |values: &[$from]| values.iter().map(|value| $name(value, resource)).collect();
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
                $from::List(values) => $to::List(all(values)),
                $from::FixedLengthList(values) => $to::FixedLengthList(all(values)),
                $from::Tuple(values) => $to::Tuple(all(values)),
                $from::Map(entries) => $to::Map(
                    entries
                        .iter()
                        .map(|(key, value)| ($name(key, resource), $name(value, resource)))
                        .collect(),
                ),
                $from::Record(fields) => $to::Record(
                    fields
                        .iter()
                        .map(|(name, value)| (name.clone(), $name(value, resource)))
                        .collect(),
                ),
                $from::Variant(case, payload) => {
                    $to::Variant(case.clone(), payload.as_ref().map(|value| Box::new($name(value, resource))))
                }
                $from::Enum(case) => $to::Enum(case.clone()),
                $from::Option(payload) => {
                    $to::Option(payload.as_ref().map(|value| Box::new($name(value, resource))))
                }
                $from::Result(Ok(payload)) => {
                    $to::Result(Ok(payload.as_ref().map(|value| Box::new($name(value, resource)))))
                }
                $from::Result(Err(payload)) => {
                    $to::Result(Err(payload.as_ref().map(|value| Box::new($name(value, resource)))))
                }
                $from::Flags(names) => $to::Flags(names.clone()),
                $from::Resource(handle) => $to::Resource(resource(*handle)),
                $otherwise => unreachable!("no type has such values"),
            }
        }
    };
}

conversion!(
    /// The same value with other resources.
    with_resources: Val => Val, ResourceAny => ResourceAny, _
);
conversion!(to_engine: Val => Theirs, ResourceAny => TheirResource, _);
conversion!(from_engine: Theirs => Val, TheirResource => ResourceAny, _);

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
