//! The stacks of guest threads, and the memory mappings that they take.
//!
//! **Problem.** Wasmtime maps a stack when a fiber starts. By then the guest already has the thread's index, so if the
//! system refused the memory, nothing could tell the guest, and the program would have to end. Also, mappings belong to
//! the process: if engines each count only their own, they exceed the limit together.
//!
//! **Here**, code that creates a thread first asks for a [`StackPermit`], and gets none if the system grants no stack.
//! A pool holds at least as many stacks as there are permits, and Wasmtime takes its stacks from the pool. The stacks
//! are in [slabs](super::stack_slab), which take [mappings](super::mappings) from the account of the process.
//!
//! An unused stack without a permit keeps no memory. A few ([`READY`]) keep theirs, so that starting and ending threads
//! repeatedly makes no system calls. A slab is unmapped when none of its stacks is needed. Stacks give up their memory
//! only when there are many of them ([`LATE`]), and without the lock. When a program ends, most of its slabs are
//! unmapped as a whole before that.
//!
//! **Rejected:** a stack size for each thread. When Wasmtime enters WebAssembly, it sets the stack limit to the stack
//! pointer minus its one `max_wasm_stack`, so code would overrun a smaller stack before it reaches the limit. The host
//! could lower the limit before guest code runs only in Wasmtime's call hook (its feature `call-hook`), which would
//! also run around each host call. Entering through a function that first calls the host would cost that call for each
//! thread and each call of an export.
#![expect(unsafe_code, reason = "stacks are mapped memory that the engine runs guest code on")]

use crate::system::mappings;
use crate::system::stack_owner::{self, StackOwner};
use crate::system::stack_pages;
use crate::system::stack_slab::{MOST_STACKS, NoStack, Slab};
use std::ops::{Range, RangeInclusive};
use std::ptr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use wasmtime::{StackCreator, StackMemory};

/// The default of [`Config::max_wasm_stack`](crate::Config::max_wasm_stack), in bytes: as much as the main thread of a
/// native program has on most systems.
pub const DEFAULT_MAX_WASM_STACK: usize = 8 << 20;

/// The sizes in bytes that [`Config::max_wasm_stack`](crate::Config::max_wasm_stack) accepts. With a smaller stack, no
/// function can be called; with larger ones, the address space of a process has no room for the stacks of a hundred
/// threads.
pub const WASM_STACK_SIZES: RangeInclusive<usize> = 4096..=1 << 40;

/// Configures an engine to give each fiber `max_wasm_stack` bytes of stack for WebAssembly, and 1 MiB more for host
/// functions. Only the pages that are touched take memory.
pub fn configure_stacks(config: &mut wasmtime::Config, max_wasm_stack: usize) {
    Stacks::new(max_wasm_stack).configure(config);
}

/// The part of a stack for host functions, in bytes.
const HOST_STACK: usize = 1 << 20;

/// How much memory a stack keeps while it waits for its next fiber, in bytes.
const KEPT: usize = 64 << 10;

/// How many stacks without a permit keep their memory.
const READY: usize = 8;

/// How many more may keep it for a while: two slabs, because workers that end the threads of a program empty several
/// slabs at once.
const LATE: usize = 2 * MOST_STACKS;

/// The most mappings that a stack takes: its guard page, and the rest.
const MAPPINGS_OF_A_STACK: u64 = 2;

/// How many threads the limit of mappings allows at once, if each stack takes the most mappings and the stores take
/// none.
pub(crate) fn threads_by_mappings() -> u32 {
    let threads = mappings::for_guests() / MAPPINGS_OF_A_STACK;
    u32::try_from(threads).unwrap_or(u32::MAX).max(1)
}

/// The stacks of one engine.
pub(crate) struct Stacks {
    max_wasm_stack: usize,
    /// The size in bytes, including the part for host functions, without the guard page.
    size: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Stacks that Wasmtime does not use at the moment. Some of their pages may be in memory.
    free: Vec<Place>,
    /// Further unused stacks. None of their pages is in memory.
    clean: Vec<Place>,
    /// How many stacks there are in all.
    mapped: usize,
    permits: usize,
}

/// The place of a stack.
struct Place {
    slab: Arc<CountedSlab>,
    /// The start of the stack, including its guard page.
    base: usize,
    /// The size of the stack, including its guard page.
    length: usize,
}

/// A slab, and how many of its stacks are free. The number changes under the lock of the pool.
struct CountedSlab {
    slab: Slab,
    free: AtomicUsize,
}

/// The right to take one stack from the pool.
pub(crate) struct StackPermit {
    stacks: Arc<Stacks>,
}

impl Stacks {
    /// A pool of stacks with `max_wasm_stack` bytes for WebAssembly.
    pub(crate) fn new(max_wasm_stack: usize) -> Arc<Self> {
        let page = rustix::param::page_size();
        let size = max_wasm_stack.saturating_add(HOST_STACK);
        Arc::new(Stacks {
            max_wasm_stack,
            size: size.checked_next_multiple_of(page).unwrap_or(usize::MAX - page + 1),
            state: Mutex::default(),
        })
    }

    /// The size of each stack in bytes.
    pub(crate) fn size(&self) -> usize {
        self.size
    }

    /// Configures an engine to take its stacks from this pool.
    pub(crate) fn configure(self: &Arc<Self>, config: &mut wasmtime::Config) {
        config
            .max_wasm_stack(self.max_wasm_stack)
            .async_stack_size(self.size)
            .with_host_stack(Arc::new(Creator(Arc::clone(self))));
    }

    /// Makes sure that there is a stack for one more thread.
    pub(crate) fn permit(self: &Arc<Self>) -> Result<StackPermit, NoStack> {
        let mut state = self.lock();
        if state.mapped <= state.permits {
            state.map(self.size)?;
        }
        state.permits += 1;
        drop(state);
        Ok(StackPermit {
            stacks: Arc::clone(self),
        })
    }

    /// Takes a stack for a fiber. There is one for each permit; a nested call needs one more, which may be mapped now.
    fn take(self: &Arc<Self>) -> Result<Stack, NoStack> {
        let mut state = self.lock();
        if state.free.is_empty() && state.clean.is_empty() {
            state.map(self.size)?;
        }
        let place = state.free.pop().or_else(|| state.clean.pop());
        let place = place.ok_or(NoStack::System(rustix::io::Errno::NOMEM))?;
        place.slab.free.fetch_sub(1, Ordering::Relaxed);
        drop(state);
        let stack = Stack {
            place: Some(place),
            stacks: Arc::clone(self),
            owner: stack_owner::current(),
        };
        match &stack.owner {
            Some(owner) if !owner.took(stack.range()) => Err(NoStack::Limit),
            Some(_) | None => Ok(stack),
        }
    }

    /// The state is consistent whenever the lock is free, even if a holder panicked.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Maps more stacks, of this size.
    fn map(&mut self, size: usize) -> Result<(), NoStack> {
        let slab = Slab::new(size, self.mapped)?;
        let stacks = slab.stacks();
        let slab = Arc::new(CountedSlab {
            free: AtomicUsize::new(stacks.len()),
            slab,
        });
        self.mapped += stacks.len();
        let place = |base| Place {
            slab: Arc::clone(&slab),
            base,
            length: size + rustix::param::page_size(),
        };
        self.clean.extend(stacks.map(place));
        Ok(())
    }

    /// Takes out what no permit needs. The caller must give it up without the lock.
    fn trim(&mut self) -> Surplus {
        let last = self.free.last().into_iter().chain(self.clean.last());
        let slab = last.map(|place| &place.slab).find(|slab| self.is_surplus(slab));
        let slab = slab.map(Arc::clone);
        if let Some(slab) = &slab {
            self.clean.retain(|place| !Arc::ptr_eq(&place.slab, slab));
            self.free.retain(|place| !Arc::ptr_eq(&place.slab, slab));
            self.mapped -= slab.slab.stacks().len();
        }
        let used = self.mapped - self.free.len() - self.clean.len();
        let needed = self.permits.saturating_sub(used) + READY;
        let places = match self.free.len() > needed + LATE {
            true => self.free.split_off(needed),
            false => Vec::new(),
        };
        // Until they are back, their slabs are in use.
        self.mapped -= places.len();
        for place in &places {
            place.slab.free.fetch_sub(1, Ordering::Relaxed);
        }
        Surplus { places, _slab: slab }
    }

    /// Whether all stacks of a slab are free, and none is needed.
    fn is_surplus(&self, slab: &CountedSlab) -> bool {
        let stacks = slab.slab.stacks().len();
        slab.free.load(Ordering::Relaxed) == stacks && self.mapped - stacks >= self.permits + READY
    }
}

/// What a pool gives up.
struct Surplus {
    /// They give up their memory.
    places: Vec<Place>,
    /// It is unmapped.
    _slab: Option<Arc<CountedSlab>>,
}

impl Surplus {
    /// Gives it up. The caller does not hold the lock of the pool.
    fn give_up(self, stacks: &Stacks) {
        if self.places.is_empty() {
            return;
        }
        for place in &self.places {
            stack_pages::release(&place.stack(), 0);
        }
        let mut state = stacks.lock();
        state.mapped += self.places.len();
        for place in &self.places {
            place.slab.free.fetch_add(1, Ordering::Relaxed);
        }
        state.clean.extend(self.places);
    }
}

impl Place {
    /// The stack without the guard page.
    fn stack(&self) -> Range<usize> {
        self.base + rustix::param::page_size()..self.base + self.length
    }
}

impl Drop for StackPermit {
    fn drop(&mut self) {
        let mut state = self.stacks.lock();
        state.permits -= 1;
        let surplus = state.trim();
        drop(state);
        surplus.give_up(&self.stacks);
    }
}

/// Gives Wasmtime its stacks.
struct Creator(Arc<Stacks>);

// SAFETY: each stack is mapped memory of its own, page-aligned, accessible except for a guard page below, and lent to
// one fiber at a time. A reused stack need not be zeroed: `Config::async_stack_zeroing` is off.
unsafe impl StackCreator for Creator {
    fn new_stack(&self, _size: usize, _zeroed: bool) -> wasmtime::Result<Box<dyn StackMemory>> {
        Ok(Box::new(self.0.take()?))
    }
}

/// A stack in use by a fiber.
struct Stack {
    /// `None` only while the stack is dropped.
    place: Option<Place>,
    stacks: Arc<Stacks>,
    /// The owner that is charged for the stack's pages, if weft counts them.
    owner: Option<Arc<dyn StackOwner>>,
}

// SAFETY: the ranges belong to a place in a slab, which lives as long as this value.
unsafe impl StackMemory for Stack {
    fn top(&self) -> *mut u8 {
        ptr::with_exposed_provenance_mut(self.range().end)
    }

    fn range(&self) -> Range<usize> {
        self.place.as_ref().map_or(0..0, Place::stack)
    }

    /// Wasmtime asks for this each time it switches to the fiber on the stack.
    fn guard_range(&self) -> Range<*mut u8> {
        if let Some(owner) = &self.owner {
            owner.switched();
        }
        let stack = self.range();
        let address = ptr::with_exposed_provenance_mut;
        address(stack.start.saturating_sub(rustix::param::page_size()))..address(stack.start)
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        let range = self.range();
        let touched = self.owner.take().map_or(0, |owner| owner.gave_back(&range));
        if touched > KEPT {
            // So the next owner of the stack is not charged for these pages.
            stack_pages::release(&range, KEPT);
        }
        let mut state = self.stacks.lock();
        if let Some(place) = self.place.take() {
            place.slab.free.fetch_add(1, Ordering::Relaxed);
            state.free.push(place);
        }
        let surplus = state.trim();
        drop(state);
        surplus.give_up(&self.stacks);
    }
}

#[cfg(test)]
mod tests;
