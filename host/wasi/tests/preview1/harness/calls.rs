//! The functions that take no path. Each has addresses for what it reads and writes.

use super::abi::{Event, Fdstat, Filestat, Subscription};
use super::{ANSWER, ARRAY, BUFFER, Errno, Guest};

impl Guest {
    /// The strings of `args` or `environ`, by way of their sizes and addresses, as a C library's start does it.
    pub fn strings(&self, what: &str) -> Result<Vec<Vec<u8>>, Errno> {
        let sizes = format!("{what}_sizes_get");
        let sizes: [u8; 8] = self.answered(&sizes, &[ANSWER.into(), u64::from(ANSWER) + 4])?;
        let [count, size] =
            [0, 4].map(|at| u32::from_le_bytes([sizes[at], sizes[at + 1], sizes[at + 2], sizes[at + 3]]));
        self.fill(BUFFER, &vec![0xa5; size as usize + 1]);
        self.call(&format!("{what}_get"), &[ARRAY.into(), BUFFER.into()])?;
        let bytes = self.fetch(BUFFER, size + 1);
        assert_eq!(bytes[size as usize], 0xa5, "no more than was said");
        let addresses = self.fetch(ARRAY, 4 * count);
        let strings = addresses.chunks(4).map(|address| {
            let start = u32::from_le_bytes(address.try_into().expect("four bytes")) - BUFFER;
            let rest = &bytes[start as usize..];
            let end = rest.iter().position(|byte| *byte == 0).expect("a NUL");
            rest[..end].to_vec()
        });
        let strings: Vec<_> = strings.collect();
        assert_eq!(strings.iter().map(|one| one.len() + 1).sum::<usize>(), size as usize);
        Ok(strings)
    }

    pub fn clock_res_get(&self, id: u32) -> Result<u64, Errno> {
        self.answered_u64("clock_res_get", &[id.into(), ANSWER.into()])
    }

    pub fn clock_time_get(&self, id: u32, precision: u64) -> Result<u64, Errno> {
        self.answered_u64("clock_time_get", &[id.into(), precision, ANSWER.into()])
    }

    pub fn random_get(&self, length: u32) -> Result<Vec<u8>, Errno> {
        self.call("random_get", &[BUFFER.into(), length.into()])?;
        Ok(self.fetch(BUFFER, length))
    }

    pub fn fd_advise(&self, fd: u32, offset: u64, length: u64, advice: u32) -> Result<(), Errno> {
        self.call("fd_advise", &[fd.into(), offset, length, advice.into()])
    }

    pub fn fd_allocate(&self, fd: u32, offset: u64, length: u64) -> Result<(), Errno> {
        self.call("fd_allocate", &[fd.into(), offset, length])
    }

    pub fn fd_close(&self, fd: u32) -> Result<(), Errno> {
        self.call("fd_close", &[fd.into()])
    }

    pub fn fd_datasync(&self, fd: u32) -> Result<(), Errno> {
        self.call("fd_datasync", &[fd.into()])
    }

    pub fn fd_sync(&self, fd: u32) -> Result<(), Errno> {
        self.call("fd_sync", &[fd.into()])
    }

    pub fn fd_fdstat_get(&self, fd: u32) -> Result<Fdstat, Errno> {
        let record = self.answered("fd_fdstat_get", &[fd.into(), ANSWER.into()])?;
        Ok(Fdstat::decode(&record))
    }

    pub fn fd_fdstat_set_flags(&self, fd: u32, flags: u32) -> Result<(), Errno> {
        self.call("fd_fdstat_set_flags", &[fd.into(), flags.into()])
    }

    pub fn fd_fdstat_set_rights(&self, fd: u32, base: u64, inheriting: u64) -> Result<(), Errno> {
        self.call("fd_fdstat_set_rights", &[fd.into(), base, inheriting])
    }

    pub fn fd_filestat_get(&self, fd: u32) -> Result<Filestat, Errno> {
        let record = self.answered("fd_filestat_get", &[fd.into(), ANSWER.into()])?;
        Ok(Filestat::decode(&record))
    }

    pub fn fd_filestat_set_size(&self, fd: u32, size: u64) -> Result<(), Errno> {
        self.call("fd_filestat_set_size", &[fd.into(), size])
    }

    pub fn fd_filestat_set_times(&self, fd: u32, accessed: u64, modified: u64, which: u32) -> Result<(), Errno> {
        self.call("fd_filestat_set_times", &[fd.into(), accessed, modified, which.into()])
    }

    /// The length of a preopened directory's name.
    pub fn fd_prestat_get(&self, fd: u32) -> Result<u32, Errno> {
        let record: [u8; 8] = self.answered("fd_prestat_get", &[fd.into(), ANSWER.into()])?;
        assert_eq!(record[0], 0, "`preopentype::dir`");
        Ok(u32::from_le_bytes([record[4], record[5], record[6], record[7]]))
    }

    pub fn fd_prestat_dir_name(&self, fd: u32, length: u32) -> Result<Vec<u8>, Errno> {
        self.fill(BUFFER, &vec![0xa5; length as usize]);
        self.call("fd_prestat_dir_name", &[fd.into(), BUFFER.into(), length.into()])?;
        Ok(self.fetch(BUFFER, length))
    }

    /// Reads into one buffer.
    pub fn fd_read(&self, fd: u32, length: u32) -> Result<Vec<u8>, Errno> {
        self.fill_iovecs(ARRAY, &[(BUFFER, length)]);
        let count = self.answered_u32("fd_read", &[fd.into(), ARRAY.into(), 1, ANSWER.into()])?;
        Ok(self.fetch(BUFFER, count))
    }

    /// Reads into buffers of these lengths, which lie one after the other with a gap between them.
    pub fn fd_readv(&self, fd: u32, lengths: &[u32]) -> Result<Vec<u8>, Errno> {
        self.scattered(lengths, |array, count| {
            self.answered_u32("fd_read", &[fd.into(), array, count, ANSWER.into()])
        })
    }

    pub fn fd_preadv(&self, fd: u32, lengths: &[u32], offset: u64) -> Result<Vec<u8>, Errno> {
        self.scattered(lengths, |array, count| {
            self.answered_u32("fd_pread", &[fd.into(), array, count, offset, ANSWER.into()])
        })
    }

    pub fn fd_pread(&self, fd: u32, length: u32, offset: u64) -> Result<Vec<u8>, Errno> {
        self.fd_preadv(fd, &[length], offset)
    }

    pub fn fd_write(&self, fd: u32, bytes: impl AsRef<[u8]>) -> Result<u32, Errno> {
        self.fd_writev(fd, &[bytes.as_ref()])
    }

    pub fn fd_writev(&self, fd: u32, pieces: &[&[u8]]) -> Result<u32, Errno> {
        let count = self.gathered(pieces);
        self.answered_u32("fd_write", &[fd.into(), ARRAY.into(), count, ANSWER.into()])
    }

    pub fn fd_pwrite(&self, fd: u32, bytes: impl AsRef<[u8]>, offset: u64) -> Result<u32, Errno> {
        self.fd_pwritev(fd, &[bytes.as_ref()], offset)
    }

    pub fn fd_pwritev(&self, fd: u32, pieces: &[&[u8]], offset: u64) -> Result<u32, Errno> {
        let count = self.gathered(pieces);
        self.answered_u32("fd_pwrite", &[fd.into(), ARRAY.into(), count, offset, ANSWER.into()])
    }

    /// One call's bytes.
    pub fn fd_readdir(&self, fd: u32, length: u32, cookie: u64) -> Result<Vec<u8>, Errno> {
        self.fill(BUFFER, &vec![0xa5; length as usize + 64]);
        let arguments = [fd.into(), BUFFER.into(), length.into(), cookie, ANSWER.into()];
        let count = self.answered_u32("fd_readdir", &arguments)?;
        let bytes = self.fetch(BUFFER, length + 64);
        assert!(
            bytes[count as usize..].iter().all(|byte| *byte == 0xa5),
            "no more than was said"
        );
        Ok(bytes[..count as usize].to_vec())
    }

    pub fn fd_renumber(&self, from: u32, to: u32) -> Result<(), Errno> {
        self.call("fd_renumber", &[from.into(), to.into()])
    }

    pub fn fd_seek(&self, fd: u32, offset: i64, whence: u32) -> Result<u64, Errno> {
        self.answered_u64(
            "fd_seek",
            &[fd.into(), offset.cast_unsigned(), whence.into(), ANSWER.into()],
        )
    }

    pub fn fd_tell(&self, fd: u32) -> Result<u64, Errno> {
        self.answered_u64("fd_tell", &[fd.into(), ANSWER.into()])
    }

    /// The events of subscriptions with these userdata.
    pub fn poll_oneoff(&self, subscriptions: &[(u64, Subscription)]) -> Result<Vec<Event>, Errno> {
        let records = subscriptions.iter().flat_map(|(userdata, one)| one.encode(*userdata));
        self.poll_records(&records.collect::<Vec<_>>())
    }

    /// The events of subscriptions as they lie in memory.
    pub fn poll_records(&self, records: &[u8]) -> Result<Vec<Event>, Errno> {
        self.fill(ARRAY, records);
        let count = (records.len() / 48) as u64;
        let count = self.answered_u32("poll_oneoff", &[ARRAY.into(), BUFFER.into(), count, ANSWER.into()])?;
        Ok(self.fetch(BUFFER, 32 * count).chunks(32).map(Event::decode).collect())
    }

    pub fn sock_accept(&self, fd: u32, flags: u32) -> Result<u32, Errno> {
        self.answered_u32("sock_accept", &[fd.into(), flags.into(), ANSWER.into()])
    }

    /// The bytes and the flags that came with them.
    pub fn sock_recv(&self, fd: u32, length: u32, flags: u32) -> Result<(Vec<u8>, u16), Errno> {
        self.fill_iovecs(ARRAY, &[(BUFFER, length)]);
        let answers = [u64::from(ANSWER), u64::from(ANSWER) + 4];
        let arguments = [fd.into(), ARRAY.into(), 1, flags.into(), answers[0], answers[1]];
        let answer: [u8; 6] = self.answered("sock_recv", &arguments)?;
        let count = u32::from_le_bytes([answer[0], answer[1], answer[2], answer[3]]);
        Ok((self.fetch(BUFFER, count), u16::from_le_bytes([answer[4], answer[5]])))
    }

    pub fn sock_send(&self, fd: u32, bytes: impl AsRef<[u8]>, flags: u32) -> Result<u32, Errno> {
        let count = self.gathered(&[bytes.as_ref()]);
        self.answered_u32(
            "sock_send",
            &[fd.into(), ARRAY.into(), count, flags.into(), ANSWER.into()],
        )
    }

    pub fn sock_shutdown(&self, fd: u32, how: u32) -> Result<(), Errno> {
        self.call("sock_shutdown", &[fd.into(), how.into()])
    }

    /// Lays out buffers of these lengths with gaps, and gives back what `read` put into them, in order. What lies in the
    /// gaps and behind what was read must be untouched.
    fn scattered(&self, lengths: &[u32], read: impl FnOnce(u64, u64) -> Result<u32, Errno>) -> Result<Vec<u8>, Errno> {
        const GAP: u32 = 3;
        let mut next = BUFFER;
        let mut pairs = Vec::new();
        for length in lengths {
            pairs.push((next, *length));
            next += length + GAP;
        }
        self.fill(BUFFER, &vec![0xa5; (next - BUFFER) as usize]);
        self.fill_iovecs(ARRAY, &pairs);
        let outcome = read(ARRAY.into(), pairs.len() as u64);
        let mut left = *outcome.as_ref().unwrap_or(&0) as usize;
        let mut bytes = Vec::new();
        for (address, length) in pairs {
            let buffer = self.fetch(address, length + GAP);
            let (filled, rest) = buffer.split_at(left.min(length as usize));
            assert!(rest.iter().all(|byte| *byte == 0xa5), "no more than was said");
            bytes.extend_from_slice(filled);
            left -= filled.len();
        }
        outcome.map(|_| bytes)
    }

    /// Lays out pieces and their array, and gives the array's length.
    fn gathered(&self, pieces: &[&[u8]]) -> u64 {
        let mut next = BUFFER;
        let mut pairs = Vec::new();
        for piece in pieces {
            pairs.push((next, piece.len() as u32));
            next += piece.len() as u32;
        }
        self.fill(BUFFER, &pieces.concat());
        self.fill_iovecs(ARRAY, &pairs);
        pieces.len() as u64
    }
}
