//! Handles to resources.
//!
//! A [`HandleTable`] belongs to a component instance, or to the host. A call borrows handles in a [`Scope`] and lends some.
//! [`CallHandles`] passes handles between a guest's table and the host's, [`transfer_own`] and [`CallBorrows`] between two guests'.

mod call;
mod free_indices;
mod passed;
mod resource_any;
mod resource_type;
mod scope;
mod table;
mod transfer;

pub use call::{CallHandles, ResourceTypes};
pub use passed::HandleCheck;
pub use resource_any::ResourceAny;
pub use resource_type::{ResourceType, TypeNumber};
pub use scope::{Lends, Scope};
pub use table::{Account, Found, HandleTable, Key, MAX_INDEX, Removed};
pub use transfer::{CallBorrows, HandlesOf, transfer_own};

use crate::types::ResourceIndex;

/// Why a handle cannot be used. The messages begin like Wasmtime's own.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HandleError {
    /// There is no handle with this index: it was never assigned, or it was dropped.
    #[error("unknown handle index {0}")]
    Unknown(u32),

    /// The handle has another resource type.
    #[error(
        "handle index {0} used with the wrong type, expected guest-defined resource but found a different guest-defined \
         resource"
    )]
    WrongType(u32),

    /// The host passes a handle with another resource type, or one of another instance.
    #[error(
        "resource type mismatch: the handle is of another type, or belongs to another instance; use one of the same instance"
    )]
    HostType,

    /// The handle is lent to a call that has not returned.
    #[error("cannot remove owned resource while borrowed")]
    Lent(u32),

    /// The handle is lent to the greatest possible number of calls.
    #[error("cannot lend resource: too many active lends")]
    TooManyLends(u32),

    /// An owned handle is required, and this one is borrowed.
    #[error("cannot lift own resource from a borrow")]
    NotOwned(u32),

    /// The call returns before it has dropped all handles that it borrowed.
    #[error("borrow handles still remain at the end of the call")]
    BorrowsRemain,

    /// The table is full.
    #[error("cannot allocate another handle: index overflow")]
    Full,

    /// The table cannot grow.
    #[error("cannot allocate another handle: the program's memory limit is reached")]
    NoMemory,

    /// The host passes a handle that it no longer has.
    #[error("host resource already consumed")]
    Consumed,

    /// Nothing in this call can pass handles.
    #[error("this call cannot pass handles")]
    None,
}

/// Converts handles between a guest and the host.
///
/// Specification: `lift_own`, `lift_borrow`, `lower_own` and `lower_borrow` in
/// [loading](https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#loading) and
/// [storing](https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#storing).
pub trait Handles {
    /// Takes an owned handle from the guest.
    fn lift_own(&mut self, index: u32, ty: ResourceIndex) -> Result<ResourceAny, HandleError>;

    /// Borrows a handle from the guest until the call returns.
    fn lift_borrow(&mut self, index: u32, ty: ResourceIndex) -> Result<ResourceAny, HandleError>;

    /// Takes an owned handle of a host resource from the guest, and returns its representation.
    fn lift_own_rep(&mut self, index: u32, ty: ResourceIndex) -> Result<u32, HandleError>;

    /// Borrows a handle of a host resource from the guest until the call returns, and returns its representation.
    fn lift_borrow_rep(&mut self, index: u32, ty: ResourceIndex) -> Result<u32, HandleError>;

    /// Gives the guest an owned handle of the host resource with this representation.
    fn lower_own_rep(&mut self, rep: u32, ty: ResourceIndex) -> Result<u32, HandleError>;

    /// Lends the guest a handle of the host resource with this representation, until the call returns.
    fn lower_borrow_rep(&mut self, rep: u32, ty: ResourceIndex) -> Result<u32, HandleError>;

    /// Whether the guest really gets handles. If not, they are only looked up.
    fn takes(&self) -> bool {
        true
    }

    /// Gives an owned handle to the guest.
    fn lower_own(&mut self, resource: ResourceAny, ty: ResourceIndex) -> Result<u32, HandleError>;

    /// Lends a handle to the guest until the call returns. If the guest instance defines the resource type itself, it
    /// gets the representation.
    fn lower_borrow(&mut self, resource: ResourceAny, ty: ResourceIndex) -> Result<u32, HandleError>;
}

/// No handles: for functions that pass none.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoHandles;

impl Handles for NoHandles {
    fn lift_own_rep(&mut self, _: u32, _: ResourceIndex) -> Result<u32, HandleError> {
        Err(HandleError::None)
    }

    fn lift_borrow_rep(&mut self, _: u32, _: ResourceIndex) -> Result<u32, HandleError> {
        Err(HandleError::None)
    }

    fn lower_own_rep(&mut self, _: u32, _: ResourceIndex) -> Result<u32, HandleError> {
        Err(HandleError::None)
    }

    fn lower_borrow_rep(&mut self, _: u32, _: ResourceIndex) -> Result<u32, HandleError> {
        Err(HandleError::None)
    }

    fn lift_own(&mut self, _: u32, _: ResourceIndex) -> Result<ResourceAny, HandleError> {
        Err(HandleError::None)
    }

    fn lift_borrow(&mut self, _: u32, _: ResourceIndex) -> Result<ResourceAny, HandleError> {
        Err(HandleError::None)
    }

    fn lower_own(&mut self, _: ResourceAny, _: ResourceIndex) -> Result<u32, HandleError> {
        Err(HandleError::None)
    }

    fn lower_borrow(&mut self, _: ResourceAny, _: ResourceIndex) -> Result<u32, HandleError> {
        Err(HandleError::None)
    }
}
