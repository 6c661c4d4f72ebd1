//! Leaves out the unit tests of the runtime's files, which are not for the model checker's primitives.

fn main() {
    println!("cargo::rustc-cfg=modelled");
    println!("cargo::rerun-if-changed=build.rs");
}
