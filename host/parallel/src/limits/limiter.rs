//! The embedder's own decisions on the growth of memories and tables.
//!
//! **Problem.** Some limits are known only while a program runs: they depend on a tenant's other programs, or on the
//! memory that the machine has left. **Here**, an embedder gives an instance a [`ResourceLimiter`], as it would give
//! one to a Wasmtime store. weft checks the instance's own limits first, so the limiter sees only what these allow.
//! weft asks once for each memory or table of the program, although each thread has its own copies of those that are
//! not shared: if a copy for another thread were refused, nothing could tell the guest.
//!
//! **Rejected:** Wasmtime's trait itself (it takes `&mut self`, and the threads of an instance grow memories at the same time).

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use wasmtime::format_err;

/// Decides whether memories and tables of an instance may grow: see [`InstanceLimits::limiter`](crate::InstanceLimits::limiter).
///
/// It has the methods of Wasmtime's [`ResourceLimiter`](wasmtime::ResourceLimiter), but several threads call them at once. They must
/// not block. A panic counts as an error.
///
/// ```
/// use std::sync::atomic::{AtomicUsize, Ordering};
/// use weft_parallel::{InstanceLimits, ResourceLimiter, wasmtime};
///
/// /// No memory of the program has more bytes than this allows at the moment.
/// struct Adjustable(AtomicUsize);
///
/// impl ResourceLimiter for Adjustable {
///     fn memory_growing(&self, _: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
///         Ok(desired <= self.0.load(Ordering::Relaxed))
///     }
///
///     fn table_growing(&self, _: usize, _: usize, _: Option<usize>) -> wasmtime::Result<bool> {
///         Ok(true)
///     }
/// }
///
/// let mut limits = InstanceLimits::new();
/// limits.limiter(Adjustable(AtomicUsize::new(16 << 20)));
/// ```
pub trait ResourceLimiter: Send + Sync {
    /// Says whether a memory may grow from `current` to `desired` bytes. `maximum` is the greatest size that its type allows.
    ///
    /// If this returns `false`, `memory.grow` returns -1. If `current` is 0, weft may be about to create the memory. In that case,
    /// instantiation fails with [`Error::Limit`](crate::Error::Limit).
    ///
    /// # Errors
    ///
    /// The thread traps with the error's message, or the instantiation fails with [`Error::Limit`](crate::Error::Limit).
    fn memory_growing(&self, current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool>;

    /// Says whether a table may grow from `current` to `desired` elements. `maximum` is the greatest length that its type allows,
    /// if weft knows it. `false` and errors mean the same as for [`memory_growing`](Self::memory_growing).
    ///
    /// # Errors
    ///
    /// As for [`memory_growing`](Self::memory_growing).
    fn table_growing(&self, current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool>;

    /// weft calls this if a memory did not grow although [`memory_growing`](Self::memory_growing) allowed it, because the system refused.
    fn memory_grow_failed(&self) {}

    /// weft calls this if a table did not grow although [`table_growing`](Self::table_growing) allowed it, because the system refused.
    fn table_grow_failed(&self) {}
}

impl<L: ResourceLimiter + ?Sized> ResourceLimiter for Arc<L> {
    fn memory_growing(&self, current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        L::memory_growing(self, current, desired, maximum)
    }

    fn table_growing(&self, current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        L::table_growing(self, current, desired, maximum)
    }

    fn memory_grow_failed(&self) {
        L::memory_grow_failed(self);
    }

    fn table_grow_failed(&self) {
        L::table_grow_failed(self);
    }
}

/// The limiter of an instance, if it has one.
#[doc(hidden)]
#[derive(Clone, Default)]
pub struct Limiter(Option<Arc<dyn ResourceLimiter>>);

/// What weft asks the limiter about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Resource {
    /// In bytes.
    Memory,
    /// In elements.
    Table,
}

/// The limiter does not allow what an instance needs to start.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    #[error("the limiter of the instance refuses a memory of {0} bytes that the program needs to start")]
    Memory(u64),
    #[error("the limiter of the instance refuses a table of {0} elements that the program needs to start")]
    Table(u64),
    #[error("the limiter of the instance refuses what the program needs to start: {0}")]
    Error(String),
}

impl Limiter {
    pub(crate) fn new(limiter: impl ResourceLimiter + 'static) -> Self {
        Limiter(Some(Arc::new(limiter)))
    }

    /// Whether a memory or table may grow. Growing by nothing is always allowed.
    pub(crate) fn allows(
        &self,
        resource: Resource,
        current: u64,
        desired: u64,
        maximum: Option<u64>,
    ) -> wasmtime::Result<bool> {
        let Some(limiter) = self.0.as_ref().filter(|_| desired > current) else {
            return Ok(true);
        };
        // A size beyond the address space becomes the largest size, which no limiter allows by mistake.
        let size = |size: u64| usize::try_from(size).unwrap_or(usize::MAX);
        let (current, desired, maximum) = (size(current), size(desired), maximum.map(size));
        let allows = catch_unwind(AssertUnwindSafe(|| match resource {
            Resource::Memory => limiter.memory_growing(current, desired, maximum),
            Resource::Table => limiter.table_growing(current, desired, maximum),
        }));
        // The panic hook has reported it.
        allows.unwrap_or_else(|_| {
            Err(format_err!(
                "the limiter of the instance panicked: see the panic's message on the standard error stream"
            ))
        })
    }

    /// Checks what an instance needs to start.
    pub(crate) fn check(&self, resource: Resource, needed: u64, maximum: Option<u64>) -> Result<(), Refused> {
        match self.allows(resource, 0, needed, maximum) {
            Ok(true) => Ok(()),
            Ok(false) => Err(match resource {
                Resource::Memory => Refused::Memory(needed),
                Resource::Table => Refused::Table(needed),
            }),
            Err(error) => Err(Refused::Error(format!("{error:#}"))),
        }
    }

    /// Reports that a memory or table did not grow although the limiter allowed it.
    pub(crate) fn failed(&self, resource: Resource) {
        let Some(limiter) = &self.0 else { return };
        // Nobody can be told but by the panic hook.
        let _ = catch_unwind(AssertUnwindSafe(|| match resource {
            Resource::Memory => limiter.memory_grow_failed(),
            Resource::Table => limiter.table_grow_failed(),
        }));
    }
}

impl fmt::Debug for Limiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Limiter").field(&self.0.is_some()).finish()
    }
}
