//! The core functions that the component lifts, in one store.
//!
//! The run-time module exports each of them with 64-bit integers as parameters and result ([`LIFT_EXPORT`]). So there
//! is one Rust type for each number of parameters, and Wasmtime checks a function's type only once per store.
//!
//! [`LIFT_EXPORT`]: weft_lower::plan::LIFT_EXPORT

use crate::error::lacks;
use crate::state::thread::Thread;
use wasmtime::{Instance, StoreContextMut, TypedFunc};
use weft_abi::typed::FlatParams;

/// The core functions of an export.
pub(super) struct Exported {
    pub(super) function: LiftedCore,
    pub(super) post_return: Option<LiftedCore>,
}

macro_rules! lifted_core {
    ($($variant:ident($($position:literal)*)),*) => {
        /// See the module. The variants are named after the number of parameters.
        pub(super) enum LiftedCore {
            $($variant(TypedFunc<($(number!($position),)*), u64>)),*
        }

        impl LiftedCore {
            pub(super) fn find<T>(
                store: &mut StoreContextMut<'_, Thread<T>>,
                instance: Instance,
                export: &str,
            ) -> wasmtime::Result<Self> {
                let function = instance.get_func(&mut *store, export).ok_or_else(|| lacks(export))?;
                $(
                    if let Ok(function) = function.typed(&*store) {
                        return Ok(LiftedCore::$variant(function));
                    }
                )*
                Err(lacks(export))
            }

            /// Calls the function with as many of the arguments as it has parameters.
            pub(super) async fn call<T: Send + Sync + 'static>(
                &self,
                store: &mut StoreContextMut<'_, Thread<T>>,
                arguments: &FlatParams,
            ) -> wasmtime::Result<u64> {
                match self {
                    $(LiftedCore::$variant(function) => {
                        function.call_async(store, ($(arguments[$position],)*)).await
                    })*
                }
            }
        }
    };
}

macro_rules! number {
    ($position:literal) => {
        u64
    };
}

lifted_core! {
    Of0(),
    Of1(0),
    Of2(0 1),
    Of3(0 1 2),
    Of4(0 1 2 3),
    Of5(0 1 2 3 4),
    Of6(0 1 2 3 4 5),
    Of7(0 1 2 3 4 5 6),
    Of8(0 1 2 3 4 5 6 7),
    Of9(0 1 2 3 4 5 6 7 8),
    Of10(0 1 2 3 4 5 6 7 8 9),
    Of11(0 1 2 3 4 5 6 7 8 9 10),
    Of12(0 1 2 3 4 5 6 7 8 9 10 11),
    Of13(0 1 2 3 4 5 6 7 8 9 10 11 12),
    Of14(0 1 2 3 4 5 6 7 8 9 10 11 12 13),
    Of15(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14),
    Of16(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15)
}
