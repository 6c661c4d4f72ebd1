//! Thread-local variables: each thread starts with the initial values, sees only its own, and keeps them across calls of
//! the host and turns of other threads.
const std = @import("std");
const threads = @import("threads.zig");

const count = 16;
const rounds = 1_000;

threadlocal var counter: u32 = 42;
threadlocal var name: [16]u8 = "nobody..........".*;

var addresses: [count + 1]usize = undefined;

fn check(holds: bool, comptime message: []const u8) void {
    if (holds) return;
    std.io.getStdErr().writeAll("does not hold: " ++ message ++ "\n") catch {};
    std.process.exit(1);
}

fn run(number: u8) void {
    check(counter == 42, "a variable starts with its initial value");
    check(std.mem.eql(u8, &name, "nobody.........."), "an array starts with its initial value");
    addresses[number] = @intFromPtr(&counter);
    counter = number;
    @memset(&name, 'a' + number);
    for (0..rounds) |round| {
        check(counter == number + round, "a variable is the thread's own");
        check(std.mem.allEqual(u8, &name, 'a' + number), "an array is the thread's own");
        check(addresses[number] == @intFromPtr(&counter), "a variable stays where it is");
        counter += 1;
        if (round % 8 == 0) _ = std.os.wasi.sched_yield();
    }
}

pub fn main() !void {
    addresses[count] = @intFromPtr(&counter);
    counter = 7;
    var handles: [count]threads.Thread = undefined;
    for (&handles, 0..) |*handle, number| handle.* = try threads.spawn(run, .{@as(u8, @intCast(number))});
    for (handles) |handle| handle.join();
    check(counter == 7, "the main thread's variable is its own");
    check(addresses[count] == @intFromPtr(&counter), "the main thread's variable stays where it is");
    try std.io.getStdOut().writer().print("{d} threads, each with its own values\n", .{count});
}
