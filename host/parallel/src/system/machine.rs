//! The machine's resources, for limits that are fractions of them.
//!
//! **Problem.** A limit that is right on a server is wrong in a container: the kernel kills the process at the limit of
//! its control group, however much memory the machine has. **Here**, the memory is the minimum of the machine's memory
//! and the limit of each control group of the process. If the system reports neither, as on systems other than Linux,
//! it is [`UNKNOWN`].
//!
//! **Rejected:** the memory that is free at the moment (the limit would change from run to run); the limit of the
//! address space (reservations use it up but take no memory).

use std::fs::read_to_string;
use std::path::Path;

/// The memory that weft assumes if the system does not report it.
const UNKNOWN: u64 = 4 << 30;

/// How many memory mappings Linux grants a process, if it does not say.
const USUAL_MAPPINGS: u64 = 65_530;

/// The memory in bytes that this process can use.
fn memory() -> u64 {
    let total = read_to_string("/proc/meminfo").ok().and_then(|text| total(&text));
    let groups = read_to_string("/proc/self/cgroup").unwrap_or_default();
    let granted = control_files(&groups).into_iter().filter_map(|file| {
        let text = read_to_string(file).ok()?;
        // A group without a limit says `max`.
        text.trim().parse::<u64>().ok()
    });
    total.into_iter().chain(granted).min().unwrap_or(UNKNOWN)
}

/// The default of [`Config::max_memory`](crate::Config::max_memory): half of the memory that this process can use.
pub fn default_max_memory() -> u64 {
    memory() / 2
}

/// How many memory mappings this process can have.
pub(crate) fn mappings() -> u64 {
    let limit = read_to_string("/proc/sys/vm/max_map_count").ok();
    let limit = limit.and_then(|text| text.trim().parse().ok());
    limit.unwrap_or(USUAL_MAPPINGS)
}

/// The machine's memory, from `/proc/meminfo`.
fn total(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kilobytes = line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?;
    kilobytes.checked_mul(1024)
}

/// The files with the limits of the groups that `/proc/self/cgroup` lists, and of the groups around them.
fn control_files(groups: &str) -> Vec<String> {
    let mut files = Vec::new();
    for line in groups.lines() {
        let mut parts = line.splitn(3, ':').skip(1);
        let (Some(controllers), Some(path)) = (parts.next(), parts.next()) else {
            continue;
        };
        let (root, file) = match controllers {
            "" => ("/sys/fs/cgroup", "memory.max"),
            _ if controllers.split(',').any(|controller| controller == "memory") => {
                ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")
            }
            _ => continue,
        };
        // In a container, the path may be the one outside, of which only the root exists inside.
        let around = Path::new(path).ancestors();
        files.extend(around.map(|group| format!("{root}{}/{file}", group.display().to_string().trim_end_matches('/'))));
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_is_read() {
        assert_eq!(total("MemTotal:       24576 kB\nMemFree: 1 kB\n"), Some(24 << 20));
        assert_eq!(total("MemFree: 1 kB\n"), None);
        assert_eq!(total("MemTotal: many\n"), None);
    }

    #[test]
    fn every_group_around_the_process_counts() {
        assert_eq!(
            control_files("0::/a/b\n"),
            [
                "/sys/fs/cgroup/a/b/memory.max",
                "/sys/fs/cgroup/a/memory.max",
                "/sys/fs/cgroup/memory.max",
            ]
        );
        assert_eq!(
            control_files("5:cpu,cpuacct:/x\n4:memory:/x\n"),
            [
                "/sys/fs/cgroup/memory/x/memory.limit_in_bytes",
                "/sys/fs/cgroup/memory/memory.limit_in_bytes",
            ]
        );
        assert_eq!(control_files("nonsense\n"), [""; 0]);
    }

    #[test]
    fn this_machine_has_memory_and_mappings() {
        assert!(memory() > 1 << 20);
        assert!(mappings() > 1000);
    }
}
