//! Memory that other threads write while the host reads it: each byte is read once, and whatever it is, the outcome is a value or a
//! trap.

use crate::random;
use crate::support::{self, Guest, Table};
use rand::rngs::SmallRng;
use rand::{Rng, RngExt, SeedableRng};
use std::cell::{Cell, RefCell};
use weft_abi::types::Types;
use weft_abi::{
    AddressWidth, Budget, GuestMemory, Lowering, Options, OutOfBounds, Step, StringEncoding, Trap, TypeError, Val,
    ValType,
};

const ALL: [Options; 3] = [
    Options {
        width: AddressWidth::W32,
        encoding: StringEncoding::Utf8,
    },
    Options {
        width: AddressWidth::W64,
        encoding: StringEncoding::Utf16,
    },
    Options {
        width: AddressWidth::W32,
        encoding: StringEncoding::Latin1OrUtf16,
    },
];

/// A memory that counts how often each byte is read.
struct Counting {
    bytes: Vec<u8>,
    reads: RefCell<Vec<u32>>,
}

impl GuestMemory for Counting {
    fn size(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read(&self, address: u64, into: &mut [u8]) -> Result<(), OutOfBounds> {
        self.bytes.read(address, into)?;
        for count in &mut self.reads.borrow_mut()[address as usize..][..into.len()] {
            *count += 1;
        }
        Ok(())
    }

    fn write(&mut self, address: u64, bytes: &[u8]) -> Result<(), OutOfBounds> {
        self.bytes.write(address, bytes)
    }
}

#[test]
fn no_byte_is_read_twice() -> Result<(), TypeError> {
    for seed in 0..500 {
        let random = &mut SmallRng::seed_from_u64(seed);
        let mut types = Types::new();
        let ty = random::ty(random, &mut types, 4)?;
        let func = types.add_func(vec![("a".into(), ty)], None)?;
        let arguments = [random::value(random, &types, ty)];
        for options in ALL {
            let mut guest = Guest::new();
            let flat = guest.lower(&types, options, &types[func], &arguments);
            let memory = Counting {
                reads: RefCell::new(vec![0; guest.memory.len()]),
                bytes: guest.memory,
            };
            let lifted =
                flat.and_then(|flat| support::lift(&types, options, &types[func], &flat, &memory, &mut guest.handles));
            assert_eq!(lifted.as_deref(), Ok(&arguments[..]), "seed {seed}");
            assert!(memory.reads.borrow().iter().all(|count| *count <= 1), "seed {seed}");
        }
    }
    Ok(())
}

/// A memory that gives other bytes at each read, and grows. What it gives is small numbers for the most part, so that pointers and
/// lengths are often valid.
struct Changing {
    random: RefCell<SmallRng>,
    size: Cell<u64>,
}

impl GuestMemory for Changing {
    fn size(&self) -> u64 {
        self.size.set(self.size.get() + 8);
        self.size.get()
    }

    fn read(&self, address: u64, into: &mut [u8]) -> Result<(), OutOfBounds> {
        let mut random = self.random.borrow_mut();
        let (length, size) = (into.len() as u64, self.size.get());
        if address + length > size {
            return Err(OutOfBounds { address, length, size });
        }
        let kind = random.random_range(0..3);
        for (position, byte) in into.iter_mut().enumerate() {
            *byte = match kind {
                0 => random.random(),
                1 => random.random_range(0..3) * u8::from(position % 4 == 0),
                _ => u8::from(position % 4 == 0) * 8,
            };
        }
        Ok(())
    }

    fn write(&mut self, address: u64, bytes: &[u8]) -> Result<(), OutOfBounds> {
        let (length, size) = (bytes.len() as u64, self.size.get());
        match address.checked_add(length) {
            Some(end) if end <= size => Ok(()),
            Some(_) | None => Err(OutOfBounds { address, length, size }),
        }
    }
}

fn changing(random: &mut impl Rng) -> Changing {
    Changing {
        random: RefCell::new(SmallRng::seed_from_u64(random.random())),
        size: Cell::new(1 << 16),
    }
}

/// Any bits, or a number that is likely to be valid.
fn word(random: &mut impl Rng) -> u64 {
    match random.random_range(0..4) {
        0 => random.random(),
        1 => random.random_range(0..3),
        _ => random.random_range(0..64) * 8,
    }
}

#[test]
fn memory_that_changes_gives_a_value_or_a_trap() -> Result<(), TypeError> {
    let (mut values, mut traps) = (0, 0);
    for seed in 0..3_000 {
        let random = &mut SmallRng::seed_from_u64(seed);
        let mut types = Types::new();
        let ty = random::ty(random, &mut types, 4)?;
        let func = types.add_func(vec![("a".into(), ty)], Some(ty))?;
        for options in ALL {
            let memory = changing(random);
            let flat: [u64; 17] = std::array::from_fn(|_| word(random));
            let mut budget = Budget::new(1 << 20);
            let mut handles = Table::default();
            let lifted =
                support::lifter(&types, options, &memory, &mut handles, &mut budget).params(&types[func], &flat);
            match lifted {
                Ok(lifted) => {
                    values += 1;
                    assert_eq!(
                        weft_abi::check_arguments(&types, &types[func], &lifted),
                        Ok(()),
                        "seed {seed}"
                    );
                }
                Err(_) => traps += 1,
            }
        }
    }
    assert!(values > 1_000 && traps > 1_000, "{values} values, {traps} traps");
    Ok(())
}

#[test]
fn a_realloc_that_returns_anything_gives_stores_in_bounds_or_a_trap() -> Result<(), TypeError> {
    let (mut done, mut traps) = (0, 0);
    for seed in 0..3_000 {
        let random = &mut SmallRng::seed_from_u64(seed);
        let mut types = Types::new();
        let ty = random::ty(random, &mut types, 3)?;
        let func = types.add_func(vec![("a".into(), ty)], None)?;
        let arguments = [random::value(random, &types, ty)];
        for options in ALL {
            let mut memory = changing(random);
            let mut handles = Table::default();
            let lowering = Lowering::params(&types, options, &types[func], &arguments);
            let outcome = lowering.and_then(|mut lowering| {
                while let Step::Realloc(_) = lowering.step(&mut memory, &mut handles)? {
                    lowering.allocated(word(random));
                }
                Ok(())
            });
            match outcome {
                Ok(()) => done += 1,
                // Every store is in the bounds that were checked.
                Err(error) => {
                    assert!(
                        matches!(error, Trap::Misaligned { .. } | Trap::OutOfBounds { .. }),
                        "seed {seed}: {error}"
                    );
                    traps += 1;
                }
            }
        }
    }
    assert!(done > 500 && traps > 500, "{done} done, {traps} traps");
    Ok(())
}

/// A list of lists that all name the same bytes is larger than any memory.
#[test]
fn a_guest_cannot_make_the_host_allocate_without_end() -> Result<(), TypeError> {
    let mut types = Types::new();
    let mut ty = ValType::U8;
    for _ in 0..8 {
        ty = types.add_list(ty)?;
    }
    let func = types.add_func(vec![("a".into(), ty)], None)?;
    // Each list has 8,192 elements, each of which is this same list.
    let mut memory = vec![0; 1 << 16];
    for pair in memory.chunks_exact_mut(8) {
        pair[4..].copy_from_slice(&8_192_u32.to_le_bytes());
    }
    let lifted = support::lift(
        &types,
        Options::default(),
        &types[func],
        &[0, 8_192],
        &memory[..],
        &mut Table::default(),
    );
    assert_eq!(lifted, Err(Trap::Budget(128 << 20)));
    Ok(())
}

/// A value that the host passes and that is not of the type is an error, wherever in it the mistake is.
#[test]
fn values_of_other_types_are_refused_on_the_way() -> Result<(), TypeError> {
    let mut refused = 0;
    for seed in 0..3_000 {
        let random = &mut SmallRng::seed_from_u64(seed);
        let mut types = Types::new();
        let (ty, other) = (random::ty(random, &mut types, 3)?, random::ty(random, &mut types, 3)?);
        let func = types.add_func(vec![("a".into(), ty)], None)?;
        let arguments = [random::value(random, &types, other)];
        let checked = weft_abi::check_arguments(&types, &types[func], &arguments);
        let lowered = Guest::new().lower(&types, Options::default(), &types[func], &arguments);
        assert_eq!(
            checked.is_ok(),
            lowered.is_ok(),
            "seed {seed}: {checked:?}, {lowered:?}"
        );
        refused += u32::from(checked.is_err());
    }
    assert!(refused > 2_000, "{refused}");
    let func = types_of_nothing()?;
    let lowered = Guest::new().lower(&func.0, Options::default(), &func.0[func.1], &[Val::U8(1)]);
    assert!(matches!(lowered, Err(Trap::Mismatch(_))));
    Ok(())
}

fn types_of_nothing() -> Result<(Types, weft_abi::FuncIndex), TypeError> {
    let mut types = Types::new();
    let func = types.add_func(vec![], None)?;
    Ok((types, func))
}
