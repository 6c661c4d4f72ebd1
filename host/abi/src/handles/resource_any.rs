//! A resource handle of the host.

use super::resource_type::{ResourceType, TypeNumber};

/// A handle of the host to a resource. Copies are the same handle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ResourceAny {
    /// The number of the host's table that it is in. Each program has one.
    pub(crate) table: u64,
    /// The handle's index and generation in that table.
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
