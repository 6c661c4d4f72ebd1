//! Uses of what has ended or has been dropped.

use super::{Engines, func, works};
use crate::programs::FORMS;
use crate::{Host, linker};
use futures_lite::future::block_on;
use weft::{EndReason, Error, Func, Instance, Runtime, Val};

/// Ends an instance, and gives it with two of its functions. None if its end took it.
fn dead(instance: Instance<Host>, how: &str) -> (Option<Instance<Host>>, Vec<Func<Host>>) {
    let funcs = vec![func(&instance, "sum"), func(&instance, "greet")];
    match how {
        "a trap" => drop(func(&instance, "fail").call(&[]).expect_err("it traps")),
        "an exit" => drop(func(&instance, "leave").call(&[]).expect_err("it exits")),
        "a handle" => assert!(instance.end_handle().end("over quota")),
        "end" => {
            instance.end().expect("no host function calls it");
            return (None, funcs);
        }
        "a drop" => return (None, funcs),
        "a run" => {
            assert_eq!(instance.run().expect("a command"), 0);
            return (None, funcs);
        }
        other => panic!("{other}"),
    }
    (Some(instance), funcs)
}

#[test]
fn instances_that_have_ended() {
    for form in FORMS {
        let engines = Engines::new(form);
        for how in ["a trap", "an exit", "a handle", "end", "a drop", "a run"] {
            let instance = engines.start(Host::new());
            let end = instance.end_handle();
            let (instance, funcs) = dead(instance, how);
            let is_it = |error: &Error| match how {
                "a trap" => matches!(error, Error::Trap(_)),
                "an exit" => matches!(error, Error::Exit(1)),
                "a handle" => matches!(error, Error::EndedBy(EndReason::Host(why)) if &**why == "over quota"),
                _ => matches!(error, Error::Ended) && error.to_string().contains("make another instance"),
            };
            let mut errors = vec![
                funcs[0].call(&[Val::U32(1), Val::U32(2)]).map(drop),
                funcs[1].call(&[Val::String("you".to_owned())]).map(drop),
                block_on(funcs[0].call_async(&[Val::U32(1), Val::U32(2)])).map(drop),
            ];
            errors.extend(
                funcs[0]
                    .typed::<(u32, u32), (u32,)>()
                    .map(|sum| sum.call((1, 2)).map(drop)),
            );
            if let Some(instance) = &instance {
                let sum = instance.get_func(&["sum"]).expect("the exports stay");
                errors.push(sum.call(&[Val::U32(1), Val::U32(2)]).map(drop));
            }
            for result in errors {
                let error = result.expect_err(how);
                assert!(is_it(&error), "{form:?} {how}: {error:?}");
            }
            assert!(!end.end("again"), "{form:?} {how}");
            if let Some(instance) = instance {
                match instance.run() {
                    Err(error) => assert!(is_it(&error), "{form:?} {how}: {error:?}"),
                    // That is the status of the program.
                    Ok(status) => assert_eq!((how, status), ("an exit", 1), "{form:?}"),
                }
            }
            engines.works();
        }
    }
}

#[test]
fn engines_linkers_and_components_that_are_gone() {
    for form in FORMS {
        let engines = Engines::new(form);
        let prepared = linker(&engines.engine)
            .instantiate_pre(&engines.component)
            .expect("all imports");
        let Engines {
            engine,
            component,
            witness,
            ..
        } = engines;
        drop((engine, component));
        works(&witness, form);
        drop(witness);
        let instance = prepared.instantiate(Host::new()).expect("an instance");
        drop(prepared);
        works(&instance, form);
        let metrics = instance.metrics_handle();
        drop(instance);
        assert_eq!(metrics.is_some(), form.runtime() == Runtime::Parallel);
        if let Some(metrics) = metrics {
            let metrics = metrics.metrics();
            assert!(metrics.threads_started > 0, "{form:?}: {metrics:?}");
        }
    }
}
