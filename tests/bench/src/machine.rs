//! What the operating system tells about this machine and this process.

use anyhow::{Context, Result};
use rustix::time::{ClockId, clock_gettime};
use std::fs::read_to_string;
use std::num::NonZeroUsize;
use std::time::Duration;

/// How many processors this process may use.
pub fn processors() -> NonZeroUsize {
    std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

/// How many threads of the whole machine wanted to run, on average over the last minute.
///
/// # Errors
///
/// The system does not tell, as only Linux does.
pub fn load() -> Result<f64> {
    let text = read_to_string("/proc/loadavg").context("cannot read the load of the machine")?;
    let first = text
        .split_whitespace()
        .next()
        .context("the load of the machine is empty")?;
    Ok(first.parse()?)
}

/// The name of the processor.
///
/// # Errors
///
/// The system does not tell, as only Linux does.
pub fn processor_name() -> Result<String> {
    let text = read_to_string("/proc/cpuinfo").context("cannot read what processor this is")?;
    let name = text.lines().find_map(|line| line.strip_prefix("model name"));
    // Not every processor has one.
    let name = name.and_then(|rest| rest.split_once(':')).map(|(_, name)| name.trim());
    Ok(name.unwrap_or(std::env::consts::ARCH).to_owned())
}

/// The name and version of the operating system.
///
/// # Errors
///
/// The system does not tell, as only Linux does.
pub fn system() -> Result<String> {
    let version = read_to_string("/proc/sys/kernel/osrelease").context("cannot read the version of the system")?;
    Ok(format!("Linux {}", version.trim()))
}

/// The resident memory of this process in bytes.
pub(crate) fn resident_memory() -> Result<u64> {
    let text = read_to_string("/proc/self/statm").context("cannot read the size of this process")?;
    let pages = text
        .split_whitespace()
        .nth(1)
        .context("the size of this process is not there")?;
    Ok(pages.parse::<u64>()? * rustix::param::page_size() as u64)
}

/// The processor time that all threads of this process have used.
pub(crate) fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs() as u32)
}
