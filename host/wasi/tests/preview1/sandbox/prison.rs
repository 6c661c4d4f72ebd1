//! A directory for a guest, with links that lead out of it, and things around it that must stay as they are.
//!
//! To detect changes outside, the tests compare the state before and after. To detect reads outside, the host's kernel
//! reports every opened file.

use crate::harness::Guest;
use rustix::fs::inotify::{self, CreateFlags, WatchFlags};
use std::collections::BTreeMap;
use std::fs;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use weft_wasi::{DirPerms, FilePerms, WasiCtxBuilder};

/// The bytes of every file outside.
pub const SECRET: &[u8] = b"secret";
/// More links in a row than the kernel follows.
const CHAIN: usize = 41;

/// A guest with the directory `in` as descriptor 3 and `other` as 4, both next to what it must not reach.
pub struct Prison {
    pub guest: Guest,
    root: TempDir,
    before: BTreeMap<PathBuf, Outside>,
    watch: OwnedFd,
}

/// What is seen of something outside.
#[derive(Debug, PartialEq, Eq)]
struct Outside {
    mode: u32,
    inode: u64,
    links: u64,
    size: u64,
    modified: (i64, i64),
    contents: Vec<u8>,
}

impl Prison {
    pub fn new() -> Self {
        let root = tempfile::tempdir().expect("a directory");
        let at = |path: &str| root.path().join(path);
        for directory in ["outside", "outside/empty", "in", "in/d", "in/d/e", "other"] {
            fs::create_dir(at(directory)).expect("a directory");
        }
        for file in ["secret", "outside/f"] {
            fs::write(at(file), SECRET).expect("a file");
        }
        for file in ["in/own", "in/d/f", "other/own"] {
            fs::write(at(file), "own").expect("a file");
        }
        let absolute = root.path().to_str().expect("ASCII");
        for (path, target) in [
            ("up", "../secret"),
            ("zigzag", "d/../../secret"),
            ("absolute", &format!("{absolute}/secret")),
            ("absolute-dir", &format!("{absolute}/outside")),
            ("absolute-own", &format!("{absolute}/in/own")),
            ("slash", "/"),
            ("parent", ".."),
            ("outside", "../outside"),
            ("chained", "chained-again"),
            ("chained-again", "up"),
            ("hole", "../new"),
            ("loop", "loop"),
            ("loop-a", "loop-b"),
            ("loop-b", "loop-a"),
            ("dangling", "absent"),
            ("to-own", "own"),
            ("to-d", "d"),
            ("d/back", "../own"),
        ] {
            symlink(target, at("in").join(path)).expect("a link");
        }
        for number in 0..CHAIN {
            let target = if number == 0 {
                "own".to_owned()
            } else {
                format!("chain-{}", number - 1)
            };
            symlink(target, at("in").join(format!("chain-{number}"))).expect("a link");
        }
        let watch = inotify::init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC).expect("a watch");
        let before = outside(root.path());
        for path in ["secret", "outside", "outside/empty"] {
            inotify::add_watch(&watch, at(path), WatchFlags::ALL_EVENTS).expect("a watch");
        }
        let mut builder = WasiCtxBuilder::new();
        for path in ["in", "other"] {
            builder
                .preopened_dir(at(path), path, DirPerms::all(), FilePerms::all())
                .expect("a directory");
        }
        Prison {
            guest: Guest::new(&mut builder),
            root,
            before,
            watch,
        }
    }

    pub fn root(&self) -> &Path {
        self.root.path()
    }

    pub fn inside(&self) -> PathBuf {
        self.root.path().join("in")
    }

    /// Nothing outside was opened, read, changed, moved, made or removed.
    pub fn assert_untouched(&self, case: &str) {
        let mut buffer = [MaybeUninit::uninit(); 4096];
        let mut events = inotify::Reader::new(&self.watch, &mut buffer);
        if let Ok(event) = events.next() {
            panic!("{case}: outside, {event:?}");
        }
        assert_eq!(outside(self.root.path()), self.before, "{case}");
        // This looked outside itself.
        while events.next().is_ok() {}
    }
}

/// All that is below `root`, but for what the guest has.
fn outside(root: &Path) -> BTreeMap<PathBuf, Outside> {
    let mut found = BTreeMap::new();
    let mut left = vec![root.to_owned()];
    while let Some(path) = left.pop() {
        if path == root.join("in") || path == root.join("other") {
            continue;
        }
        let metadata = fs::symlink_metadata(&path).expect("there");
        if metadata.is_dir() {
            let entries = fs::read_dir(&path).expect("a directory");
            left.extend(entries.map(|entry| entry.expect("an entry").path()));
        }
        let contents = if metadata.is_file() {
            fs::read(&path).expect("a file")
        } else {
            Vec::new()
        };
        found.insert(
            path,
            Outside {
                mode: metadata.mode(),
                inode: metadata.ino(),
                links: metadata.nlink(),
                size: metadata.size(),
                modified: (metadata.mtime(), metadata.mtime_nsec()),
                contents,
            },
        );
    }
    found
}
