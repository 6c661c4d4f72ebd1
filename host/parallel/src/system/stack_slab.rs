//! Address space for several stacks side by side, with a guard page below each.
//!
//! ```text
//! guard page | host functions: HOST_STACK | WebAssembly: max_wasm_stack | guard page | host functions | ...
//!                                                                       ^ top of the first, where a fiber begins
//! ```
//!
//! **Problem.** A guard page without access is a mapping of its own, and separates its stack from the one below. So
//! each stack takes two mappings, of which a process has few. **Here**, if the system can mark pages within a mapping
//! as guards (Linux 6.13 and later), all stacks of a [`Slab`] are one mapping. Otherwise, a slab has one stack, with a
//! guard page without access.
//!
//! Only the pages that a thread touches take memory. Transparent huge pages are off for stacks, because the kernel
//! would back the first page with 2 MiB.
//!
//! **Headroom.** If the address space is limited, the last stack must not take what the host needs to continue: the
//! host would abort at its next allocation. So weft maps a slab only while it also holds a reservation of [`HEADROOM`],
//! and releases the reservation when the system refuses a slab.
//!
//! **Rejected:** one mapping for all stacks that there can ever be (it would count against an embedder's limit of the
//! address space).
#![expect(unsafe_code, reason = "stacks are mapped memory that the engine runs guest code on")]

use super::mappings::{Mappings, NoMappings};
use super::stack_guards;
#[cfg(target_os = "linux")]
use rustix::mm::{Advice, madvise};
use rustix::mm::{MapFlags, MprotectFlags, ProtFlags, mmap_anonymous, mprotect, munmap};
use std::ptr;
use std::sync::{Mutex, PoisonError};

/// See the module.
const HEADROOM: usize = 32 << 20;

/// The most stacks that a slab has, and the most address space.
pub(super) const MOST_STACKS: usize = 64;
const MOST_BYTES: usize = 1 << 30;

/// How many mappings a slab takes: one with a guard page without access, and one with guards within the mapping.
const MAPPINGS_APART: u64 = 2;
const MAPPINGS_WITHIN: u64 = 1;

/// Why there is no stack for another thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoStack {
    #[error(transparent)]
    Mappings(#[from] NoMappings),
    #[error("the system refuses memory for another stack: {0}")]
    System(rustix::io::Errno),
    #[error(
        "the program's memory limit has no room for another stack: raise `--max-memory`, \
         `Config::max_memory` or `InstanceLimits::max_memory`"
    )]
    Limit,
}

/// Some stacks side by side.
pub(super) struct Slab {
    mapping: Mapping,
    /// The size of a stack in bytes, with its guard page.
    stride: usize,
    _mappings: Mappings,
}

impl Slab {
    /// Maps stacks of `stack` bytes, not counting guard pages. Doubles the number of stacks: maps as many as there are
    /// already, within the limits of a slab.
    pub(super) fn new(stack: usize, present: usize) -> Result<Self, NoStack> {
        static HEADROOM_MAPPING: Mutex<Option<Mapping>> = Mutex::new(None);
        let page = rustix::param::page_size();
        let stride = stack
            .checked_add(page)
            .ok_or(NoStack::System(rustix::io::Errno::NOMEM))?;
        let mut headroom = HEADROOM_MAPPING.lock().unwrap_or_else(PoisonError::into_inner);
        if headroom.is_none() {
            *headroom = Some(Mapping::reserve(HEADROOM)?);
        }
        let number = present.min(MOST_BYTES / stride).clamp(1, MOST_STACKS);
        let mut within = [number, 1].into_iter();
        let within = within.find_map(|number| Slab::with_guards_within(stride, number).ok().flatten());
        let slab = match within {
            Some(slab) => return Ok(slab),
            None => Slab::with_guard_apart(stride),
        };
        if let Err(NoStack::System(_)) = slab {
            *headroom = None;
        }
        slab
    }

    /// Returns `None` if the system has no such guards.
    fn with_guards_within(stride: usize, number: usize) -> Result<Option<Self>, NoStack> {
        if !stack_guards::supported() {
            return Ok(None);
        }
        let page = rustix::param::page_size();
        let mappings = Mappings::of_engine(MAPPINGS_WITHIN)?;
        let length = stride.checked_mul(number);
        let mapping = Mapping::reserve(length.ok_or(NoStack::System(rustix::io::Errno::NOMEM))?)?;
        mapping.open(0)?;
        let slab = Slab {
            mapping,
            stride,
            _mappings: mappings,
        };
        let guarded = slab.stacks().all(|base| stack_guards::install(base, page));
        Ok(guarded.then_some(slab))
    }

    fn with_guard_apart(stride: usize) -> Result<Self, NoStack> {
        let mappings = Mappings::of_engine(MAPPINGS_APART)?;
        let mapping = Mapping::reserve(stride)?;
        mapping.open(rustix::param::page_size())?;
        Ok(Slab {
            mapping,
            stride,
            _mappings: mappings,
        })
    }

    /// The start of each stack, including its guard page.
    pub(super) fn stacks(&self) -> impl DoubleEndedIterator<Item = usize> + ExactSizeIterator + use<> {
        let (base, stride) = (self.mapping.base, self.stride);
        (0..self.mapping.length / stride).map(move |stack| base + stack * stride)
    }
}

/// Mapped memory that nothing points to.
struct Mapping {
    base: usize,
    length: usize,
}

impl Mapping {
    /// Address space without access.
    fn reserve(length: usize) -> Result<Self, NoStack> {
        let flags = MapFlags::PRIVATE | MapFlags::NORESERVE;
        // SAFETY: the system chooses the address, so this replaces no mapping.
        let base = unsafe { mmap_anonymous(ptr::null_mut(), length, ProtFlags::empty(), flags) };
        Ok(Mapping {
            base: base.map_err(NoStack::System)?.expose_provenance(),
            length,
        })
    }

    /// Makes the mapping accessible, except `closed` bytes at its beginning.
    fn open(&self, closed: usize) -> Result<(), NoStack> {
        let stacks = ptr::with_exposed_provenance_mut(self.base + closed);
        let length = self.length - closed;
        // SAFETY: the range is within the new mapping, which nothing uses yet.
        let opened = unsafe { mprotect(stacks, length, MprotectFlags::READ | MprotectFlags::WRITE) };
        opened.map_err(NoStack::System)?;
        // SAFETY: as above. A kernel without huge pages refuses the advice, but does not need it.
        #[cfg(target_os = "linux")]
        let _ = unsafe { madvise(stacks, length, Advice::LinuxNoHugepage) };
        Ok(())
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: only this value owns the mapping, and nothing points to it any more. If this fails, the address space
        // stays reserved.
        let _ = unsafe { munmap(ptr::with_exposed_provenance_mut(self.base), self.length) };
    }
}
