//! For each mistake, the embedder gets an error that says what to do. The process and the engine's other programs continue.

mod ended;
mod host_functions;

use crate::programs::{FORMS, Form};
use crate::{Counter, Host, linker, linker_of};
use weft::{Component, Config, Engine, Error, Func, Instance, InstanceLimits, Resource, Val};

/// A tenant whose program does nothing wrong, and the engine that it shares with another's.
struct Engines {
    form: Form,
    engine: Engine,
    component: Component,
    witness: Instance<Host>,
}

impl Engines {
    fn new(form: Form) -> Self {
        Self::with(form, &form.config())
    }

    fn with(form: Form, config: &Config) -> Self {
        let engine = Engine::new(config).expect("an engine");
        let component = Component::new(&engine, form.bytes()).expect("a valid program");
        let witness = linker(&engine)
            .instantiate(&component, Host::new())
            .expect("an instance");
        Engines {
            form,
            engine,
            component,
            witness,
        }
    }

    fn start(&self, host: Host) -> Instance<Host> {
        self.start_with(host, &InstanceLimits::new()).expect("an instance")
    }

    fn start_with(&self, host: Host, limits: &InstanceLimits) -> Result<Instance<Host>, Error> {
        linker(&self.engine).instantiate_with(&self.component, host, limits)
    }

    /// The other tenant does not notice.
    fn works(&self) {
        works(&self.witness, self.form);
    }
}

fn works(instance: &Instance<Host>, form: Form) {
    let sum = instance.get_typed_func::<(u32, u32), (u32,)>(&["sum"]).expect("sum");
    assert_eq!(sum.call((1, 2)).expect("no trap"), (3,), "{form:?}");
}

fn func(instance: &Instance<Host>, name: &str) -> Func<Host> {
    instance.get_func(&[name]).expect("an export")
}

#[test]
fn handles_of_another_instance() {
    let mut messages = Vec::new();
    for form in FORMS {
        let engines = Engines::new(form);
        let (one, other) = (engines.start(Host::new()), engines.start(Host::new()));
        for instance in [&one, &other] {
            instance.host().counters.lock().expect("no panic").push(7);
        }
        let handle = one.new_resource::<Counter>(0).expect("a type of the host's");
        let passed = func(&other, "take")
            .call(&[Val::Resource(handle)])
            .expect_err("another's");
        assert!(matches!(passed, Error::Arguments(_)), "{form:?}: {passed:?}");
        let dropped = other.resource_drop(handle).expect_err("another's");
        assert!(matches!(dropped, Error::Resource(_)), "{form:?}: {dropped:?}");
        messages.push([passed.to_string(), dropped.to_string()]);
        // It is still the first one's.
        let taken = func(&one, "take").call(&[Val::Resource(handle)]).expect("its own");
        assert_eq!(taken, Some(Val::U32(8)), "{form:?}");
        let peek = other
            .get_typed_func::<(Resource<Counter>,), (u32,)>(&["peek"])
            .expect("peek");
        assert_eq!(
            peek.call((Resource::new_borrow(0),)).expect("no trap"),
            (8,),
            "{form:?}"
        );
        engines.works();
    }
    assert!(messages.windows(2).all(|pair| pair[0] == pair[1]), "{messages:#?}");
    assert!(
        messages[0]
            .iter()
            .all(|message| message.contains("belongs to another instance")),
        "{:?}",
        messages[0]
    );
}

#[test]
fn a_component_of_another_engine() {
    for form in FORMS {
        let engines = Engines::new(form);
        let other = form.engine();
        let mine = linker_of(&other);
        let refused = [
            mine.instantiate(&engines.component, Host::new()).map(drop),
            mine.instantiate_pre(&engines.component).map(drop),
            mine.missing(&engines.component).map(drop),
        ];
        for refused in refused {
            let refused = refused.expect_err("another engine's");
            assert!(matches!(refused, Error::OtherEngine), "{form:?}: {refused:?}");
            assert!(refused.to_string().contains("use one engine for both"), "{refused}");
        }
        engines.works();
    }
}

/// A task of tokio's must not block, but a mistake there is no panic either.
#[test]
fn calls_from_tasks_of_a_tokio_runtime() {
    for form in FORMS {
        let tokio = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime");
        tokio.block_on(async {
            let engines = Engines::new(form);
            engines.works();
            let sum = func(&engines.witness, "sum");
            let result = sum.call_async(&[Val::U32(1), Val::U32(2)]).await.expect("no trap");
            assert_eq!(result, Some(Val::U32(3)), "{form:?}");
            engines.witness.end().expect("no host function calls it");
        });
    }
}
