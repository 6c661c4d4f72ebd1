//! The resource `directory-entry-stream`. Threads that read one stream share its position.
//!
//! Each stream opens the directory again, because the position of a listing belongs to the open file.

use super::descriptor::{Answer, Node, answer};
use super::types::{DirectoryEntry, ErrorCode};
use crate::base::descriptor::Descriptor;
use crate::base::errno::{Errno, Result as HostResult};
use crate::base::rights::{GivenUp, Rights};
use crate::base::table::Open;
use crate::preview2::call::Call;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use weft_parallel::Resource;

/// How many bytes of entries the host reads ahead.
const AHEAD: usize = 8192;

/// The resource `directory-entry-stream`.
pub(crate) struct Entries {
    directory: Arc<Open>,
    ahead: Mutex<Ahead>,
}

/// The entries that the host has read and the program has not.
#[derive(Default)]
struct Ahead {
    /// The position behind the entry.
    cookie: u64,
    entries: VecDeque<Result<DirectoryEntry, ErrorCode>>,
    ended: bool,
}

pub(crate) fn read_directory(call: Call<'_>, fd: Resource<Node>) -> Answer<Resource<Entries>> {
    let node = call.get(&fd)?;
    let open = || {
        let directory = match node.require(Rights::FD_READDIR)?.directory() {
            Err(Errno::BadF) => return Err(Errno::NotDir),
            directory => directory?,
        };
        let open = || directory.reopen().map(Descriptor::Directory);
        call.ctx.table.open_unnumbered(GivenUp::nothing(), open)
    };
    match open() {
        Ok(directory) => call
            .push(Entries {
                directory,
                ahead: Mutex::default(),
            })
            .map(Ok),
        Err(error) => answer(Err(error)),
    }
}

pub(crate) fn read_directory_entry(call: Call<'_>, stream: Resource<Entries>) -> Answer<Option<DirectoryEntry>> {
    let stream = call.get(&stream)?;
    // No code under this lock panics.
    let mut ahead = stream.ahead.lock().unwrap_or_else(PoisonError::into_inner);
    while ahead.entries.is_empty() && !ahead.ended {
        if let Err(error) = stream.read_ahead(call, &mut ahead) {
            return answer(Err(error));
        }
    }
    Ok(ahead.entries.pop_front().transpose())
}

impl Entries {
    fn read_ahead(&self, call: Call<'_>, ahead: &mut Ahead) -> HostResult<()> {
        let directory = self.directory.directory()?;
        let batch = directory
            .listing
            .batch(directory.as_fd(), &call.ctx.places, ahead.cookie, AHEAD)?;
        ahead.ended = true;
        for entry in batch.entries() {
            ahead.ended = false;
            ahead.cookie = entry.next;
            if matches!(entry.name, b"." | b"..") {
                continue;
            }
            let name = String::from_utf8(entry.name.to_owned());
            let filetype = entry.filetype.into();
            ahead.entries.push_back(match name {
                Ok(name) => Ok(DirectoryEntry { filetype, name }),
                Err(_) => Err(ErrorCode::IllegalByteSequence),
            });
        }
        Ok(())
    }
}
