//! Rewrites the addition of a comparison's result to a `select`, so that loops whose addresses depend on it take fewer
//! cycles.
//!
//! **Problem.** A merge, a partition or a filter advances an index by the result of a comparison. Cranelift computes
//! that result with `setcc` into a byte register, and then widens and adds it. `setcc` does not change the register's
//! upper bytes, so the processor also waits for the register's previous value. So the next load waits for three
//! instructions after the comparison, and for unrelated ones, depending on which register the allocator happens to
//! choose. A merge sort took 15 % longer than in the module before the lowering, whose code differs only in that
//! choice.
//!
//! **Before:**
//!
//! ```wat
//! (i32.add (local.get $x) (i32.lt_s (local.get $a) (local.get $b)))
//! ```
//!
//! **After:** one conditional move after the comparison.
//!
//! ```wat
//! (select (i32.add (local.get $x) (i32.const 1)) (local.get $x) (i32.lt_s (local.get $a) (local.get $b)))
//! ```
//!
//! The comparison may also come earlier, with its result in a local that is not written in between.
//!
//! **Rejected:** rewriting sums with the comparison first (without another local, the comparison cannot move after the
//! operands of the `select`).

use std::collections::HashSet;
use wasmparser::Operator;

/// Rewrites the additions of one function's code.
pub(super) fn select_increments(operators: Vec<Operator<'_>>) -> Vec<Operator<'_>> {
    let mut output = Vec::with_capacity(operators.len());
    // The locals that hold the result of a comparison on every path to here.
    let mut comparisons = HashSet::new();
    let mut rest = &operators[..];
    while let [first, after @ ..] = rest {
        let length = increment(rest, &comparisons);
        if let (Some(length), Operator::LocalGet { local_index }) = (length, first) {
            let local_index = *local_index;
            output.extend([
                Operator::LocalGet { local_index },
                Operator::I32Const { value: 1 },
                Operator::I32Add,
            ]);
            output.extend_from_slice(&rest[..length - 1]);
            output.push(Operator::Select);
            rest = &rest[length..];
            continue;
        }
        match *first {
            Operator::LocalSet { local_index } | Operator::LocalTee { local_index } => {
                match output.last().is_some_and(compares) {
                    true => comparisons.insert(local_index),
                    false => comparisons.remove(&local_index),
                };
            }
            Operator::Loop { .. } | Operator::Else | Operator::End => comparisons.clear(),
            _ => {}
        }
        output.push(first.clone());
        rest = after;
    }
    output
}

/// The number of instructions of the increment that begins here, if one does.
fn increment(operators: &[Operator<'_>], comparisons: &HashSet<u32>) -> Option<usize> {
    match operators {
        [
            Operator::LocalGet { .. },
            Operator::LocalGet { local_index },
            Operator::I32Add,
            ..,
        ] => comparisons.contains(local_index).then_some(3),
        [
            Operator::LocalGet { .. },
            a,
            Operator::I32Eqz | Operator::I64Eqz,
            Operator::I32Add,
            ..,
        ] => is_operand(a).then_some(4),
        [Operator::LocalGet { .. }, a, b, comparison, Operator::I32Add, ..] => {
            (is_operand(a) && is_operand(b) && compares(comparison) && !is_unary(comparison)).then_some(5)
        }
        _ => None,
    }
}

/// Whether an instruction only puts a value on the stack.
fn is_operand(operator: &Operator<'_>) -> bool {
    matches!(
        operator,
        Operator::LocalGet { .. } | Operator::I32Const { .. } | Operator::I64Const { .. }
    )
}

fn is_unary(operator: &Operator<'_>) -> bool {
    matches!(operator, Operator::I32Eqz | Operator::I64Eqz)
}

/// Whether an instruction compares integers, and so returns 0 or 1.
fn compares(operator: &Operator<'_>) -> bool {
    matches!(
        operator,
        Operator::I32Eqz
            | Operator::I32Eq
            | Operator::I32Ne
            | Operator::I32LtS
            | Operator::I32LtU
            | Operator::I32GtS
            | Operator::I32GtU
            | Operator::I32LeS
            | Operator::I32LeU
            | Operator::I32GeS
            | Operator::I32GeU
            | Operator::I64Eqz
            | Operator::I64Eq
            | Operator::I64Ne
            | Operator::I64LtS
            | Operator::I64LtU
            | Operator::I64GtS
            | Operator::I64GtU
            | Operator::I64LeS
            | Operator::I64LeU
            | Operator::I64GeS
            | Operator::I64GeU
    )
}
