//! Runs the examples as the documentation says, and checks what they print.

use std::process::Command;

/// Runs an example with a program of `tests/programs`, and gives what it prints.
fn run(example: &str, program: &str) -> String {
    let programs = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/programs");
    let output = Command::new(example)
        .arg(format!("{programs}/{program}"))
        .output()
        .expect("the example starts");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {stderr}", output.status);
    String::from_utf8(output.stdout).expect("the example prints text")
}

#[test]
fn run_program_prints_what_the_program_prints() {
    let printed = run(env!("CARGO_BIN_EXE_run_program"), "primes.wasm");
    assert_eq!(printed, "78498\n");
}

#[test]
fn each_example_prints_the_message_of_an_error() {
    for example in [
        env!("CARGO_BIN_EXE_async_calls"),
        env!("CARGO_BIN_EXE_bindings"),
        env!("CARGO_BIN_EXE_component_values"),
        env!("CARGO_BIN_EXE_host_function"),
        env!("CARGO_BIN_EXE_images"),
        env!("CARGO_BIN_EXE_imports"),
        env!("CARGO_BIN_EXE_limits"),
        env!("CARGO_BIN_EXE_parallel_calls"),
        env!("CARGO_BIN_EXE_pipeline"),
        env!("CARGO_BIN_EXE_plugins"),
        env!("CARGO_BIN_EXE_records"),
        env!("CARGO_BIN_EXE_resources"),
        env!("CARGO_BIN_EXE_run_program"),
        env!("CARGO_BIN_EXE_server"),
    ] {
        let failed = Command::new(example).arg("no/such/file").output().expect("it starts");
        let message = String::from_utf8_lossy(&failed.stderr);
        assert_eq!(failed.status.code(), Some(1), "{example}: {message}");
        assert!(
            message.starts_with("Error: cannot read `no/such/file`: No such file"),
            "{example}: {message}"
        );
    }
}

#[test]
fn host_function_is_called_by_each_thread() {
    let printed = run(env!("CARGO_BIN_EXE_host_function"), "report.wasm");
    assert_eq!(printed, "4 threads found 78498 primes; exit status 0\n");
}

#[test]
fn functions_of_a_plug_in_are_called_by_their_index() {
    let printed = run(
        env!("CARGO_BIN_EXE_plugins"),
        "../../examples/embed/plugins/text_functions.wat",
    );
    assert_eq!(printed, "upper: PLUG-IN\nreverse: ni-gulp\n");
}

#[test]
fn limits_hold_and_programs_end() {
    let printed = run(env!("CARGO_BIN_EXE_limits"), "library.wasm");
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(lines[..2], ["3 threads: Some(S32(9592))", "4 threads: Some(S32(-1))"]);
    assert!(
        lines[2].starts_with("trap: ") && lines[2].contains("unreachable"),
        "{printed}"
    );
    assert_eq!(lines[3], "ended: Err(Ended)");
    assert!(
        lines[4].starts_with("deadline: ") && lines[4].contains("deadline of 20ms"),
        "{printed}"
    );
    assert!(lines[5].starts_with("limit: "), "{printed}");
    assert_eq!(lines.len(), 6);
}

#[test]
fn async_calls_return_and_are_ended() {
    let printed = run(env!("CARGO_BIN_EXE_async_calls"), "library.wasm");
    assert_eq!(
        printed,
        "primes: 1229\nprimes: 9592\nafter the timeout: the host ended the program: it took too long\n"
    );
}

#[test]
fn component_values_go_through_memory() {
    let printed = run(
        env!("CARGO_BIN_EXE_component_values"),
        "../../examples/components/greet.wat",
    );
    assert_eq!(printed, "Hello, weft\n[\"Hello, \"]\n");
}

#[test]
fn threads_count_with_a_resource_of_a_component() {
    let printed = run(
        env!("CARGO_BIN_EXE_resources"),
        "../../examples/components/counters.wat",
    );
    assert_eq!(printed, "Some(U32(2000))\nSome(U32(1))\n");
}

#[test]
fn calls_from_eight_threads_overlap() {
    let printed = run(
        env!("CARGO_BIN_EXE_parallel_calls"),
        "../../examples/components/counter.wat",
    );
    assert_eq!(printed, "counted to 8000\n");
}

#[test]
fn records_go_through_calls_that_overlap() {
    let printed = run(env!("CARGO_BIN_EXE_records"), "../../examples/components/receipts.wat");
    let expected = (1..=8).map(|count| {
        let sum = 3 * 250 * count;
        let sum = if count % 2 == 0 { sum / 2 } else { sum };
        format!("{} pieces cost {sum}\n", 3 * count)
    });
    assert_eq!(printed, expected.collect::<String>());
}

#[test]
fn imports_wait_and_resources_end() {
    let printed = run(env!("CARGO_BIN_EXE_imports"), "../../examples/components/copier.wat");
    assert_eq!(printed, "closed to\nclosed from\ncopied 4 bytes\n");
}

#[test]
fn threads_count_with_a_resource_of_the_host() {
    let printed = run(env!("CARGO_BIN_EXE_bindings"), "../../examples/components/count.wat");
    assert_eq!(printed, "threads: 8\ncount: 8\n");
}

#[test]
fn the_same_host_serves_a_component_without_threads() {
    let component = "../../examples/components/count_alone.wat";
    assert_eq!(run(env!("CARGO_BIN_EXE_bindings"), component), "alone: 8\ncount: 8\n");
}

#[test]
fn run_program_runs_components_of_either_runtime() {
    for (program, line) in [("wasi_0_2.wat", "argument "), ("wasi_0_3.wat", "all woken")] {
        let printed = run(env!("CARGO_BIN_EXE_run_program"), program);
        assert!(printed.lines().any(|printed| printed.starts_with(line)), "{printed}");
    }
}

#[test]
fn a_library_of_pictures_is_called_through_bindings() {
    let printed = run(env!("CARGO_BIN_EXE_images"), "../guests/images.wasm");
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(
        lines,
        [
            "Grey: Pixel { red: 141, green: 141, blue: 141, alpha: 255 }",
            "Invert: Pixel { red: 128, green: 128, blue: 0, alpha: 255 }",
            "Brighten(-60): Pixel { red: 67, green: 67, blue: 195, alpha: 255 }",
            "Blur(6): Pixel { red: 127, green: 127, blue: 255, alpha: 255 }",
            "Size { width: 320, height: 1200 } from 344931 bytes",
            "Malformed(\"it ends too early\")",
        ]
    );
}

#[test]
fn a_pipeline_goes_through_a_component() {
    let printed = run(env!("CARGO_BIN_EXE_pipeline"), "../guests/pipeline.wasm");
    assert_eq!(
        printed,
        "0: 2 words, the longest is number0\n400: 4 words, the longest is number400\n800: 4 words, the longest is number800\n\
         3890 words in 1000 pieces\nthe component took 1000\n"
    );
}
