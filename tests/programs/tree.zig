//! Directory trees as Zig's standard library handles them, one for each thread: `tree THREADS`. Each thread makes a tree, walks
//! it, copies it, replaces files in it atomically and deletes it, while the others do the same beside it and in one directory
//! that belongs to all.
const std = @import("std");
const threads = @import("threads.zig");

const allocator = threads.allocator;
const Dir = std.fs.Dir;

const Seen = struct { directories: usize = 0, files: usize = 0, bytes: usize = 0, wrong: usize = 0 };

/// Walks a tree as `make` makes it, and checks the content of each file: its own path.
fn walk(dir: Dir) !Seen {
    var seen = Seen{};
    var walker = try dir.walk(allocator);
    defer walker.deinit();
    while (try walker.next()) |entry| {
        if (entry.kind == .directory) {
            seen.directories += 1;
        } else {
            seen.files += 1;
            const text = try entry.dir.readFileAlloc(allocator, entry.basename, 10_000);
            defer allocator.free(text);
            seen.bytes += text.len;
            if (entry.kind != .file or !std.mem.eql(u8, text, entry.path)) seen.wrong += 1;
        }
    }
    return seen;
}

/// Three levels of three directories, with two files in each.
fn make(dir: Dir, path: []const u8, depth: usize) !void {
    var buffer: [256]u8 = undefined;
    for (0..2) |number| {
        const name = try std.fmt.bufPrint(&buffer, "{s}file {d}", .{ path, number });
        try dir.writeFile(.{ .sub_path = name, .data = name });
    }
    if (depth == 0) return;
    for (0..3) |number| {
        const name = try std.fmt.bufPrint(&buffer, "{s}{d}/", .{ path, number });
        try dir.makePath(name[0 .. name.len - 1]);
        const below = try allocator.dupe(u8, name);
        defer allocator.free(below);
        try make(dir, below, depth - 1);
    }
}

const Result = struct { failure: ?anyerror = null, trees: usize = 0, replaced: usize = 0, copied: usize = 0 };

fn one(number: usize, shared: Dir, result: *Result) !void {
    const cwd = std.fs.cwd();
    var buffer: [64]u8 = undefined;
    const name = try std.fmt.bufPrint(&buffer, "tree {d}/with/some/parents", .{number});
    try cwd.makePath(name);
    var dir = try cwd.openDir(name, .{ .iterate = true });
    try make(dir, "", 3);
    const seen = try walk(dir);
    if (seen.directories == 39 and seen.files == 80 and seen.bytes > 80 * 6 and seen.wrong == 0) result.trees += 1;

    // Each replaces a file of all threads; whoever reads it meanwhile finds one content or another, whole.
    var content: [5000]u8 = undefined;
    @memset(&content, 'a' + @as(u8, @intCast(number % 26)));
    for (0..20) |_| {
        var atomic = try shared.atomicFile("replaced", .{});
        defer atomic.deinit();
        try atomic.file.writeAll(&content);
        try atomic.finish();
        const text = try shared.readFileAlloc(allocator, "replaced", 10_000);
        defer allocator.free(text);
        if (text.len == content.len and std.mem.allEqual(u8, text, text[0])) result.replaced += 1;
    }

    // A copy of one file into the directory of all, by way of both directories' descriptors.
    var copy: [32]u8 = undefined;
    const copied = try std.fmt.bufPrint(&copy, "copy {d}", .{number});
    try dir.copyFile("1/2/0/file 1", shared, copied, .{});
    var file = try shared.openFile(copied, .{ .mode = .read_write });
    const length = try file.readAll(&content);
    if (std.mem.eql(u8, content[0..length], "1/2/0/file 1")) result.copied += 1;
    try file.seekTo(6);
    try file.writer().print("{s}", .{"directory"});
    try file.setEndPos(10);
    if ((try file.stat()).size == 10 and try file.getPos() == 15) result.copied += 1;
    file.close();
    try shared.rename(copied, "renamed");

    dir.close();
    if (cwd.openDir("missing", .{})) |_| return error.Opened else |failure| if (failure != error.FileNotFound) return failure;
    if (cwd.makeDir("shared")) return error.Made else |failure| if (failure != error.PathAlreadyExists) return failure;
    if (cwd.deleteDir("shared")) return error.Deleted else |failure| if (failure != error.DirNotEmpty) return failure;
    if (cwd.openFile("shared/replaced/below", .{})) |_| return error.Opened else |failure| if (failure != error.NotDir) return failure;
    try cwd.deleteTree(name[0..std.mem.indexOfScalar(u8, name, '/').?]);
    // A tree that is gone is none that cannot be deleted.
    try cwd.deleteTree(name);
}

fn run(number: usize, shared: Dir, result: *Result) void {
    one(number, shared, result) catch |failure| {
        result.failure = failure;
    };
}

pub fn main() !void {
    const arguments = try std.process.argsAlloc(allocator);
    const out = std.io.getStdOut().writer();
    const count = if (arguments.len == 2) try std.fmt.parseInt(usize, arguments[1], 10) else 4;
    const cwd = std.fs.cwd();
    try cwd.makeDir("shared");
    var shared = try cwd.openDir("shared", .{ .iterate = true });
    // So that the directory is never empty.
    try shared.writeFile(.{ .sub_path = "first", .data = "" });

    const results = try allocator.alloc(Result, count);
    const handles = try allocator.alloc(threads.Thread, count);
    for (results, handles, 0..) |*result, *handle, number| {
        result.* = .{};
        handle.* = try threads.spawn(run, .{ number, shared, result });
    }
    for (handles) |handle| handle.join();
    for (results, 0..) |result, number| {
        try out.print("thread {d}: {d} tree, {d} replaced, {d} copied, {s}\n", .{
            number,
            result.trees,
            result.replaced,
            result.copied,
            if (result.failure) |failure| @errorName(failure) else "no failure",
        });
    }
    var left = shared.iterate();
    var entries: usize = 0;
    while (try left.next()) |_| entries += 1;
    shared.close();
    try out.print("{d} left\n", .{entries});
    try cwd.deleteTree("shared");
    var root = try cwd.openDir(".", .{ .iterate = true });
    defer root.close();
    var nothing = root.iterate();
    while (try nothing.next()) |entry| try out.print("left behind: {s}\n", .{entry.name});
}
