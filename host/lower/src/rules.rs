//! The ids of the specification's rules, which errors name and `docs/conformance.md` explains.
//!
//! **Problem.** An id that is a string in an error can be misspelt, and can outlive its rule. **Here** the ids are an enum, and
//! the enum is generated from the data that the conformance page is made of. **Before,** `tests/conformance/rules.toml`:
//!
//! ```toml
//! [[section.rule]]
//! id = "SPAWN-IND-07"
//! rule = "The table is one of functions."
//! ```
//!
//! **After,** in `rules/ids.rs`:
//!
//! ```text
//! /// The table is one of functions.
//! SpawnInd07 = "SPAWN-IND-07",
//! ```
//!
//! `cargo run --release -p weft-tests --bin conformance` writes the file, and a test fails when it is stale. No code names some of
//! the rules.
//!
//! **Rejected:** a build script, because the data are not in this crate's package; and a `FromStr`, because nothing reads ids.

macro_rules! rules {
    ($($(#[$doc:meta])* $rule:ident = $id:literal,)*) => {
        /// A rule of the specification. It is displayed as its id, such as `SPAWN-IND-07`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Rule {
            $($(#[$doc])* $rule,)*
        }

        impl Rule {
            /// The id, such as `SPAWN-IND-07`.
            pub const fn id(self) -> &'static str {
                match self {
                    $(Rule::$rule => $id,)*
                }
            }
        }
    };
}

mod ids;

pub use ids::Rule;

use std::fmt;

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}
