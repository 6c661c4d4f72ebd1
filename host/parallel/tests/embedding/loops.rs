//! Unrolled loops behave as the original ones: each function returns what plain Wasmtime returns.

use weft_parallel::wasmtime;
use weft_parallel::{Component, Config, Engine, Linker, Val};

const FUNCTIONS: &[&str] = &["sum", "collatz", "find", "fill", "endless", "deep", "twice"];

const MODULE: &str = r#"
    (memory 1)
    ;; A loop that is continued and left from within a block.
    (func (export "sum") (param $n i32) (result i32) (local $sum i32)
      (block $done
        (loop $again
          (br_if $done (i32.le_s (local.get $n) (i32.const 0)))
          (if (i32.and (local.get $n) (i32.const 1))
            (then (local.set $n (i32.sub (local.get $n) (i32.const 1))) (br $again)))
          (local.set $sum (i32.add (local.get $sum) (local.get $n)))
          (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))
      (local.get $sum))
    (func (export "collatz") (param $n i32) (result i32) (local $steps i32)
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (block $done
        (loop $again
          (br_if $done (i32.eq (local.get $n) (i32.const 1)))
          (local.set $steps (i32.add (local.get $steps) (i32.const 1)))
          (if (i32.and (local.get $n) (i32.const 1))
            (then (local.set $n (i32.add (i32.mul (local.get $n) (i32.const 3)) (i32.const 1))))
            (else (local.set $n (i32.shr_u (local.get $n) (i32.const 1)))))
          (br $again)))
      (local.get $steps))
    ;; Left by return, and by falling through.
    (func (export "find") (param $n i32) (result i32) (local $i i32)
      (loop $again
        (if (i32.eq (i32.mul (local.get $i) (local.get $i)) (local.get $n)) (then (return (local.get $i))))
        (br_if $again (i32.lt_s (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 9))))
      (i32.const -1))
    ;; Traps beyond the memory, at the same iteration.
    (func (export "fill") (param $n i32) (result i32) (local $i i32)
      (loop $again
        (i32.store (i32.add (i32.const 65300) (i32.shl (local.get $i) (i32.const 2))) (local.get $i))
        (br_if $again (i32.lt_s (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
      (i32.load (i32.const 65300)))
    (func (export "endless") (param $n i32) (result i32)
      (loop $again
        (if (i32.ge_s (local.get $n) (i32.const 100)) (then (return (local.get $n))))
        (local.set $n (i32.add (local.get $n) (i32.const 7)))
        (br $again))
      (unreachable))
    ;; Leaves several blocks at once, from several depths.
    (func (export "deep") (param $n i32) (result i32) (local $i i32)
      (block $c (block $b (block $a
        (loop $again
          (block $inner
            (br_if $inner (i32.and (local.get $i) (i32.const 1)))
            (br_if $a (i32.eq (local.get $i) (local.get $n)))
            (if (i32.gt_s (local.get $i) (i32.const 20)) (then (br $c))))
          (br_if $b (i32.eq (i32.add (local.get $i) (i32.const 3)) (local.get $n)))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br_if $again (i32.lt_s (local.get $i) (i32.const 30)))))
        (return (i32.add (local.get $i) (i32.const 1000))))
        (return (i32.add (local.get $i) (i32.const 2000))))
      (i32.add (local.get $i) (i32.const 3000)))
    ;; One loop behind another, and one around both.
    (func (export "twice") (param $n i32) (result i32) (local $i i32) (local $j i32) (local $sum i32)
      (loop $outer
        (local.set $j (i32.const 0))
        (loop $first
          (local.set $sum (i32.add (local.get $sum) (local.get $j)))
          (br_if $first (i32.lt_s (local.tee $j (i32.add (local.get $j) (i32.const 1))) (local.get $n))))
        (loop $second
          (local.set $sum (i32.xor (local.get $sum) (local.get $j)))
          (br_if $second (i32.gt_s (local.tee $j (i32.sub (local.get $j) (i32.const 2))) (i32.const 0))))
        (br_if $outer (i32.lt_s (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
      (local.get $sum))
"#;

#[test]
fn loops_give_what_plain_wasmtime_gives() -> Result<(), Box<dyn std::error::Error>> {
    let engine = Engine::new(&Config::new())?;
    let lifts = FUNCTIONS.iter().map(|name| {
        format!(r#"(func (export "{name}") (param "n" s32) (result s32) (canon lift (core func $i "{name}")))"#)
    });
    let lifts = lifts.collect::<String>();
    let text = format!("(component (core module $m {MODULE}) (core instance $i (instantiate $m)) {lifts})");
    let component = Component::new(&engine, text.as_bytes())?;

    let plain_engine = wasmtime::Engine::default();
    let binary = weft_lower::to_binary(format!("(module {MODULE})").as_bytes())?.into_owned();
    let plain_module = wasmtime::Module::new(&plain_engine, binary)?;
    let mut traps = 0;
    for name in FUNCTIONS {
        for n in 0..80 {
            let mut store = wasmtime::Store::new(&plain_engine, ());
            let plain = wasmtime::Instance::new(&mut store, &plain_module, &[])?;
            let expected = plain
                .get_typed_func::<i32, i32>(&mut store, name)?
                .call(&mut store, n)
                .ok();
            let instance = Linker::new(&engine).instantiate(&component, ())?;
            let function = instance.get_func(&[name]).ok_or("it is exported")?;
            let found = function.call(&[Val::S32(n)]).ok().flatten();
            assert_eq!(found, expected.map(Val::S32), "{name}({n})");
            traps += usize::from(expected.is_none());
        }
    }
    assert!(traps > 0, "some of them trap");
    Ok(())
}
