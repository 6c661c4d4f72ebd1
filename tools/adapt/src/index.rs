//! Index spaces. Indices of the input and indices of the rewritten module have different types, so that the compiler refuses
//! one in place of the other.

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
