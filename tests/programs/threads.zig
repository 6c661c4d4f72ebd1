//! Zig's threads, without what is wrong with them in WASI programs of this version (and of those up to 0.16):
//!
//! - `std.Thread.spawn` stores the thread's id after the host has started it. A thread that has already finished by then,
//!   and has cleared the id, is joined for ever. So a thread here does not begin before `spawn` is over.
//! - The waits and wake-ups of `std.Thread` are assembly that is not marked as volatile, and the optimizer drops those whose
//!   result nobody uses. So a thread here is joined by a wait of our own, and programs that use the mutexes
//!   and conditions of `std.Thread` are built without optimization.
//! - `std.heap.wasm_allocator` has no lock. `allocator` has one.
//!
//! What starts a thread is `std.Thread` itself: its `wasi_thread_start`, its stack, its thread-local variables.
const std = @import("std");

/// The standard library takes the 64 KiB below this for the stack, whatever the size.
const stack_size = 64 * 1024;

pub const Thread = struct {
    inner: std.Thread,
    events: *Events,

    const Events = struct { spawned: Event = .{}, finished: Event = .{} };

    pub fn join(thread: Thread) void {
        thread.events.finished.wait();
        thread.inner.join();
        allocator.destroy(thread.events);
    }
};

/// Starts a thread that calls `function(arguments...)`.
pub fn spawn(comptime function: anytype, arguments: anytype) !Thread {
    const Start = struct {
        fn run(events: *Thread.Events, given: @TypeOf(arguments)) void {
            events.spawned.wait();
            @call(.auto, function, given);
            events.finished.set();
        }
    };
    const events = try allocator.create(Thread.Events);
    events.* = .{};
    const config = .{ .stack_size = stack_size, .allocator = allocator };
    const inner = try std.Thread.spawn(config, Start.run, .{ events, arguments });
    events.spawned.set();
    return .{ .inner = inner, .events = events };
}

/// Something that happens once.
pub const Event = struct {
    state: std.atomic.Value(u32) = .{ .raw = 0 },

    pub fn wait(event: *Event) void {
        while (event.state.load(.seq_cst) == 0) waitWhile(&event.state, 0);
    }

    pub fn set(event: *Event) void {
        event.state.store(1, .seq_cst);
        wake(&event.state, std.math.maxInt(u32));
    }
};

fn waitWhile(word: *std.atomic.Value(u32), value: u32) void {
    _ = asm volatile (
        \\local.get %[word]
        \\local.get %[value]
        \\i64.const -1
        \\memory.atomic.wait32 0
        \\local.set %[result]
        : [result] "=r" (-> u32),
        : [word] "r" (&word.raw),
          [value] "r" (value),
        : "memory"
    );
}

fn wake(word: *std.atomic.Value(u32), count: u32) void {
    _ = asm volatile (
        \\local.get %[word]
        \\local.get %[count]
        \\memory.atomic.notify 0
        \\local.set %[result]
        : [result] "=r" (-> u32),
        : [word] "r" (&word.raw),
          [count] "r" (count),
        : "memory"
    );
}

/// The heap of all threads.
pub const allocator = std.mem.Allocator{ .ptr = undefined, .vtable = &.{ .alloc = alloc, .resize = resize, .free = free } };

const heap = std.heap.wasm_allocator;

/// 0: free. 1: locked. 2: locked, and somebody may be waiting.
var heap_lock = std.atomic.Value(u32).init(0);

fn lockHeap() void {
    if (heap_lock.cmpxchgStrong(0, 1, .seq_cst, .seq_cst) == null) return;
    while (heap_lock.swap(2, .seq_cst) != 0) waitWhile(&heap_lock, 2);
}

fn unlockHeap() void {
    if (heap_lock.swap(0, .seq_cst) == 2) wake(&heap_lock, 1);
}

fn alloc(_: *anyopaque, length: usize, log2_align: u8, return_address: usize) ?[*]u8 {
    lockHeap();
    defer unlockHeap();
    return heap.rawAlloc(length, log2_align, return_address);
}

fn resize(_: *anyopaque, bytes: []u8, log2_align: u8, length: usize, return_address: usize) bool {
    lockHeap();
    defer unlockHeap();
    return heap.rawResize(bytes, log2_align, length, return_address);
}

fn free(_: *anyopaque, bytes: []u8, log2_align: u8, return_address: usize) void {
    lockHeap();
    defer unlockHeap();
    heap.rawFree(bytes, log2_align, return_address);
}
