#!/bin/sh
# Builds wasi-libc for threads, as the targets wasm32-wasi-threads of C and wasm32-wasip1-threads of Rust have it: `build.sh ZIG
# CLANG OUT` makes OUT/libc.a, crt1-command.o and crt1-reactor.o, and OUT/include.
#
# The Python package `ziglang` at ZIG has wasi-libc's sources, with what they do where threads are. It does not have its
# threads: those are musl's, which the package has for Linux, where `musl.h` suffices to make them fit, and `pthread.c`.
set -eu

zig=$1 clang=$2 out=$3
here=$(cd "$(dirname "$0")" && pwd)
libc=$(dirname "$zig")/lib/libc
top=wasi/libc-top-half/musl
bottom=wasi/libc-bottom-half
builtin=$("$clang" -print-resource-dir)/include

rm -rf "$out"
mkdir -p "$out/include" "$out/objects"
cp -r "$libc/include/generic-musl/." "$libc/include/wasm-wasi-musl/." "$out/include"

# With relative names, so that no path gets into a program.
cd "$libc"
flags="--target=wasm32-wasip1-threads -pthread -O2 -std=gnu17 -fno-builtin -ftls-model=local-exec -w -nostdinc
    -D_WASI_EMULATED_SIGNAL -D_WASI_EMULATED_MMAN -D_WASI_EMULATED_PROCESS_CLOCKS -DBULK_MEMORY_THRESHOLD=32
    -D__wasilibc_printscan_no_long_double -D__wasilibc_printscan_full_support_option=\"none\"
    -D__EMSCRIPTEN_PTHREADS__"
musl="-I$top/src/include -Iwasi/libc-top-half/headers/private -I$top/src/internal -I$top/arch/wasm32 -I$top/arch/generic
    -Imusl/src/include -Imusl/src/internal"
cloud="-I$bottom/cloudlibc/src/include -I$bottom/cloudlibc/src -I$top/src/include -I$top/src/internal"

# compile SOURCE FLAGS...: an object is named by its source.
compile() {
    source=$1
    shift
    # shellcheck disable=SC2086
    "$clang" $flags "$@" -isystem "$builtin" -isystem "$out/include" -c "$source" \
        -o "$out/objects/$(echo "${source#"$here"/}" | tr / _).o"
}

find "$bottom/cloudlibc/src" "$bottom/sources" -name '*.c' | LC_ALL=C sort | while read -r source; do
    # Neither is in wasi-libc's own build.
    case $source in */ioctl.c | */__wasilibc_tell.c) continue ;; esac
    compile "$source" $cloud
done
compile wasi/emmalloc/emmalloc.c
for part in conf ctype dirent env errno exit fcntl internal legacy locale math misc multibyte prng regex search stat stdio \
    stdlib string time unistd; do
    for source in "$top/src/$part"/*.c; do
        # It expects long doubles, which the others are told to leave out.
        case $source in */vfwscanf.c) continue ;; esac
        compile "$source" $musl
    done
done
for name in math/fabs math/floor math/__fpclassify math/__signbit misc/realpath stdio/__lockfile stdio/flockfile stdio/ftrylockfile \
    stdio/funlockfile thread/__lock thread/lock_ptc thread/default_attr thread/pthread_attr_destroy thread/pthread_attr_init \
    thread/pthread_attr_setdetachstate thread/pthread_attr_setstacksize thread/pthread_barrier_init \
    thread/pthread_barrier_wait thread/pthread_cleanup_push thread/pthread_cond_broadcast thread/pthread_cond_init thread/pthread_cond_signal \
    thread/pthread_cond_timedwait thread/pthread_cond_wait thread/pthread_getspecific thread/pthread_key_create \
    thread/pthread_mutex_init thread/pthread_mutex_destroy thread/pthread_mutex_lock thread/pthread_mutex_timedlock \
    thread/pthread_mutex_trylock thread/pthread_mutex_unlock thread/pthread_once thread/pthread_rwlock_rdlock \
    thread/pthread_rwlock_timedrdlock thread/pthread_rwlock_timedwrlock thread/pthread_rwlock_tryrdlock \
    thread/pthread_rwlock_trywrlock thread/pthread_rwlock_unlock thread/pthread_rwlock_wrlock thread/pthread_self \
    thread/pthread_setspecific thread/pthread_setcancelstate thread/pthread_testcancel; do
    compile "musl/src/$name.c" -include "$here/musl.h" -Wno-int-conversion $musl
done
compile "$here/pthread.c" $musl
for name in crt1-command crt1-reactor; do
    compile "$bottom/crt/$name.c"
    mv "$out/objects/wasi_libc-bottom-half_crt_$name.c.o" "$out/$name.o"
done
# What Clang calls for 128-bit numbers: Zig's own.
echo >"$out/empty.zig"
"$zig" build-obj "$out/empty.zig" -target wasm32-freestanding -mcpu=generic+atomics+bulk_memory -fsingle-threaded \
    -O ReleaseSmall -fstrip -fcompiler-rt "-femit-bin=$out/objects/compiler_rt.o"
"$zig" ar crsD "$out/libc.a" "$out"/objects/*.o
