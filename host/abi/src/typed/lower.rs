//! The guest's side of lowering typed values.

use crate::AddressWidth;
use crate::handles::{Handles, NoHandles};
use crate::lower::ReallocCall;
use crate::lower::text::{Progress, TextState};
use crate::memory::{GuestMemory, OutOfBounds};
use crate::options::Options;
use crate::trap::{Region, Trap};
use crate::types::Types;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// A guest that gets values.
pub trait Guest: Send {
    /// What goes wrong in the guest, or in lowering.
    type Error: From<Trap> + Send;

    /// What gives the guest handles.
    type Handles: Handles;

    /// The size of the memory in bytes, now.
    fn memory_size(&mut self) -> u64;

    /// Copies bytes into the memory.
    ///
    /// # Errors
    ///
    /// They go beyond the end.
    fn write(&mut self, address: u64, bytes: &[u8]) -> Result<(), OutOfBounds>;

    /// Runs `work` on the memory.
    fn with_memory<R>(&mut self, work: impl FnOnce(&mut dyn GuestMemory) -> R) -> R;

    /// The guest's handles.
    fn handles(&mut self) -> &mut Self::Handles;

    /// Calls `realloc`, which may suspend the guest's thread.
    fn realloc(&mut self, call: ReallocCall) -> impl Future<Output = Result<u64, Self::Error>> + Send;
}

/// Lowers values to a guest.
#[derive(Debug)]
pub struct Lowerer<'a, G> {
    /// The types that all indices mean.
    pub types: &'a Types,
    /// The options of the function.
    pub options: Options,
    /// The guest.
    pub guest: G,
    /// Bytes on their way to the memory.
    buffer: Vec<u8>,
}

impl<'a, G: Guest> Lowerer<'a, G> {
    /// For the values of one call.
    pub const fn new(types: &'a Types, options: Options, guest: G) -> Self {
        Lowerer {
            types,
            options,
            guest,
            buffer: Vec::new(),
        }
    }

    /// Stores bytes.
    ///
    /// # Errors
    ///
    /// They go beyond the memory's end.
    #[inline]
    pub fn write(&mut self, address: u64, bytes: &[u8]) -> Result<(), G::Error> {
        Ok(self.guest.write(address, bytes).map_err(Trap::from)?)
    }

    /// A core value as a pointer.
    #[inline]
    pub const fn pointer(&self, value: u64) -> u64 {
        match self.options.width {
            AddressWidth::W32 => value & 0xffff_ffff,
            AddressWidth::W64 => value,
        }
    }

    /// The place for a result that the guest has chosen.
    ///
    /// # Errors
    ///
    /// It is not aligned, or not in the memory.
    #[inline]
    pub fn result_place(&mut self, value: u64, size: u32, align: u32) -> Result<u64, G::Error> {
        let pointer = self.pointer(value);
        Region::Values.check(pointer, size.into(), align, self.guest.memory_size())?;
        Ok(pointer)
    }

    /// Makes the guest allocate memory.
    ///
    /// # Errors
    ///
    /// The guest traps, or what it allocates is not aligned or not in the memory.
    pub fn allocate(&mut self, align: u32, size: u64) -> impl Future<Output = Result<u64, G::Error>> + Send {
        self.reallocate(ReallocCall::new(align, size))
    }

    async fn reallocate(&mut self, call: ReallocCall) -> Result<u64, G::Error> {
        let pointer = self.guest.realloc(call).await?;
        let pointer = self.pointer(pointer);
        Region::Allocation.check(pointer, call.new_size, call.alignment, self.guest.memory_size())?;
        Ok(pointer)
    }

    /// Stores a string, and returns the pointer and the length.
    pub(super) async fn text(&mut self, text: &str) -> Result<(u64, u64), G::Error> {
        let (mut state, mut call) = TextState::begin(text, self.options)?;
        loop {
            let pointer = self.reallocate(call).await?;
            let (buffer, options) = (&mut self.buffer, self.options);
            let progress = self
                .guest
                .with_memory(|memory| state.resume(pointer, call, memory, buffer, options))?;
            match progress {
                Progress::More(next, its) => (state, call) = (next, its),
                Progress::Done(pointer, length) => return Ok((pointer, length)),
            }
        }
    }

    /// Stores a pointer and a length.
    pub(super) fn store_pair(&mut self, (pointer, length): (u64, u64), address: u64) -> Result<(), G::Error> {
        match self.options.width {
            AddressWidth::W32 => {
                let pair = (pointer & 0xffff_ffff) | length << 32;
                self.write(address, &pair.to_le_bytes())
            }
            AddressWidth::W64 => {
                let pair = u128::from(pointer) | u128::from(length) << 64;
                self.write(address, &pair.to_le_bytes())
            }
        }
    }
}

/// The outcome of lowering that needs no memory of the guest, and is ready at once therefore.
///
/// # Errors
///
/// Those of lowering; or it is not ready.
#[inline]
pub fn now<T, E: From<Trap>>(lowering: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    match pin!(lowering).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => outcome,
        Poll::Pending => Err(Trap::FlatValues.into()),
    }
}

/// A guest without memory, for values that need none.
#[derive(Debug)]
pub struct NoMemory(NoHandles);

impl NoMemory {
    /// The guest.
    pub const fn new() -> Self {
        NoMemory(NoHandles)
    }
}

impl Default for NoMemory {
    fn default() -> Self {
        NoMemory::new()
    }
}

impl Guest for NoMemory {
    type Error = Trap;
    type Handles = NoHandles;

    fn memory_size(&mut self) -> u64 {
        0
    }

    fn write(&mut self, address: u64, bytes: &[u8]) -> Result<(), OutOfBounds> {
        GuestMemory::write(&mut [][..], address, bytes)
    }

    fn with_memory<R>(&mut self, work: impl FnOnce(&mut dyn GuestMemory) -> R) -> R {
        work(self)
    }

    fn handles(&mut self) -> &mut NoHandles {
        &mut self.0
    }

    async fn realloc(&mut self, _: ReallocCall) -> Result<u64, Trap> {
        Err(Trap::FlatValues)
    }
}

impl GuestMemory for NoMemory {
    fn size(&self) -> u64 {
        0
    }

    fn read(&self, address: u64, into: &mut [u8]) -> Result<(), OutOfBounds> {
        GuestMemory::read(&[][..], address, into)
    }

    fn write(&mut self, address: u64, bytes: &[u8]) -> Result<(), OutOfBounds> {
        GuestMemory::write(&mut [][..], address, bytes)
    }
}
