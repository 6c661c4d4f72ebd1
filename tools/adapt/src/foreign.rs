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

use crate::builtin::{Builtin, ROOT, Slot};
use crate::error::AdaptError;
use crate::index::FuncIndex;
use crate::info::{Located, ModuleInfo};
use crate::package;
use wasmparser::{CustomSectionReader, Export, ExternalKind, Import, ValType};

/// What a module was made for, and what to do about it.
#[derive(Clone, Copy)]
struct Kind {
    what: &'static str,
    advice: &'static str,
}

const OBJECT_FILE: Kind = Kind {
    what: "an object file, which is not linked yet",
    advice: "link it with `wasm-ld`, or with the compiler that made it",
};
const DYNAMIC_LIBRARY: Kind = Kind {
    what: "a dynamic library",
    advice: "link it statically",
};
const COOPERATIVE: Kind = Kind {
    what: "a module with cooperative threads, by the ABI of `wasm32-wasip3`, whose WIT world is not embedded in it",
    advice: "give the world with `weft adapt --wit DIR --world NAME`, or link with `wasm-component-ld`",
};
const UNINITIALIZED: Kind = Kind {
    what: "a library with threads of wasi-libc, which has no `_initialize` to set them up",
    advice: "link with `-mexec-model=reactor` in C; in Rust, link `crt1-reactor.o` from a build script, as \
             examples/rust/greeter does",
};
const TASK_HOOK: Kind = Kind {
    what: "a module with cooperative threads, by an ABI of `wasm32-wasip3` that weft does not know: the function takes a number and \
           returns nothing in the one that weft knows",
    advice: "link with the `wasm-component-ld` of the toolchain, which makes a component of the module, and give that to \
             `weft run`",
};
const COOPERATIVE_SHARED: Kind = Kind {
    what: "a module with cooperative threads, by the ABI of `wasm32-wasip3`, but its memory is shared, and the threads of that ABI do \
           not run in parallel",
    advice: "link without `--shared-memory`, or compile for `wasm32-wasip1-threads`",
};
const ASYNC: Kind = Kind {
    what: "a module with the ABI of `async` functions, which weft does not support where threads run in parallel or preview 1 is imported",
    advice: "generate its bindings without `async`: a thread waits in such a call, and others run",
};
const WORLD: Kind = Kind {
    what: "a module for a WIT world that is not embedded in it",
    advice: "give the world with `weft adapt --wit DIR --world NAME`",
};
const EARLY_THREADS: Kind = Kind {
    what: "a module for a draft of wasi-threads, where `thread-spawn` had an underscore",
    advice: "compile for `wasm32-wasip1-threads` with wasi-sdk 20 or later",
};
const WASIX: Kind = Kind {
    what: "a module for WASIX, which Wasmer runs",
    advice: "compile for `wasm32-wasip1-threads` with wasi-sdk or Rust",
};
const WASM_BINDGEN: Kind = Kind {
    what: "a module for wasm-bindgen, which needs JavaScript",
    advice: "compile for `wasm32-wasip1` or `wasm32-wasip1-threads`, without wasm-bindgen",
};
const EMSCRIPTEN: Kind = Kind {
    what: "a module from Emscripten, which needs JavaScript",
    advice: "compile for `wasm32-wasip1` or `wasm32-wasip1-threads` with wasi-sdk",
};
const EMSCRIPTEN_SHORT: Kind = Kind {
    what: "a module from Emscripten, with shortened names, which needs JavaScript",
    advice: EMSCRIPTEN.advice,
};
const PTHREADS: Kind = Kind {
    what: "a module that was linked without a library for its pthreads",
    advice: "compile for `wasm32-wasip1-threads` with wasi-sdk and `-pthread`, without `--allow-undefined`",
};
const PTHREAD_EXIT: Kind = Kind {
    what: "a module that calls a function which wasi-libc does not have",
    advice: "let the thread's function return instead, and link without `--allow-undefined`",
};
const GO: Kind = Kind {
    what: "a module from Go for JavaScript hosts",
    advice: "compile with `GOOS=wasip1 GOARCH=wasm`, or with TinyGo's `-target=wasip1`",
};
const JAVASCRIPT: Kind = Kind {
    what: "a module for JavaScript engines",
    advice: "compile for WASI, if the language's compiler can",
};

/// # Errors
///
/// The module is made for another host.
pub(crate) fn refuse(info: &ModuleInfo<'_>) -> Result<(), AdaptError> {
    // The most specific sign comes first: a module with cooperative threads has a WIT world, whose imports others have too.
    let sign = unlinked(info)
        .or_else(|| uninitialized(info))
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
/// Without it, the first `pthread_create` corrupts memory, or `pthread_join` waits forever. This recognises wasi-libc by the name of one
/// of its functions, so it does not find a module without names.
fn uninitialized(info: &ModuleInfo<'_>) -> Option<Sign> {
    let mut exports = info.exports.iter();
    let starts = |name: &str| matches!(name, "_start" | "_initialize" | "cm32p2_initialize");
    if exports.clone().any(|export| starts(export.name)) || !info.defines_function_named("__wasi_thread_start_C") {
        return None;
    }
    let export = exports.find(|export| export.name == "wasi_thread_start")?;
    Some(Sign::export(export, UNINITIALIZED))
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

/// The kind of module that has this import, if the name shows it.
fn of_import(module: &str, name: &str) -> Option<Kind> {
    let is_draft = || matches!(module, "wasi" | "wasi_snapshot_preview1" | "wasi_unstable") && name == "thread_spawn";
    let is_bindgen = || module == "wbg" || module.starts_with("__wbindgen") || name.starts_with("__wbindgen_");
    let is_go = || module == "gojs" || name.starts_with("syscall/js.") || (module == "go" && name.contains('.'));
    if is_of_world(module, name) {
        Some(WORLD)
    } else if is_draft() {
        Some(EARLY_THREADS)
    } else if module.starts_with("wasix_") {
        Some(WASIX)
    } else if is_bindgen() {
        Some(WASM_BINDGEN)
    } else if is_go() {
        Some(GO)
    } else if is_emscripten(module, name) {
        Some(EMSCRIPTEN)
    } else if (module, name) == ("env", "pthread_exit") {
        Some(PTHREAD_EXIT)
    } else if module == "env" && is_of_pthreads(name) {
        Some(PTHREADS)
    } else if module.starts_with("wasm:") || matches!(module, "js_code" | "dart2wasm") {
        Some(JAVASCRIPT)
    } else {
        None
    }
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

/// Whether an import is an item of a WIT world, or a built-in that only works in a component that has one, as wit-component
/// names them.
fn is_of_world(module: &str, name: &str) -> bool {
    /// The beginnings of the names of built-ins and of WIT's items.
    const KINDS: [&str; 17] = [
        "[async",
        "[backpressure",
        "[cancellable]",
        "[constructor]",
        "[error-context",
        "[export]",
        "[future",
        "[method]",
        "[resource-drop]",
        "[resource-new]",
        "[resource-rep]",
        "[static]",
        "[stream",
        "[subtask",
        "[task",
        "[waitable",
        "[callback]",
    ];
    if module == ROOT {
        // A name without brackets is a function of the world itself.
        return Builtin::named(name).is_none()
            && (!name.starts_with('[') || KINDS.iter().any(|kind| name.starts_with(kind)));
    }
    // `ns:package/interface@1.2.3`. A name without a version may follow a convention of some embedder.
    let is_interface = module.contains(':') && module.contains('/') && !package::is_of_package(module);
    is_interface && (module.contains('@') || module.starts_with("wasi:"))
        || module.starts_with("[export]")
        || module.starts_with("cm32p2")
}

/// Whether a function starts threads in C. No host can supply it, because it would have to call the module on another thread.
fn is_of_pthreads(name: &str) -> bool {
    let name = name.strip_prefix('_').unwrap_or(name);
    name.starts_with("pthread_") || name == "thrd_create"
}

fn is_emscripten(module: &str, name: &str) -> bool {
    // Standalone programs import this one from other hosts too.
    if module != "env" || name == "emscripten_notify_memory_growth" {
        return false;
    }
    const PREFIXES: [&str; 9] = [
        "emscripten_",
        "_emscripten_",
        "__emscripten_",
        "__syscall_",
        "_embind_",
        "_emval_",
        "__asyncjs__",
        "__cxa_find_matching_catch",
        "__pthread_create_js",
    ];
    // `invoke_vii`: a letter for each type of the function that it calls.
    let is_invoke = |types: &str| !types.is_empty() && types.chars().all(|ty| "vijfdep".contains(ty));
    PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        || name.strip_prefix("invoke_").is_some_and(is_invoke)
        || (name.starts_with('_') && name.ends_with("_js"))
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
