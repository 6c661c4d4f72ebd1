//! Threads for Zig, without a C library. A thread gets a stack and thread-local variables (`threadlocal`) from `weft adapt`, which takes
//! both back when the thread ends. The threads are those of the Component Model's built-ins, under the names of the WIT package in
//! ../../wit.
//!
//! Use the mutex and the condition of this file: Zig 0.13 drops the instruction with which those of `std.Thread` wake threads if it
//! optimises. ../README.md shows how to compile and link.
const std = @import("std");

/// The functions of a C library that the bindings of `wit-bindgen c` call.
pub const c_library = @import("c_library.zig");

const builtins = struct {
    extern "weft:threads/threads@0.1.0" fn @"spawn-indirect"(function: *const fn (*anyopaque) callconv(.C) void, argument: *anyopaque) u32;
    extern "weft:threads/threads@0.1.0" fn @"available-parallelism"() u32;
    extern "weft:threads/threads@0.1.0" fn index() u32;
};

const host = struct {
    extern "weft-threads" fn @"set-name"(name: [*]const u8, length: usize) void;
};

/// The linker's function that initialises thread-local variables. It leaves the function out if nothing refers to it, and `weft
/// adapt` calls it for each thread.
extern fn __wasm_init_tls(block: *anyopaque) void;

fn spawn(function: *const fn (*anyopaque) callconv(.C) void, argument: *anyopaque) SpawnError!void {
    std.mem.doNotOptimizeAway(&__wasm_init_tls);
    if (builtins.@"spawn-indirect"(function, argument) == 0) return error.ThreadQuotaExceeded;
}

/// There can be no more threads.
pub const SpawnError = error{ThreadQuotaExceeded};

/// How many threads can be expected to run at once, 1 or more.
pub fn availableParallelism() u32 {
    return builtins.@"available-parallelism"();
}

/// The index of the calling thread. No two threads have the same while both live.
pub fn index() u32 {
    return builtins.index();
}

/// Names the calling thread. weft shows the name in errors and in its log, and keeps its first 64 bytes.
pub fn setThreadName(name: []const u8) void {
    host.@"set-name"(name.ptr, name.len);
}

const Word = std.atomic.Value(u32);

/// Waits until the word is notified, if it has this value. A waiter looks again.
fn waitWhile(word: *Word, value: u32) void {
    var result: u32 = undefined;
    asm volatile (
        \\local.get %[word]
        \\local.get %[value]
        \\i64.const -1
        \\memory.atomic.wait32 0
        \\local.set %[result]
        : [result] "=r" (result),
        : [word] "r" (word),
          [value] "r" (value),
        : "memory"
    );
}

fn wake(word: *Word, count: u32) void {
    var woken: u32 = undefined;
    asm volatile (
        \\local.get %[word]
        \\local.get %[count]
        \\memory.atomic.notify 0
        \\local.set %[woken]
        : [woken] "=r" (woken),
        : [word] "r" (word),
          [count] "r" (count),
        : "memory"
    );
}

/// A lock that one thread at a time has. It is not recursive.
pub const Mutex = struct {
    /// 0 if it is free, 1 if it is locked, and 2 if threads may wait for it.
    state: Word = Word.init(0),

    pub fn tryLock(self: *Mutex) bool {
        return self.state.cmpxchgStrong(0, 1, .seq_cst, .seq_cst) == null;
    }

    pub fn lock(self: *Mutex) void {
        if (self.tryLock()) return;
        while (self.state.swap(2, .seq_cst) != 0) waitWhile(&self.state, 2);
    }

    pub fn unlock(self: *Mutex) void {
        if (self.state.swap(0, .seq_cst) == 2) wake(&self.state, 1);
    }
};

/// What threads wait for with a mutex. A wait can end without a signal.
pub const Condition = struct {
    sequence: Word = Word.init(0),

    pub fn wait(self: *Condition, mutex: *Mutex) void {
        const sequence = self.sequence.load(.seq_cst);
        mutex.unlock();
        waitWhile(&self.sequence, sequence);
        mutex.lock();
    }

    pub fn signal(self: *Condition) void {
        _ = self.sequence.fetchAdd(1, .seq_cst);
        wake(&self.sequence, 1);
    }

    pub fn broadcast(self: *Condition) void {
        _ = self.sequence.fetchAdd(1, .seq_cst);
        wake(&self.sequence, std.math.maxInt(u32));
    }
};

/// A place where `count` threads wait for each other, any number of times: `.{ .count = 4 }`.
pub const Barrier = struct {
    count: u32,
    arrived: Word = Word.init(0),
    generation: Word = Word.init(0),

    /// Waits until all have arrived. Exactly one of them gets `true`.
    pub fn meet(self: *Barrier) bool {
        const generation = self.generation.load(.seq_cst);
        if (self.arrived.fetchAdd(1, .seq_cst) + 1 == self.count) {
            // Nobody arrives again before the next generation begins.
            self.arrived.store(0, .seq_cst);
            _ = self.generation.fetchAdd(1, .seq_cst);
            wake(&self.generation, std.math.maxInt(u32));
            return true;
        }
        while (self.generation.load(.seq_cst) == generation) waitWhile(&self.generation, generation);
        return false;
    }
};

/// Calls a function once, whichever thread comes first.
pub const Once = struct {
    /// 0 at first, 1 while the function runs, 2 if threads may wait for it, and 3 when it has returned.
    state: Word = Word.init(0),

    /// The others wait until the function has returned.
    pub fn call(self: *Once, function: *const fn () void) void {
        if (self.state.cmpxchgStrong(0, 1, .seq_cst, .seq_cst) == null) {
            function();
            if (self.state.swap(3, .seq_cst) == 2) wake(&self.state, std.math.maxInt(u32));
            return;
        }
        while (self.state.load(.seq_cst) != 3) {
            _ = self.state.cmpxchgStrong(1, 2, .seq_cst, .seq_cst);
            waitWhile(&self.state, 2);
        }
    }
};

/// How many slots there can be.
pub const slot_count = 32;

const AtEnd = ?*const fn (*anyopaque) void;

var slots_made = Word.init(0);
var slot_ends = [_]AtEnd{null} ** slot_count;
threadlocal var slot_values = [_]?*anyopaque{null} ** slot_count;

/// A value of which each thread has its own, null at first.
pub const Slot = struct {
    number: u32,

    /// Makes a slot, which is there as long as the program. When a thread of this file ends, `at_end` gets its value, if that is not
    /// null.
    pub fn create(at_end: AtEnd) error{TooManySlots}!Slot {
        const number = slots_made.fetchAdd(1, .seq_cst);
        if (number >= slot_count) {
            _ = slots_made.fetchSub(1, .seq_cst);
            return error.TooManySlots;
        }
        slot_ends[number] = at_end;
        return .{ .number = number };
    }

    pub fn get(self: Slot) ?*anyopaque {
        return slot_values[self.number];
    }

    pub fn set(self: Slot, value: ?*anyopaque) void {
        slot_values[self.number] = value;
    }
};

/// Hands over the thread's values. A function that gets one can set others, which are handed over too, but not for ever.
fn endSlots() void {
    for (0..4) |_| {
        var found = false;
        for (&slot_values, slot_ends) |*value, at_end| {
            const taken = value.* orelse continue;
            value.* = null;
            found = true;
            if (at_end) |function| function(taken);
        }
        if (!found) return;
    }
}

/// A thread that calls `function`, and can be joined.
pub fn Task(comptime function: anytype) type {
    const Function = @TypeOf(function);
    const Result = @typeInfo(Function).Fn.return_type.?;
    return struct {
        const Self = @This();

        finished: Word = Word.init(0),
        arguments: std.meta.ArgsTuple(Function) = undefined,
        result: Result = undefined,

        /// Starts the thread. The task must stay where it is until it is joined.
        pub fn start(self: *Self, arguments: std.meta.ArgsTuple(Function)) SpawnError!void {
            self.finished.raw = 0;
            self.arguments = arguments;
            try spawn(run, self);
        }

        /// Waits until the thread has ended, and gives what its function returned.
        pub fn join(self: *Self) Result {
            while (self.finished.load(.seq_cst) == 0) waitWhile(&self.finished, 0);
            return self.result;
        }

        fn run(argument: *anyopaque) callconv(.C) void {
            const self: *Self = @ptrCast(@alignCast(argument));
            self.result = @call(.auto, function, self.arguments);
            endSlots();
            // Whoever joins may free the task as soon as it sees this, so its address alone is used after it.
            self.finished.store(1, .seq_cst);
            wake(&self.finished, std.math.maxInt(u32));
        }
    };
}

/// Starts a thread that nobody joins. Its argument must last as long as the thread uses it.
pub fn detached(comptime T: type, comptime function: fn (*T) void, argument: *T) SpawnError!void {
    const start = struct {
        fn run(opaque_argument: *anyopaque) callconv(.C) void {
            function(@ptrCast(@alignCast(opaque_argument)));
            endSlots();
        }
    };
    try spawn(start.run, argument);
}
