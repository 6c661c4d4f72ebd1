//! A handle as the host has it.

use super::resource_type::{ResourceType, TypeNumber};

/// A handle that the host has to a resource. Copies stand for the same handle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ResourceAny {
    /// Which table of the host's it is in. Each program has one.
    pub(crate) table: u64,
    /// Which of the handles in that table it is.
    pub(crate) handle: u64,
    pub(crate) ty: TypeNumber,
    pub(crate) owned: bool,
}

impl ResourceAny {
    /// Whether the handle owns the resource. If not, it is borrowed for the length of a call.
    pub const fn owned(self) -> bool {
        self.owned
    }

    /// The resource's type, which can be compared with that of other handles and with [`ResourceType::host`].
    pub fn ty(self) -> ResourceType {
        ResourceType::new(self.table, self.ty)
    }

    /// The number of the resource's type.
    pub const fn type_number(self) -> TypeNumber {
        self.ty
    }
}
