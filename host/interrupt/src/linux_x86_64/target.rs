//! What the handler and the routine know about the store whose guest a thread runs.

use super::threads::{Presence, Threads};
use pin_project_lite::pin_project;
use std::cell::Cell;
use std::future::Future;
use std::ops::Range;
use std::pin::Pin;
use std::ptr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering, compiler_fence};
use std::task::{Context, Poll};
use wasmtime::Module;
use wasmtime_environ::PtrSize;

/// The size of a pointer, from which `wasmtime-environ` computes offsets.
const POINTER: u8 = size_of::<usize>() as u8;

/// The address ranges of the functions in a guest's module. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Bodies(Arc<Code>);

#[derive(Debug)]
struct Code {
    text: Range<usize>,
    /// In ascending order, and disjoint.
    bodies: Box<[Range<usize>]>,
    /// The body of the function last found to have neither parameters nor results. All stores of a module use the same one, so they need
    /// not find out again.
    checked: AtomicUsize,
    /// Keeps the code mapped.
    _module: Module,
}

impl Bodies {
    pub(super) fn of_module(module: &Module) -> Self {
        let text = text(module);
        let start = text.start;
        let body = |offset: usize, length: usize| start + offset..start + offset + length;
        let mut bodies: Box<[_]> = module.functions().map(|f| body(f.offset, f.len)).collect();
        bodies.sort_unstable_by_key(|body| body.start);
        Bodies(Arc::new(Code {
            text,
            bodies,
            checked: AtomicUsize::new(0),
            _module: module.clone(),
        }))
    }

    /// Whether the function of this body is known to have neither parameters nor results. An address in the module's code, which stays
    /// mapped, is always of the same function.
    pub(super) fn is_checked(&self, body: usize) -> bool {
        self.contain(body) && self.0.checked.load(Ordering::Relaxed) == body
    }

    /// The function of this body has neither parameters nor results.
    pub(super) fn checked(&self, body: usize) {
        self.0.checked.store(body, Ordering::Relaxed);
    }

    /// All code of the module.
    pub(super) fn text(&self) -> &Range<usize> {
        &self.0.text
    }

    pub(super) fn contain(&self, pc: usize) -> bool {
        let bodies = &self.0.bodies;
        let next = bodies.partition_point(|body| body.start <= pc);
        next.checked_sub(1)
            .and_then(|last| bodies.get(last))
            .is_some_and(|body| body.contains(&pc))
    }
}

/// The addresses of a module's machine code.
pub(super) fn text(module: &Module) -> Range<usize> {
    module.text().as_ptr_range().start.addr()..module.text().as_ptr_range().end.addr()
}

/// A function as compiled code calls it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Callable {
    pub(super) code: usize,
    pub(super) context: usize,
}

impl Callable {
    /// # Safety
    ///
    /// `reference` must be the address of one of Wasmtime's function references.
    pub(super) unsafe fn read(reference: *const u8) -> Self {
        let layout = POINTER.vm_func_ref();
        // SAFETY: the caller passes the address of a function reference, and the offsets are those of the pinned version.
        unsafe {
            Callable {
                code: read_word(reference, layout.wasm_call()),
                context: read_word(reference, layout.vmctx()),
            }
        }
    }
}

/// # Safety
///
/// At this offset, there must be an aligned word.
unsafe fn read_word(base: *const u8, offset: u8) -> usize {
    // SAFETY: as the caller says.
    unsafe { base.add(usize::from(offset)).cast::<usize>().read() }
}

/// A store whose guest can be interrupted.
///
/// `routine` relies on the offsets of the first fields.
#[derive(Debug)]
#[repr(C)]
pub struct Target {
    /// The trampoline that calls the pause, and its two arguments.
    pub(super) code: usize,
    pub(super) callee: usize,
    pub(super) caller: usize,
    /// Where Wasmtime records the address at which the guest continues after a host call.
    pub(super) exit_pc: *const usize,
    /// Where Wasmtime records the frame pointer of that call's trampoline.
    exit_fp: *const usize,
    bodies: Bodies,
    group: u64,
    threads: Arc<Threads>,
}

// SAFETY: the pointers point into the store, which the owner keeps together with this. Only the thread that runs the
// store's guest dereferences them.
unsafe impl Send for Target {}
// SAFETY: see above.
unsafe impl Sync for Target {}

impl Target {
    pub(super) fn new(pause: Callable, own: Callable, bodies: &Bodies, group: u64, threads: &Arc<Threads>) -> Self {
        let instance = ptr::with_exposed_provenance::<u8>(own.context);
        // SAFETY: the context of a function that an instance defines is that instance, which contains a pointer to the
        // record of its store. Both live as long as the store.
        let record = unsafe { read_word(instance, POINTER.vmcontext_store_context()) };
        let record = ptr::with_exposed_provenance::<u8>(record);
        let layout = POINTER.vm_store_context();
        let field = |offset: u8| record.wrapping_add(usize::from(offset)).cast::<usize>();
        Target {
            code: pause.code,
            callee: pause.context,
            caller: own.context,
            exit_pc: field(layout.last_wasm_exit_pc()),
            exit_fp: field(layout.last_wasm_exit_trampoline_fp()),
            bodies: bodies.clone(),
            group,
            threads: Arc::clone(threads),
        }
    }

    /// Wraps a call of the guest, so that the guest can be interrupted while the call is polled.
    ///
    /// The call must use the store for which the target was made.
    pub fn interruptible<F: Future>(&self, call: F) -> Interruptible<'_, F> {
        Interruptible { call, target: self }
    }

    /// Whether `pc` is in one of the guest's functions.
    pub(super) fn is_body(&self, pc: usize) -> bool {
        self.bodies.contain(pc)
    }

    /// Whether `pc` is in code that Wasmtime compiled: bodies and trampolines.
    pub(super) fn is_compiled(&self, pc: usize) -> bool {
        self.bodies.text().contains(&pc)
    }

    /// The slot with the return address of the guest's call to the host, and the return address that Wasmtime recorded.
    /// `None` if Wasmtime has recorded no such call.
    ///
    /// # Safety
    ///
    /// The calling thread must run the guest.
    pub(super) unsafe fn exit(&self) -> Option<(*mut usize, usize)> {
        // SAFETY: the record is alive, because the guest is running. Only this thread writes it.
        let (pc, fp) = unsafe { (self.exit_pc.read_volatile(), self.exit_fp.read_volatile()) };
        let slot = fp.checked_add(size_of::<usize>())?;
        (fp != 0).then_some((ptr::with_exposed_provenance_mut(slot), pc))
    }
}

thread_local! {
    /// The target whose guest this thread runs, or null. The handler reads this, so it needs no lazy allocation and has
    /// no destructor.
    static CURRENT: Cell<*const Target> = const { Cell::new(ptr::null()) };
}

/// The target whose guest the calling thread runs, or null.
pub(super) extern "C" fn current() -> *const Target {
    CURRENT.get()
}

/// Marks the calling thread as running a guest until this is dropped.
struct Running {
    outer: *const Target,
    presence: Arc<Presence>,
    outer_group: u64,
}

impl Running {
    fn new(target: &Target) -> Self {
        let presence = target.threads.presence();
        let outer = CURRENT.replace(target);
        // The handler runs on this thread, so only the compiler could reorder these accesses.
        compiler_fence(Ordering::SeqCst);
        let outer_group = presence.enter(target.group);
        Running {
            outer,
            presence,
            outer_group,
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.presence.enter(self.outer_group);
        compiler_fence(Ordering::SeqCst);
        CURRENT.set(self.outer);
    }
}

pin_project! {
    /// A call during which the guest can be interrupted.
    pub struct Interruptible<'a, F> {
        #[pin]
        call: F,
        target: &'a Target,
    }
}

impl<F: Future> Future for Interruptible<'_, F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let _running = Running::new(this.target);
        this.call.poll(context)
    }
}
