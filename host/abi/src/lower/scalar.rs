//! Values that take one core value.

use crate::AddressWidth;
use crate::check::Mismatch;
use crate::float::{canonical32, canonical64};
use crate::handles::Handles;
use crate::trap::Trap;
use crate::types::{Labels, Types, ValType};
use crate::val::Val;

/// The bits of a value that takes one core value, and its size in memory. `None` if the value takes more.
pub(super) fn scalar<H: Handles + ?Sized>(
    types: &Types,
    ty: ValType,
    value: &Val,
    handles: &mut H,
) -> Result<Option<(u64, usize)>, Trap> {
    Ok(Some(match (ty, value) {
        (ValType::Bool, Val::Bool(value)) => (u64::from(*value), 1),
        // A core value is extended to 32 bits with its sign.
        (ValType::S8, Val::S8(value)) => (u64::from(i32::from(*value) as u32), 1),
        (ValType::U8, Val::U8(value)) => (u64::from(*value), 1),
        (ValType::S16, Val::S16(value)) => (u64::from(i32::from(*value) as u32), 2),
        (ValType::U16, Val::U16(value)) => (u64::from(*value), 2),
        (ValType::S32, Val::S32(value)) => (u64::from(*value as u32), 4),
        (ValType::U32, Val::U32(value)) => (u64::from(*value), 4),
        (ValType::S64, Val::S64(value)) => (*value as u64, 8),
        (ValType::U64, Val::U64(value)) => (*value, 8),
        (ValType::Float32, Val::Float32(value)) => (u64::from(canonical32(*value).to_bits()), 4),
        (ValType::Float64, Val::Float64(value)) => (canonical64(*value).to_bits(), 8),
        (ValType::Char, Val::Char(value)) => (u64::from(u32::from(*value)), 4),
        (ValType::Flags(index), Val::Flags(names)) => {
            let flags = &types[index];
            let mut bits = 0_u32;
            for name in names {
                bits |= 1 << position(&flags.names, name)?;
            }
            // The layout of flags is the same for both widths.
            (bits.into(), flags.layout.size(AddressWidth::W32) as usize)
        }
        (ValType::Enum(index), Val::Enum(name)) => {
            let ty = &types[index];
            (position(&ty.cases, name)?.into(), ty.form.discriminant.size() as usize)
        }
        (ValType::Own(ty), Val::Resource(resource)) => (handles.lower_own(*resource, ty)?.into(), 4),
        (ValType::Borrow(ty), Val::Resource(resource)) => (handles.lower_borrow(*resource, ty)?.into(), 4),
        (ValType::Unsupported(kind), _) => return Err(Trap::Unsupported(kind)),
        (
            ValType::FixedLengthList(_)
            | ValType::Record(_)
            | ValType::Tuple(_)
            | ValType::Variant(_)
            | ValType::Option(_)
            | ValType::Result(_),
            _,
        ) => return Ok(None),
        (
            ValType::Bool
            | ValType::S8
            | ValType::U8
            | ValType::S16
            | ValType::U16
            | ValType::S32
            | ValType::U32
            | ValType::S64
            | ValType::U64
            | ValType::Float32
            | ValType::Float64
            | ValType::Char
            | ValType::String
            | ValType::List(_)
            | ValType::Map(_)
            | ValType::Enum(_)
            | ValType::Flags(_)
            | ValType::Own(_)
            | ValType::Borrow(_),
            _,
        ) => return Err(Mismatch::kind(types, ty, value).into()),
    }))
}

/// The position of a name among those of a type.
pub(super) fn position(labels: &Labels, name: &str) -> Result<u32, Trap> {
    let position = labels.position(name);
    position.ok_or_else(|| Trap::from(Mismatch::new(format!("the type has no `{name}`"))))
}
