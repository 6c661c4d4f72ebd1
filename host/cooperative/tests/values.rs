//! Converts weft's values to Wasmtime's and back.

use std::convert::Infallible;
use wasmtime::component::Val as Wasmtime;
use weft_cooperative::{from_wasmtime, to_wasmtime};
use weft_parallel::Val as Weft;

fn boxed(value: Weft) -> Option<Box<Weft>> {
    Some(Box::new(value))
}

/// A tuple of one value of each kind, and of those inside others.
fn all() -> Weft {
    let text = || Weft::String("weft".into());
    Weft::Tuple(vec![
        Weft::Bool(true),
        Weft::S8(-1),
        Weft::U8(2),
        Weft::S16(-3),
        Weft::U16(4),
        Weft::S32(-5),
        Weft::U32(6),
        Weft::S64(-7),
        Weft::U64(8),
        Weft::Float32(0.5),
        Weft::Float64(-0.25),
        Weft::Char('w'),
        text(),
        Weft::List(vec![Weft::U8(1), Weft::U8(2)]),
        Weft::FixedLengthList(vec![text(), text()]),
        Weft::Map(vec![(text(), Weft::U32(1))]),
        Weft::Record(vec![("a".into(), Weft::Bool(false)), ("b".into(), text())]),
        Weft::Variant("case".into(), boxed(text())),
        Weft::Variant("empty".into(), None),
        Weft::Enum("case".into()),
        Weft::Option(boxed(Weft::Option(None))),
        Weft::Result(Ok(boxed(text()))),
        Weft::Result(Err(None)),
        Weft::Flags(vec!["first".into(), "third".into()]),
    ])
}

#[test]
fn values_of_all_kinds_come_back_as_they_were() {
    let Ok(there) = to_wasmtime(all(), &mut |part| -> Result<Wasmtime, Infallible> {
        panic!("`{part:?}` is no handle")
    });
    let Wasmtime::Tuple(parts) = &there else {
        panic!("{there:?} is no tuple");
    };
    assert_eq!(
        parts[15],
        Wasmtime::Map(vec![(Wasmtime::String("weft".into()), Wasmtime::U32(1))])
    );
    assert_eq!(parts[20], Wasmtime::Option(Some(Box::new(Wasmtime::Option(None)))));
    let Ok(back) = from_wasmtime(there, &mut |part| -> Result<Weft, Infallible> {
        panic!("`{part:?}` is no handle")
    });
    assert_eq!(back, all());
}

#[test]
fn the_caller_says_what_takes_the_place_of_a_handle() {
    use wasmtime::component::Resource;
    struct Host;
    let mut store = weft_cooperative::store(&wasmtime::Engine::default(), ());
    let resource = Resource::<Host>::new_own(7)
        .try_into_resource_any(&mut store)
        .expect("a handle");
    let value = Wasmtime::List(vec![Wasmtime::Resource(resource)]);
    let rep = &mut |part| match part {
        Wasmtime::Resource(resource) => {
            let resource = Resource::<Host>::try_from_resource_any(resource, &mut store);
            resource.map(|resource| Weft::U32(resource.rep()))
        }
        other => panic!("`{other:?}` is no resource"),
    };
    let converted = from_wasmtime(value.clone(), rep).expect("it is one of the host's");
    assert_eq!(converted, Weft::List(vec![Weft::U32(7)]));
    let refused = from_wasmtime(value, &mut |_| Err("no handles"));
    assert_eq!(refused, Err("no handles"));
}
