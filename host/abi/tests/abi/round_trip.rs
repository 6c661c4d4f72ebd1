//! Random values of random types are lowered and lifted, in core values and in memory, in all encodings and widths.

use crate::support::Guest;
use crate::{random, support};
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use weft_abi::types::Types;
use weft_abi::{AddressWidth, Budget, Options, StringEncoding, TypeError, check_arguments, check_results};

const WIDTHS: [AddressWidth; 2] = [AddressWidth::W32, AddressWidth::W64];
const ENCODINGS: [StringEncoding; 3] = [
    StringEncoding::Utf8,
    StringEncoding::Utf16,
    StringEncoding::Latin1OrUtf16,
];

/// How many functions.
const ROUNDS: u64 = 3_000;

#[test]
fn values_come_back_as_they_were() -> Result<(), TypeError> {
    let mut spilled = 0;
    for seed in 0..ROUNDS {
        let random = &mut SmallRng::seed_from_u64(seed);
        let mut types = Types::new();
        let count = random.random_range(0..12);
        let params = random::names(count)
            .into_iter()
            .map(|name| Ok((name, random::ty(random, &mut types, 3)?)))
            .collect::<Result<_, TypeError>>()?;
        let result = random::ty(random, &mut types, 3)?;
        let func = types.add_func(params, Some(result))?;
        let func = &types[func];
        let arguments = Vec::from_iter(
            func.params
                .iter()
                .map(|param| random::value(random, &types, param.item.ty)),
        );
        let given = random::value(random, &types, result);
        assert_eq!(check_arguments(&types, func, &arguments), Ok(()), "seed {seed}");
        assert_eq!(
            check_results(&types, func, std::slice::from_ref(&given)),
            Ok(()),
            "seed {seed}"
        );
        spilled += u32::from(func.flat_params(AddressWidth::W32).is_none());

        for width in WIDTHS {
            for encoding in ENCODINGS {
                let options = Options { width, encoding };
                let mut guest = Guest::new();
                let flat = guest.lower(&types, options, func, &arguments);
                let lifted = flat.and_then(|flat| guest.lift(&types, options, func, &flat));
                assert_eq!(lifted.as_ref(), Ok(&arguments), "seed {seed}, {options:?}");

                let flat = guest.lower_result(&types, options, func, Some(&given));
                let lifted = flat.and_then(|flat| {
                    let (memory, handles) = (&guest.memory[..], &mut guest.handles);
                    support::lifter(&types, options, memory, handles, &mut Budget::default()).result(func, &flat)
                });
                assert_eq!(lifted, Ok(Some(given.clone())), "seed {seed}, {options:?}");
            }
        }
    }
    assert!(spilled > 100, "only {spilled} functions had their parameters in memory");
    Ok(())
}

#[test]
fn types_come_back_from_a_stored_plan() -> Result<(), TypeError> {
    for seed in 0..200 {
        let random = &mut SmallRng::seed_from_u64(seed);
        let mut types = Types::new();
        let ty = random::ty(random, &mut types, 4)?;
        types.add_func(vec![("a".into(), ty)], Some(ty))?;
        let stored = postcard::to_allocvec(&types);
        let read = stored.and_then(|bytes| postcard::from_bytes::<Types>(&bytes));
        assert_eq!(read.as_ref(), Ok(&types), "seed {seed}");
    }
    Ok(())
}
