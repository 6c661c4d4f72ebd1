//! Values of interface types, with the names and variants of `wasmtime::component::Val`.

use crate::handles::ResourceAny;

/// A value of an interface type.
///
/// It does not contain its type. For example, [`Val::Enum`] has the name of a case, but not the other cases of the enum.
/// [`check`](crate::check) tells whether a value has a given type.
///
/// Two values are equal if their variants and contents are. Any NaN equals any other, and `0.0` does not equal `-0.0`.
#[derive(Debug, Clone)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the variants are the component model's types")]
pub enum Val {
    Bool(bool),
    S8(i8),
    U8(u8),
    S16(i16),
    U16(u16),
    S32(i32),
    U32(u32),
    S64(i64),
    U64(u64),
    Float32(f32),
    Float64(f64),
    Char(char),
    String(String),
    List(Vec<Val>),
    /// The entries in their order. Keys may occur twice.
    Map(Vec<(Val, Val)>),
    /// The fields by name, in the type's order.
    Record(Vec<(String, Val)>),
    Tuple(Vec<Val>),
    /// The case's name, and its payload if it has one.
    Variant(String, Option<Box<Val>>),
    Enum(String),
    Option(Option<Box<Val>>),
    Result(Result<Option<Box<Val>>, Option<Box<Val>>>),
    /// The names of the flags that are set. Their order means nothing, and a name that occurs twice is set once.
    Flags(Vec<String>),
    /// A handle that the host has, of an owned or a borrowed resource.
    Resource(ResourceAny),
    FixedLengthList(Vec<Val>),
}

impl PartialEq for Val {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Val::Bool(a), Val::Bool(b)) => a == b,
            (Val::S8(a), Val::S8(b)) => a == b,
            (Val::U8(a), Val::U8(b)) => a == b,
            (Val::S16(a), Val::S16(b)) => a == b,
            (Val::U16(a), Val::U16(b)) => a == b,
            (Val::S32(a), Val::S32(b)) => a == b,
            (Val::U32(a), Val::U32(b)) => a == b,
            (Val::S64(a), Val::S64(b)) => a == b,
            (Val::U64(a), Val::U64(b)) => a == b,
            (Val::Float32(a), Val::Float32(b)) => a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()),
            (Val::Float64(a), Val::Float64(b)) => a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()),
            (Val::Char(a), Val::Char(b)) => a == b,
            (Val::String(a), Val::String(b)) => a == b,
            (Val::List(a), Val::List(b)) => a == b,
            (Val::Map(a), Val::Map(b)) => a == b,
            (Val::Record(a), Val::Record(b)) => a == b,
            (Val::Tuple(a), Val::Tuple(b)) => a == b,
            (Val::Variant(a, payload), Val::Variant(b, other)) => a == b && payload == other,
            (Val::Enum(a), Val::Enum(b)) => a == b,
            (Val::Option(a), Val::Option(b)) => a == b,
            (Val::Result(a), Val::Result(b)) => a == b,
            (Val::Flags(a), Val::Flags(b)) => {
                a.iter().all(|name| b.contains(name)) && b.iter().all(|name| a.contains(name))
            }
            (Val::Resource(a), Val::Resource(b)) => a == b,
            (Val::FixedLengthList(a), Val::FixedLengthList(b)) => a == b,
            // Each variant is named, so that a new one is compared too.
            (
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
                | Val::List(_)
                | Val::Map(_)
                | Val::Record(_)
                | Val::Tuple(_)
                | Val::Variant(..)
                | Val::Enum(_)
                | Val::Option(_)
                | Val::Result(_)
                | Val::Flags(_)
                | Val::Resource(_)
                | Val::FixedLengthList(_),
                _,
            ) => false,
        }
    }
}

impl Eq for Val {}

macro_rules! from {
    ($($variant:ident $ty:ty,)*) => {$(
        impl From<$ty> for Val {
            fn from(value: $ty) -> Self {
                Val::$variant(value)
            }
        }
    )*};
}

from! {
    Bool bool, S8 i8, U8 u8, S16 i16, U16 u16, S32 i32, U32 u32, S64 i64, U64 u64, Float32 f32, Float64 f64, Char char,
    String String, Resource ResourceAny,
}

impl From<&str> for Val {
    fn from(value: &str) -> Self {
        Val::String(value.to_owned())
    }
}

impl Val {
    /// The kind of the value, in WIT's word for it.
    pub fn kind(&self) -> &'static str {
        match self {
            Val::Bool(_) => "bool",
            Val::S8(_) => "s8",
            Val::U8(_) => "u8",
            Val::S16(_) => "s16",
            Val::U16(_) => "u16",
            Val::S32(_) => "s32",
            Val::U32(_) => "u32",
            Val::S64(_) => "s64",
            Val::U64(_) => "u64",
            Val::Float32(_) => "f32",
            Val::Float64(_) => "f64",
            Val::Char(_) => "char",
            Val::String(_) => "string",
            Val::List(_) => "list",
            Val::Map(_) => "map",
            Val::Record(_) => "record",
            Val::Tuple(_) => "tuple",
            Val::Variant(..) => "variant",
            Val::Enum(_) => "enum",
            Val::Option(_) => "option",
            Val::Result(_) => "result",
            Val::Flags(_) => "flags",
            Val::Resource(ResourceAny { owned: true, .. }) => "own",
            Val::Resource(ResourceAny { owned: false, .. }) => "borrow",
            Val::FixedLengthList(_) => "fixed-length list",
        }
    }
}
