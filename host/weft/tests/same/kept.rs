//! Compiled programs: as bytes, in a file and in a cache.

use crate::programs::{FORMS, Form};
use crate::{Host, linker};
use std::time::Duration;
use weft::{Cache, Component, Config, Engine, Error, InstanceLimits, PrecompiledError, Runtime};
use weft_cache::container::{self, Description};

/// Calls the program, which must be a sound one.
fn works(engine: &Engine, component: &Component) {
    let instance = linker(engine).instantiate(component, Host::new()).expect("an instance");
    let sum = instance.get_typed_func::<(u32, u32), (u32,)>(&["sum"]).expect("sum");
    assert_eq!(sum.call((1, 2)).expect("no trap"), (3,));
}

fn deserialize(engine: &Engine, bytes: &[u8]) -> Result<Component, Error> {
    // SAFETY: `serialize` gave the bytes, or they are no compiled program.
    #[expect(unsafe_code, reason = "the test is about it")]
    let component = unsafe { Component::deserialize(engine, bytes) };
    component
}

#[test]
fn programs_are_serialized_and_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    for form in FORMS {
        let mut config = form.config();
        config.cache(Some(Cache::new(folder.path()).expect("a cache")));
        let (bytes, mut kept) = (form.bytes(), Vec::new());
        for _ in 0..2 {
            let engine = Engine::new(&config).expect("an engine");
            let component = Component::new(&engine, &bytes).expect("a valid program");
            assert!(component.cache_error().is_none(), "{form:?}");
            kept.push(component.serialize().expect("enough memory"));
            works(&engine, &component);
        }
        assert_eq!(kept[0], kept[1], "{form:?}: the second one is the first one");
        assert_eq!(Engine::detect_precompiled(&kept[0]), Some(form.runtime()));
        // Whatever runtime the engine would choose.
        let engine = Engine::new(&Config::new()).expect("an engine");
        works(&engine, &deserialize(&engine, &kept[0]).expect("the same version"));
        let file = folder.path().join("program.cwasm");
        std::fs::write(&file, engine.precompile_component(&bytes).expect("a valid program")).expect("a file");
        // SAFETY: the engine compiled the file.
        #[expect(unsafe_code, reason = "the test is about it")]
        let component = unsafe { Component::deserialize_file(&engine, &file) }.expect("a compiled program");
        works(&engine, &component);
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    for form in FORMS {
        let engine = form.engine();
        let component = Component::new(&engine, form.bytes()).expect("a valid program");
        let sound = component.serialize().expect("enough memory");
        let mut damaged = sound.clone();
        damaged[sound.len() / 2] ^= 1;
        let mut other = form.config();
        other.deterministic(true);
        let other = Engine::new(&other).expect("an engine");
        let no_file = std::path::Path::new("no such file");
        // SAFETY: there is nothing to load.
        #[expect(unsafe_code, reason = "the test is about it")]
        let no_file = unsafe { Component::deserialize_file(&engine, no_file) };
        for refused in [
            deserialize(&engine, &damaged),
            deserialize(&engine, &sound[..sound.len() - 1]),
            deserialize(&engine, &form.bytes()),
            deserialize(&other, &sound),
            no_file,
        ] {
            let refused = refused.err().expect("an error");
            assert!(matches!(refused, Error::Precompiled(_)), "{form:?}: {refused:?}");
        }
    }
}

#[test]
fn a_program_for_an_unknown_runtime_is_not_inspected() {
    for form in FORMS {
        let bytes = form
            .engine()
            .precompile_component(&form.bytes())
            .expect("a valid program");
        assert_eq!(
            Engine::inspect_precompiled(&bytes).expect("sound bytes").runtime,
            form.runtime()
        );
        let (description, payload) = container::open(&bytes).expect("sound bytes");
        let other = description.iter().fold(Description::default(), |other, (name, value)| {
            other.with(name, if name == "runtime" { "some-other" } else { value })
        });
        let refused = Engine::inspect_precompiled(&container::seal(&other, &[payload]));
        assert!(
            matches!(&refused, Err(Error::Precompiled(PrecompiledError::Runtime { found })) if found == "some-other"),
            "{form:?}: {refused:?}"
        );
    }
}

#[test]
fn a_program_runs_where_it_cannot_be_kept() {
    for form in FORMS {
        let folder = tempfile::tempdir().expect("a folder");
        let mut config = form.config();
        config.cache(Some(Cache::new(folder.path()).expect("a cache")));
        folder.close().expect("nobody uses the folder");
        let engine = Engine::new(&config).expect("an engine");
        let component = Component::new(&engine, form.bytes()).expect("a valid program");
        assert!(component.cache_error().is_some(), "{form:?}");
        works(&engine, &component);
    }
}

/// A deadline and a limit of processor time need checks in the code of the cooperative runtime, and are refused without them.
#[test]
fn code_without_checks_has_no_deadline() {
    let mut config = Config::new();
    config.cooperative_epochs(false);
    let engine = Engine::new(&config).expect("an engine");
    let component = Component::new(&engine, Form::Component.bytes()).expect("a valid program");
    assert_eq!(component.runtime(), Runtime::Cooperative);
    works(&engine, &component);
    let hour = Duration::from_secs(3600);
    for limits in [
        InstanceLimits::new().deadline(hour),
        InstanceLimits::new().max_processor_time(hour),
    ] {
        let refused = linker(&engine).instantiate_with(&component, Host::new(), limits);
        let Some(Error::Limit(message)) = refused.err() else {
            panic!("no limit")
        };
        assert!(message.contains("cooperative_epochs(true)"), "{message}");
    }
    // Code with checks is other code.
    let checked = Form::Component.engine();
    let bytes = component.serialize().expect("enough memory");
    assert!(matches!(
        deserialize(&checked, &bytes).err(),
        Some(Error::Precompiled(_))
    ));
}
