//! Lifting: from core values and a guest's memory to values.
//!
//! **Problem.** Threads that run in parallel write the memory while the host reads it. **Here,** each region to which a
//! pointer points is copied once, and pointers, lengths, discriminants and text are read from the copy. If two pointers
//! point to one region, it is copied twice, and the two values may differ, as with two reads by a guest.
//!
//! The traps are the specification's, in its order, and one of weft: see [`Budget`].
//!
//! Specification: [loading](https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#loading),
//! [flat lifting](https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#flat-lifting).

mod flat;
mod load;
pub(crate) mod text;

use crate::AddressWidth;
use crate::handles::Handles;
use crate::memory::GuestMemory;
use crate::options::Options;
use crate::trap::{Budget, Region, Trap};
use crate::types::{Discriminant, FuncType, Layout, Types, ValType};
use crate::val::Val;

/// Lifts the values of one call.
#[derive(Debug)]
pub struct Lifter<'a, M: ?Sized, H: ?Sized> {
    /// The types to which all indices refer.
    pub types: &'a Types,
    /// The options of the function.
    pub options: Options,
    /// The memory of the function. Pass an empty one if it has none.
    pub memory: &'a M,
    /// The guest's handles.
    pub handles: &'a mut H,
    /// What the host may allocate.
    pub budget: &'a mut Budget,
}

impl<M: GuestMemory + ?Sized, H: Handles + ?Sized> Lifter<'_, M, H> {
    /// Lifts the arguments of a call by the guest. `flat` begins with the core values that it passes.
    pub fn params(&mut self, func: &FuncType, flat: &[u64]) -> Result<Vec<Val>, Trap> {
        let width = self.options.width;
        self.budget.take_array::<Val>(func.params.len())?;
        let mut values = Vec::with_capacity(func.params.len());
        if func.flat_params(width).is_some() {
            let mut flat = flat;
            for param in &func.params {
                let (own, rest) = self.split(param.item.ty, flat)?;
                values.push(self.flat(param.item.ty, own)?);
                flat = rest;
            }
        } else {
            let bytes = self.spilled(func.params_layout(), flat)?;
            for param in &func.params {
                let at = param.item.offset(width);
                values.push(self.load(param.item.ty, part(&bytes, at)?)?);
            }
        }
        Ok(values)
    }

    /// Lifts the result of a call by the host.
    pub fn result(&mut self, func: &FuncType, flat: &[u64]) -> Result<Option<Val>, Trap> {
        let Some(ty) = func.result else {
            return Ok(None);
        };
        self.budget.take_array::<Val>(1)?;
        if func.flat_result(self.options.width).is_some() {
            return Ok(Some(self.flat(ty, flat)?));
        }
        let bytes = self.spilled(func.result_layout(), flat)?;
        Ok(Some(self.load(ty, &bytes)?))
    }

    /// Copies values that the guest has stored.
    #[inline]
    pub(crate) fn spilled(&mut self, layout: &Layout, flat: &[u64]) -> Result<Vec<u8>, Trap> {
        let width = self.options.width;
        let pointer = self.pointer(*flat.first().ok_or(Trap::FlatValues)?);
        let size = layout.size(width);
        Region::Values.check(pointer, size.into(), layout.align(width), self.memory.size())?;
        self.budget.take(size as usize)?;
        Ok(self.memory.read_vec(pointer, size as usize)?)
    }

    /// The core values of a type, and the others.
    fn split<'f>(&self, ty: ValType, flat: &'f [u64]) -> Result<(&'f [u64], &'f [u64]), Trap> {
        let own = self.types.layout(ty).flat(self.options.width);
        let count = own.ok_or(Trap::FlatValues)?.len();
        flat.split_at_checked(count).ok_or(Trap::FlatValues)
    }

    /// A core value as a pointer or a length.
    #[inline]
    const fn pointer(&self, value: u64) -> u64 {
        match self.options.width {
            AddressWidth::W32 => value & 0xffff_ffff,
            AddressWidth::W64 => value,
        }
    }

    fn char(value: u32) -> Result<Val, Trap> {
        char::from_u32(value).map(Val::Char).ok_or(Trap::Char(value))
    }

    /// The names of the flags that are set. Other bits mean nothing.
    fn flags(&mut self, names: &crate::types::Labels, bits: u32) -> Result<Val, Trap> {
        let mut set = Vec::new();
        for (position, name) in names.iter().enumerate() {
            if bits & (1 << position) != 0 {
                self.budget.take(size_of::<String>() + name.len())?;
                set.push(name.to_owned());
            }
        }
        Ok(Val::Flags(set))
    }

    /// A copy of a name.
    fn name(&mut self, name: &str) -> Result<String, Trap> {
        self.budget.take(name.len())?;
        Ok(name.to_owned())
    }

    fn boxed(&mut self, value: Val) -> Result<Option<Box<Val>>, Trap> {
        self.budget.take_array::<Val>(1)?;
        Ok(Some(Box::new(value)))
    }
}

/// The bytes from an offset on.
pub(crate) fn part(bytes: &[u8], offset: u32) -> Result<&[u8], Trap> {
    bytes.get(offset as usize..).ok_or(Trap::FlatValues)
}

pub(crate) fn discriminant_of(discriminant: Discriminant, bytes: &[u8]) -> Result<u32, Trap> {
    Ok(match discriminant {
        Discriminant::U8 => u8::from_le_bytes(first(bytes)?).into(),
        Discriminant::U16 => u16::from_le_bytes(first(bytes)?).into(),
        Discriminant::U32 => u32::from_le_bytes(first(bytes)?),
    })
}

/// The first bytes. There are enough: a layout is as long as its parts.
pub(crate) fn first<const N: usize>(bytes: &[u8]) -> Result<[u8; N], Trap> {
    bytes.first_chunk().copied().ok_or(Trap::FlatValues)
}
