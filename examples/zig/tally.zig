//! A resource that counts the words of documents, which are resources of the host: each document on a thread of its own. The bindings are
//! those of `wit-bindgen c`: see guest/README.md.
const std = @import("std");
const weft = @import("weft");
const bindings = @cImport(@cInclude("counting.h"));

const allocator = weft.c_library.allocator;
const Document = bindings.example_tally_documents_own_document_t;
const Handle = bindings.exports_example_tally_tallies_own_tally_t;
const Frequency = bindings.exports_example_tally_tallies_frequency_t;

/// What the bindings know only by its address.
const Opaque = bindings.exports_example_tally_tallies_tally_t;

const Tally = struct {
    lock: weft.Mutex = .{},
    counts: std.StringHashMapUnmanaged(u32) = .{},

    fn of(pointer: ?*Opaque) *Tally {
        return @ptrCast(@alignCast(pointer.?));
    }

    fn count(self: *Tally, word: []const u8) !void {
        self.lock.lock();
        defer self.lock.unlock();
        if (self.counts.getPtr(word)) |found| {
            found.* += 1;
            return;
        }
        const key = try allocator.dupe(u8, word);
        errdefer allocator.free(key);
        try self.counts.put(allocator, key, 1);
    }
};

/// Without memory, nothing can be returned. A trap ends the program.
fn required(result: anytype) @typeInfo(@TypeOf(result)).ErrorUnion.payload {
    return result catch @trap();
}

export fn exports_example_tally_tallies_constructor_tally() Handle {
    const tally = required(allocator.create(Tally));
    tally.* = .{};
    return bindings.exports_example_tally_tallies_tally_new(@ptrCast(tally));
}

export fn exports_example_tally_tallies_tally_destructor(pointer: ?*Opaque) void {
    const tally = Tally.of(pointer);
    var words = tally.counts.keyIterator();
    while (words.next()) |word| allocator.free(word.*);
    tally.counts.deinit(allocator);
    allocator.destroy(tally);
}

fn countDocument(tally: *Tally, document: Document) error{OutOfMemory}!void {
    defer bindings.example_tally_documents_document_drop_own(document);
    var text: bindings.counting_string_t = undefined;
    bindings.example_tally_documents_method_document_text(bindings.example_tally_documents_borrow_document(document), &text);
    defer bindings.counting_string_free(&text);
    var words = std.mem.tokenizeAny(u8, text.ptr[0..text.len], " \n");
    while (words.next()) |word| try tally.count(word);
}

export fn exports_example_tally_tallies_method_tally_add(
    pointer: ?*Opaque,
    documents: *bindings.exports_example_tally_tallies_list_own_document_t,
) void {
    const list = documents.ptr[0..documents.len];
    const tasks = required(allocator.alloc(weft.Task(countDocument), list.len));
    defer allocator.free(tasks);
    var started: usize = 0;
    for (tasks, list) |*task, document| {
        task.start(.{ Tally.of(pointer), document }) catch break;
        started += 1;
    }
    // What could not be started is done here.
    for (list[started..]) |document| required(countDocument(Tally.of(pointer), document));
    for (tasks[0..started]) |*task| required(task.join());
    if (list.len > 0) allocator.free(list);
}

fn isBefore(_: void, one: Frequency, other: Frequency) bool {
    if (one.count != other.count) return one.count > other.count;
    return std.mem.lessThan(u8, one.word.ptr[0..one.word.len], other.word.ptr[0..other.word.len]);
}

export fn exports_example_tally_tallies_method_tally_most(
    pointer: ?*Opaque,
    limit: u32,
    result: *bindings.exports_example_tally_tallies_list_frequency_t,
) void {
    const tally = Tally.of(pointer);
    tally.lock.lock();
    defer tally.lock.unlock();
    var all = required(std.ArrayListUnmanaged(Frequency).initCapacity(allocator, tally.counts.count()));
    defer all.deinit(allocator);
    var counts = tally.counts.iterator();
    while (counts.next()) |entry| {
        const word = entry.key_ptr.*;
        all.appendAssumeCapacity(.{ .word = .{ .ptr = @constCast(word.ptr), .len = word.len }, .count = entry.value_ptr.* });
    }
    std.mem.sort(Frequency, all.items, {}, isBefore);
    const most = required(allocator.dupe(Frequency, all.items[0..@min(limit, all.items.len)]));
    // The bindings free the words after they have passed them.
    for (most) |*frequency| {
        const word = required(allocator.dupe(u8, frequency.word.ptr[0..frequency.word.len]));
        frequency.word.ptr = word.ptr;
    }
    // Zig's pointer to no elements is outside of memory, which the Canonical ABI refuses.
    result.* = .{ .ptr = if (most.len == 0) null else most.ptr, .len = most.len };
}
