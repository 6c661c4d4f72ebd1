//! Commands of WASI 0.2 and 0.3: their output, their exit statuses, and what they cannot access.

use wasmtime::component::Linker;
use wasmtime::{Config, Engine};
use weft_cooperative::wasmtime_wasi::p2::pipe::MemoryOutputPipe;
use weft_cooperative::wasmtime_wasi::{FsPerms, WasiCtx, p2, p3};
use weft_cooperative::{Error, Host, Profile, add_wasi, compile, configure, in_tokio, instantiate, run};

/// More than the programs here use.
const ENOUGH: u64 = 1 << 20;

fn run_with(component: &str, wasi: WasiCtx, max_memory: u64) -> Result<i32, Error> {
    let engine = Engine::new(configure(&mut Config::new())).expect("an engine");
    let component = compile(&engine, component.as_bytes(), Profile::Full)?;
    let linker = Host::linker(&engine, false)?;
    let mut store = Host::new(wasi).max_memory(max_memory).into_store(&engine);
    in_tokio(async {
        let instance = instantiate(&linker, &mut store, &component).await?;
        run(&mut store, &instance).await
    })?
}

fn status(component: &str) -> Result<i32, Error> {
    run_with(component, WasiCtx::builder().build(), ENOUGH)
}

/// A command of WASI 0.2 with this code as the body of `run`, which gives 0 for success and 1 for failure.
fn command_0_2(body: &str) -> String {
    format!(
        r#"(component
            (import "wasi:cli/exit@0.2.0" (instance $exit (export "exit" (func (param "status" (result))))))
            (core func $exit (canon lower (func $exit "exit")))
            (core module $t (table (export "t") 1 funcref))
            (core instance $t (instantiate $t))
            (core type $start (func (param i32)))
            (core func $new (canon thread.new-indirect $start (core table $t "t")))
            (core func $later (canon thread.resume-later))
            (core func $resume (canon thread.yield-then-resume))
            (core module $m
                (import "" "t" (table 1 funcref))
                (import "" "exit" (func $exit (param i32)))
                (import "" "new" (func $new (param i32 i32) (result i32)))
                (import "" "later" (func $later (param i32)))
                (import "" "resume" (func $resume (param i32) (result i32)))
                (memory 1)
                (func $exits (param i32) (call $exit (local.get 0)))
                (elem (i32.const 0) func $exits)
                (func (export "run") (result i32) {body}))
            (core instance $m (instantiate $m (with "" (instance
                (export "t" (table $t "t"))
                (export "exit" (func $exit))
                (export "new" (func $new))
                (export "later" (func $later))
                (export "resume" (func $resume))))))
            (func $run (result (result)) (canon lift (core func $m "run")))
            (instance $run (export "run" (func $run)))
            (export "wasi:cli/run@0.2.3" (instance $run)))"#
    )
}

/// A command of WASI 0.3 with this code as the body of `run`, which has to call `$return`.
fn command_0_3(body: &str) -> String {
    format!(
        r#"(component
            (import "wasi:cli/exit@0.3.0" (instance $exit (export "exit-with-code" (func (param "status-code" u8)))))
            (core func $exit (canon lower (func $exit "exit-with-code")))
            (core func $return (canon task.return (result (result))))
            (core func $yield (canon thread.yield))
            (core func $suspend (canon thread.suspend))
            (core module $m
                (import "" "exit" (func $exit (param i32)))
                (import "" "return" (func $return (param i32)))
                (import "" "yield" (func $yield (result i32)))
                (import "" "suspend" (func $suspend (result i32)))
                (func (export "run") {body}))
            (core instance $m (instantiate $m (with "" (instance
                (export "exit" (func $exit))
                (export "return" (func $return))
                (export "yield" (func $yield))
                (export "suspend" (func $suspend))))))
            (func $run async (result (result)) (canon lift (core func $m "run") async))
            (instance $run (export "run" (func $run)))
            (export "wasi:cli/run@0.3.0" (instance $run)))"#
    )
}

#[test]
fn the_status_is_that_of_the_program() {
    let works_on = "(drop (call $yield)) (call $exit (i32.const 7))";
    for (expected, component) in [
        (0, command_0_2("(i32.const 0)")),
        (1, command_0_2("(i32.const 1)")),
        (0, command_0_2("(call $exit (i32.const 0)) (i32.const 1)")),
        (1, command_0_2("(call $exit (i32.const 1)) (i32.const 0)")),
        // Another thread exits.
        (1, command_0_2("(call $resume (call $new (i32.const 0) (i32.const 1)))")),
        // Another thread would exit, but does not run any more.
        (
            0,
            command_0_2("(call $later (call $new (i32.const 0) (i32.const 1))) (i32.const 0)"),
        ),
        (0, command_0_3("(call $return (i32.const 0))")),
        (1, command_0_3("(call $return (i32.const 1))")),
        (7, command_0_3(works_on)),
        // The thread that gave the result works on.
        (7, command_0_3(&format!("(call $return (i32.const 0)) {works_on}"))),
    ] {
        match status(&component) {
            Ok(status) => assert_eq!(status, expected, "{component}"),
            Err(error) => panic!("{error}: {component}"),
        }
    }
}

#[test]
fn a_program_that_cannot_go_on_traps() {
    for (code, component) in [
        (wasmtime::Trap::UnreachableCodeReached, command_0_2("unreachable")),
        (
            wasmtime::Trap::UnreachableCodeReached,
            command_0_3("(call $return (i32.const 0)) unreachable"),
        ),
        (wasmtime::Trap::AsyncDeadlock, command_0_3("(drop (call $suspend))")),
    ] {
        match status(&component) {
            Err(Error::Trap(trap)) => assert_eq!(trap.code(), Some(code)),
            outcome => panic!("{outcome:?}: {component}"),
        }
    }
}

#[test]
fn what_exports_no_run_is_no_command() {
    for component in [
        "(component)".to_owned(),
        commands(&["0.3.0-rc-2026-03-15"], 0),
        // An interface of that name without its function.
        "(component (instance $run) (export \"wasi:cli/run@0.3.0\" (instance $run)))".to_owned(),
    ] {
        let outcome = status(&component);
        assert!(matches!(outcome, Err(Error::NotACommand)), "{outcome:?}: {component}");
    }
}

/// A component that is a command of each of these versions of WASI. `run` of the one with this number fails.
fn commands(versions: &[&str], fails: usize) -> String {
    let mut exports = String::new();
    for (number, version) in versions.iter().enumerate() {
        let (ty, core, lift) = match version.starts_with("0.3") {
            true => ("async", "async", "async"),
            false => ("", "sync", ""),
        };
        let core = format!("{core}-{}", i32::from(number == fails));
        exports += &format!(
            "(func $run{number} {ty} (result (result)) (canon lift (core func $m \"{core}\") {lift}))
            (instance $run{number} (export \"run\" (func $run{number})))
            (export \"wasi:cli/run@{version}\" (instance $run{number}))"
        );
    }
    format!(
        r#"(component
            (core func $return (canon task.return (result (result))))
            (core module $m
                (import "" "return" (func $return (param i32)))
                (func (export "sync-0") (result i32) (i32.const 0))
                (func (export "sync-1") (result i32) (i32.const 1))
                (func (export "async-0") (call $return (i32.const 0)))
                (func (export "async-1") (call $return (i32.const 1))))
            (core instance $m (instantiate $m (with "" (instance (export "return" (func $return))))))
            {exports})"#
    )
}

/// Runs a component as Wasmtime's command does, whose types look for the interface by the version that its WASI has.
fn status_in_wasmtime(component: &str) -> i32 {
    let engine = Engine::new(configure(&mut Config::new())).expect("an engine");
    let component = compile(&engine, component.as_bytes(), Profile::Full).expect("a component");
    let mut linker = Linker::new(&engine);
    add_wasi(&mut linker).expect("WASI");
    let ready = || linker.instantiate_pre(&component).expect("all imports");
    let mut store = Host::new(WasiCtx::builder().build()).into_store(&engine);
    let result = in_tokio(async {
        if let Ok(command) = p3::bindings::CommandPre::new(ready()) {
            let command = command.instantiate_async(&mut store).await?;
            let run = async |accessor: &_| command.wasi_cli_run().call_run(accessor).await;
            store.run_concurrent(run).await?
        } else {
            let command = p2::bindings::CommandPre::new(ready())?
                .instantiate_async(&mut store)
                .await?;
            command.wasi_cli_run().call_run(&mut store).await
        }
    });
    i32::from(result.expect("OS threads").expect("no trap").is_err())
}

#[test]
fn of_several_versions_the_one_is_run_that_wasmtime_runs() {
    for versions in [
        &["0.2.0", "0.3.0"][..],
        &["0.3.0", "0.2.0"],
        &["0.2.3", "0.3.7", "0.2.12"],
        &["0.3.1", "0.3.0", "0.3.2"],
        &["0.3.1", "0.3.2"],
        &["0.2.6", "0.2.10", "0.2.9"],
        &["0.2.13", "0.2.12"],
        &["0.3.0-rc-2026-03-15", "0.2.0"],
        &["0.2.0-rc-2023-12-05", "0.2.1", "0.4.0"],
    ] {
        let statuses = |status: &dyn Fn(&str) -> i32| -> Vec<i32> {
            (0..versions.len())
                .map(|fails| status(&commands(versions, fails)))
                .collect()
        };
        let ours = statuses(&|component| status(component).expect("a command"));
        assert_eq!(ours.iter().sum::<i32>(), 1, "{versions:?}: one of them is run");
        assert_eq!(ours, statuses(&status_in_wasmtime), "{versions:?}");
    }
}

#[test]
fn memory_is_limited() {
    let wasi = || WasiCtx::builder().build();
    let too_large = command_0_2("(i32.const 0)");
    let outcome = run_with(&too_large, wasi(), 1000);
    assert!(matches!(outcome, Err(Error::Engine { .. })), "{outcome:?}");
    let grows = command_0_2("(i32.eq (memory.grow (i32.const 1)) (i32.const -1))");
    assert_eq!(run_with(&grows, wasi(), 65536).ok(), Some(1));
    assert_eq!(run_with(&grows, wasi(), 131_072).ok(), Some(0));
}

/// Wasmtime gives its refusal as text alone: `weft_lower::messages` recognises it.
#[test]
fn what_is_beyond_the_limit_is_refused_with_advice() {
    for item in ["(memory 1)", "(table 10000 funcref)"] {
        let component = format!("(component (core module $m {item}) (core instance (instantiate $m)))");
        let error = run_with(&component, WasiCtx::builder().build(), 1000).expect_err("too large");
        let message = error.to_string();
        assert!(message.contains("raise `--max-memory`"), "{item}: {message}");
    }
}

/// What a program with the host's root as its directory ends with, where procfs is allowed or not.
fn status_with_root(component: &str, arguments: &[&str], allow_procfs: bool) -> i32 {
    let engine = Engine::new(configure(&mut Config::new())).expect("an engine");
    let component = compile(&engine, component.as_bytes(), Profile::Full).expect("a component");
    let linker = Host::linker(&engine, allow_procfs).expect("WASI");
    let mut wasi = WasiCtx::builder();
    wasi.args(arguments)
        .preopened_dir("/", "/", FsPerms::ReadOnly)
        .expect("a directory");
    let mut store = Host::new(wasi.build()).into_store(&engine);
    let status = in_tokio(async {
        let instance = instantiate(&linker, &mut store, &component).await?;
        run(&mut store, &instance).await
    });
    status.flatten().expect("no trap")
}

#[test]
fn procfs_is_refused_unless_it_is_allowed() {
    // Prints the beginning of a file in each of its directories.
    let of_0_2 = include_str!("../../../tests/programs/wasi_0_2.wat").replace("input.txt", "proc/stat");
    assert_eq!(status_with_root(&of_0_2, &[], false), 1);
    assert_eq!(status_with_root(&of_0_2, &[], true), 0);
    let of_0_3 = include_str!("components/procfs-0.3.wat");
    for arguments in [&["name"][..], &["name", "link"], &["name", "of", "metadata"]] {
        // 30 is `not-permitted`.
        assert_eq!(status_with_root(of_0_3, arguments, false), 130, "{arguments:?}");
        assert_eq!(status_with_root(of_0_3, arguments, true), 0, "{arguments:?}");
    }
}

/// Many memories and tables, which all grow. The result is an error if all of them could.
#[test]
fn memories_and_tables_are_limited_together() {
    let command = |items: &str, grow: &str| {
        let items = (0..30)
            .map(|index| items.replace('#', &index.to_string()))
            .collect::<String>();
        let grow = (0..30).map(|index| {
            format!(
                "(br_if $refused (i32.eq (i32.const -1) {}))",
                grow.replace('#', &index.to_string())
            )
        });
        let grow = grow.collect::<String>();
        format!(
            r#"(component
                (core module $m
                    {items}
                    (func (export "run") (result i32)
                        (block $refused {grow} (return (i32.const 1)))
                        (i32.const 0)))
                (core instance $m (instantiate $m))
                (func $run (result (result)) (canon lift (core func $m "run")))
                (instance $run (export "run" (func $run)))
                (export "wasi:cli/run@0.2.3" (instance $run)))"#
        )
    };
    let memories = command("(memory $m# 0)", "(memory.grow $m# (i32.const 1))");
    let tables = command(
        "(table $t# 0 funcref)",
        "(table.grow $t# (ref.null func) (i32.const 8192))",
    );
    for component in [&memories, &tables] {
        for (pages, expected) in [(16, 0), (31, 1)] {
            let status = run_with(component, WasiCtx::builder().build(), pages * 65_536);
            assert_eq!(status.ok(), Some(expected), "{component}");
        }
    }
}

#[test]
fn streams_are_the_embedders() {
    let output = MemoryOutputPipe::new(1000);
    let wasi = WasiCtx::builder().stdout(output.clone()).arg("wasi_0_3").build();
    let program = include_str!("../../../tests/programs/wasi_0_3.wat");
    assert_eq!(run_with(program, wasi, ENOUGH).ok(), Some(0));
    let lines = "hello from thread 1\nhello from thread 2\nhello from thread 3\nall woken\n";
    assert_eq!(output.contents(), lines);
}
