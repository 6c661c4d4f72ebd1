//! Threads that run closures.

use crate::bindings::weft::threads::threads as builtins;
use crate::wait::Event;
use crate::local;
use alloc::boxed::Box;
use alloc::sync::Arc;
use core::cell::UnsafeCell;
use core::fmt;
use core::marker::PhantomData;
use core::sync::atomic::{AtomicUsize, Ordering};

/// No thread was started: the program has as many as it can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpawnError;

impl fmt::Display for SpawnError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the program has as many threads as it can have")
    }
}

impl core::error::Error for SpawnError {}

unsafe extern "C" {
    fn __wasm_init_tls(block: *mut u8);
}

/// The linker's function that initialises thread-local storage. It leaves the function out if nothing refers to it, and
/// `weft adapt` calls it for each thread.
#[used]
static INIT_TLS: unsafe extern "C" fn(*mut u8) = __wasm_init_tls;

/// The result of a thread, for the thread that joins it.
struct Packet<T> {
    result: UnsafeCell<Option<T>>,
    finished: Event,
}

// SAFETY: the result is written before `finished` is announced and read after it.
unsafe impl<T: Send> Send for Packet<T> {}
// SAFETY: as above.
unsafe impl<T: Send> Sync for Packet<T> {}

/// The closure that a thread runs. Boxed twice, since the built-in passes 32 bits.
type Main<'a> = Box<dyn FnOnce() + Send + 'a>;

extern "C" fn start(main: *mut Main<'static>) {
    // SAFETY: `start_thread` leaked this box for this thread alone.
    let main = unsafe { Box::from_raw(main) };
    main();
    // Those that the destructor of a result made which nobody joins.
    local::end();
}

/// Starts a thread.
///
/// # Safety
///
/// What the closure borrows outlives the thread.
unsafe fn start_thread<'a>(main: Main<'a>) -> Result<(), SpawnError> {
    // SAFETY: the lifetime is erased; the caller sees to it that it is long enough.
    let main: Main<'static> = unsafe { core::mem::transmute::<Main<'a>, Main<'static>>(main) };
    let main = Box::into_raw(Box::new(main));
    let function = start as extern "C" fn(*mut Main<'static>) as usize;
    match builtins::spawn_indirect(function as u32, main as usize as u32) {
        0 => {
            // SAFETY: no thread has got the box.
            drop(unsafe { Box::from_raw(main) });
            Err(SpawnError)
        }
        _ => Ok(()),
    }
}

/// Starts a thread that runs `main`, stores the result for the thread that joins it, and then calls `after`.
///
/// # Safety
///
/// What the closures and the result borrow outlives the thread.
unsafe fn spawn_with_packet<'a, T: Send + 'a>(
    main: impl FnOnce() -> T + Send + 'a,
    after: impl FnOnce() + Send + 'a,
) -> Result<Arc<Packet<T>>, SpawnError> {
    let packet = Arc::new(Packet {
        result: UnsafeCell::new(None),
        finished: Event::new(),
    });
    let shared = Arc::clone(&packet);
    let main = Box::new(move || {
        let result = main();
        // SAFETY: nobody reads it before the announcement.
        unsafe { *shared.result.get() = Some(result) };
        local::end();
        shared.finished.announce();
        // The result may borrow what only lasts until `after`.
        drop(shared);
        after();
    });
    // SAFETY: the caller's.
    unsafe { start_thread(main) }?;
    Ok(packet)
}

fn take<T>(packet: &Packet<T>) -> T {
    packet.finished.wait();
    // SAFETY: the thread has announced the result, and this is the only handle that takes it.
    let result = unsafe { (*packet.result.get()).take() };
    result.expect("a thread is joined once")
}

/// A thread that can be joined. If the handle is dropped, the thread runs on.
pub struct JoinHandle<T>(Arc<Packet<T>>);

impl<T> JoinHandle<T> {
    /// Waits until the thread has ended, and gives its result. A thread that panics ends the program.
    pub fn join(self) -> T {
        take(&self.0)
    }
}

/// Starts a thread.
///
/// # Errors
///
/// The program has as many threads as it can have.
pub fn spawn<T: Send + 'static>(main: impl FnOnce() -> T + Send + 'static) -> Result<JoinHandle<T>, SpawnError> {
    // SAFETY: nothing is borrowed.
    unsafe { spawn_with_packet(main, || ()) }.map(JoinHandle)
}

/// Threads that may borrow from the function that starts them: see [`scope`].
pub struct Scope<'scope, 'env: 'scope> {
    running: Arc<Running>,
    scope: PhantomData<&'scope mut &'scope ()>,
    env: PhantomData<&'env mut &'env ()>,
}

struct Running {
    /// How many threads run, and one for the scope itself.
    count: AtomicUsize,
    ended: Event,
}

impl Running {
    fn leave(&self) {
        if self.count.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.ended.announce();
        }
    }
}

/// A thread of a scope that can be joined.
pub struct ScopedJoinHandle<'scope, T>(Arc<Packet<T>>, PhantomData<&'scope ()>);

impl<T> ScopedJoinHandle<'_, T> {
    /// Waits until the thread has ended, and gives its result.
    pub fn join(self) -> T {
        take(&self.0)
    }
}

impl<'scope> Scope<'scope, '_> {
    /// Starts a thread that ends before the scope does.
    ///
    /// # Errors
    ///
    /// The program has as many threads as it can have.
    pub fn spawn<T: Send + 'scope>(
        &'scope self,
        main: impl FnOnce() -> T + Send + 'scope,
    ) -> Result<ScopedJoinHandle<'scope, T>, SpawnError> {
        self.running.count.fetch_add(1, Ordering::SeqCst);
        let running = Arc::clone(&self.running);
        // SAFETY: `scope` waits until the count is 0, which the thread sees to last of all.
        let packet = unsafe { spawn_with_packet(main, move || running.leave()) };
        match packet {
            Ok(packet) => Ok(ScopedJoinHandle(packet, PhantomData)),
            Err(error) => {
                self.running.leave();
                Err(error)
            }
        }
    }
}

/// Calls a function that can start threads which borrow its variables, and waits until all of them have ended.
pub fn scope<'env, T>(body: impl for<'scope> FnOnce(&'scope Scope<'scope, 'env>) -> T) -> T {
    let scope = Scope {
        running: Arc::new(Running {
            count: AtomicUsize::new(1),
            ended: Event::new(),
        }),
        scope: PhantomData,
        env: PhantomData,
    };
    let result = body(&scope);
    scope.running.leave();
    scope.running.ended.wait();
    result
}
