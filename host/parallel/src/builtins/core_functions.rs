//! Core functions whose types the compiler knows, for host functions with Rust types.
//!
//! **Problem.** A host function that Wasmtime calls with a slice of values costs several times as much as one with a
//! static type. **Before:** the core types of the parameters and of the result, as type-level lists. **After:** a
//! closure with one parameter for each, which passes on their bits. There is one form of closure for each number of
//! parameters, up to sixteen; with more, the guest passes one pointer.

use super::arguments::ARGUMENTS;
use super::arities::for_each_arity;
use crate::state::thread::{Caller, Thread};
use std::future::Future;
use wasmtime::{Linker, WasmRet, WasmTy};
use weft_abi::typed::flat::{Cons, Core, End, FlatList, Unknown};

/// A core type that Wasmtime passes.
pub trait CoreValue: Core + WasmTy + Sync {}

impl<V: Core + WasmTy + Sync> CoreValue for V {}

/// What a core function returns.
type Given<'a, R> = Box<dyn Future<Output = wasmtime::Result<R>> + Send + 'a>;

/// The core type of a result.
pub trait CoreResult: FlatList {
    /// The Rust type.
    type Value: WasmRet + Send + 'static;
    /// Whether the guest passes a pointer to the place for the result.
    const POINTER: bool;
    /// Whether the type is known at compile time.
    const KNOWN: bool = true;

    /// The value with these bits.
    fn value(bits: u64) -> Self::Value;
}

impl CoreResult for End {
    type Value = ();
    const POINTER: bool = false;

    fn value(_: u64) {}
}

impl<V: CoreValue + WasmRet> CoreResult for Cons<V, End> {
    type Value = V;
    const POINTER: bool = false;

    fn value(bits: u64) -> V {
        V::from_bits(bits)
    }
}

impl<A: Core, B: Core, T: FlatList> CoreResult for Cons<A, Cons<B, T>> {
    type Value = ();
    const POINTER: bool = true;

    fn value(_: u64) {}
}

impl<A: Core> CoreResult for Cons<A, Unknown> {
    type Value = ();
    const POINTER: bool = true;
    const KNOWN: bool = false;

    fn value(_: u64) {}
}

impl CoreResult for Unknown {
    type Value = ();
    const POINTER: bool = true;
    const KNOWN: bool = false;

    fn value(_: u64) {}
}

/// The core types of parameters.
pub trait CoreParams: FlatList {
    /// Whether the types are known at compile time.
    const KNOWN: bool = true;

    /// Defines a function that returns without suspending.
    fn define<T, R, F>(linker: &mut Linker<Thread<T>>, name: &str, function: F) -> wasmtime::Result<()>
    where
        T: Send + Sync + 'static,
        R: CoreResult,
        F: Fn(Caller<'_, T>, &[u64]) -> wasmtime::Result<u64> + Send + Sync + 'static;

    /// Defines a function that may suspend.
    fn define_async<T, R, F>(linker: &mut Linker<Thread<T>>, name: &str, function: F) -> wasmtime::Result<()>
    where
        T: Send + Sync + 'static,
        R: CoreResult,
        F: for<'a> Fn(Caller<'a, T>, FlatCall) -> Given<'a, R::Value> + Send + Sync + 'static;

    /// Defines a function that returns without suspending, and gives what the guest is to allocate for the result.
    fn define_asking<T, F>(linker: &mut Linker<Thread<T>>, name: &str, function: F) -> wasmtime::Result<()>
    where
        T: Send + Sync + 'static,
        F: Fn(Caller<'_, T>, FlatCall) -> wasmtime::Result<u64> + Send + Sync + 'static;

    /// Defines one that may suspend.
    fn define_asking_async<T, F>(linker: &mut Linker<Thread<T>>, name: &str, function: F) -> wasmtime::Result<()>
    where
        T: Send + Sync + 'static,
        F: for<'a> Fn(Caller<'a, T>, FlatCall) -> Given<'a, i64> + Send + Sync + 'static;
}

/// The core values of a call: at most one per parameter, and the pointer to the place for the result.
pub type FlatCall = [u64; 17];

/// The first core values of a call.
fn flat<const N: usize>(values: [u64; N]) -> FlatCall {
    let mut flat = FlatCall::default();
    for (place, value) in flat.iter_mut().zip(values) {
        *place = value;
    }
    flat
}

macro_rules! define {
    ($($name:ident)*) => {
        #[allow(non_snake_case, reason = "a parameter is called as its type is")]
        fn define<T, R, F>(linker: &mut Linker<Thread<T>>, name: &str, function: F) -> wasmtime::Result<()>
        where
            T: Send + Sync + 'static,
            R: CoreResult,
            F: Fn(Caller<'_, T>, &[u64]) -> wasmtime::Result<u64> + Send + Sync + 'static,
        {
            let defined = match R::POINTER {
                false => linker.func_wrap(ARGUMENTS, name, move |caller: Caller<'_, T>, $($name: $name),*| {
                    function(caller, &[$(Core::bits($name)),*]).map(R::value)
                }),
                true => linker.func_wrap(ARGUMENTS, name, move |caller: Caller<'_, T>, $($name: $name,)* place: i32| {
                    function(caller, &[$(Core::bits($name),)* Core::bits(place)]).map(R::value)
                }),
            };
            defined.map(drop)
        }

        #[allow(non_snake_case, reason = "a parameter is called as its type is")]
        fn define_async<T, R, F>(linker: &mut Linker<Thread<T>>, name: &str, function: F) -> wasmtime::Result<()>
        where
            T: Send + Sync + 'static,
            R: CoreResult,
            F: for<'a> Fn(Caller<'a, T>, FlatCall) -> Given<'a, R::Value> + Send + Sync + 'static,
        {
            let defined = match R::POINTER {
                false => linker.func_wrap_async(ARGUMENTS, name, move |caller: Caller<'_, T>, ($($name,)*): ($($name,)*)| {
                    function(caller, flat([$(Core::bits($name)),*]))
                }),
                true => linker.func_wrap_async(
                    ARGUMENTS,
                    name,
                    move |caller: Caller<'_, T>, ($($name,)* place,): ($($name,)* i32,)| {
                        function(caller, flat([$(Core::bits($name),)* Core::bits(place)]))
                    },
                ),
            };
            defined.map(drop)
        }

        #[allow(non_snake_case, reason = "a parameter is called as its type is")]
        fn define_asking<T, F>(linker: &mut Linker<Thread<T>>, name: &str, function: F) -> wasmtime::Result<()>
        where
            T: Send + Sync + 'static,
            F: Fn(Caller<'_, T>, FlatCall) -> wasmtime::Result<u64> + Send + Sync + 'static,
        {
            let defined = linker.func_wrap(ARGUMENTS, name, move |caller: Caller<'_, T>, $($name: $name,)* place: i32| {
                function(caller, flat([$(Core::bits($name),)* Core::bits(place)]))
            });
            defined.map(drop)
        }

        #[allow(non_snake_case, reason = "a parameter is called as its type is")]
        fn define_asking_async<T, F>(linker: &mut Linker<Thread<T>>, name: &str, function: F) -> wasmtime::Result<()>
        where
            T: Send + Sync + 'static,
            F: for<'a> Fn(Caller<'a, T>, FlatCall) -> Given<'a, i64> + Send + Sync + 'static,
        {
            let defined = linker.func_wrap_async(
                ARGUMENTS,
                name,
                move |caller: Caller<'_, T>, ($($name,)* place,): ($($name,)* i32,)| {
                    function(caller, flat([$(Core::bits($name),)* Core::bits(place)]))
                },
            );
            defined.map(drop)
        }
    };
}

/// A type-level list with this tail.
macro_rules! list {
    ($end:ty;) => { $end };
    ($end:ty; $first:ident $($rest:ident)*) => { Cons<$first, list!($end; $($rest)*)> };
}

macro_rules! params {
    ($($name:ident)*) => {
        impl<$($name: CoreValue),*> CoreParams for list!(End; $($name)*) {
            define!($($name)*);
        }

        impl<$($name: CoreValue),*> CoreParams for list!(Unknown; $($name)*) {
            const KNOWN: bool = false;
            define!();
        }
    };
}

for_each_arity! { params }

type Pointer = i32;

/// More than sixteen parameters, which the guest passes in memory.
impl<A, B, C, D, E, G, H, I, J, K, L, M, N, O, P, Q, S, Rest> CoreParams for list!(Cons<S, Rest>; A B C D E G H I J K L M N O P Q)
where
    A: CoreValue,
    B: CoreValue,
    C: CoreValue,
    D: CoreValue,
    E: CoreValue,
    G: CoreValue,
    H: CoreValue,
    I: CoreValue,
    J: CoreValue,
    K: CoreValue,
    L: CoreValue,
    M: CoreValue,
    N: CoreValue,
    O: CoreValue,
    P: CoreValue,
    Q: CoreValue,
    S: CoreValue,
    Rest: FlatList,
{
    define!(Pointer);
}
