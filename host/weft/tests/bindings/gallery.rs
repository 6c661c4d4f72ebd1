//! A world with everything that WIT offers, on both runtimes: types of another interface, a resource with each kind of function, asynchronous and
//! blocking functions, errors of the host's own, and an exported interface with a resource.

#[path = "../../../parallel/tests/embedding/gallery_host.rs"]
mod host;

use host::Host;
use weft as runtime;
use weft::{Component, Config, Engine, Error, Linker, ResourceAny, Runtime};

/// The same as in the tests of the parallel runtime. It has no threads, so either runtime runs it.
const COMPONENT: &str = include_str!("../../../parallel/tests/embedding/bindings.wat");

const RUNTIMES: [Runtime; 2] = [Runtime::Parallel, Runtime::Cooperative];

mod world {
    weft::bindgen!({
        path: "../parallel/tests/embedding/bindings.wit",
        world: "gallery",
        imports: {
            "test:gallery/store#log": async,
            "test:gallery/store#[method]image.name": blocking,
            "now": trappable,
        },
        with: { "test:gallery/store/image": super::host::Image },
        trappable_error_type: { "test:gallery/types/failure" => super::host::Broken },
        additional_derives: [PartialEq],
    });
}

use world::Gallery;
use world::exports::test::gallery::albums::Entry;
use world::test::gallery::types::{Failure, Kind, Size};

fn engine(runtime: Runtime) -> Engine {
    let mut config = Config::new();
    config.runtime(Some(runtime));
    Engine::new(&config).expect("an engine")
}

fn gallery(runtime: Runtime) -> Gallery<Host> {
    let engine = engine(runtime);
    let component = Component::new(&engine, COMPONENT.as_bytes()).expect("a valid component");
    let mut linker = Linker::<Host>::new(&engine);
    Gallery::add_to_linker(&mut linker, |host: &Host| host).expect("defined once");
    assert_eq!(linker.missing(&component).expect("an engine"), [""; 0]);
    Gallery::instantiate(&linker, &component, Host::default()).expect("an instance")
}

#[test]
fn imports_are_methods_and_exports_are_calls() {
    for runtime in RUNTIMES {
        let gallery = gallery(runtime);
        // It makes an image of that name and width, resizes it, logs its name, and gives the old width.
        let host = gallery.instance().host();
        let shown = gallery.call_show("sea".to_owned(), 40, Kind::Drawing);
        assert_eq!(shown.expect("no trap"), Ok(40), "{runtime:?}");
        assert_eq!(host.lines(), [r#"sea Drawing {"read", "write"}"#, "dropped 0"]);
        let shown = gallery.call_show("hill".to_owned(), 0, Kind::Photo);
        assert_eq!(shown.expect("no trap"), Err(Failure::Empty), "{runtime:?}");
        assert_eq!(gallery.call_time().expect("no trap"), 1236);
    }
}

#[test]
fn an_error_that_cannot_be_converted_ends_the_program() {
    for runtime in RUNTIMES {
        let first = gallery(runtime);
        for _ in 0..2 {
            match first.call_show("x".to_owned(), 13, Kind::Photo) {
                Err(Error::Trap(trap)) => assert_eq!(trap.message(), "thirteen is too many"),
                other => panic!("{runtime:?}: {other:?}"),
            }
        }
        match gallery(runtime).call_time() {
            Err(Error::Trap(trap)) => assert_eq!(trap.message(), "no time without an image"),
            other => panic!("{runtime:?}: {other:?}"),
        }
    }
}

#[test]
fn an_exported_interface_with_a_resource_is_called() {
    for runtime in RUNTIMES {
        let gallery = gallery(runtime);
        let albums = gallery.test_gallery_albums();
        let album: ResourceAny = albums.album().call_constructor(7).expect("no trap");
        assert_eq!(albums.album().call_pages(album).expect("no trap"), 7);
        let size = Size { width: 1, height: 2 };
        assert_eq!(albums.call_first(album).expect("no trap"), Entry { page: 7, size });
        // A handle that the host has dropped is an error, and the program goes on.
        gallery.instance().resource_drop(album).expect("it is the host's");
        let gone = albums.album().call_pages(album);
        assert!(matches!(gone, Err(Error::Arguments(_))), "{runtime:?}: {gone:?}");
        let next = albums.album().call_constructor(8).expect("the program goes on");
        assert_eq!(albums.album().call_pages(next).expect("no trap"), 8);
    }
}

#[test]
fn a_component_that_lacks_an_export_is_refused() {
    for runtime in RUNTIMES {
        let engine = engine(runtime);
        let component = Component::new(&engine, b"(component)").expect("a valid component");
        let linker = Linker::<Host>::new(&engine);
        match Gallery::instantiate(&linker, &component, Host::default()) {
            Err(Error::NoExport(name)) => assert_eq!(name, "show"),
            Err(other) => panic!("{runtime:?}: {other:?}"),
            Ok(_) => panic!("it exports nothing"),
        }
    }
}
