//! Tests of what a guest cannot see, with the function bodies on a shared memory and without a runtime.

mod connections;
mod disk;
mod memory;
mod waiting;

use crate::base::ctx::{WasiCtx, WasiCtxBuilder};
use crate::base::errno::Result;
use crate::base::rights::Rights;
use crate::base::types::{FdFlags, OFlags};
use crate::preview1::call::Call;
use crate::preview1::{fd, path};
use std::future::Future;
use std::task::{Context, Poll, Waker};
use wasmtime::{Config, Engine, MemoryType, SharedMemory};
use weft_parallel::{GuestMemory, MemoryAccount};

/// The size of what one thread of a test uses of the guest's memory.
const FRAME: u32 = 32 << 10;
/// The size of the guest's memory in bytes.
const MEMORY: u32 = 16 << 16;

/// How many bytes the host may allocate for the guest.
const LIMIT: u64 = 1 << 20;

/// A program's memory and context, for any number of threads.
struct Guest {
    memory: SharedMemory,
    ctx: WasiCtx,
    account: MemoryAccount,
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
            account: MemoryAccount::new(LIMIT),
        }
    }

    fn frame(&self, number: u32) -> Frame<'_> {
        let base = number * FRAME;
        assert!(base + FRAME <= MEMORY);
        let memory = GuestMemory::new(&self.memory);
        let (ctx, account) = (&self.ctx, &self.account);
        let call = Call { ctx, memory, account };
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

    fn open(&self, dir: u32, path: &str, open: OFlags, rights: Rights) -> Result<u32> {
        self.open_with(dir, path, open, rights, FdFlags::empty())
    }

    fn open_with(&self, dir: u32, path: &str, open: OFlags, rights: Rights, flags: FdFlags) -> Result<u32> {
        let address = self.base + 128;
        self.call
            .memory
            .write(address.into(), path.as_bytes())
            .expect("in bounds");
        let (length, open) = (path.len() as u32, u32::from(open.bits()));
        path::open(
            self.call,
            dir,
            1,
            address,
            length,
            open,
            rights.bits(),
            0,
            flags.bits().into(),
            self.answer(),
        )?;
        Ok(self.answered())
    }
}

/// Polls a future that must not be ready.
fn assert_pending<T>(future: std::pin::Pin<&mut impl Future<Output = T>>) {
    let outcome = future.poll(&mut Context::from_waker(Waker::noop()));
    assert!(matches!(outcome, Poll::Pending), "ready");
}
