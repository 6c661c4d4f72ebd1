//! The two binary encodings of the thread built-ins. `decode/encoding.rs` describes how to distinguish them.

/// How a binary encodes the definitions of `thread.spawn-ref`, `thread.spawn-indirect` and
/// `thread.available-parallelism`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CanonicalEncoding {
    /// As the [specification] does: a byte says whether it is `shared`.
    ///
    /// [specification]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/Binary.md#canonical-definitions
    Specification,
    /// As wasm-tools 1.254 does, and the compilers that use it: without that byte.
    WasmTools,
}
