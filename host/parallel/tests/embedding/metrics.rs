//! The metrics of instances and engines.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use weft_parallel::{
    Component, Config, Engine, EngineMetrics, InstanceLimits, InstanceMetrics, Linker, ThreadEvent, Val,
};

use crate::support::{Host, Program, Running, WORKERS, component, engine, engine_with, linker, until, watched};

/// `spawn` starts a thread that waits on gate 0, computes for ever, or yields so many times, and `grow` grows the memory.
const CODE: &str = r#"
    (func $thread (type $start) (param $how i32)
        (if (i32.eq (local.get $how) (i32.const 0)) (then (drop (call $receive (i32.const 0)))))
        (if (i32.eq (local.get $how) (i32.const -1)) (then (loop $spin (br $spin))))
        (if (i32.eq (local.get $how) (i32.const -2)) (then
            (drop (memory.atomic.wait32 (i32.const 64) (i32.const 0) (i64.const -1)))))
        (if (i32.gt_s (local.get $how) (i32.const 0)) (then
            (loop $yield
                (drop (call $yield_thread))
                (local.set $how (i32.sub (local.get $how) (i32.const 1)))
                (br_if $yield (local.get $how))))))
    (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $thread))
    (func (export "spawn") (type $unary) (param $how i32) (result i32) (call $spawn (i32.const 0) (local.get $how)))
    (func (export "notify") (type $get) (result i32) (memory.atomic.notify (i32.const 64) (i32.const -1)))
    (func (export "grow") (type $unary) (param i32) (result i32) (memory.grow (local.get 0)))
"#;

const WAIT_AT_GATE: i32 = 0;
const COMPUTE: i32 = -1;
const WAIT_IN_MEMORY: i32 = -2;

fn start(engine: &Engine) -> Running {
    let program = Program {
        code: CODE,
        exports: &[
            ("spawn", "(param \"how\" s32) (result s32)"),
            ("notify", "(result s32)"),
            ("grow", "(param \"by\" s32) (result s32)"),
        ],
        ..Program::default()
    };
    let host = Host::new();
    let component = component(engine, &program.text());
    let instance = linker(engine)
        .instantiate(&component, host.clone())
        .expect("an instance");
    Running { instance, host }
}

fn spawn(running: &Running, how: i32) {
    assert_ne!(running.call("spawn", &[how]).expect("no trap"), 0);
}

#[test]
fn threads_waits_and_wake_ups_are_counted() {
    watched(|| {
        for workers in WORKERS {
            let engine = engine(workers);
            let running = start(&engine);
            let metrics = || running.instance.metrics();
            let before = metrics();
            assert_eq!((before.threads_started, before.threads_alive), (1, 0), "instantiation");
            // One at the gate: two could take each other's message, and wait once more.
            for how in [WAIT_AT_GATE, WAIT_IN_MEMORY, WAIT_IN_MEMORY] {
                spawn(&running, how);
            }
            until(|| metrics().waits - before.waits == 3);
            let waiting = metrics();
            assert_eq!((waiting.threads_started, waiting.threads_alive), (1 + 3 + 3, 3));
            assert_eq!(waiting.wake_ups, before.wake_ups);
            assert!((3..=4).contains(&waiting.threads_peak), "{waiting:?}");
            running.host.send(0, 0);
            assert_eq!(running.call("notify", &[]).expect("no trap"), 2);
            until(|| metrics().threads_alive == 0);
            let ended = metrics();
            assert_eq!((ended.waits, ended.wake_ups), (waiting.waits, before.wake_ups + 3));
            assert_eq!(ended.threads_started, 1 + 4 + 3);
            assert!((3..=4).contains(&ended.threads_peak), "{ended:?}");
        }
    });
}

#[test]
fn a_thread_that_yields_does_not_wait() {
    watched(|| {
        let engine = engine(1);
        let running = start(&engine);
        let before = running.instance.metrics();
        spawn(&running, 1000);
        until(|| running.instance.metrics().threads_alive == 0);
        let after = running.instance.metrics();
        assert_eq!((after.waits, after.wake_ups), (before.waits, before.wake_ups));
        assert!(after.switches - before.switches >= 1002, "{after:?}");
    });
}

#[test]
fn preemptions_and_processor_time_are_those_of_the_instance() {
    watched(|| {
        let engine = engine(1);
        let (busy, idle) = (start(&engine), start(&engine));
        let before = idle.instance.metrics();
        spawn(&busy, COMPUTE);
        spawn(&busy, COMPUTE);
        let long = Duration::from_millis(5);
        until(|| {
            let metrics = busy.instance.metrics();
            metrics.preemptions >= 4 && metrics.processor_time >= long
        });
        let after = idle.instance.metrics();
        assert_eq!((after.preemptions, after.switches), (0, before.switches));
        assert!(after.processor_time < busy.instance.metrics().processor_time);
        assert!(engine.metrics().processor_time >= long);
        let handle = busy.instance.metrics_handle();
        busy.instance.end().expect("no worker");
        let ended = handle.metrics();
        assert_eq!(ended.threads_alive, 0);
        assert!(ended.processor_time >= long);
        assert!(ended.switches >= ended.preemptions);
    });
}

#[test]
fn memory_is_what_the_limit_counts() {
    watched(|| {
        let engine = engine(2);
        let running = start(&engine);
        let before = running.instance.metrics();
        assert_eq!(running.call("grow", &[10]).expect("no trap"), 1);
        let after = running.instance.metrics();
        assert_eq!(after.memory - before.memory, 10 * 65_536);
        assert!(after.memory_peak >= after.memory, "{after:?}");
        assert_eq!(engine.metrics().memory, after.memory);
        assert!(engine.metrics().memory_peak >= after.memory);
    });
}

#[test]
fn the_engine_has_the_sums_also_of_instances_that_are_gone() {
    watched(|| {
        let engine = engine(2);
        assert_eq!(engine.metrics().instances_started, 0);
        let runnings = [start(&engine), start(&engine), start(&engine)];
        for (running, threads) in runnings.iter().zip(1..) {
            (0..threads).for_each(|_| spawn(running, WAIT_AT_GATE));
            until(|| running.instance.metrics().waits == threads);
        }
        let handles = Vec::from_iter(runnings.iter().map(|running| running.instance.metrics_handle()));
        let check = |engine: EngineMetrics| {
            let each = Vec::from_iter(handles.iter().map(|handle| handle.metrics()));
            let sum = |count: fn(&InstanceMetrics) -> u64| each.iter().map(count).sum::<u64>();
            assert_eq!(engine.instances_started, 3);
            assert_eq!(engine.threads_started, sum(|metrics| metrics.threads_started));
            assert_eq!(engine.threads_alive, sum(|metrics| u64::from(metrics.threads_alive)));
            assert_eq!(engine.waits, sum(|metrics| metrics.waits));
            assert_eq!(engine.switches, sum(|metrics| metrics.switches));
        };
        check(engine.metrics());
        assert_eq!(engine.metrics().instances_alive, 3);
        for running in runnings {
            running.instance.end().expect("no worker");
        }
        until(|| engine.metrics().instances_alive == 0);
        check(engine.metrics());
        assert_eq!((engine.metrics().threads_alive, engine.metrics().memory), (0, 0));
        drop(engine);
        assert_eq!(handles[2].metrics().threads_peak, 4, "the engine is gone");
    });
}

/// Starts and ends that hooks were called for, by instance and index.
type Seen = Arc<Mutex<Vec<(bool, u64, u32)>>>;

fn hooked() -> (Engine, Seen) {
    let seen = Seen::default();
    let see = |is_start: bool| {
        let seen = Arc::clone(&seen);
        move |event: &ThreadEvent| {
            let event = (is_start, event.instance_number(), event.index());
            seen.lock().expect("no panic under the lock").push(event);
        }
    };
    let engine = engine_with(2, |config: &mut Config| {
        config.on_thread_start(see(true)).on_thread_end(see(false));
    });
    (engine, seen)
}

/// Checks that each thread started before it ended, and gives how many of each instance did.
fn ended(seen: &Seen) -> BTreeMap<u64, u64> {
    let mut alive = BTreeMap::new();
    let mut ended = BTreeMap::new();
    for (is_start, instance, index) in seen.lock().expect("no panic under the lock").drain(..) {
        match is_start {
            true => assert_eq!(alive.insert((instance, index), ()), None, "started twice"),
            false => {
                assert_eq!(alive.remove(&(instance, index)), Some(()), "ended without a start");
                *ended.entry(instance).or_default() += 1;
            }
        }
    }
    assert!(alive.is_empty(), "{alive:?} did not end");
    ended
}

#[test]
fn hooks_are_called_when_threads_start_and_end() {
    watched(|| {
        let (engine, seen) = hooked();
        let runnings = [start(&engine), start(&engine)];
        let mut expected = BTreeMap::new();
        for running in &runnings {
            spawn(running, 1);
            spawn(running, WAIT_AT_GATE);
            spawn(running, COMPUTE);
            until(|| running.instance.metrics().waits > 0);
        }
        for running in runnings {
            let (number, handle) = (running.instance.number(), running.instance.metrics_handle());
            running.instance.end().expect("no worker");
            expected.insert(number, handle.metrics().threads_started);
        }
        assert_eq!(Vec::from_iter(expected.values()), [&7, &7]);
        // A thread that never ran before the end did not start.
        let ended = ended(&seen);
        for (number, started) in expected {
            assert!((6..=started).contains(&ended[&number]), "{ended:?}");
        }
    });
}

/// Calls that run on their callers' OS threads.
const ADD: &str = r#"(component
    (core module $m
        (type $add (shared (func (param i32 i32) (result i32))))
        (func (export "add") (type $add) (i32.add (local.get 0) (local.get 1))))
    (core instance $i (instantiate $m))
    (func (export "add") (param "a" s32) (param "b" s32) (result s32) (canon lift (core func $i "add"))))"#;

#[test]
fn calls_on_their_callers_os_threads_are_threads_too() {
    watched(|| {
        let (engine, seen) = hooked();
        let component = Component::new(&engine, ADD.as_bytes()).expect("valid");
        let instance = Linker::new(&engine).instantiate(&component, ()).expect("an instance");
        let add = instance.get_func(&["add"]).expect("exported");
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for n in 0..100 {
                        let sum = add.call(&[Val::S32(n), Val::S32(1)]).expect("no trap");
                        assert_eq!(sum, Some(Val::S32(n + 1)));
                    }
                });
            }
        });
        let metrics = instance.metrics();
        assert_eq!(
            (metrics.threads_started, metrics.threads_alive),
            (401, 0),
            "{metrics:?}"
        );
        assert!((1..=5).contains(&metrics.threads_peak), "{metrics:?}");
        let number = instance.number();
        instance.end().expect("no worker");
        assert_eq!(ended(&seen), BTreeMap::from([(number, 401)]));
    });
}

#[test]
fn a_hook_that_panics_does_the_program_no_harm() {
    watched(|| {
        let engine = engine_with(1, |config| {
            config
                .on_thread_start(|_| panic!("a hook's own fault"))
                .on_thread_end(|_| panic!("a hook's own fault, too"));
        });
        let running = start(&engine);
        spawn(&running, 10);
        until(|| running.instance.metrics().threads_alive == 0);
        assert_eq!(running.call("grow", &[1]).expect("no trap"), 1);
        let component = Component::new(&engine, ADD.as_bytes()).expect("valid");
        let instance = Linker::new(&engine).instantiate(&component, ()).expect("an instance");
        let add = instance.get_func(&["add"]).expect("exported");
        let sum = add.call(&[Val::S32(1), Val::S32(2)]).expect("no trap");
        assert_eq!(sum, Some(Val::S32(3)));
    });
}

#[test]
fn an_instance_that_cannot_be_made_is_gone() {
    watched(|| {
        let engine = engine(1);
        let component = Component::new(&engine, ADD.as_bytes()).expect("valid");
        let mut limits = InstanceLimits::new();
        limits.max_threads(0);
        let made = Linker::new(&engine).instantiate_with(&component, (), &limits);
        assert!(made.is_err());
        drop(made);
        let metrics = engine.metrics();
        assert_eq!((metrics.instances_started, metrics.instances_alive), (1, 0));
        assert_eq!((metrics.threads_started, metrics.memory), (0, 0));
    });
}
