//! The lowest layer: what several passes read from a binary or write to one in the same way.
//!
//! **Problem.** Every pass reads the same format. If a type or a reader belonged to the pass that needed it first, the
//! passes would depend on each other in a circle, or a second pass would write its own. **Here** is what they share:
//! the output of decode ([`decoded`]), the items of a core module by index ([`module_items`]), the index spaces of a
//! component that is rewritten ([`core_spaces`]), its canonical definitions ([`definitions`]) and imports and exports
//! ([`outermost`]), and start types of threads ([`thread_start`]).
//!
//! Nothing in this folder depends on a pass. Of the crate it uses only the tables ([`builtins`](crate::builtins),
//! [`rules`](crate::rules), [`features`](crate::features)) and the error.
//!
//! **Rejected:** our own tree for components and modules (it would have to follow every change of the formats, and a
//! pass that needs one section would pay for all of them).

pub(crate) mod core_spaces;
pub(crate) mod declared;
pub(crate) mod decoded;
pub(crate) mod definitions;
pub(crate) mod encoding;
pub(crate) mod index_space;
pub(crate) mod item_count;
pub(crate) mod module_items;
pub(crate) mod outermost;
pub mod positions;
pub(crate) mod single_item;
pub(crate) mod thread_start;
pub mod verbatim;
