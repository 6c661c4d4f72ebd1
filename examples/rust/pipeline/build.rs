//! Links the start-up code of libraries: it makes the calling thread one of the C library's, which `std::thread` needs.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let target = std::env::var("TARGET").expect("cargo sets it");
    let rustc = std::env::var_os("RUSTC").expect("cargo sets it");
    let sysroot = std::process::Command::new(rustc).args(["--print", "sysroot"]).output().expect("rustc runs");
    let sysroot = String::from_utf8(sysroot.stdout).expect("a path in UTF-8");
    let start = format!("{}/lib/rustlib/{target}/lib/self-contained/crt1-reactor.o", sysroot.trim());
    println!("cargo::rustc-link-arg-cdylib={start}");
}
