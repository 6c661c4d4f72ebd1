//! Unrolls small innermost loops, so that their iterations cost less.
//!
//! **Problem.** Wasmtime does not unroll loops. With epochs, the code also checks a counter in each iteration, which
//! made a merge sort 6 % slower. With signals there is no such check, but in a loop of a dozen instructions, the branch
//! back still costs time: a matrix product takes half the time when unrolled. **Before:** a loop without calls or inner
//! loops that ends with the branch back:
//!
//! ```wat
//! (loop $l
//!   BODY
//!   (br_if $l CONDITION))
//! ```
//!
//! **After:** some iterations for each branch back, with exits between them.
//!
//! ```wat
//! (block $out
//!   (loop $l
//!     BODY
//!     (br_if $out (i32.eqz CONDITION))
//!     BODY
//!     (br_if $l CONDITION)))
//! ```
//!
//! A branch back from within the body starts the loop again, as before. With epochs, a thread still checks the counter
//! after a bounded number of instructions.
//!
//! **Rejected:** checking the counter only at the beginning of functions (a loop without calls would never yield).

use wasmparser::{BlockType, Operator};

/// The most instructions that an unrolled loop may have.
const MAX_INSTRUCTIONS: usize = 128;

/// The most iterations for one branch back.
const MAX_COPIES: usize = 4;

/// Unrolls the loops in one function's code that can be unrolled.
pub(super) fn unroll(operators: Vec<Operator<'_>>) -> Vec<Operator<'_>> {
    let loops = innermost_loops(&operators);
    if loops.is_empty() {
        return operators;
    }
    let mut output = Vec::with_capacity(operators.len() * 2);
    let mut rest = 0;
    for Loop { start, end } in loops {
        output.extend_from_slice(&operators[rest..start]);
        // The body without `loop` itself, the branch back and `end`.
        let body = &operators[start + 1..end - 1];
        let copies = (MAX_INSTRUCTIONS / (body.len() + 1)).min(MAX_COPIES);
        match operators[end - 1] {
            Operator::BrIf { .. } => unroll_conditional(&mut output, body, copies),
            _ => unroll_endless(&mut output, body, copies),
        }
        rest = end + 1;
    }
    output.extend_from_slice(&operators[rest..]);
    output
}

/// The positions of a `loop` and its `end`.
struct Loop {
    start: usize,
    end: usize,
}

/// The loops that can be unrolled, in the order of the code.
fn innermost_loops(operators: &[Operator<'_>]) -> Vec<Loop> {
    let mut loops = Vec::new();
    // For each open block, its start, if it is a loop of a form that can be unrolled.
    let mut open: Vec<Option<usize>> = Vec::new();
    // How many of these blocks, from the outermost on, contain something that prevents unrolling.
    let mut spoilt = 0;
    for (position, operator) in operators.iter().enumerate() {
        match operator {
            Operator::Loop { blockty } => {
                spoilt = open.len();
                open.push(matches!(blockty, BlockType::Empty).then_some(position));
            }
            Operator::Block { .. } | Operator::If { .. } => open.push(None),
            Operator::End => {
                let start = open.pop().flatten();
                if let Some(start) = start
                    && open.len() >= spoilt
                    && fits(start, position)
                    && branches_back(&operators[position - 1])
                {
                    loops.push(Loop { start, end: position });
                }
                spoilt = spoilt.min(open.len());
            }
            // An unknown kind of block: its `end` would be taken for that of another block.
            other if opens_block(other) => return Vec::new(),
            other if !is_simple(other) => spoilt = open.len(),
            _ => {}
        }
    }
    loops
}

fn fits(start: usize, end: usize) -> bool {
    end > start + 1 && 2 * (end - start) <= MAX_INSTRUCTIONS
}

fn branches_back(operator: &Operator<'_>) -> bool {
    matches!(
        operator,
        Operator::Br { relative_depth: 0 } | Operator::BrIf { relative_depth: 0 }
    )
}

/// Whether an instruction neither calls nor branches in a way that [`shifted`] does not know.
fn is_simple(operator: &Operator<'_>) -> bool {
    !matches!(
        operator,
        Operator::Call { .. }
            | Operator::CallIndirect { .. }
            | Operator::CallRef { .. }
            | Operator::ReturnCall { .. }
            | Operator::ReturnCallIndirect { .. }
            | Operator::ReturnCallRef { .. }
            | Operator::MemoryAtomicWait32 { .. }
            | Operator::MemoryAtomicWait64 { .. }
            | Operator::MemoryAtomicNotify { .. }
            | Operator::MemoryGrow { .. }
            | Operator::MemoryInit { .. }
    ) && (matches!(operator, Operator::Br { .. } | Operator::BrIf { .. }) || !names_label(operator))
}

/// Whether an operand with this name is a label or contains labels.
macro_rules! is_label {
    (relative_depth) => {
        true
    };
    (targets) => {
        true
    };
    (try_table) => {
        true
    };
    (resume_table) => {
        true
    };
    ($other:ident) => {
        false
    };
}

/// Whether an operand with this name is the type of a new block.
macro_rules! is_block {
    (blockty) => {
        true
    };
    (try_table) => {
        true
    };
    ($other:ident) => {
        false
    };
}

/// Decides by the names of the operands, so that an instruction that wasmparser adds later is not taken for a simple
/// one.
macro_rules! define_by_operands {
    ($(@$proposal:ident $op:ident $({ $($operand:ident: $ty:ty),* })? => $visit:ident ($($arity:tt)*))*) => {
        /// Whether an instruction may branch to a label.
        fn names_label(operator: &Operator<'_>) -> bool {
            match operator {
                $(Operator::$op { .. } => false $($(|| is_label!($operand))*)?,)*
                _ => true,
            }
        }

        /// Whether an instruction begins a block.
        fn opens_block(operator: &Operator<'_>) -> bool {
            match operator {
                $(Operator::$op { .. } => false $($(|| is_block!($operand))*)?,)*
                _ => true,
            }
        }
    };
}

wasmparser::for_each_operator!(define_by_operands);

/// A loop whose last instruction is `br_if` to itself.
fn unroll_conditional<'a>(output: &mut Vec<Operator<'a>>, body: &[Operator<'a>], copies: usize) {
    let blockty = BlockType::Empty;
    output.extend([Operator::Block { blockty }, Operator::Loop { blockty }]);
    for copy in 1..=copies {
        output.extend(shifted(body));
        if copy < copies {
            output.extend([Operator::I32Eqz, Operator::BrIf { relative_depth: 1 }]);
        }
    }
    output.extend([Operator::BrIf { relative_depth: 0 }, Operator::End, Operator::End]);
}

/// A loop whose last instruction is `br` to itself. Only branches in its body leave it.
fn unroll_endless<'a>(output: &mut Vec<Operator<'a>>, body: &[Operator<'a>], copies: usize) {
    output.push(Operator::Loop {
        blockty: BlockType::Empty,
    });
    for _ in 0..copies {
        output.extend_from_slice(body);
    }
    output.extend([Operator::Br { relative_depth: 0 }, Operator::End]);
}

/// A loop's body with one more block around the loop: branches beyond the loop get a label that is one greater.
fn shifted<'a>(body: &[Operator<'a>]) -> impl Iterator<Item = Operator<'a>> {
    let mut depth = 0_u32;
    body.iter().map(move |operator| {
        match operator {
            Operator::Block { .. } | Operator::If { .. } => depth += 1,
            Operator::End => depth = depth.saturating_sub(1),
            _ => {}
        }
        let shift = |relative_depth: u32| relative_depth + u32::from(relative_depth > depth);
        match *operator {
            Operator::Br { relative_depth } => Operator::Br {
                relative_depth: shift(relative_depth),
            },
            Operator::BrIf { relative_depth } => Operator::BrIf {
                relative_depth: shift(relative_depth),
            },
            ref other => other.clone(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{is_simple, opens_block};
    use wasmparser::{BlockType, Operator};

    #[test]
    fn an_instruction_is_told_by_its_operands() {
        let relative_depth = 1;
        let blockty = BlockType::Empty;
        for (operator, simple) in [
            (Operator::I32Add, true),
            (Operator::LocalGet { local_index: 0 }, true),
            (Operator::Br { relative_depth }, true),
            (Operator::BrIf { relative_depth }, true),
            (Operator::BrOnNull { relative_depth }, false),
            (Operator::BrOnNonNull { relative_depth }, false),
            (Operator::Rethrow { relative_depth }, false),
            (Operator::Delegate { relative_depth }, false),
            (Operator::Call { function_index: 0 }, false),
        ] {
            assert_eq!(is_simple(&operator), simple, "{operator:?}");
            assert!(!opens_block(&operator), "{operator:?}");
        }
        for operator in [
            Operator::Block { blockty },
            Operator::Loop { blockty },
            Operator::Try { blockty },
        ] {
            assert!(opens_block(&operator), "{operator:?}");
        }
    }
}
