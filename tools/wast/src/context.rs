//! What all threads of one script share: its text, its engines, its clock, and the record of its directives' outcomes.

use crate::execution::End;
use crate::form::Head;
use crate::report::{Directive, Failure, Kind, Outcome, Report};
use crate::source::Source;
use crate::{Options, spectest};
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use wasmtime::{Engine, SharedMemory};

/// What all threads of one script share.
pub(crate) struct Context {
    pub(crate) source: Source,
    pub(crate) options: Options,
    pub(crate) engine: Engine,
    /// The shared memory of the module `spectest`.
    pub(crate) spectest_memory: SharedMemory,
    /// Started by the first component that needs it.
    weft: OnceLock<Result<weft_parallel::Engine, String>>,
    /// When the script's time is over. `None` if the system's clock cannot represent that.
    pub(crate) deadline: Option<Instant>,
    expired: AtomicBool,
    entries: Mutex<Vec<Entry>>,
}

struct Entry {
    offset: usize,
    kind: Kind,
    /// `None` while it runs.
    outcome: Option<Outcome>,
}

/// A directive that has begun.
#[derive(Clone, Copy)]
pub(crate) struct Begun(usize);

impl Context {
    pub(crate) fn new(source: Source, options: Options) -> wasmtime::Result<Self> {
        let engine = Engine::new(&wasmtime_config(&options))?;
        Ok(Context {
            source,
            spectest_memory: spectest::shared_memory(&engine)?,
            engine,
            weft: OnceLock::new(),
            deadline: Instant::now().checked_add(options.time_limit),
            options,
            expired: AtomicBool::new(false),
            entries: Mutex::default(),
        })
    }

    pub(crate) fn weft(&self) -> Result<&weft_parallel::Engine, End> {
        let engine = self.weft.get_or_init(|| {
            let mut config = weft_parallel::Config::new();
            config.deterministic(self.options.deterministic);
            if let Some(bytes) = self.options.max_memory {
                config.max_memory(bytes);
            }
            weft_parallel::Engine::new(&config).map_err(|error| error.to_string())
        });
        engine.as_ref().map_err(|message| End::NotRun(message.clone()))
    }

    /// How much memory a store of Wasmtime's may use, in bytes.
    pub(crate) fn max_memory(&self) -> u64 {
        self.options.max_memory.unwrap_or(u64::MAX)
    }

    /// Ends everything that runs, and lets nothing begin. Call this again until all threads of the script have seen it,
    /// because a store that is being created counts its epoch deadline from the present epoch.
    pub(crate) fn expire(&self) {
        self.expired.store(true, Ordering::SeqCst);
        self.engine.increment_epoch();
    }

    pub(crate) fn is_expired(&self) -> bool {
        self.expired.load(Ordering::SeqCst)
    }

    pub(crate) fn begin(&self, offset: usize, kind: Kind) -> Begun {
        let mut entries = self.entries();
        entries.push(Entry {
            offset,
            kind,
            outcome: None,
        });
        Begun(entries.len() - 1)
    }

    pub(crate) fn end(&self, begun: Begun, outcome: Outcome) {
        if let Some(entry) = self.entries().get_mut(begun.0) {
            entry.outcome = Some(outcome);
        }
    }

    pub(crate) fn record(&self, offset: usize, kind: Kind, outcome: Outcome) {
        let begun = self.begin(offset, kind);
        self.end(begun, outcome);
    }

    /// The outcomes of the directives. Those that still run count as failed, and those that have not begun as skipped. If that
    /// leaves no failure, the first one that has not begun counts as failed.
    pub(crate) fn report(&self) -> Report {
        let mut entries = self.entries();
        if self.is_expired() {
            self.add_not_begun(&mut entries);
        }
        entries.sort_by_key(|entry| entry.offset);
        let is_failed = |entry: &Entry| matches!(entry.outcome, Some(Outcome::Failed(_)) | None);
        let first = entries.iter().position(|entry| entry.outcome == Some(not_begun()));
        if let Some(first) = first
            && !entries.iter().any(is_failed)
        {
            entries[first].outcome = Some(Outcome::Failed(too_late(self.options.time_limit)));
        }
        let directive = |entry: &Entry| {
            let (line, column) = self.source.position(entry.offset);
            let outcome = entry.outcome.clone();
            Directive {
                line,
                column,
                kind: entry.kind,
                outcome: outcome.unwrap_or_else(|| Outcome::Failed(too_late(self.options.time_limit))),
            }
        };
        Report {
            directives: entries.iter().map(directive).collect(),
        }
    }

    fn add_not_begun(&self, entries: &mut Vec<Entry>) {
        let (forms, _) = self.source.forms();
        let head = |form| Head::of(self.source.slice(form));
        if forms.first().is_some_and(|form| head(form).is_field()) {
            // All of the text is one directive.
            return;
        }
        let begun: HashSet<usize> = entries
            .iter()
            .map(|entry| forms.partition_point(|form| form.end <= entry.offset))
            .collect();
        for (number, form) in forms.iter().enumerate() {
            if !begun.contains(&number) {
                entries.push(Entry {
                    // Where the keyword is.
                    offset: form.start + 1,
                    kind: head(form).kind().unwrap_or(Kind::Text),
                    outcome: Some(not_begun()),
                });
            }
        }
    }

    fn entries(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn too_late(limit: Duration) -> Failure {
    Failure::new(format!("an end within {limit:?}"), End::TimeLimit.to_string())
}

/// The outcome of a directive that had not begun when the time was over.
pub(crate) fn not_begun() -> Outcome {
    Outcome::Skipped("not run, because the time limit was over".to_owned())
}

fn wasmtime_config(options: &Options) -> wasmtime::Config {
    let mut config = wasmtime::Config::new();
    config.epoch_interruption(true);
    weft_cooperative::configure(&mut config).wasm_features(options.without, false);
    // Modules of scripts are small, and the system may refuse the threads.
    config.parallel_compilation(false);
    config
}
