//! Hostile guests: wrong pointers and lengths.

mod lengths;
mod overlaps;
mod pointers;
