//! Exported functions on the cooperative runtime.

use super::imports::is_host_resource;
use super::instance::{Exported, Running};
use super::typed::{Resources, of_values, to_values};
use std::sync::{Arc, Weak};
use weft_abi::typed::TypeCheck;
use weft_abi::{ComponentNamedList, FuncType, Lift, Lower, Signature, Types, Val};
use weft_parallel::Error;

/// A function of an instance, which it does not keep alive.
pub(crate) struct CooperativeFunc {
    /// Weak, so that the host's state may hold functions of its own instance.
    instance: Weak<Running>,
    exported: Arc<Exported>,
    /// A position among the exports.
    export: usize,
}

impl Clone for CooperativeFunc {
    fn clone(&self) -> Self {
        CooperativeFunc {
            instance: Weak::clone(&self.instance),
            exported: Arc::clone(&self.exported),
            export: self.export,
        }
    }
}

impl CooperativeFunc {
    pub(crate) fn new(instance: &Arc<Running>, export: usize) -> Self {
        CooperativeFunc {
            instance: Arc::downgrade(instance),
            exported: Arc::clone(&instance.exported),
            export,
        }
    }

    pub(crate) fn ty(&self) -> &FuncType {
        &self.exported.described.types[self.exported.signatures[self.export].func]
    }

    pub(crate) fn types(&self) -> &Types {
        &self.exported.described.types
    }

    pub(crate) fn signature(&self) -> Result<Signature, Error> {
        let (instance, exported) = (self.instance()?, &self.exported);
        let description = &exported.signatures[self.export];
        Ok(exported
            .described
            .signature(description, |ty| Some(instance.handles.ty(ty))))
    }

    fn instance(&self) -> Result<Arc<Running>, Error> {
        self.instance.upgrade().ok_or(Error::Ended)
    }

    /// Whether the function can be called at all.
    fn check_callable(&self) -> Result<(), Error> {
        match &self.exported.signatures[self.export].obstacle {
            Some(reason) => Err(Error::NotCallable {
                function: self.exported.name(self.export),
                reason: reason.clone(),
            }),
            None => Ok(()),
        }
    }

    /// Whether these are the types of the parameters and the result.
    pub(crate) fn check_types<P, R>(&self) -> Result<(), Error>
    where
        P: ComponentNamedList,
        R: ComponentNamedList,
    {
        self.check_callable()?;
        let instance = self.instance()?;
        let described = &self.exported.described;
        let types = TypeCheck {
            types: &described.types,
            is_host_resource: &|index, ty| is_host_resource(described, &instance.handles, index, ty),
        };
        types.func::<P, R>(self.ty()).map_err(|error| Error::OtherTypes {
            function: self.exported.name(self.export),
            reason: error.to_string(),
        })
    }

    pub(crate) async fn call(&self, arguments: Vec<Val>) -> Result<Option<Val>, Error> {
        self.check_callable()?;
        self.instance()?.call(self.export, arguments).await
    }

    pub(crate) async fn call_typed<P, R>(&self, params: P) -> Result<R, Error>
    where
        P: ComponentNamedList + Lower,
        R: ComponentNamedList + Lift,
    {
        let instance = self.instance()?;
        let described = &self.exported.described;
        let host_type = |index| instance.handles.position(described.resource(index)?);
        let resources = Resources {
            table: &instance.handles,
            host_type: &host_type,
        };
        let signature = &self.exported.signatures[self.export];
        let arguments = to_values(self.types(), self.ty(), &params, resources);
        let arguments = arguments.map_err(|error| Error::Arguments(error.to_string()))?;
        let result = instance.call(self.export, arguments).await?;
        let passed = &self.types()[signature.result];
        let result = of_values(self.types(), passed, result.as_slice(), resources);
        result.map_err(|error| Error::Arguments(error.to_string()))
    }
}
