//! Exported functions, on values and on Rust values.

use crate::cooperative::calls::wait;
use crate::cooperative::func::CooperativeFunc;
use std::marker::PhantomData;
use weft_abi::{ComponentNamedList, FuncType, Lift, Lower, Signature, Types, Val};
use weft_parallel::Error;

/// A lifted function of an [`Instance`](crate::Instance). It does not keep the instance alive.
pub struct Func<T: Send + Sync + 'static>(Kind<T>);

enum Kind<T: Send + Sync + 'static> {
    Parallel(weft_parallel::Func<T>),
    Cooperative(CooperativeFunc),
}

impl<T: Send + Sync + 'static> Clone for Func<T> {
    fn clone(&self) -> Self {
        Func(match &self.0 {
            Kind::Parallel(func) => Kind::Parallel(func.clone()),
            Kind::Cooperative(func) => Kind::Cooperative(func.clone()),
        })
    }
}

impl<T: Send + Sync + 'static> Func<T> {
    pub(crate) fn parallel(func: weft_parallel::Func<T>) -> Self {
        Func(Kind::Parallel(func))
    }

    pub(crate) fn cooperative(func: CooperativeFunc) -> Self {
        Func(Kind::Cooperative(func))
    }

    /// The function's type: the names and types of its parameters, and the type of its result.
    pub fn ty(&self) -> &FuncType {
        match &self.0 {
            Kind::Parallel(func) => func.ty(),
            Kind::Cooperative(func) => func.ty(),
        }
    }

    /// The types of the function's component. [`Self::ty`] refers to them.
    pub fn types(&self) -> &Types {
        match &self.0 {
            Kind::Parallel(func) => func.types(),
            Kind::Cooperative(func) => func.types(),
        }
    }

    /// The function's type in a form that can be compared with those of other components: see
    /// [`LinkerInstance::func_type`](crate::LinkerInstance::func_type). Its resource types are those that handles of the instance have
    /// ([`ResourceAny::ty`](crate::ResourceAny::ty)).
    ///
    /// # Errors
    ///
    /// The instance has ended.
    pub fn signature(&self) -> Result<Signature, Error> {
        match &self.0 {
            Kind::Parallel(func) => func.signature(),
            Kind::Cooperative(func) => func.signature(),
        }
    }

    /// Calls the function on a new implicit thread.
    ///
    /// On the parallel runtime, calls overlap if everything that they use is shared, and take turns if not. If you drop the future, the
    /// call continues. On the cooperative runtime, calls of one instance take turns. If you drop the future while the call is in progress,
    /// the instance ends.
    ///
    /// # Errors
    ///
    /// The function's type does not allow calls; the arguments do not fit; the program is at its limit of threads; this or another thread
    /// of the program traps or exits, or has done so before; or the caller is a host function, and a call of this instance that waits for
    /// the host function would have to end first ([`Error::Reentrant`]).
    pub async fn call_async(&self, arguments: &[Val]) -> Result<Option<Val>, Error> {
        match &self.0 {
            Kind::Parallel(func) => func.call_async(arguments).await,
            Kind::Cooperative(func) => func.call(arguments.to_vec()).await,
        }
    }

    /// Calls the function as [`Self::call_async`] does, and blocks the calling thread.
    ///
    /// # Errors
    ///
    /// Those of [`Self::call_async`]; or the caller is a host function, which must not block.
    pub fn call(&self, arguments: &[Val]) -> Result<Option<Val>, Error> {
        match &self.0 {
            // It may run the guest's code on this thread.
            Kind::Parallel(func) => func.call(arguments),
            Kind::Cooperative(func) => wait(func.call(arguments.to_vec())),
        }
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
        let parallel = match &self.0 {
            Kind::Parallel(func) => Some(func.typed()?),
            Kind::Cooperative(func) => {
                func.check_types::<Params, Return>()?;
                None
            }
        };
        Ok(TypedFunc {
            func: self.clone(),
            parallel,
            marker: PhantomData,
        })
    }
}

/// A [`Func`] whose parameters and result are Rust values.
pub struct TypedFunc<T: Send + Sync + 'static, Params, Return> {
    func: Func<T>,
    /// `None` on the cooperative runtime.
    parallel: Option<weft_parallel::TypedFunc<T, Params, Return>>,
    marker: PhantomData<fn(Params) -> Return>,
}

impl<T: Send + Sync + 'static, Params, Return> Clone for TypedFunc<T, Params, Return> {
    fn clone(&self) -> Self {
        TypedFunc {
            func: self.func.clone(),
            parallel: self.parallel.clone(),
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
        match (&self.parallel, &self.func.0) {
            (Some(func), _) => func.call_async(params).await,
            (None, Kind::Cooperative(func)) => func.call_typed(params).await,
            (None, Kind::Parallel(func)) => func.typed()?.call_async(params).await,
        }
    }

    /// Calls the function as [`Self::call_async`] does, and blocks the calling thread.
    ///
    /// # Errors
    ///
    /// Those of [`Func::call`].
    pub fn call(&self, params: Params) -> Result<Return, Error> {
        match &self.parallel {
            Some(func) => func.call(params),
            None => wait(self.call_async(params)),
        }
    }

    /// The function without the Rust types.
    pub fn func(&self) -> &Func<T> {
        &self.func
    }
}
