//! The metrics of instances and engines.
//!
//! Each instance has a [`Record`] with the counters of its threads. [`MetricsHandle`]s keep the record when the
//! instance is gone. The engine has a list of the records of live instances, and the sums of the others.

pub(crate) mod counters;
pub(crate) mod hooks;

use crate::limits::budget::{Budget, MemoryRefusals};
use crate::scheduler::{Scheduler, Tenant};
use crate::threads::spawn_refusals::{RefusedSpawns, SpawnRefusals};
use crate::threads::thread_table::ThreadTables;
use counters::Counters;
use rustc_hash::FxHashMap;
use std::fmt;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::Duration;

/// The metrics of an instance up to now: see [`Instance::metrics`](crate::Instance::metrics).
///
/// Counts of events only grow. While threads run, the numbers may be of slightly different moments.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct InstanceMetrics {
    /// How many guest threads have started. Each call of an export is a thread, and so is the instantiation.
    pub threads_started: u64,
    /// How many guest threads there are, including suspended ones.
    pub threads_alive: u32,
    /// The largest number of guest threads at once, as [`Config::max_threads`](crate::Config::max_threads) counts them. It includes the
    /// threads that the instance keeps for the next calls.
    pub threads_peak: u32,
    /// How often a guest thread stopped to wait: for a notification, to be resumed, for time to pass, or for a host function.
    pub waits: u64,
    /// How often a guest thread that waited was woken.
    pub wake_ups: u64,
    /// How often an OS thread started or continued a guest thread. For a call on its caller's OS thread, only continuing counts.
    pub switches: u64,
    /// How often a guest thread was interrupted, and another one took its turn.
    pub preemptions: u64,
    /// The bytes of memory in use, as [`Config::max_memory`](crate::Config::max_memory) counts them.
    pub memory: u64,
    /// The largest amount of memory, in bytes, that was in use at once.
    pub memory_peak: u64,
    /// How often the instance did not get memory.
    pub memory_refusals: MemoryRefusals,
    /// How often a spawn started no thread.
    pub spawn_refusals: SpawnRefusals,
    /// The processor time that the instance's threads and their host functions used on workers.
    /// [Blocking](crate::HostModule::func_wrap_blocking) host functions do not count, and neither do calls on their callers' OS threads.
    /// If an instance has [`InstanceLimits::max_processor_time`](crate::InstanceLimits::max_processor_time), all of its calls run on
    /// workers.
    pub processor_time: Duration,
}

/// The metrics of all instances of an engine up to now: see [`Engine::metrics`](crate::Engine::metrics).
///
/// Unless a field says otherwise, it is the sum over all instances, including those that have ended, of the field of [`InstanceMetrics`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct EngineMetrics {
    /// How many instances have been created.
    pub instances_started: u64,
    /// How many instances there are. After its [`Instance`](crate::Instance) has been dropped, an instance counts until its threads end.
    pub instances_alive: u64,
    /// How many guest threads have started.
    pub threads_started: u64,
    /// How many guest threads there are.
    pub threads_alive: u64,
    /// The largest number of guest threads that one instance had at once.
    pub threads_peak: u32,
    /// How often a guest thread stopped to wait.
    pub waits: u64,
    /// How often a guest thread that waited was woken.
    pub wake_ups: u64,
    /// How often an OS thread started or continued a guest thread.
    pub switches: u64,
    /// How often a guest thread was interrupted, and another one took its turn.
    pub preemptions: u64,
    /// The bytes of memory in use.
    pub memory: u64,
    /// The largest amount of memory, in bytes, that one instance used at once.
    pub memory_peak: u64,
    /// How often instances did not get memory.
    pub memory_refusals: MemoryRefusals,
    /// How often a spawn started no thread.
    pub spawn_refusals: SpawnRefusals,
    /// The processor time of the engine's workers, including weft's own work.
    pub processor_time: Duration,
}

/// Returns the metrics of an instance, even after the instance has been dropped: see
/// [`Instance::metrics_handle`](crate::Instance::metrics_handle).
#[derive(Clone)]
pub struct MetricsHandle {
    record: Arc<Record>,
    /// Weak, so that the handle does not keep the engine's OS threads alive.
    scheduler: Weak<dyn Scheduler>,
}

impl MetricsHandle {
    pub(crate) fn new(record: &Arc<Record>, scheduler: &Arc<dyn Scheduler>) -> Self {
        MetricsHandle {
            record: Arc::clone(record),
            scheduler: Arc::downgrade(scheduler),
        }
    }

    /// The metrics of the instance up to now, or up to its end.
    pub fn metrics(&self) -> InstanceMetrics {
        let record = &self.record;
        let scheduler = self.scheduler.upgrade();
        let time = scheduler.map_or(Duration::ZERO, |scheduler| scheduler.processor_time(record.tenant()));
        // Read after asking the scheduler: the scheduler forgets the time after this is set.
        let time = record.processor_time.get().copied().unwrap_or(time);
        record.metrics(time)
    }
}

impl fmt::Debug for MetricsHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MetricsHandle").finish_non_exhaustive()
    }
}

/// The counters of one instance.
pub(crate) struct Record {
    number: u64,
    pub(crate) counters: Counters,
    pub(crate) refused_spawns: RefusedSpawns,
    threads: Arc<ThreadTables>,
    budget: Arc<Budget>,
    /// Created for the first call on its caller's OS thread.
    seats: OnceLock<Box<[SeatCount]>>,
    /// Set when the instance is gone, because the scheduler then forgets its time.
    processor_time: OnceLock<Duration>,
}

/// The counters of one shard's seats. Written under the shard's lock.
#[derive(Default)]
#[repr(align(64))]
pub(crate) struct SeatCount {
    /// How many calls reused the thread of an earlier call.
    reused: AtomicU64,
    /// How many threads wait for the next call.
    idle: AtomicU32,
}

impl SeatCount {
    /// A call reuses the thread of an earlier call.
    pub(crate) fn reuse(&self, idle: usize) {
        // Nobody else writes it.
        let reused = self.reused.load(Ordering::Relaxed) + 1;
        self.reused.store(reused, Ordering::Relaxed);
        self.set_idle(idle);
    }

    pub(crate) fn set_idle(&self, idle: usize) {
        self.idle.store(idle as u32, Ordering::Relaxed);
    }
}

impl Record {
    pub(crate) fn new(number: u64, workers: usize, threads: &Arc<ThreadTables>, budget: &Arc<Budget>) -> Arc<Self> {
        Arc::new(Record {
            number,
            counters: Counters::new(workers),
            refused_spawns: RefusedSpawns::default(),
            threads: Arc::clone(threads),
            budget: Arc::clone(budget),
            seats: OnceLock::new(),
            processor_time: OnceLock::new(),
        })
    }

    /// The counters of the shards of seats. `shards` is the same at each call, or 0.
    pub(crate) fn seats(&self, shards: usize) -> &[SeatCount] {
        match shards {
            0 => &[],
            _ => self
                .seats
                .get_or_init(|| (0..shards).map(|_| SeatCount::default()).collect()),
        }
    }

    fn tenant(&self) -> Tenant {
        Tenant::instance(self.number)
    }

    fn metrics(&self, processor_time: Duration) -> InstanceMetrics {
        let seats = || self.seats.get().into_iter().flatten();
        let reused: u64 = seats().map(|seat| seat.reused.load(Ordering::Relaxed)).sum();
        let idle: u32 = seats().map(|seat| seat.idle.load(Ordering::Relaxed)).sum();
        let threads = self.threads.counts();
        let counted = self.counters.sum();
        InstanceMetrics {
            threads_started: threads.started + reused,
            threads_alive: threads.live.saturating_sub(idle),
            threads_peak: threads.peak,
            waits: counted.waits,
            wake_ups: counted.wake_ups,
            switches: counted.switches,
            preemptions: counted.preemptions,
            memory: self.budget.used(),
            memory_peak: self.budget.peak(),
            memory_refusals: self.budget.refusals(),
            spawn_refusals: self.refused_spawns.sum(),
            processor_time,
        }
    }
}

/// The records of an engine's instances.
#[derive(Default)]
pub(crate) struct Records(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    alive: FxHashMap<u64, Arc<Record>>,
    /// The sums over the instances that are gone.
    gone: EngineMetrics,
}

impl Records {
    pub(crate) fn add(&self, record: &Arc<Record>) {
        let mut kept = self.lock();
        kept.gone.instances_started += 1;
        kept.alive.insert(record.number, Arc::clone(record));
    }

    /// Removes an instance that is gone. None of its threads will run any more.
    pub(crate) fn remove(&self, record: &Record, scheduler: &dyn Scheduler) {
        let time = record
            .processor_time
            .get_or_init(|| scheduler.processor_time(record.tenant()));
        scheduler.forget(record.tenant());
        let metrics = record.metrics(*time);
        let mut kept = self.lock();
        let removed = kept.alive.remove(&record.number);
        kept.gone.add_events(&metrics);
        drop(kept);
        drop(removed);
    }

    pub(crate) fn metrics(&self, scheduler: &dyn Scheduler) -> EngineMetrics {
        let kept = self.lock();
        let mut sums = kept.gone;
        for record in kept.alive.values() {
            let metrics = record.metrics(Duration::ZERO);
            sums.add_events(&metrics);
            sums.instances_alive += 1;
            sums.threads_alive += u64::from(metrics.threads_alive);
            sums.memory += metrics.memory;
        }
        drop(kept);
        sums.processor_time = scheduler.total_processor_time();
        sums
    }

    /// The list is consistent whenever the lock is free, even if a holder panicked.
    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl EngineMetrics {
    fn add_events(&mut self, metrics: &InstanceMetrics) {
        self.threads_started += metrics.threads_started;
        self.waits += metrics.waits;
        self.wake_ups += metrics.wake_ups;
        self.switches += metrics.switches;
        self.preemptions += metrics.preemptions;
        self.threads_peak = self.threads_peak.max(metrics.threads_peak);
        self.memory_peak = self.memory_peak.max(metrics.memory_peak);
        self.memory_refusals.add(metrics.memory_refusals);
        self.spawn_refusals.add(metrics.spawn_refusals);
    }
}
