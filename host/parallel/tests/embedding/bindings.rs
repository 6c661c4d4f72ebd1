//! `bindgen!`: traits and typed calls for a WIT world, on components that are written against the same world.

#[path = "gallery_host.rs"]
mod host;

use crate::support::{engine, watched};
use host::Host;
use weft_parallel as runtime;
use weft_parallel::{Component, Error, Linker, ResourceAny};

/// A world with what WIT has to offer: nested packages, types of another interface, a resource with each kind of function, errors,
/// imports and exports of the world's own, and an exported interface with a resource.
const COMPONENT: &str = include_str!("bindings.wat");

mod world {
    weft_parallel::bindgen!({
        path: "tests/embedding/bindings.wit",
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

fn gallery() -> Gallery<Host> {
    let engine = engine(2);
    let component = Component::new(&engine, COMPONENT.as_bytes()).expect("a valid component");
    let mut linker = Linker::<Host>::new(&engine);
    Gallery::add_to_linker(&mut linker, |host: &Host| host).expect("defined once");
    assert_eq!(linker.missing(&component), [""; 0]);
    Gallery::instantiate(&linker, &component, Host::default()).expect("an instance")
}

#[test]
fn imports_are_methods_and_exports_are_calls() {
    watched(|| {
        let gallery = gallery();
        // It makes an image of that name and width, resizes it, logs its name, and gives the old width.
        let host = gallery.instance().host();
        assert_eq!(
            gallery.call_show("sea".to_owned(), 40, Kind::Drawing).expect("no trap"),
            Ok(40)
        );
        assert_eq!(host.lines(), [r#"sea Drawing {"read", "write"}"#, "dropped 0"]);
        assert_eq!(
            gallery.call_show("hill".to_owned(), 0, Kind::Photo).expect("no trap"),
            Err(Failure::Empty)
        );
        assert_eq!(gallery.call_time().expect("no trap"), 1236);
    });
}

#[test]
fn an_error_that_cannot_be_converted_ends_the_program() {
    watched(|| {
        let first = gallery();
        match first.call_show("x".to_owned(), 13, Kind::Photo) {
            Err(Error::Trap(trap)) => assert_eq!(trap.message(), "thirteen is too many"),
            other => panic!("{other:?}"),
        }
        match gallery().call_time() {
            Err(Error::Trap(trap)) => assert_eq!(trap.message(), "no time without an image"),
            other => panic!("{other:?}"),
        }
    });
}

#[test]
fn an_exported_interface_with_a_resource_is_called() {
    watched(|| {
        let gallery = gallery();
        let albums = gallery.test_gallery_albums();
        let album: ResourceAny = albums.album().call_constructor(7).expect("no trap");
        assert_eq!(albums.album().call_pages(album).expect("no trap"), 7);
        let entry = albums.call_first(album).expect("no trap");
        assert_eq!(
            entry,
            Entry {
                page: 7,
                size: Size { width: 1, height: 2 }
            }
        );
    });
}

#[test]
fn exports_are_awaited_by_any_executor() {
    watched(|| {
        let engine = engine(1);
        let component = Component::new(&engine, COMPONENT.as_bytes()).expect("a valid component");
        let mut linker = Linker::<Host>::new(&engine);
        Gallery::add_to_linker(&mut linker, |host: &Host| host).expect("defined once");
        let shown = engine.block_on(async {
            let gallery = Gallery::instantiate_async(&linker, &component, Host::default()).await?;
            gallery.call_show_async("sea".to_owned(), 5, Kind::Photo).await
        });
        assert_eq!(shown.expect("not on a worker").expect("no trap"), Ok(5));
    });
}

#[test]
fn a_component_that_lacks_an_export_is_refused() {
    watched(|| {
        let engine = engine(1);
        let component = Component::new(&engine, b"(component)").expect("a valid component");
        let linker = Linker::<Host>::new(&engine);
        match Gallery::instantiate(&linker, &component, Host::default()) {
            Err(Error::NoExport(name)) => assert_eq!(name, "show"),
            Err(other) => panic!("{other:?}"),
            Ok(_) => panic!("it exports nothing"),
        }
    });
}

#[test]
fn a_handle_that_the_host_has_dropped_is_an_error_and_the_program_goes_on() {
    watched(|| {
        let gallery = gallery();
        let albums = gallery.test_gallery_albums();
        let album = albums.album().call_constructor(7).expect("no trap");
        gallery.instance().resource_drop(album).expect("it is the host's");
        let gone = albums.album().call_pages(album);
        assert!(matches!(gone, Err(Error::Arguments(_))), "{gone:?}");
        let next = albums.album().call_constructor(8).expect("the program goes on");
        assert_eq!(albums.album().call_pages(next).expect("no trap"), 8);
    });
}

#[test]
fn exports_are_found_by_compatible_versions() {
    watched(|| {
        let gallery = gallery();
        let instance = gallery.instance();
        let first = |interface: &str| {
            instance
                .get_func(&[interface, "first"])
                .map(|func| func.ty().params.len())
        };
        assert_eq!(first("test:gallery/albums@1.0.0"), Some(1));
        assert_eq!(first("test:gallery/albums@1.3.0"), Some(1));
        assert_eq!(first("test:gallery/albums@2.0.0"), None);
        assert_eq!(first("test:gallery/albums"), None);
        assert!(instance.get_func(&["test:gallery/albums@1.3.0", "last"]).is_none());
    });
}

/// A world that uses what another one has generated, and a name that the world itself gives.
mod reuse {
    weft_parallel::bindgen!({
        inline: r#"
            package test:reuse;

            world reuse {
                use test:gallery/types@1.0.0.{size};

                import tools: interface {
                    use test:gallery/types@1.0.0.{size};
                    area: func(of: size) -> u32;
                }
                import %type: func(%list: list<tuple<string, option<char>>>) -> result<list<u8>>;
                export run: func(of: size) -> u32;
            }
        "#,
        path: "tests/embedding/bindings.wit",
        with: { "test:gallery/types": super::world::test::gallery::types },
    });
}

impl reuse::tools::Host for () {
    fn area(&self, of: Size) -> u32 {
        of.width * of.height
    }
}

impl reuse::ReuseImports for () {
    fn type_(&self, list: Vec<(String, Option<char>)>) -> Result<Vec<u8>, ()> {
        list.first().map(|(text, _)| text.clone().into_bytes()).ok_or(())
    }
}

#[test]
fn types_of_another_world_are_used_again() {
    watched(|| {
        let engine = engine(1);
        let component = Component::new(
            &engine,
            br#"(component
                (import "test:gallery/types@1.0.0" (instance $types
                    (type $size' (record (field "width" u32) (field "height" u32)))
                    (export "size" (type (eq $size')))))
                (alias export $types "size" (type $size'))
                (import "size" (type $size (eq $size')))
                (import "tools" (instance $tools
                    (alias outer 1 $size' (type $outer))
                    (export "size" (type $size (eq $outer)))
                    (export "area" (func (param "of" $size) (result u32)))))
                (core func $area (canon lower (func $tools "area")))
                (core module $m
                    (import "" "area" (func $area (param i32 i32) (result i32)))
                    (func (export "run") (param i32 i32) (result i32) (call $area (local.get 0) (local.get 1))))
                (core instance $m (instantiate $m (with "" (instance (export "area" (func $area))))))
                (func (export "run") (param "of" $size) (result u32) (canon lift (core func $m "run"))))"#,
        );
        let mut linker = Linker::<()>::new(&engine);
        reuse::Reuse::add_to_linker(&mut linker, |host: &()| host).expect("defined once");
        let reuse = reuse::Reuse::instantiate(&linker, &component.expect("valid"), ()).expect("an instance");
        assert_eq!(reuse.call_run(Size { width: 6, height: 7 }).expect("no trap"), 42);
    });
}
