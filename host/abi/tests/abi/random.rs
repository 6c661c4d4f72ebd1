//! Random types and values.

use rand::{Rng, RngExt};
use weft_abi::handles::TypeNumber;
use weft_abi::types::Types;
use weft_abi::{ResourceAny, ResourceIndex, TypeError, Val, ValType};

/// A type whose parts nest this deeply at most.
pub fn ty(random: &mut impl Rng, types: &mut Types, depth: u32) -> Result<ValType, TypeError> {
    let deeper = depth.saturating_sub(1);
    let kinds = if depth == 0 { 15 } else { 26 };
    Ok(match random.random_range(0..kinds) {
        0 => ValType::Bool,
        1 => ValType::S8,
        2 => ValType::U8,
        3 => ValType::S16,
        4 => ValType::U16,
        5 => ValType::S32,
        6 => ValType::U32,
        7 => ValType::S64,
        8 => ValType::U64,
        9 => ValType::Float32,
        10 => ValType::Float64,
        11 => ValType::Char,
        12 => ValType::String,
        13 => ValType::Own(ResourceIndex(0)),
        14 => ValType::Borrow(ResourceIndex(0)),
        15 | 16 => {
            let element = ty(random, types, deeper)?;
            types.add_list(element)?
        }
        17 => {
            let element = ty(random, types, deeper)?;
            types.add_fixed_length_list(element, random.random_range(1..5))?
        }
        18 => {
            let (key, value) = (ty(random, types, 0)?, ty(random, types, deeper)?);
            types.add_map(key, value)?
        }
        19 => {
            let count = random.random_range(1..5);
            let fields: Result<_, TypeError> = names(count)
                .into_iter()
                .map(|name| Ok((name, ty(random, types, deeper)?)))
                .collect();
            types.add_record(fields?)?
        }
        20 => {
            let count = random.random_range(1..5);
            let items: Result<_, TypeError> = (0..count).map(|_| ty(random, types, deeper)).collect();
            types.add_tuple(items?)?
        }
        21 => {
            let count = if random.random_ratio(1, 50) {
                300
            } else {
                random.random_range(1..5)
            };
            let cases: Result<_, TypeError> = names(count)
                .into_iter()
                .map(|name| Ok((name, payload(random, types, deeper)?)))
                .collect();
            types.add_variant(cases?)?
        }
        22 => {
            let count = if random.random_ratio(1, 50) {
                300
            } else {
                random.random_range(1..9)
            };
            types.add_enum(names(count))?
        }
        23 => {
            let some = ty(random, types, deeper)?;
            types.add_option(some)?
        }
        24 => {
            let (ok, error) = (payload(random, types, deeper)?, payload(random, types, deeper)?);
            types.add_result(ok, error)?
        }
        _ => types.add_flags(names(random.random_range(1..33)))?,
    })
}

fn payload(random: &mut impl Rng, types: &mut Types, depth: u32) -> Result<Option<ValType>, TypeError> {
    match random.random() {
        true => Ok(Some(ty(random, types, depth)?)),
        false => Ok(None),
    }
}

/// A value of the type.
pub fn value(random: &mut impl Rng, types: &Types, ty: ValType) -> Val {
    let some = |random: &mut _, ty: Option<ValType>| ty.and_then(|ty| boxed(value(random, types, ty)));
    match ty {
        ValType::Bool => Val::Bool(random.random()),
        ValType::S8 => Val::S8(random.random()),
        ValType::U8 => Val::U8(random.random()),
        ValType::S16 => Val::S16(random.random()),
        ValType::U16 => Val::U16(random.random()),
        ValType::S32 => Val::S32(random.random()),
        ValType::U32 => Val::U32(random.random()),
        ValType::S64 => Val::S64(random.random()),
        ValType::U64 => Val::U64(random.random()),
        // Any bits, so some are NaNs.
        ValType::Float32 => Val::Float32(f32::from_bits(random.random())),
        ValType::Float64 => Val::Float64(match random.random_ratio(1, 10) {
            true => f64::from_bits(random.random::<u64>() | 0x7ff0_0000_0000_0001),
            false => f64::from_bits(random.random()),
        }),
        ValType::Char => Val::Char(random.random()),
        ValType::String => Val::String(text(random)),
        ValType::List(index) => Val::List(list(random, types, types[index].element)),
        ValType::FixedLengthList(index) => {
            let list = &types[index];
            Val::FixedLengthList((0..list.length).map(|_| value(random, types, list.element)).collect())
        }
        ValType::Map(index) => {
            let (keys, values) = (types[index].key.ty, types[index].value.ty);
            let keys = list(random, types, keys);
            let entries = keys.into_iter().map(|key| (key, value(random, types, values)));
            Val::Map(entries.collect())
        }
        ValType::Record(index) => {
            let fields = types[index].fields.iter();
            Val::Record(
                fields
                    .map(|field| (field.name.clone(), value(random, types, field.item.ty)))
                    .collect(),
            )
        }
        ValType::Tuple(index) => {
            let items = types[index].items.iter();
            Val::Tuple(items.map(|item| value(random, types, item.ty)).collect())
        }
        ValType::Variant(index) => {
            let variant = &types[index];
            let case = random.random_range(0..variant.cases.len());
            let name = variant.cases.get(case as u32).unwrap_or_default();
            Val::Variant(name.to_owned(), some(random, variant.payloads[case]))
        }
        ValType::Enum(index) => {
            let cases = &types[index].cases;
            let name = cases.get(random.random_range(0..cases.len() as u32));
            Val::Enum(name.unwrap_or_default().to_owned())
        }
        ValType::Option(index) => Val::Option(match random.random() {
            true => boxed(value(random, types, types[index].some)),
            false => None,
        }),
        ValType::Result(index) => Val::Result(match random.random() {
            true => Ok(some(random, types[index].ok)),
            false => Err(some(random, types[index].error)),
        }),
        ValType::Flags(index) => {
            let names = types[index].names.iter();
            Val::Flags(names.filter(|_| random.random()).map(str::to_owned).collect())
        }
        ValType::Own(_) | ValType::Borrow(_) => {
            Val::Resource(ResourceAny::new(1, random.random(), TypeNumber::defined(0), true))
        }
        ValType::Unsupported(_) => unreachable!("`ty` makes none"),
    }
}

fn list(random: &mut impl Rng, types: &Types, element: ValType) -> Vec<Val> {
    (0..random.random_range(0..6))
        .map(|_| value(random, types, element))
        .collect()
}

/// ASCII, Latin-1, or any characters, so that each encoding finds what it guesses right and what it guesses wrong.
fn text(random: &mut impl Rng) -> String {
    let highest = [0x7f, 0xff, 0x2000, 0x10_ffff][random.random_range(0..4)];
    let characters = (0..random.random_range(0..20)).filter_map(|_| char::from_u32(random.random_range(0..=highest)));
    characters.collect()
}

pub fn boxed(value: Val) -> Option<Box<Val>> {
    Some(Box::new(value))
}

pub fn names(count: usize) -> Vec<String> {
    (0..count).map(|index| format!("n{index}")).collect()
}
