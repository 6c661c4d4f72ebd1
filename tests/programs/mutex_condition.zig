//! Producers and consumers on a bounded queue of one mutex and two conditions: `mutex_condition PRODUCERS CONSUMERS ITEMS`
//! (items of each producer). Each item must be taken exactly once, each producer's in the order in which it put them,
//! and the queue must never hold more than its capacity. Mutex and conditions are those of the standard library.
const std = @import("std");
const threads = @import("threads.zig");

const capacity = 4;
const producers_limit = 16;

const Item = struct { producer: usize, number: u32 };

const Queue = struct {
    mutex: std.Thread.Mutex = .{},
    not_full: std.Thread.Condition = .{},
    not_empty: std.Thread.Condition = .{},
    items: [capacity]Item = undefined,
    first: usize = 0,
    length: usize = 0,
    /// Threads inside the mutex, counted without its help.
    inside: std.atomic.Value(u32) = .{ .raw = 0 },
    taken: usize = 0,
    total: usize,
    next: [producers_limit]u32 = [_]u32{0} ** producers_limit,

    fn enter(queue: *Queue) void {
        queue.mutex.lock();
        queue.alone();
    }

    fn alone(queue: *Queue) void {
        if (queue.inside.fetchAdd(1, .monotonic) != 0) fail("two threads hold the mutex");
    }

    fn leave(queue: *Queue) void {
        _ = queue.inside.fetchSub(1, .monotonic);
        queue.mutex.unlock();
    }

    fn wait(queue: *Queue, condition: *std.Thread.Condition) void {
        _ = queue.inside.fetchSub(1, .monotonic);
        condition.wait(&queue.mutex);
        queue.alone();
    }

    fn put(queue: *Queue, item: Item) void {
        queue.enter();
        defer queue.leave();
        while (queue.length == capacity) queue.wait(&queue.not_full);
        queue.items[(queue.first + queue.length) % capacity] = item;
        queue.length += 1;
        if (queue.length > capacity) fail("the queue holds more than its capacity");
        queue.not_empty.signal();
    }

    /// Takes one item. False when every item has been taken.
    fn take(queue: *Queue) bool {
        queue.enter();
        defer queue.leave();
        while (queue.length == 0) {
            if (queue.taken == queue.total) return false;
            queue.wait(&queue.not_empty);
        }
        const item = queue.items[queue.first];
        queue.first = (queue.first + 1) % capacity;
        queue.length -= 1;
        queue.taken += 1;
        if (queue.next[item.producer] != item.number) fail("an item is lost, doubled or out of order");
        queue.next[item.producer] += 1;
        queue.not_full.signal();
        if (queue.taken == queue.total) queue.not_empty.broadcast();
        return true;
    }
};

fn fail(comptime message: []const u8) noreturn {
    std.io.getStdErr().writeAll(message ++ "\n") catch {};
    std.process.exit(1);
}

fn produce(queue: *Queue, producer: usize, items: u32) void {
    for (0..items) |number| queue.put(.{ .producer = producer, .number = @intCast(number) });
}

fn consume(queue: *Queue) void {
    while (queue.take()) {}
}

pub fn main() !void {
    const arguments = try std.process.argsAlloc(threads.allocator);
    if (arguments.len != 4) fail("usage: mutex_condition PRODUCERS CONSUMERS ITEMS");
    const producers = try std.fmt.parseInt(usize, arguments[1], 10);
    const consumers = try std.fmt.parseInt(usize, arguments[2], 10);
    const items = try std.fmt.parseInt(u32, arguments[3], 10);
    if (producers < 1 or producers > producers_limit or consumers < 1) fail("1 to 16 producers, at least one consumer");

    var queue = Queue{ .total = producers * items };
    const handles = try threads.allocator.alloc(threads.Thread, producers + consumers);
    for (handles, 0..) |*handle, index| {
        handle.* = if (index < producers)
            try threads.spawn(produce, .{ &queue, index, items })
        else
            try threads.spawn(consume, .{&queue});
    }
    for (handles) |handle| handle.join();

    if (queue.length != 0 or queue.taken != queue.total) fail("items are left");
    for (queue.next[0..producers]) |next| if (next != items) fail("a producer's items are not all taken");
    try std.io.getStdOut().writer().print("{d} items, each taken once and in order\n", .{queue.taken});
}
