//! A component on weft's own runtime.

use crate::convert::{rep, stand_in, with_resources};
use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};
use weft_abi::Val;
use weft_parallel::{Component, Config, Engine, Error, Instance, Linker, ResourceAny, ResourceType, ThreadContext};
use weft_tests::values::without_odd_nans;

/// The host's resource type.
struct Host;

/// The arguments of the last call of `h`.
#[derive(Default)]
pub struct Given(Mutex<Vec<Val>>);

pub struct Side {
    instance: Instance<Given>,
}

pub fn engine() -> Engine {
    let mut config = Config::new();
    config.workers(NonZeroUsize::MIN).parallel_compilation(false);
    Engine::new(&config).expect("the engine starts")
}

/// The component, and a linker with what it imports.
pub struct Program {
    component: Component,
    linker: Linker<Given>,
}

impl Program {
    /// `echoed` says which argument `h` gives back.
    pub fn new(engine: &Engine, binary: &[u8], echoed: usize) -> Result<Self, String> {
        let component = Component::new(engine, binary).map_err(|error| error.to_string())?;
        let mut linker = Linker::new(engine);
        let define = |linker: &mut Linker<Given>| {
            let mut root = linker.root();
            root.resource("r", ResourceType::host::<Host>(), |_, _| Ok(()))?;
            root.func_new("h", move |thread: ThreadContext<'_, Given>, arguments| {
                let thread = thread.data();
                let mut given = Vec::new();
                for argument in arguments {
                    given.push(with_resources(argument, &mut |resource| {
                        stand_in(thread.resource_rep::<Host>(resource).expect("it is one of the host's"))
                    }));
                }
                *thread.host().0.lock().unwrap_or_else(PoisonError::into_inner) = given;
                let mut echoed = arguments[echoed].clone();
                without_odd_nans(&mut echoed);
                Ok(Some(echoed))
            })?;
            Ok(())
        };
        define(&mut linker).map_err(|error: Error| error.to_string())?;
        Ok(Program { component, linker })
    }

    pub fn start(&self) -> Result<Side, String> {
        let instance = self.linker.instantiate(&self.component, Given::default());
        let instance = instance.map_err(|error| error.to_string())?;
        Ok(Side { instance })
    }
}

impl Side {
    /// Calls an export. Stand-ins for resources of the arguments have the representations.
    pub fn call(&self, export: &str, arguments: &[Val]) -> Result<Option<Val>, String> {
        let function = self.instance.get_func(&[export]).expect("it is exported");
        let mut made = |resource: ResourceAny| {
            let made = self.instance.new_resource::<Host>(rep(resource));
            made.expect("there is room for a handle")
        };
        let arguments: Vec<Val> = arguments.iter().map(|value| with_resources(value, &mut made)).collect();
        let result = function.call(&arguments).map_err(|error| match error {
            Error::Trap(trap) => trap.message().to_owned(),
            error => panic!("`{export}` cannot be called: {error}"),
        })?;
        // Only a host function can ask for a representation.
        Ok(result.map(|result| with_resources(&result, &mut |_| stand_in(0))))
    }

    /// What `h` was given since this was asked last.
    pub fn given(&self) -> Vec<Val> {
        std::mem::take(&mut *self.instance.host().0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
