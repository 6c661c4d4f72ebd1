//! Actions: calls, reads of globals, and instantiations for their effect alone.

use super::{Instance, Session};
use crate::assert::ends_normally;
use crate::execution::{End, Execution};
use crate::names::Stop;
use crate::place::Place;
use crate::report::Failure;
use crate::values::{component_argument, core_argument};
use wast::{QuoteWat, WastExecute, WastInvoke, Wat};

impl Session {
    /// Runs an action, and only asserts that it ends normally.
    pub(super) fn run(&mut self, exec: WastExecute<'_>, place: &Place<'_>) -> Result<(), Stop> {
        ends_normally(self.execute(exec, place)?)?;
        Ok(())
    }

    pub(super) fn execute(&mut self, exec: WastExecute<'_>, place: &Place<'_>) -> Result<Execution, Stop> {
        match exec {
            WastExecute::Invoke(invoke) => self.invoke(&invoke),
            WastExecute::Wat(wat) => self.only_instantiate(wat, place),
            WastExecute::Get { module, global, .. } => match &*self.instances.find(module)? {
                Instance::Core(instance) => Ok(self.core.get(instance, global)),
                Instance::Component(_) | Instance::Preemptive(_) => {
                    Ok(Err(End::NotRun("components export no globals".to_owned())))
                }
            },
        }
    }

    fn only_instantiate(&mut self, wat: Wat<'_>, place: &Place<'_>) -> Result<Execution, Stop> {
        let definition = self.compile(QuoteWat::Wat(wat), place)?;
        Ok(self.instantiate(&definition).map(|_| Vec::new()))
    }

    pub(super) fn invoke(&mut self, invoke: &WastInvoke<'_>) -> Result<Execution, Stop> {
        let arguments = invoke.args.iter();
        let cannot_pass = |message| Failure::new("arguments that can be passed", message);
        match &*self.instances.find(invoke.module)? {
            Instance::Core(instance) => {
                let arguments = arguments.map(|argument| core_argument(&mut self.core.store, argument));
                let arguments = arguments.collect::<Result<Vec<_>, _>>().map_err(cannot_pass)?;
                Ok(self.core.call(instance, invoke.name, &arguments))
            }
            Instance::Component(instance) => {
                let arguments = arguments.map(component_argument).collect::<Result<Vec<_>, _>>();
                let arguments = arguments.map_err(cannot_pass)?;
                Ok(instance.call(invoke.name, &arguments))
            }
            Instance::Preemptive(instance) => {
                let arguments = arguments.map(component_argument).collect::<Result<Vec<_>, _>>();
                let arguments = arguments.map_err(cannot_pass)?;
                Ok(instance.call(&self.context, invoke.name, &arguments))
            }
        }
    }
}
