//! Lifts values from bytes that were copied from a guest's memory.

use super::flat::invalid;
use super::{Lifter, discriminant_of, first, part};
use crate::AddressWidth;
use crate::float::{canonical32, canonical64};
use crate::handles::Handles;
use crate::memory::GuestMemory;
use crate::trap::{Region, Trap};
use crate::types::{Map, Number, ValType, VariantForm};
use crate::val::Val;

impl<M: GuestMemory + ?Sized, H: Handles + ?Sized> Lifter<'_, M, H> {
    /// Lifts a value. `bytes` begins with its bytes.
    pub(super) fn load(&mut self, ty: ValType, bytes: &[u8]) -> Result<Val, Trap> {
        let types = self.types;
        let width = self.options.width;
        Ok(match ty {
            ValType::Bool => Val::Bool(u8::from_le_bytes(first(bytes)?) != 0),
            ValType::S8 => Val::S8(i8::from_le_bytes(first(bytes)?)),
            ValType::U8 => Val::U8(u8::from_le_bytes(first(bytes)?)),
            ValType::S16 => Val::S16(i16::from_le_bytes(first(bytes)?)),
            ValType::U16 => Val::U16(u16::from_le_bytes(first(bytes)?)),
            ValType::S32 => Val::S32(i32::from_le_bytes(first(bytes)?)),
            ValType::U32 => Val::U32(u32::from_le_bytes(first(bytes)?)),
            ValType::S64 => Val::S64(i64::from_le_bytes(first(bytes)?)),
            ValType::U64 => Val::U64(u64::from_le_bytes(first(bytes)?)),
            ValType::Float32 => Val::Float32(canonical32(f32::from_le_bytes(first(bytes)?))),
            ValType::Float64 => Val::Float64(canonical64(f64::from_le_bytes(first(bytes)?))),
            ValType::Char => Self::char(u32::from_le_bytes(first(bytes)?))?,
            ValType::String => {
                let (pointer, length) = self.pair(bytes)?;
                Val::String(self.string(pointer, length)?)
            }
            ValType::List(index) => {
                let (pointer, length) = self.pair(bytes)?;
                Val::List(self.list(types[index].element, pointer, length)?)
            }
            ValType::Map(index) => {
                let (pointer, length) = self.pair(bytes)?;
                Val::Map(self.map(&types[index], pointer, length)?)
            }
            ValType::FixedLengthList(index) => {
                let list = &types[index];
                Val::FixedLengthList(self.elements(list.element, list.length as usize, bytes)?)
            }
            ValType::Record(index) => {
                let fields = &types[index].fields;
                self.budget.take_array::<(String, Val)>(fields.len())?;
                let mut values = Vec::with_capacity(fields.len());
                for field in fields {
                    let bytes = part(bytes, field.item.offset(width))?;
                    let name = self.name(&field.name)?;
                    values.push((name, self.load(field.item.ty, bytes)?));
                }
                Val::Record(values)
            }
            ValType::Tuple(index) => {
                let items = &types[index].items;
                self.budget.take_array::<Val>(items.len())?;
                let mut values = Vec::with_capacity(items.len());
                for item in items {
                    values.push(self.load(item.ty, part(bytes, item.offset(width))?)?);
                }
                Val::Tuple(values)
            }
            ValType::Variant(index) => {
                let variant = &types[index];
                let discriminant = discriminant_of(variant.form.discriminant, bytes)?;
                let (case, name) = self.case("variant", &variant.cases, discriminant)?;
                let payload = variant.payloads.get(case).copied().flatten();
                Val::Variant(name, self.payload(&variant.form, payload, bytes)?)
            }
            ValType::Enum(index) => {
                let ty = &types[index];
                let discriminant = discriminant_of(ty.form.discriminant, bytes)?;
                Val::Enum(self.case("enum", &ty.cases, discriminant)?.1)
            }
            ValType::Option(index) => {
                let ty = &types[index];
                match discriminant_of(ty.form.discriminant, bytes)? {
                    0 => Val::Option(None),
                    1 => Val::Option(self.payload(&ty.form, Some(ty.some), bytes)?),
                    discriminant => return Err(invalid("option", discriminant)),
                }
            }
            ValType::Result(index) => {
                let ty = &types[index];
                match discriminant_of(ty.form.discriminant, bytes)? {
                    0 => Val::Result(Ok(self.payload(&ty.form, ty.ok, bytes)?)),
                    1 => Val::Result(Err(self.payload(&ty.form, ty.error, bytes)?)),
                    discriminant => return Err(invalid("expected", discriminant)),
                }
            }
            ValType::Flags(index) => {
                let flags = &types[index];
                let bits = match flags.layout.size(width) {
                    1 => u8::from_le_bytes(first(bytes)?).into(),
                    2 => u16::from_le_bytes(first(bytes)?).into(),
                    _ => u32::from_le_bytes(first(bytes)?),
                };
                self.flags(&flags.names, bits)?
            }
            ValType::Own(ty) => Val::Resource(self.handles.lift_own(u32::from_le_bytes(first(bytes)?), ty)?),
            ValType::Borrow(ty) => Val::Resource(self.handles.lift_borrow(u32::from_le_bytes(first(bytes)?), ty)?),
            ValType::Unsupported(kind) => return Err(Trap::Unsupported(kind)),
        })
    }

    /// A pointer and a length.
    #[inline]
    pub(crate) fn pair(&self, bytes: &[u8]) -> Result<(u64, u64), Trap> {
        Ok(match self.options.width {
            AddressWidth::W32 => (
                u32::from_le_bytes(first(bytes)?).into(),
                u32::from_le_bytes(first(part(bytes, 4)?)?).into(),
            ),
            AddressWidth::W64 => (
                u64::from_le_bytes(first(bytes)?),
                u64::from_le_bytes(first(part(bytes, 8)?)?),
            ),
        })
    }

    fn payload(&mut self, form: &VariantForm, ty: Option<ValType>, bytes: &[u8]) -> Result<Option<Box<Val>>, Trap> {
        let Some(ty) = ty else {
            return Ok(None);
        };
        let payload = self.load(ty, part(bytes, form.payload_offset(self.options.width))?)?;
        self.boxed(payload)
    }

    /// Copies what a list or a map points to.
    pub(crate) fn region(
        &mut self,
        region: Region,
        pointer: u64,
        length: u64,
        size: u32,
        align: u32,
    ) -> Result<Vec<u8>, Trap> {
        let bytes = region.bytes(length, size)?;
        region.check(pointer, bytes, align, self.memory.size())?;
        // At most 2^28 bytes, so no length is cut.
        let bytes = bytes as usize;
        self.budget.take(bytes)?;
        Ok(self.memory.read_vec(pointer, bytes)?)
    }

    /// Lifts the elements of a list, given its pointer and length.
    pub(super) fn list(&mut self, element: ValType, pointer: u64, length: u64) -> Result<Vec<Val>, Trap> {
        let layout = self.types.layout(element);
        let (size, align) = (layout.size(self.options.width), layout.align(self.options.width));
        let bytes = self.region(Region::List, pointer, length, size, align)?;
        self.elements(element, length as usize, &bytes)
    }

    /// Lifts elements that stand side by side.
    fn elements(&mut self, element: ValType, length: usize, bytes: &[u8]) -> Result<Vec<Val>, Trap> {
        self.budget.take_array::<Val>(length)?;
        // Every bit pattern of a number is valid, so there is no check per element.
        macro_rules! numbers {
            ($read:expr) => {
                bytes
                    .as_chunks()
                    .0
                    .iter()
                    .copied()
                    .map($read)
                    .take(length)
                    .collect()
            };
        }
        Ok(match element.number() {
            Some(Number::U8) => numbers!(|[byte]: [u8; 1]| Val::U8(byte)),
            Some(Number::S8) => numbers!(|bytes| Val::S8(i8::from_le_bytes(bytes))),
            Some(Number::U16) => numbers!(|bytes| Val::U16(u16::from_le_bytes(bytes))),
            Some(Number::S16) => numbers!(|bytes| Val::S16(i16::from_le_bytes(bytes))),
            Some(Number::U32) => numbers!(|bytes| Val::U32(u32::from_le_bytes(bytes))),
            Some(Number::S32) => numbers!(|bytes| Val::S32(i32::from_le_bytes(bytes))),
            Some(Number::U64) => numbers!(|bytes| Val::U64(u64::from_le_bytes(bytes))),
            Some(Number::S64) => numbers!(|bytes| Val::S64(i64::from_le_bytes(bytes))),
            Some(Number::Float32) => numbers!(|bytes| Val::Float32(canonical32(f32::from_le_bytes(bytes)))),
            Some(Number::Float64) => numbers!(|bytes| Val::Float64(canonical64(f64::from_le_bytes(bytes)))),
            None => {
                let size = self.types.layout(element).size(self.options.width) as usize;
                let elements = bytes.chunks_exact(size).take(length);
                elements
                    .map(|bytes| self.load(element, bytes))
                    .collect::<Result<_, _>>()?
            }
        })
    }

    /// Lifts the entries of a map, given its pointer and length.
    pub(super) fn map(&mut self, map: &Map, pointer: u64, length: u64) -> Result<Vec<(Val, Val)>, Trap> {
        let width = self.options.width;
        let (size, align) = (map.entry.size(width), map.entry.align(width));
        let bytes = self.region(Region::Map, pointer, length, size, align)?;
        self.budget.take_array::<(Val, Val)>(length as usize)?;
        let mut entries = Vec::with_capacity(length as usize);
        for bytes in bytes.chunks_exact(size as usize) {
            let key = self.load(map.key.ty, part(bytes, map.key.offset(width))?)?;
            let value = self.load(map.value.ty, part(bytes, map.value.offset(width))?)?;
            entries.push((key, value));
        }
        Ok(entries)
    }
}
