//! The functions of an instance, for a state of type `T`: on dynamic values, and on Rust values.

use super::erased;
use super::state::HostState;
use crate::embedding::func::Func as Erased;
use crate::error::Error;
use std::marker::PhantomData;
use weft_abi::{ComponentNamedList, FuncType, Lift, Lower, Signature, Types, Val};

/// A lifted function of an [`Instance`](crate::Instance). It does not keep the instance alive.
pub struct Func<T: Send + Sync + 'static> {
    func: Erased<HostState>,
    marker: PhantomData<fn() -> T>,
}

impl<T: Send + Sync + 'static> Clone for Func<T> {
    fn clone(&self) -> Self {
        Func::new(self.func.clone())
    }
}

impl<T: Send + Sync + 'static> Func<T> {
    pub(super) fn new(func: Erased<HostState>) -> Self {
        Func {
            func,
            marker: PhantomData,
        }
    }

    /// The function's type: the names and types of its parameters, and the type of its result.
    pub fn ty(&self) -> &FuncType {
        self.func.ty()
    }

    /// The types of the function's component. [`Self::ty`] refers to them.
    pub fn types(&self) -> &Types {
        self.func.types()
    }

    /// The function's type in a form that can be compared with those of other components: see
    /// [`LinkerInstance::func_type`](crate::LinkerInstance::func_type). Its resource types are those that handles of the instance have
    /// ([`ResourceAny::ty`](crate::ResourceAny::ty)).
    ///
    /// # Errors
    ///
    /// The instance has ended.
    pub fn signature(&self) -> Result<Signature, Error> {
        self.func.signature()
    }

    /// Calls the function on a new implicit thread. If the call uses something that is not shared, it waits until no other such call of the
    /// instance is in progress. If parallel threads call one of the component instances inside, calls of that one take turns separately.
    ///
    /// If you drop the future, the call continues: only the end of the program ends a thread.
    ///
    /// # Errors
    ///
    /// The function's type does not allow calls; the arguments do not fit; the program is at its limit of threads; this or another thread
    /// of the program traps or exits, or has done so before; or the caller is a host function, and a call of this instance that waits for
    /// the host function would have to end first ([`Error::Reentrant`]).
    pub async fn call_async(&self, arguments: &[Val]) -> Result<Option<Val>, Error> {
        erased::call_async(&self.func, arguments).await
    }

    /// Calls the function as [`Self::call_async`] does, and blocks the calling thread. If everything that the call uses is shared, and the
    /// component has no built-in that starts, suspends or resumes threads, the guest's code runs on the calling thread too.
    ///
    /// # Errors
    ///
    /// Those of [`Self::call_async`]; or the caller is a host function, which must not block.
    pub fn call(&self, arguments: &[Val]) -> Result<Option<Val>, Error> {
        erased::call(&self.func, arguments)
    }

    /// The function with Rust types: `Params` is a tuple of the parameters, and `Return` a tuple of the result, or `()`.
    ///
    /// # Errors
    ///
    /// The function has other types, or its types do not allow calls; or the instance has ended.
    pub fn typed<Params, Return>(&self) -> Result<TypedFunc<T, Params, Return>, Error>
    where
        Params: ComponentNamedList + Lower + 'static,
        Return: ComponentNamedList + Lift + 'static,
    {
        self.func.check_types::<Params, Return>()?;
        Ok(TypedFunc {
            func: self.clone(),
            marker: PhantomData,
        })
    }
}

/// A [`Func`] whose parameters and result are Rust values.
pub struct TypedFunc<T: Send + Sync + 'static, Params, Return> {
    func: Func<T>,
    marker: PhantomData<fn(Params) -> Return>,
}

impl<T: Send + Sync + 'static, Params, Return> Clone for TypedFunc<T, Params, Return> {
    fn clone(&self) -> Self {
        TypedFunc {
            func: self.func.clone(),
            marker: PhantomData,
        }
    }
}

impl<T, Params, Return> TypedFunc<T, Params, Return>
where
    T: Send + Sync + 'static,
    Params: ComponentNamedList + Lower + 'static,
    Return: ComponentNamedList + Lift + 'static,
{
    /// Calls the function as [`Func::call_async`] does. The host owns the result.
    ///
    /// # Errors
    ///
    /// Those of [`Func::call_async`].
    pub async fn call_async(&self, params: Params) -> Result<Return, Error> {
        self.func.func.call_typed_async(params).await
    }

    /// Calls the function as [`Self::call_async`] does, and blocks the calling thread.
    ///
    /// # Errors
    ///
    /// Those of [`Func::call`].
    pub fn call(&self, params: Params) -> Result<Return, Error> {
        self.func.func.call_typed(params)
    }

    /// The function without the Rust types.
    pub fn func(&self) -> &Func<T> {
        &self.func
    }
}
