//! Refuses modules that are made for another host, with the toolchain's name and what to do instead.
//!
//! Such modules are valid, and the adapter could adapt most of them. But no host would supply their imports or could use
//! their exports, and their authors would get an error about names that they never wrote. So the adapter first finds out
//! where a module comes from. Before and after:
//!
//! ```text
//! the exports `_a` and `$a` are both `a` in kebab case: rename one of them
//! the import `a.a` (at offset 0x1c) shows that this is a module from Emscripten, with shortened names, which needs
//! JavaScript: compile for `wasm32-wasip1` or `wasm32-wasip1-threads` with wasi-sdk
//! ```
//!
//! The signs are names that a toolchain reserves for itself. A name that an embedder of weft may give to a function of its
//! own (`env.abort`, `env.napi_..`) is not a sign.
//!
//! **Rejected:** the `producers` section. It names compilers, not the host that their output is linked for, and optimisers drop it.

mod kinds;

use crate::builtin::{Builtin, ROOT, Slot};
use crate::error::AdaptError;
use crate::index::FuncIndex;
use crate::input::info::{Located, ModuleInfo};
use crate::input::wasi_libc;
use kinds::{
    ASYNC, COOPERATIVE, COOPERATIVE_SHARED, DYNAMIC_LIBRARY, EMSCRIPTEN_SHORT, Kind, OBJECT_FILE, TASK_HOOK,
    UNINITIALIZED, WORLD, is_of_world, of_import,
};
use wasmparser::{CustomSectionReader, Export, ExternalKind, Import, ValType};

/// # Errors
///
/// The module is made for another host.
pub(crate) fn refuse(info: &ModuleInfo<'_>) -> Result<(), AdaptError> {
    // The most specific sign comes first: a module with cooperative threads has a WIT world, whose imports others have too.
    let sign = unlinked(info)
        .or(uninitialized(info)?)
        .or_else(|| cooperative(info))
        .or_else(|| import(info))
        .or_else(|| world_export(info))
        .or_else(|| shortened(info));
    refusal(sign)
}

/// # Errors
///
/// The module has items of its world that only components with cooperative threads can have.
pub(crate) fn refuse_async(info: &ModuleInfo<'_>) -> Result<(), AdaptError> {
    let mut exports = info.exports.iter();
    let mut imports = info.imports.iter();
    let export = exports.find(|export| export.name.starts_with("[async-lift"));
    let import = imports.find(|import| import.name.contains("[async-lower]"));
    let export = export.map(|export| Sign::export(export, ASYNC));
    refusal(export.or_else(|| import.map(|import| Sign::import(import, ASYNC))))
}

fn refusal(sign: Option<Sign>) -> Result<(), AdaptError> {
    match sign {
        None => Ok(()),
        Some(Sign { item, offset, kind }) => Err(AdaptError::Foreign {
            item,
            what: kind.what,
            advice: kind.advice,
            offset,
        }),
    }
}

/// The item that shows that a module was made for another host.
struct Sign {
    item: String,
    offset: usize,
    kind: Kind,
}

impl Sign {
    fn section(section: &CustomSectionReader<'_>, kind: Kind) -> Sign {
        Sign {
            item: format!("the custom section `{}`", section.name()),
            offset: section.data_offset(),
            kind,
        }
    }

    fn import(import: &Located<Import<'_>>, kind: Kind) -> Sign {
        Sign {
            item: format!("the import `{}.{}`", import.module, import.name),
            offset: import.offset,
            kind,
        }
    }

    fn export(export: &Located<Export<'_>>, kind: Kind) -> Sign {
        Sign {
            item: format!("the export `{}`", export.name),
            offset: export.offset,
            kind,
        }
    }
}

fn unlinked(info: &ModuleInfo<'_>) -> Option<Sign> {
    let mut imports = info.imports.iter();
    let is_object = imports.any(|import| import.name == "__linear_memory");
    info.other_custom_sections.iter().find_map(|section| {
        let kind = match section.name() {
            "dylink" | "dylink.0" => DYNAMIC_LIBRARY,
            // With `--emit-relocs`, a program has this section too.
            "linking" if is_object => OBJECT_FILE,
            _ => return None,
        };
        Some(Sign::section(section, kind))
    })
}

/// A library that uses wasi-libc's threads and lacks its start-up code. That code makes the calling thread one of wasi-libc's threads.
/// Without it, the first `pthread_create` corrupts memory, or `pthread_join` waits forever.
fn uninitialized(info: &ModuleInfo<'_>) -> Result<Option<Sign>, AdaptError> {
    let mut exports = info.exports.iter();
    let starts = |name: &str| matches!(name, "_start" | "_initialize" | "cm32p2_initialize");
    if exports.clone().any(|export| starts(export.name)) || !wasi_libc::has_threads(info)? {
        return Ok(None);
    }
    let export = exports.find(|export| export.name == "wasi_thread_start");
    Ok(export.map(|export| Sign::export(export, UNINITIALIZED)))
}

/// Whether an export is a hook with the ABI's type, defined by the module itself.
fn is_known_hook(info: &ModuleInfo<'_>, export: &Export<'_>) -> bool {
    let (ExternalKind::Func | ExternalKind::FuncExact) = export.kind else {
        return false;
    };
    let ty = info.function_type(FuncIndex(export.index));
    let is_typed = ty.is_ok_and(|ty| (ty.params(), ty.results()) == (&[ValType::I32], &[]));
    is_typed && export.index as usize >= info.imported_functions
}

/// The hook that a module exports.
pub(crate) fn task_hook<'i, 'a>(info: &'i ModuleInfo<'a>) -> Option<&'i Located<Export<'a>>> {
    info.exports.iter().find(|export| export.name == "__wasm_task_hook")
}

/// Modules with cooperative threads, unless wit-component can make components of them.
fn cooperative(info: &ModuleInfo<'_>) -> Option<Sign> {
    if let Some(hook) = task_hook(info).filter(|hook| !is_known_hook(info, hook)) {
        return Some(Sign::export(hook, TASK_HOOK));
    }
    let sign = sign_of_cooperative(info)?;
    if is_parallel(info) {
        return Some(Sign {
            kind: COOPERATIVE_SHARED,
            ..sign
        });
    }
    (!info.has_world()).then_some(sign)
}

/// Whether a module has cooperative threads.
pub(crate) fn has_cooperative_threads(info: &ModuleInfo<'_>) -> bool {
    sign_of_cooperative(info).is_some()
}

/// Whether threads share the module's memory, and so run in parallel.
fn is_parallel(info: &ModuleInfo<'_>) -> bool {
    info.memories.iter().any(|memory| memory.shared)
}

fn sign_of_cooperative(info: &ModuleInfo<'_>) -> Option<Sign> {
    // Threads that run in parallel have the same built-ins.
    let is_parallel = is_parallel(info);
    let mut imports = info.imports.iter();
    let import = imports.find(|import| match import.module {
        ROOT => !is_parallel && is_cooperative_builtin(import.name),
        module => stands_for(module, import.name).is_some(),
    });
    let mut exports = info.exports.iter();
    let export = exports.find(|export| matches!(export.name, "__wasm_init_task" | "__wasm_init_async_task"));
    let import = import.map(|import| Sign::import(import, COOPERATIVE));
    let export = export.or_else(|| task_hook(info));
    import.or_else(|| export.map(|export| Sign::export(export, COOPERATIVE)))
}

/// The built-in for a function of `env` with which LLVM's code for `wasm32-wasip3` accesses the stack pointer and thread-local storage.
pub(crate) fn stands_for(module: &str, name: &str) -> Option<Builtin> {
    match (module, name) {
        ("env", "__wasm_get_stack_pointer") => Some(Builtin::ContextGet(Slot::Zero)),
        ("env", "__wasm_set_stack_pointer") => Some(Builtin::ContextSet(Slot::Zero)),
        ("env", "__wasm_get_tls_base") => Some(Builtin::ContextGet(Slot::One)),
        ("env", "__wasm_set_tls_base") => Some(Builtin::ContextSet(Slot::One)),
        _ => None,
    }
}

fn import(info: &ModuleInfo<'_>) -> Option<Sign> {
    info.imports.iter().find_map(|import| {
        if info.has_world() && is_of_world(import.module, import.name) {
            return None;
        }
        let kind = of_import(import.module, import.name)?;
        Some(Sign::import(import, kind))
    })
}

fn world_export(info: &ModuleInfo<'_>) -> Option<Sign> {
    if info.has_world() {
        return None;
    }
    let is_command = info.exports.iter().any(|export| export.name == "_start");
    // A command may have helpers that no host calls.
    let is_helper = |name: &str| {
        let mut prefixes = ["cabi_", "cm32p2", "[async-lift"].iter();
        !is_command && prefixes.any(|prefix| name.starts_with(prefix))
    };
    // `ns:package/interface#function`
    let is_of_interface = |name: &str| name.contains(':') && name.contains('#');
    let mut exports = info.exports.iter();
    let export = exports.find(|export| is_of_interface(export.name) || is_helper(export.name));
    export.map(|export| Sign::export(export, WORLD))
}

/// Whether a name of `$root` is a built-in of cooperative threads, as wit-component names them.
fn is_cooperative_builtin(name: &str) -> bool {
    let name = name.strip_prefix("[cancellable]").unwrap_or(name);
    [
        "[thread-new-indirect",
        "[thread-resume",
        "[thread-suspend",
        "[thread-switch",
        "[thread-yield",
    ]
    .iter()
    .any(|prefix| name.starts_with(prefix))
}

/// The import `a` of a module in which Emscripten has shortened all names: imports and exports are called `a`, `b`, and so on, and the
/// module of the imports is mostly `a`.
fn shortened(info: &ModuleInfo<'_>) -> Option<Sign> {
    let is_short = |name: &str| {
        let mut characters = name.chars();
        (1..=3).contains(&name.len()) && characters.all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$')
    };
    let are_of = |modules: &[&str]| {
        let mut imports = info.imports.iter();
        imports.all(|import| modules.contains(&import.module) && is_short(import.name))
    };
    let has_memory = || info.exports.iter().any(|export| export.kind == ExternalKind::Memory);
    let are_imports = are_of(&["a"]) || (are_of(&["env", "wasi_snapshot_preview1"]) && has_memory());
    let are_exports = !info.exports.is_empty() && info.exports.iter().all(|export| is_short(export.name));
    // Emscripten assigns names in order, so one of them is `a`.
    let first = info.imports.iter().find(|import| import.name == "a")?;
    (are_imports && are_exports).then(|| Sign::import(first, EMSCRIPTEN_SHORT))
}
