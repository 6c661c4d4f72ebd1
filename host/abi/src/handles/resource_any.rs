//! A resource handle of the host.

use super::resource_type::{NumberKind, ResourceType, TypeNumber};

/// A handle of the host to a resource. Copies are the same handle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ResourceAny {
    /// The number of the host's table that it is in. Each program has one.
    pub(crate) table: u64,
    /// The handle's index and generation in that table.
    pub(crate) handle: u64,
    /// The two fields of a [`TypeNumber`], which as one field would take more space.
    ty: u32,
    kind: NumberKind,
    pub(crate) owned: bool,
}

/// A [`Val`](crate::Val) should not grow by its rarest variant.
const _: () = assert!(size_of::<ResourceAny>() == 24);

impl ResourceAny {
    /// The handle in the table of this number.
    pub const fn new(table: u64, (index, generation): (u32, u32), ty: TypeNumber, owned: bool) -> ResourceAny {
        ResourceAny {
            table,
            handle: ((generation as u64) << 32) | index as u64,
            ty: ty.number,
            kind: ty.kind,
            owned,
        }
    }

    /// Whether the handle owns the resource. If not, it is borrowed for the length of a call.
    pub const fn owned(self) -> bool {
        self.owned
    }

    /// The resource's type, which can be compared with that of other handles and with [`ResourceType::host`].
    pub fn ty(self) -> ResourceType {
        ResourceType::of_number(self.table, self.type_number())
    }

    /// The number of the resource's type.
    pub const fn type_number(self) -> TypeNumber {
        TypeNumber {
            kind: self.kind,
            number: self.ty,
        }
    }
}
