//! Stacks and thread-local storage for functions that run in the middle of other threads' calls.
//!
//! **Problem.** An import that returns a string calls `cabi_realloc` on the thread that calls the import, and
//! `resource.drop` calls the destructor. Several threads may do so at once, while the main thread runs an export. Both
//! functions start with empty context slots, and so without a stack and thread-local storage, and neither can find out
//! on which thread it runs.
//!
//! Threads that a module starts through the package `weft:threads` also start like that.
//!
//! **Here,** a memory that the adapter adds lists *contexts*: the top of a stack, and the thread-local storage
//! below it. A call takes a free context and frees it at the end. If none is free, the call makes another one, in a
//! block of the module's memory (see `blocks.rs`). `pool.rs` has the functions for this. A call of any other export runs
//! on the main thread's stack; but while another such call is in progress, by another thread of the host or of another
//! component, it runs in a context.
//!
//! If a module can have no contexts, its exports are not shared, so that their calls take turns on the main thread's
//! stack. The same holds for a module that imports `wasi.thread-spawn`: its C library links each thread to its creator
//! and uses thread ids in locks, but it has not set up a context as a thread.
//!
//! The same holds if an export of the module's world returns a string, a list or a record in memory. The code that
//! wit-bindgen generates for C and Rust writes the results of all calls to one static area, and the host reads them
//! after the call.

use crate::error::AdaptError;
use crate::index::{GlobalIndex, MemoryIndex, TableIndex};
use crate::input::info::ModuleInfo;
use crate::input::tls::{self, Tls};
use crate::plan::block_source::Blocks;
use crate::plan::exports::{EntryKind, Exports};
use crate::plan::globals::Globals;
use crate::plan::imports::Imports;
use crate::plan::memory_and_table::{HostMemory, function_table, host_memory};
use crate::world::Use;

/// The pages of a stack: as much as wasi-libc gives a thread.
const STACK_PAGES: u32 = 2;
/// The size of a page.
pub(crate) const PAGE: u32 = 0x10000;

/// How calls of a module's exports, and threads that begin like them, get a stack and thread-local storage.
#[derive(Default)]
pub(crate) struct Calls {
    /// The contexts that they need, if they need any.
    pub(crate) contexts: Option<Contexts>,
    /// Why the calls of exports take turns on the main thread's stack, if they do.
    pub(crate) turns: Option<AdaptError>,
}

/// What a context consists of.
pub(crate) struct Contexts {
    /// The stack pointer, if the module has one.
    pub(crate) stack: Option<GlobalIndex>,
    pub(crate) tls: Option<Tls>,
    /// The size of a block.
    pub(crate) pages: u32,
    /// The memory that contains the blocks.
    pub(crate) memory: MemoryIndex,
    pub(crate) blocks: Blocks,
    /// The table of functions that threads start with, if any do.
    pub(crate) table: Option<TableIndex>,
}

impl Contexts {
    /// The size of a block, in bytes.
    pub(crate) fn size(&self) -> i32 {
        (self.pages * PAGE) as i32
    }

    /// Whether threads that the module starts need them.
    pub(crate) fn starts_threads(&self) -> bool {
        self.table.is_some()
    }

    /// Decides whether a module's calls and threads get contexts or take turns.
    pub(crate) fn of(
        info: &ModuleInfo<'_>,
        imports: &Imports<'_>,
        exports: &Exports<'_>,
        globals: &Globals<'_>,
    ) -> Result<Calls, AdaptError> {
        let mut entries = exports.entries.iter();
        let callee = entries.find(|entry| matches!(entry.kind, EntryKind::World(Use::Callee)));
        let calls = || {
            let is_call = |kind: &EntryKind| matches!(kind, EntryKind::World(Use::Call) | EntryKind::Lifted { .. });
            exports.entries.iter().filter(move |entry| is_call(&entry.kind))
        };
        // A message names a function that the author knows, if there is one.
        let caller = calls()
            .find(|entry| !is_of_bindings(entry.name))
            .or_else(|| calls().next());
        let starts = !imports.starts().is_empty();
        let one_area = exports
            .returns_in_memory
            .map(|user| AdaptError::OneResultArea { user: user.to_owned() });
        if !starts && (callee.or(caller).is_none() || globals.per_thread.is_empty()) {
            return Ok(Calls {
                contexts: None,
                turns: one_area,
            });
        }
        let spawns = imports.thread_spawn() && exports.wasi_thread_start.is_some();
        let own_threads = caller.filter(|_| spawns && !globals.per_thread.is_empty());
        let own_threads = own_threads.map(|caller| AdaptError::OwnThreads {
            user: caller.name.to_owned(),
        });
        let reason = own_threads.or(one_area);
        // What needs contexts, for errors.
        let user = match (callee, caller) {
            (Some(callee), _) => format!("`{}`", callee.name),
            (None, Some(caller)) if !starts => format!("each call of `{}`", caller.name),
            (None, _) => "a thread of `weft:threads`".to_owned(),
        };
        let is_needed = callee.is_some() || starts;
        let (contexts, turns) = match Contexts::needed(info, &user, starts, starts && callee.is_none(), globals) {
            _ if !is_needed && reason.is_some() => (None, reason),
            Ok(None) if !is_needed => (None, Some(AdaptError::NoMemoryForStack { user })),
            Ok(contexts) => (contexts, reason),
            Err(error) if !is_needed => (None, Some(error)),
            Err(error) => return Err(error),
        };
        Ok(Calls { contexts, turns })
    }

    /// The contexts that `user` needs, if there is a memory for them. `only_starts` says whether only threads that the module starts need
    /// them.
    fn needed(
        info: &ModuleInfo<'_>,
        user: &str,
        starts: bool,
        only_starts: bool,
        globals: &Globals<'_>,
    ) -> Result<Option<Contexts>, AdaptError> {
        let user = || user.to_owned();
        if let (false, Some(global)) = (only_starts, globals.in_record().next()) {
            let (index, offset) = (global.index.0, info.global(global.index)?.offset);
            let user = user();
            return Err(AdaptError::RecordOfCallee { user, index, offset });
        }
        let tls = tls::find(info)?;
        let i32s = globals
            .per_thread
            .iter()
            .filter(|global| global.ty == wasmparser::ValType::I32);
        let mut others = i32s
            .map(|global| global.index)
            .filter(|index| tls.is_none_or(|tls| tls.base != *index));
        // The linker defines the stack pointer first.
        let stack = others.next();
        if let (None, Some(other)) = (tls, others.next())
            && tls::is_read(info, other)?
        {
            let (user, index) = (user(), other.0);
            return Err(AdaptError::NoTlsInitializer { user, index });
        }
        if starts && !info.memories.iter().any(|memory| memory.shared) {
            return Err(AdaptError::NoSharedMemory);
        }
        let HostMemory::Input(memory) = host_memory(info, true)? else {
            return Ok(None);
        };
        let pages = STACK_PAGES + tls.map_or(0, |tls| tls.size.div_ceil(PAGE));
        let blocks = match (stack, tls) {
            (None, None) => Blocks::Empty,
            (Some(_), _) | (_, Some(_)) => Blocks::of(info, memory, pages)?.ok_or_else(|| {
                let user = user();
                AdaptError::NoRoomForStack { user, pages }
            })?,
        };
        Ok(Some(Contexts {
            stack,
            tls,
            pages,
            memory,
            blocks,
            table: if starts { Some(function_table(info)?) } else { None },
        }))
    }
}

/// Whether a function's name is one that linkers and bindings give.
fn is_of_bindings(name: &str) -> bool {
    let is_post_return = || name.starts_with("cabi_post_") || name.starts_with("cm32p2|") && name.ends_with("_post");
    matches!(name, "_initialize" | "cm32p2_initialize") || is_post_return()
}
