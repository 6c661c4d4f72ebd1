//! Eight threads write the files of one directory to another, in capitals, by WASI 0.2.

use std::sync::Mutex;
use std::thread;

use wasip2::filesystem::preopens::get_directories;
use wasip2::filesystem::types::{Descriptor, DescriptorFlags, ErrorCode, OpenFlags, PathFlags};
use wasip2::io::streams::StreamError;

wasip2::cli::command::export!(Command);

struct Command;

impl wasip2::exports::cli::run::Guest for Command {
    fn run() -> Result<(), ()> {
        let [(from, _), (to, _)] = &get_directories()[..] else {
            eprintln!("two directories are needed");
            return Err(());
        };
        match map(from, to) {
            Ok(files) => {
                println!("mapped {files} files");
                Ok(())
            }
            Err(error) => {
                eprintln!("{error:?}");
                Err(())
            }
        }
    }
}

/// How many files each thread took is left to chance; together they take each once.
fn map(from: &Descriptor, to: &Descriptor) -> Result<usize, Error> {
    let entries = from.read_directory()?;
    let mut names = Vec::new();
    while let Some(entry) = entries.read_directory_entry()? {
        names.push(entry.name);
    }
    let names = Mutex::new(names);
    let next = || names.lock().expect("nobody panics").pop();
    let work = || -> Result<usize, Error> {
        let mut files = 0;
        while let Some(name) = next() {
            map_file(from, to, &name)?;
            files += 1;
        }
        Ok(files)
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(|thread| thread.join().expect("nobody panics")).sum()
    })
}

/// In small pieces, so that a file takes many calls.
fn map_file(from: &Descriptor, to: &Descriptor, name: &str) -> Result<(), Error> {
    let file = from.open_at(PathFlags::empty(), name, OpenFlags::empty(), DescriptorFlags::READ)?;
    let flags = OpenFlags::CREATE | OpenFlags::EXCLUSIVE;
    let copy = to.open_at(PathFlags::empty(), name, flags, DescriptorFlags::WRITE)?;
    let (input, output) = (file.read_via_stream(0)?, copy.write_via_stream(0)?);
    loop {
        match input.blocking_read(200) {
            Ok(mut piece) => {
                piece.make_ascii_uppercase();
                output.blocking_write_and_flush(&piece)?;
            }
            Err(StreamError::Closed) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
}

#[derive(Debug)]
enum Error {
    File(#[allow(dead_code)] ErrorCode),
    Stream(#[allow(dead_code)] StreamError),
}

impl From<ErrorCode> for Error {
    fn from(error: ErrorCode) -> Error {
        Error::File(error)
    }
}

impl From<StreamError> for Error {
    fn from(error: StreamError) -> Error {
        Error::Stream(error)
    }
}
