//! Stacks and thread-local storage for functions that run in the middle of other threads' calls.
//!
//! **Problem.** An import that returns a string calls `cabi_realloc` on the thread that calls the import. A `resource.drop` calls
//! the destructor. Several threads do so at once, while the main thread runs an export. Both begin with empty context slots, so
//! without a stack and thread-local storage, and neither can ask which thread it runs on.
//!
//! Threads that a module starts by the package `weft:threads` begin like that, too.
//!
//! **What is done.** A memory of the adapter's own lists *contexts*: the top of a stack, and the thread-local storage below it. A
//! call takes a free context and leaves it free again. If none is free, the call grows the module's memory by a block for another
//! one. The functions that do so are in `pool.rs`. A call of another export runs on the main thread's stack, and in a context if a
//! thread of another component calls meanwhile.
//!
//! Allocators of C and Rust take memory that others grow for what it is.
//!
//! **Rejected:** blocks from the module's `malloc`. It needs a stack itself, modules seldom export it, and it is what
//! `cabi_realloc` may be calling.

use crate::error::AdaptError;
use crate::exports::{Entry, EntryKind, Exports};
use crate::globals::Globals;
use crate::imports::Imports;
use crate::index::{GlobalIndex, MemoryIndex, TableIndex};
use crate::info::ModuleInfo;
use crate::memory_and_table::{HostMemory, function_table, host_memory};
use crate::rewrite::MAX_PAGES;
use crate::tls::{self, Tls};
use crate::world::Use;

/// The pages of a stack: as much as wasi-libc gives a thread.
const STACK_PAGES: u32 = 2;
/// The size of a page.
pub(crate) const PAGE: u32 = 0x10000;

/// What a context consists of.
pub(crate) struct Contexts {
    /// Whether the module cannot have any. Then two calls of exports cannot overlap.
    pub(crate) is_impossible: bool,
    /// The stack pointer, if the module has one.
    pub(crate) stack: Option<GlobalIndex>,
    pub(crate) tls: Option<Tls>,
    /// The size of a block.
    pub(crate) pages: u32,
    /// The memory that blocks lie in.
    pub(crate) memory: MemoryIndex,
    /// The table of functions that threads start with, if any do.
    pub(crate) table: Option<TableIndex>,
}

impl Contexts {
    /// The contexts that a module needs, if it needs any.
    pub(crate) fn new(
        info: &ModuleInfo<'_>,
        imports: &Imports<'_>,
        exports: &Exports<'_>,
        globals: &Globals<'_>,
    ) -> Result<Option<Contexts>, AdaptError> {
        let find = |how: Use| {
            let mut entries = exports.entries.iter();
            entries.find(|entry| matches!(entry.kind, EntryKind::World(known) if known == how))
        };
        let (callee, caller) = (find(Use::Callee), find(Use::Call));
        let starts = !imports.starts().is_empty();
        if !starts && (callee.or(caller).is_none() || globals.per_thread.is_empty()) {
            return Ok(None);
        }
        let contexts = Contexts::needed(info, callee, starts, globals);
        match (contexts, callee) {
            // Few hosts call a module's exports from several threads.
            (Err(_), None) if !starts => Ok(Some(Contexts {
                is_impossible: true,
                stack: None,
                tls: None,
                pages: 0,
                memory: MemoryIndex(0),
                table: None,
            })),
            (contexts, _) => contexts,
        }
    }

    fn needed(
        info: &ModuleInfo<'_>,
        callee: Option<&Entry<'_>>,
        starts: bool,
        globals: &Globals<'_>,
    ) -> Result<Option<Contexts>, AdaptError> {
        // What needs contexts, for errors.
        let user = || {
            callee.map_or("a thread of `weft:threads`".to_owned(), |entry| {
                format!("`{}`", entry.name)
            })
        };
        if let (false, Some(global)) = (starts && callee.is_none(), globals.in_record().next()) {
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
        let ty = info.memories.get(memory.0 as usize);
        let ty = ty.ok_or_else(|| AdaptError::missing("memory", memory.0))?;
        if stack.is_some() && ty.maximum.unwrap_or(MAX_PAGES) < ty.initial + u64::from(pages) {
            let user = user();
            return Err(AdaptError::NoRoomForStack { user, pages });
        }
        Ok(Some(Contexts {
            is_impossible: false,
            stack,
            tls,
            pages,
            memory,
            table: if starts { Some(function_table(info)?) } else { None },
        }))
    }
}
