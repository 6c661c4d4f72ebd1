//! The embedder's state, whose type the runtime does not know, and the parts of it that host functions see.

use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

/// A value of any type.
type AnyValue = dyn Any + Send + Sync;

/// Finds a part in the embedder's state.
type Find<U> = Box<dyn for<'a> Fn(&'a AnyValue) -> &'a U + Send + Sync>;

/// How to find the parts of the state that a linker's host functions see: each is a [`Find`].
#[derive(Clone, Default)]
pub(crate) struct Parts(Arc<Vec<Arc<AnyValue>>>);

/// The embedder's state in an instance.
pub struct HostState {
    value: Box<AnyValue>,
    parts: Parts,
}

/// The place of a value of type `T` in the state of a linker's instances.
pub(crate) struct Place<T> {
    /// The index of its [`Find`]. `None` if the value is the state itself.
    part: Option<usize>,
    marker: PhantomData<fn() -> T>,
}

impl<T> Clone for Place<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Place<T> {}

impl Parts {
    /// Adds a part of a state of type `T`.
    pub(crate) fn add<T, U, G>(&mut self, get: G) -> Place<U>
    where
        T: Send + Sync + 'static,
        U: 'static,
        G: Fn(&T) -> &U + Send + Sync + 'static,
    {
        let find: Find<U> = Box::new(move |value| get(downcast(value)));
        let parts = Arc::make_mut(&mut self.0);
        parts.push(Arc::new(find));
        Place {
            part: Some(parts.len() - 1),
            marker: PhantomData,
        }
    }
}

impl HostState {
    pub(crate) fn new<T: Send + Sync + 'static>(value: T, parts: &Parts) -> Self {
        HostState {
            value: Box::new(value),
            parts: parts.clone(),
        }
    }
}

impl<T: 'static> Place<T> {
    /// The state itself.
    pub(crate) const fn whole() -> Self {
        Place {
            part: None,
            marker: PhantomData,
        }
    }

    /// Finds the value.
    #[inline]
    pub(crate) fn find(self, state: &HostState) -> &T {
        match self.part {
            None => downcast(&*state.value),
            Some(part) => {
                let find: &Find<T> = downcast(&*state.parts.0[part]);
                find(&*state.value)
            }
        }
    }
}

/// This cannot fail: the type parameter of a linker is the type of its instances' state, and a place is used only with
/// these.
#[inline]
fn downcast<T: 'static>(value: &AnyValue) -> &T {
    match value.downcast_ref() {
        Some(value) => value,
        None => unreachable!("the state of an instance is of the type that its linker says"),
    }
}
