//! What a component is made of: the types of its functions, and how they are passed.

use crate::random;
use crate::text::RESULT_SIZE;
use rand::{Rng, RngExt};
use weft_abi::types::Types;
use weft_abi::{AddressWidth, FuncIndex, Options, ResourceIndex, StringEncoding, TypeError, ValType};

const ENCODINGS: [StringEncoding; 3] = [
    StringEncoding::Utf8,
    StringEncoding::Utf16,
    StringEncoding::Latin1OrUtf16,
];

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

/// Whether values of the type can be parameters and results.
fn passes(types: &Types, ty: ValType) -> bool {
    let all = |mut parts: &mut dyn Iterator<Item = ValType>| Iterator::all(&mut parts, |ty| passes(types, ty));
    match ty {
        ValType::Borrow(_) | ValType::Unsupported(_) => false,
        ValType::Map(index) => {
            let map = &types[index];
            let is_key = !matches!(
                map.key.ty,
                ValType::Float32 | ValType::Float64 | ValType::Own(_) | ValType::Borrow(_)
            );
            is_key && all(&mut [map.key.ty, map.value.ty].into_iter())
        }
        ValType::List(index) => passes(types, types[index].element),
        ValType::FixedLengthList(index) => passes(types, types[index].element),
        ValType::Record(index) => all(&mut types[index].fields.iter().map(|field| field.item.ty)),
        ValType::Tuple(index) => all(&mut types[index].items.iter().map(|item| item.ty)),
        ValType::Variant(index) => all(&mut types[index].payloads.iter().copied().flatten()),
        ValType::Option(index) => passes(types, types[index].some),
        ValType::Result(index) => {
            let parts = [types[index].ok, types[index].error];
            all(&mut parts.into_iter().flatten())
        }
        ValType::Bool
        | ValType::S8
        | ValType::U8
        | ValType::S16
        | ValType::U16
        | ValType::S32
        | ValType::U32
        | ValType::S64
        | ValType::U64
        | ValType::Float32
        | ValType::Float64
        | ValType::Char
        | ValType::String
        | ValType::Enum(_)
        | ValType::Flags(_)
        | ValType::Own(_) => true,
    }
}
