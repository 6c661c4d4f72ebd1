//! Types in messages, as WIT writes them.

use super::*;
use std::fmt;

impl fmt::Display for Unsupported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Unsupported::Stream => "stream",
            Unsupported::Future => "future",
            Unsupported::ErrorContext => "error-context",
        })
    }
}

/// How many levels of a type a message shows. Below stands the kind alone: a small binary can define types whose full form is
/// longer than any memory.
const LEVELS: u8 = 4;

/// A type that is displayed as WIT writes it. A type that has a name in WIT has lost it, so its kind stands there.
pub struct Displayed<'a> {
    types: &'a Types,
    ty: ValType,
    levels: u8,
}

impl Types {
    /// A type as a message shows it, such as `list<u8>`.
    pub fn display(&self, ty: ValType) -> Displayed<'_> {
        Displayed {
            types: self,
            ty,
            levels: LEVELS,
        }
    }
}

impl fmt::Display for Displayed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Displayed { types, ty, levels } = *self;
        let show = |ty| Displayed {
            types,
            ty,
            levels: levels.saturating_sub(1),
        };
        let whole = levels > 0;
        match ty {
            ValType::Bool => f.write_str("bool"),
            ValType::S8 => f.write_str("s8"),
            ValType::U8 => f.write_str("u8"),
            ValType::S16 => f.write_str("s16"),
            ValType::U16 => f.write_str("u16"),
            ValType::S32 => f.write_str("s32"),
            ValType::U32 => f.write_str("u32"),
            ValType::S64 => f.write_str("s64"),
            ValType::U64 => f.write_str("u64"),
            ValType::Float32 => f.write_str("f32"),
            ValType::Float64 => f.write_str("f64"),
            ValType::Char => f.write_str("char"),
            ValType::String => f.write_str("string"),
            ValType::List(index) if whole => write!(f, "list<{}>", show(types[index].element)),
            ValType::FixedLengthList(index) if whole => {
                let list = &types[index];
                write!(f, "list<{}, {}>", show(list.element), list.length)
            }
            ValType::List(_) | ValType::FixedLengthList(_) => f.write_str("list"),
            ValType::Map(index) if whole => {
                let map = &types[index];
                write!(f, "map<{}, {}>", show(map.key.ty), show(map.value.ty))
            }
            ValType::Map(_) => f.write_str("map"),
            ValType::Record(_) => f.write_str("record"),
            ValType::Tuple(_) => f.write_str("tuple"),
            ValType::Variant(_) => f.write_str("variant"),
            ValType::Enum(_) => f.write_str("enum"),
            ValType::Option(index) if whole => write!(f, "option<{}>", show(types[index].some)),
            ValType::Option(_) => f.write_str("option"),
            ValType::Result(index) if whole => match (types[index].ok, types[index].error) {
                (None, None) => f.write_str("result"),
                (Some(ok), None) => write!(f, "result<{}>", show(ok)),
                (None, Some(error)) => write!(f, "result<_, {}>", show(error)),
                (Some(ok), Some(error)) => write!(f, "result<{}, {}>", show(ok), show(error)),
            },
            ValType::Result(_) => f.write_str("result"),
            ValType::Flags(_) => f.write_str("flags"),
            ValType::Own(_) => f.write_str("own"),
            ValType::Borrow(_) => f.write_str("borrow"),
            ValType::Unsupported(kind) => kind.fmt(f),
        }
    }
}
