//! Denies components the files of procfs.
//!
//! **Problem.** Wasmtime's WASI opens any file below a preopened directory. In `/proc/self`, a program finds the memory
//! and the environment of the process that runs it: see [`weft_wasi::is_procfs`]. **Before:** the linker has Wasmtime's
//! functions. **After:** wrappers replace the functions that open a file. They call Wasmtime's function, and return
//! `not-permitted` if the opened file is on procfs. So a program cannot read, write or list anything there. Functions
//! that read a link or the metadata of a path check the file first; only another program can exchange the file in
//! between. Other functions cannot create, link or remove anything on procfs, but their errors still tell whether a
//! file exists.
//!
//! **Rejected:** our own implementation of the interface (nearly all of it would call Wasmtime's).

use cap_fs_ext::{FollowSymlinks, OpenOptionsFollowExt};
use cap_std::fs::{Dir, OpenOptions, OpenOptionsExt};
use rustix::fs::OFlags;
use wasmtime::StoreContextMut;
use wasmtime::component::{Accessor, Linker, Resource};
use wasmtime_wasi::WasiView;
use wasmtime_wasi::filesystem::{Descriptor, WasiFilesystem, WasiFilesystemView};
use weft_wasi::is_procfs;

const OPEN: &str = "[method]descriptor.open-at";
const READ_LINK: &str = "[method]descriptor.readlink-at";
const STAT: &str = "[method]descriptor.stat-at";
const HASH: &str = "[method]descriptor.metadata-hash-at";
const SET_TIMES: &str = "[method]descriptor.set-times-at";

/// Replaces functions of a linker that has Wasmtime's WASI.
pub(crate) fn refuse<T: WasiView>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    linker.allow_shadowing(true);
    let replaced = version_0_2::refuse(linker).and_then(|()| version_0_3::refuse(linker));
    linker.allow_shadowing(false);
    replaced
}

/// The functions of WASI 0.2.
mod version_0_2 {
    use super::*;
    use wasmtime_wasi::filesystem::WasiFilesystemCtxView;
    use wasmtime_wasi::p2::FsResult;
    use wasmtime_wasi::p2::bindings::filesystem::types::{
        DescriptorFlags, ErrorCode, Host, HostDescriptor, NewTimestamp, OpenFlags, PathFlags,
    };

    type Directory = Resource<Descriptor>;

    pub(super) fn refuse<T: WasiView>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
        let mut types = linker.instance("wasi:filesystem/types@0.2.12")?;
        type Open = (Directory, PathFlags, String, OpenFlags, DescriptorFlags);
        types.func_wrap_async(OPEN, |mut store: StoreContextMut<'_, T>, arguments: Open| {
            let (directory, path_flags, path, open_flags, flags) = arguments;
            Box::new(async move {
                let mut files = store.data_mut().filesystem();
                let opened = files.open_at(directory, path_flags, path, open_flags, flags).await;
                match opened {
                    Ok(opened) if is_refused(files.table.get(&opened)?) => {
                        files.table.delete(opened)?;
                        Ok((Err(ErrorCode::NotPermitted),))
                    }
                    opened => answer(&mut files, opened),
                }
            })
        })?;
        type ReadLink = (Directory, String);
        types.func_wrap_async(READ_LINK, |mut store: StoreContextMut<'_, T>, arguments: ReadLink| {
            let (directory, path) = arguments;
            Box::new(async move {
                let mut files = store.data_mut().filesystem();
                if leads_to_refused(files.table.get(&directory)?, &path, false) {
                    return Ok((Err(ErrorCode::NotPermitted),));
                }
                let target = files.readlink_at(directory, path).await;
                answer(&mut files, target)
            })
        })?;
        type Stat = (Directory, PathFlags, String);
        types.func_wrap_async(STAT, |mut store: StoreContextMut<'_, T>, arguments: Stat| {
            let (directory, flags, path) = arguments;
            Box::new(async move {
                let mut files = store.data_mut().filesystem();
                if leads_to_refused(files.table.get(&directory)?, &path, follows(flags)) {
                    return Ok((Err(ErrorCode::NotPermitted),));
                }
                let stat = files.stat_at(directory, flags, path).await;
                answer(&mut files, stat)
            })
        })?;
        types.func_wrap_async(HASH, |mut store: StoreContextMut<'_, T>, arguments: Stat| {
            let (directory, flags, path) = arguments;
            Box::new(async move {
                let mut files = store.data_mut().filesystem();
                if leads_to_refused(files.table.get(&directory)?, &path, follows(flags)) {
                    return Ok((Err(ErrorCode::NotPermitted),));
                }
                let hash = files.metadata_hash_at(directory, flags, path).await;
                answer(&mut files, hash)
            })
        })?;
        type SetTimes = (Directory, PathFlags, String, NewTimestamp, NewTimestamp);
        types.func_wrap_async(SET_TIMES, |mut store: StoreContextMut<'_, T>, arguments: SetTimes| {
            let (directory, flags, path, accessed, modified) = arguments;
            Box::new(async move {
                let mut files = store.data_mut().filesystem();
                if leads_to_refused(files.table.get(&directory)?, &path, follows(flags)) {
                    return Ok((Err(ErrorCode::NotPermitted),));
                }
                let set = files.set_times_at(directory, flags, path, accessed, modified).await;
                answer(&mut files, set)
            })
        })
    }

    fn follows(flags: PathFlags) -> bool {
        flags.contains(PathFlags::SYMLINK_FOLLOW)
    }

    fn answer<R>(
        files: &mut WasiFilesystemCtxView<'_>,
        outcome: FsResult<R>,
    ) -> wasmtime::Result<(Result<R, ErrorCode>,)> {
        match outcome {
            Ok(value) => Ok((Ok(value),)),
            Err(error) => Ok((Err(files.convert_error_code(error)?),)),
        }
    }
}

/// The functions of WASI 0.3.
mod version_0_3 {
    use super::*;
    use wasmtime_wasi::p3::bindings::filesystem::types::{
        DescriptorFlags, ErrorCode, Host, HostDescriptorWithStore, NewTimestamp, OpenFlags, PathFlags,
    };
    use wasmtime_wasi::p3::filesystem::FilesystemResult;

    type Directory = Resource<Descriptor>;
    type Files<T> = Accessor<T, WasiFilesystem>;

    pub(super) fn refuse<T: WasiView>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
        let mut types = linker.instance("wasi:filesystem/types@0.3.0")?;
        type Open = (Directory, PathFlags, String, OpenFlags, DescriptorFlags);
        types.func_wrap_concurrent(OPEN, |accessor: &Accessor<T>, arguments: Open| {
            let (directory, path_flags, path, open_flags, flags) = arguments;
            Box::pin(async move {
                let files = accessor.with_getter::<WasiFilesystem>(T::filesystem);
                let opened = WasiFilesystem::open_at(&files, directory, path_flags, path, open_flags, flags).await;
                let Ok(opened) = opened else {
                    return answer(&files, opened);
                };
                files.with(|mut access| {
                    let files = access.get();
                    if is_refused(files.table.get(&opened)?) {
                        files.table.delete(opened)?;
                        return Ok((Err(ErrorCode::NotPermitted),));
                    }
                    Ok((Ok(opened),))
                })
            })
        })?;
        type ReadLink = (Directory, String);
        types.func_wrap_concurrent(READ_LINK, |accessor: &Accessor<T>, arguments: ReadLink| {
            let (directory, path) = arguments;
            Box::pin(async move {
                let files = accessor.with_getter::<WasiFilesystem>(T::filesystem);
                if leads_to_refused(&descriptor(&files, &directory)?, &path, false) {
                    return Ok((Err(ErrorCode::NotPermitted),));
                }
                let target = WasiFilesystem::readlink_at(&files, directory, path).await;
                answer(&files, target)
            })
        })?;
        type Stat = (Directory, PathFlags, String);
        types.func_wrap_concurrent(STAT, |accessor: &Accessor<T>, arguments: Stat| {
            let (directory, flags, path) = arguments;
            Box::pin(async move {
                let files = accessor.with_getter::<WasiFilesystem>(T::filesystem);
                if leads_to_refused(&descriptor(&files, &directory)?, &path, follows(flags)) {
                    return Ok((Err(ErrorCode::NotPermitted),));
                }
                let stat = WasiFilesystem::stat_at(&files, directory, flags, path).await;
                answer(&files, stat)
            })
        })?;
        types.func_wrap_concurrent(HASH, |accessor: &Accessor<T>, arguments: Stat| {
            let (directory, flags, path) = arguments;
            Box::pin(async move {
                let files = accessor.with_getter::<WasiFilesystem>(T::filesystem);
                if leads_to_refused(&descriptor(&files, &directory)?, &path, follows(flags)) {
                    return Ok((Err(ErrorCode::NotPermitted),));
                }
                let hash = WasiFilesystem::metadata_hash_at(&files, directory, flags, path).await;
                answer(&files, hash)
            })
        })?;
        type SetTimes = (Directory, PathFlags, String, NewTimestamp, NewTimestamp);
        types.func_wrap_concurrent(SET_TIMES, |accessor: &Accessor<T>, arguments: SetTimes| {
            let (directory, flags, path, accessed, modified) = arguments;
            Box::pin(async move {
                let files = accessor.with_getter::<WasiFilesystem>(T::filesystem);
                if leads_to_refused(&descriptor(&files, &directory)?, &path, follows(flags)) {
                    return Ok((Err(ErrorCode::NotPermitted),));
                }
                let set = WasiFilesystem::set_times_at(&files, directory, flags, path, accessed, modified).await;
                answer(&files, set)
            })
        })
    }

    fn follows(flags: PathFlags) -> bool {
        flags.contains(PathFlags::SYMLINK_FOLLOW)
    }

    fn descriptor<T>(files: &Files<T>, directory: &Directory) -> wasmtime::Result<Descriptor> {
        files.with(|mut access| Ok(access.get().table.get(directory)?.clone()))
    }

    fn answer<T, R>(files: &Files<T>, outcome: FilesystemResult<R>) -> wasmtime::Result<(Result<R, ErrorCode>,)> {
        match outcome {
            Ok(value) => Ok((Ok(value),)),
            Err(error) => Ok((Err(files.with(|mut access| access.get().convert_error_code(error))?),)),
        }
    }
}

fn is_refused(descriptor: &Descriptor) -> bool {
    let file = match descriptor {
        Descriptor::File(file) => &file.file,
        Descriptor::Dir(directory) => &directory.dir,
    };
    is_procfs(file.as_ref()).unwrap_or(true)
}

/// Whether the file at this path is on procfs.
fn leads_to_refused(directory: &Descriptor, path: &str, follow: bool) -> bool {
    // Wasmtime reports the error if this is no directory, or if nothing is at the path.
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
        .follow(match follow {
            true => FollowSymlinks::Yes,
            false => FollowSymlinks::No,
        });
    match Dir::from_std_file(directory).open_with(path, &options) {
        Ok(place) => is_procfs(place).unwrap_or(true),
        Err(_) => false,
    }
}
