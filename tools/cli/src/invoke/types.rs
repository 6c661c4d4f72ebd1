//! Types of parameters and results, as `wasm-wave` asks for them.
//!
//! **Problem.** WAVE has neither lists of a fixed length nor maps, and `wasm-wave`'s own types and values lack them. **Here,** both are lists
//! to WAVE: one of elements, the other of pairs. The type remembers which it is, so that a list that was read becomes the right
//! [`Val`](weft::Val).

use std::borrow::Cow;
use std::sync::Arc;
use wasm_wave::wasm::{WasmType, WasmTypeKind};

/// A type whose values have a form as text.
#[derive(Debug, Clone)]
pub enum Type {
    /// A type without parts.
    Simple(WasmTypeKind),
    /// A list of any length.
    List(Arc<Type>),
    /// A list of one length.
    FixedLengthList(Arc<Type>, u32),
    /// A map. The type is that of its entries, which are pairs.
    Map(Arc<Type>),
    Record(Arc<[(String, Type)]>),
    Tuple(Arc<[Type]>),
    Variant(Arc<[(String, Option<Type>)]>),
    Enum(Arc<[String]>),
    Option(Arc<Type>),
    /// The payloads of `ok` and `err`.
    Result(Arc<(Option<Type>, Option<Type>)>),
    Flags(Arc<[String]>),
}

impl WasmType for Type {
    fn kind(&self) -> WasmTypeKind {
        match self {
            Type::Simple(kind) => *kind,
            Type::List(_) | Type::FixedLengthList(..) | Type::Map(_) => WasmTypeKind::List,
            Type::Record(_) => WasmTypeKind::Record,
            Type::Tuple(_) => WasmTypeKind::Tuple,
            Type::Variant(_) => WasmTypeKind::Variant,
            Type::Enum(_) => WasmTypeKind::Enum,
            Type::Option(_) => WasmTypeKind::Option,
            Type::Result(_) => WasmTypeKind::Result,
            Type::Flags(_) => WasmTypeKind::Flags,
        }
    }

    fn list_element_type(&self) -> Option<Self> {
        match self {
            Type::List(element) | Type::FixedLengthList(element, _) | Type::Map(element) => Some(Type::clone(element)),
            _ => None,
        }
    }

    fn record_fields(&self) -> Box<dyn Iterator<Item = (Cow<'_, str>, Self)> + '_> {
        let fields = match self {
            Type::Record(fields) => &fields[..],
            _ => &[],
        };
        Box::new(fields.iter().map(|(name, ty)| (name.into(), ty.clone())))
    }

    fn tuple_element_types(&self) -> Box<dyn Iterator<Item = Self> + '_> {
        let parts = match self {
            Type::Tuple(parts) => &parts[..],
            _ => &[],
        };
        Box::new(parts.iter().cloned())
    }

    fn variant_cases(&self) -> Box<dyn Iterator<Item = (Cow<'_, str>, Option<Self>)> + '_> {
        let cases = match self {
            Type::Variant(cases) => &cases[..],
            _ => &[],
        };
        Box::new(cases.iter().map(|(name, payload)| (name.into(), payload.clone())))
    }

    fn enum_cases(&self) -> Box<dyn Iterator<Item = Cow<'_, str>> + '_> {
        let cases = match self {
            Type::Enum(cases) => &cases[..],
            _ => &[],
        };
        Box::new(cases.iter().map(Cow::from))
    }

    fn option_some_type(&self) -> Option<Self> {
        match self {
            Type::Option(some) => Some(Type::clone(some)),
            _ => None,
        }
    }

    fn result_types(&self) -> Option<(Option<Self>, Option<Self>)> {
        match self {
            Type::Result(payloads) => Some((payloads.0.clone(), payloads.1.clone())),
            _ => None,
        }
    }

    fn flags_names(&self) -> Box<dyn Iterator<Item = Cow<'_, str>> + '_> {
        let names = match self {
            Type::Flags(names) => &names[..],
            _ => &[],
        };
        Box::new(names.iter().map(Cow::from))
    }
}
