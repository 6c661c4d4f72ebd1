//! `bindgen!`: the traits and calls for one world serve components on both runtimes.

mod counting;
mod gallery;
mod maps;
mod tally;
