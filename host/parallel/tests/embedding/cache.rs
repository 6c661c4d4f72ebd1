//! Precompiled components in a cache.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use weft_parallel::{Cache, Component, Engine, Interruption, Linker, Val};

use crate::support::{engine_with, watched};

/// An answer, which takes a built-in, a shared memory and a lifted function to give.
const COMPONENT: &[u8] = br#"(component
    (core func $index (canon thread.index))
    (core module $m
        (import "" "index" (func $index (result i32)))
        (memory 1 1 shared)
        (func (export "answer") (param i32) (result i32)
            (i32.store (i32.const 8) (local.get 0))
            (i32.sub (i32.add (call $index) (i32.load (i32.const 8))) (call $index))))
    (core instance $i (instantiate $m (with "" (instance (export "index" (func $index))))))
    (func (export "answer") (param "n" s32) (result s32) (canon lift (core func $i "answer"))))"#;

fn engine(cache: Option<&Cache>, deterministic: bool) -> Engine {
    engine_with(2, |config| {
        config.cache(cache.cloned()).deterministic(deterministic);
        // The first engine of a process that uses signals keeps something else in the cache, too.
        config.interruption(Interruption::Epochs);
    })
}

fn works(component: &Component) {
    let instance = Linker::new(component.engine())
        .instantiate(component, ())
        .expect("an instance");
    let answer = instance.get_func(&["answer"]).expect("it is exported");
    assert_eq!(answer.call(&[Val::S32(42)]).expect("no trap"), Some(Val::S32(42)));
}

/// The files of the cache, and what tells each from one that is written later.
fn entries(cache: &Cache) -> Vec<(PathBuf, u64)> {
    let files = fs::read_dir(cache.folder()).expect("a folder");
    let mut entries: Vec<_> = files
        .map(|file| file.expect("a file").path())
        .map(|path| (path.clone(), inode(&path)))
        .collect();
    entries.sort();
    entries
}

fn inode(path: &Path) -> u64 {
    fs::metadata(path).expect("it is there").ino()
}

#[test]
fn a_component_is_compiled_once_for_each_configuration() {
    watched(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::new(folder.path().join("cache")).expect("a cache");
        works(&Component::new(&engine(Some(&cache), false), COMPONENT).expect("a component"));
        let first = entries(&cache);
        assert_eq!(first.len(), 1);
        works(&Component::new(&engine(Some(&cache), false), COMPONENT).expect("a component"));
        assert_eq!(entries(&cache), first, "it was compiled again");
        works(&Component::new(&engine(Some(&cache), true), COMPONENT).expect("a component"));
        let both = entries(&cache);
        assert_eq!(both.len(), 2, "code for the deterministic profile is other code");
        works(&Component::new(&engine(Some(&cache), false), COMPONENT).expect("a component"));
        assert_eq!(entries(&cache), both, "neither takes the place of the other");
        works(&Component::new(&engine(None, false), COMPONENT).expect("a component"));
        assert_eq!(entries(&cache), both);
    });
}

#[test]
fn a_damaged_entry_is_compiled_again() {
    watched(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::new(folder.path().join("cache")).expect("a cache");
        let engine = engine(Some(&cache), false);
        works(&Component::new(&engine, COMPONENT).expect("a component"));
        let (path, _) = entries(&cache).remove(0);
        let sound = fs::read(&path).expect("a file");
        for position in (0..sound.len()).step_by(sound.len() / 20) {
            let mut damaged = sound.clone();
            damaged[position] ^= 0x10;
            fs::write(&path, damaged).expect("a file");
            let before = entries(&cache);
            works(&Component::new(&engine, COMPONENT).expect("a component"));
            assert_ne!(entries(&cache), before, "byte {position}");
        }
    });
}

#[test]
fn a_component_is_compiled_where_it_cannot_be_kept() {
    watched(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::new(folder.path().join("cache")).expect("a cache");
        fs::remove_dir(cache.folder()).expect("an empty folder");
        works(&Component::new(&engine(Some(&cache), false), COMPONENT).expect("a component"));
    });
}
