//! Every part of guest/zig/weft.zig, checked. A failed check ends the program with a status that is not 0.
const std = @import("std");
const weft = @import("weft");

const threads = 8;
const rounds = 1000;

var mutex: weft.Mutex = .{};
var condition: weft.Condition = .{};
var counter: usize = 0;
var turn: usize = 0;
var running: usize = 0;
threadlocal var own: usize = 41;

fn check(holds: bool) void {
    if (!holds) @trap();
}

fn work(number: usize) usize {
    check(own == 41);
    own = number;
    for (0..rounds) |_| {
        mutex.lock();
        defer mutex.unlock();
        counter += 1;
    }
    // One after the other, in the order of their numbers.
    mutex.lock();
    while (turn != number) condition.wait(&mutex);
    turn += 1;
    condition.broadcast();
    mutex.unlock();
    check(own == number);
    return number * number;
}

fn nothing() void {}

var barrier: weft.Barrier = .{ .count = threads };
var arrived = std.atomic.Value(usize).init(0);
var chosen = std.atomic.Value(usize).init(0);
var once: weft.Once = .{};
var calls: usize = 0;
var slot: weft.Slot = undefined;
var other_slot: weft.Slot = undefined;
var ended = std.atomic.Value(usize).init(0);
var set_again: usize = 0;

fn callOnce() void {
    calls += 1;
}

fn atEnd(value: *anyopaque) void {
    const number: *usize = @ptrCast(@alignCast(value));
    check(slot.get() == null);
    _ = ended.fetchAdd(number.*, .seq_cst);
}

/// Sets a value again, once, which is handed over too.
fn setAgain(value: *anyopaque) void {
    mutex.lock();
    defer mutex.unlock();
    if (set_again == 0) other_slot.set(value);
    set_again += 1;
    condition.signal();
}

/// Nobody begins a round before all have ended the last.
fn meet(number: usize) void {
    var own_number = number;
    check(slot.get() == null);
    slot.set(&own_number);
    for (1..101) |round| {
        _ = arrived.fetchAdd(1, .seq_cst);
        if (barrier.meet()) _ = chosen.fetchAdd(1, .seq_cst);
        check(arrived.load(.seq_cst) == threads * round);
        once.call(callOnce);
        check(calls == 1);
        _ = barrier.meet();
    }
    const value: *usize = @ptrCast(@alignCast(slot.get().?));
    check(value.* == number);
}

fn usesOther(argument: *usize) void {
    other_slot.set(argument);
}

fn checkMore() void {
    slot = weft.Slot.create(atEnd) catch @trap();
    other_slot = weft.Slot.create(setAgain) catch @trap();
    var tasks = [_]weft.Task(meet){.{}} ** threads;
    for (&tasks, 1..) |*task, number| task.start(.{number}) catch @trap();
    for (&tasks) |*task| task.join();
    check(chosen.load(.seq_cst) == 100);
    check(ended.load(.seq_cst) == threads * (threads + 1) / 2);
    var argument: usize = 0;
    weft.detached(usize, usesOther, &argument) catch @trap();
    mutex.lock();
    while (set_again != 2) condition.wait(&mutex);
    mutex.unlock();
    for (2..weft.slot_count) |_| _ = weft.Slot.create(null) catch @trap();
    check(if (weft.Slot.create(null)) |_| false else |_| true);
}

fn end(count: *usize) void {
    mutex.lock();
    defer mutex.unlock();
    count.* -= 1;
    condition.signal();
}

pub fn main() void {
    check(weft.availableParallelism() >= 1);
    check(weft.index() >= 1);
    var tasks = [_]weft.Task(work){.{}} ** threads;
    for (&tasks, 0..) |*task, number| task.start(.{number}) catch @trap();
    var squares: usize = 0;
    for (&tasks) |*task| squares += task.join();
    check(squares == 140);
    check(counter == threads * rounds);
    // Far more threads, one after the other, than stacks fit into the memory at once.
    for (0..3000) |_| {
        var task: weft.Task(nothing) = .{};
        task.start(.{}) catch @trap();
        task.join();
    }
    for (0..100) |_| {
        mutex.lock();
        running += 1;
        mutex.unlock();
        weft.detached(usize, end, &running) catch @trap();
    }
    mutex.lock();
    while (running != 0) condition.wait(&mutex);
    check(!mutex.tryLock());
    mutex.unlock();
    checkMore();
    std.io.getStdOut().writeAll("all checks passed\n") catch @trap();
}
