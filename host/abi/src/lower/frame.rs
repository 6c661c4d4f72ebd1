//! The parts of a value that is being lowered, one after the other, with the place of each.

use super::place::Place;
use super::scalar::{position, scalar};
use crate::AddressWidth;
use crate::check::Mismatch;
use crate::handles::Handles;
use crate::trap::Trap;
use crate::types::{Field, FuncType, Item, Map, Param, Types, ValType, VariantForm};
use crate::val::Val;
use std::slice::Iter;

/// The parts that are still to be lowered.
#[derive(Debug)]
pub(super) enum Parts<'a> {
    Params(Iter<'a, Param>, Iter<'a, Val>),
    Fields(Iter<'a, Field>, Iter<'a, (String, Val)>),
    Items(Iter<'a, Item>, Iter<'a, Val>),
    Elements(ValType, Iter<'a, Val>),
    /// Entries, and the value of the entry whose key is lowered already.
    Entries(&'a Map, Iter<'a, (Val, Val)>, Option<&'a Val>),
    One(Option<(ValType, &'a Val)>),
    /// The pointer to a list and its length, after its elements.
    Pair(Option<(u64, u64)>),
}

/// A part.
#[derive(Debug)]
pub(super) enum Part<'a> {
    Value(ValType, &'a Val),
    Pair(u64, u64),
}

/// How a value of several cases is stored: which one it is, and where its payload goes.
pub(super) type Case<'a> = (u32, &'a VariantForm);

impl<'a> Parts<'a> {
    pub(super) fn params(func: &'a FuncType, arguments: &'a [Val]) -> Parts<'a> {
        Parts::Params(func.params.iter(), arguments.iter())
    }

    pub(super) fn entries(map: &'a Map, entries: &'a [(Val, Val)]) -> Parts<'a> {
        Parts::Entries(map, entries.iter(), None)
    }

    /// The parts of a compound value, and its case.
    pub(super) fn of(types: &'a Types, ty: ValType, value: &'a Val) -> Result<(Option<Case<'a>>, Parts<'a>), Trap> {
        let case = |discriminant, form, ty: Option<ValType>, payload: &'a Option<Box<Val>>| {
            let part = match (ty, payload) {
                (None, None) => None,
                (Some(ty), Some(value)) => Some((ty, &**value)),
                (None, Some(_)) | (Some(_), None) => return Err(mismatch(types, ty, value)),
            };
            Ok((Some((discriminant, form)), Parts::One(part)))
        };
        let mismatch = |_| Err(Trap::from(Mismatch::kind(types, ty, value)));
        match (ty, value) {
            (ValType::Record(index), Val::Record(values)) => {
                let fields = &types[index].fields;
                let same = |(field, (name, _)): (&Field, &(String, Val))| field.name == *name;
                if fields.len() != values.len() || !fields.iter().zip(values).all(same) {
                    return mismatch(());
                }
                Ok((None, Parts::Fields(fields.iter(), values.iter())))
            }
            (ValType::Tuple(index), Val::Tuple(values)) if types[index].items.len() == values.len() => {
                Ok((None, Parts::Items(types[index].items.iter(), values.iter())))
            }
            (ValType::FixedLengthList(index), Val::FixedLengthList(elements))
                if types[index].length as usize == elements.len() =>
            {
                Ok((None, Parts::Elements(types[index].element, elements.iter())))
            }
            (ValType::Variant(index), Val::Variant(name, payload)) => {
                let variant = &types[index];
                let discriminant = position(&variant.cases, name)?;
                let ty = variant.payloads.get(discriminant as usize).copied().flatten();
                case(discriminant, &variant.form, ty, payload)
            }
            (ValType::Enum(index), Val::Enum(name)) => {
                let ty = &types[index];
                case(position(&ty.cases, name)?, &ty.form, None, &None)
            }
            (ValType::Option(index), Val::Option(payload)) => {
                let ty = &types[index];
                let some = payload.is_some();
                case(some.into(), &ty.form, some.then_some(ty.some), payload)
            }
            (ValType::Result(index), Val::Result(result)) => {
                let ty = &types[index];
                match result {
                    Ok(payload) => case(0, &ty.form, ty.ok, payload),
                    Err(payload) => case(1, &ty.form, ty.error, payload),
                }
            }
            (_, _) => mismatch(()),
        }
    }
}

fn mismatch(types: &Types, ty: Option<ValType>, value: &Val) -> Trap {
    Trap::from(match ty {
        Some(ty) => Mismatch::new(format!("expected {}, found no payload", types.display(ty))),
        None => Mismatch::new(format!("expected no payload, found one in a {}", value.kind())),
    })
}

/// Parts of a value, and where the next one goes, or where the whole begins.
#[derive(Debug)]
pub(super) struct Frame<'a> {
    parts: Parts<'a>,
    place: Place,
}

impl<'a> Frame<'a> {
    pub(super) const fn new(parts: Parts<'a>, place: Place) -> Frame<'a> {
        Frame { parts, place }
    }

    /// Lowers parameters that take one core value each, as far as there are any in front. Most calls have no others.
    #[inline]
    pub(super) fn scalars<H: Handles + ?Sized>(
        &mut self,
        types: &Types,
        flat: &mut [u64],
        handles: &mut H,
    ) -> Result<(), Trap> {
        let (Parts::Params(params, values), Place::Flat(slot)) = (&mut self.parts, &mut self.place) else {
            return Ok(());
        };
        while let (Some(param), Some(value)) = (params.as_slice().first(), values.as_slice().first()) {
            if matches!(param.item.ty, ValType::String | ValType::List(_) | ValType::Map(_)) {
                return Ok(());
            }
            let Some((bits, _)) = scalar(types, param.item.ty, value, handles)? else {
                return Ok(());
            };
            *flat.get_mut(*slot).ok_or(Trap::FlatValues)? = bits;
            *slot += 1;
            params.next();
            values.next();
        }
        Ok(())
    }

    /// The next part.
    pub(super) fn next(&mut self, types: &Types, width: AddressWidth) -> Option<(Part<'a>, Place)> {
        let place = &mut self.place;
        match &mut self.parts {
            Parts::Params(params, values) => {
                let (param, value) = params.next().zip(values.next())?;
                Some(item(types, width, place, &param.item, value))
            }
            Parts::Fields(fields, values) => {
                let (field, (_, value)) = fields.next().zip(values.next())?;
                Some(item(types, width, place, &field.item, value))
            }
            Parts::Items(items, values) => {
                let (part, value) = items.next().zip(values.next())?;
                Some(item(types, width, place, part, value))
            }
            Parts::Elements(ty, values) => {
                let value = values.next()?;
                let at = *place;
                match place {
                    Place::Flat(slot) => *slot += slots(types, width, *ty),
                    Place::Memory(address) => *address += u64::from(types.layout(*ty).size(width)),
                }
                Some((Part::Value(*ty, value), at))
            }
            Parts::Entries(map, entries, half) => {
                let (part, value) = match half.take() {
                    Some(value) => (&map.value, value),
                    None => {
                        let (key, value) = entries.next()?;
                        *half = Some(value);
                        (&map.key, key)
                    }
                };
                let placed = item(types, width, place, part, value);
                if let (None, Place::Memory(address)) = (half, place) {
                    *address += u64::from(map.entry.size(width));
                }
                Some(placed)
            }
            Parts::One(one) => {
                let (ty, value) = one.take()?;
                Some((Part::Value(ty, value), *place))
            }
            Parts::Pair(pair) => {
                let (pointer, length) = pair.take()?;
                Some((Part::Pair(pointer, length), *place))
            }
        }
    }
}

/// How many core values a type takes.
fn slots(types: &Types, width: AddressWidth, ty: ValType) -> usize {
    types.layout(ty).flat(width).map_or(0, |flat| flat.len())
}

/// A part that has a place of its own within the whole.
fn item<'a>(types: &Types, width: AddressWidth, place: &mut Place, item: &Item, value: &'a Val) -> (Part<'a>, Place) {
    let at = match place {
        Place::Flat(slot) => {
            let at = *slot;
            *slot += slots(types, width, item.ty);
            Place::Flat(at)
        }
        Place::Memory(address) => Place::Memory(*address + u64::from(item.offset(width))),
    };
    (Part::Value(item.ty, value), at)
}
