//! Guest memory is hostile: pointers and lengths that lie.

mod lengths;
mod overlaps;
mod pointers;
