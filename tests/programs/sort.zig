//! A parallel merge sort: `sort THREADS [COUNT]`. Every step (filling, sorting, merging, checking) is divided among the
//! threads, so the program as a whole gets faster with more of them, and what it prints does not depend on their number.
const std = @import("std");
const spawn = @import("threads.zig").spawn;

const allocator = @import("threads.zig").allocator;
const insertion_limit = 24;

/// Runs `function` on `first` in a new thread and on `second` in this one.
fn both(comptime function: anytype, first: anytype, second: anytype) void {
    const thread = spawn(function, first) catch fail("cannot spawn a thread");
    @call(.auto, function, second);
    thread.join();
}

fn fail(comptime message: []const u8) noreturn {
    std.io.getStdErr().writeAll(message ++ "\n") catch {};
    std.process.exit(1);
}

/// The value at `index` before sorting: a bijection of 32 bits that looks random.
fn value(index: u32) i32 {
    var bits = index;
    bits = (bits ^ (bits >> 16)) *% 0x7feb352d;
    bits = (bits ^ (bits >> 15)) *% 0x846ca68b;
    return @bitCast(bits ^ (bits >> 16));
}

fn fill(data: []i32, first: u32, threads: u32) void {
    if (threads > 1) {
        const left = share(data.len, threads);
        const right: u32 = @intCast(left);
        return both(fill, .{ data[0..left], first, threads / 2 }, .{ data[left..], first + right, threads - threads / 2 });
    }
    for (data, 0..) |*item, offset| item.* = value(first + @as(u32, @intCast(offset)));
}

/// How much of `length` the first half of the threads takes.
fn share(length: usize, threads: u32) usize {
    return @intCast(@as(u64, length) * (threads / 2) / threads);
}

/// Sorts `data` into itself, or into `spare` if `into_spare`.
fn sort(data: []i32, spare: []i32, into_spare: bool, threads: u32) void {
    if (threads <= 1) return sortAlone(data, spare, into_spare);
    const middle = share(data.len, threads);
    both(
        sort,
        .{ data[0..middle], spare[0..middle], !into_spare, threads / 2 },
        .{ data[middle..], spare[middle..], !into_spare, threads - threads / 2 },
    );
    const from, const to = if (into_spare) .{ data, spare } else .{ spare, data };
    merge(from[0..middle], from[middle..], to, threads);
}

fn sortAlone(data: []i32, spare: []i32, into_spare: bool) void {
    if (data.len <= insertion_limit) {
        insertionSort(data);
        if (into_spare) @memcpy(spare, data);
        return;
    }
    const middle = data.len / 2;
    sortAlone(data[0..middle], spare[0..middle], !into_spare);
    sortAlone(data[middle..], spare[middle..], !into_spare);
    const from, const to = if (into_spare) .{ data, spare } else .{ spare, data };
    mergeAlone(from[0..middle], from[middle..], to);
}

fn insertionSort(data: []i32) void {
    for (1..data.len) |end| {
        const item = data[end];
        var at = end;
        while (at > 0 and data[at - 1] > item) : (at -= 1) data[at] = data[at - 1];
        data[at] = item;
    }
}

/// Divides the longer input at the threads' share and the other one at the same value.
fn merge(a: []const i32, b: []const i32, to: []i32, threads: u32) void {
    if (threads <= 1) return mergeAlone(a, b, to);
    if (a.len < b.len) return merge(b, a, to, threads);
    const in_a = share(a.len, threads);
    const in_b = lowerBound(b, a[in_a]);
    both(
        merge,
        .{ a[0..in_a], b[0..in_b], to[0 .. in_a + in_b], threads / 2 },
        .{ a[in_a..], b[in_b..], to[in_a + in_b ..], threads - threads / 2 },
    );
}

fn lowerBound(data: []const i32, item: i32) usize {
    var low: usize = 0;
    var high = data.len;
    while (low < high) {
        const middle = low + (high - low) / 2;
        if (data[middle] < item) low = middle + 1 else high = middle;
    }
    return low;
}

fn mergeAlone(a: []const i32, b: []const i32, to: []i32) void {
    var in_a: usize = 0;
    var in_b: usize = 0;
    var at: usize = 0;
    while (in_a < a.len and in_b < b.len) : (at += 1) {
        const from_b = b[in_b] < a[in_a];
        to[at] = if (from_b) b[in_b] else a[in_a];
        in_b += @intFromBool(from_b);
        in_a += @intFromBool(!from_b);
    }
    @memcpy(to[at..][0 .. a.len - in_a], a[in_a..]);
    @memcpy(to[at + a.len - in_a ..], b[in_b..]);
}

const Summary = struct {
    sorted: bool,
    /// Says that the same values are there, in any order.
    sum: u64,
    /// Says that they are there in this order.
    weighted: u64,
};

fn summarize(data: []const i32, first: u64, threads: u32, result: *Summary) void {
    if (threads > 1) {
        const left = share(data.len, threads);
        var parts: [2]Summary = undefined;
        both(
            summarize,
            .{ data[0..left], first, threads / 2, &parts[0] },
            .{ data[left..], first + left, threads - threads / 2, &parts[1] },
        );
        result.* = .{
            .sorted = parts[0].sorted and parts[1].sorted and (left == 0 or data[left - 1] <= data[left]),
            .sum = parts[0].sum +% parts[1].sum,
            .weighted = parts[0].weighted +% parts[1].weighted,
        };
        return;
    }
    var summary = Summary{ .sorted = true, .sum = 0, .weighted = 0 };
    for (data, 0..) |item, offset| {
        const bits: u64 = @as(u32, @bitCast(item));
        summary.sum +%= bits *% bits;
        summary.weighted +%= bits *% (first + offset + 1);
        if (offset > 0 and data[offset - 1] > item) summary.sorted = false;
    }
    result.* = summary;
}

pub fn main() !void {
    const arguments = try std.process.argsAlloc(allocator);
    if (arguments.len < 2) fail("usage: sort THREADS [COUNT]");
    const threads = try std.fmt.parseInt(u32, arguments[1], 10);
    const count = if (arguments.len > 2) try std.fmt.parseInt(u32, arguments[2], 10) else 10_000_000;
    if (threads < 1 or threads > 64 or count < 2 * threads) fail("1 to 64 threads, and two items for each of them");

    const data = try allocator.alloc(i32, count);
    const spare = try allocator.alloc(i32, count);
    fill(data, 0, threads);
    var before: Summary = undefined;
    summarize(data, 0, threads, &before);
    sort(data, spare, false, threads);
    var after: Summary = undefined;
    summarize(data, 0, threads, &after);
    if (!after.sorted) fail("not sorted");
    if (after.sum != before.sum) fail("not the same values as before");

    const out = std.io.getStdOut().writer();
    try out.print("sorted {d} integers, checksum {x:0>16}\n", .{ count, after.weighted });
}
