//! The memory of a host function: the one that the component passes to the host module of the function.
//!
//! **Problem.** Two programs in one component pass different memories to a host module, whose functions the host defines once. **Here,**
//! code of the run-time module says through which import of the plan it calls ([`HOST_IMPORT_EXPORT`]), and the view that a host function
//! gets of the calling thread keeps that. If the component passes one memory, all host functions use it, and nothing is looked up.
//!
//! [`HOST_IMPORT_EXPORT`]: weft_lower::plan::HOST_IMPORT_EXPORT

use crate::error::trap;
use wasmtime::{AsContextMut, Global, Val};
use weft_lower::Plan;
use weft_lower::plan::{ImportIndex, MemoryIndex};

/// The memories that a component passes to host modules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HostMemory {
    None,
    One(MemoryIndex),
    /// Each call has the memory of its import.
    Several,
}

impl HostMemory {
    pub(crate) fn of(plan: &Plan) -> Self {
        let mut memories = plan.imports.iter().filter_map(|import| import.memory);
        match memories.next() {
            None => HostMemory::None,
            Some(first) if memories.all(|memory| memory == first) => HostMemory::One(first),
            Some(_) => HostMemory::Several,
        }
    }

    /// The memory for a host function that was called through this import. It is `None` for functions that are not of host modules, and if
    /// the component does not pass several memories.
    pub(crate) fn find(self, plan: &Plan, called: Option<ImportIndex>) -> wasmtime::Result<MemoryIndex> {
        let none = || {
            wasmtime::Error::msg(
                "the component passes no memory to its host modules: pass one in the arguments of the module that uses it",
            )
        };
        match (self, called) {
            (HostMemory::None, _) => Err(none()),
            (HostMemory::One(memory), _) => Ok(memory),
            (HostMemory::Several, Some(import)) => {
                let import = plan.imports.get(import.index());
                let import = import.ok_or_else(|| trap("a host function is called through an unknown import"))?;
                import.memory.ok_or_else(none)
            }
            (HostMemory::Several, None) => Err(wasmtime::Error::msg(
                "the component passes several memories to its host modules, and this function belongs to none of them: use the memory in \
                 a function of a host module",
            )),
        }
    }
}

/// The data of a store in which host modules are called.
pub(crate) trait HasHostImport: 'static {
    /// The global that says through which import a host function is called, if the component passes several memories to host modules.
    fn host_import(&self) -> Option<Global>;
}

/// The import through which the running function of a host module was called, if that makes a difference. It is known only when the
/// call begins.
#[inline]
pub(crate) fn called_import<D: HasHostImport>(mut store: impl AsContextMut<Data = D>) -> Option<ImportIndex> {
    let global = store.as_context_mut().data().host_import()?;
    match global.get(store) {
        Val::I32(import) => Some(ImportIndex(import.cast_unsigned())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use weft_lower::plan::Import;

    fn plan(memories: &[Option<u32>]) -> Plan {
        let imports = memories.iter().map(|memory| Import {
            name: "wasi".to_owned(),
            path: Vec::new(),
            uses: Vec::new(),
            memory: memory.map(MemoryIndex),
        });
        Plan {
            imports: imports.collect(),
            ..Plan::default()
        }
    }

    #[test]
    fn one_memory_serves_all_functions() {
        let plan = plan(&[None, Some(3), Some(3)]);
        let memory = HostMemory::of(&plan);
        assert_eq!(memory, HostMemory::One(MemoryIndex(3)));
        let found = memory.find(&plan, None).expect("the one memory");
        assert_eq!(found, MemoryIndex(3));
    }

    #[test]
    fn each_of_several_memories_serves_its_import() {
        let plan = plan(&[Some(3), None, Some(4)]);
        let memory = HostMemory::of(&plan);
        let find = |import| memory.find(&plan, import).ok();
        let calls = [Some(0), Some(1), Some(2), Some(3), None];
        let found = calls.map(|import| find(import.map(ImportIndex)));
        assert_eq!(found, [Some(MemoryIndex(3)), None, Some(MemoryIndex(4)), None, None]);
    }

    #[test]
    fn without_memory_there_is_none() {
        let plan = plan(&[None]);
        assert_eq!(HostMemory::of(&plan), HostMemory::None);
        assert!(HostMemory::of(&plan).find(&plan, None).is_err());
    }
}
