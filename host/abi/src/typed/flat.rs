//! The core values of a Rust type as a type-level list.
//!
//! **Problem.** Wasmtime calls a host function directly only if the function's core type is known at compile time. A
//! derived record knows its fields' types, which determine the core types. **Here,** [`FlatList`] is a list of types. A
//! record appends the lists of its fields, and a variant joins those of its cases, as flattening does with 32-bit
//! addresses. The list ends in [`End`], or in [`Unknown`] if its length is not known at compile time, as for a list of
//! a fixed length.

use std::marker::PhantomData;

/// The end of a list.
pub struct End(());

/// The end of a list whose further types are not known.
pub struct Unknown(());

/// A type, and the list of the others.
pub struct Cons<H, T>(PhantomData<fn() -> (H, T)>);

/// One core value.
pub type One<H> = Cons<H, End>;

/// A pointer and a length.
pub type Pair = Cons<i32, One<i32>>;

/// A core type.
pub trait Core: Copy + Send + 'static {
    /// The type in which a variant passes either of two.
    type Join<O: Core>: Core;
    /// That with `i32`.
    type JoinI32: Core;
    /// That with `f32`.
    type JoinF32: Core;
    /// That with `f64`.
    type JoinF64: Core;

    /// The value as bits.
    fn bits(self) -> u64;

    /// The value with these bits. A 32-bit value uses the lower half.
    fn from_bits(bits: u64) -> Self;
}

/// A list of core types.
pub trait FlatList: 'static {
    /// Both lists, one after the other.
    type Append<L: FlatList>: FlatList;
    /// For each position the type in which a variant passes either of two.
    type Join<L: FlatList>: FlatList;
    /// [`Self::Join`] with a list that begins so.
    type JoinCons<H: Core, T: FlatList>: FlatList;
}

impl FlatList for End {
    type Append<L: FlatList> = L;
    type Join<L: FlatList> = L;
    type JoinCons<H: Core, T: FlatList> = Cons<H, T>;
}

impl FlatList for Unknown {
    type Append<L: FlatList> = Unknown;
    type Join<L: FlatList> = Unknown;
    type JoinCons<H: Core, T: FlatList> = Unknown;
}

impl<H: Core, T: FlatList> FlatList for Cons<H, T> {
    type Append<L: FlatList> = Cons<H, T::Append<L>>;
    type Join<L: FlatList> = L::JoinCons<H, T>;
    type JoinCons<H2: Core, T2: FlatList> = Cons<H::Join<H2>, T::Join<T2>>;
}

macro_rules! core {
    ($($ty:ty: $of:ident, $i32:ty, $f32:ty, $f64:ty, |$value:ident| $bits:expr, |$from:ident| $value_of:expr;)*) => {$(
        impl Core for $ty {
            type Join<O: Core> = O::$of;
            type JoinI32 = $i32;
            type JoinF32 = $f32;
            type JoinF64 = $f64;

            #[inline]
            fn bits(self) -> u64 {
                let $value = self;
                $bits
            }

            #[inline]
            fn from_bits(bits: u64) -> Self {
                let $from = bits;
                $value_of
            }
        }
    )*};
}

core! {
    i32: JoinI32, i32, i32, i64, |value| u64::from(value as u32), |bits| bits as i32;
    f32: JoinF32, i32, f32, i64, |value| u64::from(value.to_bits()), |bits| f32::from_bits(bits as u32);
    f64: JoinF64, i64, i64, f64, |value| value.to_bits(), |bits| f64::from_bits(bits);
}

/// Joined with any other type it is `i64`.
impl Core for i64 {
    type Join<O: Core> = i64;
    type JoinI32 = i64;
    type JoinF32 = i64;
    type JoinF64 = i64;

    #[inline]
    fn bits(self) -> u64 {
        self as u64
    }

    #[inline]
    fn from_bits(bits: u64) -> Self {
        bits as i64
    }
}
