//! The log's leaves as bytes, in one file, so that a proof of an old event needs no memory. A node that starts writes
//! the file anew from the blocks. Knows nothing of what a leaf says.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

/// Leaves by index.
#[derive(Debug)]
pub struct Leaves {
    kept: Kept,
    /// Index of the first that is kept.
    first: u64,
    /// Where each leaf ends.
    ends: Vec<u64>,
}

#[derive(Debug)]
enum Kept {
    Memory(Vec<u8>),
    File { file: File, unwritten: Vec<u8> },
}

/// Bytes that are kept back before they are written.
const UNWRITTEN_MAX: usize = 256 * 1024;

impl Leaves {
    /// Leaves in memory, for simulations.
    pub fn in_memory() -> Self {
        Self { kept: Kept::Memory(Vec::new()), first: 0, ends: Vec::new() }
    }

    /// Leaves in a file, which is emptied.
    pub fn in_file(path: &Path) -> io::Result<Self> {
        let file = File::options().read(true).write(true).create(true).truncate(true).open(path)?;
        Ok(Self { kept: Kept::File { file, unwritten: Vec::new() }, first: 0, ends: Vec::new() })
    }

    /// The same before anything is added, with this index for the first leaf.
    pub fn starting_at(self, first: u64) -> Self {
        Self { first, ..self }
    }

    /// How many there are, those before the first that is kept too.
    pub fn len(&self) -> u64 {
        self.first + self.ends.len() as u64
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds the next leaf.
    pub fn append(&mut self, leaf: &[u8]) -> io::Result<()> {
        let start = self.ends.last().copied().unwrap_or(0);
        match &mut self.kept {
            Kept::Memory(bytes) => bytes.extend_from_slice(leaf),
            Kept::File { file, unwritten } => {
                unwritten.extend_from_slice(leaf);
                if unwritten.len() > UNWRITTEN_MAX {
                    write_out(file, unwritten)?;
                }
            }
        }
        self.ends.push(start + leaf.len() as u64);
        Ok(())
    }

    /// A leaf's bytes; nothing if it does not exist.
    pub fn leaf(&mut self, index: u64) -> io::Result<Option<Vec<u8>>> {
        let Some(place) = index.checked_sub(self.first) else { return Ok(None) };
        let Ok(place) = usize::try_from(place) else { return Ok(None) };
        let Some(end) = self.ends.get(place).copied() else { return Ok(None) };
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        let length = usize::try_from(end - start).expect("it was in memory when it was added");
        match &mut self.kept {
            Kept::Memory(bytes) => {
                let start = usize::try_from(start).expect("it is in memory");
                Ok(Some(bytes[start..start + length].to_vec()))
            }
            Kept::File { file, unwritten } => {
                write_out(file, unwritten)?;
                file.seek(SeekFrom::Start(start))?;
                let mut leaf = vec![0; length];
                file.read_exact(&mut leaf)?;
                Ok(Some(leaf))
            }
        }
    }
}

fn write_out(file: &mut File, unwritten: &mut Vec<u8>) -> io::Result<()> {
    if !unwritten.is_empty() {
        file.seek(SeekFrom::End(0))?;
        file.write_all(unwritten)?;
        unwritten.clear();
    }
    Ok(())
}

#[cfg(test)]
mod tests;
