//! Many threads alive at once: `many_alive [COUNT]`. All wait at one barrier, which opens when the last has come.
const std = @import("std");

const allocator = std.heap.wasm_allocator;

var arrived = std.atomic.Value(u32).init(0);
var all_here = std.Thread.ResetEvent{};
var gate = std.Thread.ResetEvent{};
var sum = std.atomic.Value(u32).init(0);

fn run(number: u32, count: u32) void {
    if (arrived.fetchAdd(1, .acq_rel) + 1 == count) all_here.set();
    gate.wait();
    _ = sum.fetchAdd(number, .monotonic);
}

pub fn main() !void {
    const out = std.io.getStdOut().writer();
    const arguments = try std.process.argsAlloc(allocator);
    const count = if (arguments.len > 1) try std.fmt.parseInt(u32, arguments[1], 10) else 1_000;
    const threads = try allocator.alloc(std.Thread, count);
    for (threads, 0..) |*thread, number| {
        const config = .{ .stack_size = 2 * 1024, .allocator = allocator };
        thread.* = try std.Thread.spawn(config, run, .{ @as(u32, @intCast(number)), count });
    }
    all_here.wait();
    if (sum.load(.monotonic) != 0) std.process.exit(1);
    try out.print("{d} threads alive\n", .{arrived.load(.monotonic)});
    gate.set();
    for (threads) |thread| thread.join();
    try out.print("sum {d}\n", .{sum.load(.monotonic)});
}
