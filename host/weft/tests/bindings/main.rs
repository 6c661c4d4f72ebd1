//! `bindgen!`: the traits and calls that are made of one world serve components on both runtimes.

mod counting;
mod gallery;
mod maps;
