//! Resources that instances of a script pass to each other.
//!
//! **Problem.** Each instance has a store of its own, and a handle means nothing in another store. **Before:** a handle of the instance that
//! exports the resource type, in a function's result. **After:** a resource of the host, whose representation is a number of this file. If
//! a component passes that resource back, the exporter gets its own handle again. If a component drops it, the exporter's destructor runs.
//!
//! **Rejected:** one store for all instances of a script, because a trap in one locks the store for all.

use std::sync::{Mutex, MutexGuard, PoisonError};
use wasmtime::{Error, Result};

/// See the module. `I` is an instance, `T` a resource type and `H` a handle of the runtime.
pub(crate) struct Passed<I, T, H>(Mutex<State<I, T, H>>);

struct State<I, T, H> {
    /// The exported types. The host's type for each has its position as a number.
    types: Vec<T>,
    /// The exporter and its handle, by representation.
    resources: Vec<Option<(I, H)>>,
}

impl<I, T, H> Default for Passed<I, T, H> {
    fn default() -> Self {
        Passed(Mutex::new(State {
            types: Vec::new(),
            resources: Vec::new(),
        }))
    }
}

impl<I: Clone, T: PartialEq, H: Copy> Passed<I, T, H> {
    fn state(&self) -> MutexGuard<'_, State<I, T, H>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of the host's type that stands for an exported one.
    pub(crate) fn number(&self, exported: T) -> u32 {
        let mut state = self.state();
        let known = state.types.iter().position(|ty| *ty == exported);
        let position = known.unwrap_or_else(|| {
            state.types.push(exported);
            state.types.len() - 1
        });
        position as u32
    }

    /// Keeps a handle of its exporter. Returns the representation of the host's resource for it.
    pub(crate) fn keep(&self, exporter: &I, handle: H) -> u32 {
        let mut state = self.state();
        state.resources.push(Some((exporter.clone(), handle)));
        state.resources.len() as u32 - 1
    }

    /// The exporter's handle to lend, or if `owned` to pass on.
    pub(crate) fn handle(&self, rep: u32, owned: bool) -> Result<H> {
        let found = match owned {
            true => self.take(rep),
            false => self.state().resources.get(rep as usize).and_then(Clone::clone),
        };
        let (_, handle) = found.ok_or_else(|| Error::msg(UNKNOWN))?;
        Ok(handle)
    }

    /// Removes a handle that was dropped, and returns the exporter and its handle, for the caller to drop.
    pub(crate) fn take(&self, rep: u32) -> Option<(I, H)> {
        self.state().resources.get_mut(rep as usize)?.take()
    }
}

/// The error for a resource that is not one of these.
pub(crate) const UNKNOWN: &str = "a resource that no instance of the script exports";

/// Defines `each_resource`, which returns a value with other handles, for the type of values of a runtime.
macro_rules! each_resource {
    ($val:ident, $handle:ty, $($others:pat_param)|+) => {
        /// Replaces the handles in a value.
        pub(crate) fn each_resource(
            value: $val,
            replace: &mut dyn FnMut($handle) -> wasmtime::Result<$handle>,
        ) -> wasmtime::Result<$val> {
            let mut boxed = |value: Option<Box<$val>>| {
                let value = value.map(|value| each_resource(*value, replace).map(Box::new));
                value.transpose()
            };
            Ok(match value {
                $val::Resource(handle) => $val::Resource(replace(handle)?),
                $val::Option(some) => $val::Option(boxed(some)?),
                $val::Result(Ok(value)) => $val::Result(Ok(boxed(value)?)),
                $val::Result(Err(value)) => $val::Result(Err(boxed(value)?)),
                $val::Variant(case, payload) => $val::Variant(case, boxed(payload)?),
                $val::List(values) => $val::List(all(values, replace)?),
                $val::FixedLengthList(values) => $val::FixedLengthList(all(values, replace)?),
                $val::Tuple(values) => $val::Tuple(all(values, replace)?),
                $val::Record(fields) => {
                    let fields = fields
                        .into_iter()
                        .map(|(name, value)| Ok((name, each_resource(value, replace)?)));
                    $val::Record(fields.collect::<wasmtime::Result<_>>()?)
                }
                $val::Map(entries) => {
                    let entries = entries.into_iter().map(|(key, value)| {
                        let key = each_resource(key, replace)?;
                        Ok((key, each_resource(value, replace)?))
                    });
                    $val::Map(entries.collect::<wasmtime::Result<_>>()?)
                }
                other @ ($val::Bool(_)
                | $val::S8(_)
                | $val::U8(_)
                | $val::S16(_)
                | $val::U16(_)
                | $val::S32(_)
                | $val::U32(_)
                | $val::S64(_)
                | $val::U64(_)
                | $val::Float32(_)
                | $val::Float64(_)
                | $val::Char(_)
                | $val::String(_)
                | $val::Enum(_)
                | $val::Flags(_)) => other,
                $(other @ $others => other,)+
            })
        }

        fn all(
            values: Vec<$val>,
            replace: &mut dyn FnMut($handle) -> wasmtime::Result<$handle>,
        ) -> wasmtime::Result<Vec<$val>> {
            values.into_iter().map(|value| each_resource(value, replace)).collect()
        }
    };
}

/// On Wasmtime's component runtime.
pub(crate) mod wasmtime_values {
    use wasmtime::component::{ResourceAny, Val};

    each_resource!(Val, ResourceAny, Val::Future(_) | Val::Stream(_) | Val::ErrorContext(_));
}

/// On weft's own runtime.
pub(crate) mod weft_values {
    use weft_parallel::{ResourceAny, Val};

    // The type is open, and its other variants have no handles.
    each_resource!(Val, ResourceAny, _);
}
