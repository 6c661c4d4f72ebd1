//! The examples are in `src/bin`. This library is empty: `cargo test --doc` compiles the Rust code of the documentation here,
//! because a crate that is published cannot contain files from outside its folder.

/// docs/cache.md
#[doc = include_str!("../../../docs/cache.md")]
pub mod cache {}

/// docs/compile.md
#[doc = include_str!("../../../docs/compile.md")]
pub mod compile {}

/// docs/from-wasmtime-wasi-threads.md
#[doc = include_str!("../../../docs/from-wasmtime-wasi-threads.md")]
pub mod from_wasmtime_wasi_threads {}

/// docs/wasi.md
#[doc = include_str!("../../../docs/wasi.md")]
pub mod wasi {}
