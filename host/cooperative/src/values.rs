//! Converts component values between weft's and Wasmtime's types.
//!
//! **Problem.** weft's own runtime and Wasmtime's component runtime each have a type `Val`. The variants are the same,
//! except those for handles: a handle belongs to one runtime, and Wasmtime has futures, streams and error contexts,
//! which weft's runtime does not support. **Here,** this code converts plain values, and the caller converts each
//! handle.
//!
//! **Rejected:** a trait with a method per kind of handle (callers without handles would implement all of them as
//! errors).

use wasmtime::component::Val as Wasmtime;
use weft_parallel::Val as Weft;

macro_rules! conversion {
    ($(#[$doc:meta])* $convert:ident: $From:ident => $To:ident, $handles:ident in $pattern:pat) => {
        $(#[$doc])*
        pub fn $convert<E>(value: $From, handle: &mut dyn FnMut($From) -> Result<$To, E>) -> Result<$To, E> {
            let mut all = |values: Vec<$From>| {
                let values = values.into_iter().map(|value| $convert(value, handle));
                values.collect::<Result<Vec<_>, E>>()
            };
            Ok(match value {
                $From::Bool(value) => $To::Bool(value),
                $From::S8(value) => $To::S8(value),
                $From::U8(value) => $To::U8(value),
                $From::S16(value) => $To::S16(value),
                $From::U16(value) => $To::U16(value),
                $From::S32(value) => $To::S32(value),
                $From::U32(value) => $To::U32(value),
                $From::S64(value) => $To::S64(value),
                $From::U64(value) => $To::U64(value),
                $From::Float32(value) => $To::Float32(value),
                $From::Float64(value) => $To::Float64(value),
                $From::Char(value) => $To::Char(value),
                $From::String(value) => $To::String(value),
                $From::List(values) => $To::List(all(values)?),
                $From::FixedLengthList(values) => $To::FixedLengthList(all(values)?),
                $From::Tuple(values) => $To::Tuple(all(values)?),
                $From::Map(entries) => {
                    let entries = entries.into_iter();
                    let entries = entries.map(|(key, value)| Ok(($convert(key, handle)?, $convert(value, handle)?)));
                    $To::Map(entries.collect::<Result<_, E>>()?)
                }
                $From::Record(fields) => {
                    let fields = fields.into_iter();
                    let fields = fields.map(|(name, value)| Ok((name, $convert(value, handle)?)));
                    $To::Record(fields.collect::<Result<_, E>>()?)
                }
                $From::Variant(case, payload) => $To::Variant(case, boxed(payload, |value| $convert(value, handle))?),
                $From::Enum(case) => $To::Enum(case),
                $From::Option(payload) => $To::Option(boxed(payload, |value| $convert(value, handle))?),
                $From::Result(Ok(payload)) => $To::Result(Ok(boxed(payload, |value| $convert(value, handle))?)),
                $From::Result(Err(payload)) => $To::Result(Err(boxed(payload, |value| $convert(value, handle))?)),
                $From::Flags(names) => $To::Flags(names),
                $pattern => handle($handles)?,
            })
        }
    };
}

conversion!(
    /// Converts weft's value to Wasmtime's.
    ///
    /// This calls `handle` for each [`Val::Resource`](weft_parallel::Val::Resource) in the value, and uses what it
    /// returns instead. It also passes variants that a later version adds to [`weft_parallel::Val`] to `handle`.
    ///
    /// # Errors
    ///
    /// Those of `handle`, the first of which ends the conversion.
    to_wasmtime: Weft => Wasmtime, handles in handles
);

conversion!(
    /// Converts Wasmtime's value to weft's.
    ///
    /// This calls `handle` for each resource, future, stream and error context in the value, and uses what it returns
    /// instead.
    ///
    /// # Errors
    ///
    /// Those of `handle`, the first of which ends the conversion.
    from_wasmtime: Wasmtime => Weft, handles in
        handles @ (Wasmtime::Resource(_) | Wasmtime::Future(_) | Wasmtime::Stream(_) | Wasmtime::ErrorContext(_))
);

fn boxed<A, B, E>(payload: Option<Box<A>>, convert: impl FnOnce(A) -> Result<B, E>) -> Result<Option<Box<B>>, E> {
    payload.map(|value| convert(*value).map(Box::new)).transpose()
}
