//! Copies of a module whose compiled functions lie at different addresses.
//!
//! **Problem.** Where a loop lies within a cache line changes its time by up to ten per cent, and where a function lies depends on
//! all functions before it. So the time of one compiled module against that of another tells as much about addresses as about code.
//! **Before:** a module. **After:** copies of it whose first function begins with some fences, so that all others move. The function
//! runs at most once, so the fences take no time.
//!
//! **Rejected:** an option of the compiler for the alignment of functions (weft's engine has none, and both sides must compile alike).

use anyhow::{Result, anyhow};
use std::convert::Infallible;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, Instruction, Module};
use wasmparser::{FunctionBody, Parser};

/// How many fences the first function of each copy begins with. A fence is three bytes of x86-64 code, and functions lie at multiples of
/// 32 bytes: the copies move the others by 0, 96, 192 and 288 bytes, so that each function begins a cache line in half of them.
const FENCES: [usize; 4] = [0, 32, 64, 96];

/// The copies of a module.
pub(crate) fn placements(module: &[u8]) -> Result<Vec<Vec<u8>>> {
    FENCES.iter().map(|fences| placement(module, *fences)).collect()
}

fn placement(module: &[u8], fences: usize) -> Result<Vec<u8>> {
    let mut output = Module::new();
    let moved = Moved { fences }.parse_core_module(&mut output, Parser::new(0), module);
    moved.map_err(|error| anyhow!("{error}"))?;
    Ok(output.finish())
}

/// Adds fences to the next function.
struct Moved {
    fences: usize,
}

impl Reencode for Moved {
    type Error = Infallible;

    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        body: FunctionBody<'_>,
    ) -> Result<(), Error<Self::Error>> {
        let mut moved = self.new_function_with_parsed_locals(&body)?;
        for _ in 0..std::mem::take(&mut self.fences) {
            moved.instruction(&Instruction::AtomicFence);
        }
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            moved.instruction(&self.parse_instruction(&mut operators)?);
        }
        code.function(&moved);
        Ok(())
    }
}
