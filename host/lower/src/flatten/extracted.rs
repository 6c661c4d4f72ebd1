//! Memories, `realloc` and `post-return` functions, which the translator extracts in initializers of their own. It extracts one that
//! only one function uses behind what uses it, so they are collected before all else.

use std::collections::BTreeMap;
use wasmtime_environ::component::{
    Component, CoreDef, CoreExport, GlobalInitializer, RuntimeMemoryIndex, RuntimePostReturnIndex, RuntimeReallocIndex,
};

/// What the initializers extract.
#[derive(Default)]
pub(super) struct Extracted<'a> {
    pub(super) memories: BTreeMap<RuntimeMemoryIndex, &'a CoreExport<wasmtime_environ::MemoryIndex>>,
    pub(super) reallocs: BTreeMap<RuntimeReallocIndex, &'a CoreDef>,
    pub(super) post_returns: BTreeMap<RuntimePostReturnIndex, &'a CoreDef>,
}

impl<'a> Extracted<'a> {
    pub(super) fn of(component: &'a Component) -> Self {
        let mut extracted = Extracted::default();
        for initializer in &component.initializers {
            match initializer {
                GlobalInitializer::ExtractMemory(memory) => {
                    extracted.memories.insert(memory.index, &memory.export);
                }
                GlobalInitializer::ExtractRealloc(realloc) => {
                    extracted.reallocs.insert(realloc.index, &realloc.def);
                }
                GlobalInitializer::ExtractPostReturn(post_return) => {
                    extracted.post_returns.insert(post_return.index, &post_return.def);
                }
                GlobalInitializer::InstantiateModule(..)
                | GlobalInitializer::LowerImport { .. }
                | GlobalInitializer::ExtractCallback(_)
                | GlobalInitializer::ExtractTable(_)
                | GlobalInitializer::Resource(_) => {}
            }
        }
        extracted
    }

    pub(super) fn realloc_of(&self, index: RuntimeReallocIndex) -> Option<&'a CoreDef> {
        self.reallocs.get(&index).copied()
    }

    pub(super) fn post_return_of(&self, index: RuntimePostReturnIndex) -> Option<&'a CoreDef> {
        self.post_returns.get(&index).copied()
    }
}
