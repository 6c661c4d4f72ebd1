//! Files as Rust's standard library uses them: what each function gives, and the kind of each error.
#![cfg_attr(target_os = "wasi", feature(wasi_ext))]
use std::fmt::Debug;
use std::fs::{self, File, FileTimes, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, IoSlice, IoSliceMut, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::{Duration, SystemTime};

#[cfg(unix)]
use std::os::unix::fs::{FileExt, symlink};
#[cfg(target_os = "wasi")]
use std::os::wasi::{fs::FileExt, fs::symlink_path as symlink};

/// Prints what a call gave: the value, or the error's kind.
fn say<T: Debug>(what: &str, result: io::Result<T>) {
    match result {
        Ok(value) => println!("{what}: {value:?}"),
        Err(error) => println!("{what}: error {:?}", error.kind()),
    }
}

/// Prints the call as it stands here and what it gave.
macro_rules! say {
    ($call:expr) => {
        say(stringify!($call), $call)
    };
}

fn whole_files() -> io::Result<()> {
    say!(fs::read("missing"));
    say!(fs::write("text", "some text"));
    say!(fs::read_to_string("text"));
    say!(fs::write("text", "other"));
    say!(fs::read_to_string("text"));
    say!(fs::write("bytes", [0xff, 0x00, 0xfe]));
    say!(fs::read_to_string("bytes"));
    say!(fs::read("bytes"));
    say!(fs::copy("text", "copy"));
    say!(fs::copy("missing", "copy"));
    say!(fs::copy("text", "missing/copy"));
    say!(fs::read_to_string("copy"));
    say!(fs::exists("copy"));
    say!(fs::exists("missing"));
    say!(fs::remove_file("copy"));
    say!(fs::remove_file("copy"));
    say!(fs::write("large", vec![7; 3_000_000]));
    say!(fs::read("large").map(|bytes| bytes.len() == 3_000_000 && bytes.iter().all(|byte| *byte == 7)));
    fs::remove_file("large")
}

/// Every combination that makes sense, and those that do not, on a file that is there and one that is not.
fn open_options() {
    type Set = fn(&mut OpenOptions) -> &mut OpenOptions;
    let combinations: [(&str, Set); 13] = [
        ("nothing", |o| o),
        ("read", |o| o.read(true)),
        ("write", |o| o.write(true)),
        ("read write", |o| o.read(true).write(true)),
        ("append", |o| o.append(true)),
        ("read append", |o| o.read(true).append(true)),
        ("write truncate", |o| o.write(true).truncate(true)),
        ("write create", |o| o.write(true).create(true)),
        ("append create", |o| o.append(true).create(true)),
        ("write create truncate", |o| o.write(true).create(true).truncate(true)),
        ("write create_new", |o| o.write(true).create_new(true)),
        ("read create", |o| o.read(true).create(true)),
        ("append truncate", |o| o.append(true).truncate(true)),
    ];
    for (name, set) in combinations {
        for present in [true, false] {
            let _ = fs::remove_file("opened");
            if present {
                fs::write("opened", "12345").expect("the file can be written");
            }
            let mut options = OpenOptions::new();
            let result = set(&mut options).open("opened").map(|mut file| {
                let written = file.write(b"ab").map_err(|error| error.kind());
                let mut text = String::new();
                let read = file
                    .seek(SeekFrom::Start(1))
                    .and_then(|_| file.read_to_string(&mut text));
                let read = read.map(|_| text).map_err(|error| error.kind());
                (written, read, fs::read_to_string("opened").unwrap_or_default())
            });
            say(
                &format!("{name}, {}", if present { "there" } else { "not there" }),
                result,
            );
        }
    }
}

fn one_file() -> io::Result<()> {
    let mut file = File::options().read(true).write(true).create_new(true).open("file")?;
    say!(file.write(b"0123456789"));
    say!(file.stream_position());
    say!(file.rewind());
    say!(file.seek(SeekFrom::End(-3)));
    say!(file.seek(SeekFrom::Current(-8)));
    say!(file.seek(SeekFrom::Current(1)));
    let mut text = String::new();
    say!(file.read_to_string(&mut text));
    println!("{text}");
    let mut four = [0; 4];
    say!(file.read_exact_at(&mut four, 4));
    println!("{}", String::from_utf8_lossy(&four));
    say!(file.read_at(&mut four, 8));
    say!(file.read_exact_at(&mut four, 8));
    say!(file.write_all_at(b"xy", 5));
    say!(file.stream_position());
    say!(file.set_len(7));
    say!(file.set_len(9));
    say!(fs::read("file"));
    say!(file.write_vectored(&[IoSlice::new(b"one"), IoSlice::new(b""), IoSlice::new(b"two")]));
    say!(file.seek(SeekFrom::Start(9)));
    let (mut first, mut second) = ([0; 2], [0; 9]);
    say!(file.read_vectored(&mut [IoSliceMut::new(&mut first), IoSliceMut::new(&mut second)]));
    println!("{first:?} {second:?}");
    say!(file.sync_all());
    say!(file.sync_data());
    let times = FileTimes::new()
        .set_accessed(SystemTime::UNIX_EPOCH + Duration::new(1_000_000_000, 5))
        .set_modified(SystemTime::UNIX_EPOCH + Duration::new(2_000_000_000, 7));
    say!(file.set_times(times));
    let metadata = file.metadata()?;
    say!(
        metadata
            .accessed()
            .map(|time| time.duration_since(SystemTime::UNIX_EPOCH))
    );
    say!(
        metadata
            .modified()
            .map(|time| time.duration_since(SystemTime::UNIX_EPOCH))
    );
    println!("{} {} {}", metadata.len(), metadata.is_file(), metadata.is_dir());
    drop(file);

    let mut lines = BufWriter::with_capacity(100, File::create("lines")?);
    for line in 0..10_000 {
        writeln!(lines, "{line}")?;
    }
    say!(lines.into_inner().map(|_| ()).map_err(|error| error.into_error()));
    let lines = BufReader::with_capacity(100, File::open("lines")?).lines();
    println!(
        "lines in order: {}",
        lines
            .enumerate()
            .all(|(number, line)| line.is_ok_and(|line| line == number.to_string()))
    );
    Ok(())
}

fn links() {
    say!(fs::hard_link("text", "hard"));
    say!(fs::hard_link("text", "hard"));
    say!(fs::hard_link("missing", "harder"));
    say!(symlink("text", "soft"));
    say!(symlink("text", "soft"));
    say!(fs::read_link("soft"));
    say!(fs::read_link("text"));
    say!(fs::read_to_string("soft"));
    say!(fs::symlink_metadata("soft").map(|metadata| metadata.is_symlink()));
    say!(fs::metadata("soft").map(|metadata| metadata.is_symlink()));
    say!(symlink("nowhere", "dangling"));
    say!(fs::exists("dangling"));
    say!(fs::metadata("dangling").map(|_| ()));
    say!(fs::remove_file("dangling"));
    say!(fs::remove_file("soft"));
    say!(fs::remove_file("text"));
    say!(fs::read_to_string("hard"));
}

/// The entries of a directory, sorted: name, kind.
fn list(directory: &str) -> io::Result<Vec<(String, &'static str)>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let kind = match entry.file_type()? {
            kind if kind.is_dir() => "directory",
            kind if kind.is_symlink() => "link",
            kind if kind.is_file() => "file",
            _ => "something else",
        };
        assert_eq!(entry.metadata()?.is_dir(), kind == "directory");
        assert_eq!(entry.path(), Path::new(directory).join(entry.file_name()));
        entries.push((entry.file_name().to_string_lossy().into_owned(), kind));
    }
    entries.sort();
    Ok(entries)
}

fn directories() -> io::Result<()> {
    say!(fs::create_dir("tree"));
    say!(fs::create_dir("tree"));
    say!(fs::create_dir("missing/tree"));
    say!(fs::create_dir_all("tree/a/b/c"));
    say!(fs::create_dir_all("tree/a/b"));
    say!(fs::write("tree/a/file", ""));
    say!(fs::create_dir_all("tree/a/file/d"));
    say!(symlink("b", "tree/a/link"));
    say!(list("tree/a"));
    say!(list("tree/a/link"));
    say!(list("tree/a/file"));
    say!(list("missing"));
    say!(fs::rename("tree/a/b", "tree/moved"));
    say!(fs::rename("tree/moved", "tree/moved/inside"));
    say!(fs::rename("tree/a/file", "tree/moved"));
    say!(fs::rename("tree/moved", "tree/a/file"));
    say!(fs::rename("tree/missing", "tree/a/file"));
    say!(fs::remove_dir("tree/a"));
    say!(fs::remove_dir("tree/a/file"));
    say!(fs::remove_file("tree/a"));
    say!(fs::canonicalize("tree").map(|_| ()));
    for number in 0..300 {
        fs::write(format!("tree/moved/a rather long name of a file, number {number}"), "")?;
    }
    say!(list("tree/moved").map(|entries| entries.len()));
    say!(fs::remove_dir_all("tree"));
    say!(fs::remove_dir_all("tree"));
    say!(File::open("missing/").map(|_| ()));
    say!(fs::metadata("file/below").map(|_| ()));
    say!(File::open("n".repeat(300)).map(|_| ()));
    say!(File::open("with\0nul").map(|_| ()));
    say!(
        File::open(".")
            .and_then(|mut directory| directory.read(&mut [0]).map_err(|_| io::ErrorKind::IsADirectory.into()))
    );
    say!(File::create(".").map(|_| ()));
    Ok(())
}

fn main() -> io::Result<()> {
    whole_files()?;
    open_options();
    one_file()?;
    links();
    directories()?;
    say!(list("."));
    Ok(())
}
