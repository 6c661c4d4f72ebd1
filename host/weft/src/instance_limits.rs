//! The limits of an instance on the cooperative runtime.

use crate::config::Config;
use crate::cooperative::instance::Limits;
use weft_parallel::{Error, InstanceLimits};

/// What an instance may use there.
pub(crate) fn of_cooperative(config: &Config, limits: &InstanceLimits) -> Result<Limits, Error> {
    let set = limits.set();
    if set.max_processor_time.is_some() {
        return Err(Error::Limit(
            "the cooperative runtime does not measure processor time: use `InstanceLimits::deadline`, or run the component \
             on the parallel runtime"
                .to_owned(),
        ));
    }
    if set.deadline.is_some() && !config.cooperative_epochs {
        return Err(Error::Limit(
            "the cooperative runtime ends an instance at its deadline only if the code has checks for it: use `Config::cooperative_epochs(true)`"
                .to_owned(),
        ));
    }
    Ok(Limits {
        memory: set.max_memory.unwrap_or_else(|| config.memory()),
        table_elements: set.max_table_elements.unwrap_or(u64::MAX),
        threads: set.max_threads.or(config.max_threads),
        deadline: set.deadline,
        limiter: set.limiter,
    })
}
