//! Resources of the host in functions with Rust types.

use crate::host_resources::FILES;
use crate::support::{component, engine, trap, watched};
use crate::typed::Lines;
use weft_parallel::{Engine, Error, Instance, Linker, Resource, ResourceType, ThreadContext, Val};

/// The Rust type that stands for the host's resource type.
struct File;

fn files(engine: &Engine) -> Linker<Lines> {
    let mut linker = Linker::<Lines>::new(engine);
    let mut files = linker.instance("test:files/files@1.0.0").expect("no function");
    files
        .resource(
            "file",
            ResourceType::host::<File>(),
            |thread: ThreadContext<'_, Lines>, rep| {
                thread.data().host().add(format!("dropped {rep}"));
                Ok(())
            },
        )
        .expect("defined once");
    files
        .func_wrap("open", |_: ThreadContext<'_, Lines>, (number,): (u32,)| {
            Ok((Resource::<File>::new_own(number * 10),))
        })
        .expect("defined once");
    files
        .func_wrap("read", |_: ThreadContext<'_, Lines>, (file,): (Resource<File>,)| {
            assert!(!file.owned());
            Ok((file.rep() + 1,))
        })
        .expect("defined once");
    linker
}

fn with_files(engine: &Engine) -> Instance<Lines> {
    let mut linker = files(engine);
    linker
        .instance("test:files/files@1.0.0")
        .expect("no function")
        .func_wrap_async("close", |_, (file,): (Resource<File>,)| {
            assert!(file.owned());
            Box::new(async move { Ok((file.rep(),)) })
        })
        .expect("defined once");
    linker
        .instantiate(&component(engine, FILES), Lines::default())
        .expect("an instance")
}

#[test]
fn resources_of_the_host_are_rust_values() {
    watched(|| {
        let instance = with_files(&engine(2));
        let call = |name, number: u32| {
            let func = instance
                .get_typed_func::<(u32,), (u32,)>(&[name])
                .expect("of this type");
            func.call((number,)).expect("no trap").0
        };
        assert_eq!(call("use", 4), 41);
        assert_eq!(call("closes", 5), 50);
        let threads = instance.get_typed_func::<(), ()>(&["threads"]).expect("of this type");
        threads.call(()).expect("no trap");
        let mut dropped = std::mem::take(&mut *instance.host().0.lock().expect("no panic"));
        dropped.sort();
        assert_eq!(
            dropped,
            ["dropped 10", "dropped 20", "dropped 30", "dropped 40", "dropped 40"]
        );
    });
}

#[test]
fn a_guest_borrows_a_typed_resource_for_one_call() {
    watched(|| {
        let engine = engine(1);
        let instance = with_files(&engine);
        let peek = instance
            .get_typed_func::<(Resource<File>,), (u32,)>(&["peek"])
            .expect("of this type");
        assert_eq!(peek.call((Resource::new_borrow(70),)).expect("no trap"), (71,));
        assert_eq!(peek.call((Resource::new_own(70),)).expect("no trap"), (71,));
        // A handle that the host made for values is of the same type.
        let file = instance.new_resource::<File>(80).expect("imported");
        let func = instance.get_func(&["peek"]).expect("exported");
        assert_eq!(func.call(&[Val::Resource(file)]).expect("no trap"), Some(Val::U32(81)));
        let keep = instance
            .get_typed_func::<(Resource<File>,), (u32,)>(&["keep"])
            .expect("of this type");
        let kept = trap(keep.call((Resource::new_borrow(1),))).to_string();
        assert!(
            kept.contains("borrow handles still remain at the end of the call"),
            "{kept}"
        );
    });
}

#[test]
fn a_resource_of_another_type_is_refused_at_instantiation() {
    watched(|| {
        let engine = engine(1);
        let mut linker = files(&engine);
        linker
            .instance("test:files/files@1.0.0")
            .expect("no function")
            .func_wrap("close", |_: ThreadContext<'_, Lines>, (file,): (Resource<Lines>,)| {
                Ok((file.rep(),))
            })
            .expect("defined once");
        match linker.instantiate(&component(&engine, FILES), Lines::default()) {
            Err(Error::Link(message)) => assert_eq!(
                message,
                "the host defines `test:files/files@1.0.0#close` with other types than the component imports: argument `file`: \
                 expected another resource type"
            ),
            Err(other) => panic!("{other:?}"),
            Ok(_) => panic!("another resource"),
        }
    });
}
