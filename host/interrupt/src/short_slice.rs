//! Makes the kernel run a thread soon after it wakes.
//!
//! Problem: the thread that interrupts others wakes each millisecond and then runs for some microseconds. Where
//! threads keep all cores busy, Linux lets it wait for the end of a slice of one of them, which takes three
//! milliseconds or more. Until then, no guest thread is interrupted.
//!
//! Since Linux 6.12, a thread may ask for shorter slices ([`take_short_slices`]). Its share of the processor time stays
//! the same. But the kernel lets the thread whose slice would end first run first, so one with a short slice runs soon
//! after it wakes.
//!
//! Rejected: a real-time policy or a negative nice value (both need a privilege, and take time from others); more
//! frequent ticks (the thread waits for its core all the same).

/// Asks for the shortest slices that Linux grants. No error is reported: elsewhere, in a sandbox that refuses the call,
/// and before Linux 6.12, the thread runs as before.
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "libc has no safe form of these system calls")]
pub fn take_short_slices() {
    /// The shortest slice, in nanoseconds.
    const SLICE: u64 = 100_000;
    const SIZE: u32 = size_of::<libc::sched_attr>() as u32;
    const THIS_THREAD: libc::pid_t = 0;
    const NO_FLAGS: libc::c_uint = 0;

    let mut attributes = libc::sched_attr {
        size: SIZE,
        sched_policy: 0,
        sched_flags: 0,
        sched_nice: 0,
        sched_priority: 0,
        sched_runtime: 0,
        sched_deadline: 0,
        sched_period: 0,
    };
    // SAFETY: the kernel writes at most `SIZE` bytes to `attributes`, which has as many, and any bytes are valid there.
    let got = unsafe {
        libc::syscall(
            libc::SYS_sched_getattr,
            THIS_THREAD,
            &raw mut attributes,
            SIZE,
            NO_FLAGS,
        )
    };
    // The nice value stays what it is. With another policy, the field has another meaning.
    if got != 0 || attributes.sched_policy != libc::SCHED_OTHER as u32 {
        return;
    }
    attributes.sched_runtime = SLICE;
    // SAFETY: the kernel reads as many bytes of `attributes` as its field `size` says, which the call above left at `SIZE`.
    unsafe { libc::syscall(libc::SYS_sched_setattr, THIS_THREAD, &raw const attributes, NO_FLAGS) };
}

/// Does nothing: only Linux has such a request.
#[cfg(not(target_os = "linux"))]
pub fn take_short_slices() {}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::take_short_slices;

    #[test]
    fn the_nice_value_and_the_policy_stay() {
        std::thread::spawn(|| {
            let before = state();
            take_short_slices();
            assert_eq!(state(), before);
        })
        .join()
        .expect("the thread does not panic");
    }

    /// The fields `nice` and `policy` of the calling thread, as the kernel shows them.
    fn state() -> (String, String) {
        let stat = std::fs::read_to_string("/proc/thread-self/stat").expect("a thread can read its state");
        // The name, in parentheses, is the second field.
        let (_, fields) = stat.rsplit_once(") ").expect("it has a name");
        let fields: Vec<&str> = fields.split(' ').collect();
        (fields[16].to_owned(), fields[38].to_owned())
    }
}
