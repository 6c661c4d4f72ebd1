//! Spawns a thread and joins it, again and again: `spawn_join [COUNT]`.
const std = @import("std");
const threads = @import("threads.zig");

var ran: u32 = 0;

/// Not atomic: join orders it.
fn run(expected: u32) void {
    if (ran == expected) ran += 1;
}

pub fn main() !void {
    const arguments = try std.process.argsAlloc(threads.allocator);
    const count = if (arguments.len > 1) try std.fmt.parseInt(u32, arguments[1], 10) else 10_000;
    for (0..count) |number| {
        const thread = try threads.spawn(run, .{@as(u32, @intCast(number))});
        thread.join();
    }
    if (ran != count) std.process.exit(1);
    try std.io.getStdOut().writer().print("spawned and joined {d} threads\n", .{ran});
}
