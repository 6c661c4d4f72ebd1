//! The functions that scripts call most, with results instead of addresses; and random numbers for the scripts'
//! choices.

use crate::driver::{Function, Thread};

/// Error codes of preview 1.
pub const BADF: u32 = 8;
pub const FAULT: u32 = 21;
pub const INVAL: u32 = 28;
pub const NOTCAPABLE: u32 = 76;
pub const PERM: u32 = 63;

/// Flags of `path_open`.
pub const CREAT: u64 = 1;
pub const DIRECTORY: u64 = 2;
pub const TRUNC: u64 = 8;
pub const APPEND: u64 = 1;

/// Rights: to read, seek, tell, open below, list and look; to write, seek, tell and set flags.
pub const READ: u64 = 1 << 1 | 1 << 2 | 1 << 5 | 1 << 13 | 1 << 14 | 1 << 21;
pub const WRITE: u64 = 1 << 6 | 1 << 2 | 1 << 5 | 1 << 3;

/// The descriptor of the only preopened directory.
pub const DIR: u32 = 3;

/// The size of what each thread has of memory for itself, and what lies where in it.
const FRAME: u32 = 1 << 18;
const IOVECS: u32 = 64;
const PATHS: [u32; 2] = [1024, 2048];
const BUFFER: u32 = 4096;

/// What a call gives: an error code if it fails.
pub type Result<T> = std::result::Result<T, u32>;

impl Thread {
    pub async fn wasi(&self, name: &str, arguments: &[u64]) -> Result<()> {
        match self.call(Function::named(name), arguments).await {
            0 => Ok(()),
            error => Err(error),
        }
    }

    fn at(&self, offset: u32) -> u32 {
        self.number() * FRAME + offset
    }

    pub fn answer(&self) -> u64 {
        self.at(0).into()
    }

    pub fn buffer(&self) -> u32 {
        self.at(BUFFER)
    }

    pub async fn answered(&self) -> u32 {
        let bytes = self.load(self.at(0), 4).await;
        u32::from_le_bytes(bytes.try_into().expect("four bytes"))
    }

    /// Puts the first or the second path into memory. Returns its address and its length.
    pub async fn path(&self, which: usize, path: &str) -> [u64; 2] {
        let address = self.at(PATHS[which]);
        self.store(address, path).await;
        [address.into(), path.len() as u64]
    }

    /// Calls a function whose parameters are a directory and a path.
    pub async fn at_path(&self, name: &str, path: &str) -> Result<()> {
        let [address, length] = self.path(0, path).await;
        self.wasi(name, &[DIR.into(), address, length]).await
    }

    pub async fn rename(&self, from: &str, to: &str) -> Result<()> {
        let [from, from_length] = self.path(0, from).await;
        let [to, to_length] = self.path(1, to).await;
        let dir = DIR.into();
        self.wasi("path_rename", &[dir, from, from_length, dir, to, to_length])
            .await
    }

    pub async fn link(&self, from: &str, to: &str) -> Result<()> {
        let [from, from_length] = self.path(0, from).await;
        let [to, to_length] = self.path(1, to).await;
        let dir = DIR.into();
        self.wasi("path_link", &[dir, 0, from, from_length, dir, to, to_length])
            .await
    }

    pub async fn symlink(&self, target: &str, path: &str) -> Result<()> {
        let [target, target_length] = self.path(0, target).await;
        let [path, length] = self.path(1, path).await;
        self.wasi("path_symlink", &[target, target_length, DIR.into(), path, length])
            .await
    }

    /// Opens a path, and follows symbolic links.
    pub async fn open(&self, dir: u32, path: &str, how: u64, rights: u64, flags: u64) -> Result<u32> {
        let [address, length] = self.path(0, path).await;
        let arguments = [
            dir.into(),
            1,
            address,
            length,
            how,
            rights,
            rights,
            flags,
            self.answer(),
        ];
        self.wasi("path_open", &arguments).await?;
        Ok(self.answered().await)
    }

    pub async fn close(&self, fd: u32) -> Result<()> {
        self.wasi("fd_close", &[fd.into()]).await
    }

    pub async fn renumber(&self, from: u32, to: u32) -> Result<()> {
        self.wasi("fd_renumber", &[from.into(), to.into()]).await
    }

    /// Puts an array of buffers into memory that lie one after the other. Returns its address and how many there are.
    pub async fn iovecs(&self, lengths: &[u32]) -> [u64; 2] {
        let mut address = self.buffer();
        let mut records = Vec::new();
        for length in lengths {
            records.extend(address.to_le_bytes());
            records.extend(length.to_le_bytes());
            address += length;
        }
        self.store(self.at(IOVECS), records).await;
        [self.at(IOVECS).into(), lengths.len() as u64]
    }

    /// Writes parts that are one buffer each.
    pub async fn write(&self, fd: u32, parts: &[&[u8]]) -> Result<u32> {
        self.store(self.buffer(), parts.concat()).await;
        let lengths: Vec<u32> = parts.iter().map(|part| part.len() as u32).collect();
        let [iovecs, count] = self.iovecs(&lengths).await;
        self.wasi("fd_write", &[fd.into(), iovecs, count, self.answer()])
            .await?;
        Ok(self.answered().await)
    }

    /// Reads into buffers of these lengths.
    pub async fn read(&self, fd: u32, lengths: &[u32]) -> Result<Vec<u8>> {
        let [iovecs, count] = self.iovecs(lengths).await;
        self.wasi("fd_read", &[fd.into(), iovecs, count, self.answer()]).await?;
        let length = self.answered().await;
        Ok(self.load(self.buffer(), length as usize).await)
    }

    pub async fn pread(&self, fd: u32, lengths: &[u32], offset: u64) -> Result<Vec<u8>> {
        let [iovecs, count] = self.iovecs(lengths).await;
        let arguments = [fd.into(), iovecs, count, offset, self.answer()];
        self.wasi("fd_pread", &arguments).await?;
        let length = self.answered().await;
        Ok(self.load(self.buffer(), length as usize).await)
    }

    /// Lets other threads of the program run.
    pub async fn give_way(&self) {
        self.wasi("sched_yield", &[]).await.expect("it never fails");
    }
}

/// Numbers that look like chance, the same in each run: SplitMix64.
pub struct Numbers(u64);

impl Numbers {
    pub fn new(seed: u32) -> Self {
        Numbers(seed.into())
    }

    pub fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % u64::from(limit)) as u32
    }
}
