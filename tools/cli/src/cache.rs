//! The cache in which `weft run` keeps compiled programs for the next start.

use clap::Args;
use std::io::Write;
use std::path::PathBuf;
use weft::{Cache, Component};

/// Whether compiled programs are kept, and where.
#[derive(Args)]
pub struct CacheArgs {
    /// Keep compiled programs in the folder DIR [default: `weft` in $XDG_CACHE_HOME or ~/.cache]
    #[arg(long, value_name = "DIR", conflicts_with = "no_cache")]
    cache_dir: Option<PathBuf>,

    /// Do not read or write the cache of compiled programs
    #[arg(long)]
    no_cache: bool,
}

impl CacheArgs {
    /// The cache. `None` if the user wants none, or it cannot be used.
    pub fn cache(&self) -> Option<Cache> {
        if self.no_cache {
            return None;
        }
        let cache = match &self.cache_dir {
            Some(folder) => Cache::new(folder),
            None => Cache::in_default_folder(),
        };
        cache.inspect_err(|error| self.warn(error)).ok()
    }

    /// Says that a program is compiled again at the next start, if it is.
    pub fn check_kept(&self, program: &Component) {
        if let (Some(error), Some(folder)) = (program.cache_error(), &self.cache_dir) {
            self.warn(&format_args!(
                "cannot store the compiled program in `{}`: {error}",
                folder.display()
            ));
        }
    }

    /// A user who chose a folder wants to know why weft does not use it. The default one may well be missing or read-only, in a
    /// container for instance.
    fn warn(&self, message: &dyn std::fmt::Display) {
        if self.cache_dir.is_some() {
            let _ = writeln!(std::io::stderr(), "warning: {message}");
        }
    }
}
