//! No files of procfs for components.
//!
//! **Problem.** Wasmtime's WASI opens whatever is below a preopened directory. In `/proc/self`, a program finds the memory and the
//! environment of the process that runs it: see [`weft_wasi::is_procfs`]. **Before:** the linker has Wasmtime's functions.
//! **After:** those that open a file or read a link are replaced by some that call them and refuse (`not-permitted`) what
//! is on procfs. Nothing can be opened there, so nothing is read, written or listed. Whether a file is there, its size and
//! its times can still be told.
//!
//! **Rejected:** an implementation of the interface of our own, of which nearly all would be calls of Wasmtime's.

use cap_fs_ext::{FollowSymlinks, OpenOptionsFollowExt};
use cap_std::fs::{Dir, OpenOptions, OpenOptionsExt};
use rustix::fs::OFlags;
use wasmtime::StoreContextMut;
use wasmtime::component::{Accessor, Linker, Resource};
use wasmtime_wasi::WasiView;
use wasmtime_wasi::filesystem::{Descriptor, WasiFilesystem, WasiFilesystemView};
use wasmtime_wasi::p2::bindings::filesystem::types as of_0_2;
use wasmtime_wasi::p3::bindings::filesystem::types as of_0_3;
use weft_wasi::is_procfs;

const OPEN: &str = "[method]descriptor.open-at";
const READ_LINK: &str = "[method]descriptor.readlink-at";

/// Replaces functions of a linker that has Wasmtime's WASI.
pub(crate) fn refuse<T: WasiView>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    linker.allow_shadowing(true);
    let replaced = refuse_0_2(linker).and_then(|()| refuse_0_3(linker));
    linker.allow_shadowing(false);
    replaced
}

fn refuse_0_2<T: WasiView>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    use of_0_2::{DescriptorFlags, ErrorCode, Host, HostDescriptor, OpenFlags, PathFlags};
    type Open = (Resource<Descriptor>, PathFlags, String, OpenFlags, DescriptorFlags);

    let mut types = linker.instance("wasi:filesystem/types@0.2.12")?;
    types.func_wrap_async(OPEN, |mut store: StoreContextMut<'_, T>, arguments: Open| {
        let (directory, path_flags, path, open_flags, flags) = arguments;
        Box::new(async move {
            let mut files = store.data_mut().filesystem();
            let opened = files.open_at(directory, path_flags, path, open_flags, flags).await;
            Ok((match opened {
                Ok(opened) if is_refused(files.table.get(&opened)?) => {
                    files.table.delete(opened)?;
                    Err(ErrorCode::NotPermitted)
                }
                Ok(opened) => Ok(opened),
                Err(error) => Err(files.convert_error_code(error)?),
            },))
        })
    })?;
    types.func_wrap_async(
        READ_LINK,
        |mut store: StoreContextMut<'_, T>, (directory, path): (Resource<Descriptor>, String)| {
            Box::new(async move {
                let mut files = store.data_mut().filesystem();
                if is_refused_link(files.table.get(&directory)?, &path) {
                    return Ok((Err(ErrorCode::NotPermitted),));
                }
                Ok((match files.readlink_at(directory, path).await {
                    Ok(target) => Ok(target),
                    Err(error) => Err(files.convert_error_code(error)?),
                },))
            })
        },
    )
}

fn refuse_0_3<T: WasiView>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    use of_0_3::{DescriptorFlags, ErrorCode, Host, HostDescriptorWithStore, OpenFlags, PathFlags};
    type Open = (Resource<Descriptor>, PathFlags, String, OpenFlags, DescriptorFlags);

    let mut types = linker.instance("wasi:filesystem/types@0.3.0")?;
    types.func_wrap_concurrent(OPEN, |accessor: &Accessor<T>, arguments: Open| {
        let (directory, path_flags, path, open_flags, flags) = arguments;
        Box::pin(async move {
            let files = accessor.with_getter::<WasiFilesystem>(T::filesystem);
            let opened = WasiFilesystem::open_at(&files, directory, path_flags, path, open_flags, flags).await;
            files.with(|mut access| {
                let mut files = access.get();
                Ok((match opened {
                    Ok(opened) if is_refused(files.table.get(&opened)?) => {
                        files.table.delete(opened)?;
                        Err(ErrorCode::NotPermitted)
                    }
                    Ok(opened) => Ok(opened),
                    Err(error) => Err(files.convert_error_code(error)?),
                },))
            })
        })
    })?;
    types.func_wrap_concurrent(
        READ_LINK,
        |accessor: &Accessor<T>, (directory, path): (Resource<Descriptor>, String)| {
            Box::pin(async move {
                let files = accessor.with_getter::<WasiFilesystem>(T::filesystem);
                let descriptor = files.with(|mut access| access.get().table.get(&directory).cloned())?;
                if is_refused_link(&descriptor, &path) {
                    return Ok((Err(ErrorCode::NotPermitted),));
                }
                Ok((match WasiFilesystem::readlink_at(&files, directory, path).await {
                    Ok(target) => Ok(target),
                    Err(error) => Err(files.with(|mut access| access.get().convert_error_code(error))?),
                },))
            })
        },
    )
}

fn is_refused(descriptor: &Descriptor) -> bool {
    let file = match descriptor {
        Descriptor::File(file) => &file.file,
        Descriptor::Dir(directory) => &directory.dir,
    };
    is_procfs(file.as_ref()).unwrap_or(true)
}

/// Whether there is a link on procfs at this path.
fn is_refused_link(directory: &Descriptor, path: &str) -> bool {
    // Wasmtime says what is wrong with one that is no directory, and with a path where nothing is.
    let Descriptor::Dir(directory) = directory else {
        return false;
    };
    let Ok(directory) = directory.dir.try_clone() else {
        return true;
    };
    let mut options = OpenOptions::new();
    options
        .read(true)
        .custom_flags(OFlags::PATH.bits().cast_signed())
        .follow(FollowSymlinks::No);
    match Dir::from_std_file(directory).open_with(path, &options) {
        Ok(link) => is_procfs(link).unwrap_or(true),
        Err(_) => false,
    }
}
