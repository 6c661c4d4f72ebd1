//! The kind of threads that a component starts, which decides on which runtime it can run.
//!
//! A thread is preemptive if its start type is a shared function type, and cooperative otherwise. weft refuses a
//! component that starts both: preemptive threads need an instance of each core module per thread, while cooperative
//! ones share one. A `thread.available-parallelism` marked as `shared` implies preemptive threads; without the mark it
//! may be for either.

use crate::binary::decoded::Decoded;
use crate::binary::definitions::{CanonicalDefinition, canonical_definitions};
use crate::builtins::{CanonicalBuiltin, Threading};
use crate::error::LowerError;
use std::collections::BTreeMap;

/// What kind of threads a component starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Threads {
    /// It uses none of the built-ins that start threads or switch between them.
    None,
    /// Threads that take turns: a switch happens only where the component asks for one. They run on Wasmtime's own component
    /// runtime, after [`unshare`](crate::Component::unshare).
    Cooperative,
    /// Threads that run in parallel. They run on weft's own runtime, after [`lower`](crate::Component::lower).
    Preemptive,
}

/// A canonical definition that an error can name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Use {
    pub builtin: &'static str,
    pub offset: u64,
}

/// The first uses of each kind of threads, and of each built-in.
#[derive(Debug, Default)]
pub(crate) struct Uses {
    /// A definition that starts preemptive threads, or that only these need.
    pub preemptive: Option<Use>,
    /// A start of a cooperative thread.
    pub cooperative: Option<Use>,
    /// A built-in that switches between threads, or makes one ready.
    pub switch: Option<Use>,
    /// The built-ins, and where each is defined first.
    pub builtins: BTreeMap<CanonicalBuiltin, u64>,
}

impl Uses {
    /// Reads a component, nested ones included.
    pub fn of(component: &Decoded<'_>) -> Result<Self, LowerError> {
        let mut uses = Uses::default();
        canonical_definitions(component, |definition| uses.definition(definition))?;
        Ok(uses)
    }

    fn definition(&mut self, definition: &CanonicalDefinition<'_>) -> Result<(), LowerError> {
        let Some(builtin) = CanonicalBuiltin::of(definition.function) else {
            return Ok(());
        };
        let offset = definition.offset;
        self.builtins.entry(builtin).or_insert(offset);
        let first = match builtin.row().threads {
            // An index out of bounds is left to validation.
            Threading::Starts(_) => match definition.start_type()? {
                Some(ty) if ty.shared => &mut self.preemptive,
                Some(_) | None => &mut self.cooperative,
            },
            Threading::Switches => &mut self.switch,
            Threading::PreemptiveIfShared if definition.shared == Some(true) => &mut self.preemptive,
            Threading::PreemptiveIfShared | Threading::Unsaid => return Ok(()),
        };
        let builtin = builtin.name();
        first.get_or_insert(Use { builtin, offset });
        Ok(())
    }

    /// # Errors
    ///
    /// The component starts threads of both kinds.
    pub fn threads(&self) -> Result<Threads, LowerError> {
        match (self.preemptive, self.cooperative) {
            (Some(preemptive), Some(cooperative)) => Err(LowerError::MixedThreads {
                preemptive: preemptive.builtin,
                preemptive_offset: preemptive.offset,
                cooperative: cooperative.builtin,
                offset: cooperative.offset,
            }),
            (Some(_), None) => Ok(Threads::Preemptive),
            (None, None) if self.switch.is_none() => Ok(Threads::None),
            (None, _) => Ok(Threads::Cooperative),
        }
    }

    /// # Errors
    ///
    /// The component's threads are cooperative, or of both kinds.
    pub fn refuse_cooperative(&self) -> Result<(), LowerError> {
        match (self.threads()?, self.cooperative.or(self.switch)) {
            (Threads::Cooperative, Some(Use { builtin, offset })) => Err(LowerError::Cooperative { builtin, offset }),
            (Threads::Cooperative, None) => Err(LowerError::Internal(
                "a component has cooperative threads, and no built-in that says so".to_owned(),
            )),
            (Threads::None | Threads::Preemptive, _) => Ok(()),
        }
    }
}
