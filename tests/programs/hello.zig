//! Ten threads print a line each. Each line is one write, so lines never mix.
const std = @import("std");
const threads = @import("threads.zig");

const count = 10;

fn greet(number: usize) void {
    var buffer: [64]u8 = undefined;
    const line = std.fmt.bufPrint(&buffer, "hello from thread {d}\n", .{number}) catch return;
    std.io.getStdOut().writeAll(line) catch {};
}

pub fn main() !void {
    var handles: [count]threads.Thread = undefined;
    for (&handles, 0..) |*handle, number| handle.* = try threads.spawn(greet, .{number});
    for (handles) |handle| handle.join();
    try std.io.getStdOut().writeAll("all joined\n");
}
