//! Generates the parts of a component: the types of its functions, and how values are passed.

use crate::random;
use crate::text::RESULT_SIZE;
use rand::{Rng, RngExt};
use weft_abi::types::Types;
use weft_abi::{AddressWidth, FuncIndex, Options, ResourceIndex, TypeError, ValType};
use weft_tests::types::{ENCODINGS, passes};

/// The type of the component's functions.
pub struct Signature {
    pub types: Types,
    /// All have these parameters, and the type of the second one is the result's.
    pub func: FuncIndex,
    pub options: Options,
    /// The first parameter is a handle that is borrowed, and the second one a handle that is passed on.
    pub borrows: bool,
}

/// `None` if the engine has no such functions.
pub fn signature(random: &mut impl Rng) -> Result<Option<Signature>, TypeError> {
    let mut types = Types::new();
    let borrows = random.random_ratio(1, 6);
    let mut params = match borrows {
        true => vec![ValType::Borrow(ResourceIndex(0)), ValType::Own(ResourceIndex(0))],
        false => Vec::new(),
    };
    for _ in 0..random.random_range(1..5) {
        let depth = random.random_range(0..6);
        params.push(random::ty(random, &mut types, depth)?);
    }
    let result = params[usize::from(borrows)];
    let own = usize::from(borrows);
    if !params[own..].iter().all(|ty| passes(&types, *ty)) {
        return Ok(None);
    }
    let names = random::names(params.len());
    let func = types.add_func(names.into_iter().zip(params).collect(), Some(result))?;
    let options = Options {
        width: match random.random_ratio(1, 6) {
            true => AddressWidth::W64,
            false => AddressWidth::W32,
        },
        encoding: ENCODINGS[random.random_range(0..ENCODINGS.len())],
    };
    let ty = &types[func];
    let fits = ty.result_layout().size(options.width) <= RESULT_SIZE;
    // The core function drops the handle, so the handle must be a core value.
    let drops = !borrows || ty.flat_params(options.width).is_some();
    Ok((fits && drops).then_some(Signature {
        types,
        func,
        options,
        borrows,
    }))
}
