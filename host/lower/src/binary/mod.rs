//! The ground floor: what several passes read from a binary, or write into one, in the same way.
//!
//! **Problem.** Every pass walks the same format. If a type or a reader lives in the pass that needed it first, the passes
//! depend on each other in a circle, and a second pass that needs it writes its own. **Here** is what they have in common: what decode hands
//! over ([`decoded`]), the items of a core module by index ([`module_items`]), the index spaces of a component that is written
//! anew ([`core_spaces`]), its canonical definitions ([`definitions`]) and imports and exports ([`outermost`]), and what a thread
//! starts with ([`thread_start`]).
//!
//! Nothing in this folder depends on a pass. Of the crate it uses only the tables ([`builtins`](crate::builtins),
//! [`rules`](crate::rules), [`features`](crate::features)) and the error.
//!
//! **Rejected:** a tree of our own for components and modules. It would have to follow every change of the formats, and a pass that needs
//! one section would pay for all of them.

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
