//! Where each global of the input is stored.
//!
//! In the wasi-threads ABI, every thread has its own instance of the module, and so its own mutable globals: the stack
//! pointer, the TLS base, and rarely others. Threads of a component share one instance, so each thread needs storage for
//! its mutable globals:
//!
//! - The first two mutable `i32` globals become context slots 0 and 1, except slots whose built-ins the module imports.
//!   Their position decides, because names may be missing.
//! - Others are fields of a per-thread *record* in a memory of the adapter's own, at `thread.index() * stride`.
//!
//! An immutable global becomes a shared immutable global.
//!
//! A thread's slots end with it, and in a component every call of an export is a thread of its own, and so is the start
//! function. In the ABI, the main thread makes all these calls, and its globals keep their values from one to the next.
//! These values are therefore in record 0, an index that no thread has: the start function stores them there, and every
//! entry point loads them and stores them again when it returns. One record is enough, because only one call at a time
//! has the main thread's globals (see `contexts.rs`). If a command has no start function and no globals but those in
//! slots, it has no record: its one entry point sets the initial values.
//!
//! A thread that the module starts itself, by `[thread-spawn-indirect]`, does not begin with code of the adapter. Its slots
//! begin as zero, as the built-in says. If such a module has globals that need a record, it is refused.
//!
//! **Rejected:** record 0 only for globals that a start function writes. It would save a few instructions per call of an
//! export, but needs a second mechanism.

use crate::builtin::{Builtin, Slot};
use crate::error::AdaptError;
use crate::index::{GlobalIndex, MainGlobal};
use crate::input::info::ModuleInfo;
use wasmparser::{ConstExpr, GlobalType, ValType};

/// Where a per-thread global is while its thread runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Slot(Slot),
    /// The thread's record.
    Record,
}

/// A mutable global of the input.
pub(crate) struct PerThread<'a> {
    pub(crate) index: GlobalIndex,
    pub(crate) ty: ValType,
    pub(crate) place: Place,
    /// Offset of its field in a record, in bytes.
    pub(crate) field: u64,
    pub(crate) init: ConstExpr<'a>,
}

/// An immutable global of the input.
pub(crate) struct Immutable<'a> {
    pub(crate) ty: GlobalType,
    pub(crate) main: MainGlobal,
    /// `None` if it is imported.
    pub(crate) init: Option<ConstExpr<'a>>,
    pub(crate) offset: usize,
}

/// How a global of the input is stored.
pub(crate) enum Global {
    /// Position among the per-thread globals.
    PerThread(usize),
    /// Position among the immutable globals.
    Immutable(usize),
}

/// All globals of the input.
#[derive(Default)]
pub(crate) struct Globals<'a> {
    /// By index of the input.
    pub(crate) all: Vec<Global>,
    pub(crate) per_thread: Vec<PerThread<'a>>,
    pub(crate) immutable: Vec<Immutable<'a>>,
    /// Size of a record in bytes, a multiple of 16.
    pub(crate) stride: u64,
}

impl<'a> Globals<'a> {
    /// Places the globals of a module that itself uses the given built-ins.
    pub(crate) fn new(info: &ModuleInfo<'a>, used: &[Builtin]) -> Result<Globals<'a>, AdaptError> {
        let mut slots = [Slot::Zero, Slot::One].into_iter().filter(|slot| {
            !used
                .iter()
                .any(|b| *b == Builtin::ContextGet(*slot) || *b == Builtin::ContextSet(*slot))
        });
        let mut globals = Globals::default();
        for (index, global) in info.indexed_globals() {
            let offset = global.offset;
            match &global.init {
                Some(init) if global.ty.mutable => {
                    let ty = global.ty.content_type;
                    let place = match ty {
                        ValType::I32 => slots.next().map_or(Place::Record, Place::Slot),
                        ValType::Ref(_) => return Err(AdaptError::MutableReference { index: index.0, offset }),
                        ValType::I64 | ValType::F32 | ValType::F64 | ValType::V128 => Place::Record,
                    };
                    if place == Place::Record && used.iter().any(|builtin| builtin.needs_table()) {
                        return Err(AdaptError::RecordOfSpawnedThread { index: index.0, offset });
                    }
                    let field = globals.stride.next_multiple_of(size(ty));
                    globals.stride = field + size(ty);
                    globals.all.push(Global::PerThread(globals.per_thread.len()));
                    globals.per_thread.push(PerThread {
                        index,
                        ty,
                        place,
                        field,
                        init: init.clone(),
                    });
                }
                init => {
                    let main = MainGlobal(globals.immutable.len() as u32);
                    globals.all.push(Global::Immutable(globals.immutable.len()));
                    globals.immutable.push(Immutable {
                        ty: global.ty,
                        main,
                        init: init.clone(),
                        offset,
                    });
                }
            }
        }
        globals.stride = globals.stride.next_multiple_of(16);
        Ok(globals)
    }

    /// The globals in the thread's record.
    pub(crate) fn in_record(&self) -> impl Iterator<Item = &PerThread<'a>> {
        self.per_thread.iter().filter(|global| global.place == Place::Record)
    }

    /// Whether any global is in the thread's record.
    pub(crate) fn any_in_record(&self) -> bool {
        self.in_record().next().is_some()
    }
}

/// Size of a number or vector in bytes.
fn size(ty: ValType) -> u64 {
    match ty {
        ValType::I32 | ValType::F32 => 4,
        ValType::I64 | ValType::F64 => 8,
        ValType::V128 | ValType::Ref(_) => 16,
    }
}
