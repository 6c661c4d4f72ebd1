//! Generated types, and how a component in text writes them.

use std::collections::HashMap;
use std::fmt::Write;
use weft_abi::types::{FlatType, Types};
use weft_abi::{StringEncoding, ValType};

/// All encodings of strings.
pub const ENCODINGS: [StringEncoding; 3] = [
    StringEncoding::Utf8,
    StringEncoding::Utf16,
    StringEncoding::Latin1OrUtf16,
];

/// The canonical option for an encoding.
pub const fn encoding_name(encoding: StringEncoding) -> &'static str {
    match encoding {
        StringEncoding::Utf8 => "utf8",
        StringEncoding::Utf16 => "utf16",
        StringEncoding::Latin1OrUtf16 => "latin1+utf16",
    }
}

/// The name of a core type.
pub const fn core_name(ty: FlatType) -> &'static str {
    match ty {
        FlatType::I32 => "i32",
        FlatType::I64 => "i64",
        FlatType::F32 => "f32",
        FlatType::F64 => "f64",
    }
}

/// Whether the type or a part of it is such a type.
pub fn contains(types: &Types, ty: ValType, is_such: &dyn Fn(ValType) -> bool) -> bool {
    is_such(ty) || types.parts(ty).any(|part| contains(types, part, is_such))
}

/// Whether the engine lets functions take and return values of the type.
pub fn passes(types: &Types, ty: ValType) -> bool {
    let is_key = |ty| {
        !matches!(
            ty,
            ValType::Float32 | ValType::Float64 | ValType::Own(_) | ValType::Borrow(_)
        )
    };
    !contains(types, ty, &|ty| match ty {
        ValType::Borrow(_) | ValType::Unsupported(_) => true,
        ValType::Map(map) => !is_key(types[map].key.ty),
        _ => false,
    })
}

/// How a component gives names to the types that need one. The types of imported functions can use only imported names.
#[derive(Clone, Copy)]
pub enum Naming {
    /// By exports.
    Exports,
    /// By imports.
    Imports,
}

/// The definitions of types, in text. Handles are of a resource type `$r`.
pub struct Definitions {
    /// A line for each definition.
    pub text: String,
    names: HashMap<ValType, String>,
    naming: Naming,
}

impl Definitions {
    /// No definitions yet.
    pub fn new(naming: Naming) -> Definitions {
        Definitions {
            text: String::new(),
            names: HashMap::new(),
            naming,
        }
    }

    /// A type's name, after its definition.
    pub fn name(&mut self, types: &Types, ty: ValType) -> String {
        if let Some(name) = self.names.get(&ty) {
            return name.clone();
        }
        let mut part = |ty: Option<ValType>| ty.map(|ty| self.name(types, ty)).unwrap_or_default();
        let mut is_named = false;
        let form = match ty {
            ValType::Own(_) => return "(own $r)".into(),
            ValType::Borrow(_) => return "(borrow $r)".into(),
            ValType::List(index) => format!("list {}", part(Some(types[index].element))),
            ValType::FixedLengthList(index) => {
                let list = &types[index];
                format!("list {} {}", part(Some(list.element)), list.length)
            }
            ValType::Map(index) => {
                let (key, value) = (part(Some(types[index].key.ty)), part(Some(types[index].value.ty)));
                format!("map {key} {value}")
            }
            ValType::Record(index) => {
                is_named = true;
                let fields = types[index].fields.iter();
                let fields = fields.map(|field| format!(r#" (field "{}" {})"#, field.name, part(Some(field.item.ty))));
                format!("record{}", fields.collect::<String>())
            }
            ValType::Tuple(index) => {
                let items = types[index].items.iter();
                let items = items.map(|item| format!(" {}", part(Some(item.ty))));
                format!("tuple{}", items.collect::<String>())
            }
            ValType::Variant(index) => {
                is_named = true;
                let cases = types[index].cases.iter().zip(&types[index].payloads);
                let cases = cases.map(|(name, payload)| format!(r#" (case "{name}" {})"#, part(*payload)));
                format!("variant{}", cases.collect::<String>())
            }
            ValType::Enum(index) => {
                is_named = true;
                let cases = types[index].cases.iter().map(|name| format!(r#" "{name}""#));
                format!("enum{}", cases.collect::<String>())
            }
            ValType::Flags(index) => {
                is_named = true;
                let names = types[index].names.iter().map(|name| format!(r#" "{name}""#));
                format!("flags{}", names.collect::<String>())
            }
            ValType::Option(index) => format!("option {}", part(Some(types[index].some))),
            ValType::Result(index) => {
                let (ok, error) = (part(types[index].ok), types[index].error);
                let error = error.map(|error| format!("(error {})", part(Some(error))));
                format!("result {ok} {}", error.unwrap_or_default())
            }
            // The others have names of their own.
            ty => return types.display(ty).to_string(),
        };
        let name = self.define(&form, is_named);
        self.names.insert(ty, name.clone());
        name
    }

    fn define(&mut self, form: &str, is_named: bool) -> String {
        let number = self.names.len();
        writeln!(self.text, "  (type $t{number} ({form}))").expect("a string takes all");
        let named = match (is_named, self.naming) {
            (false, _) => return format!("$t{number}"),
            (true, Naming::Exports) => format!(r#"(export $e{number} "t{number}" (type $t{number}))"#),
            (true, Naming::Imports) => format!(r#"(import "t{number}" (type $e{number} (eq $t{number})))"#),
        };
        writeln!(self.text, "  {named}").expect("a string takes all");
        format!("$e{number}")
    }
}
