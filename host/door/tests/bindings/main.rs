//! `bindgen!`: the traits and calls that are made of one world serve components on both runtimes.

mod counting;
mod gallery;

// The code that the macro writes names the crate `weft`.
extern crate weft_door as weft;
