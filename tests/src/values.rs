//! Values of generated types.

use weft_abi::Val;

/// Visits a value, and then its parts.
pub fn visit(value: &mut Val, visitor: &mut dyn FnMut(&mut Val)) {
    visitor(value);
    match value {
        Val::List(values) | Val::FixedLengthList(values) | Val::Tuple(values) => {
            values.iter_mut().for_each(|value| visit(value, visitor));
        }
        Val::Record(fields) => fields.iter_mut().for_each(|(_, value)| visit(value, visitor)),
        Val::Map(entries) => entries.iter_mut().for_each(|(key, value)| {
            visit(key, visitor);
            visit(value, visitor);
        }),
        Val::Variant(_, payload) | Val::Option(payload) | Val::Result(Ok(payload) | Err(payload)) => {
            payload.iter_mut().for_each(|value| visit(value, visitor));
        }
        Val::Bool(_)
        | Val::S8(_)
        | Val::U8(_)
        | Val::S16(_)
        | Val::U16(_)
        | Val::S32(_)
        | Val::U32(_)
        | Val::S64(_)
        | Val::U64(_)
        | Val::Float32(_)
        | Val::Float64(_)
        | Val::Char(_)
        | Val::String(_)
        | Val::Enum(_)
        | Val::Flags(_)
        | Val::Resource(_) => {}
        other => unreachable!("the generator makes no `{other:?}`"),
    }
}

/// Makes the canonical NaN of every NaN. The specification lets the engine pass any.
pub fn without_odd_nans(value: &mut Val) {
    visit(value, &mut |value| match value {
        Val::Float32(value) if value.is_nan() => *value = f32::from_bits(0x7fc0_0000),
        Val::Float64(value) if value.is_nan() => *value = f64::from_bits(0x7ff8_0000_0000_0000),
        _ => {}
    });
}
