//! Rounds of calls through one component on both runtimes.

use crate::convert::{stand_in, with_resources};
use crate::generate::{Signature, signature};
use crate::text::{CALLS, FLAT, GIVEN, HEAP, LENT, RESULT, SIZE};
use crate::traps::agree;
use crate::{ours, random, text, theirs};
use rand::{Rng, RngExt};
use weft_abi::types::FlatType;
use weft_abi::{AddressWidth, Val};
use weft_tests::values::without_odd_nans;

pub struct Engines {
    ours: weft_parallel::Engine,
    theirs: wasmtime::Engine,
}

impl Engines {
    pub fn new() -> Engines {
        Engines {
            ours: ours::engine(),
            theirs: theirs::engine(),
        }
    }
}

/// What has been compared.
#[derive(Debug, Default)]
pub struct Counts {
    pub components: u64,
    pub rounds: u64,
    /// Results that were equal.
    pub values: u64,
    pub traps: u64,
    /// Rounds through components that pass handles.
    pub handles: u64,
    /// Rounds through components whose parameters or results go through memory.
    pub spilled: u64,
    /// Rounds that only weft's runtime can run.
    pub wide: u64,
}

/// The sides of one component. Wasmtime's is missing for a memory with 64-bit addresses.
struct Sides {
    ours: ours::Side,
    theirs: Option<theirs::Side>,
}

struct Programs {
    ours: ours::Program,
    theirs: Option<theirs::Program>,
}

impl Programs {
    fn start(&self) -> Result<Sides, String> {
        Ok(Sides {
            ours: self.ours.start()?,
            theirs: self.theirs.as_ref().map(theirs::Program::start).transpose()?,
        })
    }
}

/// What a call came to: a value, or a trap. Both sides came to the same.
type Outcome = Result<Option<Val>, String>;

impl Sides {
    /// Calls an export on both sides.
    fn call(&mut self, export: &str, arguments: &[Val]) -> Result<Outcome, String> {
        let ours = self.ours.call(export, arguments);
        let Some(side) = &mut self.theirs else {
            return Ok(ours);
        };
        let theirs = side.call(export, arguments);
        match (&ours, &theirs) {
            (Ok(one), Ok(other)) if one == other => Ok(ours),
            (Err(one), Err(other)) if agree(one, other) => Ok(ours),
            _ => Err(format!("`{export}({arguments:?})`: weft {ours:?}, Wasmtime {theirs:?}")),
        }
    }

    /// The same memory, and the same arguments of the host's function.
    fn check(&mut self, after: &str) -> Result<Vec<Val>, String> {
        let given = self.ours.given();
        if let Some(theirs) = &mut self.theirs {
            let other = theirs.given();
            if given != other {
                return Err(format!("`h` was given {given:?}, and on Wasmtime {other:?}"));
            }
        }
        if self.call("hash", &[]).is_ok() {
            return Ok(given);
        }
        for at in (0..SIZE).step_by(8) {
            let word = self.call("word", &[Val::U32(at)]);
            drop(word.map_err(|error| format!("after {after}: {error}"))?);
        }
        Err("the memories differ, and no word of them does".into())
    }
}

/// Generates a component and runs it. Nothing is counted if the engine has no functions of its types.
pub fn component(engines: &Engines, random: &mut impl Rng, rounds: u32, counts: &mut Counts) -> Result<(), String> {
    let Some(signature) = signature(random).map_err(|error| error.to_string())? else {
        return Ok(());
    };
    let (text, is_spilled) = text::component(&signature);
    let explain = |error: String| format!("{error}\n{text}");
    let binary = wat::parse_str(&text).map_err(|error| explain(error.to_string()))?;
    let echoed = usize::from(signature.borrows);
    let theirs = match signature.options.width {
        AddressWidth::W32 => Some(theirs::Program::new(&engines.theirs, &binary, echoed).map_err(explain)?),
        AddressWidth::W64 => None,
    };
    let programs = Programs {
        ours: ours::Program::new(&engines.ours, &binary, echoed).map_err(explain)?,
        theirs,
    };
    counts.components += 1;
    let mut sides = programs.start().map_err(explain)?;
    for _ in 0..rounds {
        counts.rounds += 1;
        counts.spilled += u64::from(is_spilled);
        counts.handles += u64::from(text.contains("(own $r)"));
        counts.wide += u64::from(programs.theirs.is_none());
        match round(&signature, random, &mut sides).map_err(explain)? {
            Ok(values) => counts.values += values,
            Err(_) => {
                counts.traps += 1;
                sides = programs.start().map_err(explain)?;
            }
        }
    }
    Ok(())
}

/// The number of equal results, or the trap with which the instances ended.
fn round(signature: &Signature, random: &mut impl Rng, sides: &mut Sides) -> Result<Result<u64, String>, String> {
    let Signature {
        types, func, options, ..
    } = signature;
    let func = &types[*func];
    let mut arguments = Vec::new();
    for param in &func.params {
        let mut value = random::value(random, types, param.item.ty);
        without_odd_nans(&mut value);
        arguments.push(with_resources(&value, &mut |_| stand_in(random.random_range(0..1000))));
    }
    macro_rules! call {
        ($export:expr, $arguments:expr) => {
            match sides.call($export, $arguments)? {
                Ok(value) => value,
                Err(trap) => return Ok(Err(trap)),
            }
        };
    }
    call!("reset", &[]);
    call!("f", &arguments);
    sides.check("f")?;

    let changes = [0, 0, 1, 3][random.random_range(0..4)];
    for _ in 0..changes {
        let at = match random.random_range(0..4) {
            0 => random.random_range(FLAT..FLAT + 0x40),
            1 => random.random_range(HEAP..CALLS),
            _ => random.random_range(HEAP..HEAP + 0x80),
        };
        call!("poke", &[Val::U32(at), Val::U32(byte(random))]);
    }
    if signature.borrows {
        call!("poke", &[Val::U32(LENT), Val::U32(random.random_range(0..4))]);
    }
    call!("call", &[]);
    let given = sides.check("call")?;
    let echoed = usize::from(signature.borrows);
    if changes == 0 && given[echoed..] != arguments[echoed..] {
        return Err(format!("`h` was given {given:?} in place of {arguments:?}"));
    }

    let changes = [0, 0, 0, 1][random.random_range(0..4)];
    for _ in 0..changes {
        let at = random.random_range(RESULT..RESULT + 0x20);
        call!("poke", &[Val::U32(at), Val::U32(byte(random))]);
    }
    let Some(Val::U64(bits)) = call!("word", &[Val::U32(GIVEN)]) else {
        return Err("`word` gives no word".into());
    };
    let in_memory = match (random.random_ratio(1, 10), options.width) {
        (true, AddressWidth::W32) => Val::U32(random.random_range(0..0x1_1000)),
        (true, AddressWidth::W64) => Val::U64(random.random_range(0..0x1_1000)),
        (false, AddressWidth::W32) => Val::U32(RESULT),
        (false, AddressWidth::W64) => Val::U64(RESULT.into()),
    };
    let passed = match func.flat_result(options.width).and_then(|flat| flat.first()) {
        Some(FlatType::I32) => Val::U32(bits as u32),
        Some(FlatType::I64) => Val::U64(bits),
        Some(FlatType::F32) => Val::Float32(f32::from_bits(bits as u32)),
        Some(FlatType::F64) => Val::Float64(f64::from_bits(bits)),
        None => in_memory,
    };
    let regular = changes == 0 && matches!(passed, Val::U32(RESULT) | Val::U64(0xd000));
    let result = call!("g", &[passed]);
    sides.check("g")?;
    let expected = with_resources(&given[echoed], &mut |_| stand_in(0));
    if regular && result.as_ref() != Some(&expected) {
        return Err(format!("`g` gives {result:?} in place of {given:?}"));
    }
    Ok(Ok(1))
}

/// Bytes that are often wrong, and often right.
fn byte(random: &mut impl Rng) -> u32 {
    let some = [random.random_range(0..256), 0, 1, 8, 0xff];
    some[random.random_range(0..some.len())]
}
