//! Names of threads. weft shows them in errors and in its log.

#[link(wasm_import_module = "weft-threads")]
unsafe extern "C" {
    #[link_name = "set-name"]
    fn set_name(name: *const u8, length: usize);
}

/// Names the calling thread, whether this crate or `std` started it. weft keeps the first 64 bytes.
pub fn set_thread_name(name: &str) {
    // SAFETY: the host reads so many bytes at this address, and keeps a copy.
    unsafe { set_name(name.as_ptr(), name.len()) }
}
