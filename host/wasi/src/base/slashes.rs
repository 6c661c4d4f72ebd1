//! Trailing slashes, which say that a path names a directory. cap-std ignores them or takes them for the directory
//! itself, so calls that mean something else check the end of the path first.

/// Whether the end of the path makes the system follow a symbolic link there.
pub(crate) fn names_the_inside(path: &str) -> bool {
    path.ends_with('/') || path.ends_with("/.")
}

/// Whether the path ends with a name and a slash.
pub(crate) fn is_name_with_slash(path: &str) -> bool {
    path.ends_with('/')
        && !matches!(
            path.trim_end_matches('/').rsplit('/').next(),
            None | Some("" | "." | "..")
        )
}

/// cap-std takes a slash at the end for the directory itself, which cannot be removed by the name `.`.
pub(crate) fn without_last_slashes(path: &str) -> &str {
    match path.trim_end_matches('/') {
        "" => path,
        shorter => shorter,
    }
}
