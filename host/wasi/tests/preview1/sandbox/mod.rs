//! The sandbox: nothing but what is below a preopened directory can be seen or changed.

mod attacks;
mod prison;
mod procfs;
mod races;
