//! Modules that are made for another host: refused, with the toolchain's name and what to do instead.
//!
//! Such a module is valid, and most of them could be adapted: their imports would become core modules that no host
//! supplies, and their exports functions of numbers that no host can call. What their authors get then is an error
//! about something that they have never written, or a component that is not the one that they described. So a module is
//! asked first where it comes from. Before and after:
//!
//! ```text
//! the exports `_a` and `$a` are both `a` in kebab case: rename one of them
//! the import `a.a` (at offset 0x1c) shows that this is a module of Emscripten, with shortened names, which needs
//! JavaScript: compile for `wasm32-wasip1` or `wasm32-wasip1-threads` with wasi-sdk
//! ```
//!
//! The signs are names that a toolchain reserves for itself. A name that an embedder of weft may give to a function of its
//! own (`env.abort`, `env.napi_..`) is no sign.
//!
//! **Rejected:** the `producers` section. It names compilers and not what their output is linked for; optimisers drop it.

use crate::builtin::{Builtin, ROOT};
use crate::error::AdaptError;
use crate::info::{Located, ModuleInfo};
use wasmparser::{CustomSectionReader, Export, ExternalKind, Import};

/// What a module is instead of one for weft, and what to do about it.
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
    what: "a module with cooperative threads, by the ABI of `wasm32-wasip3`",
    advice: "link with `wasm-component-ld`, which makes a component of the module, and give that to `weft run`",
};
const WORLD: Kind = Kind {
    what: "a module of a WIT world, which is not embedded in it",
    advice: "give the world with `weft adapt --wit DIR --world NAME`",
};
const EARLY_THREADS: Kind = Kind {
    what: "a module of a draft of wasi-threads, where `thread-spawn` had an underscore",
    advice: "compile for `wasm32-wasip1-threads` with wasi-sdk 20 or later",
};
const WASIX: Kind = Kind {
    what: "a module for WASIX, which Wasmer runs",
    advice: "compile for `wasm32-wasip1-threads` with wasi-sdk or Rust",
};
const WASM_BINDGEN: Kind = Kind {
    what: "a module of wasm-bindgen, which needs JavaScript",
    advice: "compile for `wasm32-wasip1` or `wasm32-wasip1-threads`, without wasm-bindgen",
};
const EMSCRIPTEN: Kind = Kind {
    what: "a module of Emscripten, which needs JavaScript",
    advice: "compile for `wasm32-wasip1` or `wasm32-wasip1-threads` with wasi-sdk",
};
const EMSCRIPTEN_SHORT: Kind = Kind {
    what: "a module of Emscripten, with shortened names, which needs JavaScript",
    advice: EMSCRIPTEN.advice,
};
const GO: Kind = Kind {
    what: "a module of Go for JavaScript hosts",
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
    // What says most comes first: a module with cooperative threads has a WIT world, and that imports what others do.
    let sign = unlinked(info)
        .or_else(|| cooperative(info))
        .or_else(|| import(info))
        .or_else(|| world_export(info))
        .or_else(|| shortened(info));
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

/// What shows that a module is made for another host.
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
            // With `--emit-relocs` a program has this section, too.
            "linking" if is_object => OBJECT_FILE,
            _ => return None,
        };
        Some(Sign::section(section, kind))
    })
}

fn cooperative(info: &ModuleInfo<'_>) -> Option<Sign> {
    let mut imports = info.imports.iter();
    let import = imports.find(|import| is_cooperative(import.module, import.name));
    let mut exports = info.exports.iter();
    let export = exports.find(|export| matches!(export.name, "__wasm_init_task" | "__wasm_init_async_task"));
    let import = import.map(|import| Sign::import(import, COOPERATIVE));
    import.or_else(|| export.map(|export| Sign::export(export, COOPERATIVE)))
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

/// What kind of module has an import, if its name says so.
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
    } else if module.starts_with("wasm:") || matches!(module, "js_code" | "dart2wasm") {
        Some(JAVASCRIPT)
    } else {
        None
    }
}

/// Whether an import is one of cooperative threads: of the built-ins as wit-component names them, or of those that LLVM calls
/// and wasm-component-ld supplies.
fn is_cooperative(module: &str, name: &str) -> bool {
    let name = name.strip_prefix("[cancellable]").unwrap_or(name);
    match module {
        "env" => matches!(
            name,
            "__wasm_get_stack_pointer" | "__wasm_set_stack_pointer" | "__wasm_get_tls_base" | "__wasm_set_tls_base"
        ),
        ROOT => [
            "[thread-new-indirect",
            "[thread-resume",
            "[thread-suspend",
            "[thread-switch",
            "[thread-yield",
        ]
        .iter()
        .any(|prefix| name.starts_with(prefix)),
        _ => false,
    }
}

/// Whether an import is an item of a WIT world, or a built-in that only works in a component that has one, as wit-component
/// names them.
fn is_of_world(module: &str, name: &str) -> bool {
    /// What the names of built-ins begin with, and what WIT's items have before their names.
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
        // What has no brackets is a function of the world itself.
        return Builtin::named(name).is_none()
            && (!name.starts_with('[') || KINDS.iter().any(|kind| name.starts_with(kind)));
    }
    // `ns:package/interface@1.2.3`. Without a version, another convention may be meant, of which some embedder knows.
    let is_interface = module.contains(':') && module.contains('/');
    is_interface && (module.contains('@') || module.starts_with("wasi:"))
        || module.starts_with("[export]")
        || module.starts_with("cm32p2")
}

fn is_emscripten(module: &str, name: &str) -> bool {
    // Standalone programs import this one from hosts other than Emscripten's.
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

/// The import `a` of a module in which Emscripten has shortened all names: imports are called `a`, `b`, and so on, mostly of a
/// module `a`, and exports likewise.
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
    // Names are given in order, so `a` is among them.
    let first = info.imports.iter().find(|import| import.name == "a")?;
    (are_imports && are_exports).then(|| Sign::import(first, EMSCRIPTEN_SHORT))
}
