//! Small components that expand to large ones. Every pass refuses each of them with the name of the limit, before it expands it.
//!
//! The tests do not measure time. A pass that refused a component too late would take minutes and gigabytes.

mod passes;

use passes::{inspect, lower, threads, unshare, validate};
use weft_lower::{LowerError, Module, Rules};

/// A core module with one instance of it.
const CORE: &str = r#"(core module $m) (core instance (instantiate $m))"#;

/// The limit that refuses a component.
#[track_caller]
fn limit(component: &str) -> &'static str {
    assert!(component.len() < 100_000, "{} bytes", component.len());
    let component = component.as_bytes();
    let passes: [Result<(), LowerError>; 3] = [
        validate(component, Rules::Extended),
        lower(component).map(drop),
        unshare(component).map(drop),
    ];
    let mut limits = passes.map(|result| match result {
        Err(LowerError::Limit { name, .. }) => name,
        result => panic!("{result:?}"),
    });
    limits.sort_unstable();
    assert_eq!(limits[0], limits[2]);
    limits[0]
}

/// Each level does something to the one below, by its number. `root` is done to the last.
fn levels(leaf: &str, count: usize, level: impl Fn(usize) -> String, root: &str) -> String {
    let levels: String = (1..=count)
        .map(|number| format!("(component $c{number} {})", level(number - 1)))
        .collect();
    format!("(component (component $c0 {leaf}) {levels} (alias outer 0 $c{count} (component $last)) {root})")
}

const INSTANTIATE_LAST: &str = "(instance $last (instantiate $last))";

/// Instantiates the component of a level twice.
fn twice(number: usize) -> String {
    format!("(instance (instantiate $c{number})) (instance (instantiate $c{number}))")
}

#[test]
fn each_level_instantiates_the_one_below_twice() {
    assert_eq!(limit(&levels(CORE, 24, twice, INSTANTIATE_LAST)), "core instances");
    assert_eq!(limit(&levels("", 24, twice, INSTANTIATE_LAST)), "definitions");
    assert_eq!(limit(&levels("", 900, twice, INSTANTIATE_LAST)), "definitions");
}

/// Core instances that define so many of an item each, in a component with parallel threads.
fn with_threads(instances: usize, item: &str, each: usize) -> String {
    let module = format!("(core module $m {})", item.repeat(each));
    let instances = "(core instance (instantiate $m))".repeat(instances);
    format!(
        r#"(component
            (core type $start (shared (func (param i32))))
            (core func (canon thread.spawn-ref $start))
            {module} {instances})"#
    )
}

#[test]
fn memories_and_tables_of_one_run_time_module() {
    let limit = |component: String| {
        let passes = [
            validate(component.as_bytes(), Rules::Extended),
            lower(component.as_bytes()).map(drop),
        ];
        passes.map(|result| match result {
            Err(LowerError::Limit { name, offset, .. }) => Some((name, offset > 0)),
            Ok(()) => None,
            result => panic!("{result:?}"),
        })
    };
    assert_eq!(limit(with_threads(2, "(memory 0)", 50)), [None; 2]);
    assert_eq!(limit(with_threads(2, "(memory 0)", 51)), [Some(("memories", true)); 2]);
    assert_eq!(limit(with_threads(20, "(table 0 funcref)", 5)), [None; 2]);
    assert_eq!(
        limit(with_threads(21, "(table 0 funcref)", 5)),
        [Some(("tables", true)); 2]
    );
}

#[test]
fn components_within_components() {
    let mut component = format!("(component $c0 {CORE})");
    for level in 1..=24 {
        component = format!("(component $c{level} {component} {})", twice(level - 1));
    }
    let component = format!("(component {component} (instance (instantiate $c24)))");
    assert_eq!(limit(&component), "core instances");
}

#[test]
fn many_core_instances_in_many_instances() {
    let core = format!("(core module $m) {}", "(core instance (instantiate $m))".repeat(900));
    let instances = "(instance (instantiate $c0))".repeat(900);
    assert_eq!(limit(&levels(&core, 0, twice, &instances)), "core instances");
}

#[test]
fn a_component_that_is_passed_to_the_one_that_instantiates_it() {
    // The size of `$c` is known where it is passed.
    let apply = r#"(component $apply
        (import "c" (component $c))
        (component $twice (instance (instantiate $c)) (instance (instantiate $c)))
        (export "t" (component $twice)))"#;
    let mut steps = format!("{apply} (component $t0 {CORE})");
    for level in 1..=24 {
        let below = level - 1;
        steps += &format!(
            r#"(instance $i{level} (instantiate $apply (with "c" (component $t{below}))))
               (alias export $i{level} "t" (component $t{level}))"#
        );
    }
    assert_eq!(
        limit(&format!("(component {steps} (instance (instantiate $t24)))")),
        "core instances"
    );
}

#[test]
fn an_instance_that_exports_the_one_below_twice() {
    let leaf = r#"(core module $m (func (export "f"))) (core instance $i (instantiate $m))
                  (func (export "f") (canon lift (core func $i "f")))"#;
    let level = |number| {
        format!(r#"(instance $i (instantiate $c{number})) (export "a" (instance $i)) (export "b" (instance $i))"#)
    };
    for count in [16, 18, 24] {
        limit(&levels(leaf, count, level, INSTANTIATE_LAST));
    }
}

#[test]
fn an_instance_that_is_bundled_with_itself() {
    let mut bundles = "(instance $i0)".to_owned();
    for level in 1..=40 {
        let below = level - 1;
        bundles +=
            &format!(r#"(instance $i{level} (export "a" (instance $i{below})) (export "b" (instance $i{below})))"#);
    }
    limit(&format!("(component {bundles})"));
}

#[test]
fn an_instance_of_many_items_that_is_passed_on_often() {
    let exports: String = (0..900)
        .map(|number| format!(r#"(export "f{number}" (func $f))"#))
        .collect();
    let leaf = format!(
        r#"(core module $m (func (export "f"))) (core instance $i (instantiate $m))
           (func $f (canon lift (core func $i "f"))) {exports}"#
    );
    let passed: String = (0..900)
        .map(|number| format!(r#"(export "i{number}" (instance $last))"#))
        .collect();
    let root = format!("{INSTANTIATE_LAST} (instance {passed})");
    limit(&levels(&leaf, 0, twice, &root));
}

#[test]
fn resources_that_are_looked_for_in_large_instances() {
    let resources: String = (0..600)
        .map(|number| format!(r#"(export "r{number}" (type (sub resource)))"#))
        .collect();
    let bundled: String = (0..600)
        .map(|number| format!(r#"(alias export $i "r{number}" (type $r{number}))"#))
        .chain(["(instance $all ".to_owned()])
        .chain((0..600).map(|number| format!(r#"(export "r{number}" (type $r{number}))"#)))
        .chain([")".to_owned()])
        .collect();
    let instances = r#"(instance (instantiate $c (with "i" (instance $all))))"#.repeat(200);
    let component = format!(
        r#"(component (import "i" (instance $i {resources})) {bundled}
            (component $c (import "i" (instance {resources}))) {instances})"#
    );
    limit(&component);
}

/// Types each of which refers to the one below twice.
fn doubled(count: usize, first: &str, next: impl Fn(usize) -> String) -> String {
    let next: String = (1..=count)
        .map(|number| format!("(type $t{number} {})", next(number - 1)))
        .collect();
    format!("(type $t0 {first}) {next}")
}

fn pair(number: usize) -> String {
    format!("(tuple $t{number} $t{number})")
}

#[test]
fn types_that_refer_to_types_twice() {
    let others: [fn(usize) -> String; 5] = [
        pair,
        |number| format!("(record (field \"a\" $t{number}) (field \"b\" $t{number}))"),
        |number| format!("(variant (case \"a\" $t{number}) (case \"b\" $t{number}))"),
        |number| format!("(result $t{number} (error $t{number}))"),
        |number| format!("(record (field \"a\" (list $t{number})) (field \"b\" (option $t{number})))"),
    ];
    for next in others {
        assert_eq!(limit(&format!("(component {})", doubled(60, "u8", next))), "types");
    }
    let instances = doubled(60, r#"(instance (export "f" (func)))"#, |number| {
        format!(
            r#"(instance (alias outer 1 $t{number} (type $t))
                (export "a" (instance (type $t))) (export "b" (instance (type $t))))"#
        )
    });
    assert_eq!(limit(&format!("(component {instances})")), "types");
    let components = doubled(60, r#"(component (export "f" (func)))"#, |number| {
        format!(
            r#"(component (alias outer 1 $t{number} (type $t))
                (import "a" (component (type $t))) (export "b" (component (type $t))))"#
        )
    });
    assert_eq!(limit(&format!("(component {components})")), "types");
}

#[test]
fn large_types_that_are_used_often() {
    let imports: String = (0..900)
        .map(|number| format!(r#"(import "f{number}" (func (param "x" $t14)))"#))
        .collect();
    assert_eq!(
        limit(&format!("(component {} {imports})", doubled(14, "u8", pair))),
        "types"
    );
    let resources = doubled(10, r#"(instance (export "r" (type (sub resource))))"#, |number| {
        format!(
            r#"(instance (alias outer 1 $t{number} (type $t))
                (export "a" (instance (type $t))) (export "b" (instance (type $t))))"#
        )
    });
    let imports: String = (0..900)
        .map(|number| format!(r#"(import "i{number}" (instance (type $t10)))"#))
        .collect();
    assert_eq!(limit(&format!("(component {resources} {imports})")), "types");
}

#[test]
fn large_types_in_many_instances() {
    let leaf = format!(
        r#"{} (import "i" (func (param "x" $t10)))
           (core module $m (memory (export "m") 1)) (core instance $m (instantiate $m))"#,
        doubled(10, "u8", pair)
    );
    let component = format!(
        r#"(component
            {} (import "i" (func $i (param "x" $t10)))
            (component $c0 {leaf}) {})"#,
        doubled(10, "u8", pair),
        r#"(instance (instantiate $c0 (with "i" (func $i))))"#.repeat(900)
    );
    assert_eq!(limit(&component), "types");
}

#[test]
fn types_nested_so_deep_that_reading_them_would_overflow_the_stack() {
    for form in [0x41, 0x42] {
        // Each level declares one type: the next.
        let mut section = vec![1];
        for _ in 0..30_000 {
            section.extend([form, 1, 1]);
        }
        section.extend([form, 0]);
        let mut component = b"\0asm\x0d\0\x01\0\x07".to_vec();
        wasm_encoder::Encode::encode(&(section.len() as u32), &mut component);
        component.extend(section);
        for result in [
            validate(&component, Rules::Extended),
            lower(&component).map(drop),
            inspect(&component).map(drop),
            threads(&component).map(drop),
        ] {
            let error = result.expect_err("it is refused").to_string();
            assert!(error.contains("nesting types more than 100 levels deep"), "{error}");
        }
    }
}

#[test]
fn what_is_large_but_does_not_grow_is_accepted() {
    let five_levels = levels(CORE, 5, twice, INSTANTIATE_LAST);
    let deep = levels(
        "",
        900,
        |number| format!("(instance (instantiate $c{number}))"),
        INSTANTIATE_LAST,
    );
    let types = format!("(component {})", doubled(12, "u8", pair));
    let names: String = (0..900)
        .map(|number| format!(r#"(import "i{number}" (func (param "x" u32)))"#))
        .collect();
    let imports = format!("(component {names})");
    for component in [&five_levels, &deep, &types, &imports] {
        if let Err(error) = validate(component.as_bytes(), Rules::Extended) {
            panic!("{error}");
        }
    }
}

/// Code that is never reached pops its operands from nothing.
#[test]
fn instructions_take_so_many_operands_and_no_more() {
    let array = "(type (array i8))";
    let structure = format!("(type (struct (field {})))", " i32".repeat(5_000));
    let values = " i32".repeat(1_000);
    let tag = format!("(type (func (param {values}))) (tag (type 0))");
    let function = format!("(type (func (result {values}))) (func (type 0) unreachable)");
    let wide_table = format!("(block (type 0) (br_table {})) unreachable ", "0 ".repeat(10_050));
    let code = |types: &str, instructions: &str, count: usize| {
        let instructions = instructions.repeat(count);
        format!("(module $m {types} (func (export \"f\") return {instructions}))")
    };
    for (types, instructions, count) in [
        (array, "array.new_fixed 0 4294967295 drop ", 1),
        (array, "array.new_fixed 0 10000 drop ", 1_010),
        (&structure, "struct.new 0 drop ", 2_050),
        (&function, "call 0 ", 10_100),
        (&function, "block (type 0) br 0 end ", 3_400),
        (&function, &wide_table, 1),
        (&tag, "throw 0 ", 10_100),
    ] {
        let module = code(types, instructions, count);
        assert_eq!(limit(&format!("(component (core {})", &module[1..])), "operands");
        let module = Module::read(module.as_bytes()).expect("it is read");
        match module.validate(Rules::Extended) {
            Err(LowerError::Limit { name, .. }) => assert_eq!(name, "operands"),
            other => panic!("{other:?}"),
        }
    }
    let both = format!("{array} (type (struct (field {})))", " i32".repeat(5_000));
    let module = code(&both, "array.new_fixed 0 10000 drop struct.new 1 drop ", 500);
    let module = Module::read(module.as_bytes()).expect("it is read");
    module.validate(Rules::Extended).expect("it is accepted");
}

/// Instances of a core module, of a component with parallel threads: those that take turns share the code.
fn copies(module: &str, instances: usize) -> String {
    let instances = "(core instance (instantiate $m))".repeat(instances);
    format!("(component (core module $m {module}) {instances})")
}

#[test]
fn instances_of_one_core_module_copy_so_much_and_no_more() {
    let functions = "(func)".repeat(500);
    let data = format!(r#"(data "{}")"#, "x".repeat(60_000));
    let elements = format!("(func $f) (elem func {})", "$f ".repeat(900));
    for (module, name) in [
        (&functions, "copied functions"),
        (&data, "copied bytes"),
        (&elements, "copied elements"),
    ] {
        let error = lower(copies(module, 900).as_bytes())
            .expect_err("it is refused")
            .to_string();
        assert!(error.contains(name), "{error}");
        lower(copies(module, 100).as_bytes()).expect("it is accepted");
    }
    let one = "(func)".repeat(15_000);
    lower(copies(&one, 4).as_bytes()).expect("it is accepted");
}
