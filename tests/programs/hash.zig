//! A parallel hash of a file: `hash THREADS FILE`, the file in the first preopened directory. Each block of 64 KiB is
//! read and hashed by whichever thread comes first; the digest is the hash of the blocks' hashes, so it does not depend
//! on the number of threads. All threads read through one descriptor, at positions of their own.
const std = @import("std");
const threads = @import("threads.zig");

const allocator = threads.allocator;
const Sha256 = std.crypto.hash.sha2.Sha256;
const block_size = 64 * 1024;

const Work = struct {
    file: std.fs.File,
    digests: [][Sha256.digest_length]u8,
    next: std.atomic.Value(usize) = .{ .raw = 0 },
    failed: std.atomic.Value(bool) = .{ .raw = false },
};

fn hashBlocks(work: *Work, block: []u8) void {
    while (true) {
        const index = work.next.fetchAdd(1, .monotonic);
        if (index >= work.digests.len) return;
        const length = work.file.preadAll(block, @as(u64, index) * block_size) catch {
            work.failed.store(true, .monotonic);
            return;
        };
        Sha256.hash(block[0..length], &work.digests[index], .{});
    }
}

pub fn main() !void {
    const arguments = try std.process.argsAlloc(allocator);
    const out = std.io.getStdOut().writer();
    if (arguments.len != 3) {
        try std.io.getStdErr().writeAll("usage: hash THREADS FILE\n");
        std.process.exit(1);
    }
    const file = std.fs.cwd().openFile(arguments[2], .{}) catch |err| {
        try std.io.getStdErr().writer().print("cannot open {s}: {s}\n", .{ arguments[2], @errorName(err) });
        std.process.exit(1);
    };
    const size = (try file.stat()).size;
    var work = Work{
        .file = file,
        .digests = try allocator.alloc([Sha256.digest_length]u8, @intCast((size + block_size - 1) / block_size)),
    };

    const handles = try allocator.alloc(threads.Thread, try std.fmt.parseInt(usize, arguments[1], 10));
    for (handles) |*handle| {
        const block = try allocator.alloc(u8, block_size);
        handle.* = try threads.spawn(hashBlocks, .{ &work, block });
    }
    for (handles) |handle| handle.join();
    if (work.failed.load(.monotonic)) {
        try std.io.getStdErr().writeAll("cannot read a block\n");
        std.process.exit(1);
    }

    var digest: [Sha256.digest_length]u8 = undefined;
    Sha256.hash(std.mem.sliceAsBytes(work.digests), &digest, .{});
    try out.print("{s}  {d} bytes\n", .{ std.fmt.bytesToHex(digest, .lower), size });
}
