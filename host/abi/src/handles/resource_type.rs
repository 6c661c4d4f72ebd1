//! Resource types, which are distinct across all programs of the process.
//!
//! **Problem.** The host compares the type of a handle with one of its own, or with that of another handle. A Rust
//! type's id identifies a resource type of the host, but takes 16 bytes, and a [`Val`](crate::Val) should not grow by
//! that much. **Here,** a handle carries a number of 32 bits. The numbers of the host's types are valid in the whole
//! process, and other numbers in one program.

use std::any::TypeId;
use std::sync::{PoisonError, RwLock};

/// A resource type: one that the host defines, or one that a component of some program defines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ResourceType(Kind);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Host(TypeId),
    /// The number of the program's table of handles, and that of the type.
    Guest {
        table: u64,
        number: TypeNumber,
    },
}

/// A resource type as a handle carries it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TypeNumber(u32);

/// What is added to the positions in [`HOST_TYPES`].
const HOST: u32 = 1 << 31;

/// The host's types that have numbers.
static HOST_TYPES: RwLock<Vec<TypeId>> = RwLock::new(Vec::new());

impl ResourceType {
    /// The host's resource type for `R`. No value of type `R` needs to exist.
    pub fn host<R: 'static>() -> ResourceType {
        ResourceType(Kind::Host(TypeId::of::<R>()))
    }

    /// Whether a Rust type identifies it.
    pub fn is(self, ty: TypeId) -> bool {
        self.0 == Kind::Host(ty)
    }

    pub(crate) fn new(table: u64, number: TypeNumber) -> ResourceType {
        let host = number.0.checked_sub(HOST).and_then(|position| {
            let types = HOST_TYPES.read().unwrap_or_else(PoisonError::into_inner);
            types.get(position as usize).copied()
        });
        ResourceType(match host {
            Some(ty) => Kind::Host(ty),
            None => Kind::Guest { table, number },
        })
    }

    /// The type's number in handles.
    pub fn number(self) -> TypeNumber {
        let ty = match self.0 {
            Kind::Host(ty) => ty,
            Kind::Guest { number, .. } => return number,
        };
        let mut types = HOST_TYPES.write().unwrap_or_else(PoisonError::into_inner);
        let position = types.iter().position(|known| *known == ty).unwrap_or_else(|| {
            types.push(ty);
            types.len() - 1
        });
        TypeNumber(HOST + position as u32)
    }
}

impl TypeNumber {
    /// The number of a type that the program's component defines. `index` identifies it in the program.
    pub const fn defined(index: u32) -> TypeNumber {
        assert!(index < HOST, "a component has far fewer resource types");
        TypeNumber(index)
    }
}
