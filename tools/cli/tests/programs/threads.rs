//! Programs with threads that run to their end. Each checks its own invariants and ends with another status, and a message,
//! when one does not hold.

use crate::{WORKERS, scratch, trial};
use anyhow::{Result, ensure};
use libtest_mimic::Trial;
use sha2::{Digest, Sha256};
use weft_tests::{Case, Stdin, Weft, fixture};

/// The sum that `sort` prints for a million values. The same for every number of threads.
const SORTED_MILLION: &str = "sorted 1000000 integers, checksum 731a9c4845c1c46c\n";

/// The backtrace of `lines`, whose source numbers these lines. Of `loops`, weft writes each instruction anew.
const LINES: [&str; 4] = [
    "error: thread 2: wasm trap: integer divide by zero\n",
    "\n          at ./lines.c:10:19 (divided, inlined)\n          at ./lines.c:14:20\n    1: loops (",
    "\n          at ./lines.c:23:16\n    2: start (",
    "\n          at ./lines.c:29:20\n    3: ",
];

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = vec![
        Case::run("text.wat")
            .lines(["text: one", "text: two", "text: three", "text: done"])
            .times(30),
        Case::run("builtins.wat").stdout("built-ins: done\n").times(10),
        Case::run("start_function.wat").status(7).times(10),
        Case::run("exceptions.wasm")
            .arguments(["8", "200"])
            .stdout("all caught\n")
            .times(5),
        Case::run("exceptions.wasm")
            .named("exceptions.wasm, nobody catches")
            .arguments(["uncaught"])
            .status(134)
            .stderr(["thread 2: uncaught exception", "wasi_thread_start"]),
        Case::run("jumps.wasm")
            .arguments(["8", "200"])
            .stdout("all came back\n")
            .times(5),
        Case::run("tls.wasm")
            .stdout("16 threads, each with its own values\n")
            .times(10),
        Case::run("mutex_condition.wasm")
            .arguments(["4", "4", "1000"])
            .stdout("4000 items, each taken once and in order\n")
            .times(10),
        Case::run("mutex_condition.wasm")
            .named("mutex_condition.wasm, one consumer")
            .arguments(["16", "1", "100"])
            .stdout("1600 items, each taken once and in order\n")
            .times(10),
        Case::run("mutex_condition_c.wasm")
            .arguments(["8", "500"])
            .stdout("4000 turns in order\n")
            .times(10),
        Case::run("many_alive.wasm")
            .stdout("1000 threads alive\nsum 499500\n")
            .times(5),
        Case::run("sum.wasm").stdout("sum 499999500000\n").times(30),
        Case::run("primes.wasm").stdout("78498\n").times(10),
        Case::run("pi.wasm").stdout("pi is 3.141593\n").times(5),
        Case::run("collatz.wasm").stdout("837799 takes 524 steps\n").times(5),
        Case::run("sort.wasm")
            .named("sort.wasm, ten million")
            .arguments(["2"])
            .stdout("sorted 10000000 integers, checksum d83aeb0e3a61ff5d\n"),
    ];
    // The kits of `guest`: C, Rust and Zig. And bindings of wit-bindgen for C.
    for program in [
        "../guests/bindings_c.wasm",
        "../guests/kit_c.wasm",
        "../guests/kit_rust.wasm",
        "../guests/kit_zig.wasm",
    ] {
        cases.push(Case::run(program).stdout("all checks passed\n").times(5));
    }
    for program in ["hello.wasm", "hello_c.wasm", "hello_builtins.wasm"] {
        let lines = (0..10)
            .map(|number| format!("hello from thread {number}"))
            .chain(["all joined".to_owned()]);
        cases.push(Case::run(program).lines(lines).times(30));
    }
    for program in ["spawn_join.wasm", "spawn_join_c.wasm", "spawn_join_builtins.wasm"] {
        cases.push(Case::run(program).stdout("spawned and joined 10000 threads\n").times(3));
    }
    for threads in ["1", "2", "3", "16"] {
        let name = format!("sort.wasm, threads {threads}");
        cases.push(
            Case::run("sort.wasm")
                .named(name)
                .arguments([threads, "1000000"])
                .stdout(SORTED_MILLION),
        );
    }
    cases.extend(rust_libraries());
    cases.extend(posix());
    // The threads that it spawned, the main thread and the instantiation.
    cases.push(
        Case::run("spawn_join.wasm")
            .named("spawn_join.wasm --stats")
            .options(["--stats"])
            .stdout("spawned and joined 10000 threads\n")
            .stderr([
                "threads:        10002 started, at most ",
                "switches:       ",
                "processor time: ",
            ]),
    );
    cases.push(
        Case::run("../guests/lines.wasm")
            .named("lines.wasm -g")
            .options(["-g"])
            .status(134)
            .stderr(LINES),
    );
    let mut cases: Vec<Case> = cases.into_iter().map(|case| case.workers(WORKERS)).collect();
    cases.extend(thread_pools());
    cases
}

/// C with pthreads and the wasi-libc that Rust's target contains.
fn posix() -> Vec<Case> {
    let mut cases = vec![
        Case::run("../guests/posix_limits.wasm")
            .options(["--max-threads", "6"])
            .stdout("5 threads, then EAGAIN\n1 processors as far as the library knows\n")
            .times(5),
        Case::run("../guests/posix_cancels.wasm").stdout("58: Not supported\ncancels: all checks passed\n"),
        Case::run("../guests/posix_named.wasm")
            .status(134)
            .stderr(["thread 2 \"worker\": wasm trap: wasm `unreachable` instruction executed"]),
        Case::run("../guests/posix_named.wasm")
            .named("posix_named.wasm with control characters")
            .arguments(["\u{1b}[1mbold\n"])
            .status(134)
            .stderr(["thread 2 \"\\u{1b}[1mbold\\n\": wasm trap"]),
        // The main thread ends first, and the process when the other one has ended.
        Case::run("../guests/posix_exits.wasm")
            .stdout("the main thread ends\nthe other thread goes on\ndestroyed 501\n")
            .times(5),
    ];
    for name in ["errors", "stacks", "semaphores", "rwlocks", "rounds", "locals"] {
        let case = Case::run(&format!("../guests/posix_{name}.wasm"));
        cases.push(case.stdout(format!("{name}: all checks passed\n")).times(5));
    }
    cases
}

/// Rust's standard library and crossbeam.
fn rust_libraries() -> Vec<Case> {
    let std_threads = "../guests/std_threads.wasm";
    vec![
        Case::run(std_threads).stdout("all threads ended\n").times(5),
        // The ABI cannot ask the host, so an error is all that the library can give.
        Case::run(std_threads)
            .named("std_threads.wasm processors")
            .arguments(["processors"])
            .stdout("unknown: Unsupported\n"),
        Case::run(std_threads)
            .named("std_threads.wasm limit")
            .options(["--max-threads", "6"])
            .arguments(["limit"])
            .stdout("5 threads, then WouldBlock\n")
            .times(5),
        Case::run(std_threads)
            .named("std_threads.wasm panic")
            .arguments(["panic"])
            .status(134)
            .stderr([
                "thread 'worker' (2) panicked at src/bin/std_threads.rs:",
                "of a thread\n",
                "error: thread 2: wasm trap: wasm `unreachable` instruction executed",
                "std_threads::panic::{{closure}}",
            ]),
        Case::run("../guests/crossbeam_threads.wasm")
            .stdout("sum 499500\nleaves 4096\npopped 499500\ncrossbeam: all done\n")
            .times(5),
    ]
}

/// Pools of rayon and tokio, which start as many threads as variables say, or else one.
fn thread_pools() -> Vec<Case> {
    let rayon = |threads: u32| {
        let results = "primes: 17984\nlongest: 4\nsquares: 328350\na pool of 3\neach thread once: [0, 1, 2]\n";
        Case::run("../guests/rayon_pool.wasm").stdout(format!("threads: {threads}\n{results}"))
    };
    let tokio = |threads: u32| {
        let results =
            "tasks: 499500 499500\nchannels: 499500\ntimers: done\nblocking: 84\nin place: 7\ntokio: all done\n";
        Case::run("../guests/tokio_runtime.wasm").stdout(format!("workers: {threads}\n{results}"))
    };
    let mut cases = vec![
        rayon(1).named("rayon_pool.wasm, the default"),
        tokio(1).named("tokio_runtime.wasm, the default"),
        rayon(5).named("rayon_pool.wasm, --env wins").options([
            "--workers",
            "2",
            "--thread-variables",
            "--env",
            "RAYON_NUM_THREADS=5",
        ]),
        tokio(2)
            .named("tokio_runtime.wasm, --env of another variable")
            .options(["--workers", "2", "--thread-variables", "--env", "RAYON_NUM_THREADS=5"]),
    ];
    for workers in [1, 2, 8] {
        let options = [
            "--workers".to_owned(),
            workers.to_string(),
            "--thread-variables".to_owned(),
        ];
        cases.extend(
            [rayon(workers), tokio(workers)]
                .into_iter()
                .zip(["rayon_pool", "tokio_runtime"])
                .map(|(case, program)| {
                    let name = format!("{program}.wasm --thread-variables, workers {workers}");
                    case.named(name).options(options.iter().cloned()).times(5)
                }),
        );
    }
    cases
}

pub(crate) fn trials(weft: &Weft) -> Vec<Trial> {
    vec![
        trial(weft, "hash.wasm gives the same digest with any number of threads", hash),
        trial(
            weft,
            "lines.wasm keeps its lines in a component, if asked to",
            keeps_lines,
        ),
        trial(weft, "lines of a component without threads", lines_without_threads),
        trial(weft, "a component in Zig calls threads of its kit", component_in_zig),
        trial(
            weft,
            "lines.wasm keeps its lines in the cache and in a compiled program",
            keeps_lines_in_code,
        ),
    ]
}

/// Lines are shown if both the component and the command are asked for them.
fn keeps_lines(weft: &Weft) -> Result<()> {
    let directory = scratch("lines")?;
    let component = directory.join("lines.wasm").display().to_string();
    for (adapts, runs, shows) in [(true, true, true), (false, true, false)] {
        let mut line = vec![
            "adapt".to_owned(),
            fixture("../guests/lines.wasm"),
            "-o".to_owned(),
            component.clone(),
        ];
        line.extend(adapts.then(|| "-g".to_owned()));
        Case::command("adapt").check(&weft.run(line, &Stdin::Bytes(Vec::new()))?)?;
        let mut line = vec!["run".to_owned()];
        line.extend(runs.then(|| "-g".to_owned()));
        line.push(component.clone());
        let outcome = weft.run(line, &Stdin::Bytes(Vec::new()))?;
        let expected = Case::command("run")
            .status(134)
            .stderr(["thread 2: wasm trap: integer divide by zero"]);
        expected.check(&outcome)?;
        ensure!(outcome.stderr.contains("lines.c:23:16") == shows, "{}", outcome.stderr);
    }
    let outcome = weft.run(["run", &fixture("../guests/lines.wasm")], &Stdin::Bytes(Vec::new()))?;
    ensure!(!outcome.stderr.contains("lines.c"), "{}", outcome.stderr);
    Ok(())
}

/// Components without threads, of a world and of a module alone, on both runtimes.
fn lines_without_threads(weft: &Weft) -> Result<()> {
    let directory = scratch("lines-alone")?;
    let (component, compiled) = (directory.join("alone.wasm"), directory.join("alone.cwasm"));
    let (component, compiled) = (component.display().to_string(), compiled.display().to_string());
    let (module, world) = (fixture("../guests/alone.wasm"), fixture("../guests/debug/alone.wit"));
    let with = Case::command("run").status(134).stderr([
        "\n          at ./alone.c:2:81\n    1: entry (",
        "\n          at ./alone.c:5:12\n",
    ]);
    let call = |options: &[&str], program: &str| {
        let mut line = vec!["run", "--invoke", "divide(1, 0)"];
        line.extend(options);
        line.push(program);
        weft.run(line, &Stdin::Bytes(Vec::new()))
    };
    for of_world in [true, false] {
        let mut line = vec!["adapt", "-g", &module, "-o", &component];
        if of_world {
            line.extend(["--wit", &world]);
        }
        Case::command("adapt").check(&weft.run(line, &Stdin::Bytes(Vec::new()))?)?;
        for runtime in [&[][..], &["--runtime", "weft"]] {
            let line = [
                &["compile", "-g", component.as_str(), "-o", compiled.as_str()][..],
                runtime,
            ]
            .concat();
            Case::command("compile").check(&weft.run(line, &Stdin::Bytes(Vec::new()))?)?;
            with.check(&call(&[&["-g"][..], runtime].concat(), &component)?)?;
            with.check(&call(&["-g"], &compiled)?)?;
            for (options, program) in [(runtime, &component), (&[], &compiled)] {
                let without = call(options, program)?;
                ensure!(!without.stderr.contains("alone.c"), "{}", without.stderr);
            }
        }
    }
    Ok(())
}

/// A module in Zig, whose world is given to `weft adapt`.
fn component_in_zig(weft: &Weft) -> Result<()> {
    let component = scratch("zig")?.join("primes.wasm").display().to_string();
    let (module, world) = (
        fixture("../guests/primes_zig.wasm"),
        fixture("../../examples/wit/primes"),
    );
    let line = ["adapt", &module, "--wit", &world, "-o", &component];
    Case::command("adapt").check(&weft.run(line, &Stdin::Bytes(Vec::new()))?)?;
    for (call, result) in [
        ("count-primes(1000000)", "78498\n"),
        ("largest(100, 3)", "[97, 89, 83]\n"),
    ] {
        let outcome = weft.run(["run", "--invoke", call, &component], &Stdin::Bytes(Vec::new()))?;
        Case::command("run").stdout(result).check(&outcome)?;
    }
    Ok(())
}

/// The cache has the program with lines and without.
fn keeps_lines_in_code(weft: &Weft) -> Result<()> {
    let directory = scratch("compiled-lines")?;
    let (cache, compiled) = (directory.join("cache"), directory.join("lines.cwasm"));
    let (cache, compiled) = (cache.display().to_string(), compiled.display().to_string());
    let program = fixture("../guests/lines.wasm");
    let with = Case::command("run").status(134).stderr(LINES);
    for is_shown in [true, false, true, false] {
        let mut line = vec!["run", "--cache-dir", &cache];
        line.extend(is_shown.then_some("-g"));
        line.push(&program);
        let outcome = weft.run(line, &Stdin::Bytes(Vec::new()))?;
        match is_shown {
            true => with.check(&outcome)?,
            false => ensure!(!outcome.stderr.contains("lines.c"), "{}", outcome.stderr),
        }
    }
    let has_lines = |bytes: Vec<u8>| bytes.windows(11).any(|bytes| bytes == b".debug_line");
    let entries = std::fs::read_dir(&cache)?.map(|entry| Ok(has_lines(std::fs::read(entry?.path())?)));
    let entries = entries.collect::<Result<Vec<_>>>()?;
    ensure!(
        entries.iter().filter(|has_lines| **has_lines).count() == 1,
        "{entries:?}"
    );
    for is_kept in [true, false] {
        let mut line = vec!["compile", "-o", &compiled];
        line.extend(is_kept.then_some("-g"));
        line.push(&program);
        Case::command("compile").check(&weft.run(line, &Stdin::Bytes(Vec::new()))?)?;
        let outcome = weft.run(["run", "-g", &compiled], &Stdin::Bytes(Vec::new()))?;
        match is_kept {
            true => with.check(&outcome)?,
            false => ensure!(
                !outcome.stderr.contains("lines.c")
                    && outcome.stderr.contains("use `-g` with `weft adapt` and `weft compile`"),
                "{}",
                outcome.stderr
            ),
        }
    }
    Ok(())
}

/// The digest is computed here too, by other code.
fn hash(weft: &Weft) -> Result<()> {
    const BLOCK: usize = 64 * 1024;
    let directory = scratch("hash")?;
    let mut state = 1u32;
    let mut byte = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    for length in [0, 1, BLOCK, 40 * BLOCK + 12_345] {
        let data: Vec<u8> = (0..length).map(|_| byte()).collect();
        std::fs::write(directory.join("data"), &data)?;
        let blocks: Vec<u8> = data.chunks(BLOCK).flat_map(Sha256::digest).collect();
        let expected = format!("{:x}  {length} bytes\n", Sha256::digest(blocks));
        for (threads, workers) in [("1", "1"), ("2", "2"), ("8", "2"), ("8", "8")] {
            let case = Case::run("hash.wasm").stdout(expected.clone());
            let program = weft_tests::fixture("hash.wasm");
            let host = directory.display().to_string();
            let line = ["run", "--workers", workers, "--dir", &host, &program, threads, "data"];
            case.check(&weft.run(line, &Stdin::Bytes(Vec::new()))?)?;
        }
    }
    Ok(())
}
