//! Tests of the function bodies on a shared memory, without a runtime.

mod files;
mod paths;
mod pointers;
mod polling;
mod races;
mod streams;

use crate::ctx::{WasiCtx, WasiCtxBuilder};
use crate::errno::Result;
use crate::perms::{DirPerms, FilePerms};
use crate::preview1::{Call, fd, path};
use crate::rights::Rights;
use crate::types::OFlags;
use std::path::Path;
use wasmtime::{Config, Engine, MemoryType, SharedMemory};
use weft::GuestMemory;

/// The size of what one thread of a test uses of the guest's memory.
const FRAME: u32 = 32 << 10;
/// The size of the guest's memory in bytes.
const MEMORY: u32 = 16 << 16;

/// A program's memory and context, for any number of threads.
struct Guest {
    memory: SharedMemory,
    ctx: WasiCtx,
}

/// The part of a guest's memory that one thread uses: an answer, two `iovec`s, two paths and a buffer.
#[derive(Clone, Copy)]
struct Frame<'a> {
    call: Call<'a>,
    base: u32,
}

impl Guest {
    fn new(builder: &mut WasiCtxBuilder) -> Self {
        let mut config = Config::new();
        config.shared_memory(true);
        let engine = Engine::new(&config).expect("an engine");
        Guest {
            memory: SharedMemory::new(&engine, MemoryType::shared(16, 16)).expect("a memory"),
            ctx: builder.build().expect("a context"),
        }
    }

    /// A guest with the directory `path` as descriptor 3.
    fn with_dir(path: &Path) -> Self {
        let mut builder = WasiCtxBuilder::new();
        builder
            .preopened_dir(path, "/dir", DirPerms::all(), FilePerms::all())
            .expect("a directory");
        Guest::new(&mut builder)
    }

    fn frame(&self, number: u32) -> Frame<'_> {
        let base = number * FRAME;
        assert!(base + FRAME <= MEMORY);
        let memory = GuestMemory::new(&self.memory);
        let call = Call { ctx: &self.ctx, memory };
        Frame { call, base }
    }
}

impl Frame<'_> {
    const BUFFER_OFFSET: u32 = 4096;

    fn answer(&self) -> u32 {
        self.base
    }

    fn buffer(&self) -> u32 {
        self.base + Self::BUFFER_OFFSET
    }

    fn answered(&self) -> u32 {
        self.call.memory.read_u32(self.answer().into()).expect("in bounds")
    }

    fn bytes(&self, address: u32, length: u32) -> Vec<u8> {
        let mut bytes = vec![0; length as usize];
        self.call.memory.read(address.into(), &mut bytes).expect("in bounds");
        bytes
    }

    /// Makes one `iovec` for `length` bytes of the buffer.
    fn iovec(&self, length: u32) -> u32 {
        let address = self.base + 64;
        let pair = u64::from(length) << 32 | u64::from(self.buffer());
        self.call.memory.write_u64(address.into(), pair).expect("in bounds");
        address
    }

    /// Puts a path into memory.
    fn path(&self, path: &str) -> (u32, u32) {
        self.path_at(128, path)
    }

    fn path_at(&self, offset: u32, path: &str) -> (u32, u32) {
        let address = self.base + offset;
        self.call
            .memory
            .write(address.into(), path.as_bytes())
            .expect("in bounds");
        (address, path.len() as u32)
    }

    async fn write_async(&self, fd: u32, bytes: &[u8]) -> Result<u32> {
        self.call.memory.write(self.buffer().into(), bytes).expect("in bounds");
        fd::write(self.call, fd, self.iovec(bytes.len() as u32), 1, self.answer()).await?;
        Ok(self.answered())
    }

    fn write(&self, fd: u32, bytes: &[u8]) -> Result<u32> {
        async_io::block_on(self.write_async(fd, bytes))
    }

    async fn read_async(&self, fd: u32, length: u32) -> Result<Vec<u8>> {
        fd::read(self.call, fd, self.iovec(length), 1, self.answer()).await?;
        Ok(self.bytes(self.buffer(), self.answered()))
    }

    fn read(&self, fd: u32, length: u32) -> Result<Vec<u8>> {
        async_io::block_on(self.read_async(fd, length))
    }

    fn pread(&self, fd: u32, length: u32, offset: u64) -> Result<Vec<u8>> {
        fd::pread(self.call, fd, self.iovec(length), 1, offset, self.answer())?;
        Ok(self.bytes(self.buffer(), self.answered()))
    }

    fn open(&self, dir: u32, path: &str, open: OFlags, rights: Rights) -> Result<u32> {
        self.open_with(dir, 1, path, open, rights, 0)
    }

    fn open_with(&self, dir: u32, lookup: u32, path: &str, open: OFlags, rights: Rights, flags: u32) -> Result<u32> {
        let (address, length) = self.path(path);
        let open = u32::from(open.bits());
        let base = rights.bits();
        path::open(
            self.call,
            dir,
            lookup,
            address,
            length,
            open,
            base,
            0,
            flags,
            self.answer(),
        )?;
        Ok(self.answered())
    }
}
