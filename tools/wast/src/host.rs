//! The instance `host`, which every component of a script can import, and two functions beside it. Wasmtime's script runner defines
//! the same items, so Wasmtime's scripts run unchanged.
//!
//! | Item | What it does |
//! |---|---|
//! | `host-return-two`, `host/return-three`, `host/nested/return-four` | return 2, 3 and 4 |
//! | `host/return-hi` | returns `hello` |
//! | `host/resource1`, and `resource1-again`, which is the same; `resource2` | resource types |
//! | `[constructor]resource1` | makes a resource whose representation is the argument |
//! | `[static]resource1.assert`, `[method]resource1.simple` | trap if the representation is another |
//! | `[static]resource1.drops`, `[static]resource1.last-drop` | how often the destructor has run, and for which representation last |
//! | `[method]resource1.take-borrow`, `[method]resource1.take-own` | trap if a handle is owned that should be borrowed, or the other way round |
//! | `host/simple-module` | a core module with a function `f`, and on Wasmtime's component runtime a global `g` |
//! | `host-echo-u32`, `host/return-two-slowly`, `host/never-return`, `[method]resource1.never-return` | `async` functions; on that runtime only |

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use wasmtime::component::Linker;
use wasmtime::{Module, Result, ensure};
use weft_parallel::StoreAccount;

pub(crate) const HOST: &str = "host";

/// `(module (global (export "g") i32 (i32.const 100)) (func (export "f") (result i32) (i32.const 101)))`
const SIMPLE_MODULE: &[u8] = b"\0asm\x01\0\0\0\
    \x01\x05\x01\x60\x00\x01\x7f\
    \x03\x02\x01\x00\
    \x06\x07\x01\x7f\x00\x41\xe4\x00\x0b\
    \x07\x09\x02\x01g\x03\x00\x01f\x00\x00\
    \x0a\x07\x01\x05\x00\x41\xe5\x00\x0b";

/// Identifies the resource type `resource1`.
pub(crate) struct Resource1;

/// Identifies the resource type `resource2`.
pub(crate) struct Resource2;

/// Counts the calls of the destructor of `resource1`.
#[derive(Default)]
pub(crate) struct Drops {
    count: AtomicU32,
    last: AtomicU32,
}

impl Drops {
    fn add(&self, rep: u32) {
        self.count.fetch_add(1, SeqCst);
        self.last.store(rep, SeqCst);
    }
}

fn expect(found: u32, expected: u32) -> Result<()> {
    ensure!(
        found == expected,
        "expected the representation {expected}, found {found}"
    );
    Ok(())
}

fn expect_owned(found: &[bool], expected: &[bool]) -> Result<()> {
    ensure!(
        found == expected,
        "expected owned handles {expected:?}, found {found:?}"
    );
    Ok(())
}

/// Defines what both runtimes have. Their types have the same names.
macro_rules! define {
    ($linker:expr, $drops:expr, $runtime:path) => {{
        use $runtime::{Resource, ResourceType};
        type One = Resource<Resource1>;

        let linker = $linker;
        linker.root().func_wrap("host-return-two", |_, (): ()| Ok((2_u32,)))?;
        let mut host = linker.instance(HOST)?;
        host.func_wrap("return-three", |_, (): ()| Ok((3_u32,)))?;
        host.func_wrap("return-hi", |_, (): ()| Ok(("hello",)))?;
        host.instance("nested")?
            .func_wrap("return-four", |_, (): ()| Ok((4_u32,)))?;

        let drops: &Arc<Drops> = $drops;
        for name in ["resource1", "resource1-again"] {
            let drops = Arc::clone(drops);
            host.resource(name, ResourceType::host::<Resource1>(), move |_, rep| {
                drops.add(rep);
                Ok(())
            })?;
        }
        host.resource("resource2", ResourceType::host::<Resource2>(), |_, _| Ok(()))?;
        host.func_wrap("[constructor]resource1", |_, (rep,): (u32,)| Ok((One::new_own(rep),)))?;
        host.func_wrap("[static]resource1.assert", |_, (one, rep): (One, u32)| {
            expect(one.rep(), rep)
        })?;
        let counted = Arc::clone(drops);
        host.func_wrap("[static]resource1.drops", move |_, (): ()| {
            Ok((counted.count.load(SeqCst),))
        })?;
        let counted = Arc::clone(drops);
        host.func_wrap("[static]resource1.last-drop", move |_, (): ()| {
            Ok((counted.last.load(SeqCst),))
        })?;
        host.func_wrap("[method]resource1.simple", |_, (one, rep): (One, u32)| {
            expect_owned(&[one.owned()], &[false])?;
            expect(one.rep(), rep)
        })?;
        host.func_wrap("[method]resource1.take-borrow", |_, (one, other): (One, One)| {
            expect_owned(&[one.owned(), other.owned()], &[false, false])
        })?;
        host.func_wrap("[method]resource1.take-own", |_, (one, other): (One, One)| {
            expect_owned(&[one.owned(), other.owned()], &[false, true])
        })?;
    }};
}

/// For weft's own runtime.
pub(crate) fn define_on_weft(
    linker: &mut weft_parallel::Linker<()>,
    drops: &Arc<Drops>,
) -> Result<(), weft_parallel::Error> {
    define!(&mut *linker, drops, weft_parallel);
    let mut module = linker.module(&format!("{HOST}/simple-module"));
    module.func_wrap("f", |_: weft_parallel::Caller<'_, ()>| 101)?;
    Ok(())
}

/// For Wasmtime's component runtime.
pub(crate) fn define_on_wasmtime(linker: &mut Linker<StoreAccount>, drops: &Arc<Drops>) -> Result<()> {
    define!(&mut *linker, drops, wasmtime::component);
    let module = Module::new(linker.engine(), SIMPLE_MODULE)?;
    linker
        .root()
        .func_wrap_concurrent("host-echo-u32", |_, (value,): (u32,)| {
            Box::pin(async move { Ok((value,)) })
        })?;
    let mut host = linker.instance(HOST)?;
    host.module("simple-module", &module)?;
    host.func_wrap_concurrent("return-two-slowly", |_, (): ()| {
        Box::pin(async {
            futures_lite::future::yield_now().await;
            Ok((2_u32,))
        })
    })?;
    host.func_wrap_concurrent("never-return", |_, (): ()| Box::pin(pending::<Result<()>>()))?;
    host.func_wrap_concurrent(
        "[method]resource1.never-return",
        |_, (_,): (wasmtime::component::Resource<Resource1>,)| Box::pin(pending::<Result<()>>()),
    )
}
