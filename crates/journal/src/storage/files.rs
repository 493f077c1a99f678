//! Segments as files of one directory, held by one process at a time. Does not know what is in them.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::Storage;
use crate::{Sequence, segment};

/// A file that exists only to be locked; it stays when the lock is gone.
const LOCK_NAME: &str = "lock";

/// A directory of segment files. Making this value touches nothing: reading needs no lock, and writing takes
/// it first.
pub struct Files {
    directory: PathBuf,
    lock: Option<File>,
    /// The segment written last, kept open because the next write is nearly always to the same.
    open: Option<(Sequence, File)>,
}

impl Files {
    /// The segments in `directory`, which need not exist yet.
    pub fn at(directory: impl Into<PathBuf>) -> Files {
        Files { directory: directory.into(), lock: None, open: None }
    }

    fn path(&self, segment: Sequence) -> PathBuf {
        self.directory.join(segment::file_name(segment))
    }

    fn writer(&mut self, segment: Sequence) -> io::Result<&mut File> {
        if self.lock.is_none() {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the directory is not locked"));
        }
        let file = match self.open.take() {
            Some((open, file)) if open == segment => file,
            _ => OpenOptions::new().read(true).write(true).open(self.path(segment))?,
        };
        Ok(&mut self.open.insert((segment, file)).1)
    }
}

impl Storage for Files {
    fn place(&self) -> String {
        self.directory.display().to_string()
    }

    fn lock(&mut self) -> Result<(), TryLockError> {
        create_directory(&self.directory).map_err(TryLockError::Error)?;
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(self.directory.join(LOCK_NAME))
            .map_err(TryLockError::Error)?;
        file.try_lock()?;
        self.lock = Some(file);
        Ok(())
    }

    fn segments(&self) -> io::Result<Vec<Sequence>> {
        let mut segments = Vec::new();
        for entry in fs::read_dir(&self.directory)? {
            segments.extend(entry?.file_name().to_str().and_then(segment::parse_file_name));
        }
        segments.sort_unstable();
        Ok(segments)
    }

    fn length(&self, segment: Sequence) -> io::Result<u64> {
        Ok(fs::metadata(self.path(segment))?.len())
    }

    fn read(&self, segment: Sequence, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let mut file = File::open(self.path(segment))?;
        file.seek(SeekFrom::Start(offset))?;
        let mut filled = 0;
        while filled < buffer.len() {
            match file.read(&mut buffer[filled..]) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }

    fn create(&mut self, segment: Sequence) -> io::Result<()> {
        let file = OpenOptions::new().read(true).write(true).create_new(true).open(self.path(segment))?;
        self.open = Some((segment, file));
        Ok(())
    }

    fn write(&mut self, segment: Sequence, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let file = self.writer(segment)?;
        file.seek(SeekFrom::Start(offset))?;
        file.write_all(bytes)
    }

    fn truncate(&mut self, segment: Sequence, length: u64) -> io::Result<()> {
        self.writer(segment)?.set_len(length)
    }

    fn remove(&mut self, segment: Sequence) -> io::Result<()> {
        self.open = None;
        fs::remove_file(self.path(segment))
    }

    fn sync(&mut self, segment: Sequence) -> io::Result<()> {
        self.writer(segment)?.sync_data()
    }

    fn sync_names(&mut self) -> io::Result<()> {
        sync_directory(&self.directory)
    }
}

/// Makes a directory and those above it, each durable in the one above it.
fn create_directory(directory: &Path) -> io::Result<()> {
    if directory.is_dir() {
        return Ok(());
    }
    let above = match directory.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    create_directory(above)?;
    match fs::create_dir(directory) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        other => other?,
    }
    sync_directory(above)
}

/// Names in a directory are durable only once the directory itself is synced (POSIX fsync); systems that
/// cannot open a directory as a file keep names durable themselves.
fn sync_directory(directory: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(directory)?.sync_all() } else { Ok(()) }
}
