//! The two ABIs: preview 1, and the older `wasi_unstable` (snapshot 0). What differs between them is here.
//!
//! - `whence` counts set, current, end; the older one counts current, end, set.
//! - A `filestat` has 64 bytes; in the older one it has 56: the number of links has 32 bits, right after the file's type.
//! - A `subscription` has 48 bytes; in the older one it has 56, since that to a clock begins with an identifier of its own,
//!   which nothing uses.
//! - The older one has no `sock_accept`.

use crate::base::errno::{Errno, Result};
use crate::base::types::{Filestat, SubscriptionLayout, Whence, field};
use weft_parallel::{GuestMemory, OutOfBounds};

/// What is laid out or numbered in another way in the other ABI.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Abi {
    /// What 0, 1 and 2 mean.
    whence: [Whence; 3],
    filestat: FilestatLayout,
    pub(crate) subscription: SubscriptionLayout,
}

/// Where the fields of a `filestat` lie, in bytes.
#[derive(Debug, Clone, Copy)]
struct FilestatLayout {
    size: usize,
    links: usize,
    links_size: usize,
}

impl Abi {
    pub(crate) const PREVIEW1: Abi = Abi {
        whence: [Whence::Set, Whence::Current, Whence::End],
        filestat: FilestatLayout {
            size: 64,
            links: 24,
            links_size: 8,
        },
        subscription: SubscriptionLayout {
            size: 48,
            clock: 16,
            timeout: 24,
            flags: 40,
        },
    };

    pub(crate) const UNSTABLE: Abi = Abi {
        whence: [Whence::Current, Whence::End, Whence::Set],
        filestat: FilestatLayout {
            size: 56,
            links: 20,
            links_size: 4,
        },
        subscription: SubscriptionLayout {
            size: 56,
            clock: 24,
            timeout: 32,
            flags: 48,
        },
    };

    pub(crate) fn whence(&self, number: u32) -> Result<Whence> {
        let whence = self.whence.get(number as usize);
        whence.copied().ok_or(Errno::Inval)
    }

    /// The size of a `filestat` in bytes.
    pub(crate) fn filestat_size(&self) -> u32 {
        self.filestat.size as u32
    }

    pub(crate) fn write_filestat(
        &self,
        memory: GuestMemory<'_>,
        address: u32,
        filestat: &Filestat,
    ) -> std::result::Result<(), OutOfBounds> {
        memory.write(address.into(), &self.filestat.encode(filestat))
    }
}

impl FilestatLayout {
    fn encode(&self, filestat: &Filestat) -> Vec<u8> {
        let mut record = vec![0; self.size];
        field(&mut record, 0, filestat.device.to_le_bytes());
        field(&mut record, 8, filestat.inode.to_le_bytes());
        field(&mut record, 16, [filestat.filetype as u8]);
        match self.links_size {
            4 => {
                let links = u32::try_from(filestat.links).unwrap_or(u32::MAX);
                field(&mut record, self.links, links.to_le_bytes());
            }
            _ => field(&mut record, self.links, filestat.links.to_le_bytes()),
        }
        let times = self.links + self.links_size;
        field(&mut record, times, filestat.size.to_le_bytes());
        field(&mut record, times + 8, filestat.accessed.to_le_bytes());
        field(&mut record, times + 16, filestat.modified.to_le_bytes());
        field(&mut record, times + 24, filestat.changed.to_le_bytes());
        record
    }
}
