//! Why lifting or lowering ends a program.
//!
//! Each message begins like Wasmtime's message about the same mistake, if there is one, so that scripts that expect the
//! one accept the other. It ends with the definition in the specification that requires the trap.

use crate::check::Mismatch;
use crate::handles::HandleError;
use crate::memory::OutOfBounds;
use std::fmt;
use std::sync::Arc;

/// A trap of the Canonical ABI.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Trap {
    /// A string or list takes more bytes than the specification allows.
    #[error("{region} too long: {bytes} bytes, but at most {MAX_BYTES} are allowed (rule `{}`)", region.rule())]
    TooLong {
        /// The item itself.
        region: Region,
        /// How many bytes it takes.
        bytes: u64,
    },

    /// A pointer is not aligned.
    #[error("{} to {alignment}: the pointer is {pointer:#x} (rule `{}`)", region.misaligned(), region.rule())]
    Misaligned {
        /// What it points to.
        region: Region,
        /// The pointer.
        pointer: u64,
        /// Its alignment must be a multiple of this one.
        alignment: u32,
    },

    /// A pointer's target ends beyond the memory's end.
    #[error("{}: {bytes} bytes at {pointer:#x} of a memory of {size:#x} bytes (rule `{}`)", region.outside(), region.rule())]
    OutOfBounds {
        /// What it points to.
        region: Region,
        /// The pointer.
        pointer: u64,
        /// How many bytes it points to.
        bytes: u64,
        /// The memory's size.
        size: u64,
    },

    /// A value of type `char` is not a Unicode scalar value.
    #[error("converted integer out of range for `char`: {0:#x} is not a character (rule `convert_i32_to_char`)")]
    Char(u32),

    /// A discriminant is not one of the type's cases.
    #[error("invalid {kind} discriminant: discriminant {discriminant} out of range [0..{cases}) (rule `load_variant`)")]
    Discriminant {
        /// The type's kind.
        kind: &'static str,
        /// The discriminant.
        discriminant: u32,
        /// How many cases the type has.
        cases: usize,
    },

    /// The bytes of a string are not in its encoding.
    #[error("{problem}: the string at {pointer:#x} is invalid from byte {at} (rule `load_string_from_range`)")]
    Encoding {
        /// What is wrong. The engine uses other words for what it lifts than for what it transcodes.
        problem: &'static str,
        /// Where the string begins.
        pointer: u64,
        /// How many bytes of it are well encoded.
        at: usize,
    },

    /// A call would make the host allocate more than it allows.
    #[error(
        "too much data is being copied between the host and the guest: a call may make the host allocate at most {0} bytes"
    )]
    Budget(usize),

    /// The [`Account`] of a [`Budget`] has no room.
    #[error(
        "the program's memory limit has no room for the values of a call, which take {0} more bytes: raise `--max-memory`, \
         `Config::max_memory` or `InstanceLimits::max_memory`"
    )]
    Account(usize),

    /// The memory refuses an access that was in its bounds when it was checked.
    #[error(transparent)]
    Memory(#[from] OutOfBounds),

    /// A handle cannot be passed.
    #[error(transparent)]
    Handle(#[from] HandleError),

    /// The host passes a value of another type. [`check_arguments`](crate::check_arguments) finds that before the call.
    #[error(transparent)]
    Mismatch(#[from] Mismatch),

    /// There are fewer core values than the function's type requires, which is a bug in the host.
    #[error("there are too few core values for the function's type")]
    FlatValues,

    /// A type that weft does not pass.
    #[error("the host cannot pass values of type `{0}`; use another type")]
    Unsupported(crate::types::Unsupported),
}

/// How many bytes a string or list may take.
///
/// Specification: [loading](https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#loading).
pub const MAX_BYTES: u64 = (1 << 28) - 1;

/// What a pointer points to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Region {
    /// The bytes of a string.
    String,
    /// The elements of a list.
    List,
    /// The entries of a map.
    Map,
    /// The parameters or the result of a call, which do not fit in core values.
    Values,
    /// What `realloc` allocated.
    Allocation,
}

impl Region {
    const fn rule(self) -> &'static str {
        match self {
            Region::String => "load_string_from_range",
            Region::List | Region::Map => "load_list_from_range",
            Region::Values => "lift_flat_values",
            Region::Allocation => "lower_flat_values",
        }
    }

    const fn misaligned(self) -> &'static str {
        match self {
            Region::String => "string pointer not aligned",
            Region::List => "list pointer is not aligned",
            Region::Map => "map pointer is not aligned",
            Region::Values => "pointer not aligned",
            Region::Allocation => "realloc return: result not aligned",
        }
    }

    const fn outside(self) -> &'static str {
        match self {
            Region::String => "string pointer/length out of bounds of memory",
            Region::List => "list pointer/length out of bounds of memory",
            Region::Map => "map pointer/length out of bounds of memory",
            Region::Values => "pointer out of bounds of memory",
            Region::Allocation => "realloc return: beyond end of memory",
        }
    }

    /// The specification's conditions on a pointer, in their order.
    #[inline]
    pub(crate) fn check(self, pointer: u64, bytes: u64, alignment: u32, size: u64) -> Result<(), Trap> {
        if !pointer.is_multiple_of(u64::from(alignment)) {
            return Err(Trap::Misaligned {
                region: self,
                pointer,
                alignment,
            });
        }
        match pointer.checked_add(bytes) {
            Some(end) if end <= size => Ok(()),
            Some(_) | None => Err(Trap::OutOfBounds {
                region: self,
                pointer,
                bytes,
                size,
            }),
        }
    }

    /// The length in bytes of so many elements, if the specification allows it.
    #[inline]
    pub(crate) fn bytes(self, count: u64, size: u32) -> Result<u64, Trap> {
        let bytes = count.saturating_mul(size.into());
        match bytes <= MAX_BYTES {
            true => Ok(bytes),
            false => Err(Trap::TooLong { region: self, bytes }),
        }
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Region::String => "string",
            Region::List => "list",
            Region::Map => "map",
            Region::Values => "values",
            Region::Allocation => "allocation",
        })
    }
}

/// What the host may allocate for a program in total. [`Budget`] charges what the values of calls take.
pub trait Account: Send + Sync {
    /// Charges bytes, or returns false if there is no room.
    fn take(&self, bytes: usize) -> bool;

    /// Gives charged bytes back.
    fn give_back(&self, bytes: usize);
}

/// How many bytes a call may make the host allocate for what it lifts.
///
/// A list of lists can refer to the same bytes any number of times, so the size of the memory is no bound.
///
/// A budget may have an [`Account`], which it charges in larger portions. What it has charged, it gives back when it is dropped.
pub struct Budget {
    left: usize,
    whole: usize,
    account: Option<Arc<dyn Account>>,
    /// What can be taken without asking the account.
    granted: usize,
    charged: usize,
}

/// What the engine allows a call by default.
const DEFAULT: usize = 128 << 20;

/// How many bytes a budget does not charge, because they are part of what each thread is charged.
const UNCHARGED: usize = 4 << 10;

/// How much is charged at a time.
const PORTION: usize = 16 << 10;

impl Budget {
    /// So many bytes.
    #[inline]
    pub const fn new(bytes: usize) -> Budget {
        Budget {
            left: bytes,
            whole: bytes,
            account: None,
            granted: usize::MAX,
            charged: 0,
        }
    }

    /// What a call may take without charging it.
    #[inline]
    pub const fn uncharged() -> Budget {
        Budget::new(UNCHARGED)
    }

    /// The default budget. It charges the account with what exceeds 4 KiB.
    pub fn charged_to(account: Arc<dyn Account>) -> Budget {
        Budget {
            account: Some(account),
            granted: UNCHARGED,
            left: DEFAULT,
            whole: DEFAULT,
            charged: 0,
        }
    }

    #[inline]
    pub(crate) fn take(&mut self, bytes: usize) -> Result<(), Trap> {
        self.left = self.left.checked_sub(bytes).ok_or(Trap::Budget(self.whole))?;
        if bytes > self.granted {
            self.charge(bytes)?;
        }
        self.granted -= bytes;
        Ok(())
    }

    /// Makes sure that so many bytes are granted.
    #[cold]
    fn charge(&mut self, bytes: usize) -> Result<(), Trap> {
        let more = (bytes - self.granted).max(PORTION);
        if self.account.as_ref().is_some_and(|account| !account.take(more)) {
            return Err(Trap::Account(more));
        }
        self.charged += more;
        self.granted += more;
        Ok(())
    }

    /// Takes what so many items of type `T` take.
    pub(crate) fn take_array<T>(&mut self, count: usize) -> Result<(), Trap> {
        self.take(count.saturating_mul(size_of::<T>()))
    }
}

/// As much as the engine allows by default: 128 MiB.
impl Default for Budget {
    fn default() -> Self {
        Budget::new(DEFAULT)
    }
}

impl fmt::Debug for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Budget {
            left, whole, charged, ..
        } = self;
        f.debug_struct("Budget")
            .field("left", left)
            .field("whole", whole)
            .field("charged", charged)
            .finish_non_exhaustive()
    }
}

impl Drop for Budget {
    #[inline]
    fn drop(&mut self) {
        if let Some(account) = &self.account {
            account.give_back(self.charged);
        }
    }
}
