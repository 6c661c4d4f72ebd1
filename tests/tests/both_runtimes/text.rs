//! The component of a signature, in text.
//!
//! `f` takes the parameters and stores their core values. `call` passes these to the host's function `h` and stores its
//! result. `g` returns a result from core values or memory. `reset` makes a new memory, `poke` changes a byte of it,
//! `hash` sums it up, and `word` reads eight bytes.

use crate::generate::Signature;
use std::fmt::Write;
use weft_abi::AddressWidth;
use weft_abi::types::{Direction, FlatType};
use weft_tests::types::{Definitions, Naming, core_name, encoding_name};

/// Where `realloc` begins, where it writes its calls down, where `h` puts a result that is no core value, where core values are
/// stored, and the handle that `call` lends.
pub const HEAP: u32 = 0x400;
pub const CALLS: u32 = 0xa000;
pub const RESULT: u32 = 0xd000;
pub const FLAT: u32 = 0xf000;
pub const GIVEN: u32 = 0xf0f0;
pub const LENT: u32 = 0xf100;
pub const SIZE: u32 = 0x1_0000;
pub const RESULT_SIZE: u32 = 0x1000;
const FILL: u8 = 0xa5;

/// The text, and whether parameters or results go through memory.
pub fn component(signature: &Signature) -> (String, bool) {
    let Signature {
        types, func, options, ..
    } = signature;
    let func = &types[*func];
    let width = options.width;
    let mut definitions = Definitions::new(Naming::Imports);
    let mut params = String::new();
    for param in &func.params {
        let name = definitions.name(types, param.item.ty);
        write!(params, r#" (param "{}" {name})"#, param.name).expect("a string takes all");
    }
    let result = func.result.map(|ty| definitions.name(types, ty)).unwrap_or_default();
    let lowered = func.core_signature(width, Direction::Lower);
    let is_spilled = func.flat_params(width).is_none() || func.flat_result(width).is_none();
    let encoding = encoding_name(options.encoding);
    let (address, index) = match width {
        AddressWidth::W32 => ("i32", ""),
        AddressWidth::W64 => ("i64", "i64 "),
    };
    let (given, passed) = match func.flat_result(width).and_then(|flat| flat.first()) {
        Some(FlatType::I32) => ("i32", "u32"),
        Some(FlatType::I64) => ("i64", "u64"),
        Some(FlatType::F32) => ("f32", "f32"),
        Some(FlatType::F64) => ("f64", "f64"),
        None if width == AddressWidth::W32 => ("i32", "u32"),
        None => ("i64", "u64"),
    };
    let text = format!(
        r#"(component
  (import "r" (type $r (sub resource)))
{types}  (import "h" (func $h{params} (result {result})))
{libc}
  (core instance $libc (instantiate $libc))
  (alias core export $libc "memory" (core memory $memory))
  (alias core export $libc "realloc" (core func $realloc))
  (core func $h' (canon lower (func $h) (memory $memory) (realloc $realloc) string-encoding={encoding}))
  (core func $drop (canon resource.drop $r))
  (core module $m
    (import "libc" "memory" (memory {index}1))
    (import "host" "h" (func $h{h}))
    (import "host" "drop" (func $drop (param i32)))
{f}{call}    (func (export "g") (param {given}) (result {given}) (local.get 0)))
  (core instance $i (instantiate $m (with "libc" (instance $libc)) (with "host" (instance
    (export "h" (func $h')) (export "drop" (func $drop))))))
  (func (export "f"){params}
    (canon lift (core func $i "f") (memory $memory) (realloc $realloc) string-encoding={encoding}))
  (func (export "call") (canon lift (core func $i "call")))
  (func (export "g") (param "x" {passed}) (result {result})
    (canon lift (core func $i "g") (memory $memory) (realloc $realloc) string-encoding={encoding}))
  (func (export "reset") (canon lift (core func $libc "reset")))
  (func (export "poke") (param "at" u32) (param "byte" u32) (canon lift (core func $libc "poke")))
  (func (export "word") (param "at" u32) (result u64) (canon lift (core func $libc "word")))
  (func (export "hash") (result u64) (canon lift (core func $libc "hash"))))"#,
        types = definitions.text,
        libc = libc(address, index),
        h = core_type(&lowered.params, lowered.result),
        f = f(signature, address),
        call = call(signature, address),
    );
    (text, is_spilled)
}

/// The module with the memory.
fn libc(address: &str, index: &str) -> String {
    let wide = if address == "i64" {
        "(i64.extend_i32_u (local.get 0))"
    } else {
        "(local.get 0)"
    };
    let step = if address == "i64" { 8 } else { 4 };
    let [second, third, fourth, whole] = [step, 2 * step, 3 * step, 4 * step];
    format!(
        r#"  (core module $libc
    (memory (export "memory") {index}1)
    (global $next (mut {address}) ({address}.const {HEAP}))
    (global $call (mut {address}) ({address}.const {CALLS}))
    (func $reset (export "reset")
      (global.set $next ({address}.const {HEAP}))
      (global.set $call ({address}.const {CALLS}))
      (memory.fill ({address}.const 0) (i32.const {FILL}) ({address}.const {SIZE})))
    (start $reset)
    (func (export "realloc")
      (param $old {address}) (param $size {address}) (param $align {address}) (param $new {address}) (result {address})
      (local $at {address})
      (if ({address}.ge_u (global.get $call) ({address}.const {RESULT})) (then (unreachable)))
      ({address}.store (global.get $call) (local.get $old))
      ({address}.store offset={second} (global.get $call) (local.get $size))
      ({address}.store offset={third} (global.get $call) (local.get $align))
      ({address}.store offset={fourth} (global.get $call) (local.get $new))
      (global.set $call ({address}.add (global.get $call) ({address}.const {whole})))
      (local.set $at ({address}.and
        ({address}.sub ({address}.add (global.get $next) (local.get $align)) ({address}.const 1))
        ({address}.sub ({address}.const 0) (local.get $align))))
      (global.set $next ({address}.add (local.get $at) (local.get $new)))
      (if ({address}.gt_u (global.get $next) ({address}.const {CALLS})) (then (unreachable)))
      (if ({address}.lt_u (local.get $new) (local.get $size)) (then (local.set $size (local.get $new))))
      (memory.copy (local.get $at) (local.get $old) (local.get $size))
      (local.get $at))
    (func (export "poke") (param i32 i32) (i32.store8 {wide} (local.get 1)))
    (func (export "word") (param i32) (result i64) (i64.load {wide}))
    (func (export "hash") (result i64) (local $at {address}) (local $hash i64)
      (loop $next
        (local.set $hash (i64.mul
          (i64.add (i64.rotl (local.get $hash) (i64.const 5)) (i64.load (local.get $at)))
          (i64.const 0x9e3779b97f4a7c15)))
        (local.set $at ({address}.add (local.get $at) ({address}.const 8)))
        (br_if $next ({address}.lt_u (local.get $at) ({address}.const {SIZE}))))
      (local.get $hash)))"#
    )
}

/// Stores the core values of the parameters, and drops what is borrowed.
fn f(signature: &Signature, address: &str) -> String {
    let func = &signature.types[signature.func];
    let lifted = func.core_signature(signature.options.width, Direction::Lift);
    let mut text = format!("    (func (export \"f\"){}\n", core_type(&lifted.params, None));
    for (position, ty) in lifted.params.iter().enumerate() {
        let (ty, at) = (core_name(*ty), FLAT as usize + 8 * position);
        writeln!(text, "      ({ty}.store ({address}.const {at}) (local.get {position}))").expect("a string takes all");
    }
    if signature.borrows {
        text.push_str("      (call $drop (local.get 0))\n");
    }
    text.push_str("    )\n");
    text
}

/// Passes what `f` stored, but for the handle that is lent, and stores a core value that comes back.
fn call(signature: &Signature, address: &str) -> String {
    let func = &signature.types[signature.func];
    let width = signature.options.width;
    let lowered = func.core_signature(width, Direction::Lower);
    let passed = func.flat_params(width).map_or(1, |flat| flat.len());
    let mut text = String::from("    (func (export \"call\")\n");
    if lowered.result.is_some() {
        writeln!(text, "      ({address}.const {GIVEN})").expect("a string takes all");
    }
    for (position, ty) in lowered.params.iter().enumerate() {
        let (ty, at) = (core_name(*ty), FLAT as usize + 8 * position);
        let value = match position {
            0 if signature.borrows => format!("(i32.load8_u ({address}.const {LENT}))"),
            position if position < passed => format!("({ty}.load ({address}.const {at}))"),
            _ => format!("({address}.const {RESULT})"),
        };
        writeln!(text, "      {value}").expect("a string takes all");
    }
    text.push_str("      (call $h)\n");
    if let Some(ty) = lowered.result {
        writeln!(text, "      ({}.store)", core_name(ty)).expect("a string takes all");
    }
    text.push_str("    )\n");
    text
}

fn core_type(params: &[FlatType], result: Option<FlatType>) -> String {
    let params = params.iter().map(|ty| format!(" (param {})", core_name(*ty)));
    let result = result.map(|ty| format!(" (result {})", core_name(ty)));
    params.chain(result).collect()
}
