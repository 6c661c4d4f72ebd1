//! One thread of a script: runs each directive.

mod actions;

use crate::assert::{cannot_be_linked, ends_normally, is_refused, returns, throws, traps};
use crate::component::{self, Components};
use crate::context::{Context, not_begun};
use crate::core::{self, CoreStore};
use crate::define::{Definition, define, validate};
use crate::execution::{End, Execution};
use crate::form::{Form, Head, kind, parse_form};
use crate::names::{Names, Stop};
use crate::passed::{Exporter, Passed};
use crate::place::Place;
use crate::preemptive;
use crate::report::{Failure, Kind, Outcome};
use crate::source::lexer;
use crate::thread::Thread;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;
use wasmtime::SharedMemory;
use wast::parser::ParseBuffer;
use wast::token::{Id, Span};
use wast::{QuoteWat, WastDirective, WastExecute, WastThread, Wat};
use weft_lower::panic_message;

/// What a script expects of a module or component that it defines.
const ACCEPTED: &str = "a module or component that is accepted";

/// An instance, as a script names it.
enum Instance {
    Core(core::Instance),
    Component(component::Instance),
    Preemptive(preemptive::Instance),
}

/// One thread of a script.
pub(crate) struct Session {
    context: Arc<Context>,
    core: CoreStore,
    components: Components,
    preemptive: preemptive::Components,
    definitions: Names<Definition>,
    instances: Names<Instance>,
    threads: Vec<Thread>,
    /// A panic may have left the stores in any state.
    panicked: bool,
}

impl Session {
    pub(crate) fn new(context: &Arc<Context>) -> wasmtime::Result<Self> {
        let passed = Arc::<Passed>::default();
        Ok(Session {
            context: Arc::clone(context),
            core: CoreStore::new(context)?,
            components: Components::new(context, &passed)?,
            preemptive: preemptive::Components::new(&passed),
            definitions: Names::new("definition"),
            instances: Names::new("instance"),
            threads: Vec::new(),
            panicked: false,
        })
    }

    /// Names an instance of another thread, of which this thread sees the shared memories.
    pub(crate) fn share(&mut self, name: &str, memories: Vec<(String, SharedMemory)>) {
        let instance = Instance::Core(core::Instance::Foreign(memories));
        self.instances.alias(name, instance);
    }

    /// Runs the form in `range` of the text. If `is_thread`, the form is a `(thread …)`, and this runs the directives inside.
    pub(crate) fn form(&mut self, range: &Range<usize>, is_thread: bool) {
        let context = Arc::clone(&self.context);
        let text = context.source.slice(range);
        let place = &Place::new(range, text);
        let buffer = match ParseBuffer::new_with_lexer(lexer(place.text.text())) {
            Ok(buffer) => buffer,
            Err(error) => return self.unparsed(place, &error),
        };
        match parse_form(&buffer, Head::of(text).is_field()) {
            Ok(Form::Directive(WastDirective::Thread(thread))) if is_thread => {
                for directive in thread.directives {
                    self.directive(directive, place);
                }
            }
            Ok(Form::Directive(directive)) => self.directive(directive, place),
            Ok(Form::Get(exec)) => {
                let offset = place.offset(exec.span());
                self.step(offset, Kind::Get, |session| session.run(exec, place));
            }
            Err(error) => self.unparsed(place, &place.text.named(error)),
        }
    }

    /// Waits for the threads that the script has not waited for.
    pub(crate) fn finish(self) {
        for thread in self.threads {
            // The record has its outcome.
            let _ = thread.join();
        }
    }

    /// Records a form that is not a directive. Nothing can use the name that it should have defined.
    fn unparsed(&mut self, place: &Place<'_>, error: &wast::Error) {
        let offset = place.offset(error.span());
        let head = Head::of(self.context.source.slice(place.range));
        let kind = head.kind().unwrap_or(Kind::Text);
        let name = head.name.map(str::to_owned);
        let (line, _) = self.context.source.position(place.range.start);
        self.failed(kind, name.as_deref(), line);
        let failure = Failure::new("a directive that can be read", error.message());
        self.context.record(offset, kind, Outcome::Failed(failure));
    }

    fn directive(&mut self, directive: WastDirective<'_>, place: &Place<'_>) {
        let offset = place.offset(directive.span());
        let kind = kind(&directive);
        self.step(offset, kind, |session| session.carry_out(directive, place));
    }

    /// Runs a directive, and records its outcome.
    fn step(&mut self, offset: usize, kind: Kind, run: impl FnOnce(&mut Self) -> Result<(), Stop>) {
        if self.panicked {
            return;
        }
        if self.context.is_expired() {
            return self.context.record(offset, kind, not_begun());
        }
        let context = Arc::clone(&self.context);
        let begun = context.begin(offset, kind);
        let outcome = match catch_unwind(AssertUnwindSafe(|| run(&mut *self))) {
            Ok(Ok(())) => Outcome::Passed,
            Ok(Err(stop)) => stop.into(),
            Err(panic) => {
                self.panicked = true;
                let message = format!("a panic, which ends the script: {}", panic_message(&*panic));
                Outcome::Failed(Failure::new("an engine that does not panic", message))
            }
        };
        context.end(begun, outcome);
    }

    fn carry_out(&mut self, directive: WastDirective<'_>, place: &Place<'_>) -> Result<(), Stop> {
        let line = |span: Span| self.context.source.position(place.offset(span)).0;
        match directive {
            WastDirective::Module(wat) => {
                let line = line(wat.span());
                self.module(wat, line, place)
            }
            WastDirective::ModuleDefinition(wat) => {
                let line = line(wat.span());
                self.definition(wat, line, place).map(drop)
            }
            WastDirective::ModuleInstance { span, instance, module } => {
                let line = line(span);
                let definition = self.definitions.find(module);
                let name = instance.map(|name| name.name());
                self.instance(name, line, definition)
            }
            WastDirective::Register { name, module, .. } => self.register(name, module),
            WastDirective::Invoke(invoke) => self.run(WastExecute::Invoke(invoke), place),
            WastDirective::AssertReturn { exec, results, .. } => {
                let execution = self.execute(exec, place)?;
                Ok(returns(&mut self.core, execution, &results)?)
            }
            WastDirective::AssertTrap { exec, message, .. } => Ok(traps(self.execute(exec, place)?, message)?),
            WastDirective::AssertExhaustion { call, message, .. } => Ok(traps(self.invoke(&call)?, message)?),
            WastDirective::AssertException { exec, .. } => Ok(throws(self.execute(exec, place)?)?),
            WastDirective::AssertUnlinkable { module, message, .. } => {
                Ok(cannot_be_linked(self.link(module, place)?, message)?)
            }
            WastDirective::AssertMalformed { module, message, .. }
            | WastDirective::AssertInvalid { module, message, .. } => {
                Ok(is_refused(self.validate(module, place), message)?)
            }
            WastDirective::AssertMalformedCustom { .. } | WastDirective::AssertInvalidCustom { .. } => Err(
                Stop::Skipped("weft does not check the contents of custom sections".to_owned()),
            ),
            WastDirective::AssertSuspension { .. } => {
                let actual = "stack switching, which the engine does not support";
                Err(Failure::new("a suspension", actual).into())
            }
            WastDirective::Thread(thread) => self.spawn(&thread, place),
            WastDirective::Wait { thread, .. } => self.wait(thread),
        }
    }

    fn module(&mut self, wat: QuoteWat<'_>, line: usize, place: &Place<'_>) -> Result<(), Stop> {
        let name = wat.name().map(|name| name.name());
        let definition = self.definition(wat, line, place);
        self.instance(name, line, definition)
    }

    fn definition(&mut self, wat: QuoteWat<'_>, line: usize, place: &Place<'_>) -> Result<Rc<Definition>, Stop> {
        let name = wat.name().map(|name| name.name());
        match self.compile(wat, place) {
            Ok(definition) => {
                let definition = Rc::new(definition);
                self.definitions.define(name, Rc::clone(&definition));
                Ok(definition)
            }
            Err(failure) => {
                self.failed(Kind::Definition, name, line);
                Err(failure.into())
            }
        }
    }

    fn instance(&mut self, name: Option<&str>, line: usize, of: Result<Rc<Definition>, Stop>) -> Result<(), Stop> {
        let instance = of.and_then(|definition| Ok(ends_normally(self.instantiate(&definition))?));
        match instance {
            Ok(instance) => {
                // Components can import an instance by the name that the script gives it, as in Wasmtime's scripts.
                let registered = match name {
                    Some(name) => self.register_component(name, &instance),
                    None => Ok(()),
                };
                self.instances.define(name, Rc::new(instance));
                registered
            }
            Err(stop) => {
                self.failed(Kind::Instance, name, line);
                Err(stop)
            }
        }
    }

    /// Marks the names that a directive of this kind should have defined as failed.
    fn failed(&mut self, kind: Kind, name: Option<&str>, line: usize) {
        if matches!(kind, Kind::Module | Kind::Component | Kind::Definition) {
            self.definitions.fail(name, line);
        }
        if matches!(kind, Kind::Module | Kind::Component | Kind::Instance) {
            self.instances.fail(name, line);
        }
    }

    fn validate(&self, mut wat: QuoteWat<'_>, place: &Place<'_>) -> Result<(), String> {
        place
            .binary(&mut wat)
            .and_then(|binary| validate(&self.context, &binary))
    }

    fn compile(&self, mut wat: QuoteWat<'_>, place: &Place<'_>) -> Result<Definition, Failure> {
        let definition = place.binary(&mut wat).and_then(|binary| define(&self.context, &binary));
        definition.map_err(|message| Failure::new(ACCEPTED, message))
    }

    /// Instantiates a module or component. If it is valid but weft cannot run it, this does not link it either.
    fn link(&mut self, module: Wat<'_>, place: &Place<'_>) -> Result<Execution, Failure> {
        let mut wat = QuoteWat::Wat(module);
        let binary = place.binary(&mut wat).and_then(|binary| {
            validate(&self.context, &binary)?;
            Ok(binary)
        });
        let binary = binary.map_err(|message| Failure::new(ACCEPTED, message))?;
        Ok(match define(&self.context, &binary) {
            Ok(definition) => self.instantiate(&definition).map(|_| Vec::new()),
            Err(message) => Err(End::Unlinkable(message)),
        })
    }

    fn instantiate(&mut self, definition: &Definition) -> Execution<Instance> {
        Ok(match definition {
            Definition::Module(module) => Instance::Core(self.core.instantiate(module)?),
            Definition::Component(component) => Instance::Component(self.components.instantiate(component)?),
            Definition::Preemptive(component) => {
                Instance::Preemptive(self.preemptive.instantiate(&self.context, component)?)
            }
        })
    }

    fn register(&mut self, name: &str, instance: Option<Id<'_>>) -> Result<(), Stop> {
        let instance = self.instances.find(instance)?;
        match &*instance {
            Instance::Core(instance) => self.core.register(name, instance).map_err(cannot_import),
            Instance::Component(_) | Instance::Preemptive(_) => self.register_component(name, &instance),
        }
    }

    fn register_component(&mut self, name: &str, instance: &Instance) -> Result<(), Stop> {
        let exporter: Option<Arc<dyn Exporter>> = match instance {
            Instance::Component(instance) => Some(Arc::new(instance.clone())),
            Instance::Preemptive(instance) => instance.exporter(),
            Instance::Core(_) => None,
        };
        let Some(exporter) = exporter else { return Ok(()) };
        self.components.register(name, &*exporter).map_err(cannot_import)?;
        self.preemptive.register(name, exporter);
        Ok(())
    }

    /// Starts a thread with a store of its own. The new thread sees the shared memories of one of this thread's instances.
    fn spawn(&mut self, thread: &WastThread<'_>, place: &Place<'_>) -> Result<(), Stop> {
        let shared = match thread.shared_module {
            Some(name) => match &*self.instances.find(Some(name))? {
                Instance::Core(instance) => Some((name.name().to_owned(), self.core.shared_memories(instance))),
                Instance::Component(_) | Instance::Preemptive(_) => {
                    return Err(Failure::new("a module to share", "a component").into());
                }
            },
            None => None,
        };
        let keyword = place.offset(thread.span);
        let inner = self.context.source.around(place.range, keyword);
        let inner = inner.ok_or_else(|| Failure::new("a thread", "no form"))?;
        let context = Arc::clone(&self.context);
        let body = move || {
            let session = Session::new(&context);
            let mut session = session.map_err(|error| Failure::new("a store for the thread", format!("{error:#}")))?;
            if let Some((name, memories)) = shared {
                session.share(&name, memories);
            }
            session.form(&inner, true);
            session.finish();
            Ok(())
        };
        let thread = Thread::spawn(thread.name.name(), body);
        self.threads
            .push(thread.map_err(|error| Failure::new("a thread", error.to_string()))?);
        Ok(())
    }

    fn wait(&mut self, name: Id<'_>) -> Result<(), Stop> {
        let name = name.name();
        let position = self.threads.iter().rposition(|thread| thread.name() == name);
        let position =
            position.ok_or_else(|| Failure::new("something that is defined", format!("no thread `${name}`")))?;
        self.threads.remove(position).join().map_err(Stop::Failed)
    }
}

fn cannot_import(error: wasmtime::Error) -> Stop {
    Failure::new("an instance to import from", format!("{error:#}")).into()
}
