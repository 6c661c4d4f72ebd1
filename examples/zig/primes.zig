//! A library whose functions share out their work among threads. `weft adapt` makes a component of it: see guest/README.md.
const std = @import("std");
const weft = @import("weft");

const thread_count = 4;

fn isPrime(number: u32) bool {
    if (number < 2) return false;
    var divisor: u32 = 2;
    while (divisor <= number / divisor) : (divisor += 1) {
        if (number % divisor == 0) return false;
    }
    return true;
}

/// Counts the primes among each fourth number from `first` on.
fn countPart(first: u32, below: u32) u32 {
    var found: u32 = 0;
    var number: u64 = first;
    while (number < below) : (number += thread_count) {
        if (isPrime(@intCast(number))) found += 1;
    }
    return found;
}

export fn @"count-primes"(below: u32) u32 {
    var tasks: [thread_count]weft.Task(countPart) = undefined;
    var started: u32 = 0;
    var found: u32 = 0;
    for (&tasks) |*task| {
        task.start(.{ started, below }) catch break;
        started += 1;
    }
    // What could not be started is done here.
    for (started..thread_count) |first| found += countPart(@intCast(first), below);
    for (tasks[0..started]) |*task| found += task.join();
    return found;
}

var primes: [1024]u32 = undefined;

/// A list in memory, as the Canonical ABI has it.
var list: extern struct { start: [*]u32, length: u32 } = undefined;

export fn largest(below: u32, count: u32) *anyopaque {
    var length: u32 = 0;
    var number = below;
    while (number > 0 and length < @min(count, primes.len)) {
        number -= 1;
        if (isPrime(number)) {
            primes[length] = number;
            length += 1;
        }
    }
    list = .{ .start = &primes, .length = length };
    return &list;
}
