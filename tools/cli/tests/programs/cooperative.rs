//! Components that run on Wasmtime's component runtime: those without threads, and those whose threads take turns.

use weft_tests::Case;

const THREADS: &str = "hello from thread 1\nhello from thread 2\nhello from thread 3\nall woken\n";

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case::run("wasi_0_2.wat")
            .named("wasi_0_2.wat: another name")
            .options(["--argv0", "dir/another name"])
            .arguments(["--argv0", "one"])
            .stdout("argument dir/another name\nargument --argv0\nargument one\n"),
        Case::run("wasi_0_2.wat")
            .named("wasi_0_2.wat: a directory that is not there")
            .options(["--dir", "missing"])
            .status(1)
            .stderr(["missing", "No such file"]),
        Case::run("wasi_0_2.wat")
            .named("wasi_0_2.wat: a directory on procfs")
            .options(["--dir", "/proc"])
            .status(1)
            .stderr(["the directory `/proc` is on procfs", "`--allow-procfs`"]),
        Case::run("wasi_0_2.wat")
            .named("wasi_0_2.wat: more memory than `--max-memory`")
            .options(["--max-memory", "64KiB"])
            .status(1)
            .stderr(["memory", "limit", "raise `--max-memory`"]),
        Case::run("recursion.wat").named("recursion.wat: 100,000 frames"),
        Case::run("recursion.wat")
            .named("recursion.wat: more frames than `--max-wasm-stack` has room for")
            .options(["--max-wasm-stack", "512KiB"])
            .status(134)
            .stderr(["call stack exhausted", "`--max-wasm-stack`"]),
        Case::run("wasi_0_2.wat")
            .named("wasi_0_2.wat: a socket that it cannot take")
            .options(["--tcplisten", "127.0.0.1:0"])
            .status(1)
            .stderr(["`--tcplisten` works only for programs of WASI preview 1"]),
        Case::run("wasi_0_3.wat").stdout(THREADS).times(10),
        Case::run("wasi_0_3.wat")
            .named("wasi_0_3.wat --stats")
            .options(["--stats"])
            .stdout(THREADS)
            .stderr([
                "threads:        not counted on Wasmtime's component runtime",
                "memory:         at most ",
                "processor time: ",
            ]),
        Case::run("wasi_0_3.wat")
            .named("wasi_0_3.wat: a thread traps")
            .arguments(["trap"])
            .status(134)
            .stderr(["error: wasm trap: wasm `unreachable`", "0: trap-in-2", "1: hello"]),
        Case::run("wasi_0_3.wat")
            .named("wasi_0_3.wat: no thread with `--deterministic`")
            .options(["--deterministic"])
            .status(134)
            .stderr(["deadlock detected"]),
        Case::run("cooperative_unfinished.wat")
            .named("cooperative_unfinished.wat: a call of another component is stuck when `run` has returned")
            .status(134)
            .stderr(["deadlock detected"]),
        Case::run("refused/unknown_functions.wat")
            .named("run names all component functions that it cannot supply")
            .status(1)
            .stderr([
                "it has 3 imports that `weft run` does not supply:\n       my:music/player@1.0.0\n       beep\n       my:music/tuner@1.0.0\n",
            ]),
        Case::run("refused/mixed_threads.wat")
            .named("run refuses cooperative and preemptive threads in one component")
            .status(1)
            .stderr(["`thread.spawn-indirect` starts cooperative threads", "preemptive ones"]),
    ]
}
