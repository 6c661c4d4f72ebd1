//! What modules for other hosts are called, what to do instead, and the names of imports by which they are known.

use crate::builtin::{Builtin, ROOT};
use crate::package;

/// What a module was made for, and what to do about it.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    pub(super) what: &'static str,
    pub(super) advice: &'static str,
}

pub(super) const OBJECT_FILE: Kind = Kind {
    what: "an object file, which is not linked yet",
    advice: "link it with `wasm-ld`, or with the compiler that made it",
};
pub(super) const DYNAMIC_LIBRARY: Kind = Kind {
    what: "a dynamic library",
    advice: "link it statically",
};
pub(super) const COOPERATIVE: Kind = Kind {
    what: "a module with cooperative threads, by the ABI of `wasm32-wasip3`, whose WIT world is not embedded in it",
    advice: "give the world with `weft adapt --wit DIR --world NAME`, or link with `wasm-component-ld`",
};
pub(super) const UNINITIALIZED: Kind = Kind {
    what: "a library with threads of wasi-libc, which has no `_initialize` to set them up",
    advice: "link with `-mexec-model=reactor` in C, and without `-nostartfiles`; in Rust, link `crt1-reactor.o` from a build script, as \
             examples/rust/greeter does",
};
pub(super) const TASK_HOOK: Kind = Kind {
    what: "a module with cooperative threads, by an ABI of `wasm32-wasip3` that weft does not know: the function takes a number and \
           returns nothing in the one that weft knows",
    advice: "link with the `wasm-component-ld` of the toolchain, which makes a component of the module, and give that to \
             `weft run`",
};
pub(super) const COOPERATIVE_SHARED: Kind = Kind {
    what: "a module with cooperative threads, by the ABI of `wasm32-wasip3`, but its memory is shared, and the threads of that ABI do \
           not run in parallel",
    advice: "link without `--shared-memory`, or compile for `wasm32-wasip1-threads`",
};
pub(super) const ASYNC: Kind = Kind {
    what: "a module with the ABI of `async` functions, which weft does not support where threads run in parallel or preview 1 is imported",
    advice: "generate its bindings without `async`: a thread waits in such a call, and others run",
};
pub(super) const WORLD: Kind = Kind {
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
pub(super) const EMSCRIPTEN_SHORT: Kind = Kind {
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

/// The kind of module that has this import, if the name shows it.
pub(super) fn of_import(module: &str, name: &str) -> Option<Kind> {
    let is_draft = || matches!(module, "wasi" | "wasi_snapshot_preview1" | "wasi_unstable") && name == "thread_spawn";
    // A module of JavaScript that wasm-bindgen writes next to the WebAssembly is called `./NAME_bg.js`.
    let is_glue = || module.starts_with("./") && module.ends_with("_bg.js");
    let is_bindgen =
        || module == "wbg" || module.starts_with("__wbindgen") || name.starts_with("__wbindgen_") || is_glue();
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
    } else if module.starts_with("wasm:") || matches!(module, "js_code" | "dart2wasm" | "javascript_kit") {
        Some(JAVASCRIPT)
    } else if matches!(module, "GOT.mem" | "GOT.func") {
        // The table of addresses that the dynamic linker fills.
        Some(DYNAMIC_LIBRARY)
    } else {
        None
    }
}

/// Whether an import is an item of a WIT world, or a built-in that only works in a component that has one, as wit-component
/// names them.
pub(super) fn is_of_world(module: &str, name: &str) -> bool {
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
