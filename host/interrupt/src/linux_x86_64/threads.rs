//! The OS threads that run guests, and how to send them the signal.
//!
//! Only threads that run a guest get the signal, so it does not disturb other system calls of the process. If the
//! thread has left the guest when the signal arrives, the handler does nothing.
//!
//! The signal carries a value, from which the handler knows that weft sent it.
//!
//! A thread has an entry for each engine whose guests it has run. Rejected: a single entry, for the engine whose guest
//! ran last. If a guest's host function ran a guest of another engine, the outer guest could not be interrupted any
//! more.

use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// The group of a thread that runs no guest.
const NONE: u64 = 0;

/// The threads that run guests of one engine.
#[derive(Debug)]
pub(super) struct Threads {
    signal: i32,
    presences: Mutex<Vec<Arc<Presence>>>,
}

/// One thread, as others see it.
#[derive(Debug)]
pub(super) struct Presence {
    thread: libc::pid_t,
    /// The group of the guest that the thread runs.
    group: AtomicU64,
}

/// A thread's entry for one engine. It is dropped with the thread.
struct Entry {
    threads: Weak<Threads>,
    presence: Arc<Presence>,
}

thread_local! {
    static ENTRIES: RefCell<Vec<Entry>> = const { RefCell::new(Vec::new()) };
}

impl Threads {
    pub(super) fn new(signal: i32) -> Self {
        Threads {
            signal,
            presences: Mutex::default(),
        }
    }

    /// The entry of the calling thread. Created when the thread first runs a guest of this engine.
    pub(super) fn presence(self: &Arc<Self>) -> Arc<Presence> {
        ENTRIES.with_borrow_mut(|entries| {
            let of_this = |entry: &&Entry| Weak::as_ptr(&entry.threads) == Arc::as_ptr(self);
            if let Some(entry) = entries.iter().find(of_this) {
                return Arc::clone(&entry.presence);
            }
            // Drop the entries of engines that are gone.
            entries.retain(|entry| entry.threads.strong_count() > 0);
            let new = Entry::new(self);
            let presence = Arc::clone(&new.presence);
            entries.push(new);
            presence
        })
    }

    /// Sends the signal to the threads that run a guest whose group is wanted.
    pub(super) fn interrupt(&self, mut is_wanted: impl FnMut(u64) -> bool) {
        for presence in &*self.lock() {
            let group = presence.group.load(Ordering::Relaxed);
            if group != NONE && is_wanted(group) {
                // If the thread has ended, there is nothing to interrupt.
                let _ = send(presence.thread, self.signal);
            }
        }
    }

    pub(super) fn signal(&self) -> i32 {
        self.signal
    }

    /// How many threads have an entry.
    #[cfg(test)]
    pub(super) fn known(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Arc<Presence>>> {
        self.presences.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Presence {
    /// Records that the thread now runs a guest of this group, or none. Returns the previous group.
    pub(super) fn enter(&self, group: u64) -> u64 {
        // Only this thread writes the group.
        let before = self.group.load(Ordering::Relaxed);
        self.group.store(group, Ordering::Relaxed);
        before
    }
}

impl Entry {
    fn new(threads: &Arc<Threads>) -> Self {
        unblock(threads.signal);
        let presence = Arc::new(Presence {
            thread: this_thread(),
            group: AtomicU64::new(NONE),
        });
        threads.lock().push(Arc::clone(&presence));
        Entry {
            threads: Arc::downgrade(threads),
            presence,
        }
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        if let Some(threads) = self.threads.upgrade() {
            threads.lock().retain(|other| !Arc::ptr_eq(other, &self.presence));
        }
    }
}

/// For how many engines the calling thread has an entry.
#[cfg(test)]
pub(super) fn engines_of_this_thread() -> usize {
    ENTRIES.with_borrow(Vec::len)
}

pub(super) fn this_thread() -> libc::pid_t {
    // SAFETY: the call only returns a number.
    unsafe { libc::gettid() }
}

/// Lets the calling thread receive the signal, which a mask that it inherited may block.
pub(super) fn unblock(signal: i32) {
    // SAFETY: the set is valid, and the signal was checked when the handler was installed.
    unsafe {
        let mut set = std::mem::zeroed::<libc::sigset_t>();
        libc::sigemptyset(&raw mut set);
        libc::sigaddset(&raw mut set, signal);
        libc::pthread_sigmask(libc::SIG_UNBLOCK, &raw const set, std::ptr::null_mut());
    }
}

/// A static whose address is the value that the signals carry.
static MARK: u8 = 0;

fn mark() -> usize {
    (&raw const MARK).addr()
}

/// What the kernel takes for a queued signal: `siginfo_t` of Linux on x86-64.
#[repr(C)]
struct Queued {
    signal: i32,
    error: i32,
    code: i32,
    _gap: i32,
    process: libc::pid_t,
    user: libc::uid_t,
    value: usize,
    _rest: [u64; 12],
}

const _: () = assert!(size_of::<Queued>() == size_of::<libc::siginfo_t>());

/// Sends the signal to a thread of this process.
pub(super) fn send(thread: libc::pid_t, signal: i32) -> std::io::Result<()> {
    queue(thread, signal, mark())
}

/// Sends a signal with a value to a thread of this process.
pub(super) fn queue(thread: libc::pid_t, signal: i32, value: usize) -> std::io::Result<()> {
    // SAFETY: these calls only return numbers.
    let (process, user) = unsafe { (libc::getpid(), libc::getuid()) };
    let info = Queued {
        signal,
        error: 0,
        code: libc::SI_QUEUE,
        _gap: 0,
        process,
        user,
        value,
        _rest: [0; 12],
    };
    // SAFETY: the kernel only reads the structure, which has the size that the kernel expects. A handler for the signal is installed.
    let sent = unsafe { libc::syscall(libc::SYS_rt_tgsigqueueinfo, process, thread, signal, &raw const info) };
    match sent {
        0 => Ok(()),
        _ => Err(std::io::Error::last_os_error()),
    }
}

/// Whether [`send`] sent a signal. A signal handler may call this.
///
/// # Safety
///
/// The pointer must be the one that the kernel passed to a handler.
pub(super) unsafe fn is_ours(info: *const libc::siginfo_t) -> bool {
    // SAFETY: the kernel fills the whole structure. With other codes the value may mean something else, so it is not
    // read.
    let info = unsafe { &*info.cast::<Queued>() };
    info.code == libc::SI_QUEUE && info.value == mark()
}
