//! How weft makes guest threads that compute give up their core, and end.
//!
//! **Problem.** A guest thread is a future, and gives up its core only when its fiber is suspended. Code that only
//! computes never suspends its fiber. Checks in the code can do that, but make small loops take up to twice as long.
//!
//! **Here**, an engine uses one of two mechanisms, and the rest of the runtime does not depend on which:
//!
//! - *Signals* ([`weft_interrupt`]): the code has no checks. If tasks wait for a worker, each tick sends a signal to
//!   every worker that runs a guest. When an instance ends, the engine sends the signal to the workers that run its
//!   threads, at once and at each tick until none does.
//! - *Epochs*: the code checks a counter in each function and loop. Ticks advance the counter, and so does the end of
//!   an instance.
//!
//! Either way, an interrupted thread yields as if it had called a yielding built-in. When it is polled again, it
//! continues, or is dropped if its instance has ended.
//!
//! **Time slices.** An interruption counts only if it was sent after the thread's time slice began. With epochs, Wasmtime compares the
//! counter with the store's deadline. With signals, an interrupted thread compares the number of ticks, because a signal may arrive late.
//!
//! **Rejected:** signals at each tick even if no task waits (each costs the guest some microseconds for nothing); a
//! flag per worker that tells its thread to end (a worker that starts another thread of the instance at that moment
//! would miss the flag).

use crate::scheduler::Tick;
use rustc_hash::FxHashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use weft_interrupt::{DEFAULT_SIGNAL, Interrupter, Unsupported};

/// While no task waits, epochs advance once in this many ticks. A thread may still have a reason to yield, for example
/// that its instance has ended.
const LONE_PERIOD: u64 = 8;

/// How an engine interrupts guest threads that compute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Interruption {
    /// By a signal, at any instruction. The code has no checks in it, and runs at full speed.
    ///
    /// This needs Linux on x86-64. The engine installs a handler for the signal ([`Config::interruption_signal`]) in
    /// the process.
    ///
    /// [`Config::interruption_signal`]: crate::Config::interruption_signal
    Signal,
    /// By checks of a counter in each function and loop.
    Epochs,
}

/// What the embedder chooses.
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    pub(crate) interruption: Interruption,
    pub(crate) signal: i32,
}

impl Default for Choice {
    fn default() -> Self {
        Choice {
            interruption: Interruption::Signal,
            signal: DEFAULT_SIGNAL,
        }
    }
}

/// What interrupts the guest threads of one engine.
pub(crate) struct Interrupts {
    means: Means,
    /// Whether threads are interrupted so that others can run. They are always interrupted to end.
    pub(crate) preempts: bool,
    /// How many ticks there were at which tasks waited for a worker.
    ticks: AtomicU64,
    /// How many ticks there were at which no task waited.
    lone_ticks: AtomicU64,
    /// The numbers of the instances that have ended, but whose threads may still run.
    ended: Mutex<FxHashSet<u64>>,
    /// Why the engine does not use signals although the embedder chose them.
    refusal: Option<Unsupported>,
}

enum Means {
    Signals(Interrupter),
    Epochs(wasmtime::Engine),
}

impl Interrupts {
    /// Makes an engine whose guests can be interrupted as chosen, or by epochs if signals do not work. The argument of
    /// `make` is whether the engine's code checks epochs. `compile` compiles the module with which signals are tested.
    pub(crate) fn start<E>(
        choice: &Choice,
        preempts: bool,
        make: impl Fn(bool) -> Result<wasmtime::Engine, E>,
        compile: impl Fn(&wasmtime::Engine, &[u8]) -> wasmtime::Result<wasmtime::Module>,
    ) -> Result<(wasmtime::Engine, Self), E> {
        let interrupts = |means, refusal| Interrupts {
            means,
            preempts,
            ticks: AtomicU64::new(0),
            lone_ticks: AtomicU64::new(0),
            ended: Mutex::default(),
            refusal,
        };
        let refusal = match choice.interruption {
            Interruption::Epochs => None,
            Interruption::Signal => {
                let engine = make(false)?;
                match Interrupter::new(&engine, choice.signal, |wasm| compile(&engine, wasm)) {
                    Ok(interrupter) => return Ok((engine, interrupts(Means::Signals(interrupter), None))),
                    Err(refusal) => Some(refusal),
                }
            }
        };
        let engine = make(true)?;
        let means = Means::Epochs(engine.clone());
        Ok((engine, interrupts(means, refusal)))
    }

    pub(crate) fn interruption(&self) -> Interruption {
        match self.means {
            Means::Signals(_) => Interruption::Signal,
            Means::Epochs(_) => Interruption::Epochs,
        }
    }

    pub(crate) fn refusal(&self) -> Option<&Unsupported> {
        self.refusal.as_ref()
    }

    /// Interrupts the threads that compute, if there is a reason.
    pub(crate) fn tick(&self, tick: Tick) {
        // Count the tick before interrupting: an interrupted thread must see more ticks than when its time slice began.
        let lone_ticks = match tick {
            Tick::Contended => {
                self.ticks.fetch_add(1, Ordering::SeqCst);
                0
            }
            Tick::Lone => self.lone_ticks.fetch_add(1, Ordering::Relaxed),
        };
        match &self.means {
            Means::Epochs(engine) if lone_ticks.is_multiple_of(LONE_PERIOD) => engine.increment_epoch(),
            Means::Epochs(_) => {}
            Means::Signals(interrupter) if tick == Tick::Contended && self.preempts => interrupter.interrupt(|_| true),
            Means::Signals(interrupter) => {
                let ended = self.ended();
                if !ended.is_empty() {
                    interrupter.interrupt(|instance| ended.contains(&instance));
                }
            }
        }
    }

    /// Whether ticks interrupt the threads of an instance that has ended.
    pub(crate) fn pursues(&self) -> bool {
        !self.ended().is_empty()
    }

    /// Makes the threads of an instance see its outcome, which the caller has set.
    pub(crate) fn end(&self, instance: u64) {
        match &self.means {
            Means::Epochs(engine) => engine.increment_epoch(),
            Means::Signals(interrupter) => {
                self.ended().insert(instance);
                interrupter.interrupt(|other| other == instance);
            }
        }
    }

    /// Interrupts the threads of an ended instance once more: a thread may have been where it could not be interrupted.
    pub(crate) fn end_again(&self, instance: u64) {
        match &self.means {
            Means::Epochs(engine) => engine.increment_epoch(),
            Means::Signals(interrupter) => interrupter.interrupt(|other| other == instance),
        }
    }

    /// Forgets an ended instance. No thread of it is left.
    pub(crate) fn forget(&self, instance: u64) {
        match &self.means {
            Means::Epochs(_) => {}
            Means::Signals(_) => {
                self.ended().remove(&instance);
            }
        }
    }

    pub(crate) fn interrupter(&self) -> Option<&Interrupter> {
        match &self.means {
            Means::Signals(interrupter) => Some(interrupter),
            Means::Epochs(_) => None,
        }
    }

    /// How many ticks there were at which tasks waited for a worker.
    pub(crate) fn ticks(&self) -> u64 {
        self.ticks.load(Ordering::SeqCst)
    }

    fn ended(&self) -> MutexGuard<'_, FxHashSet<u64>> {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
