//! Many programs of several tenants in one process, which must leave nothing behind.
//!
//! Programs of eight tenants run at the same time: those of four tenants have parallel threads, those of the others run on the cooperative
//! runtime. They end in all the ways that there are ([`Way`]). A program that does not end as it should is an error. After a number of
//! programs, [`Soak::run`] tells what the process has: if it is flat, that is the same after any number of programs.
//!
//! The caller's OS threads stay as long as the soak does, so that they do not change what is counted.

mod programs;
mod usage;

use anyhow::{Result, anyhow};
use programs::Tenant;
pub use programs::Way;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{JoinHandle, yield_now};
use std::time::{Duration, Instant};
pub use usage::Usage;
use weft::{Config, Engine};

/// How many programs are in progress at once.
const AT_ONCE: usize = 4;

const TENANTS: usize = 8;

const WORKERS: NonZeroUsize = NonZeroUsize::new(2).expect("not zero");

/// How long the engine may take to let go of instances that have ended.
const PATIENCE: Duration = Duration::from_secs(60);

/// See the module.
pub struct Soak {
    engine: Engine,
    hooks: Arc<Hooks>,
    tenants: Arc<[Tenant]>,
    callers: Vec<JoinHandle<()>>,
    /// One for each of them.
    starts: Vec<Sender<Batch>>,
    results: Receiver<Result<()>>,
    done: usize,
    _directory: tempfile::TempDir,
}

/// How often the engine called its hooks.
#[derive(Default)]
struct Hooks {
    started: AtomicUsize,
    ended: AtomicUsize,
}

impl Hooks {
    fn started(&self) {
        self.started.fetch_add(1, Ordering::SeqCst);
    }

    fn ended(&self) {
        self.ended.fetch_add(1, Ordering::SeqCst);
    }

    /// How many threads have started and not ended.
    fn alive(&self) -> usize {
        // In this order, so that a thread between the two counts.
        let ended = self.ended.load(Ordering::SeqCst);
        self.started.load(Ordering::SeqCst) - ended
    }
}

/// Programs to run: each caller takes the next one until none is left.
#[derive(Clone)]
struct Batch {
    next: Arc<AtomicUsize>,
    end: usize,
}

impl Soak {
    /// Compiles the programs, and starts the OS threads.
    ///
    /// # Errors
    ///
    /// There is no place for temporary files, or the engine refuses something.
    pub fn new() -> Result<Self> {
        let directory = tempfile::tempdir()?;
        let hooks = Arc::new(Hooks::default());
        let (start, end) = (Arc::clone(&hooks), Arc::clone(&hooks));
        let mut config = Config::new();
        config
            .workers(WORKERS)
            .on_thread_start(move |_| start.started())
            .on_thread_end(move |_| end.ended());
        let engine = Engine::new(&config)?;
        let tenants = (0..TENANTS).map(|number| Tenant::new(&engine, number, directory.path()));
        let tenants: Arc<[Tenant]> = tenants.collect::<Result<_>>()?;
        let (report, results) = channel();
        let (mut callers, mut starts) = (Vec::new(), Vec::new());
        for _ in 0..AT_ONCE {
            let (start, batches) = channel::<Batch>();
            let (tenants, report) = (Arc::clone(&tenants), report.clone());
            starts.push(start);
            callers.push(std::thread::spawn(move || {
                for batch in batches {
                    let _ = report.send(run_batch(&tenants, &batch));
                }
            }));
        }
        Ok(Soak {
            engine,
            hooks,
            tenants,
            callers,
            starts,
            results,
            done: 0,
            _directory: directory,
        })
    }

    /// Runs so many programs, and tells what the process has when all of them are gone.
    ///
    /// # Errors
    ///
    /// A program does not end as it should, or something of it stays alive.
    pub fn run(&mut self, programs: usize) -> Result<Usage> {
        let batch = Batch {
            next: Arc::new(AtomicUsize::new(self.done)),
            end: self.done + programs,
        };
        self.done = batch.end;
        for start in &self.starts {
            start.send(batch.clone()).map_err(|_| anyhow!("a caller panicked"))?;
        }
        let results = self.results.iter().take(self.starts.len());
        results.collect::<Result<()>>()?;
        self.settle()?;
        Usage::now()
    }

    /// What the process has, as soon as that is no more than it was. What the system has yet to clean up, and OS threads that have nothing
    /// to do, go away; what programs leave behind does not, so this gives up after a minute.
    ///
    /// # Errors
    ///
    /// The system does not tell.
    pub fn returns_to(&self, earlier: &Usage) -> Result<Usage> {
        let start = Instant::now();
        loop {
            let usage = Usage::now()?;
            if earlier.is_flat(&usage) || start.elapsed() > PATIENCE {
                return Ok(usage);
            }
            yield_now();
        }
    }

    /// How often each way to end was seen.
    pub fn seen(&self) -> Vec<(Way, usize)> {
        let of = |way: Way| self.tenants.iter().map(|tenant| tenant.seen(way)).sum();
        Way::ALL.iter().map(|way| (*way, of(*way))).collect()
    }

    /// Waits until no instance and no thread is left, and checks what the engine has counted.
    fn settle(&self) -> Result<()> {
        let start = Instant::now();
        loop {
            let metrics = self.engine.metrics();
            let hosts = self.tenants.iter().map(Tenant::alive).sum::<usize>();
            let threads = self.hooks.alive();
            let left = metrics.map(|metrics| (metrics.instances_alive, metrics.threads_alive, metrics.memory));
            if left.is_none_or(|left| left == (0, 0, 0)) && hosts + threads == 0 {
                return Ok(());
            }
            if start.elapsed() > PATIENCE {
                return Err(anyhow!(
                    "the states of {hosts} programs and {threads} threads do not go away: {metrics:?}"
                ));
            }
            yield_now();
        }
    }
}

impl Drop for Soak {
    fn drop(&mut self) {
        self.starts.clear();
        for caller in self.callers.drain(..) {
            // Its panic was reported.
            let _ = caller.join();
        }
    }
}

fn run_batch(tenants: &[Tenant], batch: &Batch) -> Result<()> {
    loop {
        let number = batch.next.fetch_add(1, Ordering::Relaxed);
        if number >= batch.end {
            return Ok(());
        }
        let tenant = &tenants[number % tenants.len()];
        let way = Way::ALL[number / tenants.len() % Way::ALL.len()];
        tenant
            .run(way)
            .map_err(|error| error.context(format!("program {number} ({way:?})")))
            // The other callers stop as well.
            .inspect_err(|_| batch.next.store(batch.end, Ordering::Relaxed))?;
    }
}

/// Has the process report no panic of the host functions that panic on purpose.
pub fn silence_panics() {
    static SILENT: Mutex<bool> = Mutex::new(false);
    let mut silent = SILENT.lock().unwrap_or_else(PoisonError::into_inner);
    if std::mem::replace(&mut *silent, true) {
        return;
    }
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if info.payload().downcast_ref::<&str>() != Some(&programs::FAULT) {
            report(info);
        }
    }));
}
