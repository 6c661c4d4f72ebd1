//! Commands: finds the export of a component to run.
//!
//! **Problem.** A component can export `wasi:cli/run` of several versions of WASI. Programs that Rust compiles for
//! `wasm32-wasip3` export it of 0.3 and also of 0.2, where it only panics. **Before:** the names of the exports.
//! **After:** the name of the one to call, whatever their order is.
//!
//! Versions match as in Wasmtime's linker: all versions of a track (`0.2.x`, `0.3.x`) match each other, except that a
//! prerelease matches only itself. Of two tracks, the newer one wins. Within a track, the version of Wasmtime's WASI
//! wins, or else the newest.
//!
//! **Rejected:** the newest of all versions (the runtime may not have the imports for it).

use semver::Version;

/// The interface's name, without its version.
const RUN: &str = "wasi:cli/run";

/// The versions of WASI that Wasmtime 48 has, newest first.
const VERSIONS: [Version; 2] = [Version::new(0, 3, 0), Version::new(0, 2, 12)];

/// Of these names of exported instances, the `wasi:cli/run` that a host calls to run the component.
pub fn run_interface<'a>(exports: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let rank = |name: &str| {
        let (interface, version) = name.split_once('@')?;
        let version = Version::parse(version).ok()?;
        let track = VERSIONS.iter().position(|ours| is_compatible(ours, &version))?;
        (interface == RUN).then(|| (usize::MAX - track, version == VERSIONS[track], version))
    };
    let ranked = exports.into_iter().filter_map(|name| Some((rank(name)?, name)));
    ranked.max().map(|(_, name)| name)
}

/// Whether a component that was made for version `theirs` runs where there is `ours`.
fn is_compatible(ours: &Version, theirs: &Version) -> bool {
    theirs.pre.is_empty() && (ours.major, ours.minor) == (theirs.major, theirs.minor)
}

#[cfg(test)]
mod tests {
    use super::run_interface;

    #[test]
    fn the_newest_version_that_the_runtime_has_is_run() {
        for (exports, expected) in [
            (&["0.2.0", "0.3.0"][..], Some("0.3.0")),
            (&["0.3.0", "0.2.0"], Some("0.3.0")),
            (&["0.2.99", "0.3.99"], Some("0.3.99")),
            (&["0.2.6", "0.2.10", "0.2.9"], Some("0.2.10")),
            (&["0.2.13", "0.2.12", "0.2.11"], Some("0.2.12")),
            (&["0.3.1", "0.3.0"], Some("0.3.0")),
            (&["0.3.1", "0.3.2"], Some("0.3.2")),
            (&["0.3.1+build.7"], Some("0.3.1+build.7")),
            // Other tracks, and prereleases, which are tracks of their own.
            (&["0.4.0", "0.2.3"], Some("0.2.3")),
            (&["1.0.0", "0.3.0"], Some("0.3.0")),
            (&["0.3.0-rc-2026-03-15", "0.2.3"], Some("0.2.3")),
            (&["0.2.0-rc-2023-12-05"], None),
            (&["0.1.0", "0.4.0", "2.0.0"], None),
            // No versions.
            (&["0.2", "0.3.x", ""], None),
            (&[], None),
        ] {
            let names: Vec<String> = exports
                .iter()
                .map(|version| format!("wasi:cli/run@{version}"))
                .collect();
            let chosen = run_interface(names.iter().map(String::as_str));
            assert_eq!(
                chosen,
                expected.map(|version| format!("wasi:cli/run@{version}")).as_deref(),
                "{exports:?}"
            );
        }
    }

    #[test]
    fn other_names_are_no_commands() {
        let others = [
            "wasi:cli/run",
            "run",
            "wasi:cli/exit@0.3.0",
            "my:cli/run@0.3.0",
            "wasi:cli/running@0.2.0",
        ];
        assert_eq!(run_interface(others), None);
    }
}
