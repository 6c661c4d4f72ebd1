//! What weft would do with a program, found without compiling it.

use super::Linker;
use crate::component::{Imports, adapted, runtime_of};
use crate::config::Runtime;
use weft_lower::{Input, Threads};
use weft_parallel::Error;

/// What weft would do with a program: see [`Linker::validate`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Validated {
    /// The runtime that would run it.
    pub runtime: Runtime,
    /// What kind of threads it starts.
    pub threads: Threads,
    /// The interface whose `run` [`Instance::run`](crate::Instance::run) would call. `None` if the program is not a command.
    pub command: Option<String>,
    /// The imports that the linker lacks, as [`Linker::missing`] returns them.
    pub missing: Vec<String>,
    /// The exported functions that cannot be called because of their types, by their paths, and why. Empty on the cooperative runtime,
    /// where [`Func::typed`](crate::Func::typed) and calls return the reason.
    pub not_callable: Vec<(Vec<String>, String)>,
}

impl<T: Send + Sync + 'static> Linker<T> {
    /// Checks a program as [`Component::new`](crate::Component::new) does, and finds out how it would run with this linker, but does not
    /// compile it, which takes many times as long.
    ///
    /// # Errors
    ///
    /// Those of [`Component::new`](crate::Component::new).
    pub fn validate(&self, bytes: impl AsRef<[u8]>) -> Result<Validated, Error> {
        self.validate_input(&Input::read(bytes.as_ref())?)
    }

    /// Checks a program as [`Self::validate`] does, from an input that you have read before. weft does not decode it again.
    ///
    /// # Errors
    ///
    /// Those of [`Component::new`](crate::Component::new).
    pub fn validate_input(&self, input: &Input<'_>) -> Result<Validated, Error> {
        match input {
            Input::Component(component) => match runtime_of(&self.engine, component)? {
                Runtime::Parallel => self.validate_parallel(component),
                Runtime::Cooperative => self.validate_cooperative(component),
            },
            Input::Module(module) => {
                let adapted = adapted(&self.engine, module.bytes())?;
                self.validate_parallel(&weft_lower::Component::read(&adapted)?)
            }
        }
    }

    fn validate_parallel(&self, component: &weft_lower::Component<'_>) -> Result<Validated, Error> {
        let plan = component.lower()?;
        self.engine.parallel()?.validate(&plan)?;
        let not_callable = plan.exports.iter().filter_map(|export| {
            let reason = export.obstacle(&plan.types)?;
            Some((export.path.clone(), reason))
        });
        Ok(Validated {
            missing: self.missing_in_parallel(&plan)?,
            not_callable: not_callable.collect(),
            ..described(component, Runtime::Parallel)?
        })
    }

    fn validate_cooperative(&self, component: &weft_lower::Component<'_>) -> Result<Validated, Error> {
        let unshared = component.unshare(self.engine.config().profile())?;
        let checked = weft_cooperative::check(&self.engine.cooperative()?, &unshared)?;
        // Linking tells what is missing too, but takes time in proportion to the square of the number.
        let mut missing = self.missing_in_cooperative(&unshared)?;
        if missing.is_empty() {
            match weft_cooperative::link(&self.cooperative(false)?.linker, &checked) {
                Ok(_) => {}
                Err(Error::MissingImports(found)) => missing = found,
                Err(error) => return Err(error),
            }
        }
        Ok(Validated {
            missing,
            ..described(component, Runtime::Cooperative)?
        })
    }
}

/// What does not depend on the linker.
fn described(component: &weft_lower::Component<'_>, runtime: Runtime) -> Result<Validated, Error> {
    let exports = component.inspect()?.exports;
    let instances = exports.iter().filter(|export| export.kind == "instance");
    let command = weft_lower::run_interface(instances.map(|export| export.name.as_str()));
    Ok(Validated {
        runtime,
        threads: component.threads()?,
        command: command.map(str::to_owned),
        missing: Vec::new(),
        not_callable: Vec::new(),
    })
}
