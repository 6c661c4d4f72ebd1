//! Modules whose component wit-component makes alone: they have no threads, or cooperative ones, and their world or
//! adapters supply all of their imports.

use crate::builtin::ROOT;
use crate::error::AdaptError;
use crate::guarded::guarded;
use crate::input::foreign::{has_cooperative_threads, stands_for, task_hook};
use crate::input::info::ModuleInfo;
use crate::plain;
use crate::world::Options;
use crate::world::cooperative::with_known_imports;
use crate::world::task_hook::with_hooked_exports;
use wasmparser::TypeRef;
use wit_component::ComponentEncoder;

/// Makes the component of a module with wit-component.
///
/// # Errors
///
/// The module does not match its world, or adapters are given for a module that cannot use them.
pub(crate) fn whole(info: &ModuleInfo<'_>, wasm: &[u8], options: &Options) -> Result<Option<Vec<u8>>, AdaptError> {
    if info.world.is_none() && options.adapters.is_empty() {
        return Ok(None);
    }
    let is_cooperative = has_cooperative_threads(info);
    let is_known = |module: &str, name: &str| {
        info.is_of_world(module, name)
            || options.adapters.iter().any(|(adapter, _)| adapter == module)
            || (is_cooperative && (module == ROOT || stands_for(module, name).is_some()))
    };
    let stranger = info.imports.iter().find(|import| match import.ty {
        TypeRef::Func(_) | TypeRef::FuncExact(_) => !is_known(import.module, import.name),
        TypeRef::Memory(_) | TypeRef::Table(_) | TypeRef::Global(_) | TypeRef::Tag(_) => true,
    });
    if let (true, Some(import)) = (is_cooperative, stranger) {
        return Err(AdaptError::CooperativeImport {
            import: format!("{}.{}", import.module, import.name),
            offset: import.offset,
        });
    }
    let has_threads = !is_cooperative && !plain::takes(info)?;
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
    if let (Some(_), Some((adapter, _))) = (task_hook(info), options.adapters.first()) {
        return Err(AdaptError::AdapterOfThreads {
            adapter: adapter.clone(),
        });
    }
    let wasm = with_hooked_exports(info, with_known_imports(info, wasm)?)?;
    let encoded = guarded(|| {
        let mut encoder = ComponentEncoder::default().module(&wasm)?;
        for (name, adapter) in &options.adapters {
            encoder = encoder.adapter(name, adapter)?;
        }
        encoder.validate(true).encode()
    });
    encoded.map(Some)
}
