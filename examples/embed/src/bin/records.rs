//! Calls an export with records, a list and an enum, from eight threads of the host at once:
//!
//!     cargo run --release --bin records examples/components/receipts.wat

use anyhow::Context;
use weft::{Component, ComponentType, Config, Engine, Lift, Linker, Lower};

/// `record item { price: u32, count: u32 }`, which the host passes to the guest.
#[derive(Clone, ComponentType, Lower)]
#[component(record)]
struct Item {
    price: u32,
    count: u32,
}

/// `enum rate { full, reduced }`.
#[derive(Clone, Copy, ComponentType, Lower)]
#[component(enum)]
enum Rate {
    Full,
    Reduced,
}

/// `record receipt { pieces: u32, sum: u64 }`, which the host gets from the guest. Fields have their names in kebab case; this one says its
/// name.
#[derive(Debug, ComponentType, Lift)]
#[component(record)]
struct Receipt {
    pieces: u32,
    #[component(name = "sum")]
    cents: u64,
}

fn main() -> anyhow::Result<()> {
    let path = std::env::args().nth(1).context("usage: records COMPONENT")?;
    let engine = Engine::new(&Config::new())?;
    let component = Component::from_file(&engine, path)?;
    let instance = Linker::new(&engine).instantiate(&component, ())?;
    let total = instance.get_typed_func::<(Vec<Item>, Rate), (Receipt,)>("total")?;

    let receipts = std::thread::scope(|scope| {
        let calls = (1..=8_u32).map(|count| {
            let total = &total;
            scope.spawn(move || {
                let rate = if count % 2 == 0 { Rate::Reduced } else { Rate::Full };
                total.call((vec![Item { price: 250, count }; 3], rate))
            })
        });
        let calls: Vec<_> = calls.collect();
        calls
            .into_iter()
            .map(|call| call.join().expect("no panic"))
            .collect::<Vec<_>>()
    });
    for receipt in receipts {
        let (Receipt { pieces, cents },) = receipt?;
        println!("{pieces} pieces cost {cents}");
    }
    Ok(())
}
