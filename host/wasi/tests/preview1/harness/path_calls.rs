//! The functions that take paths. Paths are bytes: some of the tests' are not UTF-8.

use super::abi::{Filestat, oflags, rights};
use super::{ANSWER, BUFFER, DIR, Errno, FOLLOW, Guest, PATH, SECOND_PATH};

/// What `path_open` is asked for, besides the path.
#[derive(Debug, Clone, Copy)]
pub struct Open {
    pub lookup: u32,
    pub oflags: u32,
    pub rights: u64,
    pub inheriting: u64,
    pub fdflags: u32,
}

impl Default for Open {
    /// Following links, to read.
    fn default() -> Self {
        Open {
            lookup: FOLLOW,
            oflags: 0,
            rights: rights::FD_READ,
            inheriting: 0,
            fdflags: 0,
        }
    }
}

impl Guest {
    /// A path's address and length as arguments.
    pub fn path(&self, path: impl AsRef<[u8]>) -> [u64; 2] {
        self.fill(PATH, path.as_ref());
        [PATH.into(), path.as_ref().len() as u64]
    }

    pub fn second_path(&self, path: impl AsRef<[u8]>) -> [u64; 2] {
        self.fill(SECOND_PATH, path.as_ref());
        [SECOND_PATH.into(), path.as_ref().len() as u64]
    }

    pub fn path_open(&self, fd: u32, path: impl AsRef<[u8]>, how: Open) -> Result<u32, Errno> {
        let [address, length] = self.path(path);
        let Open {
            lookup,
            oflags,
            rights,
            inheriting,
            fdflags,
        } = how;
        self.answered_u32(
            "path_open",
            &[
                fd.into(),
                lookup.into(),
                address,
                length,
                oflags.into(),
                rights,
                inheriting,
                fdflags.into(),
                ANSWER.into(),
            ],
        )
    }

    /// Opens below the first directory with these flags and rights.
    pub fn open(&self, path: impl AsRef<[u8]>, oflags: u32, rights: u64) -> Result<u32, Errno> {
        let how = Open {
            oflags,
            rights,
            ..Open::default()
        };
        self.path_open(DIR, path, how)
    }

    /// Opens a directory below the first one with all rights.
    pub fn open_dir(&self, path: impl AsRef<[u8]>) -> Result<u32, Errno> {
        let how = Open {
            oflags: oflags::DIRECTORY,
            rights: rights::ALL,
            inheriting: rights::ALL,
            ..Open::default()
        };
        self.path_open(DIR, path, how)
    }

    pub fn path_create_directory(&self, fd: u32, path: impl AsRef<[u8]>) -> Result<(), Errno> {
        let [address, length] = self.path(path);
        self.call("path_create_directory", &[fd.into(), address, length])
    }

    pub fn path_remove_directory(&self, fd: u32, path: impl AsRef<[u8]>) -> Result<(), Errno> {
        let [address, length] = self.path(path);
        self.call("path_remove_directory", &[fd.into(), address, length])
    }

    pub fn path_unlink_file(&self, fd: u32, path: impl AsRef<[u8]>) -> Result<(), Errno> {
        let [address, length] = self.path(path);
        self.call("path_unlink_file", &[fd.into(), address, length])
    }

    pub fn path_filestat_get(&self, fd: u32, lookup: u32, path: impl AsRef<[u8]>) -> Result<Filestat, Errno> {
        let [address, length] = self.path(path);
        let arguments = [fd.into(), lookup.into(), address, length, ANSWER.into()];
        let record = self.answered("path_filestat_get", &arguments)?;
        Ok(Filestat::decode(&record))
    }

    pub fn path_filestat_set_times(
        &self,
        fd: u32,
        lookup: u32,
        path: impl AsRef<[u8]>,
        [accessed, modified]: [u64; 2],
        which: u32,
    ) -> Result<(), Errno> {
        let [address, length] = self.path(path);
        let arguments = [
            fd.into(),
            lookup.into(),
            address,
            length,
            accessed,
            modified,
            which.into(),
        ];
        self.call("path_filestat_set_times", &arguments)
    }

    pub fn path_link(
        &self,
        fd: u32,
        lookup: u32,
        path: impl AsRef<[u8]>,
        to: u32,
        to_path: impl AsRef<[u8]>,
    ) -> Result<(), Errno> {
        let [address, length] = self.path(path);
        let [to_address, to_length] = self.second_path(to_path);
        let arguments = [
            fd.into(),
            lookup.into(),
            address,
            length,
            to.into(),
            to_address,
            to_length,
        ];
        self.call("path_link", &arguments)
    }

    pub fn path_readlink(&self, fd: u32, path: impl AsRef<[u8]>, room: u32) -> Result<Vec<u8>, Errno> {
        let [address, length] = self.path(path);
        self.fill(BUFFER, &vec![0xa5; room as usize + 16]);
        let arguments = [fd.into(), address, length, BUFFER.into(), room.into(), ANSWER.into()];
        let count = self.answered_u32("path_readlink", &arguments)? as usize;
        let bytes = self.fetch(BUFFER, room + 16);
        assert!(bytes[count..].iter().all(|byte| *byte == 0xa5), "no more than was said");
        Ok(bytes[..count].to_vec())
    }

    pub fn path_rename(
        &self,
        fd: u32,
        path: impl AsRef<[u8]>,
        to: u32,
        to_path: impl AsRef<[u8]>,
    ) -> Result<(), Errno> {
        let [address, length] = self.path(path);
        let [to_address, to_length] = self.second_path(to_path);
        let arguments = [fd.into(), address, length, to.into(), to_address, to_length];
        self.call("path_rename", &arguments)
    }

    pub fn path_symlink(&self, target: impl AsRef<[u8]>, fd: u32, path: impl AsRef<[u8]>) -> Result<(), Errno> {
        let [address, length] = self.path(target);
        let [to_address, to_length] = self.second_path(path);
        self.call("path_symlink", &[address, length, fd.into(), to_address, to_length])
    }
}
