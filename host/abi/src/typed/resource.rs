//! Resources of the host as typed values.
//!
//! A [`Resource`] holds the resource's representation, a number. The host keeps the resource itself wherever it likes.
//! When a guest passes a handle, the host gets the number, without a table of the host in between. [`ResourceAny`]
//! needs such a table, because it can also refer to resources of guests.

use super::flat::One;
use super::{ComponentType, Form, Guest, Lift, Lower, Lowerer, Ty, TypeCheck};
use crate::check::Mismatch;
use crate::handles::{HandleError, Handles, ResourceAny};
use crate::lift::{Lifter, first};
use crate::memory::GuestMemory;
use crate::trap::Trap;
use crate::types::{ResourceIndex, ValType};
use std::any::TypeId;
use std::fmt;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicBool, Ordering};

/// A resource of the host's resource type for `T`, owned, or borrowed for the length of a call.
///
/// If you pass an owned one to a guest, the guest owns it from then on, so you cannot pass it twice.
pub struct Resource<T> {
    rep: u32,
    owned: bool,
    /// Whether a guest has it.
    given: AtomicBool,
    marker: PhantomData<fn() -> T>,
}

impl<T: 'static> Resource<T> {
    const fn new(rep: u32, owned: bool) -> Self {
        Resource {
            rep,
            owned,
            given: AtomicBool::new(false),
            marker: PhantomData,
        }
    }

    /// Creates an owned resource with this representation.
    pub const fn new_own(rep: u32) -> Self {
        Resource::new(rep, true)
    }

    /// Creates a borrowed resource with this representation, which a guest can use for the length of a call.
    pub const fn new_borrow(rep: u32) -> Self {
        Resource::new(rep, false)
    }

    /// The representation.
    pub const fn rep(&self) -> u32 {
        self.rep
    }

    /// Whether it is owned.
    pub const fn owned(&self) -> bool {
        self.owned
    }
}

impl<T> fmt::Debug for Resource<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resource")
            .field("rep", &self.rep)
            .field("owned", &self.owned)
            .finish()
    }
}

impl<T: 'static> ComponentType for Resource<T> {
    const FORM: Form = Form::handle();
    type Flat = One<i32>;

    fn typecheck(ty: ValType, types: &TypeCheck<'_>) -> Result<(), Mismatch> {
        match ty {
            ValType::Own(index) | ValType::Borrow(index) if (types.is_host_resource)(index, TypeId::of::<T>()) => {
                Ok(())
            }
            ValType::Own(_) | ValType::Borrow(_) => Err(Mismatch::new("expected another resource type")),
            _ => Err(types.mismatch("own or borrow", ty)),
        }
    }
}

/// Takes a handle of the guest.
fn take<T: 'static, H: Handles + ?Sized>(handles: &mut H, ty: Ty<'_>, index: u32) -> Result<Resource<T>, Trap> {
    match ty.value()? {
        ValType::Own(ty) => Ok(Resource::new_own(handles.lift_own_rep(index, ty)?)),
        ValType::Borrow(ty) => Ok(Resource::new_borrow(handles.lift_borrow_rep(index, ty)?)),
        _ => Err(Trap::FlatValues),
    }
}

impl<T: 'static> Resource<T> {
    /// Gives the guest a handle.
    fn give<H: Handles + ?Sized>(&self, handles: &mut H, ty: Ty<'_>) -> Result<u32, Trap> {
        match ty.value()? {
            ValType::Own(ty) => self.give_own(handles, ty),
            ValType::Borrow(ty) => match self.given.load(Ordering::Relaxed) {
                true => Err(HandleError::Consumed.into()),
                false => Ok(handles.lower_borrow_rep(self.rep, ty)?),
            },
            _ => Err(Trap::FlatValues),
        }
    }

    fn give_own<H: Handles + ?Sized>(&self, handles: &mut H, ty: ResourceIndex) -> Result<u32, Trap> {
        if !self.owned {
            return Err(HandleError::NotOwned(self.rep).into());
        }
        let given = match handles.takes() {
            true => self.given.swap(true, Ordering::Relaxed),
            false => self.given.load(Ordering::Relaxed),
        };
        match given {
            true => Err(HandleError::Consumed.into()),
            false => Ok(handles.lower_own_rep(self.rep, ty)?),
        }
    }
}

macro_rules! handles {
    ([$($generic:tt)*] $rust:ty, $take:expr, $give:expr) => {
        impl<$($generic)*> Lift for $rust {
            #[inline]
            fn lift<M, H>(cx: &mut Lifter<'_, M, H>, ty: Ty<'_>, flat: &[u64]) -> Result<Self, Trap>
            where
                M: GuestMemory + ?Sized,
                H: Handles + ?Sized,
            {
                let index = *flat.first().ok_or(Trap::FlatValues)? as u32;
                $take(&mut *cx.handles, ty, index)
            }

            fn load<M, H>(cx: &mut Lifter<'_, M, H>, ty: Ty<'_>, bytes: &[u8]) -> Result<Self, Trap>
            where
                M: GuestMemory + ?Sized,
                H: Handles + ?Sized,
            {
                let index = u32::from_le_bytes(first(bytes)?);
                $take(&mut *cx.handles, ty, index)
            }
        }

        impl<$($generic)*> Lower for $rust {
            async fn lower<G: Guest>(
                &self,
                cx: &mut Lowerer<'_, G>,
                ty: Ty<'_>,
                flat: &mut [u64],
            ) -> Result<(), G::Error> {
                let index = $give(self, cx.guest.handles(), ty)?;
                *flat.first_mut().ok_or(Trap::FlatValues)? = index.into();
                Ok(())
            }

            async fn store<G: Guest>(&self, cx: &mut Lowerer<'_, G>, ty: Ty<'_>, address: u64) -> Result<(), G::Error> {
                let index = $give(self, cx.guest.handles(), ty)?;
                cx.write(address, &index.to_le_bytes())
            }
        }
    };
}

handles!([T: 'static] Resource<T>, take, Resource::give);

/// Resources of any type. One that a guest passes is in the host's table until the host passes it on or drops it.
impl ComponentType for ResourceAny {
    const FORM: Form = Form::handle();
    type Flat = One<i32>;

    fn typecheck(ty: ValType, types: &TypeCheck<'_>) -> Result<(), Mismatch> {
        match ty {
            ValType::Own(_) | ValType::Borrow(_) => Ok(()),
            _ => Err(types.mismatch("own or borrow", ty)),
        }
    }
}

fn take_any<H: Handles + ?Sized>(handles: &mut H, ty: Ty<'_>, index: u32) -> Result<ResourceAny, Trap> {
    match ty.value()? {
        ValType::Own(ty) => Ok(handles.lift_own(index, ty)?),
        ValType::Borrow(ty) => Ok(handles.lift_borrow(index, ty)?),
        _ => Err(Trap::FlatValues),
    }
}

fn give_any<H: Handles + ?Sized>(resource: &ResourceAny, handles: &mut H, ty: Ty<'_>) -> Result<u32, Trap> {
    match ty.value()? {
        ValType::Own(ty) => Ok(handles.lower_own(*resource, ty)?),
        ValType::Borrow(ty) => Ok(handles.lower_borrow(*resource, ty)?),
        _ => Err(Trap::FlatValues),
    }
}

handles!([] ResourceAny, take_any, give_any);
