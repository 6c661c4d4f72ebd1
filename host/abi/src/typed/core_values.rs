//! Parameters and results that are numbers in core values: they need no memory, no handles, and no types of the component's.
//!
//! A host function on two numbers takes a few nanoseconds, and finding the function's signature in the plan would take
//! longer. So everything that the generic code needs is a constant here, which the compiler optimizes away.

use super::{ComponentNamedList, ComponentType, Lift, Lower, Lowerer, NoMemory, Ty, now};
use crate::handles::NoHandles;
use crate::lift::Lifter;
use crate::options::{AddressWidth, Options, StringEncoding};
use crate::trap::{Budget, Trap};
use crate::types::NO_TYPES;

/// They say nothing about numbers.
const OPTIONS: Options = Options {
    width: AddressWidth::W32,
    encoding: StringEncoding::Utf8,
};

/// Whether parameters and result are numbers in core values.
pub const fn are_numbers<P: ComponentType, R: ComponentType>() -> bool {
    let (params, result) = (P::FORM, R::FORM);
    let in_core_values = params.is_flat_params() && result.is_flat_result();
    in_core_values && !params.pointers && !params.handles && !result.pointers && !result.handles
}

/// Lifts parameters that [are numbers](are_numbers).
///
/// # Errors
///
/// They are not of the types.
#[inline]
pub fn lift_numbers<P: ComponentNamedList + Lift>(flat: &[u64]) -> Result<P, Trap> {
    let mut lifter = Lifter {
        types: &NO_TYPES,
        options: OPTIONS,
        memory: &NoMemory::new(),
        handles: &mut NoHandles,
        budget: &mut Budget::new(0),
    };
    P::lift(&mut lifter, Ty::Params(&[]), flat)
}

/// Lowers a result that [is a number](are_numbers), or none.
///
/// # Errors
///
/// It is not of the type.
#[inline]
pub fn lower_number<R: ComponentNamedList + Lower>(result: &R) -> Result<u64, Trap> {
    if let Some(bits) = result.core_value() {
        return Ok(bits);
    }
    let mut lowerer = Lowerer::new(&NO_TYPES, OPTIONS, NoMemory::new());
    let mut bits = [0];
    now(result.lower(&mut lowerer, Ty::Result(None), &mut bits))?;
    Ok(bits[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_pass_without_a_signature() {
        let lifted = lift_numbers::<(u32, bool, (i8, char))>(&[7, 1, 0xff, 0x41]);
        assert_eq!(lifted, Ok((7, true, (-1, 'A'))));
        assert_eq!(lift_numbers::<(char,)>(&[0xd800]), Err(Trap::Char(0xd800)));
        assert_eq!(lower_number(&(-1_i8,)), Ok(0xffff_ffff));
        assert_eq!(lower_number(&('A',)), Ok(0x41));
        assert_eq!(lower_number(&()), Ok(0));
        // A result without payloads is a discriminant, which has no shorter way.
        assert_eq!(lower_number(&(Err::<(), ()>(()),)), Ok(1));
    }

    #[test]
    fn the_shorter_way_gives_what_lowering_gives() {
        fn same<V: Lower + Copy>(value: V)
        where
            (V,): ComponentNamedList,
        {
            let mut lowerer = Lowerer::new(&NO_TYPES, OPTIONS, NoMemory::new());
            let mut bits = [0];
            now((value,).lower(&mut lowerer, Ty::Result(None), &mut bits)).expect("a number");
            assert_eq!((value,).core_value(), Some(bits[0]));
        }
        same(-1_i8);
        same(u8::MAX);
        same(i16::MIN);
        same(u16::MAX);
        same(-5_i32);
        same(u32::MAX);
        same(i64::MIN);
        same(u64::MAX);
        same(f32::from_bits(0x7fa0_0001));
        same(f64::from_bits(0xfff0_0000_0000_0001));
        same(true);
        same('\u{10ffff}');
    }
}
