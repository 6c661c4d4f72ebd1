//! Memories, `realloc` and `post-return` functions, which the translator extracts in initializers of their own.

use std::collections::BTreeMap;
use wasmtime_environ::component::{
    CoreDef, CoreExport, ExtractMemory, ExtractPostReturn, ExtractRealloc, RuntimeMemoryIndex, RuntimePostReturnIndex,
    RuntimeReallocIndex,
};

/// What the initializers so far have extracted.
#[derive(Default)]
pub(super) struct Extracted<'a> {
    pub(super) memories: BTreeMap<RuntimeMemoryIndex, &'a CoreExport<wasmtime_environ::MemoryIndex>>,
    pub(super) reallocs: BTreeMap<RuntimeReallocIndex, &'a CoreDef>,
    pub(super) post_returns: BTreeMap<RuntimePostReturnIndex, &'a CoreDef>,
}

impl<'a> Extracted<'a> {
    pub(super) fn memory(&mut self, memory: &'a ExtractMemory) {
        self.memories.insert(memory.index, &memory.export);
    }

    pub(super) fn realloc(&mut self, realloc: &'a ExtractRealloc) {
        self.reallocs.insert(realloc.index, &realloc.def);
    }

    pub(super) fn post_return(&mut self, post_return: &'a ExtractPostReturn) {
        self.post_returns.insert(post_return.index, &post_return.def);
    }

    pub(super) fn realloc_of(&self, index: RuntimeReallocIndex) -> Option<&'a CoreDef> {
        self.reallocs.get(&index).copied()
    }

    pub(super) fn post_return_of(&self, index: RuntimePostReturnIndex) -> Option<&'a CoreDef> {
        self.post_returns.get(&index).copied()
    }
}
