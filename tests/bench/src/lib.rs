//! Benchmarks: what threads cost, and what running them as weft does costs a program.
//!
//! Each group of measurements is a function that gives [`Row`]s; the bench `table` runs them and prints a table, with the
//! goals that the project has set itself.
//!
//! A ratio is measured within one process. In each round, every contender runs once, and the next round uses the
//! opposite order, so that a machine that gets slower or warmer does so for all. The ratio is the median of the rounds'
//! ratios. Nothing here fails because of a figure: only the reader of the table knows whether the machine was idle.
//!
//! Rejected: Criterion (it would enable features of dependencies that Wasmtime shares, so Wasmtime would be built a
//! second time for the benchmarks; and it has no ratios within rounds).

pub mod adapt;
pub mod blocked;
pub mod child_start;
mod comparison;
pub mod component_calls;
pub mod contention;
pub mod document;
pub mod ending;
pub mod fairness;
mod figures;
mod guest;
pub mod handles;
pub mod instantiation;
pub mod kernels;
pub mod machine;
pub mod parallel_calls;
mod placement;
mod plain;
mod results;
mod rounds;
pub mod shared_items;
pub mod soak;
pub mod sort;
pub mod spawn_join;
pub mod start_up;
mod synthetic;
pub mod typed_calls;
pub mod wasi_0_2_calls;
pub mod wasi_calls;
pub mod wasi_reads;

pub use comparison::{Change, Verdict, compare};
pub use figures::{Figures, Row, Target, Unit};
pub use results::{GroupResults, Results, Subject};

/// Measurements that belong together.
pub struct Group {
    /// The group's title, by which it is also selected.
    pub title: &'static str,
    /// Runs the measurements.
    pub measure: fn() -> anyhow::Result<Vec<Row>>,
}

/// All groups, in the order in which they must run.
///
/// The resident memory of blocked threads comes first: later, the allocator has memory left over from other groups.
pub const GROUPS: [Group; 19] = [
    Group {
        title: "10,000 blocked threads",
        measure: blocked::measure,
    },
    Group {
        title: "spawn and join",
        measure: spawn_join::measure,
    },
    Group {
        title: "start of a child beside its parent",
        measure: child_start::measure,
    },
    Group {
        title: "end of 1,000 blocked and 2 spinning threads",
        measure: ending::measure,
    },
    Group {
        title: "a request of 1 ms beside another tenant",
        measure: fairness::measure,
    },
    Group {
        title: "instantiation",
        measure: instantiation::measure,
    },
    Group {
        title: "start-up",
        measure: start_up::measure,
    },
    Group {
        title: "merge sort",
        measure: sort::measure,
    },
    Group {
        title: "kernels",
        measure: kernels::measure,
    },
    Group {
        title: "contention against native threads",
        measure: contention::measure,
    },
    Group {
        title: "shared tables and globals",
        measure: shared_items::measure,
    },
    Group {
        title: "host calls with Rust types against core types",
        measure: typed_calls::measure,
    },
    Group {
        title: "handles on two threads",
        measure: handles::measure,
    },
    Group {
        title: "calls of a component's export",
        measure: parallel_calls::measure,
    },
    Group {
        title: "WASI calls against wasmtime-wasi",
        measure: wasi_calls::measure,
    },
    Group {
        title: "WASI 0.2 calls against wasmtime-wasi",
        measure: wasi_0_2_calls::measure,
    },
    Group {
        title: "WASI reads on two threads",
        measure: wasi_reads::measure,
    },
    Group {
        title: "components against Wasmtime",
        measure: component_calls::measure,
    },
    Group {
        title: "adapt 34,000 functions",
        measure: adapt::measure,
    },
];
