//! Interrupts WebAssembly code by a signal, at any instruction, without a check in the code.
//!
//! **Problem.** A guest thread that computes must give up its core when others wait for it, and end when its program
//! ends. Wasmtime's mechanism for that is a check of an epoch counter in each loop and function, which makes small
//! loops take up to twice as long. Go's runtime does it differently: a signal stops the thread wherever it is, and the
//! handler makes it call the scheduler.
//!
//! **Before:** a thread runs a function `f` of a guest. **After** [`Interrupter::interrupt`], the same thread runs an
//! asynchronous host function, the *pause*, as if `f` had called it between two instructions. The pause may suspend the
//! fiber, and the embedder may drop the fiber there. If the pause returns, `f` continues with all registers unchanged.
//!
//! ```text
//!   thread that ticks          thread that runs the guest
//!   -----------------          ------------------------------------------------
//!   sends a signal  ------->   handler: where is the program counter?
//!                                in a function's body: go on in the routine
//!                                in the host: change the return address of the exit from the guest to the routine
//!                                elsewhere: do nothing
//!                              routine: save all registers, call the pause, restore, go back
//! ```
//!
//! - The handler (`linux_x86_64`) decides whether to interrupt. It accesses only the signal's context, one stack, and
//!   memory that its thread has set aside.
//! - The routine is assembly. It calls the pause through the code that Wasmtime compiled for calls from WebAssembly to
//!   a host function.
//! - A guest's module does not import the pause. It only has to define a function of the pause's type.
//! - [`Interrupter::new`] tests all of this once per process, and returns an error if it does not work.
//!
//! **Why it is sound.**
//!
//! 1. *To Wasmtime it is an ordinary call.* The routine calls the pause on the guest's stack, through the trampoline
//!    for calls from WebAssembly, with an instance of the same store as the caller. The trampoline records where the
//!    guest was left, and does not check the stack limit. The routine's frame is linked like any other.
//! 2. *Only bodies of the guest's own functions are interrupted.* In a trampoline, Wasmtime may have changed only half
//!    of its state. In a body that cannot be: the body changes Wasmtime's state only through calls.
//! 3. *No register or memory changes.* The routine saves the general registers, the flags and, with `xsave`, all vector registers.
//!    It writes below the red zone of the guest's stack pointer, where the compiler keeps nothing.
//! 4. *The stack has room.* A body's stack pointer is above the stack limit, except in a prologue that has not checked
//!    it yet. The host's part of the stack lies below the limit, and the routine and the pause need a few kilobytes of
//!    it.
//! 5. *No reference is lost.* One thread at a time uses a store. While that thread is paused, nothing runs in the
//!    store. So the garbage collector does not run either, and needs no map of the registers. The pause must not
//!    allocate in the store or collect its garbage.
//! 6. *An interruption does not interrupt another.* The routine, the trampolines and the host are not bodies of the
//!    guest's functions.
//! 7. *Nothing else reads the changed return address.* The handler changes a return address only while the guest is in
//!    a call to the host on that same stack, and only if the slot contains the address that Wasmtime recorded. Wasmtime
//!    walks the stack from its record, not from the slot, and restores the record when a nested call returns. If the
//!    stack is unwound, the slot is not used.
//! 8. *Layouts are Wasmtime's own.* The offsets come from `wasmtime-environ`, pinned to the same version, and the
//!    self-test compares the values at these offsets with known ones.
//!
//! Not supported: a process with shadow stacks (the routine returns to an address that no call pushed), and a handler
//! for the same signal that the process installs later and that does not call this one.
//!
//! **Rejected:** epoch checks (this crate avoids their cost; the runtime keeps them for other systems); loads from a
//! page that is unmapped to interrupt (still an instruction in each loop); interrupting only bodies and no calls to the
//! host (if a loop spends its time in host calls, a signal would rarely find it in a body).

mod short_slice;
pub use short_slice::take_short_slices;

#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
mod linux_x86_64;
#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
pub use linux_x86_64::{Bodies, Interrupter, Interruptible, Pause, Target};

#[cfg(not(all(target_arch = "x86_64", target_os = "linux")))]
mod unsupported;
#[cfg(not(all(target_arch = "x86_64", target_os = "linux")))]
pub use unsupported::{Bodies, Interrupter, Interruptible, Pause, Target};

/// The default signal. The system and its libraries send it only for urgent data on sockets, and a process without a
/// handler ignores it.
#[cfg(unix)]
pub const DEFAULT_SIGNAL: i32 = libc::SIGURG;

/// Why signals cannot interrupt guest code here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unsupported {
    /// Another processor or system.
    #[error("weft interrupts guest code by signals on Linux on x86-64 only")]
    Platform,
    /// The processor, or the system, does not save all registers.
    #[error("the processor has no `xsave`, or its registers do not fit in {0} bytes")]
    Registers(usize),
    /// The signal cannot be caught, or the system sends it for a thread's own faults.
    #[error("signal {0} cannot be used to interrupt guest code")]
    Signal(i32),
    /// The system refuses to install the handler, or to send the signal.
    #[error("the system refuses signal {signal}: {message}")]
    System {
        /// The signal's number.
        signal: i32,
        /// What the system says.
        message: String,
    },
    /// Wasmtime's data structures or calling conventions are not as expected.
    #[error("the self-test of interruption by signals failed: {0}")]
    SelfTest(String),
}
