//! The limits of one instance, which an embedder chooses when it makes the instance.

use crate::limits::budget::Budget;
use crate::limits::limiter::{Limiter, ResourceLimiter};
use crate::limits::processor_time::Meter;
use crate::system::mappings::Share;
use std::sync::Arc;
use std::time::Duration;

/// The limits of one instance: see [`Linker::instantiate_with`](crate::Linker::instantiate_with).
///
/// If you do not set a limit, that of the engine's [`Config`](crate::Config) applies, if it has one.
///
/// ```
/// use std::time::Duration;
/// use weft_parallel::InstanceLimits;
///
/// let mut limits = InstanceLimits::new();
/// limits.max_threads(16).max_memory(64 << 20).deadline(Duration::from_secs(2));
/// ```
#[derive(Debug, Clone, Default)]
pub struct InstanceLimits {
    max_threads: Option<u32>,
    max_memory: Option<u64>,
    max_table_elements: Option<u64>,
    deadline: Option<Duration>,
    max_processor_time: Option<Duration>,
    limiter: Limiter,
}

impl InstanceLimits {
    /// The limits of the engine's [`Config`](crate::Config).
    pub fn new() -> Self {
        InstanceLimits::default()
    }

    /// Limits how many guest threads the instance can have at once: see [`Config::max_threads`](crate::Config::max_threads).
    pub fn max_threads(&mut self, threads: u32) -> &mut Self {
        self.max_threads = Some(threads);
        self
    }

    /// Limits the total memory, in bytes, that the instance makes the host allocate: see
    /// [`Config::max_memory`](crate::Config::max_memory).
    pub fn max_memory(&mut self, bytes: u64) -> &mut Self {
        self.max_memory = Some(bytes);
        self
    }

    /// Limits how many elements each table can have. At the limit, `table.grow` returns -1. If a table starts larger than the limit,
    /// instantiation returns an error.
    pub fn max_table_elements(&mut self, elements: u64) -> &mut Self {
        self.max_table_elements = Some(elements);
        self
    }

    /// Limits how long the instance exists, from the start of its instantiation. When the time is over, the instance ends, whatever its
    /// threads are doing, and its calls return [`Error::EndedBy`](crate::Error::EndedBy) with
    /// [`EndReason::Deadline`](crate::EndReason::Deadline).
    pub fn deadline(&mut self, time: Duration) -> &mut Self {
        self.deadline = Some(time);
        self
    }

    /// Limits how much processor time all threads of the instance and the host functions that they call use in total. At the limit, the
    /// instance ends, and its calls return [`Error::EndedBy`](crate::Error::EndedBy) with
    /// [`EndReason::ProcessorTime`](crate::EndReason::ProcessorTime).
    ///
    /// The engine checks once in each time slice ([`Config::time_slice`](crate::Config::time_slice)), so an instance can exceed its limit
    /// by what its threads use until the next check. [Blocking](crate::HostModule::func_wrap_blocking) host functions do not count.
    pub fn max_processor_time(&mut self, time: Duration) -> &mut Self {
        self.max_processor_time = Some(time);
        self
    }

    /// Sets a limiter that weft asks when a memory or a table of the instance is created or grows, if the limits that are numbers allow it.
    /// If you pass these limits to several instances, all of them ask the same limiter. To keep the limiter, pass an [`Arc`] of it.
    ///
    /// weft asks about what the program sees: a shared memory or table, and the growth of each thread's copy of an unshared one. It asks
    /// about initial sizes once, and not for the copies of further threads. It also asks about the heap of garbage-collected objects, as
    /// for a memory, and about the table in which it keeps the program's functions.
    pub fn limiter(&mut self, limiter: impl ResourceLimiter + 'static) -> &mut Self {
        self.limiter = Limiter::new(limiter);
        self
    }
}

/// What [`InstanceLimits`] set, for another runtime than this crate's.
#[doc(hidden)]
#[derive(Debug, Clone)]
pub struct SetLimits {
    pub max_threads: Option<u32>,
    pub max_memory: Option<u64>,
    pub max_table_elements: Option<u64>,
    pub deadline: Option<Duration>,
    pub max_processor_time: Option<Duration>,
    pub limiter: Limiter,
}

impl InstanceLimits {
    #[doc(hidden)]
    pub fn set(&self) -> SetLimits {
        SetLimits {
            max_threads: self.max_threads,
            max_memory: self.max_memory,
            max_table_elements: self.max_table_elements,
            deadline: self.deadline,
            max_processor_time: self.max_processor_time,
            limiter: self.limiter.clone(),
        }
    }
}

/// The limits that apply to an instance.
pub(crate) struct Allowance {
    pub(crate) max_threads: u32,
    pub(crate) budget: Arc<Budget>,
    pub(crate) share: Arc<Share>,
    pub(crate) deadline: Option<Duration>,
    /// `None` if processor time is not limited. Then it is not measured either.
    pub(crate) meter: Option<Arc<Meter>>,
}

impl Allowance {
    /// `max_threads` and `max_memory` are the engine's limits, which apply if `limits` does not set them.
    pub(crate) fn new(limits: &InstanceLimits, max_threads: u32, max_memory: u64) -> Self {
        let memory = limits.max_memory.unwrap_or(max_memory);
        let elements = limits.max_table_elements.unwrap_or(u64::MAX);
        Allowance {
            max_threads: limits.max_threads.unwrap_or(max_threads),
            budget: Budget::with_tables(memory, elements, limits.limiter.clone()),
            share: Arc::default(),
            deadline: limits.deadline,
            meter: limits.max_processor_time.map(|limit| Arc::new(Meter::new(limit))),
        }
    }
}
