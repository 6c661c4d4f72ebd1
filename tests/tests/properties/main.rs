//! A shared program on one thread behaves like the same program without shared types on plain Wasmtime: it returns the
//! same results, traps in the same cases, and leaves the same state. `PROPTEST_CASES` sets the number of programs.

mod program;

use program::Program;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use weft_parallel::{Component, Engine, Error, Linker, Val};

/// What came out: the sum of `run` and that of `state`, or the trap of `run`.
type Outcome = Result<(i64, i64), weft_parallel::wasmtime::Trap>;

#[test]
fn shared_programs_do_what_plain_ones_do() -> Result<(), String> {
    let engine = Engine::new(&weft_parallel::Config::new()).map_err(|error| error.to_string())?;
    let plain = weft_parallel::wasmtime::Engine::default();
    let mut runner = TestRunner::new(Config {
        failure_persistence: None,
        ..Config::default()
    });
    let run = runner.run(&Program::arbitrary(), |program| {
        let shared = run_shared(&engine, &program).map_err(|error| TestCaseError::fail(format!("weft: {error}")))?;
        let expected = run_plain(&plain, &program).map_err(|error| TestCaseError::fail(format!("plain: {error}")))?;
        prop_assert_eq!(shared, expected);
        Ok(())
    });
    run.map_err(|error| error.to_string())
}

fn run_shared(engine: &Engine, program: &Program) -> Result<Outcome, Error> {
    let module = program.module(true);
    let module = module.strip_prefix("(module").unwrap_or(&module);
    let text = format!(
        r#"(component
  (core module $m {module}
  (core instance $m (instantiate $m))
  (func (export "run") (result s64) (canon lift (core func $m "run")))
  (func (export "state") (result s64) (canon lift (core func $m "state"))))"#
    );
    let component = Component::new(engine, text.as_bytes())?;
    let instance = Linker::new(engine).instantiate(&component, ())?;
    let call = |name: &str| match instance.get_func(&[name]).map(|function| function.call(&[])) {
        Some(Ok(Some(Val::S64(value)))) => Ok(value),
        Some(Err(error)) => Err(error),
        other => Err(Error::Arguments(format!("`{name}` gave {other:?}"))),
    };
    match call("run") {
        Ok(sum) => Ok(Ok((sum, call("state")?))),
        Err(Error::Trap(trap)) => match trap.code() {
            Some(code) => Ok(Err(code)),
            None => Err(Error::Trap(trap)),
        },
        Err(other) => Err(other),
    }
}

fn run_plain(engine: &weft_parallel::wasmtime::Engine, program: &Program) -> weft_parallel::wasmtime::Result<Outcome> {
    use weft_parallel::wasmtime::{Instance, Module, Store, Trap};
    let mut store = Store::new(engine, ());
    let binary = weft_lower::to_binary(program.module(false).as_bytes()).map(|binary| binary.into_owned());
    let module = Module::new(
        engine,
        binary.map_err(|error| weft_parallel::wasmtime::Error::msg(error.to_string()))?,
    )?;
    let instance = Instance::new(&mut store, &module, &[])?;
    let run = instance.get_typed_func::<(), i64>(&mut store, "run")?;
    let state = instance.get_typed_func::<(), i64>(&mut store, "state")?;
    match run.call(&mut store, ()) {
        Ok(sum) => Ok(Ok((sum, state.call(&mut store, ())?))),
        Err(error) => match error.downcast_ref::<Trap>() {
            Some(trap) => Ok(Err(*trap)),
            None => Err(error),
        },
    }
}
