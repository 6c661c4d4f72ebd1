//! References and owned pointers, which stand for their targets. Owned strings and lists are lowered as slices are.

use super::{ComponentType, Form, Guest, Lift, Lower, Lowerer, Ty, TypeCheck};
use crate::check::Mismatch;
use crate::handles::Handles;
use crate::lift::Lifter;
use crate::memory::GuestMemory;
use crate::trap::Trap;
use crate::types::ValType;
use std::sync::Arc;

macro_rules! component_types {
    ($($pointer:ty)*) => {$(
        impl<T: ComponentType + ?Sized> ComponentType for $pointer {
            const FORM: Form = T::FORM;
            type Flat = T::Flat;

            fn typecheck(ty: ValType, types: &TypeCheck<'_>) -> Result<(), Mismatch> {
                T::typecheck(ty, types)
            }

            fn typecheck_payload(ty: Option<ValType>, types: &TypeCheck<'_>) -> Result<(), Mismatch> {
                T::typecheck_payload(ty, types)
            }
        }
    )*};
}

macro_rules! lower {
    ($([$($generic:tt)*] $pointer:ty, $target:ty;)*) => {$(
        impl<$($generic)*> Lower for $pointer {
            fn lower<G: Guest>(
                &self,
                cx: &mut Lowerer<'_, G>,
                ty: Ty<'_>,
                flat: &mut [u64],
            ) -> impl Future<Output = Result<(), G::Error>> + Send {
                <$target as Lower>::lower(self, cx, ty, flat)
            }

            fn store<G: Guest>(
                &self,
                cx: &mut Lowerer<'_, G>,
                ty: Ty<'_>,
                address: u64,
            ) -> impl Future<Output = Result<(), G::Error>> + Send {
                <$target as Lower>::store(self, cx, ty, address)
            }
        }
    )*};
}

macro_rules! lift {
    ($([$($generic:tt)*] $pointer:ty, $owned:ty;)*) => {$(
        impl<$($generic)*> Lift for $pointer {
            fn lift<M, H>(cx: &mut Lifter<'_, M, H>, ty: Ty<'_>, flat: &[u64]) -> Result<Self, Trap>
            where
                M: GuestMemory + ?Sized,
                H: Handles + ?Sized,
            {
                Ok(<$owned>::lift(cx, ty, flat)?.into())
            }

            fn load<M, H>(cx: &mut Lifter<'_, M, H>, ty: Ty<'_>, bytes: &[u8]) -> Result<Self, Trap>
            where
                M: GuestMemory + ?Sized,
                H: Handles + ?Sized,
            {
                Ok(<$owned>::load(cx, ty, bytes)?.into())
            }
        }
    )*};
}

component_types! { &T Box<T> Arc<T> }
lower! {
    [T: Lower + Sync + ?Sized] &T, T;
    [T: Lower + Sync + ?Sized] Box<T>, T;
    [T: Lower + Send + ?Sized] Arc<T>, T;
    [] String, str;
    [T: Lower] Vec<T>, [T];
}
lift! {
    [T: Lift] Box<T>, T;
    [T: Lift + Sync] Arc<T>, T;
    [] Box<str>, String;
    [] Arc<str>, String;
    [T: Lift] Box<[T]>, Vec<T>;
    [T: Lift + Sync] Arc<[T]>, Vec<T>;
}
