//! The component for the comparison, as text.

use std::fmt::Write;
use weft_abi::types::{Direction, FlatType, FuncType, MAX_FLAT_RESULTS, Types};
use weft_abi::{AddressWidth, Options, ValType};
use weft_tests::types::{Definitions, Naming, contains, core_name, encoding_name, passes};

/// Where `realloc` begins, where it writes its calls down, where `f` stores its core values, and the memory's size.
pub const HEAP: u32 = 0x100;
pub const CALLS: u32 = 0xc000;
pub const FLAT: u32 = 0xf000;
pub const SECOND: u32 = 0x1_0000;
pub const SIZE: u32 = 0x2_0000;
pub const FILL: u8 = 0xa5;

/// A component with `f`, which takes the parameters and stores their core values, and `g`, which gives a result.
pub struct Text(pub String);

impl Text {
    /// `None` if the function passes no such types.
    pub fn new(types: &Types, func: &FuncType, options: Options) -> Option<Text> {
        let mut definitions = Definitions::new(Naming::Exports);
        let mut params = String::new();
        for param in &func.params {
            let ty = param.item.ty;
            // Handles need an instance on our side.
            if !passes(types, ty) || contains(types, ty, &|ty| matches!(ty, ValType::Own(_))) {
                return None;
            }
            let name = definitions.name(types, param.item.ty);
            write!(params, r#" (param "{}" {name})"#, param.name).ok()?;
        }
        let result = definitions.name(types, func.result?);
        let core = func.core_signature(AddressWidth::W32, Direction::Lift);
        let mut core_params = String::new();
        let mut stores = String::new();
        for (position, ty) in core.params.iter().enumerate() {
            let (name, at) = (core_name(*ty), FLAT as usize + 8 * position);
            write!(core_params, " (param {name})").ok()?;
            writeln!(stores, "    ({name}.store (i32.const {at}) (local.get {position}))").ok()?;
        }
        let pointer = func
            .result_layout()
            .flat(AddressWidth::W32)
            .is_none_or(|flat| flat.len() > MAX_FLAT_RESULTS);
        let given = if pointer { FlatType::I32 } else { core.result? };
        let passed = match given {
            FlatType::I32 => "u32",
            FlatType::I64 => "u64",
            FlatType::F32 => "f32",
            FlatType::F64 => "f64",
        };
        let given = core_name(given);
        let encoding = encoding_name(options.encoding);
        let definitions = definitions.text;
        Some(Text(format!(
            r#"(component
  (core module $m
    (memory (export "memory") 2)
    (global $next (mut i32) (i32.const {HEAP}))
    (global $call (mut i32) (i32.const {CALLS}))
    (func $fill (memory.fill (i32.const 0) (i32.const {FILL}) (i32.const {SIZE})))
    (start $fill)
    (func (export "realloc") (param $old i32) (param $size i32) (param $align i32) (param $new i32) (result i32)
      (local $at i32)
      (i32.store offset=0 (global.get $call) (local.get $old))
      (i32.store offset=4 (global.get $call) (local.get $size))
      (i32.store offset=8 (global.get $call) (local.get $align))
      (i32.store offset=12 (global.get $call) (local.get $new))
      (global.set $call (i32.add (global.get $call) (i32.const 16)))
      (local.set $at (i32.and
        (i32.sub (i32.add (global.get $next) (local.get $align)) (i32.const 1))
        (i32.sub (i32.const 0) (local.get $align))))
      (global.set $next (i32.add (local.get $at) (local.get $new)))
      (if (i32.lt_u (local.get $new) (local.get $size)) (then (local.set $size (local.get $new))))
      (memory.copy (local.get $at) (local.get $old) (local.get $size))
      (local.get $at))
    (func (export "second") (param i32 i32 i32 i32) (result i32) (i32.const {SECOND}))
    (func (export "f"){core_params}
{stores}      call $nothing)
    (func $nothing)
    (func (export "g") (param {given}) (result {given}) (local.get 0))
    (func (export "set") (param i32 i32) (memory.copy (i32.const 0) (local.get 0) (local.get 1)))
    (func (export "get") (result i32)
      (i32.store (i32.const {SECOND}) (i32.const 0))
      (i32.store (i32.const {after}) (i32.const {SECOND}))
      (i32.const {SECOND})))
  (core instance $i (instantiate $m))
  (alias core export $i "memory" (core memory $memory))
  (alias core export $i "realloc" (core func $realloc))
  (alias core export $i "second" (core func $second))
{definitions}
  (func $f{params}
    (canon lift (core func $i "f") (memory $memory) (realloc $realloc) string-encoding={encoding}))
  (export "f" (func $f))
  (func $g (param "x" {passed}) (result {result})
    (canon lift (core func $i "g") (memory $memory) (realloc $realloc) string-encoding={encoding}))
  (export "g" (func $g))
  (func (export "set") (param "x" (list u8)) (canon lift (core func $i "set") (memory $memory) (realloc $second)))
  (func (export "get") (result (list u8)) (canon lift (core func $i "get") (memory $memory)))
)"#,
            after = SECOND + 4,
        )))
    }
}
