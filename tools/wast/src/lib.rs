//! Runs `.wast` scripts: the format in which WebAssembly's proposals publish their tests.
//!
//! A script is a list of directives: modules and components, calls of their exports, and assertions about the results.
//! [`run`] returns one [`Directive`] for each, with its place in the text and its outcome. It never fails as a whole: if the
//! text is malformed, that is a failure at its place.
//!
//! The format: [the specification's test interpreter], with `(thread …)` and `(wait …)` of [the threads proposal] and, for
//! components, the values of the component model's text (`(u32.const 1)`, `(list.const …)`).
//!
//! | What | Runs on |
//! |---|---|
//! | core modules | Wasmtime, one store for each thread of the script |
//! | components with preemptive threads | `weft_parallel`, one engine for each script |
//! | all other components | Wasmtime's component runtime, one store for each instance |
//!
//! **Not through the front door.** The crate `weft` chooses the runtime, adapts core modules and hides instances from each other. A script
//! runs core modules as they are, gives the exports of one instance to the next, and turns features of the engines off. So it uses the
//! runtimes themselves.
//!
//! Lines at the head of a script choose options for it: see [`Options`].
//!
//! ```
//! let script = r#"
//!     (module (func (export "answer") (result i32) (i32.const 42)))
//!     (assert_return (invoke "answer") (i32.const 41))"#;
//! let report = weft_wast::run(script, &weft_wast::Options::default());
//! let failed = &report.directives[1];
//! assert_eq!((failed.line, failed.kind), (3, weft_wast::Kind::AssertReturn));
//! assert_eq!(report.counts().to_string(), "1 passed, 1 failed");
//! ```
//!
//! [the specification's test interpreter]: https://github.com/WebAssembly/spec/tree/main/interpreter#scripts
//! [the threads proposal]: https://github.com/WebAssembly/threads

mod assert;
mod component;
mod context;
mod core;
mod define;
mod execution;
mod form;
mod host;
mod linking;
mod messages;
mod names;
mod options;
mod passed;
mod place;
mod preemptive;
mod report;
mod script;
mod session;
mod source;
mod spectest;
mod thread;
mod values;

pub use options::{Options, Runtime};
pub use report::{Counts, Directive, Failure, Kind, Outcome, Report, Summary};
pub use script::run;
