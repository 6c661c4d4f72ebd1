//! Index spaces. An index of the input module and one of the rewritten module are different types, so that neither is
//! ever taken for the other.

macro_rules! indices {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) struct $name(pub(crate) u32);
    )*};
}

indices! {
    /// A function of the input.
    FuncIndex
    /// A global of the input.
    GlobalIndex
    /// A memory, of the input or of `$main`: `$main` keeps the input's memories in their places and adds its own after.
    MemoryIndex
    /// A table of the input.
    TableIndex
    /// A type, of the input or of `$main`: as with memories.
    TypeIndex
    /// A function of `$main`.
    MainFunc
    /// A table of `$main`: those of `$state` come first, in their order there.
    MainTable
    /// A global of `$main`.
    MainGlobal
}
