//! What concerns the program as a whole: arguments, environment, random numbers, yielding, signals and the end.

use crate::harness::{BUFFER, Errno, Guest, MEMORY};
use weft_wasi::WasiCtxBuilder;

/// Not UTF-8.
const NO_TEXT: &[u8] = b"a\xffb";

#[test]
fn arguments_and_environment_arrive_in_order() {
    let mut builder = WasiCtxBuilder::new();
    builder.args(&["program", "", "ü", "a b=c"]).arg(NO_TEXT);
    builder
        .envs(&[("HOME", "/"), ("EMPTY", ""), ("EQUALS", "a=b"), ("Ü", "ß")])
        .env("BYTES", NO_TEXT);
    let guest = Guest::new(&mut builder);
    let strings = |list: &[&[u8]]| Ok(list.iter().map(|one| one.to_vec()).collect::<Vec<_>>());
    assert_eq!(
        guest.strings("args"),
        strings(&[b"program", b"", "ü".as_bytes(), b"a b=c", NO_TEXT])
    );
    assert_eq!(
        guest.strings("environ"),
        strings(&[b"HOME=/", b"EMPTY=", b"EQUALS=a=b", "Ü=ß".as_bytes(), b"BYTES=a\xffb"])
    );
}

#[test]
fn no_arguments_and_no_environment_are_empty_lists() {
    let guest = Guest::new(&mut WasiCtxBuilder::new());
    assert_eq!(guest.strings("args"), Ok(Vec::new()));
    assert_eq!(guest.strings("environ"), Ok(Vec::new()));
}

#[test]
fn long_lists_arrive_whole() {
    let args: Vec<String> = (0..2000).map(|number| "x".repeat(number % 300)).collect();
    let guest = Guest::new(WasiCtxBuilder::new().args(&args));
    let found = guest.strings("args").expect("room");
    assert!(found.iter().map(Vec::as_slice).eq(args.iter().map(String::as_bytes)));
}

#[test]
fn what_a_program_cannot_receive_is_refused() {
    for builder in [
        WasiCtxBuilder::new().arg("a\0b"),
        WasiCtxBuilder::new().env("a\0", "b"),
        WasiCtxBuilder::new().env("a", "\0"),
    ] {
        let refused = builder.build().map(drop).expect_err("a NUL byte");
        assert!(matches!(refused, weft_wasi::Error::Nul { .. }), "{refused}");
    }
}

#[test]
fn random_bytes_fill_exactly_what_was_asked_for() {
    let guest = Guest::new(&mut WasiCtxBuilder::new());
    for length in [0, 1, 7, 256, 4095, 4096, 4097, 100_000] {
        guest.fill(BUFFER - 8, &[0; 8]);
        guest.fill(BUFFER + length, &[0; 8]);
        let first = guest.random_get(length).expect("in bounds");
        let second = guest.random_get(length).expect("in bounds");
        assert!(length < 16 || first != second, "{length} bytes are the same twice");
        assert!(
            first
                .chunks(64)
                .all(|piece| piece.len() < 64 || piece.iter().any(|byte| *byte != 0))
        );
        assert_eq!(guest.fetch(BUFFER - 8, 8), [0; 8], "before");
        assert_eq!(guest.fetch(BUFFER + length, 8), [0; 8], "behind");
    }
    guest
        .call("random_get", &[MEMORY.into(), 0])
        .expect("nothing, at the end");
}

#[test]
fn yielding_comes_back() {
    let guest = Guest::new(&mut WasiCtxBuilder::new());
    assert_eq!(guest.call("sched_yield", &[]), Ok(()));
}

/// A program cannot signal its host: no signal has an effect. What is no signal is `inval`.
#[test]
fn signals_are_not_supported() {
    let guest = Guest::new(&mut WasiCtxBuilder::new());
    for signal in 0..=30 {
        let outcome = guest.call("proc_raise", &[signal]);
        assert_eq!(outcome, Err(Errno::NotSup), "signal {signal}, as Wasmtime");
    }
    for signal in [31, 255, 256, 1 << 31, u64::from(u32::MAX)] {
        assert_eq!(
            guest.call("proc_raise", &[signal]),
            Err(Errno::Inval),
            "signal {signal}"
        );
    }
    assert_eq!(guest.call("sched_yield", &[]), Ok(()), "the program goes on");
}

#[test]
fn the_exit_code_is_the_embedders() {
    for code in [0, 1, 125, 126, 255, 256, -1] {
        let guest = Guest::new(&mut WasiCtxBuilder::new());
        let ended = guest.try_call("proc_exit", &[i64::from(code).cast_unsigned()]);
        assert!(
            matches!(ended, Err(weft_parallel::Error::Exit(found)) if found == code),
            "{ended:?}"
        );
        let after = guest.try_call("sched_yield", &[]);
        assert!(
            matches!(after, Err(weft_parallel::Error::Exit(found)) if found == code),
            "{after:?}"
        );
    }
}
