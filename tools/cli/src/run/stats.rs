//! `weft run --stats`: what a program did and used, for people.
//!
//! The lines are the same on both runtimes. Wasmtime's component runtime does not tell what its threads do, so those lines say so there.
//!
//! The processor time is that of the process since the program was instantiated: the program's threads, what the host
//! did for them, and weft's own work. So it includes calls that run on the main thread, which an engine does not
//! measure.

use nix::time::{ClockId, clock_gettime};
use std::io::{Result, Write, stderr};
use std::time::{Duration, Instant};
use weft::{Component, Runtime};

/// What is measured from when the program was loaded.
pub(super) struct Stats {
    began: Instant,
    processor_time: Duration,
}

impl Stats {
    /// The program is about to be instantiated.
    pub(super) fn begin() -> Self {
        Stats {
            began: Instant::now(),
            processor_time: process_time(),
        }
    }

    /// Prints what a program did, alone in its engine.
    pub(super) fn print(&self, component: &Component) {
        let engine = component.engine();
        let metrics = match component.runtime() {
            Runtime::Parallel => engine.metrics(),
            Runtime::Cooperative => None,
        };
        let threads = ["threads", "waits", "wake-ups", "switches", "preemptions"];
        let values = match metrics {
            Some(metrics) => [
                format!(
                    "{} started, at most {} at once",
                    metrics.threads_started, metrics.threads_peak
                ),
                metrics.waits.to_string(),
                metrics.wake_ups.to_string(),
                metrics.switches.to_string(),
                metrics.preemptions.to_string(),
            ],
            None => threads.map(|_| "not counted on Wasmtime's component runtime".to_owned()),
        };
        let lines: Vec<_> = threads.into_iter().zip(values).collect();
        self.write(&lines, engine.memory_peak());
    }

    fn write(&self, threads: &[(&str, String)], memory_peak: u64) {
        let processor_time = process_time().saturating_sub(self.processor_time);
        let used = [
            ("memory", format!("at most {memory_peak} bytes")),
            ("processor time", format!("{:.6} s", processor_time.as_secs_f64())),
            ("time", format!("{:.6} s", self.began.elapsed().as_secs_f64())),
        ];
        // If standard error is closed, there is no reader to inform.
        let _ = write_lines(threads.iter().chain(&used));
    }
}

fn write_lines<'a>(lines: impl Iterator<Item = &'a (&'a str, String)>) -> Result<()> {
    let mut stderr = stderr().lock();
    for (name, value) in lines {
        writeln!(stderr, "{:<16}{value}", format!("{name}:"))?;
    }
    Ok(())
}

/// The processor time of all threads of this process. A clock that cannot be read does not run.
fn process_time() -> Duration {
    clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID).map_or(Duration::ZERO, Duration::from)
}
