//! In which version of an interface Wasmtime's linker gets a definition.
//!
//! **Problem.** Wasmtime looks for an imported interface in exactly its version, and in the latest compatible one if nobody defines that.
//! It takes all functions from the one that it finds. So if the host defines a part of an interface of WASI in another version than
//! weft does, Wasmtime would find nothing but that part. The parallel runtime looks for each function by itself. **Here,** a
//! definition for an interface of WASI goes into weft's version of it. Of other interfaces, each version that the host defines gets what only
//! other compatible versions have.

use super::link::Definitions;
use std::collections::BTreeMap;
use weft_parallel::__shared::compatibility;

/// The packages of WASI that weft defines.
const PACKAGES: [&str; 6] = ["cli", "clocks", "filesystem", "io", "random", "sockets"];

/// The versions of them, each with the name that all compatible versions share.
const VERSIONS: [(&str, &str); 2] = [("@0.2", "@0.2.12"), ("@0.3", "@0.3.0")];

/// The interface's name in weft's version, if it is an interface of WASI.
fn in_wasi(interface: &str) -> Option<String> {
    let (package, _) = interface.strip_prefix("wasi:")?.split_once('/')?;
    let (track, _) = compatibility(interface)?;
    PACKAGES.contains(&package).then_some(())?;
    VERSIONS.iter().find_map(|(shared, own)| {
        let name = track.strip_suffix(shared)?;
        Some(format!("{name}{own}"))
    })
}

impl<T: Send + Sync + 'static> Definitions<T> {
    /// The interface's name in weft's version, if this linker defines WASI and the interface is of WASI.
    pub(super) fn wasi_interface(&self, interface: &str) -> Option<String> {
        self.wasi().and_then(|_| in_wasi(interface))
    }

    /// Where Wasmtime's linker gets what is defined at this path.
    pub(super) fn place(&self, path: &[String]) -> Vec<String> {
        let mut place = path.to_vec();
        if let Some(interface) = place.first_mut()
            && let Some(own) = self.wasi_interface(interface)
        {
            *interface = own;
        }
        place
    }

    /// What versions of an interface lack and other compatible ones define: pairs of the path that is missing and that of the definition.
    pub(super) fn in_other_versions(&self) -> Vec<(Vec<String>, Vec<String>)> {
        let mut tracks = BTreeMap::<_, Vec<_>>::new();
        for instance in &self.instances {
            if let [interface] = instance.as_slice()
                && let Some((track, _)) = compatibility(interface)
                && self.wasi_interface(interface).is_none()
            {
                tracks.entry(track).or_default().push(interface);
            }
        }
        let mut missing = Vec::new();
        for interfaces in tracks.values().filter(|interfaces| interfaces.len() > 1) {
            for (path, _) in self.items() {
                let Some((interface, rest)) = path.split_first() else {
                    continue;
                };
                for other in interfaces.iter().filter(|_| interfaces.contains(&interface)) {
                    let wanted = [std::slice::from_ref(*other), rest].concat();
                    // The definition in the latest version counts.
                    if self
                        .find_path(&wanted)
                        .is_some_and(|found| found == path && *found != wanted)
                    {
                        missing.push((wanted, path.clone()));
                    }
                }
            }
        }
        missing
    }
}
