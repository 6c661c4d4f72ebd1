//! The limits of an instance on the cooperative runtime.

use crate::config::Config;
use crate::cooperative::instance::Limits;
use weft_parallel::{Error, InstanceLimits};

/// What an instance may use there.
pub(crate) fn of_cooperative(config: &Config, limits: &InstanceLimits) -> Result<Limits, Error> {
    let set = limits.set();
    for (is_set, limit) in [
        (set.deadline.is_some(), "deadline"),
        (set.max_processor_time.is_some(), "max_processor_time"),
    ] {
        if is_set && !config.cooperative_epochs {
            return Err(Error::Limit(format!(
                "the cooperative runtime ends an instance at `InstanceLimits::{limit}` only if the code has checks for it: use \
                 `Config::cooperative_epochs(true)`"
            )));
        }
    }
    Ok(Limits {
        memory: set.max_memory.unwrap_or_else(|| config.memory()),
        table_elements: set.max_table_elements.unwrap_or(u64::MAX),
        threads: set.max_threads.or(config.set().max_threads),
        deadline: set.deadline,
        processor_time: set.max_processor_time,
        limiter: set.limiter,
        interruptible: config.cooperative_epochs,
    })
}
