//! Which notifications come right after an atomic write, and so need no fence.
//!
//! **Problem.** A notification reads the [count of waiters](super::emit) before it calls the host. By then, all threads
//! must see what the notifier wrote before. Otherwise a waiter could read the old value after the notifier has found no
//! waiter. A fence ensures that, but takes as long as the rest of an uncontended unlock. **Before:** code in which a
//! notification follows a write, as in every mutex. **After:** for each notification, in order, whether it needs a
//! fence.
//!
//! Atomic accesses are sequentially consistent, so reading the count right after an atomic write needs no fence, if no
//! other write comes in between. A compare-exchange does not count, because a failed one is no write. Only a few known
//! instructions may come in between: all others, including calls, are assumed to write.
//!
//! **Rejected:** always a fence (two threads with a mutex took half as long again); never a fence (a plain write, which
//! may also come before a notification, can become visible only after the count is read).

use wasmparser::Operator;

/// Whether each notification needs a fence, in the order of the code.
pub(super) fn fences(operators: &[Operator<'_>]) -> Vec<bool> {
    let mut order = Order::default();
    for operator in operators {
        order.operator(operator);
    }
    order.fences
}

/// What is known before the next instruction.
#[derive(Default)]
struct Order {
    /// Whether the last write was atomic on every path to here. True if no path leads here.
    ordered: bool,
    frames: Vec<Frame>,
    fences: Vec<bool>,
}

/// A block that has not ended.
struct Frame {
    kind: Kind,
    /// Whether the last write is atomic on all branches to the end of the block so far.
    at_end: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Block,
    /// Branches go to its beginning, where nothing is known.
    Loop,
    /// With whether the last write is atomic at its beginning.
    If(bool),
}

impl Order {
    fn operator(&mut self, operator: &Operator<'_>) {
        match operator {
            Operator::MemoryAtomicNotify { .. } => self.fences.push(!self.ordered),
            Operator::Block { .. } => self.enter(Kind::Block),
            Operator::Loop { .. } => {
                self.enter(Kind::Loop);
                self.ordered = false;
            }
            Operator::If { .. } => self.enter(Kind::If(self.ordered)),
            Operator::Else => {
                if let Some(frame) = self.frames.last_mut() {
                    frame.at_end &= self.ordered;
                    let Kind::If(at_begin) = std::mem::replace(&mut frame.kind, Kind::Block) else {
                        return;
                    };
                    self.ordered = at_begin;
                }
            }
            Operator::End => {
                if let Some(frame) = self.frames.pop() {
                    self.ordered &= frame.at_end;
                    if let Kind::If(at_begin) = frame.kind {
                        self.ordered &= at_begin;
                    }
                }
            }
            Operator::BrIf { relative_depth } => self.branch(*relative_depth, self.ordered),
            Operator::Br { relative_depth } => {
                self.branch(*relative_depth, self.ordered);
                self.ordered = true;
            }
            Operator::BrTable { targets } => {
                for target in targets.targets().chain([Ok(targets.default())]).flatten() {
                    self.branch(target, self.ordered);
                }
                self.ordered = true;
            }
            Operator::Return | Operator::Unreachable => self.ordered = true,
            Operator::TryTable { .. } => {
                // Its handlers are surrounding blocks, which calls can enter.
                self.forget();
                self.enter(Kind::Block);
            }
            other if is_atomic_write(other) => self.ordered = true,
            other if writes_nothing(other) => {}
            other if may_write(other) => self.ordered = false,
            // These include branches that depend on a reference.
            _ => self.forget(),
        }
    }

    fn enter(&mut self, kind: Kind) {
        self.frames.push(Frame { kind, at_end: true });
    }

    fn branch(&mut self, depth: u32, ordered: bool) {
        if let Some(frame) = self.frames.iter_mut().nth_back(depth as usize)
            && frame.kind != Kind::Loop
        {
            frame.at_end &= ordered;
        }
    }

    /// Nothing is known any more, here and at all targets of branches from here.
    fn forget(&mut self) {
        self.ordered = false;
        self.frames.iter_mut().for_each(|frame| frame.at_end = false);
    }
}

/// Whether an instruction is a fence or a sequentially consistent write.
fn is_atomic_write(operator: &Operator<'_>) -> bool {
    matches!(
        operator,
        Operator::AtomicFence
            | Operator::I32AtomicStore { .. }
            | Operator::I64AtomicStore { .. }
            | Operator::I32AtomicRmwAdd { .. }
            | Operator::I32AtomicRmwSub { .. }
            | Operator::I32AtomicRmwAnd { .. }
            | Operator::I32AtomicRmwOr { .. }
            | Operator::I32AtomicRmwXor { .. }
            | Operator::I32AtomicRmwXchg { .. }
            | Operator::I64AtomicRmwAdd { .. }
            | Operator::I64AtomicRmwSub { .. }
            | Operator::I64AtomicRmwAnd { .. }
            | Operator::I64AtomicRmwOr { .. }
            | Operator::I64AtomicRmwXor { .. }
            | Operator::I64AtomicRmwXchg { .. }
    )
}

/// Whether an instruction that is no branch only computes or reads.
fn writes_nothing(operator: &Operator<'_>) -> bool {
    matches!(
        operator,
        Operator::Nop
            | Operator::Drop
            | Operator::Select
            | Operator::LocalGet { .. }
            | Operator::LocalSet { .. }
            | Operator::LocalTee { .. }
            | Operator::GlobalGet { .. }
            | Operator::I32Const { .. }
            | Operator::I64Const { .. }
            | Operator::I32Load { .. }
            | Operator::I32Load8U { .. }
            | Operator::I64Load { .. }
            | Operator::I32AtomicLoad { .. }
            | Operator::I64AtomicLoad { .. }
            | Operator::I32Eqz
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
            | Operator::I32Add
            | Operator::I32Sub
            | Operator::I32And
            | Operator::I32Or
            | Operator::I32Xor
            | Operator::I32Shl
            | Operator::I32ShrS
            | Operator::I32ShrU
            | Operator::I64Eqz
            | Operator::I64Eq
            | Operator::I64Ne
    )
}

/// Whether an instruction may write and then continues with the next one.
fn may_write(operator: &Operator<'_>) -> bool {
    matches!(
        operator,
        Operator::I32Store { .. }
            | Operator::I32Store8 { .. }
            | Operator::I32Store16 { .. }
            | Operator::I64Store { .. }
            | Operator::F32Store { .. }
            | Operator::F64Store { .. }
            | Operator::GlobalSet { .. }
            | Operator::Call { .. }
            | Operator::CallIndirect { .. }
            | Operator::I32AtomicRmwCmpxchg { .. }
            | Operator::I64AtomicRmwCmpxchg { .. }
    )
}

#[cfg(test)]
mod tests {
    use super::fences;
    use wasmparser::{Operator, Parser, Payload};

    /// The result for a function with this body. Its local 0 is an `i32`.
    fn of(body: &str) -> Vec<bool> {
        let text = format!("(module (memory 1 1 shared) (func $f) (func (param i32) {body}))");
        let binary = crate::to_binary(text.as_bytes()).expect("the text is right");
        let mut fences_of_last = Vec::new();
        for payload in Parser::new(0).parse_all(&binary) {
            if let Payload::CodeSectionEntry(body) = payload.expect("the binary is right") {
                let reader = body.get_operators_reader().expect("the binary is right");
                let operators = reader.into_iter().collect::<Result<Vec<Operator<'_>>, _>>();
                fences_of_last = fences(&operators.expect("the binary is right"));
            }
        }
        fences_of_last
    }

    const XCHG: &str = "(drop (i32.atomic.rmw.xchg (i32.const 0) (i32.const 0)))";
    const STORE: &str = "(i32.store (i32.const 8) (i32.const 0))";
    const NOTIFY: &str = "(drop (memory.atomic.notify (i32.const 0) (i32.const 1)))";

    #[test]
    fn a_notification_right_behind_an_atomic_write_needs_no_fence() {
        assert_eq!(of(&format!("{XCHG} {NOTIFY} {NOTIFY}")), [false, false]);
        assert_eq!(
            of(&format!("(i32.atomic.store (i32.const 0) (i32.const 1)) {NOTIFY}")),
            [false]
        );
        assert_eq!(of(&format!("(atomic.fence) {NOTIFY}")), [false]);
        // As in a mutex.
        assert_eq!(of(&format!("{XCHG} (if (local.get 0) (then {NOTIFY}))")), [false]);
        assert_eq!(
            of(&format!("(block $b {XCHG} (br_if $b (local.get 0)) {NOTIFY}) {NOTIFY}")),
            [false, false]
        );
    }

    #[test]
    fn a_notification_that_something_else_comes_before_needs_one() {
        assert_eq!(of(NOTIFY), [true]);
        for between in [
            STORE,
            "(call $f)",
            "(memory.fill (i32.const 0) (i32.const 0) (i32.const 1))",
            "(drop (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const 0) (i32.const 0)))",
            "(drop (memory.grow (i32.const 0)))",
        ] {
            assert_eq!(of(&format!("{XCHG} {between} {NOTIFY}")), [true], "{between}");
            assert_eq!(of(&format!("{between} {NOTIFY}")), [true], "{between}");
        }
        assert_eq!(of(&format!("(drop (i32.atomic.load (i32.const 0))) {NOTIFY}")), [true]);
    }

    #[test]
    fn every_path_counts() {
        let store = |rest: &str| format!("{XCHG} {rest} {NOTIFY}");
        // A branch around the atomic write, one side of an `if`, and the end of a loop.
        assert_eq!(
            of(&format!("(block $b (br_if $b (local.get 0)) {XCHG}) {NOTIFY}")),
            [true]
        );
        assert_eq!(of(&store(&format!("(if (local.get 0) (then {STORE}))"))), [true]);
        assert_eq!(of(&store(&format!("(if (local.get 0) (then) (else {STORE}))"))), [true]);
        assert_eq!(
            of(&store(&format!("(if (local.get 0) (then {STORE} {XCHG}) (else))"))),
            [false]
        );
        assert_eq!(
            of(&format!("{XCHG} (loop $l {NOTIFY} {STORE} (br_if $l (local.get 0)))")),
            [true]
        );
        assert_eq!(
            of(&format!("(loop $l {XCHG} {NOTIFY} {STORE} (br_if $l (local.get 0)))")),
            [false]
        );
        assert_eq!(
            of(&store(&format!("(block $b (br_if $b (local.get 0)) {STORE} (return))"))),
            [false]
        );
        assert_eq!(
            of(&store(&format!(
                "(block $a (block $b (br_table $a $b (local.get 0))) {STORE})"
            ))),
            [true]
        );
    }

    #[test]
    fn code_that_catches_an_exception_knows_nothing() {
        let code = format!("(block $b (try_table (catch_all $b) {XCHG} (call $f)) {XCHG}) {NOTIFY}");
        assert_eq!(of(&code), [true]);
    }
}
