//! Why a component cannot be lowered.

use crate::rules::Rule;

/// An error from one of the passes of this crate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LowerError {
    /// The input is text, and not well formed.
    #[error("the text format cannot be read")]
    Text(#[from] wast::Error),

    /// There is no input.
    #[error("the input is empty: expected a binary (`\\0asm`) or the text format")]
    Empty,

    /// The input is neither text nor binary WebAssembly.
    #[error("not WebAssembly: expected a binary (`\\0asm`) or the text format")]
    NotWebAssembly,

    /// The input is a core module where a component is needed.
    #[error("expected a component, found a core module: convert it with `weft adapt`")]
    CoreModule,

    /// The input is a component where a core module is needed.
    #[error("expected a core module, found a component")]
    Component,

    /// The component starts threads that take turns, which are not for weft's own runtime.
    #[error(
        "`{builtin}` (at offset {offset:#x}) shows that the component's threads are cooperative, and weft's own runtime runs none \
         of those: leave out `--runtime weft` and `Config::runtime`, so that Wasmtime's component runtime runs it"
    )]
    Cooperative {
        /// A built-in that shows this.
        builtin: &'static str,
        /// Where it is defined in the binary, in bytes.
        offset: u64,
    },

    /// The component starts preemptive threads and cooperative ones.
    #[error(
        "`{cooperative}` starts cooperative threads (at offset {offset:#x}), and `{preemptive}` preemptive ones (at \
         offset {preemptive_offset:#x}): make the start types of both `shared`, or of neither"
    )]
    MixedThreads {
        /// A built-in that starts preemptive threads.
        preemptive: &'static str,
        /// Where it is defined in the binary, in bytes.
        preemptive_offset: u64,
        /// A built-in that starts cooperative threads.
        cooperative: &'static str,
        /// Where it is defined in the binary, in bytes.
        offset: u64,
    },

    /// The binary is malformed, or breaks a validation rule that weft shares with WebAssembly's tools.
    #[error("invalid: {message} (at offset {offset:#x})")]
    Invalid {
        /// What is wrong.
        message: String,
        /// Where in the binary, in bytes.
        offset: u64,
    },

    /// The binary is invalid because it needs a proposal that weft does not support.
    #[error(
        "invalid: {message} (at offset {offset:#x}): this needs the proposal `{proposal}`, which weft does not support; \
         {advice}"
    )]
    MissingFeature {
        /// What is wrong.
        message: String,
        /// Where in the binary, in bytes.
        offset: u64,
        /// The proposal, by its name in `docs/features.md`.
        proposal: &'static str,
        /// What to do instead.
        advice: &'static str,
    },

    /// A rule of the thread built-ins or of shared-everything-threads is broken.
    #[error("{message} (at offset {offset:#x}, rule {rule})")]
    Rule {
        /// The rule.
        rule: Rule,
        /// What is wrong, and what to do.
        message: String,
        /// Where in the binary, in bytes.
        offset: u64,
    },

    /// The component is valid, and weft cannot run it.
    #[error("{item}{} is not supported: {advice}", place(*offset, *rule))]
    Unsupported {
        /// The item, by name where it has one.
        item: String,
        /// Where in the binary, in bytes, if one place is to blame and it is known.
        offset: Option<u64>,
        /// The rule that allows it, if there is one.
        rule: Option<Rule>,
        /// Why, or what to do instead.
        advice: String,
    },

    /// The flattened component exceeds a limit. `docs/limits.md` lists the limits.
    #[error(
        "the component has more than {limit} {name}, counted over all component instances (at offset {offset:#x}): {advice}"
    )]
    Limit {
        /// What exceeds the limit: `core instances`, `definitions`, `types` or the like.
        name: &'static str,
        /// How many there may be.
        limit: u64,
        /// What to do.
        advice: &'static str,
        /// Where in the binary the limit is exceeded, in bytes.
        offset: u64,
    },

    /// A core module does not match the type of the import for which [`crate::Component::supply`] got it.
    #[error("the core module for import `{name}` does not have the import's type: {difference}")]
    SuppliedType {
        /// The import's name, after those of the instances that it is in, with `/` between them.
        name: String,
        /// How the types differ.
        difference: String,
    },

    /// A core module that [`crate::Component::supply`] got cannot be lowered. Offsets are those of its own binary.
    #[error("the core module for import `{name}`: {error}")]
    Supplied {
        /// The import's name, after those of the instances that it is in, with `/` between them.
        name: String,
        /// Why.
        error: Box<LowerError>,
    },

    /// A binary has no text.
    #[error("cannot print the text format: {0}")]
    Print(String),

    /// A pass made something that does not validate. This is a bug in weft.
    #[error("internal error: lowering failed ({0}); please report it")]
    Internal(String),
}

impl LowerError {
    pub(crate) fn unsupported(item: impl Into<String>, advice: impl Into<String>) -> Self {
        LowerError::Unsupported {
            item: item.into(),
            offset: None,
            rule: None,
            advice: advice.into(),
        }
    }

    /// Adds an offset to an error about an unsupported item. Only such an error may have been created without one.
    pub(crate) fn at(mut self, place: Option<u64>) -> Self {
        if let LowerError::Unsupported { offset, .. } = &mut self {
            *offset = place;
        }
        self
    }

    /// Maps the offsets in an error. The match names all fields of all variants, so that no offset is forgotten.
    pub(crate) fn map_offsets(mut self, map: impl Fn(u64) -> u64) -> Self {
        match &mut self {
            LowerError::Cooperative { builtin: _, offset }
            | LowerError::Invalid { message: _, offset }
            | LowerError::Limit {
                name: _,
                limit: _,
                advice: _,
                offset,
            }
            | LowerError::MissingFeature {
                message: _,
                offset,
                proposal: _,
                advice: _,
            }
            | LowerError::Rule {
                rule: _,
                message: _,
                offset,
            } => *offset = map(*offset),
            LowerError::Unsupported {
                item: _,
                offset: Some(offset),
                rule: _,
                advice: _,
            } => *offset = map(*offset),
            LowerError::MixedThreads {
                preemptive: _,
                preemptive_offset,
                cooperative: _,
                offset,
            } => {
                *preemptive_offset = map(*preemptive_offset);
                *offset = map(*offset);
            }
            LowerError::Text(_)
            | LowerError::Empty
            | LowerError::NotWebAssembly
            | LowerError::CoreModule
            | LowerError::Component
            | LowerError::Unsupported {
                item: _,
                offset: None,
                rule: _,
                advice: _,
            }
            // The offsets in the error are those of another binary.
            | LowerError::Supplied { name: _, error: _ }
            | LowerError::SuppliedType { name: _, difference: _ }
            | LowerError::Print(_)
            | LowerError::Internal(_) => {}
        }
        self
    }

    /// Where in the binary the error is, in bytes.
    pub(crate) fn offset(&self) -> Option<u64> {
        match self {
            LowerError::Cooperative { offset, .. }
            | LowerError::Invalid { offset, .. }
            | LowerError::Limit { offset, .. }
            | LowerError::MissingFeature { offset, .. }
            | LowerError::Rule { offset, .. }
            | LowerError::MixedThreads { offset, .. } => Some(*offset),
            LowerError::Unsupported { offset, .. } => *offset,
            LowerError::Text(_)
            | LowerError::Empty
            | LowerError::NotWebAssembly
            | LowerError::CoreModule
            | LowerError::Component
            | LowerError::Supplied { .. }
            | LowerError::SuppliedType { .. }
            | LowerError::Print(_)
            | LowerError::Internal(_) => None,
        }
    }
}

/// The text after an unsupported item: its offset and rule.
fn place(offset: Option<u64>, rule: Option<Rule>) -> String {
    match (offset, rule) {
        (Some(offset), Some(rule)) => format!(" (at offset {offset:#x}, rule {rule})"),
        (Some(offset), None) => format!(" (at offset {offset:#x})"),
        (None, Some(rule)) => format!(" (rule {rule})"),
        (None, None) => String::new(),
    }
}
