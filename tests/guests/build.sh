#!/bin/sh
# Builds every library of a WIT world again from its source, and writes fixtures.lock.
#
# Rust is of the version below, with the target wasm32-wasip1-threads (`rustup target add wasm32-wasip1-threads`). The crate
# wit-bindgen comes from the registry. The modules are in the repository, so nothing but this script needs a compiler.
#
# The same source gives the same bytes, wherever the checkout is: no path of the machine is in a module.
set -eu

rust_version=1.95.0

cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
target=$root/target/guests
cargo=${CARGO:-cargo}
rustc=${RUSTC:-rustc}
registry=${CARGO_HOME:-$HOME/.cargo}/registry/src

case $("$rustc" --version) in
*"$rust_version"*) ;;
*) echo "warning: not Rust $rust_version, so the modules may differ" >&2 ;;
esac

# rust NAME: the project examples/rust/NAME
rust() {
    echo "cargo build: examples/rust/$1"
    (
        cd "$root/examples/rust/$1"
        paths="--remap-path-prefix=$root=. --remap-path-prefix=$registry=registry"
        RUSTFLAGS="$paths" CARGO_TARGET_DIR="$target" \
            "$cargo" build --quiet --release --locked --target wasm32-wasip1-threads
    )
    cp "$target/wasm32-wasip1-threads/release/$1.wasm" "$1_rust.wasm"
}

rust greeter

{
    echo "# SHA-256 of the modules and of all that they are built from. Written by build.sh, checked by the tests."
    find . ../../examples/rust/*/ ../../examples/wit -type f ! -name fixtures.lock | LC_ALL=C sort | sed 's|^\./||' |
        xargs sha256sum
} >fixtures.lock
