//! The names that a thread of a script knows.
//!
//! If a directive that should define a name fails, the runner skips the directives that use the name, because they would
//! only repeat the failure.

use crate::report::{Failure, Outcome};
use std::collections::HashMap;
use std::rc::Rc;
use wast::token::Id;

/// Why a directive did not pass.
pub(crate) enum Stop {
    Failed(Failure),
    Skipped(String),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Stop::Failed(failure)
    }
}

impl From<Stop> for Outcome {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Failed(failure) => Outcome::Failed(failure),
            Stop::Skipped(reason) => Outcome::Skipped(reason),
        }
    }
}

/// What a name refers to.
enum Slot<T> {
    Defined(Rc<T>),
    /// The directive at this line, which should have defined it, failed.
    Failed(usize),
}

impl<T> Clone for Slot<T> {
    fn clone(&self) -> Self {
        match self {
            Slot::Defined(item) => Slot::Defined(Rc::clone(item)),
            Slot::Failed(line) => Slot::Failed(*line),
        }
    }
}

/// Items by name, and the last one, for directives that name none.
pub(crate) struct Names<T> {
    /// The word for these items in messages.
    what: &'static str,
    named: HashMap<String, Slot<T>>,
    last: Option<Slot<T>>,
}

impl<T> Names<T> {
    pub(crate) fn new(what: &'static str) -> Self {
        Names {
            what,
            named: HashMap::new(),
            last: None,
        }
    }

    /// Defines the last item, and a name for it.
    pub(crate) fn define(&mut self, name: Option<&str>, item: Rc<T>) {
        self.bind(name, Slot::Defined(item));
    }

    /// Like [`Self::define`], for a definition at `line` that failed.
    pub(crate) fn fail(&mut self, name: Option<&str>, line: usize) {
        self.bind(name, Slot::Failed(line));
    }

    /// Defines a name that is not the last item.
    pub(crate) fn alias(&mut self, name: &str, item: T) {
        self.named.insert(name.to_owned(), Slot::Defined(Rc::new(item)));
    }

    fn bind(&mut self, name: Option<&str>, slot: Slot<T>) {
        if let Some(name) = name {
            self.named.insert(name.to_owned(), slot.clone());
        }
        self.last = Some(slot);
    }

    /// The item of this name, or the last one.
    pub(crate) fn find(&self, name: Option<Id<'_>>) -> Result<Rc<T>, Stop> {
        let what = self.what;
        let (slot, missing) = match name {
            Some(name) => (self.named.get(name.name()), format!("no {what} `${}`", name.name())),
            None => (self.last.as_ref(), format!("no {what} before")),
        };
        match slot {
            Some(Slot::Defined(item)) => Ok(Rc::clone(item)),
            Some(Slot::Failed(line)) => Err(Stop::Skipped(format!("the {what} of line {line} failed"))),
            None => Err(Failure::new("something that is defined", missing).into()),
        }
    }
}
