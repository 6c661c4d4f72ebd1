//! An ordinary program without threads: `cat [--exit STATUS] [ARGUMENTS...]` prints its arguments and environment, copies
//! standard input to standard output, and exits with the status.
const std = @import("std");

const allocator = std.heap.wasm_allocator;

pub fn main() !void {
    const in = std.io.getStdIn();
    const out = std.io.getStdOut();
    var arguments: []const [:0]const u8 = (try std.process.argsAlloc(allocator))[1..];
    var status: u8 = 0;
    if (arguments.len >= 2 and std.mem.eql(u8, arguments[0], "--exit")) {
        status = try std.fmt.parseInt(u8, arguments[1], 10);
        arguments = arguments[2..];
    }
    for (arguments) |argument| try out.writer().print("argument {s}\n", .{argument});
    const environment = try std.process.getEnvMap(allocator);
    var variables = environment.iterator();
    while (variables.next()) |variable| {
        try out.writer().print("variable {s}={s}\n", .{ variable.key_ptr.*, variable.value_ptr.* });
    }
    var buffer: [4096]u8 = undefined;
    while (true) {
        const length = try in.read(&buffer);
        if (length == 0) break;
        try out.writeAll(buffer[0..length]);
    }
    std.process.exit(status);
}
