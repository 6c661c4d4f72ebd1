//! Lifts values from core values.
//!
//! A variant passes each payload in core types that are wide enough for all its cases. This code keeps core values as bits, and
//! the low bits of a wider value are those of the narrower one, so it converts nothing.

use super::Lifter;
use crate::float::{canonical32, canonical64};
use crate::handles::Handles;
use crate::memory::GuestMemory;
use crate::trap::Trap;
use crate::types::{Labels, ValType};
use crate::val::Val;

impl<M: GuestMemory + ?Sized, H: Handles + ?Sized> Lifter<'_, M, H> {
    /// Lifts a value. `flat` begins with its core values.
    pub(super) fn flat(&mut self, ty: ValType, flat: &[u64]) -> Result<Val, Trap> {
        let types = self.types;
        let bits = *flat.first().ok_or(Trap::FlatValues)?;
        Ok(match ty {
            ValType::Bool => Val::Bool(bits as u32 != 0),
            ValType::S8 => Val::S8(bits as i8),
            ValType::U8 => Val::U8(bits as u8),
            ValType::S16 => Val::S16(bits as i16),
            ValType::U16 => Val::U16(bits as u16),
            ValType::S32 => Val::S32(bits as i32),
            ValType::U32 => Val::U32(bits as u32),
            ValType::S64 => Val::S64(bits as i64),
            ValType::U64 => Val::U64(bits),
            ValType::Float32 => Val::Float32(canonical32(f32::from_bits(bits as u32))),
            ValType::Float64 => Val::Float64(canonical64(f64::from_bits(bits))),
            ValType::Char => Self::char(bits as u32)?,
            ValType::String => {
                let (pointer, length) = self.flat_pair(flat)?;
                Val::String(self.string(pointer, length)?)
            }
            ValType::List(index) => {
                let (pointer, length) = self.flat_pair(flat)?;
                Val::List(self.list(types[index].element, pointer, length)?)
            }
            ValType::Map(index) => {
                let (pointer, length) = self.flat_pair(flat)?;
                Val::Map(self.map(&types[index], pointer, length)?)
            }
            ValType::FixedLengthList(index) => {
                let list = &types[index];
                self.budget.take_array::<Val>(list.length as usize)?;
                let elements = std::iter::repeat_n(list.element, list.length as usize);
                Val::FixedLengthList(self.flat_items(elements, flat)?)
            }
            ValType::Record(index) => {
                let mut flat = flat;
                let fields = &types[index].fields;
                self.budget.take_array::<(String, Val)>(fields.len())?;
                let mut values = Vec::with_capacity(fields.len());
                for field in fields {
                    let (own, rest) = self.split(field.item.ty, flat)?;
                    let name = self.name(&field.name)?;
                    values.push((name, self.flat(field.item.ty, own)?));
                    flat = rest;
                }
                Val::Record(values)
            }
            ValType::Tuple(index) => {
                let items = &types[index].items;
                self.budget.take_array::<Val>(items.len())?;
                Val::Tuple(self.flat_items(items.iter().map(|item| item.ty), flat)?)
            }
            ValType::Variant(index) => {
                let variant = &types[index];
                let (case, name) = self.case("variant", &variant.cases, bits as u32)?;
                let payload = variant.payloads.get(case).copied().flatten();
                Val::Variant(name, self.flat_payload(payload, flat)?)
            }
            ValType::Enum(index) => Val::Enum(self.case("enum", &types[index].cases, bits as u32)?.1),
            ValType::Option(index) => match bits as u32 {
                0 => Val::Option(None),
                1 => Val::Option(self.flat_payload(Some(types[index].some), flat)?),
                discriminant => return Err(invalid("option", discriminant)),
            },
            ValType::Result(index) => match bits as u32 {
                0 => Val::Result(Ok(self.flat_payload(types[index].ok, flat)?)),
                1 => Val::Result(Err(self.flat_payload(types[index].error, flat)?)),
                discriminant => return Err(invalid("expected", discriminant)),
            },
            ValType::Flags(index) => self.flags(&types[index].names, bits as u32)?,
            ValType::Own(ty) => Val::Resource(self.handles.lift_own(bits as u32, ty)?),
            ValType::Borrow(ty) => Val::Resource(self.handles.lift_borrow(bits as u32, ty)?),
            ValType::Unsupported(kind) => return Err(Trap::Unsupported(kind)),
        })
    }

    #[inline]
    pub(crate) fn flat_pair(&self, flat: &[u64]) -> Result<(u64, u64), Trap> {
        match flat {
            [pointer, length, ..] => Ok((self.pointer(*pointer), self.pointer(*length))),
            [] | [_] => Err(Trap::FlatValues),
        }
    }

    fn flat_items(&mut self, types: impl ExactSizeIterator<Item = ValType>, flat: &[u64]) -> Result<Vec<Val>, Trap> {
        let mut flat = flat;
        let mut values = Vec::with_capacity(types.len());
        for ty in types {
            let (own, rest) = self.split(ty, flat)?;
            values.push(self.flat(ty, own)?);
            flat = rest;
        }
        Ok(values)
    }

    fn flat_payload(&mut self, ty: Option<ValType>, flat: &[u64]) -> Result<Option<Box<Val>>, Trap> {
        let Some(ty) = ty else {
            return Ok(None);
        };
        let payload = self.flat(ty, flat.get(1..).ok_or(Trap::FlatValues)?)?;
        self.boxed(payload)
    }

    /// The position and the name of a case.
    pub(super) fn case(
        &mut self,
        kind: &'static str,
        cases: &Labels,
        discriminant: u32,
    ) -> Result<(usize, String), Trap> {
        let name = cases.get(discriminant).ok_or(Trap::Discriminant {
            kind,
            discriminant,
            cases: cases.len(),
        })?;
        Ok((discriminant as usize, self.name(name)?))
    }
}

/// The trap of an option or a result.
pub(super) const fn invalid(kind: &'static str, discriminant: u32) -> Trap {
    Trap::Discriminant {
        kind,
        discriminant,
        cases: 2,
    }
}
