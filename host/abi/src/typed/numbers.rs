//! Numbers, booleans and characters. Lists of numbers are copied in bulk.

use super::flat::One;
use super::{ComponentType, Form, Guest, Lift, Lower, Lowerer, Ty, TypeCheck};
use crate::check::Mismatch;
use crate::float::{canonical32, canonical64};
use crate::handles::Handles;
use crate::lift::{Lifter, first};
use crate::memory::GuestMemory;
use crate::trap::Trap;
use crate::types::ValType;

/// How many bytes of a list of numbers are stored at once.
const CHUNK: usize = 64 << 10;

/// The bits of the first core value.
#[inline]
fn bits(flat: &[u64]) -> Result<u64, Trap> {
    flat.first().copied().ok_or(Trap::FlatValues)
}

macro_rules! component_type {
    ($rust:ty, $ty:ident, $name:literal, $size:literal, $core:ty) => {
        impl ComponentType for $rust {
            const FORM: Form = Form::scalar($size);
            type Flat = One<$core>;

            fn typecheck(ty: ValType, types: &TypeCheck<'_>) -> Result<(), Mismatch> {
                match ty {
                    ValType::$ty => Ok(()),
                    _ => Err(types.mismatch($name, ty)),
                }
            }
        }
    };
}

macro_rules! lower {
    ($rust:ty, |$value:ident| $bits:expr, $store:expr) => {
        #[inline]
        fn core_value(&self) -> Option<u64> {
            let $value = *self;
            Some($bits)
        }

        #[inline]
        async fn lower<G: Guest>(&self, _: &mut Lowerer<'_, G>, _: Ty<'_>, flat: &mut [u64]) -> Result<(), G::Error> {
            let $value = *self;
            *flat.first_mut().ok_or(Trap::FlatValues)? = $bits;
            Ok(())
        }

        #[inline]
        async fn store<G: Guest>(&self, cx: &mut Lowerer<'_, G>, _: Ty<'_>, address: u64) -> Result<(), G::Error> {
            cx.write(address, &$store(*self))
        }
    };
}

macro_rules! numbers {
    ($($rust:ty, $ty:ident, $name:literal, $size:literal, $core:ty:
        lift |$bits:ident| $lift:expr, load $load:expr, lower |$value:ident| $lower:expr, store $store:expr;)*) => {$(
        component_type!($rust, $ty, $name, $size, $core);

        impl Lift for $rust {
            #[inline]
            fn lift<M, H>(_: &mut Lifter<'_, M, H>, _: Ty<'_>, flat: &[u64]) -> Result<Self, Trap>
            where
                M: GuestMemory + ?Sized,
                H: Handles + ?Sized,
            {
                let $bits = bits(flat)?;
                Ok($lift)
            }

            #[inline]
            fn load<M, H>(_: &mut Lifter<'_, M, H>, _: Ty<'_>, bytes: &[u8]) -> Result<Self, Trap>
            where
                M: GuestMemory + ?Sized,
                H: Handles + ?Sized,
            {
                Ok($load(first(bytes)?))
            }

            fn load_list<M, H>(
                cx: &mut Lifter<'_, M, H>,
                _: Ty<'_>,
                bytes: Vec<u8>,
                length: usize,
            ) -> Result<Vec<Self>, Trap>
            where
                M: GuestMemory + ?Sized,
                H: Handles + ?Sized,
            {
                cx.budget.take_array::<Self>(length)?;
                Ok(bytes.as_chunks().0.iter().copied().map($load).take(length).collect())
            }
        }

        impl Lower for $rust {
            lower!($rust, |$value| $lower, $store);

            async fn store_list<G: Guest>(
                elements: &[Self],
                cx: &mut Lowerer<'_, G>,
                _: Ty<'_>,
                address: u64,
            ) -> Result<(), G::Error> {
                let mut address = address;
                let mut bytes = Vec::with_capacity((elements.len() * $size).min(CHUNK));
                for elements in elements.chunks(CHUNK / $size) {
                    bytes.clear();
                    bytes.extend(elements.iter().copied().flat_map($store));
                    cx.write(address, &bytes)?;
                    address += bytes.len() as u64;
                }
                Ok(())
            }
        }
    )*};
}

numbers! {
    i8, S8, "s8", 1, i32: lift |bits| bits as i8, load i8::from_le_bytes,
        // A core value is extended to 32 bits with its sign.
        lower |value| u64::from(i32::from(value) as u32), store i8::to_le_bytes;
    u16, U16, "u16", 2, i32: lift |bits| bits as u16, load u16::from_le_bytes,
        lower |value| u64::from(value), store u16::to_le_bytes;
    i16, S16, "s16", 2, i32: lift |bits| bits as i16, load i16::from_le_bytes,
        lower |value| u64::from(i32::from(value) as u32), store i16::to_le_bytes;
    u32, U32, "u32", 4, i32: lift |bits| bits as u32, load u32::from_le_bytes,
        lower |value| u64::from(value), store u32::to_le_bytes;
    i32, S32, "s32", 4, i32: lift |bits| bits as i32, load i32::from_le_bytes,
        lower |value| u64::from(value as u32), store i32::to_le_bytes;
    u64, U64, "u64", 8, i64: lift |bits| bits, load u64::from_le_bytes,
        lower |value| value, store u64::to_le_bytes;
    i64, S64, "s64", 8, i64: lift |bits| bits as i64, load i64::from_le_bytes,
        lower |value| value as u64, store i64::to_le_bytes;
    f32, Float32, "f32", 4, f32: lift |bits| canonical32(f32::from_bits(bits as u32)),
        load |bytes| canonical32(f32::from_le_bytes(bytes)),
        lower |value| u64::from(canonical32(value).to_bits()), store |value| canonical32(value).to_le_bytes();
    f64, Float64, "f64", 8, f64: lift |bits| canonical64(f64::from_bits(bits)),
        load |bytes| canonical64(f64::from_le_bytes(bytes)),
        lower |value| canonical64(value).to_bits(), store |value| canonical64(value).to_le_bytes();
}

component_type!(u8, U8, "u8", 1, i32);

impl Lift for u8 {
    #[inline]
    fn lift<M, H>(_: &mut Lifter<'_, M, H>, _: Ty<'_>, flat: &[u64]) -> Result<Self, Trap>
    where
        M: GuestMemory + ?Sized,
        H: Handles + ?Sized,
    {
        Ok(bits(flat)? as u8)
    }

    #[inline]
    fn load<M, H>(_: &mut Lifter<'_, M, H>, _: Ty<'_>, bytes: &[u8]) -> Result<Self, Trap>
    where
        M: GuestMemory + ?Sized,
        H: Handles + ?Sized,
    {
        Ok(u8::from_le_bytes(first(bytes)?))
    }

    /// The copy is the list.
    fn load_list<M, H>(_: &mut Lifter<'_, M, H>, _: Ty<'_>, bytes: Vec<u8>, _: usize) -> Result<Vec<Self>, Trap>
    where
        M: GuestMemory + ?Sized,
        H: Handles + ?Sized,
    {
        Ok(bytes)
    }
}

impl Lower for u8 {
    lower!(u8, |value| u64::from(value), u8::to_le_bytes);

    async fn store_list<G: Guest>(
        elements: &[Self],
        cx: &mut Lowerer<'_, G>,
        _: Ty<'_>,
        address: u64,
    ) -> Result<(), G::Error> {
        cx.write(address, elements)
    }
}

component_type!(bool, Bool, "bool", 1, i32);

impl Lift for bool {
    #[inline]
    fn lift<M, H>(_: &mut Lifter<'_, M, H>, _: Ty<'_>, flat: &[u64]) -> Result<Self, Trap>
    where
        M: GuestMemory + ?Sized,
        H: Handles + ?Sized,
    {
        Ok(bits(flat)? as u32 != 0)
    }

    #[inline]
    fn load<M, H>(_: &mut Lifter<'_, M, H>, _: Ty<'_>, bytes: &[u8]) -> Result<Self, Trap>
    where
        M: GuestMemory + ?Sized,
        H: Handles + ?Sized,
    {
        Ok(u8::from_le_bytes(first(bytes)?) != 0)
    }
}

impl Lower for bool {
    lower!(bool, |value| u64::from(value), |value| [u8::from(value)]);
}

component_type!(char, Char, "char", 4, i32);

impl Lift for char {
    #[inline]
    fn lift<M, H>(_: &mut Lifter<'_, M, H>, _: Ty<'_>, flat: &[u64]) -> Result<Self, Trap>
    where
        M: GuestMemory + ?Sized,
        H: Handles + ?Sized,
    {
        let value = bits(flat)? as u32;
        char::from_u32(value).ok_or(Trap::Char(value))
    }

    #[inline]
    fn load<M, H>(_: &mut Lifter<'_, M, H>, _: Ty<'_>, bytes: &[u8]) -> Result<Self, Trap>
    where
        M: GuestMemory + ?Sized,
        H: Handles + ?Sized,
    {
        let value = u32::from_le_bytes(first(bytes)?);
        char::from_u32(value).ok_or(Trap::Char(value))
    }
}

impl Lower for char {
    lower!(char, |value| u64::from(u32::from(value)), |value: char| u32::from(
        value
    )
    .to_le_bytes());
}
