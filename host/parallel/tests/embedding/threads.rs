//! `thread.index` and `thread.available-parallelism`, from many threads; how many there may be.

use std::collections::HashSet;

use weft_parallel::Error;

use crate::support::{Program, Running, WORKERS, component, engine, engine_with, until, watched};

#[test]
fn a_child_sees_the_index_that_its_spawn_gave() {
    watched(|| {
        // Child n leaves its index at 4096 + 4n, and the spawn's result is at 64 + 4n.
        const CODE: &str = "(func $child (type $start) (param $n i32)
                (i32.atomic.store offset=4096 (i32.shl (local.get $n) (i32.const 2)) (call $index))
                (call $log (call $index))
                (call $finish)
                (drop (call $receive (i32.const 0))))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child))
            (func (export \"run\") (type $unary) (param $threads i32) (result i32) (local $n i32)
                (loop $each
                    (i32.atomic.store offset=64 (i32.shl (local.get $n) (i32.const 2))
                        (call $spawn (i32.const 0) (local.get $n)))
                    (local.set $n (i32.add (local.get $n) (i32.const 1)))
                    (br_if $each (i32.ne (local.get $n) (local.get $threads))))
                (call $join (local.get $threads))
                (loop $each
                    (local.set $n (i32.sub (local.get $n) (i32.const 1)))
                    (if (i32.ne (i32.load offset=64 (i32.shl (local.get $n) (i32.const 2)))
                                (i32.load offset=4096 (i32.shl (local.get $n) (i32.const 2))))
                        (then unreachable))
                    (br_if $each (local.get $n)))
                (call $index))";
        const THREADS: u16 = 300;
        for workers in WORKERS {
            let program = Running::start(
                &engine(workers),
                CODE,
                &[("run", "(param \"threads\" s32) (result s32)")],
            );
            let main = program.call("run", &[THREADS.into()]).expect("both are the same");
            // All are alive, so the indices are the numbers from one on, each once.
            let mut indices = program.host.sorted_values();
            indices.push(main);
            indices.sort_unstable();
            assert_eq!(indices, (1..=i32::from(THREADS) + 1).collect::<Vec<_>>());
            for (thread, index) in program.host.log() {
                assert_eq!(i64::from(thread), i64::from(index), "the host sees the same index");
            }
        }
    });
}

#[test]
fn indices_of_living_threads_differ_while_others_come_and_go() {
    watched(|| {
        // Each child marks its index as taken, yields, and frees it. Two threads of one index would meet at the mark.
        const CODE: &str = "(func $child (type $start) (param $rest i32)
                (local $mark i32)
                (local.set $mark (i32.add (i32.const 4096) (i32.shl (call $index) (i32.const 2))))
                (if (i32.atomic.rmw.xchg (local.get $mark) (i32.const 1)) (then unreachable))
                (if (local.get $rest) (then
                    (drop (call $spawn (i32.const 0) (i32.sub (local.get $rest) (i32.const 1))))))
                (call $yield)
                (if (i32.ne (i32.add (i32.const 4096) (i32.shl (call $index) (i32.const 2))) (local.get $mark))
                    (then unreachable))
                (i32.atomic.store (local.get $mark) (i32.const 0))
                (call $finish))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child))
            (func (export \"run\") (type $void)
                (local $n i32)
                (i32.atomic.store (i32.const 0) (i32.const 0))
                (local.set $n (i32.const 10))
                (loop $each
                    (drop (call $spawn (i32.const 0) (i32.const 19)))
                    (br_if $each (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
                (call $join (i32.const 200)))";
        for workers in WORKERS {
            let program = Running::start(&engine(workers), CODE, &[("run", "")]);
            for _ in 0..20 {
                program.call("run", &[]).expect("no index is given out twice");
            }
        }
    });
}

#[test]
fn available_parallelism_is_the_number_of_workers_everywhere_and_always() {
    watched(|| {
        const CODE: &str = "(func $tell (type $void) (call $log (call $parallelism)))
            (start $tell)
            (func $child (type $start) (param i32) (call $tell))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child))
            (func (export \"run\") (type $get)
                (drop (call $spawn (i32.const 0) (i32.const 0)))
                (call $parallelism))";
        for workers in [1_u8, 2, 3, 8] {
            let program = Running::start(&engine(workers.into()), CODE, &[("run", "(result s32)")]);
            for _ in 0..10 {
                assert_eq!(program.call("run", &[]).expect("no trap"), i32::from(workers));
            }
            until(|| program.host.log().len() == 11);
            let seen: HashSet<i32> = program.host.sorted_values().into_iter().collect();
            assert_eq!(seen, HashSet::from([workers.into()]));
        }
    });
}

#[test]
fn threads_outlive_the_call_that_spawned_them() {
    watched(|| {
        const CODE: &str = "(func $child (type $start) (param i32)
                (loop $serve
                    (call $send (i32.const 1) (i32.add (call $receive (i32.const 0)) (i32.const 1)))
                    (br $serve)))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child))
            (func (export \"run\") (type $void) (drop (call $spawn (i32.const 0) (i32.const 0))))";
        for workers in WORKERS {
            let program = Program {
                code: CODE,
                exports: &[("run", "")],
                ..Program::default()
            };
            let program = Running::new(&component(&engine(workers), &program.text()));
            program.call("run", &[]).expect("no trap");
            for request in 0..50 {
                program.host.send(0, request);
                assert_eq!(program.host.receive(1), request + 1);
            }
        }
    });
}

#[test]
fn a_call_beyond_the_limit_is_refused_and_the_next_one_is_not() {
    watched(|| {
        // `begin` starts a child, which starts another when it is let through gate 0. Both end when they are through gate 1.
        const CODE: &str = r#"
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child) (ref.func $wait))
            (func $wait (type $start) (param i32) (drop (call $receive (i32.const 1))))
            (func $child (type $start) (param i32)
                (drop (call $receive (i32.const 0)))
                (drop (call $spawn (i32.const 1) (i32.const 0)))
                (call $send (i32.const 2) (i32.const 0))
                (call $wait (i32.const 0)))
            (func (export "begin") (type $void) (drop (call $spawn (i32.const 0) (i32.const 0))))
            (func (export "nothing") (type $void))"#;
        let engine = engine_with(2, |config| {
            config.max_threads(2);
        });
        let program = Running::start(&engine, CODE, &[("begin", ""), ("nothing", "")]);
        program.call("begin", &[]).expect("no trap");
        program.host.send(0, 0);
        program.host.receive(2);
        for _ in 0..3 {
            let outcome = program.call("nothing", &[]);
            assert!(matches!(outcome, Err(Error::Limit(_))), "{outcome:?}");
        }
        for _ in 0..2 {
            program.host.send(1, 0);
            // A thread that was let through has not ended yet.
            until(|| match program.call("nothing", &[]) {
                Ok(_) => true,
                Err(Error::Limit(_)) => false,
                Err(other) => panic!("{other:?}"),
            });
        }
    });
}
