//! Notes for the author of a module that can be adapted.

use std::fmt::{self, Display, Formatter};

/// Something that a module's author may want to know.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// Each `wasi.thread-spawn` fails, because the module does not export `wasi_thread_start`. This is most likely a mistake.
    SpawnsFail,
    /// The threads of wasi-libc need memory for their stacks, but the module's memory cannot grow beyond its initial size. This is so if
    /// the module was linked without `--max-memory`.
    MemoryIsFixed {
        /// How many pages it has.
        pages: u64,
    },
    /// The component does not export a function that the module exports.
    LeftOut {
        /// The export's name.
        export: String,
        /// Why.
        reason: LeftOut,
    },
    /// Calls of the module's exports take turns: they use one stack.
    TakeTurns {
        /// Why they cannot have stacks and thread-local storage of their own.
        reason: String,
    },
    /// A fixed number of calls and threads can have stacks of their own at once, because the module exports no allocator.
    FewStacks {
        /// How many.
        count: u32,
    },
}

/// Why the component does not export a function.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LeftOut {
    /// Its type, which is this one, cannot be lifted.
    Type(String),
    /// Its name has no kebab-case form.
    NoLabel,
    /// Another export has the same name in kebab case.
    SameLabel {
        /// The name in kebab case.
        label: String,
        /// The other export.
        other: String,
    },
    /// The module's WIT world does not contain it.
    World,
}

impl Display for Note {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Note::SpawnsFail => f.write_str(
                "the module imports `wasi.thread-spawn` and exports no `wasi_thread_start`, so it cannot start a thread: \
                 link with `--export=wasi_thread_start` (`-Wl,--export=wasi_thread_start` to Clang)",
            ),
            Note::TakeTurns { reason } => write!(f, "calls of the exports take turns on one stack: {reason}"),
            Note::FewStacks { count } => write!(
                f,
                "at most {count} calls and threads have stacks of their own at once, because the module grows its memory and exports no \
                 allocator to take stacks from: link with `--export=malloc` (`-Wl,--export=malloc` to Clang)",
            ),
            Note::MemoryIsFixed { pages } => write!(
                f,
                "the memory cannot grow beyond its {} bytes, and the threads of wasi-libc need memory for their stacks: if they \
                 do not start, link with `--max-memory` (`-Wl,--max-memory=...` to Clang)",
                pages.saturating_mul(1 << 16),
            ),
            Note::LeftOut { export, reason } => {
                write!(f, "the export `{}` is left out: ", export.escape_debug())?;
                match reason {
                    LeftOut::Type(ty) => write!(f, "no component function has the type `{ty}`"),
                    LeftOut::World => f.write_str("the module's world does not have it"),
                    LeftOut::NoLabel => f.write_str("its name has no kebab-case form"),
                    LeftOut::SameLabel { label, other } => {
                        write!(f, "it is `{label}` in kebab case, as `{}` is", other.escape_debug())
                    }
                }
            }
        }
    }
}
