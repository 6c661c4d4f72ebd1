//! A guest that consists only of the functions of preview 1, and that Rust code drives.
//!
//! Problem: a test should read like a statement of the specification, but exercise the whole path: a component, its
//! memory, the linker, a guest thread. Solution: one component imports every function, passes its memory to the host
//! module, and exports each function unchanged. Two host functions of the tests copy bytes into that memory and out of
//! it. The component is compiled once for all tests; each test has an instance with a context of its own. `calls`
//! chooses the addresses for each function's paths, buffers and answers. `call` leaves them to the test, which may pass
//! wrong ones.
//!
//! Rejected: a program in text for each test (the arguments would be far from the expectations).

pub mod abi;
mod calls;
mod functions;
pub mod listing;
mod path_calls;
pub mod program;

pub use abi::{Errno, FOLLOW, NOFOLLOW, Subscription};
pub use functions::{FUNCTIONS, signature};
pub use path_calls::Open;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};
use tempfile::TempDir;
use weft_parallel::{Caller, Component, Config, Engine, Instance, Linker, Val};
use weft_wasi::{DirPerms, FilePerms, WasiCtx, WasiCtxBuilder};

/// The size of a guest's memory in bytes.
pub const MEMORY: u32 = 16 << 16;
/// Where answers are written.
pub const ANSWER: u32 = 0x40;
/// Where the first path lies, with room for more than `PATH_MAX` bytes.
pub const PATH: u32 = 0x1000;
/// Where a second path lies.
pub const SECOND_PATH: u32 = 0x4000;
/// Where arrays of `iovec`s, subscriptions and events lie.
pub const ARRAY: u32 = 0x8000;
/// Where data lies, up to the memory's end.
pub const BUFFER: u32 = 0x4_0000;
/// The host module of preview 1.
pub const PREVIEW1: &str = "wasi-snapshot-preview1";
/// The host module of the ABI before it.
pub const OLDER: &str = "wasi-unstable";
/// The first preopened directory.
pub const DIR: u32 = 3;

/// What the tests' host functions and those of WASI share.
pub struct Host {
    pub wasi: WasiCtx,
    /// Bytes on their way into the guest's memory, or out of it.
    staged: Mutex<Vec<u8>>,
}

/// A guest with a context of its own.
pub struct Guest {
    instance: Instance<Host>,
}

/// A guest whose descriptor 3, `/dir`, is an empty directory with all permissions, inside of a directory of the test's.
pub struct World {
    root: TempDir,
    guest: Guest,
}

pub fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::new(&Config::new()).expect("an engine"))
}

/// A linker with WASI and the two copies.
pub fn linker() -> Linker<Host> {
    let mut linker = Linker::new(engine());
    weft_wasi::add_to_linker(&mut linker, |host: &Host| &host.wasi).expect("an empty linker");
    linker
        .module("copy")
        .func_wrap("fill", |caller: Caller<'_, Host>, address: u32| {
            let thread = caller.data();
            let staged = thread.host().staged.lock().expect("no panic");
            Ok(thread.memory()?.write(address.into(), &staged)?)
        })
        .expect("an empty module")
        .func_wrap("fetch", |caller: Caller<'_, Host>, address: u32, length: u32| {
            let thread = caller.data();
            let mut staged = thread.host().staged.lock().expect("no panic");
            staged.resize(length as usize, 0);
            Ok(thread.memory()?.read(address.into(), &mut staged)?)
        })
        .expect("another name");
    linker
}

/// The component that passes all functions of `module` through, with a memory of `pages`. A component can
/// only lift functions that it defines, so a module calls each import.
pub fn pass_through(module: &str, pages: u32) -> String {
    let (mut signatures, mut wrappers, mut lifted) = (String::new(), String::new(), String::new());
    let copies = [("fill", "i"), ("fetch", "ii")];
    // The older ABI has no such function.
    let is_there = |(name, _): &&(&str, &str)| module != OLDER || *name != "sock_accept";
    let functions: Vec<_> = FUNCTIONS.iter().filter(is_there).collect();
    for (index, (name, parameters)) in functions.iter().copied().chain(&copies).enumerate() {
        let is_wasi = index < functions.len();
        let ty = match is_wasi {
            true => signature(name, parameters),
            false => signature("proc_exit", parameters),
        };
        let (source, list) = match is_wasi {
            true => ("wasi", &mut signatures),
            false => ("copy", &mut String::new()),
        };
        list.push_str(&format!("(export \"{name}\" (func {ty}))\n"));
        let arguments = (0..parameters.len()).map(|at| format!(" (local.get {at})"));
        let arguments = arguments.collect::<String>();
        wrappers.insert_str(0, &format!("(import \"{source}\" \"{name}\" (func ${name} {ty}))\n"));
        wrappers += &format!("(func (export \"{name}\") {ty} (call ${name}{arguments}))\n");
        let types = parameters.chars().enumerate();
        let types = types.map(|(at, one)| format!("(param \"p{at}\" {})", if one == 'i' { "u32" } else { "u64" }));
        lifted += &format!(
            "(func (export \"{}\") {} {} (canon lift (core func $main \"{name}\")))\n",
            name.replace('_', "-"),
            types.collect::<String>(),
            if ty.contains("result") { "(result u32)" } else { "" },
        );
    }
    format!(
        r#"(component
            (import "{module}" (core module $wasi
                (import "env" "memory" (memory {pages} {pages} shared)) {signatures}))
            (import "copy" (core module $copy
                (import "env" "memory" (memory {pages} {pages} shared))
                (export "fill" (func (param i32))) (export "fetch" (func (param i32 i32)))))
            (core module $state (memory (export "memory") {pages} {pages} shared))
            (core instance $state (instantiate $state))
            (core instance $wasi (instantiate $wasi (with "env" (instance $state))))
            (core instance $copy (instantiate $copy (with "env" (instance $state))))
            (core module $main {wrappers})
            (core instance $main (instantiate $main (with "wasi" (instance $wasi)) (with "copy" (instance $copy))))
            {lifted})"#
    )
}

impl Guest {
    pub fn new(builder: &mut WasiCtxBuilder) -> Self {
        static LINKED: OnceLock<(Linker<Host>, Component)> = OnceLock::new();
        let (linker, component) = LINKED.get_or_init(|| {
            let text = pass_through(PREVIEW1, MEMORY >> 16);
            let component = Component::new(engine(), text.as_bytes()).expect("a valid component");
            (linker(), component)
        });
        Guest::linked(linker, component, builder)
    }

    pub fn linked(linker: &Linker<Host>, component: &Component, builder: &mut WasiCtxBuilder) -> Self {
        let host = Host {
            wasi: builder.build().expect("a context"),
            staged: Mutex::default(),
        };
        Guest {
            instance: linker.instantiate(component, host).expect("an instance"),
        }
    }

    /// Calls a function as a guest would. Each argument is cut to its parameter's size.
    pub fn call(&self, name: &str, arguments: &[u64]) -> Result<(), Errno> {
        match self.try_call(name, arguments) {
            Ok(Some(Val::U32(code))) => Errno::check(code),
            other => panic!("{name}{arguments:x?} gave {other:?}"),
        }
    }

    /// Calls a function that may end the program.
    pub fn try_call(&self, name: &str, arguments: &[u64]) -> Result<Option<Val>, weft_parallel::Error> {
        let parameters = FUNCTIONS.iter().find(|(known, _)| *known == name);
        let (_, parameters) = parameters.expect("a function of preview 1");
        assert_eq!(parameters.len(), arguments.len(), "{name}");
        let values = parameters.chars().zip(arguments).map(|(ty, argument)| match ty {
            'i' => Val::U32(*argument as u32),
            _ => Val::U64(*argument),
        });
        self.export(&name.replace('_', "-"), &values.collect::<Vec<_>>())
    }

    /// Copies bytes into the guest's memory.
    pub fn fill(&self, address: u32, bytes: &[u8]) {
        *self.instance.host().staged.lock().expect("no panic") = bytes.to_vec();
        self.export("fill", &[Val::U32(address)]).expect("in bounds");
    }

    /// Copies bytes out of the guest's memory.
    pub fn fetch(&self, address: u32, length: u32) -> Vec<u8> {
        self.export("fetch", &[Val::U32(address), Val::U32(length)])
            .expect("in bounds");
        std::mem::take(&mut self.instance.host().staged.lock().expect("no panic"))
    }

    /// Writes an array of `iovec`s.
    pub fn fill_iovecs(&self, address: u32, pairs: &[(u32, u32)]) {
        let numbers = pairs.iter().flat_map(|(buffer, length)| [*buffer, *length]);
        let bytes: Vec<u8> = numbers.flat_map(u32::to_le_bytes).collect();
        self.fill(address, &bytes);
    }

    /// Calls a function whose answer of `N` bytes is at `ANSWER`. One that fails must not have touched the place.
    fn answered<const N: usize>(&self, name: &str, arguments: &[u64]) -> Result<[u8; N], Errno> {
        self.fill(ANSWER, &[0xa5; N]);
        let outcome = self.call(name, arguments);
        let answer: [u8; N] = self.fetch(ANSWER, N as u32).try_into().expect("as long as asked for");
        match outcome {
            Ok(()) => Ok(answer),
            Err(error) => {
                assert_eq!(answer, [0xa5; N], "{name} failed with {error:?} and answered");
                Err(error)
            }
        }
    }

    fn answered_u32(&self, name: &str, arguments: &[u64]) -> Result<u32, Errno> {
        self.answered(name, arguments).map(u32::from_le_bytes)
    }

    fn answered_u64(&self, name: &str, arguments: &[u64]) -> Result<u64, Errno> {
        self.answered(name, arguments).map(u64::from_le_bytes)
    }

    fn export(&self, name: &str, values: &[Val]) -> Result<Option<Val>, weft_parallel::Error> {
        self.instance.get_func(&[name]).expect("exported").call(values)
    }
}

impl World {
    pub fn new() -> Self {
        Self::with(DirPerms::all(), FilePerms::all(), |_| ())
    }

    /// A world with permissions, in which `more` follows in the context.
    pub fn with(dir: DirPerms, file: FilePerms, more: impl FnOnce(&mut WasiCtxBuilder)) -> Self {
        let root = tempfile::tempdir().expect("a directory");
        std::fs::create_dir(root.path().join("dir")).expect("a directory");
        let mut builder = WasiCtxBuilder::new();
        builder
            .preopened_dir(root.path().join("dir"), "/dir", dir, file)
            .expect("a directory");
        more(&mut builder);
        World {
            guest: Guest::new(&mut builder),
            root,
        }
    }

    /// The host's path of what the guest sees in its directory.
    pub fn host(&self, path: impl AsRef<Path>) -> PathBuf {
        self.root.path().join("dir").join(path)
    }

    /// Makes a file, as the host.
    pub fn file(&self, path: &str, contents: impl AsRef<[u8]>) -> &Self {
        std::fs::write(self.host(path), contents).expect("a file");
        self
    }

    /// Makes a directory, as the host.
    pub fn dir(&self, path: &str) -> &Self {
        std::fs::create_dir(self.host(path)).expect("a directory");
        self
    }

    /// Makes a symbolic link, as the host.
    pub fn link(&self, target: &str, path: &str) -> &Self {
        std::os::unix::fs::symlink(target, self.host(path)).expect("a link");
        self
    }

    /// The contents of a file, as the host sees them.
    pub fn contents(&self, path: &str) -> Vec<u8> {
        std::fs::read(self.host(path)).expect("a file")
    }
}

impl Deref for World {
    type Target = Guest;

    fn deref(&self) -> &Guest {
        &self.guest
    }
}
