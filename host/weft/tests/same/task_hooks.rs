//! A module that exports `__wasm_task_hook`, by a newer ABI of `wasm32-wasip3`: its component tells the hook of each call.

use std::path::Path;
use weft::{Component, Config, Engine, Linker, ResourceAny, Runtime};
use weft_adapt::Options;

const MODULE: &str = include_str!("../../../../tools/adapt/tests/cases/cooperative-task-hook.wat");

#[test]
fn the_hook_is_told_of_each_call() {
    let world = "../../tools/adapt/tests/cases/cooperative-task-hook.wit";
    let world = Path::new(env!("CARGO_MANIFEST_DIR")).join(world);
    let module = wat::parse_str(MODULE).expect("a module");
    let adapted = weft_adapt::adapt_with(&module, &Options::new().world(world, None)).expect("a module of the world");
    let engine = Engine::new(&Config::new()).expect("an engine");
    let component = Component::new(&engine, &adapted).expect("a valid component");
    assert_eq!(component.runtime(), Runtime::Cooperative);
    let instance = Linker::new(&engine).instantiate(&component, ()).expect("no imports");
    let events = instance.get_typed_func::<(), (u64,)>(&["events"]).expect("events");
    // Four bits for each event. A call of `events` begins with 0 and ends with 1.
    assert_eq!(events.call(()).expect("no trap"), (0x670,), "_initialize");

    let echo = instance.get_typed_func::<(String,), (String,)>(&["test:hook/things", "echo"]);
    let (text,) = echo.expect("echo").call(("text".to_owned(),)).expect("no trap");
    assert_eq!(text, "text");
    assert_eq!(
        events.call(()).expect("no trap"),
        (0x6_701c_d010,),
        "realloc, the task, and its post-return"
    );

    let construct = instance.get_typed_func::<(), (ResourceAny,)>(&["test:hook/things", "[constructor]thing"]);
    let (thing,) = construct.expect("a constructor").call(()).expect("no trap");
    instance.resource_drop(thing).expect("it is the host's");
    assert_eq!(
        events.call(()).expect("no trap"),
        (0x0670_1cd0_1010_1890,),
        "the constructor and the destructor"
    );

    let later = instance.get_typed_func::<(), ()>(&["later"]).expect("later");
    later.call(()).expect("no trap");
    // 16 events are in the number, so the first ones have gone.
    assert_eq!(
        events.call(()).expect("no trap"),
        (0xd010_1018_9012_4350,),
        "a task that yields once"
    );
}
