//! A directory that a guest gets, with things beside it that it must neither see nor change.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use tempfile::TempDir;
use weft_wasi::{DirPerms, FilePerms, WasiCtxBuilder};

/// The contents and the names of every file outside. No guest may get them.
pub const SECRET: &str = "a secret that no guest may see";
/// The contents of every file inside.
pub const OWN: &str = "own";

/// The guest's directory is `in`; `secret`, `elsewhere` and `hidden` are out of bounds.
///
/// What is in `elsewhere` has the names of what is in `in/d`, and what is in `hidden` those of what is in `in`.
pub struct Prison {
    dir: TempDir,
    before: BTreeMap<PathBuf, String>,
}

impl Prison {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let root = dir.path();
        fs::write(root.join("secret"), SECRET).expect("a file");
        fill(&root.join("in"), OWN);
        fill(&root.join("in/d"), OWN);
        fill(&root.join("hidden"), SECRET);
        fill(&root.join("elsewhere"), SECRET);
        let before = BTreeMap::new();
        let mut prison = Prison { dir, before };
        prison.before = prison.outside();
        prison
    }

    /// A path below the whole.
    pub fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    pub fn wasi(&self) -> WasiCtxBuilder {
        let mut wasi = WasiCtxBuilder::new();
        wasi.preopened_dir(self.path("in"), "/", DirPerms::all(), FilePerms::all())
            .expect("a directory");
        wasi
    }

    /// Says all about everything that is out of bounds. Directories named `moving` are the guest's own.
    fn outside(&self) -> BTreeMap<PathBuf, String> {
        let mut seen = BTreeMap::new();
        let mut left = vec![self.dir.path().to_owned()];
        while let Some(dir) = left.pop() {
            for entry in fs::read_dir(dir).expect("a directory") {
                let path = entry.expect("an entry").path();
                if path == self.path("in") || path.ends_with("moving") {
                    continue;
                }
                let is = path.symlink_metadata().expect("still there");
                let said = match is.is_dir() {
                    // Its times change when `moving` comes and goes.
                    true => format!("{} {:o}", is.ino(), is.mode()),
                    false => format!(
                        "{} {:o} {} {} {}.{} {:?}",
                        is.ino(),
                        is.mode(),
                        is.nlink(),
                        is.size(),
                        is.ctime(),
                        is.ctime_nsec(),
                        fs::read(&path)
                    ),
                };
                if is.is_dir() {
                    left.push(path.clone());
                }
                seen.insert(path, said);
            }
        }
        seen
    }

    /// What is out of bounds is as it was.
    pub fn assert_untouched(&self) {
        assert_eq!(self.outside(), self.before);
    }

    /// Runs `disturb` again and again on a thread of the system while `run` runs.
    pub fn disturbed(&self, mut disturb: impl FnMut() + Send, run: impl FnOnce()) {
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !over.load(SeqCst) {
                    disturb();
                }
            });
            // Ends the other also if it panics.
            let _ending = Ending(&over);
            run();
        });
    }
}

struct Ending<'a>(&'a AtomicBool);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.store(true, SeqCst);
    }
}

/// Makes a directory with two files, an empty directory and a link in it.
fn fill(dir: &Path, contents: &str) {
    fs::create_dir(dir).expect("a directory");
    for name in ["f", contents] {
        fs::write(dir.join(name), contents).expect("a file");
    }
    fs::create_dir(dir.join("empty")).expect("a directory");
    symlink(contents, dir.join("link")).expect("a link");
}
