#!/bin/sh
# Builds every program again from its source, and writes fixtures.lock.
#
# Zig is the Python package `ziglang` of the version below; pip puts it into target/. C is compiled by Clang and LLD of the
# version below: Debian has them as the packages clang-22 and lld-22; set CLANG and WASM_LD to use others. Programs without
# threads that use a C library are compiled by Zig, which has one. Rust is of the version below, with the sources of its
# standard library, which is built here: Debian's packages rustc-web, cargo-web and rust-web-src, of whose programs RUSTC
# and CARGO are the paths. The modules are in the repository, so nothing but this script needs a compiler.
#
# The same source gives the same bytes, wherever the checkout is: sources are named by relative paths, and the linker
# drops the debug sections, which alone contain paths. The name section stays, but for a program that is to have none.
set -eu

zig_version=0.13.0
clang_version=22.1.8
rust_version=1.96.0

cd "$(dirname "$0")"
target=$(cd ../.. && pwd)/target
work=$target/programs
zig_home=$target/zig-$zig_version
zig=$zig_home/ziglang/zig
clang=${CLANG:-clang-22}
wasm_ld=${WASM_LD:-wasm-ld-22}
rustc=${RUSTC:-rustc}
cargo=${CARGO:-cargo}
libc=$work/libc
export ZIG_GLOBAL_CACHE_DIR="$target/zig-cache" ZIG_LOCAL_CACHE_DIR="$target/zig-cache"

freestanding="--target=wasm32-unknown-unknown -mcpu=generic -matomics -mbulk-memory -ffreestanding -nostdlib -O2
    -mthread-model posix -pthread -ftls-model=local-exec -Wall -Wextra -Werror -Wno-unused-function"
exceptions="$freestanding -mllvm -wasm-use-legacy-eh=false"
shared="--shared-memory --import-memory --export-memory -z stack-size=65536 --stack-first"

if [ ! -x "$zig" ]; then
    echo "installing Zig $zig_version into $zig_home"
    python3 -m pip install --quiet --target "$zig_home" "ziglang==$zig_version"
fi
case $("$clang" --version) in
*"version $clang_version"*) ;;
*) echo "warning: not Clang $clang_version, so the modules may differ" >&2 ;;
esac
case $("$rustc" --version) in
*"$rust_version"*) ;;
*) echo "warning: not Rust $rust_version, so the modules may differ" >&2 ;;
esac
rm -rf "$work"
mkdir -p "$work"

# run COMMAND... shows the command and runs it.
run() {
    echo "$*" | sed "s|$target|target|g"
    "$@"
}

# zig_threads NAME OPTIMIZE STRIP
zig_threads() {
    run "$zig" build-obj "$1.zig" -target wasm32-wasi -mcpu=generic+atomics+bulk_memory -fno-single-threaded -O "$2" \
        -fno-strip -fcompiler-rt "-femit-bin=$work/$1.o"
    # shellcheck disable=SC2086
    run "$zig" wasm-ld $shared --max-memory=268435456 --entry _start --export=wasi_thread_start "$3" \
        "$work/$1.o" -o "$work/$1.wasm"
}

# zig_alone NAME: an ordinary module with a memory of its own
zig_alone() {
    run "$zig" build-obj "$1.zig" -target wasm32-wasi -mcpu=generic+bulk_memory -fsingle-threaded -O ReleaseSmall \
        -fno-strip -fcompiler-rt "-femit-bin=$work/$1.o"
    run "$zig" wasm-ld -z stack-size=65536 --stack-first --export-memory --entry _start --strip-debug \
        "$work/$1.o" -o "$work/$1.wasm"
}

# c_object SOURCE NAME DEFINES: freestanding, without a C library
c_object() {
    # shellcheck disable=SC2086
    run "$clang" $freestanding $3 -c "$1.c" -o "$work/$2.o"
}

# c_example NAME: with guest/weft.h
c_example() {
    c_object "../../examples/c/$1" "$1" "-I../../guest"
    link_threads "$1" "--export-table $work/weft.o"
}

# c_threads SOURCE NAME DEFINES LINKING
c_threads() {
    c_object "$1" "$2" "$3"
    link_threads "$2" "$4"
}

# link_threads NAME LINKING
link_threads() {
    # shellcheck disable=SC2086
    run "$wasm_ld" $shared --max-memory=67108864 --no-entry --export-if-defined=_start $2 --strip-debug \
        "$work/$1.o" -o "$work/$1.wasm"
}

# c_exceptions NAME, cxx_exceptions NAME: freestanding C with setjmp, and C++, by WebAssembly's exception instructions
c_exceptions() {
    # shellcheck disable=SC2086
    run "$clang" $exceptions -mexception-handling -mllvm -wasm-enable-sjlj -c "$1.c" -o "$work/$1.o"
}

cxx_exceptions() {
    # shellcheck disable=SC2086
    run "$clang" $exceptions -std=c++20 -fwasm-exceptions -c "$1.cpp" -o "$work/$1.o"
}

# c_library NAME: one thread, and Zig's wasi-libc
c_library() {
    run "$zig" cc -target wasm32-wasi -Os -s -UNDEBUG -D_WASI_EMULATED_SIGNAL -Wall -Wextra -Werror -Wno-unused-function \
        "$1.c" -lwasi-emulated-signal -o "$work/$1.wasm"
}

# c_library_threads SOURCE: wasi-libc for threads
c_library_threads() {
    name=$(basename "$1")
    run "$clang" --target=wasm32-wasip1-threads -pthread -Os -ftls-model=local-exec -Wall -Wextra -Werror -nostdinc \
        -isystem "$("$clang" -print-resource-dir)/include" -isystem "$libc/include" -c "$1.c" -o "$work/$name.o"
    # shellcheck disable=SC2086
    run "$wasm_ld" $shared --max-memory=67108864 --strip-all "$libc/crt1-command.o" "$work/$name.o" "$libc/libc.a" \
        -o "$work/$name.wasm"
}

# rust_threads SOURCES...: the target wasm32-wasip1-threads, its standard library, and wasi-libc for threads
rust_threads() {
    mkdir -p "$work/rust"
    {
        printf '[package]\nname = "programs"\nversion = "0.0.0"\nedition = "2024"\n[workspace]\n'
        printf '[profile.release]\nopt-level = "s"\nlto = true\ncodegen-units = 1\npanic = "abort"\nstrip = true\n'
        for name in "$@"; do
            cp "$name.rs" "$work/rust"
            name=$(basename "$name")
            printf '[[bin]]\nname = "%s"\npath = "%s.rs"\n' "$name" "$name"
        done
    } >"$work/rust/Cargo.toml"
    flags="-Zlocation-detail=none -Clinker=$wasm_ld -Clink-self-contained=no -Clink-arg=$libc/crt1-command.o -L$libc"
    (
        cd "$work/rust"
        run env RUSTC="$rustc" RUSTC_BOOTSTRAP=1 RUSTFLAGS="$flags" "$cargo" build --quiet --release --target-dir target \
            -Zbuild-std=std,panic_abort --target wasm32-wasip1-threads
    )
    for name in "$@"; do
        name=$(basename "$name")
        cp "$work/rust/target/wasm32-wasip1-threads/release/$name.wasm" "$work"
    done
}

zig_threads hello ReleaseSmall --strip-debug
zig_threads sort ReleaseFast --strip-debug
zig_threads hash ReleaseFast --strip-all
zig_threads mutex_condition Debug --strip-debug
zig_threads tls ReleaseSmall --strip-debug
zig_threads spawn_join ReleaseSmall --strip-debug
zig_threads tree ReleaseSmall --strip-debug
zig_alone cat

run ./libc/build.sh "$zig" "$clang" "$libc"
for name in stdio directory status names failures descriptors waiting process sockets; do
    c_library $name
done
c_library_threads pthreads
c_library_threads barriers
c_library_threads contention
c_library_threads kernels
c_library_threads ../../examples/c/pi
rust_threads files parallel system ../../examples/rust/collatz

for name in hello_c spawn_join_c mutex_condition_c many_alive ending reactor; do
    c_threads $name $name "" ""
done
c_object ../../guest/weft weft ""
for name in hello spawn_join; do
    c_threads ${name}_c ${name}_builtins -DBUILTINS "--export-table $work/weft.o"
done
c_threads sum sum "" "--export-table $work/weft.o"
for name in primes report library; do
    c_example $name
done
cxx_exceptions throws
cxx_exceptions unwind
c_threads exceptions exceptions "" "$work/throws.o $work/unwind.o"
c_exceptions jump
c_exceptions jumps
link_threads jumps "$work/jump.o"

# Everything is built: put it where the tests look.
for module in "$work"/*.wasm; do
    name=$(basename "$module")
    if cmp -s "$module" "$name"; then state=unchanged; else state=CHANGED; fi
    install -m 644 "$module" "$name"
    echo "$name: $(wc -c <"$name") bytes, $state"
done
{
    echo "# SHA-256 of the programs and of all that they are built from. Written by build.sh, checked by the tests."
    sha256sum build.sh ./*.h ./*.c ./*.cpp ./*.zig ./*.rs ./*.wasm libc/* ../../guest/weft.[ch] ../../examples/c/*.c ../../examples/rust/*.rs | sed 's|  \./|  |'
} >fixtures.lock
