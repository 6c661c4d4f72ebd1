//! Types of parameters and results, in the form that `wasm-wave` needs.
//!
//! **Problem.** WAVE has neither lists of a fixed length nor maps, and `wasm-wave`'s own types and values lack them.
//! **Here,** WAVE sees both as lists: of elements, and of pairs. The type records which it is, so that a list that was
//! read becomes the right [`Val`](crate::Val).

use super::WaveError;
use std::borrow::Cow;
use std::sync::Arc;
use wasm_wave::wasm::{WasmType, WasmTypeKind};
use weft_abi::{Types, ValType};

/// A type whose values have a form as text.
#[derive(Debug, Clone)]
pub(super) enum Type {
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

/// A type as WAVE knows it.
pub(super) fn type_of(types: &Types, ty: ValType) -> Result<Type, WaveError> {
    let shared = |ty| type_of(types, ty).map(Arc::new);
    let optional = |ty: Option<ValType>| ty.map(|ty| type_of(types, ty)).transpose();
    let names = |labels: &weft_abi::types::Labels| labels.iter().map(str::to_owned).collect();
    Ok(match ty {
        ValType::Bool => Type::Simple(WasmTypeKind::Bool),
        ValType::S8 => Type::Simple(WasmTypeKind::S8),
        ValType::U8 => Type::Simple(WasmTypeKind::U8),
        ValType::S16 => Type::Simple(WasmTypeKind::S16),
        ValType::U16 => Type::Simple(WasmTypeKind::U16),
        ValType::S32 => Type::Simple(WasmTypeKind::S32),
        ValType::U32 => Type::Simple(WasmTypeKind::U32),
        ValType::S64 => Type::Simple(WasmTypeKind::S64),
        ValType::U64 => Type::Simple(WasmTypeKind::U64),
        ValType::Float32 => Type::Simple(WasmTypeKind::F32),
        ValType::Float64 => Type::Simple(WasmTypeKind::F64),
        ValType::Char => Type::Simple(WasmTypeKind::Char),
        ValType::String => Type::Simple(WasmTypeKind::String),
        ValType::List(index) => Type::List(shared(types[index].element)?),
        ValType::FixedLengthList(index) => Type::FixedLengthList(shared(types[index].element)?, types[index].length),
        ValType::Map(index) => {
            let (key, value) = (
                type_of(types, types[index].key.ty)?,
                type_of(types, types[index].value.ty)?,
            );
            Type::Map(Arc::new(Type::Tuple([key, value].into())))
        }
        ValType::Record(index) => {
            let fields = types[index].fields.iter();
            let fields = fields.map(|field| Ok((field.name.clone(), type_of(types, field.item.ty)?)));
            Type::Record(fields.collect::<Result<_, WaveError>>()?)
        }
        ValType::Tuple(index) => {
            let items = types[index].items.iter().map(|item| type_of(types, item.ty));
            Type::Tuple(items.collect::<Result<_, WaveError>>()?)
        }
        ValType::Variant(index) => {
            let cases = types[index].cases.iter().zip(&types[index].payloads);
            let cases = cases.map(|(name, payload)| Ok((name.to_owned(), optional(*payload)?)));
            Type::Variant(cases.collect::<Result<_, WaveError>>()?)
        }
        ValType::Enum(index) => Type::Enum(names(&types[index].cases)),
        ValType::Option(index) => Type::Option(shared(types[index].some)?),
        ValType::Result(index) => Type::Result(Arc::new((optional(types[index].ok)?, optional(types[index].error)?))),
        ValType::Flags(index) => Type::Flags(names(&types[index].names)),
        ValType::Own(_) | ValType::Borrow(_) | ValType::Unsupported(_) => {
            return Err(WaveError::Type(types.display(ty).to_string()));
        }
    })
}
