//! The options of [`adapt_with`](crate::adapt_with).

use crate::error::AdaptError;
use crate::guarded::guarded;
use std::borrow::Cow;
use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};
use wit_component::{StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// A WIT world and adapters for a module.
#[derive(Clone, Debug, Default)]
pub struct Options {
    world: Option<(PathBuf, Option<String>)>,
    pub(crate) adapters: Vec<(String, Vec<u8>)>,
    pub(crate) keeps_debug_info: bool,
}

impl Options {
    /// Neither a world nor adapters. If the module embeds a world, the component has that one.
    pub fn new() -> Options {
        Options::default()
    }

    /// Uses a world of the WIT package at a path: a file, or a folder with its dependencies in `deps`. If the package has one world,
    /// the name can be `None`.
    #[must_use]
    pub fn world(mut self, package: impl AsRef<Path>, name: Option<&str>) -> Options {
        self.world = Some((package.as_ref().to_owned(), name.map(str::to_owned)));
        self
    }

    /// Adds an adapter, for a module without threads. An adapter is a core module that implements the imports from `name` with
    /// functions of its own world.
    #[must_use]
    pub fn adapter(mut self, name: &str, wasm: Vec<u8>) -> Options {
        self.adapters.push((name.to_owned(), wasm));
        self
    }

    /// Keeps the module's debugging information (DWARF), with which `weft::Component::source_locations` finds the lines of a backtrace.
    /// Without it, the component is smaller. A component that wit-component makes alone keeps no debugging information.
    #[must_use]
    pub fn debug_info(mut self, keep: bool) -> Options {
        self.keeps_debug_info = keep;
        self
    }

    /// The module, with the world embedded if one is given.
    pub(crate) fn embed<'a>(&self, wasm: &'a [u8]) -> Result<Cow<'a, [u8]>, AdaptError> {
        let Some((package, name)) = &self.world else {
            return Ok(Cow::Borrowed(wasm));
        };
        let unread = |error: &dyn Display| AdaptError::Wit {
            path: package.clone(),
            message: format!("{error:#}"),
        };
        // A device may have no end.
        let kind = fs::metadata(package).map_err(|error| unread(&error))?;
        if !kind.is_file() && !kind.is_dir() {
            return Err(unread(&"it is neither a regular file nor a folder"));
        }
        let mut resolve = Resolve::default();
        let (id, _) = resolve
            .push_path(package)
            // Only this form of the error says where in the text it is.
            .map_err(|error| unread(&resolve.render_error(&error)))?;
        let world = resolve.select_world(&[id], name.as_deref()).map_err(|error| {
            let worlds = resolve.packages[id].worlds.keys();
            let worlds: Vec<String> = worlds.map(|world| format!("`{world}`")).collect();
            let (worlds, is_one) = (worlds.join(", "), worlds.len() == 1);
            match name {
                _ if worlds.is_empty() => unread(&error),
                Some(name) if is_one => unread(&format!("there is no world `{name}`; the only one is {worlds}")),
                Some(name) => unread(&format!("there is no world `{name}`: use one of {worlds}")),
                None => unread(&format!("it has several worlds: choose one of {worlds} with `--world`")),
            }
        })?;
        let mut wasm = wasm.to_vec();
        guarded(|| embed_component_metadata(&mut wasm, &resolve, world, StringEncoding::UTF8))?;
        Ok(Cow::Owned(wasm))
    }
}
