//! The embedder's functions that weft calls when guest threads start and end.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// A guest thread that starts or ends: see [`Config::on_thread_start`](crate::Config::on_thread_start).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThreadEvent {
    instance: u64,
    index: u32,
}

impl ThreadEvent {
    /// The number of the thread's instance: [`Instance::number`](crate::Instance::number).
    pub fn instance_number(&self) -> u64 {
        self.instance
    }

    /// The thread's index in the component instance's thread table, which `thread.index` returns.
    pub fn index(&self) -> u32 {
        self.index
    }
}

type Hook = Arc<dyn Fn(&ThreadEvent) + Send + Sync>;

/// The hooks of an engine.
#[derive(Clone, Default)]
pub(crate) struct Hooks {
    start: Option<Hook>,
    end: Option<Hook>,
}

impl Hooks {
    pub(crate) fn on_start(&mut self, hook: impl Fn(&ThreadEvent) + Send + Sync + 'static) {
        self.start = Some(Arc::new(hook));
    }

    pub(crate) fn on_end(&mut self, hook: impl Fn(&ThreadEvent) + Send + Sync + 'static) {
        self.end = Some(Arc::new(hook));
    }

    pub(crate) fn started(&self, instance: u64, index: u32) {
        call(self.start.as_ref(), instance, index);
    }

    pub(crate) fn ended(&self, instance: u64, index: u32) {
        call(self.end.as_ref(), instance, index);
    }
}

fn call(hook: Option<&Hook>, instance: u64, index: u32) {
    if let Some(hook) = hook {
        // The panic hook has reported a panic, and the guest thread is not at fault.
        let _ = catch_unwind(AssertUnwindSafe(|| hook(&ThreadEvent { instance, index })));
    }
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Hooks { start, end } = self;
        let mut hooks = f.debug_struct("Hooks");
        hooks.field("start", &start.is_some()).field("end", &end.is_some());
        hooks.finish()
    }
}
