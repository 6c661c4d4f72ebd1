//! `resource.drop` of a resource whose destructor is a function of the component.
//!
//! **Problem.** The host removes the handle and then calls the destructor. A destructor is guest code that may suspend the thread, so the
//! host needs a fiber for that call, which takes several times as long as all else, and each fiber changes a reference count of the engine
//! that all threads contend for. **Before:** the core module imports the host's function. **After:** it imports a function of a module
//! around it, which makes the call:
//!
//! ```wat
//! (core func $drop (canon resource.drop $r))            ;; before; the destructor of $r is a core function
//! (module                                               ;; after: $drop is the last function
//!   (import "" "" (func $remove (param i32) (result i64)))      ;; the host's: removes the handle, and gives -1 or the representation
//!   (import "" "" (func $enter (param i32 i32 i32)))            ;; as in adapters: threadify keeps the context slots, and begins
//!   (import "" "" (func $destructor (param i32)))               ;; a thread if the destructor's component instance is another one
//!   (import "" "" (func $exit))
//!   (import "" "" (func $trap (param i32)))
//!   (func $destroy (param i32)
//!     (call $enter (i32.const CALLER) (i32.const 0) (i32.const CALLEE))
//!     (block $returned
//!       (block $thrown
//!         (try_table (catch_all $thrown) (call $destructor (local.get 0)))
//!         (br $returned))
//!       (call $trap (i32.const UNCAUGHT)) (unreachable))
//!     (call $exit))
//!   (func (param i32) (local i64)
//!     (block
//!       (br_if 0 (i64.lt_s (local.tee 1 (call $remove (local.get 0))) (i64.const 0)))
//!       (call $destroy (i32.wrap_i64 (local.get 1))))))
//! ```
//!
//! No exception leaves a component instance: see the adapters. If the destructor is of the instance that drops the resource, `$destroy`
//! ends the task, throws the exception again, and needs no `$trap`.
//!
//! The host still calls the destructor of a resource that the embedder drops, and one that runs in a [home](super::homes).

use super::{Flatten, added};
use crate::binary::module_items::SharedItems;
use crate::error::LowerError;
use crate::plan::{Builtin, ComponentInstanceIndex, DROP_NAME, Definition, ResourceType};
use crate::threadify::{Argument, Item, Task};
use std::borrow::Cow;
use wasm_encoder::{BlockType, Catch, EntityType, Function, ImportSection, NameMap, TypeSection, ValType};
use wasmtime_environ::Trap;
use weft_abi::ResourceIndex;

const REMOVE: u32 = 0;
const ENTER: u32 = 1;
const DESTRUCTOR: u32 = 2;
const EXIT: u32 = 3;
/// Missing if the destructor stays in the caller's component instance.
const TRAP: u32 = 4;

/// The functions of the module.
struct Functions {
    destroy: u32,
    /// What the core module imports.
    drop: u32,
}

impl Functions {
    const fn new(stays: bool) -> Self {
        let destroy = if stays { TRAP } else { TRAP + 1 };
        Functions {
            destroy,
            drop: destroy + 1,
        }
    }
}

impl Flatten<'_> {
    /// The core function for the `resource.drop` of a component instance.
    pub(super) fn dropping(&mut self, index: ResourceIndex) -> Result<Argument, LowerError> {
        let builtin = |builtin| Argument::Host(Definition::Builtin(builtin));
        let Some((caller, callee, destructor)) = self.called_destructor(index) else {
            return Ok(builtin(Builtin::ResourceDrop(index)));
        };
        let stays = caller == callee;
        let functions = Functions::new(stays);
        let function = |instance| Argument::Item(instance, Item::Function(functions.drop));
        if let Some(known) = self.dropping.get(&index) {
            return Ok(function(*known));
        }
        let borrows = false;
        let mut arguments = vec![
            builtin(Builtin::ResourceRemove(index)),
            Argument::Task(Task::Enter { borrows, stays }),
            destructor,
            Argument::Task(Task::Exit { borrows }),
        ];
        if !stays {
            arguments.push(builtin(Builtin::Trap));
        }
        // Any thread can call the functions, as it could call the host's.
        let items = SharedItems {
            functions: vec![true; functions.drop as usize + 1],
            ..SharedItems::default()
        };
        let instance = self.add_instance(module(caller, callee), Cow::Owned(items), arguments);
        self.dropping.insert(index, instance);
        Ok(function(instance))
    }

    /// The component instances that drop the handle and that define its type, and the destructor, if the run-time module is to call it.
    fn called_destructor(
        &self,
        index: ResourceIndex,
    ) -> Option<(ComponentInstanceIndex, ComponentInstanceIndex, Argument)> {
        let (view, ty) = self.plan.resource(index)?;
        let (owner, destructor) = match ty {
            ResourceType::Defined { instance, destructor } => (*instance, destructor.as_ref()?),
            ResourceType::Imported { .. } => return None,
        };
        if !destructor.shared && self.homes.has_home(owner) {
            return None;
        }
        Some((view.instance, owner, self.destructors.get(&view.ty)?.clone()))
    }
}

fn module(caller: ComponentInstanceIndex, callee: ComponentInstanceIndex) -> Vec<u8> {
    const TAKES_HANDLE: u32 = 0;
    const TAKES_THREE: u32 = 1;
    const TAKES_REP: u32 = 2;
    const TAKES_NOTHING: u32 = 3;
    let stays = caller == callee;
    let Functions { destroy, drop } = Functions::new(stays);
    let mut types = TypeSection::new();
    types.ty().function([ValType::I32], [ValType::I64]);
    types.ty().function([ValType::I32; 3], []);
    types.ty().function([ValType::I32], []);
    types.ty().function([], []);
    let mut imports = ImportSection::new();
    for ty in [TAKES_HANDLE, TAKES_THREE, TAKES_REP, TAKES_NOTHING] {
        imports.import("", "", EntityType::Function(ty));
    }
    if !stays {
        imports.import("", "", EntityType::Function(TAKES_REP));
    }
    let functions = [(TAKES_REP, destroying(caller, callee)), (TAKES_REP, dropping(destroy))];
    let mut names = NameMap::new();
    names.append(destroy, DROP_NAME);
    names.append(drop, DROP_NAME);
    added::module(&types, &imports, &functions, &names)
}

/// The function that calls the destructor.
fn destroying(caller: ComponentInstanceIndex, callee: ComponentInstanceIndex) -> Function {
    let mut body = Function::new([]);
    let mut code = body.instructions();
    code.i32_const(caller.0 as i32)
        .i32_const(0)
        .i32_const(callee.0 as i32)
        .call(ENTER);
    match caller == callee {
        true => code
            .block(BlockType::Empty)
            .block(BlockType::Result(ValType::EXNREF))
            .try_table(BlockType::Empty, [Catch::AllRef { label: 0 }])
            .local_get(0)
            .call(DESTRUCTOR)
            .end()
            .br(1)
            .end()
            .call(EXIT)
            .throw_ref()
            .end(),
        false => code
            .block(BlockType::Empty)
            .block(BlockType::Empty)
            .try_table(BlockType::Empty, [Catch::All { label: 0 }])
            .local_get(0)
            .call(DESTRUCTOR)
            .end()
            .br(1)
            .end()
            .i32_const(Trap::UncaughtException as i32)
            .call(TRAP)
            .unreachable()
            .end(),
    };
    code.call(EXIT).end();
    body
}

/// The function that removes the handle, and calls the function `destroy` if there is something to destroy.
fn dropping(destroy: u32) -> Function {
    let mut body = Function::new([(1, ValType::I64)]);
    body.instructions()
        .block(BlockType::Empty)
        .local_get(0)
        .call(REMOVE)
        .local_tee(1)
        .i64_const(0)
        .i64_lt_s()
        .br_if(0)
        .local_get(1)
        .i32_wrap_i64()
        .call(destroy)
        .end()
        .end();
    body
}
