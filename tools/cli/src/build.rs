//! From the bytes of a program to code, for `weft run` and `weft compile`.
//!
//! A core module is adapted first. Which runtime a component is for depends on its threads.

use crate::io;
use crate::module::{SourceNames, say_notes};
use crate::runtime::RuntimeChoice;
use anyhow::{Context, Result, anyhow, bail};
use clap::{Args, ValueEnum};
use std::path::Path;
use weft::{Cache, Config, Engine, Interruption, Linker};
use weft_cooperative::wasmtime;
use weft_cooperative::{DEFAULT_MAX_WASM_STACK, Host, can_run};
use weft_lower::{Component, Input, Profile};
use weft_wasi::WasiCtx;

/// A program that is ready to be instantiated, with the engine that it was compiled by.
pub enum Compiled {
    Preemptive(weft::Component),
    Cooperative(wasmtime::component::Component),
}

/// What the code of a program depends on.
#[derive(Args)]
pub struct BuildArgs {
    /// Run deterministically: spawns start no thread, and scheduling does not depend on time
    #[arg(long)]
    pub deterministic: bool,

    /// Run the component on this runtime [default: weft's own for parallel threads, Wasmtime's for all others]
    #[arg(long, value_enum, value_name = "RUNTIME")]
    pub runtime: Option<RuntimeChoice>,

    /// Interrupt preemptive threads that compute by a signal, or by checks in their code, which make it slower [default: signal, where
    /// that works]
    #[arg(long, value_name = "MEANS")]
    pub interruption: Option<Means>,
}

/// How threads that compute are interrupted.
#[derive(Clone, Copy, ValueEnum)]
pub enum Means {
    Signal,
    Epochs,
}

impl Means {
    fn interruption(self) -> Interruption {
        match self {
            Means::Signal => Interruption::Signal,
            Means::Epochs => Interruption::Epochs,
        }
    }
}

/// Makes engines: which of them is needed depends on the program.
pub trait Engines {
    /// `compiles` says whether the engine is to compile, which it starts threads for. The engine keeps code of its own in the cache.
    fn preemptive(&self, compiles: bool, cache: Option<&Cache>) -> Result<Engine>;
    fn cooperative(&self) -> Result<wasmtime::Engine>;
    /// Whether core modules keep their debugging information when they are adapted.
    fn debug_info(&self) -> bool;
    /// What components import on Wasmtime's component runtime.
    fn cooperative_linker(&self, engine: &wasmtime::Engine) -> Result<wasmtime::component::Linker<Host>>;
}

impl BuildArgs {
    /// In one byte each.
    pub fn choices(&self) -> [u8; 3] {
        // Code with checks is other code. Of both, that of the means that is asked for is kept.
        let epochs = matches!(self.interruption, Some(Means::Epochs));
        [self.deterministic, self.runtime == Some(RuntimeChoice::Weft), epochs].map(u8::from)
    }

    pub fn configure(&self, config: &mut Config) {
        config.deterministic(self.deterministic);
        if let Some(means) = self.interruption {
            config.interruption(means.interruption());
        }
    }

    /// Compiles a program that was read from `path`, and says whether its author was warned. `failed` says what cannot be done.
    pub fn compile(
        &self,
        engines: &impl Engines,
        (path, input): (&Path, &[u8]),
        cache: Option<&Cache>,
        verbose: bool,
        failed: impl Fn() -> String,
    ) -> Result<(Compiled, bool)> {
        let (compiled, warned) = match io::parse(path, input, &failed)? {
            Input::Component(component) => (self.compile_component(engines, &component, cache), false),
            Input::Module(module) => {
                let options = weft_adapt::Options::new().debug_info(engines.debug_info());
                let adapted = weft_adapt::adapt_with(module.bytes(), &options);
                let adapted = adapted.with_context(|| format!("cannot adapt `{}`", path.display()))?;
                let warned = say_notes(module.bytes(), &weft_adapt::Options::new(), verbose);
                let names = SourceNames::of(module.bytes());
                let component = Component::read(&adapted).map_err(anyhow::Error::from);
                // Whatever threads it has: weft's runtime keeps memories shared, as `memory.atomic.wait32` needs them.
                let compiled = component.and_then(|component| preemptive(engines, &component, &names, cache));
                (compiled.map(Compiled::Preemptive), warned)
            }
        };
        Ok((compiled.with_context(failed)?, warned))
    }

    fn compile_component(
        &self,
        engines: &impl Engines,
        component: &Component<'_>,
        cache: Option<&Cache>,
    ) -> Result<Compiled> {
        let on_wasmtime = match self.runtime {
            Some(RuntimeChoice::Weft) => false,
            None => can_run(component)?,
        };
        Ok(match on_wasmtime {
            true => Compiled::Cooperative(self.cooperative(engines, component)?),
            false => Compiled::Preemptive(preemptive(engines, component, &SourceNames::default(), cache)?),
        })
    }

    /// For Wasmtime's component runtime.
    fn cooperative(&self, engines: &impl Engines, component: &Component<'_>) -> Result<wasmtime::component::Component> {
        let engine = engines.cooperative()?;
        let linker = engines.cooperative_linker(&engine)?;
        let profile = match self.deterministic {
            false => Profile::Full,
            true => Profile::Deterministic,
        };
        let unshared = component.unshare(profile)?;
        check_imports(weft_cooperative::missing(&engine, &linker, &unshared)?.into_iter())?;
        Ok(weft_cooperative::compile_unshared(&engine, &unshared)?)
    }
}

/// For weft's own runtime.
fn preemptive(
    engines: &impl Engines,
    component: &Component<'_>,
    names: &SourceNames,
    cache: Option<&Cache>,
) -> Result<weft::Component> {
    let engine = engines.preemptive(true, cache)?;
    // Compiling takes longest, so what does not depend on it comes first.
    let plan = component.lower()?;
    let missing = preemptive_linker(&engine)?.missing_for(&plan);
    check_imports(missing.iter().map(|import| names.source(import)))?;
    Ok(weft::Component::of_plan(&engine, plan)?)
}

/// What components and core modules import on weft's own runtime.
pub fn preemptive_linker(engine: &Engine) -> Result<Linker<WasiCtx>> {
    let mut linker = Linker::new(engine);
    weft_wasi::add_to_linker(&mut linker, |wasi: &WasiCtx| wasi)?;
    Ok(linker)
}

/// An engine for Wasmtime's component runtime.
pub fn cooperative_engine(deterministic: bool, max_wasm_stack: Option<usize>) -> Result<wasmtime::Engine> {
    let mut config = wasmtime::Config::new();
    config
        .cranelift_nan_canonicalization(deterministic)
        .relaxed_simd_deterministic(deterministic);
    weft_cooperative::configure_stacks(&mut config, max_wasm_stack.unwrap_or(DEFAULT_MAX_WASM_STACK));
    weft_cooperative::configure(&mut config);
    wasmtime::Engine::new(&config).map_err(|error| anyhow!("cannot start the engine: {error:#}"))
}

/// The error for imports that the host lacks, if there are any: one a line, since there may be many.
fn check_imports(missing: impl Iterator<Item = String>) -> Result<()> {
    let missing: Vec<String> = missing
        .map(|import| format!("       {}", import.escape_debug()))
        .collect();
    match missing.len() {
        0 => Ok(()),
        1 => bail!(
            "it has an import that `weft run` does not supply:\n{}",
            missing.join("\n")
        ),
        count => bail!(
            "it has {count} imports that `weft run` does not supply:\n{}",
            missing.join("\n")
        ),
    }
}
