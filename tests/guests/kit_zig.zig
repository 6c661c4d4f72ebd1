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
    std.io.getStdOut().writeAll("all checks passed\n") catch @trap();
}
