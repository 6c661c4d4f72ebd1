//! The component that both sides are compared with, in text.

use crate::passes;
use std::collections::HashMap;
use std::fmt::Write;
use weft_abi::types::{Direction, FlatType, FuncType, MAX_FLAT_RESULTS, Types};
use weft_abi::{AddressWidth, Options, StringEncoding, ValType};

/// Where `realloc` begins, where it writes its calls down, where `f` stores its core values, and the memory's size.
pub const HEAP: u32 = 0x100;
pub const CALLS: u32 = 0xc000;
pub const FLAT: u32 = 0xf000;
pub const SECOND: u32 = 0x1_0000;
pub const SIZE: u32 = 0x2_0000;
pub const FILL: u8 = 0xa5;

/// A component with `f`, which takes the parameters and stores their core values, and `g`, which gives a result.
pub struct Text(pub String);

#[derive(Default)]
struct Definitions {
    text: String,
    names: HashMap<ValType, String>,
}

impl Text {
    /// `None` if the function passes no such types.
    pub fn new(types: &Types, func: &FuncType, options: Options) -> Option<Text> {
        let mut definitions = Definitions::default();
        let mut params = String::new();
        for param in &func.params {
            if !passes(types, param.item.ty) {
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
        let encoding = match options.encoding {
            StringEncoding::Utf8 => "utf8",
            StringEncoding::Utf16 => "utf16",
            StringEncoding::Latin1OrUtf16 => "latin1+utf16",
        };
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

const fn core_name(ty: FlatType) -> &'static str {
    match ty {
        FlatType::I32 => "i32",
        FlatType::I64 => "i64",
        FlatType::F32 => "f32",
        FlatType::F64 => "f64",
    }
}

impl Definitions {
    /// A type's name, after its definition.
    fn name(&mut self, types: &Types, ty: ValType) -> String {
        if let Some(name) = self.names.get(&ty) {
            return name.clone();
        }
        let mut parts = |ty: Option<ValType>| ty.map(|ty| self.name(types, ty));
        let mut named = false;
        let form = match ty {
            ValType::List(index) => format!("list {}", parts(Some(types[index].element)).unwrap_or_default()),
            ValType::FixedLengthList(index) => {
                let list = &types[index];
                format!("list {} {}", parts(Some(list.element)).unwrap_or_default(), list.length)
            }
            ValType::Map(index) => {
                let (key, value) = (parts(Some(types[index].key.ty)), parts(Some(types[index].value.ty)));
                format!("map {} {}", key.unwrap_or_default(), value.unwrap_or_default())
            }
            ValType::Record(index) => {
                named = true;
                let fields = types[index].fields.iter();
                let field = fields.map(|field| (&field.name, parts(Some(field.item.ty)).unwrap_or_default()));
                field.fold("record".into(), |text, (name, ty)| {
                    format!(r#"{text} (field "{name}" {ty})"#)
                })
            }
            ValType::Tuple(index) => {
                let items = types[index]
                    .items
                    .iter()
                    .map(|item| parts(Some(item.ty)).unwrap_or_default());
                items.fold("tuple".into(), |text, ty| format!("{text} {ty}"))
            }
            ValType::Variant(index) => {
                named = true;
                let cases = types[index].cases.iter().zip(&types[index].payloads);
                let cases = cases.map(|(name, payload)| (name, parts(*payload).unwrap_or_default()));
                cases.fold("variant".into(), |text, (name, ty)| {
                    format!(r#"{text} (case "{name}" {ty})"#)
                })
            }
            ValType::Enum(index) => {
                named = true;
                types[index]
                    .cases
                    .iter()
                    .fold("enum".into(), |text, name| format!(r#"{text} "{name}""#))
            }
            ValType::Flags(index) => {
                named = true;
                types[index]
                    .names
                    .iter()
                    .fold("flags".into(), |text, name| format!(r#"{text} "{name}""#))
            }
            ValType::Option(index) => format!("option {}", parts(Some(types[index].some)).unwrap_or_default()),
            ValType::Result(index) => {
                let (ok, error) = (parts(types[index].ok).unwrap_or_default(), parts(types[index].error));
                let error = error.map(|error| format!("(error {error})"));
                format!("result {ok} {}", error.unwrap_or_default())
            }
            // The others have names of their own.
            ty => return types.display(ty).to_string(),
        };
        let number = self.names.len();
        writeln!(self.text, "  (type $t{number} ({form}))").expect("a string takes all");
        let mut name = format!("$t{number}");
        if named {
            writeln!(self.text, r#"  (export $e{number} "t{number}" (type {name}))"#).expect("a string takes all");
            name = format!("$e{number}");
        }
        self.names.insert(ty, name.clone());
        name
    }
}
