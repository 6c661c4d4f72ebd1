//! Kernels that are interrupted at each instruction, and by ticks.

use super::Interrupter;
use crate::DEFAULT_SIGNAL;
use wasmtime::{Config, Engine};

fn engine() -> Engine {
    Engine::new(&Config::new()).unwrap()
}

#[test]
fn the_self_test_succeeds() {
    Interrupter::new(&engine(), DEFAULT_SIGNAL).unwrap();
}
