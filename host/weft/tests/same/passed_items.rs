//! The embedder supplies what one instance exports for the imports of another: core modules, and functions, whose types
//! are compared when the importer is linked. Each of the two is on one of the runtimes.

use std::num::NonZeroUsize;
use std::sync::Arc;
use weft::types::ComponentItem;
use weft::{Component, Config, Engine, Error, Instance, Linker, Module, ResourceType, Runtime};

const RUNTIMES: [Runtime; 2] = [Runtime::Cooperative, Runtime::Parallel];

fn engine(runtime: Runtime) -> Engine {
    let mut config = Config::new();
    config.workers(NonZeroUsize::MIN).runtime(Some(runtime));
    Engine::new(&config).expect("an engine")
}

fn component(engine: &Engine, text: &str) -> Component {
    Component::new(engine, text.as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

fn instance(component: &Component) -> Instance<()> {
    let linker = Linker::new(component.engine());
    linker.instantiate(component, ()).expect("an instance without imports")
}

/// Exports a core module in an instance, and one that the importer's type does not fit.
const LIBRARY: &str = r#"(component
    (core module $counter
        (memory (export "memory") 1)
        (global $count (mut i32) (i32.const 41))
        (data (i32.const 0) "\07")
        (func (export "next") (result i32)
            (global.set $count (i32.add (global.get $count) (i32.const 1)))
            (global.get $count)))
    (core module $other (func (export "next") (result i64) (i64.const 0)))
    (instance $lib (export "counter" (core module $counter)) (export "other" (core module $other)))
    (export "lib" (instance $lib)))"#;

/// Instantiates it twice.
const USER: &str = r#"(component
    (import "lib" (instance $lib (export "counter" (core module
        (export "memory" (memory 1))
        (export "next" (func (result i32)))))))
    (alias export $lib "counter" (core module $counter))
    (core instance $one (instantiate $counter))
    (core instance $two (instantiate $counter))
    (core module $m
        (import "one" "memory" (memory 1))
        (import "one" "next" (func $one (result i32)))
        (import "two" "next" (func $two (result i32)))
        (func (export "sum") (result i32)
            (i32.add (i32.load8_u (i32.const 0)) (i32.add (call $one) (call $two)))))
    (core instance $m (instantiate $m (with "one" (instance $one)) (with "two" (instance $two))))
    (func (export "sum") (result u32) (canon lift (core func $m "sum"))))"#;

#[test]
fn an_instance_exports_the_core_module_that_another_one_imports() {
    for (exporter, importer) in RUNTIMES.into_iter().flat_map(|one| RUNTIMES.map(|other| (one, other))) {
        let (exporting, importing) = (engine(exporter), engine(importer));
        let library = component(&exporting, LIBRARY);
        // What the engine has compiled before knows its core modules too.
        let bytes = library.serialize().expect("enough memory");
        // SAFETY: `serialize` returned the bytes.
        #[expect(unsafe_code, reason = "the test compiled the code itself")]
        let loaded = unsafe { Component::deserialize(&exporting, bytes) }.expect("the same engine");
        let user = component(&importing, USER);
        for library in [library, loaded] {
            let library = instance(&library);
            let module = library
                .get_module(&["lib", "counter"])
                .expect("an exported core module");
            assert!(library.get_module(&["counter"]).is_none());
            let mut linker = Linker::new(&importing);
            let mut lib = linker.instance("lib").expect("an empty linker");
            lib.module("counter", &module).expect("a new name");
            assert!(matches!(lib.module("counter", &module), Err(Error::Defined(_))));
            let prepared = linker.instantiate_pre(&user).expect("all imports are there");
            for _ in 0..2 {
                let instance = prepared.instantiate(()).expect("an instance");
                let sum = instance.get_typed_func::<(), (u32,)>(&["sum"]).expect("an export");
                assert_eq!(
                    sum.call(()).expect("no trap"),
                    (7 + 42 + 42,),
                    "{exporter:?}, {importer:?}"
                );
                assert_eq!(
                    sum.call(()).expect("no trap"),
                    (7 + 43 + 43,),
                    "{exporter:?}, {importer:?}"
                );
            }

            let other = library.get_module(&["lib", "other"]).expect("an exported core module");
            let mut linker = Linker::<()>::new(&importing);
            let mut lib = linker.instance("lib").expect("an empty linker");
            lib.module("counter", &other).expect("a new name");
            let refused = linker.instantiate(&user, ()).err().expect("another type").to_string();
            assert!(refused.contains("counter"), "{refused}");
        }
        let missing = Linker::new(&importing)
            .instantiate(&user, ())
            .err()
            .expect("no definition");
        // On the parallel runtime, the host cannot implement such a core module with functions.
        let reason = match importer {
            Runtime::Cooperative => "lib",
            Runtime::Parallel => "memory `memory` of an imported core module",
        };
        assert!(missing.to_string().contains(reason), "{missing}");
    }
}

#[test]
fn a_core_module_can_be_text_and_is_validated() {
    for (runtime, memory) in RUNTIMES
        .into_iter()
        .flat_map(|one| ["1", "1 1 shared"].map(|memory| (one, memory)))
    {
        let engine = engine(runtime);
        let user = component(&engine, &USER.replace("(memory 1)", &format!("(memory {memory})")));
        let text = format!(
            r#"(module (memory (export "memory") {memory}) (func (export "next") (result i32) (i32.const 5)))"#
        );
        let module = Module::new(text).expect("a valid module");
        let mut linker = Linker::new(&engine);
        let mut lib = linker.instance("lib").expect("an empty linker");
        lib.module("counter", &module).expect("a new name");
        let instance = linker.instantiate(&user, ()).expect("all imports are there");
        let sum = instance.get_typed_func::<(), (u32,)>(&["sum"]).expect("an export");
        assert_eq!(sum.call(()).expect("no trap"), (10,), "{runtime:?}, {memory}");
    }
    assert!(Module::new("(module (func (result i32)))").is_err());
    assert!(Module::new("(component)").is_err());
}

/// In the instance that it is in, and once, however often the component instantiates it.
#[test]
fn a_component_type_lists_an_imported_core_module() {
    for runtime in RUNTIMES {
        let ty = component(&engine(runtime), USER).component_type().expect("small types");
        let imports: Vec<_> = ty.imports().collect();
        let [("lib", ComponentItem::ComponentInstance(lib))] = imports.as_slice() else {
            panic!("{runtime:?}: {imports:?}")
        };
        let items: Vec<_> = lib.exports().collect();
        assert!(
            matches!(items.as_slice(), [("counter", ComponentItem::Module)]),
            "{runtime:?}: {items:?}"
        );
    }
}

/// Exports functions, one of them with a resource.
const FUNCTIONS: &str = r#"(component
    (core module $m
        (func (export "double") (param i32) (result i32) (i32.mul (i32.const 2) (local.get 0)))
        (func (export "use") (param i32)))
    (core instance $m (instantiate $m))
    (func (export "double") (param "n" u32) (result u32) (canon lift (core func $m "double")))
    (type $r' (resource (rep i32)))
    (export $r "r" (type $r'))
    (func (export "use") (param "r" (borrow $r)) (canon lift (core func $m "use"))))"#;

/// What stands for the exporter's resource type.
const RESOURCE: ResourceType = ResourceType::host_dynamic(3);

/// A linker that supplies the functions of an instance, with their types.
fn supplying(engine: &Engine, functions: Instance<()>) -> Linker<()> {
    let functions = Arc::new(functions);
    let mut linker = Linker::new(engine);
    let mut place = linker.instance("functions").expect("an empty linker");
    let exported = functions.get_resource(&["r"]).expect("an exported resource type");
    place.resource("r", RESOURCE, |_, _| Ok(())).expect("a new name");
    for name in ["double", "use"] {
        let func = functions.get_func(&[name]).expect("an export");
        let signature = func.signature().expect("the instance lives");
        let signature = signature.with_resources(|ty| if ty == exported { RESOURCE } else { ty });
        let functions = Arc::clone(&functions);
        let defined = place.func_new_async(name, move |_, arguments| {
            let (functions, name) = (Arc::clone(&functions), name);
            Box::new(async move {
                let func = functions.get_func(&[name]).expect("an export");
                Ok(func.call_async(arguments).await?)
            })
        });
        defined.expect("a new name").func_type(name, signature);
    }
    linker
}

fn importer(items: &str) -> String {
    format!(
        r#"(component
            (import "functions" (instance $f (export "r" (type $r (sub resource))) {items}))
            (core func $double (canon lower (func $f "double")))
            (core module $m
                (import "" "double" (func $double (param i32) (result i32)))
                (func (export "four") (result i32) (call $double (i32.const 2))))
            (core instance $m (instantiate $m (with "" (instance (export "double" (func $double))))))
            (func (export "four") (result u32) (canon lift (core func $m "four"))))"#
    )
}

#[test]
fn the_types_of_an_instances_functions_are_compared_with_those_of_imports() {
    const DOUBLE: &str = r#"(export "double" (func (param "n" u32) (result u32)))"#;
    for (exporter, importing) in RUNTIMES.into_iter().flat_map(|one| RUNTIMES.map(|other| (one, other))) {
        let engine = engine(importing);
        let functions = || instance(&component(&self::engine(exporter), FUNCTIONS));
        let fits = importer(&format!(r#"{DOUBLE} (export "use" (func (param "r" (borrow $r))))"#));
        let linker = supplying(&engine, functions());
        let instance = linker
            .instantiate(&component(&engine, &fits), ())
            .expect("the same types");
        let four = instance.get_typed_func::<(), (u32,)>(&["four"]).expect("an export");
        assert_eq!(four.call(()).expect("no trap"), (4,));

        for (items, reason) in [
            (
                r#"(export "double" (func (param "n" s32) (result u32)))"#.to_owned(),
                "`functions#double` with a type that differs from the type of its definition: parameter `n`: expected `s32`, found `u32`",
            ),
            (
                r#"(export "double" (func (param "m" u32) (result u32)))"#.to_owned(),
                "the name of parameter 1: expected `m`, found `n`",
            ),
            (
                format!(r#"{DOUBLE} (export "use" (func (param "r" (own $r))))"#),
                "`functions#use` with a type that differs",
            ),
        ] {
            let refused = linker.instantiate(&component(&engine, &importer(&items)), ()).err();
            let refused = refused.expect("another type").to_string();
            assert!(refused.contains(reason), "{exporter:?}, {importing:?}: {refused}");
        }

        // A linker that has defined everything for one runtime before, and one that is a copy.
        let copy = linker.clone();
        let other = importer(r#"(export "double" (func (param "n" s32) (result u32)))"#);
        assert!(copy.instantiate(&component(&engine, &other), ()).is_err());
        // Another definition in its place has no type.
        let mut shadowing = linker.clone();
        shadowing.allow_shadowing(true);
        let mut place = shadowing.instance("functions").expect("an instance");
        let defined = place.func_new("double", |_, arguments| Ok(Some(arguments[0].clone())));
        assert!(defined.is_ok());
        let instance = shadowing
            .instantiate(&component(&engine, &fits), ())
            .expect("no type to compare");
        let four = instance.get_typed_func::<(), (u32,)>(&["four"]).expect("an export");
        assert_eq!(four.call(()).expect("no trap"), (2,));
    }
}
