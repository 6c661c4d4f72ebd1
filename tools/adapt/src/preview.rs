//! Finds the notes on a module without adapting it.

use crate::error::AdaptError;
use crate::input;
use crate::input::info::ModuleInfo;
use crate::input::spawns::can_spawn;
use crate::input::wasi_libc;
use crate::names::kebab;
use crate::notes::Note;
use crate::plain;
use crate::plan::block_source::Blocks;
use crate::plan::exports::Exports;
use crate::plan::{Plan, ThreadSpawn};
use crate::whole::whole;
use crate::world::{Options, World};
use wasmparser::{Parser, Payload};

/// The notes on a module that [`adapt`](crate::adapt()) accepts.
///
/// # Errors
///
/// Those of [`adapt`](crate::adapt()) that it finds before it writes the component.
pub fn notes(wasm: &[u8]) -> Result<Vec<Note>, AdaptError> {
    notes_with(wasm, &Options::new())
}

/// The notes on a module that [`adapt_with`](crate::adapt_with()) accepts.
///
/// # Errors
///
/// Those of [`adapt_with`](crate::adapt_with()) that it finds before it writes the component.
pub fn notes_with(wasm: &[u8], options: &Options) -> Result<Vec<Note>, AdaptError> {
    let embedded = options.embed(wasm)?;
    let wasm = embedded.as_ref();
    let info = input::read(wasm)?;
    if whole(&info, wasm, options)?.is_some() {
        return Ok(Vec::new());
    }
    let world = World::of(&info)?;
    if world.is_none() && plain::takes(&info)? {
        return Ok(Exports::new(&info, None)?.notes);
    }
    let plan = Plan::new(&info, world.as_ref())?;
    let spawns_fail = (plan.thread_spawn == ThreadSpawn::Fails).then_some(Note::SpawnsFail);
    // A command runs once, and nobody calls the other functions that its library exports.
    let is_called = !plan.exports.is_command();
    let turns = plan.turns.filter(|_| is_called).map(|reason| Note::TakeTurns {
        reason: reason.to_string(),
    });
    let contexts = plan.contexts.filter(|contexts| is_called || contexts.starts_threads());
    let few_stacks = contexts.and_then(|contexts| match contexts.blocks {
        Blocks::Fixed(count) => Some(Note::FewStacks { count }),
        Blocks::Empty | Blocks::Allocator(_) | Blocks::Growth => None,
    });
    let notes = spawns_fail.into_iter().chain(fixed_memory(&info)?);
    Ok(notes.chain(plan.exports.notes).chain(turns).chain(few_stacks).collect())
}

/// [`Note::MemoryIsFixed`], if it applies.
fn fixed_memory(info: &ModuleInfo<'_>) -> Result<Option<Note>, AdaptError> {
    let mut memories = info.memories.iter();
    let fixed = memories.find(|memory| memory.shared && memory.maximum == Some(memory.initial));
    Ok(match fixed {
        Some(fixed) if wasi_libc::has_threads(info)? => Some(Note::MemoryIsFixed { pages: fixed.initial }),
        Some(_) | None => None,
    })
}

/// Tells whether [`Note::SpawnsFail`] applies to a module. Unlike [`notes`], this validates only modules that lack `wasi_thread_start`, so
/// it is many times faster for others. For a malformed module, it returns `false`.
pub fn spawns_fail(wasm: &[u8]) -> bool {
    // A spawn that is never called cannot fail.
    lacks_thread_start(wasm) && input::read(wasm).is_ok_and(|info| can_spawn(&info).is_ok_and(|can| can))
}

fn lacks_thread_start(wasm: &[u8]) -> bool {
    let mut imports_spawn = false;
    for payload in Parser::new(0).parse_all(wasm) {
        match payload {
            Ok(Payload::ImportSection(section)) => {
                let mut imports = section.into_imports().map_while(Result::ok);
                imports_spawn = imports.any(|import| (import.module, import.name) == ("wasi", "thread-spawn"));
            }
            Ok(Payload::ExportSection(section)) => {
                let mut exports = section.into_iter().map_while(Result::ok);
                return imports_spawn && !exports.any(|export| export.name == "wasi_thread_start");
            }
            // A component has other sections and imports. Code comes after exports.
            Ok(Payload::ComponentImportSection(_) | Payload::CodeSectionStart { .. }) | Err(_) => break,
            Ok(_) => {}
        }
    }
    imports_spawn
}

/// An import of a core module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedItem {
    /// `module/name`, with the adapted component's name for the module.
    pub adapted: String,
    /// `module/name` in the core module.
    pub source: String,
    /// Byte offset into the core module.
    pub offset: usize,
}

/// The imports of a core module from host modules. For a malformed module, the list is empty.
pub fn imported_items(wasm: &[u8]) -> Vec<ImportedItem> {
    let payloads = Parser::new(0).parse_all(wasm).map_while(Result::ok);
    let sections = payloads.filter_map(|payload| match payload {
        Payload::ImportSection(section) => Some(section),
        _ => None,
    });
    let imports = sections.flat_map(|section| section.into_imports_with_offsets().map_while(Result::ok));
    let items = imports.filter_map(|(offset, import)| {
        let (module, name) = (import.module, import.name);
        Some(ImportedItem {
            adapted: format!("{}/{name}", kebab(module)?),
            source: format!("{module}/{name}"),
            offset,
        })
    });
    items.collect()
}
