//! Resource types, which are distinct across all programs of the process.
//!
//! **Problem.** The host compares the type of a handle with one of its own, or with that of another handle. A Rust
//! type's id identifies a resource type of the host, but takes 16 bytes, and a [`Val`](crate::Val) should not grow by
//! that much. **Here,** a handle carries a number of 32 bits, and which kind of number it is. The numbers of the host's
//! types are valid in the whole process, and other numbers in one program.

use std::any::TypeId;
use std::sync::{PoisonError, RwLock};

/// A resource type: one that the host defines, or one that a component of some program defines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ResourceType(Kind);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Host(TypeId),
    HostDynamic(u32),
    /// The number of the program's table of handles, and that of the type.
    Guest {
        table: u64,
        number: u32,
    },
}

/// A resource type as a handle carries it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TypeNumber {
    pub(super) kind: NumberKind,
    pub(super) number: u32,
}

/// What the number of a resource type is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum NumberKind {
    /// A position in [`HOST_TYPES`].
    Host,
    /// The number that the host chose.
    HostDynamic,
    /// An index that has a meaning in one program.
    Guest,
}

/// The host's types that have numbers.
static HOST_TYPES: RwLock<Vec<TypeId>> = RwLock::new(Vec::new());

impl ResourceType {
    /// The host's resource type for `R`. No value of type `R` needs to exist.
    pub fn host<R: 'static>() -> ResourceType {
        ResourceType(Kind::Host(TypeId::of::<R>()))
    }

    /// A resource type of the host that no Rust type stands for. `payload` tells it from other such types: equal numbers
    /// mean the same type.
    ///
    /// Use it if the resource types are known only when the host runs, for example those that another instance exports.
    pub const fn host_dynamic(payload: u32) -> ResourceType {
        ResourceType(Kind::HostDynamic(payload))
    }

    /// The resource type that `number` means in the program whose table of handles has the number `table`.
    pub fn of_number(table: u64, TypeNumber { kind, number }: TypeNumber) -> ResourceType {
        ResourceType(match kind {
            NumberKind::Guest => Kind::Guest { table, number },
            NumberKind::HostDynamic => Kind::HostDynamic(number),
            NumberKind::Host => {
                let types = HOST_TYPES.read().unwrap_or_else(PoisonError::into_inner);
                Kind::Host(types[number as usize])
            }
        })
    }

    /// Whether a Rust type identifies it.
    pub fn is(self, ty: TypeId) -> bool {
        self.0 == Kind::Host(ty)
    }

    /// The type's number in handles. `None` for a type that a component defines, whose number has a meaning in one program
    /// only.
    pub fn number(self) -> Option<TypeNumber> {
        let (kind, number) = match self.0 {
            Kind::Guest { .. } => return None,
            Kind::HostDynamic(payload) => (NumberKind::HostDynamic, payload),
            Kind::Host(ty) => {
                let mut types = HOST_TYPES.write().unwrap_or_else(PoisonError::into_inner);
                let position = types.iter().position(|known| *known == ty).unwrap_or_else(|| {
                    types.push(ty);
                    types.len() - 1
                });
                (NumberKind::Host, position as u32)
            }
        };
        Some(TypeNumber { kind, number })
    }
}

impl TypeNumber {
    /// The number of a type that the program's component defines. `index` identifies it in the program.
    pub const fn defined(index: u32) -> TypeNumber {
        TypeNumber {
            kind: NumberKind::Guest,
            number: index,
        }
    }
}
