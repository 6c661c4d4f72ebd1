#!/bin/sh
# Builds every program again from its source, and writes fixtures.lock.
#
# Zig comes from the Python package `ziglang` of the version below, and is put into target/zig. C is compiled by Clang and
# LLD of the version below: Debian has them as clang-22 and lld-22; set CLANG and WASM_LD to use others. The modules are
# in the repository, so nothing but this script needs a compiler.
#
# Both make the same bytes from the same source, wherever the checkout is: objects are compiled from relative paths,
# and the linker drops the debug sections, which are the only ones with paths. The name section stays, except where
# a program is built without names on purpose.
set -eu

zig_version=0.13.0
clang_version=22.1.8

cd "$(dirname "$0")"
out=../../target/programs
zig_home=../../target/zig-$zig_version
mkdir -p "$out"

if [ ! -x "$zig_home/ziglang/zig" ]; then
    echo "installing Zig $zig_version into target/"
    python3 -m pip install --quiet --target "$zig_home" "ziglang==$zig_version"
fi
zig=$zig_home/ziglang/zig
clang=${CLANG:-clang-22}
wasm_ld=${WASM_LD:-wasm-ld-22}
case $("$clang" --version) in
*"version $clang_version"*) ;;
*) echo "warning: this is not Clang $clang_version, so the modules may differ: $("$clang" --version | head -n 1)" >&2 ;;
esac

lock=fixtures.lock.new
{
    echo "# Written by build.sh. Each line: what it is, its name, and its SHA-256. A program's lines are the module,"
    echo "# then what it was made from: sources and the command."
} >"$lock"

sha256() { sha256sum | cut -d ' ' -f 1; }

# record NAME COMMAND SOURCES...
record() {
    name=$1 command=$2
    shift 2
    echo "module $name.wasm $(sha256 <"$name.wasm")" >>"$lock"
    for source in "$@"; do echo "source $source $(sha256 <"$source")" >>"$lock"; done
    echo "command $(printf %s "$command" | sha256) $command" >>"$lock"
    echo "$name.wasm: $(wc -c <"$name.wasm") bytes"
}
