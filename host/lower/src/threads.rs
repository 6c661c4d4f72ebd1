//! What kind of threads a component starts, which decides what it can run on.
//!
//! A thread is preemptive if its start type is one of shared functions, and cooperative otherwise. A component that starts
//! both is refused: preemptive threads need an instance of each core module per thread, cooperative ones share one.

use crate::LowerError;
use wasmparser::{CanonicalFunction, ComponentAlias, ComponentOuterAliasKind, CoreType, Parser, Payload};

/// What kind of threads a component starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Threads {
    /// It uses none of the built-ins that start threads or switch between them.
    None,
    /// Threads that take turns: a switch happens only where the component asks for one. They run on Wasmtime's own component
    /// runtime, after [`unshare`](crate::unshare()).
    Cooperative,
    /// Threads that run in parallel. They run on weft's own runtime, after [`lower`](crate::lower()).
    Preemptive,
}

/// A canonical definition, to be named in an error.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Use {
    pub builtin: &'static str,
    pub offset: u64,
}

/// The first uses of each kind of threads.
#[derive(Debug, Default)]
pub(crate) struct Uses {
    /// A start of a preemptive thread.
    pub preemptive: Option<Use>,
    /// A start of a cooperative thread.
    pub cooperative: Option<Use>,
    /// A built-in that switches between threads, or makes one ready.
    pub switch: Option<Use>,
}

impl Uses {
    /// Reads a binary component, nested ones included.
    pub fn of(component: &[u8]) -> Result<Self, LowerError> {
        let mut uses = Uses::default();
        // For each component that is being read, innermost last, whether each core type is one of shared functions.
        let mut scopes: Vec<Vec<bool>> = Vec::new();
        for payload in Parser::new(0).parse_all(component) {
            let payload = payload?;
            match payload {
                Payload::Version { .. } => scopes.push(Vec::new()),
                Payload::End(_) => drop(scopes.pop()),
                Payload::CoreTypeSection(section) => {
                    for ty in section {
                        let shared = shared_types(&ty?);
                        scopes.last_mut().into_iter().for_each(|types| types.extend(&shared));
                    }
                }
                Payload::ComponentAliasSection(section) => {
                    for alias in section {
                        let ComponentAlias::Outer {
                            kind: ComponentOuterAliasKind::CoreType,
                            count,
                            index,
                        } = alias?
                        else {
                            continue;
                        };
                        let outer = scopes.iter().rev().nth(count as usize);
                        let shared = outer.and_then(|types| types.get(index as usize).copied());
                        scopes
                            .last_mut()
                            .into_iter()
                            .for_each(|types| types.push(shared == Some(true)));
                    }
                }
                Payload::ComponentCanonicalSection(section) => {
                    for definition in section.into_iter_with_offsets() {
                        let (offset, definition) = definition?;
                        let types = scopes.last().map_or(&[][..], Vec::as_slice);
                        uses.definition(&definition, types, offset as u64);
                    }
                }
                _ => {}
            }
        }
        Ok(uses)
    }

    fn definition(&mut self, definition: &CanonicalFunction, shared_types: &[bool], offset: u64) {
        let (builtin, ty) = match *definition {
            CanonicalFunction::ThreadSpawnRef { func_ty_index } => ("thread.spawn-ref", Some(func_ty_index)),
            CanonicalFunction::ThreadSpawnIndirect { func_ty_index, .. } => {
                ("thread.spawn-indirect", Some(func_ty_index))
            }
            CanonicalFunction::ThreadNewIndirect { func_ty_index, .. } => ("thread.new-indirect", Some(func_ty_index)),
            CanonicalFunction::ThreadResumeLater => ("thread.resume-later", None),
            CanonicalFunction::ThreadSuspend { .. } => ("thread.suspend", None),
            CanonicalFunction::ThreadYield { .. } => ("thread.yield", None),
            CanonicalFunction::ThreadSuspendThenResume { .. } => ("thread.suspend-then-resume", None),
            CanonicalFunction::ThreadYieldThenResume { .. } => ("thread.yield-then-resume", None),
            CanonicalFunction::ThreadSuspendThenPromote { .. } => ("thread.suspend-then-promote", None),
            CanonicalFunction::ThreadYieldThenPromote { .. } => ("thread.yield-then-promote", None),
            _ => return,
        };
        let first = match ty {
            None => &mut self.switch,
            // An index out of bounds is left to validation.
            Some(ty) => match shared_types.get(ty as usize) {
                Some(true) => &mut self.preemptive,
                _ => &mut self.cooperative,
            },
        };
        first.get_or_insert(Use { builtin, offset });
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
            _ => Ok(()),
        }
    }
}

fn shared_types(ty: &CoreType<'_>) -> Vec<bool> {
    match ty {
        CoreType::Module(_) => vec![false],
        CoreType::Rec(group) => group.types().map(|ty| ty.composite_type.shared).collect(),
    }
}
