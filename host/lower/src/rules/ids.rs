// Made by `cargo run --release -p weft-tests --bin conformance` from tests/conformance/rules.toml. Do not edit.

rules! {
    /// The built-ins that suspend a thread carry an optional `cancellable` immediate: a byte, 0 or 1, and a keyword in text.
    Ver01 = "VER-01",
    /// The opcodes 0x2e and 0x2f (`stream.forward`, `future.forward`) came after this version of the specification.
    Ver02 = "VER-02",
    /// A thread that promotes itself falls back to a plain suspend or yield. Later versions trap there (component-model#687).
    Ver03 = "VER-03",
    /// While a call that is not async is blocked, every ready thread of the instance but the holder of the exclusive lock may run. Later drafts allow fewer.
    Ver04 = "VER-04",
    /// Which thread runs after `subtask.cancel` was changed again after this version (component-model#716, #723).
    Ver05 = "VER-05",
    /// Encoded as 0x40, a byte that says whether `shared` was written (0x01) or not (0x00), and the index of a core type.
    SpawnRef01 = "SPAWN-REF-01",
    /// An older encoding has no such byte, and `40 00` begins a definition in both. Only the rest of the section tells which one is meant.
    SpawnRef02 = "SPAWN-REF-02",
    /// Written `(canon thread.spawn-ref shared? TYPE (core func ID?))`, where the type is an index, a name, or `(core type ...)`.
    SpawnRef03 = "SPAWN-REF-03",
    /// Available only with the shared-everything-threads proposal.
    SpawnRef04 = "SPAWN-REF-04",
    /// The start type is a function type with one parameter and no result. It is shared if and only if the definition says `shared`.
    SpawnRef05 = "SPAWN-REF-05",
    /// The start function's parameter is an `i32`, or, with 64-bit memories, an `i64`.
    SpawnRef06 = "SPAWN-REF-06",
    /// Without `shared`, the definition takes a reference to an unshared function and starts a cooperative thread.
    SpawnRef07 = "SPAWN-REF-07",
    /// The defined core function takes a nullable reference to the start type and the argument, and returns an `i32`. It is shared if and only if the definition says `shared`.
    SpawnRef08 = "SPAWN-REF-08",
    /// A call traps while the component instance cannot be left, as in `realloc` and `post-return`.
    SpawnRef09 = "SPAWN-REF-09",
    /// A call first checks whether the instance can be left, then whether the profile is deterministic. Only then does it create the thread and make it ready.
    SpawnRef10 = "SPAWN-REF-10",
    /// The specification does not say what a call with a null reference does. A call that creates a thread from a table traps on null, after the deterministic profile's early return.
    SpawnRef11 = "SPAWN-REF-11",
    /// The result is the new thread's index in the instance's table of threads. So it is never 0, except in the deterministic profile.
    SpawnRef12 = "SPAWN-REF-12",
    /// When the call returns, the new thread is ready: no other thread can observe it as suspended. If the thread is cooperative, none of its code runs during the call.
    SpawnRef13 = "SPAWN-REF-13",
    /// The reference interpreter does not have the spawning built-ins.
    SpawnRef14 = "SPAWN-REF-14",
    /// There is no agreed name by which a core module can import the built-in so that a tool defines it.
    SpawnRef15 = "SPAWN-REF-15",
    /// Encoded as 0x41, the byte for `shared`, the index of a core type, and the index of a core table.
    SpawnInd01 = "SPAWN-IND-01",
    /// A definition in the older encoding, which lacks the byte, can begin with the same bytes. A decoder must therefore read the whole section.
    SpawnInd02 = "SPAWN-IND-02",
    /// Written `(canon thread.spawn-indirect shared? TYPE TABLE (core func ID?))`, where the table is an index, a name, or `(core table ...)`, which may name an export of an instance.
    SpawnInd03 = "SPAWN-IND-03",
    /// Available only with the shared-everything-threads proposal.
    SpawnInd04 = "SPAWN-IND-04",
    /// The start type satisfies SPAWN-REF-05 and SPAWN-REF-06: one `i32` or `i64` parameter, no result, and shared if and only if the definition is.
    SpawnInd05 = "SPAWN-IND-05",
    /// A definition with a wrong start type and a wrong table is invalid. The specification does not say which of the two errors is reported first.
    SpawnInd06 = "SPAWN-IND-06",
    /// The table is shared. Its elements are references to functions, which are shared if the definition is.
    SpawnInd07 = "SPAWN-IND-07",
    /// Taken literally, a definition without `shared` requires a shared table of unshared functions, which cannot exist.
    SpawnInd08 = "SPAWN-IND-08",
    /// The type of the index operand is the table's index type: `i32`, or `i64` for a 64-bit table.
    SpawnInd09 = "SPAWN-IND-09",
    /// The defined core function takes the index and the argument and returns an `i32`. It is shared if and only if the definition says `shared`.
    SpawnInd10 = "SPAWN-IND-10",
    /// A call traps while the component instance cannot be left, as in `realloc` and `post-return`.
    SpawnInd11 = "SPAWN-IND-11",
    /// In the deterministic profile, a call returns 0 before it reads the table: it does not trap on an index, a null element or a type, and creates no thread.
    SpawnInd12 = "SPAWN-IND-12",
    /// An index at or beyond the table's length traps.
    SpawnInd13 = "SPAWN-IND-13",
    /// A null element traps.
    SpawnInd14 = "SPAWN-IND-14",
    /// A function whose type is neither the start type nor a declared subtype of it traps, as with `call_indirect`.
    SpawnInd15 = "SPAWN-IND-15",
    /// Every failure is a trap; none is reported by the result. The index is unsigned, so -1 is out of bounds.
    SpawnInd16 = "SPAWN-IND-16",
    /// The result is the new thread's index, 1 or more. 0 means that no thread was started, as in the deterministic profile.
    SpawnInd17 = "SPAWN-IND-17",
    /// A call traps if the thread would need an index above 2^28 - 1.
    SpawnInd18 = "SPAWN-IND-18",
    /// A thread that was spawned with `shared` may run in parallel with all others. A thread that was spawned without it is cooperative: it gives up control only in built-ins that are specified to do so.
    SpawnInd19 = "SPAWN-IND-19",
    /// The new thread is ready and the caller continues. The host decides when the new thread runs.
    SpawnInd20 = "SPAWN-IND-20",
    /// The start function receives the second operand, unchanged, as its only argument.
    SpawnInd21 = "SPAWN-IND-21",
    /// The new thread belongs to the same task as the thread that spawned it.
    SpawnInd22 = "SPAWN-IND-22",
    /// The element is read once, during the call. Writing to the table later does not change what the thread runs.
    SpawnInd23 = "SPAWN-IND-23",
    /// The definition passes `shared` on to `thread.new-indirect` and `thread.resume-later`, which have no such parameter yet.
    SpawnInd24 = "SPAWN-IND-24",
    /// The specification leaves open which parts of an instance's state in the Canonical ABI (handles, tasks) a parallel thread may use.
    SpawnInd25 = "SPAWN-IND-25",
    /// There is no agreed name by which a core module can import the built-in so that a tool defines it.
    SpawnInd26 = "SPAWN-IND-26",
    /// Encoded as 0x42 and the byte for `shared`, which the older encoding lacks.
    Par01 = "PAR-01",
    /// Written `thread.available-parallelism`, with a hyphen, and `shared` after it or not.
    Par02 = "PAR-02",
    /// Available only with the shared-everything-threads proposal.
    Par03 = "PAR-03",
    /// The defined core function has no parameters and returns an `i32`. It is shared if and only if the definition says `shared`.
    Par04 = "PAR-04",
    /// The result is the number of threads that the machine is expected to run at once, or a lower number that the host is configured to return.
    Par05 = "PAR-05",
    /// Within one component instance the result never changes.
    Par06 = "PAR-06",
    /// A call never traps, even while the instance cannot be left, as in `realloc` and `post-return`.
    Par07 = "PAR-07",
    /// In the deterministic profile the result is 1.
    Par08 = "PAR-08",
    /// Outside the deterministic profile, the specification states no minimum.
    Par09 = "PAR-09",
    /// The explainer's link to the definition still has the old spelling, and leads nowhere.
    Par10 = "PAR-10",
    /// Encoded as 0x0a (get) or 0x0b (set), a core value type, and the slot's number.
    Ctx01 = "CTX-01",
    /// Written `(canon context.get VALTYPE SLOT (core func ID?))`, and likewise for `context.set`.
    Ctx02 = "CTX-02",
    /// A thread has two slots: the immediate is 0 or 1.
    Ctx03 = "CTX-03",
    /// A slot's type is `i32`, or `i64` with 64-bit memories, and nothing else.
    Ctx04 = "CTX-04",
    /// All gets and sets of one component have the same type.
    Ctx05 = "CTX-05",
    /// Each component chooses the type for itself: a nested or neighbouring component may choose the other one.
    Ctx06 = "CTX-06",
    /// `context.get` has no parameter and one result, `context.set` one parameter and no result, and both have unshared types.
    Ctx07 = "CTX-07",
    /// Both act on the slots of the calling thread only.
    Ctx08 = "CTX-08",
    /// A thread starts with zero in both slots, whatever values its creator has in its own.
    Ctx09 = "CTX-09",
    /// Each call of an export runs on a new thread, so it starts with zero in both slots.
    Ctx10 = "CTX-10",
    /// A thread's slots keep their values while it is suspended, yields or waits, and between calls of its callback.
    Ctx11 = "CTX-11",
    /// A `callback` runs on the task's implicit thread, so it sees the values that the task's function left in the slots.
    Ctx12 = "CTX-12",
    /// `post-return` runs on the call's thread: it sees the values that the call left in the slots, and may change them.
    Ctx13 = "CTX-13",
    /// `realloc` runs on its own thread: it starts with zero in both slots, and neither the caller nor the callee sees the values that it writes.
    Ctx14 = "CTX-14",
    /// A destructor that `resource.drop` calls also runs on its own thread, even if the resource belongs to the caller's instance.
    Ctx15 = "CTX-15",
    /// A call of either never traps, even while the instance cannot be left, as in `realloc` and `post-return`.
    Ctx16 = "CTX-16",
    /// A call to another component runs on a thread of that component, so the caller's slots are unchanged when it returns.
    Ctx17 = "CTX-17",
    /// The core modules of a component see the same two slots when they run on the same thread.
    Ctx18 = "CTX-18",
    /// The values in the slots end with their thread. A later thread that reuses its index starts with zero.
    Ctx19 = "CTX-19",
    /// The specification does not say on which thread core start functions run while a component is instantiated.
    Ctx20 = "CTX-20",
    /// Taken literally, a shared core function cannot call `context.get` or `context.set`, because their types are unshared.
    Ctx21 = "CTX-21",
    /// Encoded as 0x26 without immediates. The function has no parameters and returns an `i32`.
    Idx01 = "IDX-01",
    /// The result is the index of the calling thread in the component instance's table of threads.
    Idx02 = "IDX-02",
    /// A call traps while the component instance cannot be left, as in `realloc` and `post-return`.
    Idx03 = "IDX-03",
    /// Each component instance has one table for threads and another for handles, so a thread and a handle may have the same index.
    Idx04 = "IDX-04",
    /// No thread has index 0.
    Idx05 = "IDX-05",
    /// The first thread of a new instance has index 1.
    Idx06 = "IDX-06",
    /// Freed indices are reused before the table grows, the most recently freed one first.
    Idx07 = "IDX-07",
    /// The specification does not say whether the order in which indices are reused is binding. An implementation may use another representation if no program can tell, but a program can tell the order.
    Idx08 = "IDX-08",
    /// The greatest index is 2^28 - 1. An operation that needs a greater one traps.
    Idx09 = "IDX-09",
    /// A built-in traps if its argument is 0, is beyond the table, or is not the index of a thread.
    Idx10 = "IDX-10",
    /// A call that backpressure delays has no thread yet: its implicit thread gets an index when the call starts.
    Idx11 = "IDX-11",
    /// The index of an explicit thread becomes free when its function returns. The index of an implicit thread becomes free at the end of the call, after `post-return`.
    Idx12 = "IDX-12",
    /// A thread that is still suspended when its task is resolved keeps its index, so later calls get other indices.
    Idx13 = "IDX-13",
    /// A built-in accepts the index of a thread that belongs to another task of the same instance.
    Idx14 = "IDX-14",
    /// Encoded as 0x27, the index of a core type, and the index of a core table, without a byte for `shared`.
    New01 = "NEW-01",
    /// Written `(canon thread.new-indirect TYPE TABLE (core func ID?))`, where `(core type ...)` and `(core table ...)` may stand for indices.
    New02 = "NEW-02",
    /// The start type is an unshared function type with one parameter, `i32`, or `i64` with 64-bit memories, and no result.
    New03 = "NEW-03",
    /// The table's elements are `funcref`.
    New04 = "NEW-04",
    /// The defined core function takes an index of the table's index type and the argument, and returns an `i32`.
    New05 = "NEW-05",
    /// A call traps while the component instance cannot be left, as in `realloc` and `post-return`.
    New06 = "NEW-06",
    /// The checks have this order: whether the instance can be left, the index's bounds, null, the function's type, room in the table of threads.
    New07 = "NEW-07",
    /// An index out of bounds traps; it is unsigned.
    New08 = "NEW-08",
    /// A null element traps.
    New09 = "NEW-09",
    /// A function traps if `call_indirect` with the start type would trap on it.
    New10 = "NEW-10",
    /// Element 0 of the core table is an ordinary element, although the instance's own tables never use index 0.
    New11 = "NEW-11",
    /// The new thread is suspended, belongs to the caller's task, and has zero in both slots. None of its code runs yet.
    New12 = "NEW-12",
    /// The result is the new thread's index, 1 or more.
    New13 = "NEW-13",
    /// When the thread is resumed for the first time, it calls the function with the argument. An exception that nothing catches is a trap.
    New14 = "NEW-14",
    /// The thread ends when its function returns.
    New15 = "NEW-15",
    /// Any thread may call it, whether or not the task's function is async, and whether or not the task is resolved.
    New16 = "NEW-16",
    /// Encoded as 0x28 (resume-later), 0x29 (suspend), 0x0c (yield), 0x2a and 0x2b (suspend- and yield-then-resume), 0x2c and 0x2d (suspend- and yield-then-promote). All but the first have a byte for `cancellable`.
    Sch01 = "SCH-01",
    /// `resume-later` takes a thread's index and returns nothing. `suspend` and `yield` take nothing and return an `i32`. The other four take an index and return an `i32`.
    Sch02 = "SCH-02",
    /// A call of any of the seven traps while the component instance cannot be left, as in `realloc` and `post-return`.
    Sch03 = "SCH-03",
    /// A built-in that is defined without `cancellable` always returns 0.
    Sch04 = "SCH-04",
    /// If the task has a pending cancellation and the built-in is `cancellable`, the built-in returns 1 at once. It suspends nothing, and the state of the thread that it names does not change.
    Sch05 = "SCH-05",
    /// A task receives its cancellation once.
    Sch06 = "SCH-06",
    /// `resume-later` of a thread that is not suspended (running, ready or waiting) traps.
    Rl01 = "RL-01",
    /// `resume-later` makes the thread ready, and the caller continues. The thread runs at some later time.
    Rl02 = "RL-02",
    /// `resume-later` suspends nothing, so it cannot be `cancellable`.
    Rl03 = "RL-03",
    /// `suspend` suspends the calling thread until another thread resumes it.
    Sus01 = "SUS-01",
    /// If all threads of an async call are suspended, the call stays unresolved; this is not a trap.
    Sus02 = "SUS-02",
    /// `yield` leaves the thread ready and lets others run. Outside the deterministic profile, the host may also return at once.
    Yld01 = "YLD-01",
    /// The order in which ready threads run after a `yield` is not specified.
    Yld02 = "YLD-02",
    /// `suspend-then-resume` and `yield-then-resume` trap if there is no thread with that index.
    Str01 = "STR-01",
    /// They trap if that thread is not suspended: it is the caller itself, or it is ready or waiting.
    Str02 = "STR-02",
    /// That thread runs next. No other thread runs in between, and the caller does not count as blocked.
    Str03 = "STR-03",
    /// The caller is then suspended (suspend-) or ready (yield-).
    Str04 = "STR-04",
    /// A call that is not async may use both.
    Str05 = "STR-05",
    /// `suspend-then-promote` and `yield-then-promote` trap if there is no thread with that index.
    Stp01 = "STP-01",
    /// If that thread is ready, control passes to it, and the caller is suspended (suspend-) or ready (yield-).
    Stp02 = "STP-02",
    /// A thread that `resume-later` made ready counts as ready even if it has never run.
    Stp03 = "STP-03",
    /// If that thread is suspended, control does not pass to it: the call is a plain suspend or yield.
    Stp04 = "STP-04",
    /// If that thread is the caller, which is not ready, the call is a plain suspend or yield.
    Stp05 = "STP-05",
    /// If that thread waits for an event that has not happened, the call is a plain suspend or yield.
    Stp06 = "STP-06",
    /// If the event that that thread waits for has happened, the thread is ready, and control passes to it.
    Stp07 = "STP-07",
    /// The call never traps because of the state of that thread.
    Stp08 = "STP-08",
    /// Each call of a lifted function, of `realloc` and of a destructor is a task with one implicit thread.
    Imp01 = "IMP-01",
    /// A host need not create a real thread if no program can observe the difference.
    Imp02 = "IMP-02",
    /// The built-ins treat implicit and explicit threads alike: other threads can resume a suspended implicit thread by its index.
    Imp03 = "IMP-03",
    /// A function that is lifted without `async` returns its result when its implicit thread returns, so that thread must run again after it was suspended.
    Imp04 = "IMP-04",
    /// Only implicit threads take an instance's exclusive lock. Explicit threads, and functions lifted without a callback, may run while another task holds it.
    Imp05 = "IMP-05",
    /// Neither backpressure nor the exclusive lock delays a call that is not async.
    Imp06 = "IMP-06",
    /// An explicit thread belongs to the task of the thread that created it, and so do the threads that it creates.
    Tsk01 = "TSK-01",
    /// In a function that is lifted with `async`, every thread of the task may call `task.return` or `task.cancel`.
    Tsk02 = "TSK-02",
    /// In a function that is lifted without `async`, `task.return` traps.
    Tsk03 = "TSK-03",
    /// A task exists until its last thread has ended, even if its implicit thread ends first.
    Tsk04 = "TSK-04",
    /// If the last thread of a task ends and the task is not resolved, that is a trap.
    Tsk05 = "TSK-05",
    /// A suspended thread counts as a thread of its task: while the task has one, there is no trap, and the caller waits.
    Tsk06 = "TSK-06",
    /// Resolving a task does not stop its threads.
    Tsk07 = "TSK-07",
    /// No built-in ends another thread.
    Tsk08 = "TSK-08",
    /// Hosts are advised to keep an instance alive for its implicit threads, and not for its explicit ones.
    Tsk09 = "TSK-09",
    /// After a trap in any thread or built-in, no code of the component instance runs any more.
    Trp01 = "TRP-01",
    /// A later call into that instance traps.
    Trp02 = "TRP-02",
    /// The other threads of that instance never run again, ready ones included.
    Trp03 = "TRP-03",
    /// A trap in an explicit thread is reported to the party that ran the thread: the host, or the call that switched to it.
    Trp04 = "TRP-04",
    /// If threads run in parallel, a trap in one ends all of them, though not at once.
    Trp05 = "TRP-05",
    /// If the running thread of a call that is not async blocks before there is a result, other ready threads of the same component instance run until there is one.
    Syn01 = "SYN-01",
    /// If no thread is ready in that case, the call traps.
    Syn02 = "SYN-02",
    /// In that case, the thread that holds the instance's exclusive lock does not run.
    Syn03 = "SYN-03",
    /// `thread.yield` in a call that is not async lets ready threads of the instance run. It returns at once if no thread is ready.
    Syn04 = "SYN-04",
    /// During such a yield, threads of other instances do not run.
    Syn05 = "SYN-05",
    /// An instance cannot be left during `realloc` and `post-return`, and can be left at all other times.
    Lv01 = "LV-01",
    /// While an instance cannot be left, all thread built-ins except `thread.available-parallelism` trap: `thread.index`, those that create threads, and the seven that schedule them.
    Lv02 = "LV-02",
    /// While an instance cannot be left, `context.get`, `context.set` and `thread.available-parallelism` still work.
    Lv03 = "LV-03",
    /// Each component instance has its own state of whether it can be left. A built-in checks the instance of the calling thread.
    Lv04 = "LV-04",
    /// The host delivers a cancellation to any one of the task's threads that is blocked in a cancellable call.
    Can01 = "CAN-01",
    /// If there is no such thread, the request stays pending until a thread of the task makes a cancellable call.
    Can02 = "CAN-02",
    /// `thread.spawn-ref` and `thread.spawn-indirect` return 0 and start no thread. They trap only if the instance cannot be left.
    Det01 = "DET-01",
    /// `thread.available-parallelism` returns 1.
    Det02 = "DET-02",
    /// A `yield` or a wait never returns at once: the thread is blocked first.
    Det03 = "DET-03",
    /// `thread.new-indirect` and the scheduling built-ins work as in the full profile, so cooperative threads work.
    Det04 = "DET-04",
    /// Which ready thread runs next is not fixed by the specification; a host may fix it.
    Det05 = "DET-05",
    /// `context.get`, `context.set` and `thread.index` work as in the full profile.
    Det06 = "DET-06",
    /// A shared function uses only shared globals and tables.
    Setv01 = "SETV-01",
    /// A shared function calls and references only shared functions, including imported ones.
    Setv02 = "SETV-02",
    /// A shared function uses only shared memories.
    Setv03 = "SETV-03",
    /// A shared function uses only shared tags, element segments and data segments.
    Setv04 = "SETV-04",
    /// The locals of a shared function, and all operands and results in its body, have types that can be shared.
    Setv05 = "SETV-05",
    /// The struct, array and continuation types that a shared function uses are shared.
    Setv06 = "SETV-06",
    /// An unshared function may use shared items.
    Setv07 = "SETV-07",
    /// A shared function, struct or array type consists of types that can be shared. Numbers and vectors always can.
    Setv08 = "SETV-08",
    /// A shared global has a type that can be shared.
    Setv09 = "SETV-09",
    /// A shared table's elements have a type that can be shared. The table needs no maximum.
    Setv10 = "SETV-10",
    /// A shared type is never a subtype of an unshared one, and an unshared type is never a subtype of a shared one.
    Setv11 = "SETV-11",
    /// `call_indirect` accepts a shared table of shared functions.
    Setv12 = "SETV-12",
    /// An element segment of shared function references may initialise a shared table.
    Setv13 = "SETV-13",
    /// A thread-local global has a type that can be shared and has a default value, and it starts with that value.
    Setv14 = "SETV-14",
    /// There are heap types for queues of waiters, and instructions that create, wait on and notify them.
    Setv15 = "SETV-15",
    /// `global.atomic.get`, `set` and `xchg` take `i32`, `i64` and references below `anyref`, shared or not; arithmetic takes `i32` and `i64`; `cmpxchg` takes these and references below `eqref`.
    Setv16 = "SETV-16",
    /// `table.atomic.get`, `set` and `xchg` take tables of references below `anyref`, and `cmpxchg` of those below `eqref`; they do not take tables of functions.
    Setv17 = "SETV-17",
    /// Fields of structs and elements of arrays have atomic accesses as well.
    Setv18 = "SETV-18",
    /// The expected value of a `cmpxchg` of references can be any `eqref`.
    Setv19 = "SETV-19",
    /// `ref.i31_shared` creates shared small integers, and instructions such as `ref.eq` and `array.len` take shared and unshared operands alike.
    Setv20 = "SETV-20",
    /// In unreachable code, an operand counts as both shared and unshared, so neither is an error.
    Setv21 = "SETV-21",
    /// A canonical option names a memory that is not shared.
    Setv22 = "SETV-22",
    /// Only unshared core functions can be lifted. All canonical definitions except the three that can say `shared` have unshared types.
    Setv23 = "SETV-23",
    /// The initial value of a shared global, or of a shared table's elements, reads only shared globals.
    Setv24 = "SETV-24",
    /// The byte 0x65 before an abstract heap type or a composite type makes it shared.
    Setb01 = "SETB-01",
    /// Bit 1 of a table's limits, and of a global's flags, says that it is shared.
    Setb02 = "SETB-02",
    /// Bit 3 of a segment's flags says that it is shared.
    Setb03 = "SETB-03",
    /// An ordering is a byte, 0 for seqcst and 1 for acqrel. Read-modify-write instructions have one ordering in each half of the byte, and both are the same.
    Setb04 = "SETB-04",
    /// acqrel is part of the proposal and requires no other one.
    Setb05 = "SETB-05",
    /// The orderings have names in text.
    Setb06 = "SETB-06",
    /// A shared global is written `(shared T)`, or `(shared (mut T))` if it is mutable.
    Setb07 = "SETB-07",
    /// A shared table is written with `shared` before its index type.
    Setb08 = "SETB-08",
    /// `pause` (0xFE 0x04) was part of earlier versions of the proposal (#115).
    Setb09 = "SETB-09",
    /// Plain accesses to shared tables and globals are not ordered between threads. `table.size` and `table.grow` are sequentially consistent.
    Sets01 = "SETS-01",
    /// Writes of globals and references, atomic accesses, and writes of fields of up to 32 bits do not tear: no thread sees half of one.
    Sets02 = "SETS-02",
    /// For shared globals of 64 and 128 bits, two places of the proposal disagree on whether a thread may see half of a write.
    Sets03 = "SETS-03",
    /// No thread sees a shared table, global or other object before it is initialised.
    Sets04 = "SETS-04",
    /// A shared table may grow while other threads read it.
    Sets05 = "SETS-05",
    /// A thread-local global has a separate value for each thread, and no other thread can access it.
    Sets06 = "SETS-06",
    /// A wait on an unshared item traps, even if it would not wait.
    Sets07 = "SETS-07",
    /// A queue of waiters wakes them in the order in which they arrived, and never spuriously. A wait returns 0 if it was notified, 1 if the value differed, and 2 if the time was up.
    Sets08 = "SETS-08",
    /// A thread ends when its function returns. Core WebAssembly has no instruction to join a thread, to name it, or to end it.
    Sets09 = "SETS-09",
    /// A trap in one thread ends the others.
    Sets10 = "SETS-10",
    /// The proposal still gives the built-ins their old names, with underscores.
    Sets11 = "SETS-11",
}
