//! Where the world comes from: files of the crate, or the macro's input.

use super::Options;
use anyhow::{Context, Result, anyhow};
use std::path::PathBuf;
use wit_parser::{Resolve, WorldId};

/// A resolved world.
pub(super) struct Source {
    pub(super) resolve: Resolve,
    pub(super) world: WorldId,
    /// The files that were read.
    pub(super) files: Vec<String>,
}

/// The error with the place in the text, which its own message lacks.
fn placed(error: &anyhow::Error, resolve: &Resolve) -> anyhow::Error {
    anyhow!(resolve.render_error(error))
}

pub(super) fn read(options: &Options) -> Result<Source> {
    let root = std::env::var_os("CARGO_MANIFEST_DIR")
        .ok_or_else(|| anyhow!("the environment variable `CARGO_MANIFEST_DIR` is not set: build with Cargo"))?;
    let root = PathBuf::from(root);
    let mut resolve = Resolve {
        all_features: true,
        ..Resolve::default()
    };
    let (mut packages, mut files) = (Vec::new(), Vec::new());
    let mut paths: Vec<_> = options.paths.iter().map(|path| root.join(path)).collect();
    if paths.is_empty() && options.inline.is_none() {
        paths.push(root.join("wit"));
    }
    for path in paths {
        let read = resolve.push_path(&path).map_err(|error| placed(&error, &resolve));
        let (package, sources) = read.with_context(|| format!("cannot read `{}`", path.display()))?;
        packages.push(package);
        for file in sources.paths() {
            let file = file
                .to_str()
                .ok_or_else(|| anyhow!("the path `{}` is not UTF-8: rename it", file.display()))?;
            files.push(file.to_owned());
        }
    }
    if let Some(text) = &options.inline {
        let read = resolve.push_str("inline", text);
        packages = vec![read.map_err(|error| placed(&error, &resolve))?];
    }
    let world = resolve.select_world(&packages, options.world.as_deref())?;
    Ok(Source { resolve, world, files })
}
