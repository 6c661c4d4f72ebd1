//! Modules that wit-component makes a component of alone: they have no threads, and all of their imports are those of their world
//! or of adapters.

use crate::error::AdaptError;
use crate::info::ModuleInfo;
use crate::plain;
use crate::world::{Options, mismatch};
use wasmparser::TypeRef;
use wit_component::ComponentEncoder;

/// The component of a module that wit-component takes as it is.
///
/// # Errors
///
/// The module does not match its world, or adapters are given for a module that cannot use them.
pub(crate) fn whole(info: &ModuleInfo<'_>, wasm: &[u8], options: &Options) -> Result<Option<Vec<u8>>, AdaptError> {
    if info.world.is_none() && options.adapters.is_empty() {
        return Ok(None);
    }
    let stranger = info.imports.iter().find(|import| match import.ty {
        TypeRef::Func(_) | TypeRef::FuncExact(_) => {
            !info.is_of_world(import.module, import.name)
                && !options.adapters.iter().any(|(name, _)| name == import.module)
        }
        TypeRef::Memory(_) | TypeRef::Table(_) | TypeRef::Global(_) | TypeRef::Tag(_) => true,
    });
    let has_threads = !plain::takes(info)?;
    if has_threads || stranger.is_some() || info.memories.iter().any(|memory| memory.shared) {
        return match (options.adapters.first(), stranger) {
            (None, _) => Ok(None),
            (Some((adapter, _)), Some(import)) if !has_threads => Err(AdaptError::AdapterMissing {
                adapter: adapter.clone(),
                import: format!("{}.{}", import.module, import.name),
                offset: import.offset,
            }),
            (Some((adapter, _)), _) => Err(AdaptError::AdapterOfThreads {
                adapter: adapter.clone(),
            }),
        };
    }
    let mut encoder = ComponentEncoder::default().module(wasm).map_err(mismatch)?;
    for (name, adapter) in &options.adapters {
        encoder = encoder.adapter(name, adapter).map_err(mismatch)?;
    }
    encoder.validate(true).encode().map(Some).map_err(mismatch)
}
