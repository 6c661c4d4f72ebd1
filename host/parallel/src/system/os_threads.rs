//! OS threads where the system grants few of them.
//!
//! Problem: a limit of the user, of a control group or of the kernel may let a process start fewer threads than it has use
//! for. `std` reports that as an error, but some libraries below weft panic at it, or wait for ever: async-io, tokio, and
//! the engine's cache.
//!
//! So weft starts its own threads with [`start`], which gives as many as there are. Before it has a library start
//! threads, it makes sure with [`probe`] that there are so many; and what it can do without, such as a cache, it leaves
//! out if not [`SPARE`] more would be left.
//!
//! A probe starts threads, and has them end. Another process of the same user may take their places then, so a probe is no
//! promise. It is the best that a caller of such a library can do.
//!
//! Rejected: catching the panics (their text is printed, and where a panic aborts the process there is nothing to catch);
//! reading the limits instead of starting threads (there are several, and some cannot be read).

use std::fmt;
use std::fs::read_to_string;
use std::io;
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{Builder, JoinHandle};

/// How many threads must be left for it before something is started that can be done without.
pub const SPARE: usize = 8;

/// How long a probe waits for the system to have forgotten a thread, in turns that it yields.
const MAX_YIELDS: u32 = 100_000;

/// Why the system refuses to start another OS thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    error: String,
    limit: Option<String>,
}

impl Refusal {
    /// To be made at once: it looks for the limit that is exhausted now.
    pub(crate) fn new(error: &io::Error) -> Self {
        Refusal {
            error: error.to_string(),
            limit: exhausted_limit(),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the system refuses to start another OS thread: {}", self.error)?;
        match &self.limit {
            Some(limit) => write!(f, "; {limit}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Refusal {}

/// Makes sure that so many OS threads can be started.
///
/// # Errors
///
/// The system refuses one of them.
pub fn probe(count: usize) -> Result<(), Refusal> {
    granted(count).map_err(|(_, refusal)| refusal)
}

/// Finds out how many OS threads can be started, up to `most`.
///
/// # Errors
///
/// The system refuses one of them. The number is of those before.
pub fn granted(most: usize) -> Result<(), (usize, Refusal)> {
    let end = |threads: Vec<Ready>| threads.into_iter().map(Ready::end).count();
    match start((0..most).map(|_| "weft-probe".to_owned())) {
        Ok(threads) => {
            end(threads);
            Ok(())
        }
        Err((threads, refusal)) => Err((end(threads), refusal)),
    }
}

/// An OS thread that waits to be told what to do.
pub(crate) struct Ready {
    sender: Sender<Body>,
    handle: JoinHandle<()>,
    id: i32,
}

type Body = Box<dyn FnOnce() + Send>;

/// A thread that was started, and that tells its number as soon as it runs.
struct Starting {
    sender: Sender<Body>,
    handle: JoinHandle<()>,
    id: Receiver<i32>,
}

/// Starts threads with these names. If the system refuses one, gives those before.
///
/// All are started before the first is waited for, so that they begin at the same time on different cores.
pub(crate) fn start(names: impl Iterator<Item = String>) -> Result<Vec<Ready>, (Vec<Ready>, Refusal)> {
    let mut starting = Vec::new();
    let mut refused = None;
    for name in names {
        match Starting::new(name) {
            Ok(thread) => starting.push(thread),
            Err(error) => {
                refused = Some(Refusal::new(&error));
                break;
            }
        }
    }
    let mut threads = Vec::with_capacity(starting.len());
    for thread in starting {
        match thread.ready() {
            Ok(thread) => threads.push(thread),
            Err(error) => {
                refused.get_or_insert_with(|| Refusal::new(&error));
            }
        }
    }
    match refused {
        None => Ok(threads),
        Some(refusal) => Err((threads, refusal)),
    }
}

impl Starting {
    fn new(name: String) -> io::Result<Self> {
        let (sender, bodies) = channel::<Body>();
        let (ids, id) = channel();
        let handle = Builder::new().name(name).spawn(move || {
            // The receiver waits for it.
            let _ = ids.send(rustix::thread::gettid().as_raw_nonzero().get());
            if let Ok(body) = bodies.recv() {
                body();
            }
        })?;
        Ok(Starting { sender, handle, id })
    }

    /// Waits until it runs.
    fn ready(self) -> io::Result<Ready> {
        let Starting { sender, handle, id } = self;
        let id = id.recv().map_err(io::Error::other)?;
        Ok(Ready { sender, handle, id })
    }
}

impl Ready {
    /// Has the thread do this, and end.
    pub(crate) fn run(self, body: impl FnOnce() + Send + 'static) -> JoinHandle<()> {
        // The thread waits for it.
        let _ = self.sender.send(Box::new(body));
        self.handle
    }

    pub(crate) fn thread(&self) -> &std::thread::Thread {
        self.handle.thread()
    }

    /// Ends the thread, and waits until the system counts it no more. That is some time after it can be joined.
    fn end(self) {
        drop(self.sender);
        let _ = self.handle.join();
        let entry = format!("/proc/self/task/{}", self.id);
        for _ in 0..MAX_YIELDS {
            if !Path::new(&entry).exists() {
                return;
            }
            std::thread::yield_now();
        }
    }
}

/// The limit that lets no further thread start, as far as one can see.
fn exhausted_limit() -> Option<String> {
    let limit = user_limit().or_else(group_limit).or_else(kernel_limit)?;
    Some(format!("{limit} is reached"))
}

/// The limit of the processes of one user, which the kernel counts threads for. It does not hold for the root user.
fn user_limit() -> Option<String> {
    let user = rustix::process::getuid();
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nproc).current?;
    let is_reached = !user.is_root() && threads_of_user(user.as_raw())? >= limit;
    is_reached.then(|| format!("RLIMIT_NPROC (`ulimit -u`), which is {limit} for this user,"))
}

fn threads_of_user(user: u32) -> Option<u64> {
    let processes = std::fs::read_dir("/proc").ok()?;
    let threads = processes.filter_map(|process| {
        let status = read_to_string(process.ok()?.path().join("status")).ok()?;
        let field = |name: &str| status.lines().find_map(|line| line.strip_prefix(name));
        let owner = field("Uid:")?.split_whitespace().next()?;
        let threads = field("Threads:")?.trim().parse::<u64>().ok()?;
        (owner.parse::<u32>().ok()? == user).then_some(threads)
    });
    Some(threads.sum())
}

/// The limit of this process's control group, or of one that it is in.
fn group_limit() -> Option<String> {
    let groups = read_to_string("/proc/self/cgroup").ok()?;
    groups.lines().find_map(|line| {
        let mut fields = line.splitn(3, ':').skip(1);
        let (root, path) = match (fields.next()?, fields.next()?) {
            ("", path) => ("/sys/fs/cgroup", path),
            (controllers, path) if controllers.split(',').any(|name| name == "pids") => ("/sys/fs/cgroup/pids", path),
            _ => return None,
        };
        let groups = Path::new(path).ancestors();
        groups.into_iter().find_map(|group| {
            let files = Path::new(root).join(group.strip_prefix("/").unwrap_or(group));
            let limit = number(&files.join("pids.max"))?;
            let group = group.display();
            (number(&files.join("pids.current"))? >= limit)
                .then(|| format!("pids.max of the control group `{group}`, which is {limit},"))
        })
    })
}

/// The limits of all threads of the machine.
fn kernel_limit() -> Option<String> {
    let load = read_to_string("/proc/loadavg").ok()?;
    let (_, threads) = load.split_whitespace().nth(3)?.split_once('/')?;
    let threads = threads.parse::<u64>().ok()?;
    ["threads-max", "pid_max"].into_iter().find_map(|name| {
        let limit = number(&Path::new("/proc/sys/kernel").join(name))?;
        (threads >= limit).then(|| format!("kernel.{name}, which is {limit},"))
    })
}

fn number(file: &Path) -> Option<u64> {
    read_to_string(file).ok()?.trim().parse().ok()
}
