//! The cache returns exactly the bytes that it stored, or nothing.

use rustix::fs::{CWD, FileType, Mode, mknodat};
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::PathBuf;
use std::thread;
use tempfile::TempDir;
use weft_cache::{Cache, CacheError, Key, KeyHasher};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

const PARTS: [&[u8]; 3] = [b"first", b"", b" and second"];
const PAYLOAD: &[u8] = b"first and second";

struct Scratch {
    _parent: TempDir,
    cache: Cache,
    key: Key,
}

impl Scratch {
    /// A cache with one entry.
    fn new() -> Result<Self> {
        let parent = tempfile::tempdir()?;
        let scratch = Scratch {
            cache: Cache::new(parent.path().join("cache"))?,
            key: key("program"),
            _parent: parent,
        };
        scratch.cache.put(&scratch.key, &PARTS)?;
        assert!(scratch.is_kept(), "what was put is there");
        Ok(scratch)
    }

    fn path(&self) -> PathBuf {
        self.cache.folder().join(self.key.to_string())
    }

    fn is_kept(&self) -> bool {
        let entry = self.cache.get(&self.key);
        entry.inspect(|entry| assert_eq!(entry.payload(), PAYLOAD)).is_some()
    }

    /// What was wrong with the entry is right after it is written again.
    fn is_mended(&self) -> Result {
        self.cache.put(&self.key, &PARTS)?;
        assert!(self.is_kept());
        Ok(())
    }
}

fn key(name: &str) -> Key {
    KeyHasher::new("test").bytes(name.as_bytes()).finish()
}

#[test]
fn an_entry_is_found_by_its_key_alone() -> Result {
    let scratch = Scratch::new()?;
    assert!(scratch.cache.get(&key("another")).is_none());
    // Also if its file has the name of another.
    fs::rename(scratch.path(), scratch.cache.folder().join(key("another").to_string()))?;
    assert!(scratch.cache.get(&key("another")).is_none());
    scratch.is_mended()
}

#[test]
fn an_empty_payload_is_kept() -> Result {
    let scratch = Scratch::new()?;
    scratch.cache.put(&scratch.key, &[])?;
    let entry = scratch.cache.get(&scratch.key).ok_or("it is not there")?;
    assert!(entry.payload().is_empty());
    Ok(())
}

#[test]
fn a_byte_that_is_wrong_is_seen_wherever_it_is() -> Result {
    let scratch = Scratch::new()?;
    let sound = fs::read(scratch.path())?;
    for position in 0..sound.len() {
        for flipped in [0x01, 0x80, 0xff] {
            let mut damaged = sound.clone();
            damaged[position] ^= flipped;
            fs::write(scratch.path(), damaged)?;
            assert!(!scratch.is_kept(), "byte {position} is flipped by {flipped:#x}");
        }
    }
    scratch.is_mended()
}

#[test]
fn a_length_that_is_wrong_is_seen() -> Result {
    let scratch = Scratch::new()?;
    let sound = fs::read(scratch.path())?;
    for length in 0..sound.len() {
        fs::write(scratch.path(), &sound[..length])?;
        assert!(!scratch.is_kept(), "{length} bytes are left");
    }
    fs::write(scratch.path(), [&*sound, b"\0"].concat())?;
    assert!(!scratch.is_kept(), "there is more");
    scratch.is_mended()
}

#[test]
fn what_others_may_have_written_or_read_is_no_entry() -> Result {
    let scratch = Scratch::new()?;
    for mode in [0o644, 0o606, 0o660, 0o601] {
        fs::set_permissions(scratch.path(), Permissions::from_mode(mode))?;
        assert!(!scratch.is_kept(), "the mode is {mode:o}");
        scratch.is_mended()?;
    }
    Ok(())
}

#[test]
fn what_is_no_file_is_no_entry() -> Result {
    let scratch = Scratch::new()?;
    let path = scratch.path();
    let sound = scratch.cache.folder().join("sound");
    fs::rename(&path, &sound)?;
    symlink(&sound, &path)?;
    assert!(!scratch.is_kept(), "a link");
    scratch.is_mended()?;
    fs::remove_file(&path)?;
    mknodat(CWD, &path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0)?;
    assert!(!scratch.is_kept(), "a pipe that nobody writes to");
    scratch.is_mended()?;
    fs::remove_file(&path)?;
    fs::create_dir(&path)?;
    assert!(!scratch.is_kept(), "a folder");
    scratch
        .cache
        .put(&scratch.key, &PARTS)
        .expect_err("a folder is in the way");
    Ok(())
}

#[test]
fn folders_and_entries_are_for_the_user_alone() -> Result {
    let parent = tempfile::tempdir()?;
    let cache = Cache::new(parent.path().join("outer/inner"))?;
    cache.put(&key("program"), &PARTS)?;
    for (path, mode) in [
        (parent.path().join("outer"), 0o700),
        (parent.path().join("outer/inner"), 0o700),
        (cache.folder().join(key("program").to_string()), 0o600),
    ] {
        assert_eq!(fs::metadata(&path)?.mode() & 0o777, mode, "{}", path.display());
    }
    Ok(())
}

#[test]
fn a_folder_that_others_can_write_to_is_refused() -> Result {
    let folder = tempfile::tempdir()?;
    for mode in [0o777, 0o720, 0o702, 0o1777] {
        fs::set_permissions(folder.path(), Permissions::from_mode(mode))?;
        let error = Cache::new(folder.path()).expect_err("it is not the user's alone");
        assert!(
            matches!(error, CacheError::Writable { mode: found, .. } if found == mode),
            "{error}"
        );
    }
    fs::set_permissions(folder.path(), Permissions::from_mode(0o755))?;
    Cache::new(folder.path())?;
    Ok(())
}

#[test]
fn what_is_no_folder_is_refused() -> Result {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("file");
    fs::write(&file, "")?;
    for path in [file.clone(), file.join("below")] {
        let error = Cache::new(&path).expect_err("it is no folder");
        assert!(matches!(error, CacheError::Io { .. }), "{error}");
    }
    Ok(())
}

#[test]
fn those_who_write_the_same_entry_at_once_do_not_disturb_each_other() -> Result {
    let scratch = Scratch::new()?;
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..50 {
                    scratch.cache.put(&scratch.key, &PARTS).expect("it can be written");
                    assert!(scratch.is_kept());
                }
            });
        }
    });
    assert_eq!(
        fs::read_dir(scratch.cache.folder())?.count(),
        1,
        "no temporary file is left"
    );
    Ok(())
}

#[test]
fn a_folder_that_is_gone_is_an_error_to_who_writes() -> Result {
    let scratch = Scratch::new()?;
    fs::remove_dir_all(scratch.cache.folder())?;
    assert!(!scratch.is_kept());
    scratch.cache.put(&scratch.key, &PARTS).expect_err("there is no folder");
    Ok(())
}
