//! Which versions of an interface are compatible.

use semver::Version;

/// A name that all compatible versions of an interface share, and the version of this one. `None` if the name has no
/// valid version, or one with which no other is compatible: a pre-release, or `0.0.x`.
pub fn compatibility(interface: &str) -> Option<(String, Version)> {
    let (name, version) = interface.split_once('@')?;
    let version = Version::parse(version).ok()?;
    if !version.pre.is_empty() {
        return None;
    }
    let track = match (version.major, version.minor) {
        (0, 0) => return None,
        (0, minor) => format!("{name}@0.{minor}"),
        (major, _) => format!("{name}@{major}"),
    };
    Some((track, version))
}

/// The position of an exported path: the path itself, or the same in the latest compatible version of its interface.
pub fn find_export<'a>(exports: impl Iterator<Item = &'a [String]> + Clone, path: &[&str]) -> Option<usize> {
    find_beginning(exports, path, |export| export.len() == path.len())
}

/// The position of the first export that `fits` and whose path begins with `path`. If no export does, looks in the latest
/// compatible version of the interface.
pub fn find_beginning<'a>(
    exports: impl Iterator<Item = &'a [String]> + Clone,
    path: &[&str],
    fits: impl Fn(&[String]) -> bool,
) -> Option<usize> {
    let begins = |export: &[String], path: &[&str]| {
        export.len() >= path.len() && export.iter().zip(path).all(|(one, other)| one == other)
    };
    let exact = exports.clone().position(|export| begins(export, path) && fits(export));
    if exact.is_some() {
        return exact;
    }
    let (interface, names) = path.split_first()?;
    let (track, _) = compatibility(interface)?;
    let compatible = exports.zip(0..).filter_map(|(export, position)| {
        let (interface, own_names) = export.split_first()?;
        let (own_track, version) = compatibility(interface)?;
        (own_track == track && begins(own_names, names) && fits(export)).then_some((version, position))
    });
    compatible.max().map(|(_, position)| position)
}

#[cfg(test)]
mod tests {
    use super::compatibility;

    #[test]
    fn versions_are_compatible_as_in_semantic_versioning() {
        let track = |name| compatibility(name).map(|(track, _)| track);
        assert_eq!(track("a:b/c@1.2.3"), track("a:b/c@1.9.0"));
        assert_eq!(track("a:b/c@0.2.1"), track("a:b/c@0.2.9"));
        assert_ne!(track("a:b/c@0.2.1"), track("a:b/c@0.3.1"));
        assert_ne!(track("a:b/c@1.2.3"), track("a:b/d@1.2.3"));
        for alone in ["a:b/c", "a:b/c@0.0.1", "a:b/c@1.0.0-rc.1", "a:b/c@1"] {
            assert_eq!(track(alone), None, "{alone}");
        }
    }
}
