//! The stacks of guest threads, and the memory mappings that they take.
//!
//! **Problem.** The engine maps a stack when a fiber starts. Then the guest has the thread's index already, so that there is no way
//! left to say that the system grants no more memory: the program would have to end. And mappings belong to the
//! process, so that engines which each count for themselves use up together what each of them takes for its own.
//!
//! **Here**, code that creates a thread asks for a [`StackPermit`] first, and gets none where the system grants no stack. A pool
//! has at least as many stacks as there are permits; the engine takes its stacks out of it. Each permit holds a share of
//! the mappings that the process has left, whichever engine it is for.
//!
//! ```text
//! guard page | host functions: HOST_STACK | WebAssembly: max_wasm_stack |  <- top, where a fiber begins
//! ```
//!
//! Only the pages that a thread touches take memory. Transparent huge pages are off for stacks: the kernel would back the first
//! page with 2 MiB.
//!
//! **Headroom.** Where the address space is limited, the last stack must not take what the host needs to continue: it would
//! abort at its next allocation. So a stack is mapped only while [`HEADROOM`] is reserved as well, and
//! that is released when the system refuses a stack.
//!
//! **Rejected:** a size for each thread. When the engine enters WebAssembly, it sets the limit to the stack pointer less its one
//! `max_wasm_stack`, and a smaller stack would be overrun before the limit is met. The host could change the limit before guest
//! code runs only in the engine's hook for calls (its feature `call-hook`), which the engine calls again around each call of a host
//! function. To enter by a function that first calls the host costs that call for each thread and each call of an export.
#![expect(unsafe_code, reason = "stacks are mapped memory that the engine runs guest code on")]

use crate::system::stack_owner::{self, StackOwner};
use crate::system::{machine, stack_pages};
#[cfg(target_os = "linux")]
use rustix::mm::{Advice, madvise};
use rustix::mm::{MapFlags, MprotectFlags, ProtFlags, mmap_anonymous, mprotect, munmap};
use std::ops::{Range, RangeInclusive};
use std::ptr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use wasmtime::{StackCreator, StackMemory};

/// The default of [`Config::max_wasm_stack`](crate::Config::max_wasm_stack), in bytes: as much as the first thread of a native
/// program has on most systems.
pub const DEFAULT_MAX_WASM_STACK: usize = 8 << 20;

/// The sizes in bytes that [`Config::max_wasm_stack`](crate::Config::max_wasm_stack) takes. With less, no function can be called; with
/// more, the address space of a process has no room for the stacks of a hundred threads.
pub const WASM_STACK_SIZES: RangeInclusive<usize> = 4096..=1 << 40;

/// Has an engine give each fiber so many bytes of stack for WebAssembly, and 1 MiB more for host functions, of which only the pages
/// that are touched take memory.
pub fn configure_stacks(config: &mut wasmtime::Config, max_wasm_stack: usize) {
    Stacks::new(max_wasm_stack).configure(config);
}

/// What host functions have of a stack, beside WebAssembly.
const HOST_STACK: usize = 1 << 20;

/// How much memory a stack keeps that waits for its next fiber, in bytes.
const KEPT: usize = 64 << 10;

/// How many mappings a stack takes: its guard page, and the rest.
const MAPPINGS_OF_A_STACK: u64 = 2;

/// How many mappings of the process's are left for all but guest threads.
const OTHER_MAPPINGS: u64 = 4096;

/// See the module.
const HEADROOM: usize = 32 << 20;

/// How many threads there can be at once as far as mappings go, if their stores take none.
pub(crate) fn threads_by_mappings() -> u32 {
    let threads = mappings_for_threads() / MAPPINGS_OF_A_STACK;
    u32::try_from(threads).unwrap_or(u32::MAX).max(1)
}

fn mappings_for_threads() -> u64 {
    static MAPPINGS: OnceLock<u64> = OnceLock::new();
    *MAPPINGS.get_or_init(|| {
        machine::mappings()
            .saturating_sub(OTHER_MAPPINGS)
            .max(MAPPINGS_OF_A_STACK)
    })
}

/// How many mappings the threads of this process hold, those of all engines together.
static HELD: AtomicU64 = AtomicU64::new(0);

/// The stacks of one engine.
pub(crate) struct Stacks {
    max_wasm_stack: usize,
    /// In bytes, with what host functions have, and without the guard page.
    size: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Those that the engine does not use at the moment.
    free: Vec<Mapping>,
    /// How many there are in all.
    mapped: usize,
    permits: usize,
}

/// The right to one stack, which is there, and to the mappings of one thread.
pub(crate) struct StackPermit {
    stacks: Arc<Stacks>,
    mappings: u64,
}

/// Why there is no stack for another thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoStack {
    #[error("this process has as many memory mappings as the system allows (vm.max_map_count)")]
    Mappings,
    #[error("the system grants no memory for another stack: {0}")]
    System(rustix::io::Errno),
}

impl Stacks {
    /// A pool of stacks that have so many bytes for WebAssembly.
    pub(crate) fn new(max_wasm_stack: usize) -> Arc<Self> {
        let page = rustix::param::page_size();
        let size = max_wasm_stack.saturating_add(HOST_STACK);
        Arc::new(Stacks {
            max_wasm_stack,
            size: size.checked_next_multiple_of(page).unwrap_or(usize::MAX - page + 1),
            state: Mutex::default(),
        })
    }

    /// How many bytes each has.
    pub(crate) fn size(&self) -> usize {
        self.size
    }

    /// Has an engine take its stacks here.
    pub(crate) fn configure(self: &Arc<Self>, config: &mut wasmtime::Config) {
        config
            .max_wasm_stack(self.max_wasm_stack)
            .async_stack_size(self.size)
            .with_host_stack(Arc::new(Creator(Arc::clone(self))));
    }

    /// Makes sure that there is a stack for one more thread, whose store takes so many mappings.
    pub(crate) fn permit(self: &Arc<Self>, store_mappings: u64) -> Result<StackPermit, NoStack> {
        let mappings = MAPPINGS_OF_A_STACK.saturating_add(store_mappings);
        let limit = mappings_for_threads();
        let held = HELD.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |held| {
            held.checked_add(mappings).filter(|held| *held <= limit)
        });
        held.map_err(|_| NoStack::Mappings)?;
        // From here on, dropping it gives the mappings back.
        let permit = StackPermit {
            stacks: Arc::clone(self),
            mappings,
        };
        let mut state = self.lock();
        state.permits += 1;
        if state.mapped < state.permits {
            match Mapping::new(self.size) {
                Ok(mapping) => {
                    state.free.push(mapping);
                    state.mapped += 1;
                }
                Err(error) => {
                    drop(state);
                    return Err(NoStack::System(error));
                }
            }
        }
        drop(state);
        Ok(permit)
    }

    /// A stack for a fiber. There is one for each permit; a call within a call takes one more.
    fn take(self: &Arc<Self>) -> Result<Stack, rustix::io::Errno> {
        let mut state = self.lock();
        let mapping = match state.free.pop() {
            Some(mapping) => mapping,
            None => {
                let mapping = Mapping::new(self.size)?;
                state.mapped += 1;
                mapping
            }
        };
        drop(state);
        let stack = Stack {
            mapping: Some(mapping),
            stacks: Arc::clone(self),
            owner: stack_owner::current(),
        };
        if let Some(owner) = &stack.owner {
            owner.took(stack.range());
        }
        Ok(stack)
    }

    /// The state is consistent whenever the lock is free, even if a holder panicked.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Takes out what is more than there are permits for.
    fn surplus(&mut self) -> Option<Mapping> {
        if self.mapped <= self.permits {
            return None;
        }
        let surplus = self.free.pop()?;
        self.mapped -= 1;
        Some(surplus)
    }
}

impl Drop for StackPermit {
    fn drop(&mut self) {
        let mut state = self.stacks.lock();
        state.permits -= 1;
        let surplus = state.surplus();
        drop(state);
        drop(surplus);
        HELD.fetch_sub(self.mappings, Ordering::SeqCst);
    }
}

/// How the engine takes its stacks.
struct Creator(Arc<Stacks>);

// SAFETY: each stack is a mapping of its own, page-aligned, accessible but for a guard page below, and lent to one fiber at
// a time. One that served before is not filled with zeros again: `Config::async_stack_zeroing` is off.
unsafe impl StackCreator for Creator {
    fn new_stack(&self, _size: usize, _zeroed: bool) -> wasmtime::Result<Box<dyn StackMemory>> {
        Ok(Box::new(self.0.take().map_err(NoStack::System)?))
    }
}

/// A stack that a fiber has.
struct Stack {
    /// None when it is being dropped.
    mapping: Option<Mapping>,
    stacks: Arc<Stacks>,
    /// The owner that is charged for the stack's pages, if weft counts them.
    owner: Option<Arc<dyn StackOwner>>,
}

impl Stack {
    fn bounds(&self) -> (usize, usize) {
        let mapping = self.mapping.as_ref();
        mapping.map_or((0, 0), |mapping| (mapping.base, mapping.base + mapping.length))
    }
}

// SAFETY: the ranges are those of the mapping, which lives as long as this does.
unsafe impl StackMemory for Stack {
    fn top(&self) -> *mut u8 {
        ptr::with_exposed_provenance_mut(self.bounds().1)
    }

    fn range(&self) -> Range<usize> {
        let (base, top) = self.bounds();
        base + rustix::param::page_size()..top
    }

    fn guard_range(&self) -> Range<*mut u8> {
        let (base, _) = self.bounds();
        let address = ptr::with_exposed_provenance_mut;
        address(base)..address(base + rustix::param::page_size())
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        let range = self.range();
        let touched = self.owner.take().map_or(0, |owner| owner.gave_back(&range));
        if touched > KEPT {
            // The next one to have the stack is not charged for it.
            stack_pages::release(&range, KEPT);
        }
        let mut state = self.stacks.lock();
        state.free.extend(self.mapping.take());
        let surplus = state.surplus();
        drop(state);
        drop(surplus);
    }
}

/// Mapped memory that nothing points to.
struct Mapping {
    base: usize,
    length: usize,
}

impl Mapping {
    /// A stack with a guard page below.
    fn new(size: usize) -> Result<Self, rustix::io::Errno> {
        static HEADROOM_MAPPING: Mutex<Option<Mapping>> = Mutex::new(None);
        let mut headroom = HEADROOM_MAPPING.lock().unwrap_or_else(PoisonError::into_inner);
        if headroom.is_none() {
            *headroom = Some(Mapping::reserve(HEADROOM)?);
        }
        let mapping = Mapping::stack(size);
        if mapping.is_err() {
            *headroom = None;
        }
        mapping
    }

    fn stack(size: usize) -> Result<Self, rustix::io::Errno> {
        let guard = rustix::param::page_size();
        let length = size.checked_add(guard).ok_or(rustix::io::Errno::NOMEM)?;
        let mapping = Mapping::reserve(length)?;
        let stack = ptr::with_exposed_provenance_mut(mapping.base + guard);
        // SAFETY: the range is within the new mapping, which nothing uses yet.
        unsafe { mprotect(stack, size, MprotectFlags::READ | MprotectFlags::WRITE) }?;
        // SAFETY: as above. A kernel without huge pages refuses the advice, which it does not need then.
        #[cfg(target_os = "linux")]
        let _ = unsafe { madvise(stack, size, Advice::LinuxNoHugepage) };
        Ok(mapping)
    }

    /// Address space without access.
    fn reserve(length: usize) -> Result<Self, rustix::io::Errno> {
        let flags = MapFlags::PRIVATE | MapFlags::NORESERVE;
        // SAFETY: the system chooses the place, so nothing is mapped over.
        let base = unsafe { mmap_anonymous(ptr::null_mut(), length, ProtFlags::empty(), flags) }?;
        Ok(Mapping {
            base: base.expose_provenance(),
            length,
        })
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: the mapping is this one's alone, and nothing points to it any more. If it fails, the address space stays
        // reserved.
        let _ = unsafe { munmap(ptr::with_exposed_provenance_mut(self.base), self.length) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapped(stacks: &Stacks) -> (usize, usize) {
        let state = stacks.lock();
        (state.mapped, state.free.len())
    }

    #[test]
    fn there_is_a_stack_for_each_permit_and_no_more() {
        let stacks = Stacks::new(1 << 16);
        let permits = [stacks.permit(0), stacks.permit(0)].map(|permit| permit.expect("a stack"));
        assert_eq!(mapped(&stacks), (2, 2));
        let first = stacks.take().expect("a stack");
        assert_eq!(mapped(&stacks), (2, 1));
        let [one, two] = permits;
        drop(one);
        assert_eq!(mapped(&stacks), (1, 0), "the one that is not in use went");
        drop(first);
        assert_eq!(mapped(&stacks), (1, 1));
        drop(two);
        assert_eq!(mapped(&stacks), (0, 0));
    }

    #[test]
    fn a_call_within_a_call_takes_one_more() {
        let stacks = Stacks::new(1 << 16);
        let _permit = stacks.permit(0).expect("a stack");
        let [outer, inner] = [stacks.take(), stacks.take()].map(|stack| stack.expect("a stack"));
        assert_eq!(mapped(&stacks), (2, 0));
        drop(inner);
        assert_eq!(mapped(&stacks), (1, 0));
        drop(outer);
        assert_eq!(mapped(&stacks), (1, 1));
    }

    #[test]
    fn a_stack_is_whole_pages_with_its_guard_below() {
        let stacks = Stacks::new(100_001);
        let stack = stacks.take().expect("a stack");
        let (page, range, guard) = (rustix::param::page_size(), stack.range(), stack.guard_range());
        assert_eq!((range.start % page, range.end % page), (0, 0));
        assert!(range.len() >= 100_001 + HOST_STACK);
        assert_eq!(range.len(), stacks.size);
        assert_eq!(
            (guard.end.addr(), guard.start.addr() + page),
            (range.start, range.start)
        );
        assert_eq!(stack.top().addr(), range.end);
    }

    #[test]
    fn what_the_system_or_the_mappings_do_not_allow_is_refused_and_changes_nothing() {
        let stacks = Stacks::new(1 << 16);
        assert_eq!(stacks.permit(u64::MAX).err(), Some(NoStack::Mappings));
        assert_eq!(stacks.permit(mappings_for_threads()).err(), Some(NoStack::Mappings));
        let huge = Stacks::new(1 << 60);
        assert_eq!(huge.permit(0).err(), Some(NoStack::System(rustix::io::Errno::NOMEM)));
        assert_eq!(mapped(&huge), (0, 0));
        stacks.permit(0).expect("others have room");
    }
}
