//! Input and output of all subcommands: `-` is a standard stream, input may be text or binary, and binary is not
//! written to a terminal.

use anyhow::{Context, Result, bail};
use clap::Args;
use std::borrow::Cow;
use std::fs::{File, Permissions};
use std::io::{ErrorKind, IsTerminal, Read, StdoutLock, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use weft::Engine;
use weft_lower::{Input, LowerError};

/// Reads a file, or standard input for `-`, and turns text into binary.
pub fn read_wasm(path: &Path) -> Result<Vec<u8>> {
    to_binary(path, read(path)?)
}

/// How many bytes weft reads from a pipe, a device or another file whose length is not known. Without a limit, reading
/// `/dev/zero` would never end.
const MAX_UNKNOWN_LENGTH: u64 = 256 << 20;

/// Reads a file, or standard input for `-`, as it is. Reads a regular file whatever its length, and of anything else at
/// most [`MAX_UNKNOWN_LENGTH`].
pub fn read(path: &Path) -> Result<Vec<u8>> {
    let read = match path == Path::new("-") {
        true => read_up_to(std::io::stdin().lock(), MAX_UNKNOWN_LENGTH),
        false => File::open(path).and_then(|file| {
            let length = file.metadata()?.len();
            read_up_to(file, length.max(MAX_UNKNOWN_LENGTH))
        }),
    };
    read.with_context(|| format!("cannot read {}", name(path)))
}

fn read_up_to(input: impl Read, limit: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    match bytes.len() as u64 <= limit {
        true => Ok(bytes),
        false => Err(std::io::Error::new(
            ErrorKind::FileTooLarge,
            format!(
                "it is not a regular file, and contains more than {} MiB: save it to a file first",
                MAX_UNKNOWN_LENGTH >> 20
            ),
        )),
    }
}

/// What is made of a program's source cannot be made of its machine code.
fn refuse_compiled(path: &Path, bytes: &[u8]) -> Result<()> {
    match Engine::detect_precompiled(bytes) {
        Some(_) => bail!(
            "{} is a compiled program, which only `weft run` and `weft inspect` take: give its source",
            name(path)
        ),
        None => Ok(()),
    }
}

/// Turns text that was read from a file, or from standard input for `-`, into binary.
fn to_binary(path: &Path, bytes: Vec<u8>) -> Result<Vec<u8>> {
    refuse_compiled(path, &bytes)?;
    let binary = weft_lower::to_binary(&bytes).map_err(|error| placed(path, error));
    match binary.with_context(|| unread(path))? {
        Cow::Borrowed(_) => Ok(bytes),
        Cow::Owned(binary) => Ok(binary),
    }
}

/// Reads what stands in a file. `failed` says what cannot be done where that is not because of its text.
pub fn parse<'a>(path: &Path, bytes: &'a [u8], failed: impl FnOnce() -> String) -> Result<Input<'a>> {
    refuse_compiled(path, bytes)?;
    Input::read(bytes).map_err(|error| {
        let what = match error {
            LowerError::Empty | LowerError::Text(_) | LowerError::NotWebAssembly => unread(path),
            _ => failed(),
        };
        anyhow::Error::from(placed(path, error)).context(what)
    })
}

fn unread(path: &Path) -> String {
    match path.extension() {
        Some(extension) if extension == "wast" => {
            format!("cannot read {}: if it is a script, run it with `weft wast`", name(path))
        }
        Some(_) | None => format!("cannot read {}", name(path)),
    }
}

/// An error in text says in which file the text is.
fn placed(path: &Path, error: LowerError) -> LowerError {
    match error {
        LowerError::Text(mut error) => {
            error.set_path(if path == Path::new("-") {
                Path::new("<stdin>")
            } else {
                path
            });
            LowerError::Text(error)
        }
        error => error,
    }
}

/// What messages call an input, in backticks if it is a path.
pub fn name(path: &Path) -> String {
    match path == Path::new("-") {
        true => bare_name(path),
        false => format!("`{}`", bare_name(path)),
    }
}

/// What lists and headings call an input.
pub fn bare_name(path: &Path) -> String {
    match path == Path::new("-") {
        true => "standard input".to_owned(),
        false => path.display().to_string(),
    }
}

/// Standard output, whose errors name it.
pub struct Stdout(StdoutLock<'static>);

/// Locks standard output.
pub fn stdout() -> Stdout {
    Stdout(std::io::stdout().lock())
}

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.write(bytes).map_err(of_stdout)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush().map_err(of_stdout)
    }
}

fn of_stdout(error: std::io::Error) -> std::io::Error {
    match error.kind() {
        // The caller tries again.
        ErrorKind::Interrupted => error,
        kind => std::io::Error::new(kind, format!("cannot write to standard output: {error}")),
    }
}

/// Where a WebAssembly binary goes, and in which form.
#[derive(Args)]
pub struct OutputArg {
    /// Write to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Write the text format instead of the binary
    #[arg(short = 't', long)]
    wat: bool,
}

impl OutputArg {
    pub fn write(&self, wasm: &[u8]) -> Result<()> {
        self.write_or_print(wasm, || print(wasm))
    }

    /// Writes text, where there is no binary.
    pub fn write_text(&self, text: &str) -> Result<()> {
        write_bytes(self.output.as_deref(), text.as_bytes())
    }

    /// The same for a binary that [`print()`] does not print as it should.
    pub fn write_or_print(&self, wasm: &[u8], print: impl FnOnce() -> Result<String>) -> Result<()> {
        if self.wat {
            return write_bytes(self.output.as_deref(), print()?.as_bytes());
        }
        if self.output.is_none() && std::io::stdout().is_terminal() {
            bail!("cannot write binary to a terminal: use `-o FILE`, `-t` for text, or a pipe");
        }
        write_bytes(self.output.as_deref(), wasm)
    }
}

/// Writes a file, or standard output for `-` and if there is no path.
pub fn write_bytes(path: Option<&Path>, bytes: &[u8]) -> Result<()> {
    match path {
        Some(path) if path != Path::new("-") => {
            write_file(path, bytes).with_context(|| format!("cannot write `{}`", path.display()))
        }
        Some(_) | None => {
            let mut stdout = stdout();
            stdout.write_all(bytes)?;
            Ok(stdout.flush()?)
        }
    }
}

/// Writes a file as a whole or not at all: if writing fails, for instance because the disk is full, what was at the path
/// stays there. A file that cannot be replaced is written in place.
fn write_file(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if std::fs::symlink_metadata(path).is_err_and(|error| error.kind() == ErrorKind::NotFound) {
        return replace_file(path, None, bytes);
    }
    let metadata = match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => metadata,
        // A device, or a symbolic link to a file that does not exist yet.
        Ok(_) => return std::fs::write(path, bytes),
        Err(error) if error.kind() == ErrorKind::NotFound => return std::fs::write(path, bytes),
        Err(error) => return Err(error),
    };
    // The folder may permit what the file does not.
    File::options().write(true).open(path)?;
    // A symbolic link stays one.
    match replace_file(&path.canonicalize()?, Some(metadata.permissions()), bytes) {
        // The folder cannot be written, or the file is a mount point.
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem | ErrorKind::ResourceBusy
            ) =>
        {
            std::fs::write(path, bytes)
        }
        replaced => replaced,
    }
}

/// Writes a temporary file in the same folder, and renames it.
fn replace_file(target: &Path, permissions: Option<Permissions>, bytes: &[u8]) -> std::io::Result<()> {
    let folder = match target.parent() {
        Some(folder) if folder != Path::new("") => folder,
        Some(_) | None => Path::new("."),
    };
    let mut file = tempfile::Builder::new()
        .prefix(".weft-")
        // As for any new file, without what the umask forbids.
        .permissions(Permissions::from_mode(0o666))
        .tempfile_in(folder)?;
    if let Some(permissions) = permissions {
        file.as_file().set_permissions(permissions)?;
    }
    file.write_all(bytes)?;
    file.persist(target)?;
    Ok(())
}

/// The text of a binary.
pub fn print(wasm: &[u8]) -> Result<String> {
    wasmprinter::print_bytes(wasm).context("cannot print the text format")
}

/// Whether the reader of standard output has gone: no reason to say anything.
pub fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let error = error.downcast_ref::<std::io::Error>();
    error.is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}
