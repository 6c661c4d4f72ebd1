//! Starts OS threads on systems that grant few of them.
//!
//! Problem: a limit of the user, of a control group or of the kernel may allow a process fewer threads than it needs.
//! `std` reports an error then, but some libraries that weft uses panic or wait for ever: async-io, tokio, and
//! Wasmtime's cache.
//!
//! So weft starts its own threads with `begin`, which starts as many as the system grants. Before a library starts
//! threads for weft, weft checks with `probe` that the system grants them, or takes a `Place` for one. It uses
//! optional features, such as a cache, only if [`SPARE`] more threads would be left.
//!
//! A probe starts threads and lets them end. Then another process of the same user may take their places, so a probe
//! guarantees nothing. But a caller of such a library can do no better.
//!
//! Rejected: catching the panics (the hook prints them, and if panics abort, there is nothing to catch); reading the
//! limits instead of starting threads (there are several, and some cannot be read).

use std::fmt;
use std::fs::read_to_string;
use std::io;
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{Builder, JoinHandle};

/// How many more threads the system must grant before weft starts something optional.
pub const SPARE: usize = 8;

/// How many times a probe yields while it waits for the system to stop counting a thread.
const MAX_YIELDS: u32 = 100_000;

/// Why the system refuses to start another OS thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    error: String,
    limit: Option<String>,
}

impl Refusal {
    /// Call this right after the error: it looks for the limit that is exhausted now.
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

/// Checks that `count` OS threads can be started.
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
/// The system refuses one of them. The number is how many it granted before.
pub fn granted(most: usize) -> Result<(), (usize, Refusal)> {
    let Beginning { threads, refused } = begin((0..most).map(|_| "weft-probe".to_owned()));
    let count = threads.len();
    // None ends before the last was started or refused.
    let ending: Vec<_> = threads.into_iter().map(Starting::let_go).collect();
    ending.into_iter().for_each(Ending::wait);
    match refused {
        None => Ok(()),
        Some(refusal) => Err((count, refusal)),
    }
}

/// A place among the OS threads: a thread that does nothing keeps it for one that is started later.
pub(crate) struct Place(Starting);

impl Place {
    /// Takes a place, if the system grants another thread.
    pub(crate) fn take() -> Result<Self, Refusal> {
        let thread = Starting::new("weft-probe".to_owned());
        thread.map(Place).map_err(|error| Refusal::new(&error))
    }

    /// Gives the place up. It is free when the caller has [waited](Ending::wait).
    pub(crate) fn give_up(self) -> Ending {
        self.0.let_go()
    }
}

/// OS threads that were started, and may not run yet.
pub(crate) struct Beginning {
    threads: Vec<Starting>,
    /// Why there are fewer than were asked for.
    refused: Option<Refusal>,
}

/// A started OS thread that waits for a function to run.
pub(crate) struct Ready {
    sender: Sender<Body>,
    handle: JoinHandle<()>,
}

type Body = Box<dyn FnOnce() + Send>;

/// A started thread that sends its id as soon as it runs.
struct Starting {
    sender: Sender<Body>,
    handle: JoinHandle<()>,
    id: Receiver<i32>,
}

/// A thread that ends.
pub(crate) struct Ending {
    handle: JoinHandle<()>,
    id: Receiver<i32>,
}

/// Starts threads with these names, up to the first that the system refuses. It does not wait until they run, so they
/// start at the same time on different cores.
pub(crate) fn begin(names: impl Iterator<Item = String>) -> Beginning {
    let mut threads = Vec::new();
    for name in names {
        match Starting::new(name) {
            Ok(thread) => threads.push(thread),
            Err(error) => {
                let refused = Some(Refusal::new(&error));
                return Beginning { threads, refused };
            }
        }
    }
    Beginning { threads, refused: None }
}

impl Beginning {
    /// Waits until they run. If the system refused one, returns those before it.
    pub(crate) fn ready(self) -> Result<Vec<Ready>, (Vec<Ready>, Refusal)> {
        let Beginning {
            threads: starting,
            mut refused,
        } = self;
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
}

impl Starting {
    fn new(name: String) -> io::Result<Self> {
        let (sender, bodies) = channel::<Body>();
        let (ids, id) = channel();
        let handle = Builder::new().name(name).spawn(move || {
            // If an engine cannot start after all, nobody receives it.
            let _ = ids.send(rustix::thread::gettid().as_raw_nonzero().get());
            if let Ok(body) = bodies.recv() {
                body();
            }
        })?;
        Ok(Starting { sender, handle, id })
    }

    /// Waits until the thread runs.
    fn ready(self) -> io::Result<Ready> {
        let Starting { sender, handle, id } = self;
        id.recv().map_err(io::Error::other)?;
        Ok(Ready { sender, handle })
    }

    /// Lets the thread end without having done anything.
    fn let_go(self) -> Ending {
        let Starting { sender, handle, id } = self;
        drop(sender);
        Ending { handle, id }
    }
}

impl Ready {
    /// Makes the thread run `body` and then end.
    pub(crate) fn run(self, body: impl FnOnce() + Send + 'static) -> JoinHandle<()> {
        // The thread waits for the body.
        let _ = self.sender.send(Box::new(body));
        self.handle
    }

    pub(crate) fn thread(&self) -> &std::thread::Thread {
        self.handle.thread()
    }
}

impl Ending {
    /// Waits until the system no longer counts the thread. That is some time after it can be joined.
    pub(crate) fn wait(self) {
        let Ending { handle, id } = self;
        let _ = handle.join();
        let Ok(id) = id.recv() else {
            return;
        };
        let entry = format!("/proc/self/task/{id}");
        for _ in 0..MAX_YIELDS {
            if !Path::new(&entry).exists() {
                return;
            }
            std::thread::yield_now();
        }
    }
}

/// The limit that keeps another thread from starting, as far as weft can tell.
fn exhausted_limit() -> Option<String> {
    let limit = user_limit().or_else(group_limit).or_else(kernel_limit)?;
    Some(format!("{limit} is reached"))
}

/// The limit of one user's processes, in which the kernel counts threads. It does not apply to the root user.
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

/// The limit of this process's control group, or of a group around it.
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
