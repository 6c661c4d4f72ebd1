//! The sandbox: a program can see and change only what is below a preopened directory.

mod attacks;
mod prison;
mod procfs;
mod races;
