#!/bin/sh
# Builds the libraries of WIT worlds and the programs of the guest kits again from their sources, and writes fixtures.lock.
#
# Rust is of the version below, with the target wasm32-wasip1-threads (`rustup target add wasm32-wasip1-threads`). The crate
# wit-bindgen comes from the registry. The command wit-bindgen is of version 0.62.0 (`cargo install wit-bindgen-cli`). Clang, LLD and Zig are those of ../programs/build.sh; set CLANG, WASM_LD, ZIG and WIT_BINDGEN to use others.
# The modules are in the repository, so nothing but this script needs a compiler.
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
clang=${CLANG:-clang-22}
wasm_ld=${WASM_LD:-wasm-ld-22}
zig=${ZIG:-$root/target/zig-0.13.0/ziglang/zig}
wit_bindgen=${WIT_BINDGEN:-wit-bindgen}
export ZIG_GLOBAL_CACHE_DIR="$root/target/zig-cache" ZIG_LOCAL_CACHE_DIR="$root/target/zig-cache"
mkdir -p "$target"

case $("$rustc" --version) in
*"$rust_version"*) ;;
*) echo "warning: not Rust $rust_version, so the modules may differ" >&2 ;;
esac

# rust FOLDER OPTIONS: a project
rust() {
    echo "cargo build: $1"
    (
        cd "$root/$1"
        paths="'--remap-path-prefix=$root=.', '--remap-path-prefix=$registry=registry'"
        # A project's own configuration stays in force.
        # shellcheck disable=SC2086
        CARGO_TARGET_DIR="$target" "$cargo" build --config "build.rustflags=[$paths]" --quiet \
            --release --locked --target wasm32-wasip1-threads $2
    )
}

shared="--shared-memory --import-memory --export-memory -z stack-size=65536 --stack-first --max-memory=67108864
    --export-table --strip-debug"

# c SOURCE: freestanding
c() {
    echo "clang: $1"
    "$clang" --target=wasm32-unknown-unknown -mcpu=generic -matomics -mbulk-memory -ffreestanding -nostdlib -O2 \
        -mthread-model posix -pthread -ftls-model=local-exec -Wall -Wextra -Werror -Wno-unused-function \
        -I"$root/guest/c" -c "$1" -o "$target/$(basename "$1" .c).o"
}

built=$target/wasm32-wasip1-threads/release

rust examples/rust/greeter ""
cp "$built/greeter.wasm" greeter_rust.wasm
rust guest/rust "--example kit"
cp "$built/examples/kit.wasm" kit_rust.wasm
rust examples/rust/threads ""
rust examples/rust/images ""
rust tests/guests/wasi_0_2 --examples
rust tests/guests/overlap ""
rust examples/rust/pipeline ""
rust examples/rust/programs ""
for name in mandelbrot word_count pgzip virtual_threads pipeline; do
    cp "$built/$name.wasm" .
done
cp "$built/overlap.wasm" "$built/images.wasm" "$built/examples/map_files.wasm" "$built/examples/echo_server.wasm" .
for name in std_threads crossbeam_threads rayon_pool tokio_runtime; do
    cp "$built/$name.wasm" .
done

c ../../guest/c/weft_threads.c
c kit_c.c
# shellcheck disable=SC2086
"$wasm_ld" $shared --no-entry --export-if-defined=_start "$target/kit_c.o" "$target/weft_threads.o" -o kit_c.wasm

library=$("$rustc" --print sysroot)/lib/rustlib/wasm32-wasip1-threads/lib

# pthreads FOLDER NAME FLAGS: C with pthreads. wasi-libc is the one that Rust's target contains; its headers are those of Zig's package.
pthreads() {
    folder=$1 name=$2 flags=$3
    echo "clang: $folder/$name.c"
    (
        cd "$folder"
        headers=$(dirname "$zig")/lib/libc/include
        # shellcheck disable=SC2086
        "$clang" --target=wasm32-wasip1-threads -pthread -O2 -ftls-model=local-exec -Wall -Wextra -Werror -nostdinc \
            -isystem "$("$clang" -print-resource-dir)/include" -isystem "$headers/wasm-wasi-musl" \
            -isystem "$headers/generic-musl" "-fdebug-prefix-map=$headers=include" $flags -c "$name.c" -o "$target/$name.o"
    )
}

# link_pthreads OUTPUT START OBJECTS...: START is command or reactor
link_pthreads() {
    output=$1 start=$library/self-contained/crt1-$2.o
    shift 2
    "$wasm_ld" --shared-memory --import-memory --export-memory -z stack-size=65536 --stack-first --max-memory=67108864 \
        "$start" "$@" "$library/self-contained/libc.a" "$library"/libcompiler_builtins-*.rlib -o "$output"
}

pthreads ../../guest/c pthread_exit -fwasm-exceptions
for source in posix/*.c; do
    name=$(basename "$source" .c)
    pthreads posix "$name" ""
    case $name in
    exits) link_pthreads "posix_$name.wasm" command --strip-debug "$target/$name.o" "$target/pthread_exit.o" ;;
    *) link_pthreads "posix_$name.wasm" command --strip-debug "$target/$name.o" ;;
    esac
done
# With debugging information, whose paths are relative.
pthreads debug lines "-g -fdebug-compilation-dir=."
link_pthreads lines.wasm command "$target/lines.o"
(
    cd debug
    "$clang" --target=wasm32-unknown-unknown -mcpu=generic -nostdlib -O1 -g -fdebug-compilation-dir=. -Wall -Wextra -Werror \
        -c alone.c -o "$target/alone.o"
)
"$wasm_ld" --no-entry "$target/alone.o" -o alone.wasm

# The bindings of wit-bindgen for C embed the world by an object file.
bindings=$target/greeter_c
"$wit_bindgen" c ../../examples/wit/greeter --world greeter --out-dir "$bindings"
pthreads "$bindings" greeter ""
pthreads greeter_c implementation "-I$bindings"
link_pthreads greeter_c.wasm reactor --no-entry --strip-debug "$target/implementation.o" "$target/greeter.o" \
    "$bindings/greeter_component_type.o"

# The package of wit/.
bindings=$target/bindings_c
"$wit_bindgen" c ../../wit --world guest --out-dir "$bindings"
pthreads "$bindings" guest ""
pthreads bindings_c threads "-I$bindings"
link_pthreads bindings_c.wasm command --strip-debug --export=__wasm_init_tls "$target/threads.o" "$target/guest.o" \
    "$bindings/guest_component_type.o"

# zig_kit SOURCE OUTPUT LINKING [FOLDER], with the header files of the folder
zig_kit() {
    echo "zig build-obj: $1"
    # Options hold for the module behind them.
    zig_flags="-target wasm32-wasi -mcpu=generic+atomics+bulk_memory -fno-single-threaded -fPIC -O ReleaseSmall -fno-strip"
    # shellcheck disable=SC2086
    "$zig" build-obj -fcompiler-rt "-femit-bin=$target/$2.o" \
        $zig_flags ${4:+-I} ${4:+"$4"} --dep weft "-Mmain=$1" $zig_flags -Mweft=../../guest/zig/weft.zig
    # shellcheck disable=SC2086
    "$zig" wasm-ld $shared $3 "$target/$2.o" -o "$2.wasm"
}

zig_kit kit_zig.zig kit_zig "--entry _start"
zig_kit ../../examples/zig/primes.zig primes_zig "--no-entry --export=count-primes --export=largest"
bindings=$target/tally_zig
"$wit_bindgen" c ../../examples/wit/tally --world counting --out-dir "$bindings"
"$zig" cc -target wasm32-wasi -mcpu=generic+atomics+bulk_memory -pthread -ftls-model=local-exec -O2 \
    -c "$bindings/counting.c" -o "$target/counting.o"
zig_kit ../../examples/zig/tally.zig tally_zig \
    "--no-entry --export=malloc $target/counting.o $bindings/counting_component_type.o" "$bindings"

{
    echo "# SHA-256 of the modules and of all that they are built from. Written by build.sh, checked by the tests."
    find . ../../examples/rust/*/ ../../examples/wit ../../examples/zig ../../guest/*/ ../../wit -name target -prune -o -type f ! -name fixtures.lock -print | LC_ALL=C sort | sed 's|^\./||' |
        sed 's|//|/|' | xargs sha256sum
} >fixtures.lock
