//! Values of Rust types, some of them derived, that pass from the host to a guest, from there to a host function, and back.

use crate::support::{engine, watched};
use crate::typed::{echo, echo_with, goes_round};
use weft_parallel::{Component, ComponentType, Error, HostParams, HostResult, Lift, Linker, Lower, ThreadContext};

#[test]
fn values_of_all_kinds_go_round() {
    watched(|| {
        let of = |ty: &str| format!(r#"(param "a" {ty}) (result {ty})"#);
        goes_round(&echo(&of("u32"), "i32", Some("i32")), (7_u32,));
        goes_round(&echo(&of("s8"), "i32", Some("i32")), (-7_i8,));
        goes_round(&echo(&of("s64"), "i64", Some("i64")), (i64::MIN,));
        goes_round(&echo(&of("f64"), "f64", Some("f64")), (0.25_f64,));
        goes_round(&echo(&of("f32"), "f32", Some("f32")), (-1.5_f32,));
        goes_round(&echo(&of("char"), "i32", Some("i32")), ('é',));
        goes_round(&echo(&of("bool"), "i32", Some("i32")), (true,));
        goes_round(&echo(&of("string"), "i32 i32", None), ("weft ⛵".to_owned(),));
        goes_round(&echo(&of("(list u8)"), "i32 i32", None), (vec![1_u8, 2, 255],));
        goes_round(&echo(&of("(list u64)"), "i32 i32", None), (vec![1_u64, u64::MAX],));
        let words = vec!["one".to_owned(), String::new(), "three".to_owned()];
        goes_round(&echo(&of("(list string)"), "i32 i32", None), (words,));
        let result = echo(&of("(result string (error u64))"), "i32 i64 i32", None);
        goes_round(&result, (Ok::<String, u64>("fine".to_owned()),));
        goes_round(&result, (Err::<String, u64>(u64::MAX),));
        goes_round(&echo(&of("(option f32)"), "i32 f32", None), (Some(1.5_f32),));
        goes_round(&echo(&of("(result)"), "i32", Some("i32")), (Err::<(), ()>(()),));
        let tuple = echo(&of("(tuple u8 string (tuple s64 bool))"), "i32 i32 i32 i64 i32", None);
        goes_round(&tuple, ((1_u8, "two".to_owned(), (-3_i64, true)),));
    });
}

#[derive(Debug, Clone, PartialEq, ComponentType, Lift, Lower)]
#[component(record)]
struct Sample {
    at: u8,
    #[component(name = "label-text")]
    label: String,
    values: Vec<f32>,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, ComponentType, Lift, Lower)]
#[component(enum)]
enum Kind {
    Raw,
    HalfCooked,
    #[component(name = "done")]
    Cooked,
}

#[derive(Debug, Clone, PartialEq, ComponentType, Lift, Lower)]
#[component(variant)]
enum Origin {
    Unknown,
    Camera(u64),
    Artist((String, f32)),
}

/// A record whose field types the host chooses.
#[derive(Debug, Clone, PartialEq, ComponentType, Lift, Lower)]
#[component(record)]
struct Pair<A, B> {
    left: A,
    right: B,
}

weft_parallel::flags! {
    /// What a guest may do.
    Access {
        const READ;
        const WRITE;
        #[component(name = "run-it")]
        const RUN;
    }
}

const KIND: &str = r#"(type $kind' (enum "raw" "half-cooked" "done")) (import "kind" (type $kind (eq $kind')))"#;

#[test]
fn derived_types_go_round() {
    watched(|| {
        let record = format!(
            r#"{KIND} (type $sample' (record
                (field "at" u8) (field "label-text" string) (field "values" (list f32)) (field "kind" $kind)))
            (import "sample" (type $sample (eq $sample')))"#
        );
        let of = |ty: &str| format!(r#"(param "a" {ty}) (result {ty})"#);
        let sample = Sample {
            at: 3,
            label: "Probe".to_owned(),
            values: vec![0.5, -1.0],
            kind: Kind::HalfCooked,
        };
        goes_round(
            &echo_with(&record, &of("$sample"), "i32 i32 i32 i32 i32 i32", None),
            (sample.clone(),),
        );
        let list = echo_with(&record, &of("(list $sample)"), "i32 i32", None);
        goes_round(&list, (vec![sample.clone(), Sample { at: 4, ..sample }],));
        for kind in [Kind::Raw, Kind::HalfCooked, Kind::Cooked] {
            goes_round(&echo_with(KIND, &of("$kind"), "i32", Some("i32")), (kind,));
        }
        let origin = r#"(type $origin' (variant
                (case "unknown") (case "camera" u64) (case "artist" (tuple string f32))))
            (import "origin" (type $origin (eq $origin')))"#;
        for value in [
            Origin::Unknown,
            Origin::Camera(u64::MAX),
            Origin::Artist(("Ada".to_owned(), 1.5)),
        ] {
            let flat = echo_with(origin, &of("$origin"), "i32 i64 i32 f32", None);
            goes_round(&flat, (value.clone(),));
            let list = echo_with(origin, &of("(list $origin)"), "i32 i32", None);
            goes_round(&list, (vec![value.clone(), Origin::Unknown, value],));
        }
        let access =
            r#"(type $access' (flags "read" "write" "run-it")) (import "access" (type $access (eq $access')))"#;
        for value in [Access::empty(), Access::READ | Access::RUN, Access::all()] {
            goes_round(&echo_with(access, &of("$access"), "i32", Some("i32")), (value,));
            let list = echo_with(access, &of("(list $access)"), "i32 i32", None);
            goes_round(&list, (vec![value],));
        }
        let pair = r#"(type $pair' (record (field "left" u8) (field "right" string)))
            (import "pair" (type $pair (eq $pair')))"#;
        let value = Pair {
            left: 7_u8,
            right: "seven".to_owned(),
        };
        goes_round(&echo_with(pair, &of("$pair"), "i32 i32 i32", None), (value,));
    });
}

#[test]
fn flags_are_sets() {
    let both = Access::READ | Access::WRITE;
    assert!(both.contains(Access::READ) && !both.contains(Access::RUN));
    assert!(both.intersects(Access::WRITE | Access::RUN));
    assert_eq!(both - Access::READ, Access::WRITE);
    assert_eq!(!both, Access::RUN);
    assert_eq!((both ^ Access::all()) & Access::RUN, Access::RUN);
    assert_eq!(both.bits(), 3);
    assert_eq!(format!("{:?}", Access::READ | Access::RUN), r#"{"read", "run-it"}"#);
    assert!(Access::default().is_empty());
}

#[test]
fn derived_types_that_do_not_fit_are_named() {
    watched(|| {
        let engine = engine(1);
        let refused = |definitions: &str, ty: &str, core: &str, define: fn(&mut Linker<()>)| {
            let types = format!(r#"(param "a" {ty}) (result {ty})"#);
            let component = Component::new(&engine, echo_with(definitions, &types, core, Some("i32")).as_bytes());
            let mut linker = Linker::<()>::new(&engine);
            define(&mut linker);
            match linker.instantiate(&component.expect("a valid component"), ()) {
                Err(Error::Link(message)) => message,
                Err(other) => panic!("{other:?}"),
                Ok(_) => panic!("the types differ"),
            }
        };
        fn define<V: 'static>(linker: &mut Linker<()>)
        where
            (V,): HostParams + HostResult,
        {
            let same = |_: ThreadContext<'_, ()>, (value,): (V,)| Ok((value,));
            linker.root().func_wrap("f", same).expect("defined once");
        }
        let message = |reason| {
            format!("the host defines `f` with other types than the component imports: argument `a`: {reason}")
        };
        assert_eq!(
            refused(KIND, "$kind", "i32", define::<Access>),
            message("expected flags, found enum")
        );
        let kind = r#"(type $kind' (enum "raw" "cooked" "done")) (import "kind" (type $kind (eq $kind')))"#;
        assert_eq!(
            refused(kind, "$kind", "i32", define::<Kind>),
            message("expected case `half-cooked`, found case `cooked`")
        );
        let one = r#"(type $one' (record (field "left" u8))) (import "one" (type $one (eq $one')))"#;
        assert_eq!(
            refused(one, "$one", "i32", define::<Pair<u8, u8>>),
            message("expected 2 field(s), found 1")
        );
    });
}
