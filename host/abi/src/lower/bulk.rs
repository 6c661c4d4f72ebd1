//! Lists whose elements contain no pointers.
//!
//! If the elements fill every byte of their memory, they are collected in a buffer and stored together. Otherwise each
//! part is stored separately, since the bytes in between belong to the guest.

use super::frame::{Frame, Part, Parts};
use super::scalar::scalar;
use super::{Lowering, Place};
use crate::check::Mismatch;
use crate::float::{canonical32, canonical64};
use crate::handles::Handles;
use crate::memory::GuestMemory;
use crate::trap::Trap;
use crate::types::{Number, ValType};
use crate::val::Val;

/// How many bytes are stored at once.
const CHUNK: usize = 64 << 10;

impl<'a> Lowering<'a> {
    /// Stores the elements of a list in the memory that was allocated for them, and then the pointer and the length.
    pub(super) fn list<M, H>(
        &mut self,
        element: ValType,
        elements: &'a [Val],
        pointer: u64,
        place: Place,
        memory: &mut M,
        handles: &mut H,
    ) -> Result<(), Trap>
    where
        M: GuestMemory + ?Sized,
        H: Handles + ?Sized,
    {
        let length = elements.len() as u64;
        let layout = *self.types.layout(element);
        if layout.has_pointers() {
            // Last in, first out.
            self.enter(Parts::Pair(Some((pointer, length))), place);
            self.enter(Parts::Elements(element, elements.iter()), Place::Memory(pointer));
            return Ok(());
        }
        let size = layout.size(self.options.width) as usize;
        let mut address = pointer;
        if layout.dense {
            for chunk in elements.chunks((CHUNK / size).max(1)) {
                let mut buffer = std::mem::take(&mut self.buffer);
                buffer.clear();
                self.encode_all(element, chunk, size, &mut buffer, handles)?;
                memory.write(address, &buffer)?;
                address += buffer.len() as u64;
                self.buffer = buffer;
            }
        } else {
            for value in elements {
                self.plain(element, value, Place::Memory(address), memory, handles)?;
                address += size as u64;
            }
        }
        self.pair(pointer, length, place, memory)
    }

    /// Appends the bytes of elements.
    fn encode_all<H: Handles + ?Sized>(
        &self,
        ty: ValType,
        elements: &'a [Val],
        size: usize,
        buffer: &mut Vec<u8>,
        handles: &mut H,
    ) -> Result<(), Trap> {
        macro_rules! numbers {
            ($variant:ident, $bytes:expr) => {{
                buffer.resize(elements.len() * size, 0);
                for (bytes, element) in buffer.as_chunks_mut().0.iter_mut().zip(elements) {
                    match element {
                        Val::$variant(value) => *bytes = $bytes(*value),
                        other => return Err(Mismatch::kind(self.types, ty, other).into()),
                    }
                }
                Ok(())
            }};
        }
        match ty.number() {
            Some(Number::U8) => numbers!(U8, u8::to_le_bytes),
            Some(Number::S8) => numbers!(S8, i8::to_le_bytes),
            Some(Number::U16) => numbers!(U16, u16::to_le_bytes),
            Some(Number::S16) => numbers!(S16, i16::to_le_bytes),
            Some(Number::U32) => numbers!(U32, u32::to_le_bytes),
            Some(Number::S32) => numbers!(S32, i32::to_le_bytes),
            Some(Number::U64) => numbers!(U64, u64::to_le_bytes),
            Some(Number::S64) => numbers!(S64, i64::to_le_bytes),
            Some(Number::Float32) => numbers!(Float32, |value| f32::to_le_bytes(canonical32(value))),
            Some(Number::Float64) => numbers!(Float64, |value| f64::to_le_bytes(canonical64(value))),
            None => {
                for element in elements {
                    self.encode(ty, element, buffer, handles)?;
                }
                Ok(())
            }
        }
    }

    /// Appends the bytes of a value whose parts fill all of its memory, in their order.
    fn encode<H: Handles + ?Sized>(
        &self,
        ty: ValType,
        value: &'a Val,
        buffer: &mut Vec<u8>,
        handles: &mut H,
    ) -> Result<(), Trap> {
        if let Some((bits, size)) = scalar(self.types, ty, value, handles)? {
            buffer.extend_from_slice(&bits.to_le_bytes()[..size]);
            return Ok(());
        }
        let (case, parts) = Parts::of(self.types, ty, value)?;
        if let Some((discriminant, form)) = case {
            let size = form.discriminant.size() as usize;
            buffer.extend_from_slice(&discriminant.to_le_bytes()[..size]);
        }
        let mut frame = Frame::new(parts, Place::Memory(0));
        while let Some((part, _)) = frame.next(self.types, self.options.width) {
            match part {
                Part::Value(ty, value) => self.encode(ty, value, buffer, handles)?,
                Part::Pair(..) => return Err(Trap::FlatValues),
            }
        }
        Ok(())
    }
}
