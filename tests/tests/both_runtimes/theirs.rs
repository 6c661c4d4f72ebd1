//! A component on Wasmtime's component runtime.

use crate::convert::{from_engine, rep, stand_in, to_engine};
use wasmtime::component::{Component, Instance, Linker, Resource, ResourceAny, ResourceType, Val as Theirs};
use wasmtime::{AsContextMut, Store, StoreContextMut};
use weft_abi::Val;
use weft_tests::values::without_odd_nans;

/// The host's resource type.
struct Host;

/// The arguments of the last call of `h`.
#[derive(Default)]
pub struct Given(Vec<Val>);

pub struct Side {
    store: Store<Given>,
    instance: Instance,
}

pub fn engine() -> wasmtime::Engine {
    let mut config = wasmtime::Config::new();
    config.wasm_component_model_map(true);
    config.wasm_component_model_fixed_length_lists(true);
    config.cranelift_opt_level(wasmtime::OptLevel::None);
    wasmtime::Engine::new(&config).expect("the engine has these features")
}

/// The component, and a linker with what it imports.
pub struct Program {
    component: Component,
    linker: Linker<Given>,
}

impl Program {
    /// `echoed` says which argument `h` gives back.
    pub fn new(engine: &wasmtime::Engine, binary: &[u8], echoed: usize) -> Result<Self, String> {
        let component = Component::new(engine, binary).map_err(|error| format!("{error:#}"))?;
        let mut linker = Linker::new(engine);
        let mut root = linker.root();
        let defined = root
            .resource("r", ResourceType::host::<Host>(), |_, _| Ok(()))
            .and_then(|()| {
                root.func_new(
                    "h",
                    move |mut store: StoreContextMut<'_, Given>, _, arguments, results| {
                        let mut given = Vec::new();
                        for argument in arguments {
                            given.push(from_engine(argument, &mut |resource| {
                                stand_in(taken(&mut store, resource))
                            }));
                        }
                        let mut echoed = given[echoed].clone();
                        without_odd_nans(&mut echoed);
                        store.data_mut().0 = given;
                        results[0] = to_engine(&echoed, &mut |resource| made(&mut store, rep(resource)));
                        Ok(())
                    },
                )
            });
        defined.map_err(|error| format!("{error:#}"))?;
        Ok(Program { component, linker })
    }

    pub fn start(&self) -> Result<Side, String> {
        let mut store = Store::new(self.linker.engine(), Given::default());
        let instance = self.linker.instantiate(&mut store, &self.component);
        let instance = instance.map_err(|error| format!("{error:#}"))?;
        Ok(Side { store, instance })
    }
}

fn made(store: impl AsContextMut, rep: u32) -> ResourceAny {
    let resource = Resource::<Host>::new_own(rep).try_into_resource_any(store);
    resource.expect("the store takes resources")
}

fn taken(store: impl AsContextMut, resource: ResourceAny) -> u32 {
    let resource = Resource::<Host>::try_from_resource_any(resource, store);
    resource.expect("it is one of the host's").rep()
}

impl Side {
    /// Calls an export. Stand-ins for resources of the arguments have the representations.
    pub fn call(&mut self, export: &str, arguments: &[Val]) -> Result<Option<Val>, String> {
        let Side { store, instance } = self;
        let function = instance.get_func(&mut *store, export).expect("it is exported");
        let mut theirs = Vec::new();
        for argument in arguments {
            theirs.push(to_engine(argument, &mut |resource| made(&mut *store, rep(resource))));
        }
        let mut results = vec![Theirs::Bool(false); function.ty(&*store).results().len()];
        let called = function.call(&mut *store, &theirs, &mut results);
        called.map_err(|error| format!("{error:#}"))?;
        let result = results.first();
        let mut take = |resource| {
            taken(&mut *store, resource);
            stand_in(0)
        };
        Ok(result.map(|result| from_engine(result, &mut take)))
    }

    /// What `h` was given since this was asked last.
    pub fn given(&mut self) -> Vec<Val> {
        std::mem::take(&mut self.store.data_mut().0)
    }
}
