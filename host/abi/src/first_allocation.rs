//! The one allocation that a result needs, found out before anything of it is lowered.
//!
//! **Problem.** The guest's `realloc` may suspend the thread, so a host that calls it in the middle of lowering needs a fiber for the call,
//! which costs more than all else of a short call. **Before:** the result of a host function, of a type whose values need at most one
//! allocation ([`Types::allocates_once`]). **After:** the arguments of `realloc`, with which the guest makes the call itself. Then the
//! host lowers the result with the pointer that the guest has got: [`Allocated`] says how.
//!
//! **Rejected:** stopping in the middle of lowering, and keeping what is half done: it borrows the result and the guest.

use crate::lower::{Lowering, ReallocCall, Step};
use crate::memory::{GuestMemory, OutOfBounds};
use crate::options::{Options, StringEncoding};
use crate::trap::Trap;
use crate::typed::{ComponentNamedList, ComponentType, Guest, Lower, Lowerer, now};
use crate::types::{FuncType, Types, ValType};
use crate::unmoved::{IgnoringMemory, Unmoved};
use crate::val::Val;

impl Types {
    /// Whether lowering a value of a type calls `realloc`, and never more than once.
    pub fn allocates_once(&self, ty: ValType, encoding: StringEncoding) -> bool {
        self.allocations(ty, encoding) == 1
    }

    /// How often it calls `realloc` at most. Two stands for any larger number.
    fn allocations(&self, ty: ValType, encoding: StringEncoding) -> u32 {
        if !self.layout(ty).has_pointers() {
            return 0;
        }
        let of_parts = || self.parts(ty).map(|part| self.allocations(part, encoding));
        let all = |allocations: u32| allocations.min(2);
        match ty {
            // In other encodings the first allocation may turn out too large or too small.
            ValType::String if encoding != StringEncoding::Utf8 => 2,
            ValType::String => 1,
            ValType::List(_) | ValType::Map(_) => all(1 + of_parts().fold(0, |sum, part| all(sum + part))),
            ValType::Record(_) | ValType::Tuple(_) => of_parts().fold(0, |sum, part| all(sum + part)),
            ValType::FixedLengthList(index) => all(of_parts().sum::<u32>() * self[index].length.min(2)),
            ValType::Variant(_) | ValType::Option(_) | ValType::Result(_) => of_parts().max().unwrap_or(0),
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
            | ValType::Enum(_)
            | ValType::Flags(_)
            | ValType::Own(_)
            | ValType::Borrow(_)
            | ValType::Unsupported(_) => 0,
        }
    }
}

/// Returns the first call of `realloc` that lowering makes for the result of a guest's call, or `None` if it makes no such
/// call. `flat` has the core values that the guest passed, and its memory has `memory_size` bytes.
///
/// # Errors
///
/// Lowering fails before it calls `realloc`.
#[inline]
pub fn first_allocation<P, R>(
    types: &Types,
    options: Options,
    func: &FuncType,
    result: &R,
    (flat, memory_size): (&[u64], u64),
) -> Result<Option<ReallocCall>, Trap>
where
    P: ComponentType,
    R: ComponentNamedList + Lower,
{
    let guest = Asked {
        memory_size,
        handles: Unmoved(()),
    };
    let mut lowerer = Lowerer::new(types, options, guest);
    match now(lowerer.result::<P, R>(func, result, flat)) {
        Ok(_) => Ok(None),
        Err(Stop::Allocate(call)) => Ok(Some(call)),
        Err(Stop::Trap(trap)) => Err(trap),
    }
}

/// Does the same as [`first_allocation`] for a `Val`.
///
/// # Errors
///
/// Those of [`first_allocation`].
pub fn first_allocation_of_val(
    types: &Types,
    options: Options,
    func: &FuncType,
    result: Option<&Val>,
    (flat, memory_size): (&[u64], u64),
) -> Result<Option<ReallocCall>, Trap> {
    let mut memory = IgnoringMemory { size: memory_size };
    let mut lowering = Lowering::result(types, options, func, result, flat, &memory)?;
    match lowering.step(&mut memory, &mut Unmoved(()))? {
        Step::Realloc(call) => Ok(Some(call)),
        Step::Done => Ok(None),
    }
}

/// Why lowering stops.
enum Stop {
    Trap(Trap),
    Allocate(ReallocCall),
}

impl From<Trap> for Stop {
    fn from(trap: Trap) -> Self {
        Stop::Trap(trap)
    }
}

/// A guest that takes nothing, and is asked for memory.
struct Asked {
    memory_size: u64,
    handles: Unmoved<()>,
}

impl Guest for Asked {
    type Error = Stop;
    type Handles = Unmoved<()>;

    fn memory_size(&mut self) -> u64 {
        self.memory_size
    }

    fn write(&mut self, _: u64, _: &[u8]) -> Result<(), OutOfBounds> {
        Ok(())
    }

    fn with_memory<V>(&mut self, work: impl FnOnce(&mut dyn GuestMemory) -> V) -> V {
        work(&mut IgnoringMemory { size: self.memory_size })
    }

    fn handles(&mut self) -> &mut Unmoved<()> {
        &mut self.handles
    }

    async fn realloc(&mut self, call: ReallocCall) -> Result<u64, Stop> {
        Err(Stop::Allocate(call))
    }
}
