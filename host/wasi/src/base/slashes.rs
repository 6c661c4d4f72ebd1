//! Slashes at the end of a path, which say that it names a directory. cap-std takes them for nothing, or for the directory
//! itself, so where a call means something else it looks at the path's end first.

/// Whether the path names a directory by what is in it, so that a symbolic link at its end is followed.
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
