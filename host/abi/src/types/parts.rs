//! The types that a type is made of.
//!
//! **Problem.** All code that walks types needs the same list of which types have parts, and which parts. **Here** is
//! that list.

use super::{Field, Item, Types, ValType};

/// The parts of a type, by position. A case without a payload has a position and no type.
enum PartTypes<'t> {
    Fields(&'t [Field]),
    Items(&'t [Item]),
    Payloads(&'t [Option<ValType>]),
    /// At most two.
    Two([Option<ValType>; 2]),
}

impl<'t> PartTypes<'t> {
    #[inline]
    fn of(types: &'t Types, ty: ValType) -> PartTypes<'t> {
        match ty {
            ValType::Record(index) => PartTypes::Fields(&types[index].fields),
            ValType::Tuple(index) => PartTypes::Items(&types[index].items),
            ValType::Variant(index) => PartTypes::Payloads(&types[index].payloads),
            ValType::Option(index) => PartTypes::Two([Some(types[index].some), None]),
            ValType::Result(index) => PartTypes::Two([types[index].ok, types[index].error]),
            ValType::List(index) => PartTypes::Two([Some(types[index].element), None]),
            ValType::FixedLengthList(index) => PartTypes::Two([Some(types[index].element), None]),
            ValType::Map(index) => PartTypes::Two([Some(types[index].key.ty), Some(types[index].value.ty)]),
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
            | ValType::Own(_)
            | ValType::Borrow(_)
            | ValType::Unsupported(_) => PartTypes::Two([None, None]),
        }
    }

    fn len(&self) -> usize {
        match self {
            PartTypes::Fields(fields) => fields.len(),
            PartTypes::Items(items) => items.len(),
            PartTypes::Payloads(payloads) => payloads.len(),
            PartTypes::Two(parts) => parts.len(),
        }
    }

    #[inline]
    fn get(&self, position: usize) -> Option<ValType> {
        match self {
            PartTypes::Fields(fields) => fields.get(position).map(|field| field.item.ty),
            PartTypes::Items(items) => items.get(position).map(|item| item.ty),
            PartTypes::Payloads(payloads) => payloads.get(position).copied().flatten(),
            PartTypes::Two(parts) => parts.get(position).copied().flatten(),
        }
    }
}

impl Types {
    /// The type of the field, item, payload or element at a position. Lists and options have one part, at position 0, and maps two.
    /// `None` if the type has no such part, or the case there has no payload.
    #[inline]
    pub fn part(&self, ty: ValType, position: usize) -> Option<ValType> {
        PartTypes::of(self, ty).get(position)
    }

    /// The types of all parts of a type, in their order.
    pub fn parts(&self, ty: ValType) -> impl Iterator<Item = ValType> {
        let parts = PartTypes::of(self, ty);
        (0..parts.len()).filter_map(move |position| parts.get(position))
    }
}
