//! Lowering values that contain no string, list or map.

use super::Lowering;
use super::frame::{Case, Frame, Part, Parts};
use super::place::Place;
use super::scalar::scalar;
use crate::handles::Handles;
use crate::memory::GuestMemory;
use crate::trap::Trap;
use crate::types::ValType;
use crate::val::Val;

impl<'a> Lowering<'a> {
    /// Lowers a value that contains no pointer.
    pub(super) fn plain<M, H>(
        &mut self,
        ty: ValType,
        value: &'a Val,
        place: Place,
        memory: &mut M,
        handles: &mut H,
    ) -> Result<(), Trap>
    where
        M: GuestMemory + ?Sized,
        H: Handles + ?Sized,
    {
        if let Some((bits, size)) = scalar(self.types, ty, value, handles)? {
            return self.store(bits, size, place, memory);
        }
        let (case, parts) = Parts::of(self.types, ty, value)?;
        let place = match case {
            Some(case) => self.case(case, place, memory)?,
            None => place,
        };
        let mut frame = Frame::new(parts, place);
        while let Some((part, place)) = frame.next(self.types, self.options.width) {
            match part {
                Part::Value(ty, value) => self.plain(ty, value, place, memory, handles)?,
                Part::Pair(pointer, length) => self.pair(pointer, length, place, memory)?,
            }
        }
        Ok(())
    }

    /// Stores which case a value is, and says where its payload goes. Core values that a case does not use are zero.
    pub(super) fn case<M: GuestMemory + ?Sized>(
        &mut self,
        (discriminant, form): Case<'a>,
        place: Place,
        memory: &mut M,
    ) -> Result<Place, Trap> {
        self.store(discriminant.into(), form.discriminant.size() as usize, place, memory)?;
        Ok(match place {
            Place::Flat(slot) => Place::Flat(slot + 1),
            Place::Memory(address) => Place::Memory(address + u64::from(form.payload_offset(self.options.width))),
        })
    }

    /// Stores a pointer and a length.
    pub(super) fn pair<M: GuestMemory + ?Sized>(
        &mut self,
        pointer: u64,
        length: u64,
        place: Place,
        memory: &mut M,
    ) -> Result<(), Trap> {
        let size = self.options.width.bytes();
        let second = match place {
            Place::Flat(slot) => Place::Flat(slot + 1),
            Place::Memory(address) => Place::Memory(address + u64::from(size)),
        };
        self.store(pointer, size as usize, place, memory)?;
        self.store(length, size as usize, second, memory)
    }

    fn store<M: GuestMemory + ?Sized>(
        &mut self,
        bits: u64,
        size: usize,
        place: Place,
        memory: &mut M,
    ) -> Result<(), Trap> {
        match place {
            Place::Flat(slot) => *self.flat.get_mut(slot).ok_or(Trap::FlatValues)? = bits,
            Place::Memory(address) => memory.write(address, &bits.to_le_bytes()[..size])?,
        }
        Ok(())
    }
}
