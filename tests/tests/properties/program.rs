//! Random programs on shared items, and their text: once with shared types, once without.
//!
//! A program is a list of statements. Each of them adds what it reads to a sum, so that whatever goes wrong shows in
//! the result. Without shared types, atomic accesses of globals are plain instructions in a separate function, since
//! plain engines have no others; a single thread cannot observe the difference.

use proptest::prelude::*;
use std::fmt::Write;

/// A program.
#[derive(Debug, Clone)]
pub struct Program {
    statements: Vec<Statement>,
}

/// The tables: of any functions, and of `$unary` ones.
#[derive(Debug, Clone, Copy)]
enum Table {
    Any,
    Unary,
}

/// A reference to a function.
#[derive(Debug, Clone, Copy)]
enum Reference {
    Null,
    Double,
    Negate,
    Global,
}

#[derive(Debug, Clone)]
enum Statement {
    SetNumbers(i64),
    ReadNumbers,
    AtomicNarrow(&'static str, i32),
    AtomicWide(&'static str, i64),
    CompareExchange(i64, i64),
    SetReference(Reference),
    Set(Table, u32, Reference),
    Grow(Table, Reference, u32),
    Fill(Table, u32, Reference, u32),
    Copy(Table, Table, u32, u32, u32),
    Init(Table, u32, u32, u32, u32),
    DropElements(u32),
    Size(Table),
    IsNull(Table, u32),
    BranchOnNull(Table, u32),
    Call(Table, u32, i32),
    CallThroughReference(u32, i32),
    CallWrongType(u32),
    Store(u32, i64),
    Load(u32),
    MemoryInit(u32, u32, u32),
    DropData,
    GrowMemory(u32),
}

impl Program {
    pub fn arbitrary() -> impl Strategy<Value = Program> {
        prop::collection::vec(statement(), 1..40).prop_map(|statements| Program { statements })
    }
}

fn table() -> impl Strategy<Value = Table> {
    prop_oneof![Just(Table::Any), Just(Table::Unary)]
}

fn reference() -> impl Strategy<Value = Reference> {
    prop_oneof![
        Just(Reference::Null),
        Just(Reference::Double),
        Just(Reference::Negate),
        Just(Reference::Global)
    ]
}

/// Mostly within bounds.
fn index() -> impl Strategy<Value = u32> {
    prop_oneof![20 => 0_u32..5, 1 => 0_u32..12, 1 => any::<u32>()]
}

fn count() -> impl Strategy<Value = u32> {
    prop_oneof![20 => 0_u32..3, 1 => any::<u32>()]
}

fn address() -> impl Strategy<Value = u32> {
    prop_oneof![20 => 0_u32..64, 1 => 65520_u32..65540, 1 => any::<u32>()]
}

fn statement() -> impl Strategy<Value = Statement> {
    let arithmetic = prop::sample::select(vec!["add", "sub", "and", "or", "xor", "xchg"]);
    let numbers = prop_oneof![
        any::<i64>().prop_map(Statement::SetNumbers),
        Just(Statement::ReadNumbers),
        (arithmetic.clone(), any::<i32>()).prop_map(|(name, value)| Statement::AtomicNarrow(name, value)),
        (arithmetic, any::<i64>()).prop_map(|(name, value)| Statement::AtomicWide(name, value)),
        (0_i64..3, 0_i64..3).prop_map(|(expected, value)| Statement::CompareExchange(expected, value)),
        reference().prop_map(Statement::SetReference),
    ];
    let writes = prop_oneof![
        (table(), index(), reference()).prop_map(|(table, at, value)| Statement::Set(table, at, value)),
        (table(), reference(), count()).prop_map(|(table, value, by)| Statement::Grow(table, value, by)),
        (table(), index(), reference(), count())
            .prop_map(|(table, at, value, count)| Statement::Fill(table, at, value, count)),
        (table(), table(), index(), index(), count()).prop_map(|(one, other, to, from, count)| {
            // What is in `$any` may not fit into `$unary`.
            let to_table = if let Table::Any = other { Table::Any } else { one };
            Statement::Copy(to_table, other, to, from, count)
        }),
        (table(), 0_u32..2, index(), index(), count())
            .prop_map(|(table, segment, to, from, count)| Statement::Init(table, segment, to, from, count)),
        (0_u32..2).prop_map(Statement::DropElements),
    ];
    let reads = prop_oneof![
        table().prop_map(Statement::Size),
        (table(), index()).prop_map(|(table, at)| Statement::IsNull(table, at)),
        (table(), index()).prop_map(|(table, at)| Statement::BranchOnNull(table, at)),
        (table(), index(), any::<i32>()).prop_map(|(table, at, argument)| Statement::Call(table, at, argument)),
        (index(), any::<i32>()).prop_map(|(at, argument)| Statement::CallThroughReference(at, argument)),
        index().prop_map(Statement::CallWrongType),
    ];
    let memory = prop_oneof![
        (address(), any::<i64>()).prop_map(|(at, value)| Statement::Store(at, value)),
        address().prop_map(Statement::Load),
        (address(), 0_u32..8, count()).prop_map(|(to, from, count)| Statement::MemoryInit(to, from, count)),
        Just(Statement::DropData),
        (0_u32..3).prop_map(Statement::GrowMemory),
    ];
    // Calls trap often, since elements are null.
    prop_oneof![4 => numbers, 5 => writes, 2 => reads, 3 => memory]
}

impl Program {
    /// The module's text. `run` executes the statements and gives the sum; `state` gives a sum over all items.
    pub fn module(&self, shared: bool) -> String {
        let word = if shared { "shared" } else { "" };
        let ty = |inner: &str| {
            if shared {
                format!("(shared {inner})")
            } else {
                inner.to_owned()
            }
        };
        let global = |ty: &str| {
            if shared {
                format!("(shared mut {ty})")
            } else {
                format!("(mut {ty})")
            }
        };
        let any_function = if shared { "(ref null (shared func))" } else { "funcref" };
        let null = if shared { "(shared func)" } else { "func" };
        let mut text = String::new();
        let _ = write!(
            text,
            r#"(module
  (type $unary {unary})
  (type $other {other})
  (type $run {run})
  (type $narrow {narrow})
  (type $wide {wide})
  (type $exchange {exchange})
  (memory 1 3 {word})
  (global $i32 {i32} (i32.const 3))
  (global $i64 {i64} (i64.const 5))
  (global $f32 {f32} (f32.const 0.5))
  (global $f64 {f64} (f64.const -0.25))
  (global $v128 {v128} (v128.const i64x2 7 9))
  (global $ref {reference} (ref.func $double))
  (table $any {word} 4 8 {any_function})
  (table $unary {word} 3 6 (ref null $unary))
  (elem (table $any) (i32.const 1) {any_function} (ref.func $double) (ref.func $answer))
  (elem (table $unary) (i32.const 0) (ref null $unary) (ref.func $negate))
  (elem $e0 (ref null $unary) (ref.func $double) (ref.null $unary) (ref.func $negate))
  (elem $e1 (ref null $unary) (ref.func $negate) (ref.func $double))
  (data (i32.const 8) "active")
  (data $d "passive!")
  (func $double (type $unary) (i32.mul (local.get 0) (i32.const 2)))
  (func $negate (type $unary) (i32.sub (i32.const 0) (local.get 0)))
  (func $answer (type $other) (i64.const 42))
"#,
            unary = ty("(func (param i32) (result i32))"),
            other = ty("(func (result i64))"),
            run = ty("(func (result i64))"),
            narrow = ty("(func (param i32) (result i32))"),
            wide = ty("(func (param i64) (result i64))"),
            exchange = ty("(func (param i64 i64) (result i64))"),
            i32 = global("i32"),
            i64 = global("i64"),
            f32 = global("f32"),
            f64 = global("f64"),
            v128 = global("v128"),
            reference = global("(ref null $unary)"),
        );
        atomics(&mut text, shared);
        text.push_str("  (func (export \"run\") (type $run) (local $sum i64) (local $f (ref null $unary))\n");
        for statement in &self.statements {
            let _ = writeln!(text, "    {}", statement.text(null));
        }
        text.push_str("    (local.get $sum))\n");
        text.push_str(STATE);
        text.push(')');
        text
    }
}

/// What adds up all state. Function references are told apart by what they return.
const STATE: &str = r#"
  (func (export "state") (type $run) (local $sum i64) (local $i i32) (local $f (ref null $unary))
    (local.set $sum (i64.add (i64.extend_i32_u (global.get $i32)) (global.get $i64)))
    (local.set $sum (i64.add (local.get $sum) (i64.extend_i32_u (i32.reinterpret_f32 (global.get $f32)))))
    (local.set $sum (i64.xor (local.get $sum) (i64.reinterpret_f64 (global.get $f64))))
    (local.set $sum (i64.sub (local.get $sum) (i64x2.extract_lane 1 (global.get $v128))))
    (local.set $sum (i64.add (local.get $sum) (i64.extend_i32_u (ref.is_null (global.get $ref)))))
    (local.set $sum (i64.add (i64.mul (local.get $sum) (i64.const 31)) (i64.extend_i32_u (table.size $any))))
    (local.set $sum (i64.add (i64.mul (local.get $sum) (i64.const 31)) (i64.extend_i32_u (memory.size))))
    (loop $next
      (if (i32.lt_u (local.get $i) (table.size $unary)) (then
        (local.set $f (table.get $unary (local.get $i)))
        (local.set $sum (i64.mul (local.get $sum) (i64.const 31)))
        (if (i32.eqz (ref.is_null (local.get $f))) (then
          (local.set $sum (i64.add (local.get $sum)
            (i64.extend_i32_s (call_ref $unary (i32.const 3) (local.get $f)))))))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $next))))
    (local.set $i (i32.const 0))
    (loop $bytes
      (local.set $sum (i64.add (i64.mul (local.get $sum) (i64.const 31))
        (i64.load (i32.and (local.get $i) (i32.const 65528)))))
      (local.set $i (i32.add (local.get $i) (i32.const 8)))
      (br_if $bytes (i32.lt_u (local.get $i) (i32.const 65536))))
    (local.get $sum))
"#;

/// Functions that access globals atomically.
fn atomics(text: &mut String, shared: bool) {
    for name in ["add", "sub", "and", "or", "xor", "xchg"] {
        for (ty, function) in [("i32", "narrow"), ("i64", "wide")] {
            let _ = match (shared, name) {
                (true, _) => writeln!(
                    text,
                    "  (func ${name}_{ty} (type ${function}) (global.atomic.rmw.{name} seq_cst ${ty} (local.get 0)))"
                ),
                (false, "xchg") => writeln!(
                    text,
                    "  (func $xchg_{ty} (type ${function}) (global.get ${ty}) (global.set ${ty} (local.get 0)))"
                ),
                (false, _) => writeln!(
                    text,
                    "  (func ${name}_{ty} (type ${function}) (global.get ${ty}) \
                     (global.set ${ty} ({ty}.{name} (global.get ${ty}) (local.get 0))))"
                ),
            };
        }
    }
    text.push_str(match shared {
        true => {
            "  (func $exchange (type $exchange) \
             (global.atomic.rmw.cmpxchg acq_rel $i64 (local.get 0) (local.get 1)))\n"
        }
        false => {
            "  (func $exchange (type $exchange) (global.get $i64) \
             (if (i64.eq (global.get $i64) (local.get 0)) (then (global.set $i64 (local.get 1)))))\n"
        }
    });
}

impl Table {
    fn name(self) -> &'static str {
        match self {
            Table::Any => "$any",
            Table::Unary => "$unary",
        }
    }
}

impl Reference {
    fn text(self) -> &'static str {
        match self {
            Reference::Null => "(ref.null $unary)",
            Reference::Double => "(ref.func $double)",
            Reference::Negate => "(ref.func $negate)",
            Reference::Global => "(global.get $ref)",
        }
    }
}

/// Adds an `i64` to the sum.
fn add(value: &str) -> String {
    format!("(local.set $sum (i64.add (i64.mul (local.get $sum) (i64.const 31)) {value}))")
}

fn add_narrow(value: &str) -> String {
    add(&format!("(i64.extend_i32_s {value})"))
}

impl Statement {
    fn text(&self, any_null: &str) -> String {
        let c = |value: u32| format!("(i32.const {})", value as i32);
        match self {
            Statement::SetNumbers(value) => format!(
                "(global.set $i32 (i32.const {})) (global.set $i64 (i64.const {value})) \
                 (global.set $f32 (f32.convert_i64_s (i64.const {value}))) \
                 (global.set $f64 (f64.convert_i64_s (i64.const {value}))) \
                 (global.set $v128 (i64x2.splat (i64.const {value})))",
                *value as i32
            ),
            Statement::ReadNumbers => add(
                "(i64.add (i64.extend_i32_s (global.get $i32)) (i64.add (global.get $i64) (i64.add \
                 (i64.reinterpret_f64 (global.get $f64)) (i64x2.extract_lane 0 (global.get $v128)))))",
            ),
            Statement::AtomicNarrow(name, value) => add_narrow(&format!("(call ${name}_i32 (i32.const {value}))")),
            Statement::AtomicWide(name, value) => add(&format!("(call ${name}_i64 (i64.const {value}))")),
            Statement::CompareExchange(expected, value) => {
                add(&format!("(call $exchange (i64.const {expected}) (i64.const {value}))"))
            }
            Statement::SetReference(reference) => format!("(global.set $ref {})", reference.text()),
            Statement::Set(table, at, value) => format!("(table.set {} {} {})", table.name(), c(*at), value.text()),
            Statement::Grow(table, value, by) => {
                add_narrow(&format!("(table.grow {} {} {})", table.name(), value.text(), c(*by)))
            }
            Statement::Fill(table, at, value, count) => {
                format!(
                    "(table.fill {} {} {} {})",
                    table.name(),
                    c(*at),
                    value.text(),
                    c(*count)
                )
            }
            Statement::Copy(to, from, at, source, count) => format!(
                "(table.copy {} {} {} {} {})",
                to.name(),
                from.name(),
                c(*at),
                c(*source),
                c(*count)
            ),
            Statement::Init(table, segment, to, from, count) => format!(
                "(table.init {} $e{segment} {} {} {})",
                table.name(),
                c(*to),
                c(*from),
                c(*count)
            ),
            Statement::DropElements(segment) => format!("(elem.drop $e{segment})"),
            Statement::Size(table) => add_narrow(&format!("(table.size {})", table.name())),
            Statement::IsNull(table, at) => {
                add_narrow(&format!("(ref.is_null (table.get {} {}))", table.name(), c(*at)))
            }
            Statement::BranchOnNull(table, at) => format!(
                "(block $null (drop (br_on_null $null (table.get {} {}))) {})",
                table.name(),
                c(*at),
                add("(i64.const 1)")
            ),
            Statement::Call(table, at, argument) => add_narrow(&format!(
                "(call_indirect {} (type $unary) (i32.const {argument}) {})",
                table.name(),
                c(*at)
            )),
            Statement::CallThroughReference(at, argument) => format!(
                "(local.set $f (table.get $unary {})) {}",
                c(*at),
                add_narrow(&format!("(call_ref $unary (i32.const {argument}) (local.get $f))"))
            ),
            Statement::CallWrongType(at) => add(&format!("(call_indirect $any (type $other) {})", c(*at))),
            Statement::Store(at, value) => format!("(i64.store {} (i64.const {value}))", c(*at)),
            Statement::Load(at) => add(&format!("(i64.load {})", c(*at))),
            Statement::MemoryInit(to, from, count) => format!("(memory.init $d {} {} {})", c(*to), c(*from), c(*count)),
            Statement::DropData => format!("(data.drop $d) (drop (ref.is_null (ref.null {any_null})))"),
            Statement::GrowMemory(by) => add_narrow(&format!("(memory.grow {})", c(*by))),
        }
    }
}
