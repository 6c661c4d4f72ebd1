//! Accounting for the stack pages that the threads of a program touch beyond the prepaid part.
//!
//! **Problem.** A stack is address space, and takes memory for each page that was ever touched.
//! [`THREAD`](super::budget::THREAD) covers what most threads touch. But if a thousand threads each recurse deeply,
//! they hold gigabytes, even after they have returned from the recursion. Only the kernel knows which pages were
//! touched, and asking it each time that a thread stops running would make waiting several times slower.
//!
//! **Here**, a stack is charged up to its deepest touched page. Each worker keeps an upper bound for what guests may
//! have touched on it since the last scan of their stacks, and refines the bound only as far as necessary. Guests touch
//! at most:
//!
//! 1. a whole stack in each run (a subtraction);
//! 2. a page in each [`FAULT_TIME`], since each page takes a page fault (reading a clock);
//! 3. a page for each page fault that the worker has had (a system call).
//!
//! If the bound still reaches half of [a share of the limit](Shares), the worker scans all stacks of the program.
//! Threads that hand over to each other touch no new pages, so the worker reads the clock once in several runs, and
//! takes the other steps once in a millisecond.
//!
//! A thread whose stack does not fit the limit traps. So per worker, the program can exceed its limit by the share and
//! by what one thread touches until it stops running: in its time slice of a millisecond, or longer if no other thread
//! waits.
//!
//! **Rejected:** scanning whenever a thread suspends (costs as much as the suspension); the stack pointer at a
//! suspension (does not show calls that have returned); giving the pages below it back to the system (a thread that
//! recurses in a loop would pay for this each time).

use super::budget::{Budget, OverBudget, THREAD};
use crate::system::stack_owner::{Owned, StackOwner};
use crate::system::stack_pages::{page_faults, touched};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::ops::Range;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, TryLockError};
use std::time::{Duration, Instant};

/// How many bytes of stack beyond the prepaid parts a program may use without charge. So even if it has grown its
/// memory to the limit, it can still call a host function.
const FREE: u64 = 1 << 20;

/// A lower bound for the time that a page fault takes.
const FAULT_TIME: Duration = Duration::from_nanos(100);

thread_local! {
    static WINDOW: RefCell<Option<Window>> = const { RefCell::new(None) };
}

/// The memory that a program's stacks take.
pub(crate) struct StackUse {
    budget: Arc<Budget>,
    shares: Shares,
    state: Mutex<State>,
    /// One scan at a time.
    scan: Mutex<()>,
    /// What may have been touched on workers that now run another program.
    unseen: AtomicU64,
    exhausted: OnceLock<Box<dyn Fn(u32, StackOverBudget) + Send + Sync>>,
}

/// The sizes with which the bound is computed, in bytes.
struct Shares {
    /// The bound at which the worker scans the stacks.
    look_at: u64,
    /// What a thread can touch in one run.
    stack: u64,
    page: u64,
}

#[derive(Default)]
struct State {
    /// The stacks by their lowest addresses.
    stacks: FxHashMap<usize, UsedStack>,
    /// What the stacks take beyond [`THREAD`], and how much of that is charged.
    used: u64,
    charged: u64,
}

struct UsedStack {
    stack: Range<usize>,
    /// The deepest touched page, in bytes from the top.
    depth: usize,
    thread: Arc<AtomicU32>,
}

/// What may have been touched, on one worker, of the stacks of the program that it runs.
struct Window {
    program: Arc<StackUse>,
    /// Runs since the worker last read the clock.
    runs: u64,
    /// How much may have been touched by the time below.
    touched: u64,
    since: Instant,
    faults: Option<u64>,
}

/// A thread's stack does not fit its program's limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the thread's stack takes {depth} bytes: {over}")]
pub(crate) struct StackOverBudget {
    depth: usize,
    over: OverBudget,
}

impl StackOverBudget {
    /// The error if there is no room for one more stack.
    pub(crate) fn of_new_stack(over: OverBudget) -> Self {
        StackOverBudget { depth: prepaid(), over }
    }
}

impl StackUse {
    /// Makes the account of a program whose stacks have `stack` bytes. It charges `budget`.
    pub(crate) fn new(budget: &Arc<Budget>, stack: usize) -> Arc<Self> {
        Arc::new(StackUse {
            budget: Arc::clone(budget),
            shares: Shares::new(budget.limit(), stack as u64),
            state: Mutex::default(),
            scan: Mutex::default(),
            unseen: AtomicU64::new(0),
            exhausted: OnceLock::new(),
        })
    }

    /// Sets the function that is called with the index of a thread whose stack does not fit.
    pub(crate) fn when_exhausted(&self, exhausted: impl Fn(u32, StackOverBudget) + Send + Sync + 'static) {
        // A program sets it once.
        let _ = self.exhausted.set(Box::new(exhausted));
    }

    /// Records that code of the program has run on this worker.
    pub(crate) fn ran(self: &Arc<Self>) {
        // An OS thread that is ending runs no guest.
        let _ = WINDOW.try_with(|window| {
            {
                let mut window = window.borrow_mut();
                if let Some(Window { program, runs, .. }) = &mut *window
                    && *runs > 0
                    && Arc::ptr_eq(program, self)
                {
                    *runs -= 1;
                    return;
                }
            }
            // Nothing is borrowed while stores are dropped.
            let last = window.take();
            let next = self.look(last);
            window.replace(Some(next));
        });
    }

    /// Refines the bound, when counting runs no longer suffices.
    fn look(self: &Arc<Self>, last: Option<Window>) -> Window {
        let now = Instant::now();
        let mut window = match last {
            Some(window) if Arc::ptr_eq(&window.program, self) => window,
            other => {
                if let Some(other) = other {
                    let touched = other.bound(now);
                    other.program.unseen.fetch_add(touched, Ordering::Relaxed);
                }
                Window {
                    program: Arc::clone(self),
                    runs: 0,
                    // Includes this run, whose start is not known.
                    touched: self.unseen.swap(0, Ordering::Relaxed).saturating_add(self.shares.stack),
                    since: now,
                    faults: None,
                }
            }
        };
        let mut bound = window.bound(now);
        if bound >= self.shares.look_at {
            let faults = page_faults();
            window.touched = match window.faults.zip(faults) {
                Some((before, now)) => self.shares.bytes(now.saturating_sub(before)).min(bound),
                None => bound,
            };
            if window.touched >= self.shares.look_at / 2 && self.scan() {
                window.touched = 0;
                window.faults = faults;
            }
            window.since = now;
            bound = window.touched;
        }
        window.runs = self.shares.look_at.saturating_sub(bound) / self.shares.stack.max(1);
        window
    }

    /// Scans all stacks. Returns false if another worker is scanning, which may have passed this worker's stacks
    /// already.
    fn scan(&self) -> bool {
        let _scan = match self.scan.try_lock() {
            Ok(scan) => scan,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return false,
        };
        let mut state = self.state();
        let mut most: Option<(usize, usize, u32)> = None;
        let mut grown = 0;
        for used in state.stacks.values_mut() {
            let depth = touched(&used.stack, used.depth);
            let more = depth - used.depth;
            used.depth = depth;
            grown += more as u64;
            if most.is_none_or(|(most, ..)| more > most) {
                most = Some((more, depth, used.thread.load(Ordering::Relaxed)));
            }
        }
        state.used += grown;
        let more = state.used.saturating_sub(FREE).saturating_sub(state.charged);
        drop(state);
        // Called without the lock, because making room drops stores with their stacks.
        match self.budget.take(more) {
            Ok(()) => self.state().charged += more,
            Err(over) => {
                if let (Some(exhausted), Some((_, depth, thread))) = (self.exhausted.get(), most) {
                    exhausted(thread, StackOverBudget { depth, over });
                }
            }
        }
        true
    }

    /// The state is consistent whenever the lock is free, even if a holder panicked.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shares {
    fn new(limit: u64, stack: u64) -> Self {
        Shares {
            look_at: (limit / 32).clamp(256 << 10, 64 << 20),
            stack,
            page: rustix::param::page_size() as u64,
        }
    }

    fn bytes(&self, faults: u64) -> u64 {
        faults.saturating_mul(self.page)
    }
}

impl Window {
    /// How much may have been touched on the worker until now.
    fn bound(&self, now: Instant) -> u64 {
        let time = now.saturating_duration_since(self.since).as_nanos() / FAULT_TIME.as_nanos();
        let faults = u64::try_from(time).unwrap_or(u64::MAX).saturating_add(1);
        self.touched.saturating_add(self.program.shares.bytes(faults))
    }
}

/// The stacks of one store: one, and another for each nested call.
pub(crate) struct StoreStacks {
    program: Arc<StackUse>,
    /// The index of the thread that the store serves.
    thread: Arc<AtomicU32>,
}

impl StoreStacks {
    pub(crate) fn new(program: &Arc<StackUse>, thread: u32) -> Arc<Self> {
        Arc::new(StoreStacks {
            program: Arc::clone(program),
            thread: Arc::new(AtomicU32::new(thread)),
        })
    }

    /// The store serves this thread from now on.
    pub(crate) fn serve(&self, thread: u32) {
        self.thread.store(thread, Ordering::Relaxed);
    }

    /// Runs a future that uses the store and may run on a stack.
    pub(crate) fn during<F: Future>(self: &Arc<Self>, call: F) -> Owned<F> {
        let owner = Arc::clone(self);
        Owned::new(owner, call)
    }
}

/// How many bytes of a stack are charged without a scan.
fn prepaid() -> usize {
    (THREAD as usize).max(rustix::param::page_size())
}

impl StackOwner for StoreStacks {
    fn took(&self, stack: Range<usize>) -> bool {
        let used = UsedStack {
            depth: prepaid().min(stack.len()),
            thread: Arc::clone(&self.thread),
            stack,
        };
        self.program.state().stacks.insert(used.stack.start, used);
        // Not an error here: a thread whose stack does not fit traps when it stops running.
        true
    }

    /// Nothing to do: [`StoreStacks::during`] records each end of a run.
    fn switched(&self) {}

    fn gave_back(&self, stack: &Range<usize>) -> usize {
        let mut state = self.program.state();
        let Some(used) = state.stacks.remove(&stack.start) else {
            return 0;
        };
        let beyond = used.depth - prepaid().min(stack.len());
        state.used -= beyond as u64;
        let surplus = state.charged.saturating_sub(state.used.saturating_sub(FREE));
        state.charged -= surplus;
        drop(state);
        self.program.budget.give_back(surplus);
        used.depth
    }

    fn ran(&self) {
        self.program.ran();
    }
}
