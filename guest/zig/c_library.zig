//! The functions of a C library that the bindings of `wit-bindgen c` call. The allocator is Zig's, with a lock for threads.
//!
//! A program that refers to this file exports them: `comptime { _ = weft.c_library; }`.
const std = @import("std");
const weft = @import("weft.zig");

var lock: weft.Mutex = .{};

/// Each block begins with its length.
const header = 16;

fn block_of(start: [*]u8) []align(header) u8 {
    const block: [*]align(header) u8 = @alignCast(start - header);
    return block[0..std.mem.readInt(usize, block[0..@sizeOf(usize)], .little)];
}

export fn malloc(size: usize) ?[*]u8 {
    const length = std.math.add(usize, size, header) catch return null;
    lock.lock();
    defer lock.unlock();
    const block = std.heap.wasm_allocator.alignedAlloc(u8, header, length) catch return null;
    std.mem.writeInt(usize, block[0..@sizeOf(usize)], length, .little);
    return block.ptr + header;
}

export fn free(pointer: ?[*]u8) void {
    const block = block_of(pointer orelse return);
    lock.lock();
    defer lock.unlock();
    std.heap.wasm_allocator.free(block);
}

export fn realloc(pointer: ?[*]u8, size: usize) ?[*]u8 {
    const old = pointer orelse return malloc(size);
    const new = malloc(size) orelse return null;
    const kept = @min(size, block_of(old).len - header);
    @memcpy(new[0..kept], old[0..kept]);
    free(old);
    return new;
}

export fn strlen(text: [*:0]const u8) usize {
    return std.mem.len(text);
}

export fn abort() noreturn {
    @trap();
}

/// An allocator on these functions, for what the bindings free.
pub const allocator: std.mem.Allocator = .{
    .ptr = undefined,
    .vtable = &.{ .alloc = allocate, .resize = std.mem.Allocator.noResize, .free = deallocate },
};

fn allocate(_: *anyopaque, length: usize, log2_alignment: u8, _: usize) ?[*]u8 {
    return if (@as(usize, 1) << @intCast(log2_alignment) > header) null else malloc(length);
}

fn deallocate(_: *anyopaque, block: []u8, _: u8, _: usize) void {
    free(block.ptr);
}
