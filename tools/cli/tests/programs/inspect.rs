//! `weft inspect`: its verdict whether a program runs. The crate that makes the report tests what it says about a
//! program's parts.

use weft_tests::{Case, fixture};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        inspect("hello_c.wasm").stdout_contains([
            "function `wasi` `thread-spawn`: (func (param i32) (result i32))",
            "starts threads by the wasi-threads ABI; weft adapts it first",
            "runs on weft's own runtime, with preemptive threads\n",
        ]),
        inspect("hello_builtins.wasm").stdout_contains([
            "starts threads by the names of the built-ins; weft adapts it first",
            "runs on weft's own runtime, with preemptive threads\n",
        ]),
        inspect("cat.wasm").stdout_contains(["starts no threads", "runs on weft's own runtime\n"]),
        inspect("reactor.wasm")
            .stdout_contains(["it exports no `wasi:cli/run` of WASI 0.2 or 0.3; `weft run --invoke` or an embedder can call"]),
        json("reactor.wasm").stdout_contains(["\"command\": false,\n    \"missing\""]),
        inspect("versions.wat").stdout_contains([
            "runs on Wasmtime's component runtime\n  `weft run` calls `run` of `wasi:cli/run@0.3.0`\n",
        ]),
        inspect("library_world.wat").stdout_contains([
            "world:\n\npackage root:component;\n\nworld root {\n  import test:log/log@1.0.0;\n\n  export greet: func(name: string) -> string;\n}\n",
        ]),
        inspect("library_world.wat").options(["--wit"]).named("--wit library_world.wat").stdout(
            "package root:component;\n\nworld root {\n  import test:log/log@1.0.0;\n\n  export greet: func(name: string) -> string;\n}\n\
             package test:log@1.0.0 {\n  interface log {\n    line: func(text: string);\n  }\n}\n",
        ),
        inspect("invoked.wat").stdout_contains(["world: WIT cannot express it: component export `the-ages`"]),
        inspect("refused/control_characters.wat")
            .stdout_contains(["does not run: it cannot be adapted: the import module `\\u{1b}[31mred\\u{202e}` has no kebab-case form"]),
        inspect("function_named_as_interface.wat").stdout_contains([
            "world: WIT cannot express it: wit-component, which weft uses to print WIT, panicked",
            "`weft run` does not supply these imports",
        ]),
        inspect("invoked.wat")
            .options(["--wit"])
            .named("--wit invoked.wat")
            .status(1)
            .stderr(["WIT cannot express its world", "component export `the-ages`"]),
        inspect("hello.wasm")
            .options(["--wit"])
            .named("--wit hello.wasm")
            .status(1)
            .stderr(["a core module has no world: `weft adapt` makes a component of it"]),
        json("versions.wat")
            .stdout_contains(["\"command\": true,\n    \"interface\": \"wasi:cli/run@0.3.0\","]),
        inspect("refused/unknown_imports.wat").stdout_contains([
            "`weft run` does not supply these imports",
            "    env/open_window\n",
            "    audio-out/play\n",
        ]),
        inspect("waits_alone.wat").stdout_contains(["runs on weft's own runtime\n"]),
        inspect("never_spawns.wat").stdout_contains(["exports no `wasi_thread_start`, so it cannot start a thread"]),
        json("never_spawns.wat").stdout_contains(["\"notes\": [\n      \"the module imports `wasi.thread-spawn`"]),
        inspect("refused/unshared_memory.wat")
            .stdout_contains(["does not run: it cannot be adapted: ", "shared memory"]),
        inspect("refused/unused_import.wat").stdout_contains([
            "runs on weft's own runtime, with preemptive threads\n",
            "`weft run` does not supply these imports; an embedder can:\n    wasi:nothing/here@1.0.0\n",
        ]),
        inspect("refused/unused_resource.wat").stdout_contains([
            "runs on weft's own runtime, with preemptive threads\n",
            "`weft run` does not supply these imports; an embedder can:\n    wasi:nothing/there@1.0.0\n",
        ]),
        json("refused/unused_import.wat").stdout_contains(["\"missing\": [\n      \"wasi:nothing/here@1.0.0\"\n"]),
        inspect("refused/stream_result.wat").stdout_contains([
            "it exports functions that cannot be called:\n    test:bytes/bytes@1.0.0#bytes: its result has type `stream`\n",
        ]),
        json("refused/stream_result.wat").stdout_contains([
            "\"not_callable\": [",
            "\"test:bytes/bytes@1.0.0\",",
            "\"reason\": \"its result has type `stream`\"",
        ]),
        inspect("refused/shared_module.wat").stdout_contains([
            "does not run: it cannot be adapted: type 0 needs the shared-everything-threads proposal",
        ]),
        inspect("refused/two_memories.wat").stdout_contains(["does not run: "]),
        inspect("wasi_0_3.wat").stdout_contains(["runs on Wasmtime's component runtime, with cooperative threads\n"]),
        inspect("refused/unknown_functions.wat").stdout_contains([
            "runs on Wasmtime's component runtime\n",
            "`weft run` does not supply these imports",
            "    my:music/player@1.0.0\n",
            "    beep\n",
        ]),
        inspect("refused/mixed_threads.wat")
            .stdout_contains(["does not run: `thread.spawn-indirect` starts cooperative"]),
        inspect("build.sh").status(1).stderr(["not WebAssembly"]),
        json("hello_builtins.wasm").stdout_contains([
            "\"format\": \"module\"",
            "\"name\": \"[thread-spawn-indirect]\"",
            "\"abi\": \"built-ins\"",
            "\"threads\": \"preemptive\"",
            "\"runtime\": \"weft\"",
            "\"error\": null",
        ]),
        json("refused/unshared_memory.wat").stdout_contains([
            "\"abi\": \"wasi-threads\"",
            "\"runtime\": null",
            "\"error\": \"it cannot be adapted: ",
        ]),
    ]
}

fn inspect(program: &str) -> Case {
    let case = Case::command("inspect").arguments([fixture(program)]);
    case.named(format!("inspect {program}"))
}

fn json(program: &str) -> Case {
    inspect(program)
        .options(["--json"])
        .named(format!("inspect --json {program}"))
}
