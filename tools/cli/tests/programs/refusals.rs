//! Inputs that weft refuses, each with the status and message. Standard output stays empty.

use weft_tests::{Case, Stdin, fixture};

/// A component that no command can link.
const UNKNOWN_IMPORT: &[u8] = br#"(component (import "nothing" (func)))"#;

/// A module that cannot be adapted.
const NOT_ADAPTED: &[u8] = include_bytes!("../../../../tests/programs/refused/unshared_memory.wat");

/// A command whose input is on standard input. The message says so.
fn from_stdin(command: &'static str, input: &[u8], message: &str) -> Case {
    Case::command(command)
        .arguments(["-"])
        .stdin(Stdin::Bytes(input.to_vec()))
        .named(format!(
            "{command} calls standard input by its name: {}",
            message.trim_end()
        ))
        .status(1)
        .stderr([message])
}

pub(crate) fn cases() -> Vec<Case> {
    let mut cases =
        vec![
        Case::run("refused/unknown_imports.wat")
            .named("run names all imports that it cannot supply")
            .status(1)
            .stderr([
                "it has 3 imports that `weft run` does not supply:\n       audioOut/play (at offset 0x",
                "\n       env/close_window (at offset 0x",
                "\n       env/open_window (at offset 0x",
                "\n       `weft run` supplies WASI and the built-ins: for other imports, embed weft in a Rust program",
            ]),
        Case::run("refused/unknown_item.wat")
            .named("run names a function that an interface lacks, before it compiles")
            .status(1)
            .stderr(["it has 2 imports that `weft run` does not supply:\n       \
                 wasi:cli/environment@0.2.0#get-nothing\n       wasi:cli/environment@0.2.0#get-something\n"]),
        Case::command("run")
            .arguments(["--max-wasm-stack", "18446744073709551615", "hello.wasm"])
            .named("run refuses a stack that no process has room for")
            .status(2)
            .stderr(["--max-wasm-stack", "too large: use at most 1099511627776 bytes"]),
        Case::command("validate")
            .arguments(["-"])
            .stdin(Stdin::Bytes(Vec::new()))
            .named("validate says that the input is empty")
            .status(1)
            .stderr(["the input is empty"]),
        from_stdin("run", UNKNOWN_IMPORT, "cannot run standard input\n"),
        from_stdin("run", NOT_ADAPTED, "cannot adapt standard input\n"),
        from_stdin("adapt", NOT_ADAPTED, "cannot adapt standard input\n"),
        from_stdin("inspect", b"\0asm\x01\0\0\0\x01\x7f", "cannot inspect standard input\n"),
        from_stdin("lower", b"(module)", "cannot lower standard input\n"),
        from_stdin(
            "validate",
            b"(module (func (result i32)))",
            "standard input is not valid\n",
        ),
        from_stdin("wast", b"\xff", "cannot read standard input: "),
        Case::command("compile")
            .arguments(["-", "-o", "standard_input.cwasm"])
            .stdin(Stdin::Bytes(UNKNOWN_IMPORT.to_vec()))
            .named("compile calls standard input by its name")
            .status(1)
            .stderr(["cannot compile standard input\n"]),
        Case::command("wast")
            .arguments(["-"])
            .stdin(Stdin::Bytes(b"(module)".to_vec()))
            .named("wast calls standard input by its name in a summary")
            .lines(["standard input: 1 passed, 0 failed"]),
        Case::command("validate")
            .arguments(["-"])
            .stdin(Stdin::Bytes(b"(module\n  (func (foo)))".to_vec()))
            .named("validate says where text from standard input is wrong")
            .status(1)
            .stderr(["--> <stdin>:2:10"]),
        Case::run("refused/unknown_operator.wat")
            .named("run says in which file text is wrong")
            .status(1)
            .stderr(["refused/unknown_operator.wat:3:10"]),
        Case::run("refused/unused_import.wat")
            .named("run names imports that nothing uses")
            .status(1)
            .stderr(["it has an import that `weft run` does not supply:\n       wasi:nothing/here@1.0.0\n"]),
        Case::run("refused/shared_module.wat")
            .named("run names what is not adapted")
            .status(1)
            .stderr([
                "type 0 needs the shared-everything-threads proposal",
                "write a component",
            ]),
        Case::run("refused/imported_component.wat")
            .named("run names an imported component and where it is")
            .status(1)
            .stderr(["imported component `plugin` (at offset 0x"]),
        Case::run("reactor.wasm")
            .named("run refuses a reactor")
            .status(1)
            .stderr(["wasi:cli/run"]),
        Case::command("run")
            .arguments(["missing.wasm"])
            .named("run names a missing file")
            .status(1)
            .stderr(["missing.wasm", "No such file"]),
        Case::command("adapt")
            .arguments(["missing.wasm"])
            .named("adapt names a missing file")
            .status(1)
            .stderr(["missing.wasm", "No such file"]),
        Case::command("run")
            .named("run without a program")
            .status(2)
            .stderr(["Usage"]),
        Case::command("run")
            .arguments(["--no-such-option", "x.wasm"])
            .named("run with an unknown option")
            .status(2)
            .stderr(["--no-such-option"]),
        Case::command("no-such-command")
            .named("an unknown subcommand")
            .status(2)
            .stderr(["no-such-command"]),
        Case::command("run")
            .arguments(["--env", "=x", "hello.wasm"])
            .named("run refuses a variable without a name")
            .status(2)
            .stderr(["the variable has no name: use NAME=VALUE"]),
        Case::run("passes.wast")
            .named("run says which command runs scripts")
            .status(1)
            .stderr(["if it is a script, run it with `weft wast`"]),
        Case::run("wasi_0_3.wat")
            .named("run says how to run cooperative threads")
            .options(["--runtime", "weft"])
            .status(1)
            .stderr(["leave out `--runtime weft`"]),
        Case::adapt("../guests/primes_zig.wasm")
            .named("adapt lists the worlds if none has the name")
            .options(["--wit", &fixture("../../tools/adapt/tests/turns.wit"), "--world", "nope"])
            .status(1)
            .stderr(["there is no world `nope`: use one of `numbers`, `pairs`, `memory`"]),
        Case::adapt("../guests/primes_zig.wasm")
            .named("adapt lists the worlds if none is named")
            .options(["--wit", &fixture("../../tools/adapt/tests/turns.wit")])
            .status(1)
            .stderr(["it has several worlds: choose one of `numbers`, `pairs`, `memory` with `--world`"]),
    ];
    cases.extend(numbers());
    for command in ["run", "adapt"] {
        let refused = [
            ("build.sh", "build.sh", "a shell script is not WebAssembly"),
            (
                "refused/unshared_memory.wat",
                "shared memory",
                "threads without shared memory",
            ),
            (
                "refused/start_type.wat",
                "wasi_thread_start",
                "a wasi_thread_start of another type",
            ),
            ("refused/two_memories.wat", "memor", "two shared memories"),
        ];
        for (program, part, what) in refused {
            let case = if command == "run" {
                Case::run(program)
            } else {
                Case::adapt(program)
            };
            cases.push(case.named(format!("{command} refuses {what}")).status(1).stderr([part]));
        }
        for (what, bytes) in [
            ("an empty input", &b""[..]),
            ("a cut module", b"\0asm\x01\0\0\0\x01\x7f"),
            ("bytes that are neither text nor WebAssembly", b"\x7fELF\xff\xfe"),
        ] {
            let case = Case::command(command)
                .arguments(["-"])
                .stdin(Stdin::Bytes(bytes.to_vec()));
            cases.push(
                case.named(format!("{command} refuses {what}"))
                    .status(1)
                    .stderr(["error: "]),
            );
        }
    }
    cases
}

/// Numbers that an option does not take.
fn numbers() -> Vec<Case> {
    [
        ("run", "--workers", "0", "use 1 to 1024"),
        ("run", "--workers", "2000", "use 1 to 1024"),
        ("run", "--workers", "many", "use 1 to 1024"),
        ("run", "--workers", "-1", "use 1 to 1024"),
        ("run", "--max-threads", "0", "use 1 to 4294967295"),
        ("run", "--max-threads", "few", "use 1 to 4294967295"),
        ("run", "--max-memory", "-5", "expected a whole number"),
        ("run", "--max-memory", "3XB", "unknown suffix `XB`"),
        ("run", "--allow-address", "10.0.0.0/33", "use /0 to /32"),
        ("wast", "--timeout", "0", "use 1 to 31536000"),
        ("wast", "--timeout", "long", "use 1 to 31536000"),
    ]
    .map(|(command, option, value, expected)| {
        Case::command(command)
            .arguments([option, value, "x.wasm"])
            .named(format!("{command} {option} {value}"))
            .status(2)
            .stderr([option, expected])
    })
    .into()
}
