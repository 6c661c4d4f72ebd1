//! Ten threads print a line each. Each line is one write, so lines never mix.
const std = @import("std");

const threads = 10;

fn greet(number: usize) void {
    var buffer: [64]u8 = undefined;
    const line = std.fmt.bufPrint(&buffer, "hello from thread {d}\n", .{number}) catch return;
    std.io.getStdOut().writeAll(line) catch {};
}

pub fn main() !void {
    var handles: [threads]std.Thread = undefined;
    for (&handles, 0..) |*handle, number| {
        handle.* = try std.Thread.spawn(
            .{ .stack_size = 64 * 1024, .allocator = std.heap.wasm_allocator },
            greet,
            .{number},
        );
    }
    for (handles) |handle| handle.join();
    try std.io.getStdOut().writeAll("all joined\n");
}
