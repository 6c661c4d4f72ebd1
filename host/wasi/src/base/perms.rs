//! What a program may do below a preopened directory.

bitflags::bitflags! {
    /// What a program may do with a preopened directory and those below it.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct DirPerms: u8 {
        /// Directories may be listed, and files in them opened.
        const READ = 1;
        /// Files and directories may be created, renamed and removed.
        const MUTATE = 2;
    }

    /// What a program may do with the files below a preopened directory.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct FilePerms: u8 {
        /// Files may be read.
        const READ = 1;
        /// Files may be written.
        const WRITE = 2;
    }
}
