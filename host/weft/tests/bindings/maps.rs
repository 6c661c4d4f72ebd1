//! Maps in a world: the methods and calls that `bindgen!` makes of it take and return `HashMap`, on both runtimes.

use std::collections::HashMap;
use weft::{Component, Config, Engine, Linker, Runtime};

weft::bindgen!({
    inline: "
        package test:maps;

        world maps {
            import tally: func(words: map<string, u32>) -> map<string, u32>;
            record report { counts: map<u8, list<string>> }
            import group: func(words: list<string>) -> report;
            export pass: func(words: map<string, u32>) -> map<string, u32>;
            export sizes: func(words: list<string>) -> map<u8, list<string>>;
        }
    ",
});

const COMPONENT: &str = r#"(component
    (import "tally" (func $tally (param "words" (map string u32)) (result (map string u32))))
    (type $report (record (field "counts" (map u8 (list string)))))
    (import "report" (type $report-type (eq $report)))
    (import "group" (func $group (param "words" (list string)) (result $report-type)))
    (core module $libc
        (memory (export "memory") 1)
        (global $free (mut i32) (i32.const 64))
        (func (export "realloc") (param $old i32) (param $old-size i32) (param $align i32) (param $size i32) (result i32)
            (global.set $free (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
            (global.get $free)
            (global.set $free (i32.add (global.get $free) (local.get $size)))))
    (core instance $libc (instantiate $libc))
    (core func $tally (canon lower (func $tally) (memory $libc "memory") (realloc (func $libc "realloc"))))
    (core func $group (canon lower (func $group) (memory $libc "memory") (realloc (func $libc "realloc"))))
    (core module $main
        (import "host" "tally" (func $tally (param i32 i32 i32)))
        (import "host" "group" (func $group (param i32 i32 i32)))
        (func (export "pass") (param i32 i32) (result i32)
            (call $tally (local.get 0) (local.get 1) (i32.const 16))
            (i32.const 16))
        (func (export "sizes") (param i32 i32) (result i32)
            (call $group (local.get 0) (local.get 1) (i32.const 16))
            (i32.const 16)))
    (core instance $main (instantiate $main
        (with "host" (instance (export "tally" (func $tally)) (export "group" (func $group))))))
    (func (export "pass") (param "words" (map string u32)) (result (map string u32))
        (canon lift (core func $main "pass") (memory $libc "memory") (realloc (func $libc "realloc"))))
    (func (export "sizes") (param "words" (list string)) (result (map u8 (list string)))
        (canon lift (core func $main "sizes") (memory $libc "memory") (realloc (func $libc "realloc")))))"#;

struct Host;

impl MapsImports for Host {
    fn tally(&self, words: HashMap<String, u32>) -> HashMap<String, u32> {
        words.into_iter().map(|(word, count)| (word, 2 * count)).collect()
    }

    fn group(&self, words: Vec<String>) -> Report {
        let mut counts = HashMap::<u8, Vec<String>>::new();
        for word in words {
            counts.entry(word.len() as u8).or_default().push(word);
        }
        Report { counts }
    }
}

#[test]
fn maps_go_through_imports_and_exports() {
    for runtime in [Runtime::Parallel, Runtime::Cooperative] {
        let engine = Engine::new(Config::new().runtime(Some(runtime))).expect("an engine");
        let component = Component::new(&engine, COMPONENT).expect("a valid component");
        let mut linker = Linker::<Host>::new(&engine);
        Maps::add_to_linker(&mut linker, |host: &Host| host).expect("defined once");
        let maps = Maps::instantiate(&linker, &component, Host).expect("an instance");

        let words = HashMap::from([("one".to_owned(), 1), (String::new(), 7)]);
        let doubled = HashMap::from([("one".to_owned(), 2), (String::new(), 14)]);
        assert_eq!(maps.call_pass(words).expect("no trap"), doubled, "{runtime:?}");
        assert_eq!(maps.call_pass(HashMap::new()).expect("no trap"), HashMap::new());

        let words = ["one", "four", "two"].map(str::to_owned).to_vec();
        let sizes = HashMap::from([
            (3, vec!["one".to_owned(), "two".to_owned()]),
            (4, vec!["four".to_owned()]),
        ]);
        assert_eq!(maps.call_sizes(words).expect("no trap"), sizes, "{runtime:?}");
    }
}
