//! Reads one segment frame by frame, holding one frame at a time, and stops at the first that is not right.
//! Does not decide whether what is not right is a torn tail or damage.

use std::io;

use crate::frame::{self, FrameHeader, Records};
use crate::segment::{self, FRAMES_START, SegmentHeader};
use crate::{ChainHash, Error, Sequence, Storage};

/// How much is read from storage at a time, unless one frame is longer.
const WINDOW_BYTES: usize = 256 << 10;

/// Where a walk is: what the next frame must say.
#[derive(Clone, Copy)]
pub(crate) struct Position {
    pub(crate) offset: u64,
    pub(crate) next: Sequence,
    pub(crate) chain: ChainHash,
    /// The first record of the batch whose frames are being read, while its last frame has not been.
    pub(crate) batch: Option<Sequence>,
}

impl Position {
    /// Whether a frame with this header may come here.
    pub(crate) fn expects(&self, header: &FrameHeader) -> bool {
        header.first == self.next && header.batch == self.batch.unwrap_or(self.next)
    }
}

/// A frame that is not whole, at the walk's position.
pub(crate) enum Damage {
    /// The segment ends before the frame does.
    Incomplete,
    /// The header's checksum does not hold, so nothing in it can be believed.
    Header,
    /// The header is right, the payload is not.
    Payload(FrameHeader),
}

impl Damage {
    /// What to tell about it.
    pub(crate) fn found(&self) -> &'static str {
        match self {
            Damage::Incomplete => "the end of the file inside the frame",
            Damage::Header => "bytes that are not the header of a frame",
            Damage::Payload(_) => "a payload that does not match its CRC-32C",
        }
    }
}

/// What a walk came to.
pub(crate) enum Step<'a> {
    Frame(FrameHeader, Records<'a>),
    End,
    Damaged(Damage),
}

/// A walk over the frames of one segment.
pub(crate) struct Walk<'a, S> {
    pub(crate) window: Window<'a, S>,
    pub(crate) header: SegmentHeader,
    pub(crate) position: Position,
}

impl<'a, S: Storage> Walk<'a, S> {
    /// Begins at the first frame of a segment of which the first `length` bytes count.
    pub(crate) fn begin(storage: &'a S, segment: Sequence, length: u64) -> Result<Walk<'a, S>, Error> {
        let mut window = Window { storage, segment, length, buffer: Vec::new(), start: 0 };
        let Some(header) = window.bytes(0, segment::HEADER_BYTES)?.and_then(SegmentHeader::parse) else {
            return Err(window.corrupt(0, "the header of a segment", "bytes that are not, or not whole"));
        };
        if header.version > segment::VERSION {
            let file = window.file();
            return Err(Error::NewerVersion { file, found: header.version, known: segment::VERSION });
        }
        if header.first != segment {
            let expected = format!("first record {segment}, as its name says");
            return Err(window.corrupt(12, &expected, &format!("first record {}", header.first)));
        }
        let position =
            Position { offset: FRAMES_START, next: header.first, chain: header.chain, batch: None };
        Ok(Walk { window, header, position })
    }

    /// Reads the next frame and moves behind it; at the end or at a damaged frame the position stays. A frame
    /// that is whole but does not belong here is an error at once: no torn write leaves such a thing.
    pub(crate) fn step(&mut self) -> Result<Step<'_>, Error> {
        let Position { offset, next, chain, .. } = self.position;
        if offset == self.window.length {
            return Ok(Step::End);
        }
        let header = match self.window.bytes(offset, frame::HEADER_BYTES)? {
            None => return Ok(Step::Damaged(Damage::Incomplete)),
            Some(bytes) => FrameHeader::parse(bytes),
        };
        let Some(header) = header else { return Ok(Step::Damaged(Damage::Header)) };
        if !self.position.expects(&header) {
            let expected = format!("record {next} of batch {}", self.position.batch.unwrap_or(next));
            let found = format!("record {} of batch {}", header.first, header.batch);
            return Err(self.window.corrupt(offset, &expected, &found));
        }
        let (checks, chains, adds_up) = match self.window.bytes(offset, header.frame_bytes())? {
            None => return Ok(Step::Damaged(Damage::Incomplete)),
            Some(frame) => (
                header.checks(frame),
                header.chains(frame, chain),
                Records::of(&frame[frame::HEADER_BYTES..]).are(header.records),
            ),
        };
        if !checks {
            return Ok(Step::Damaged(Damage::Payload(header)));
        }
        if !chains {
            let expected = format!("a frame that continues chain hash {chain}");
            return Err(self.window.corrupt(offset, &expected, "a frame that does not"));
        }
        if !adds_up {
            let expected = format!("{} records that fill the payload", header.records);
            return Err(self.window.corrupt(offset, &expected, "lengths that do not add up"));
        }
        self.position = Position {
            offset: offset + header.frame_bytes() as u64,
            next: header.next(),
            chain: header.chain,
            batch: header.continued.then_some(header.batch),
        };
        let frame = self.window.buffered(offset, header.frame_bytes());
        Ok(Step::Frame(header, Records::of(&frame[frame::HEADER_BYTES..])))
    }

    /// The error for a damaged frame at this walk's position.
    pub(crate) fn refuse(&self, damage: &Damage) -> Error {
        let expected = format!("a frame that begins with record {}", self.position.next);
        self.window.corrupt(self.position.offset, &expected, damage.found())
    }
}

/// A part of a segment, held in memory and moved forward as it is read.
pub(crate) struct Window<'a, S> {
    storage: &'a S,
    segment: Sequence,
    /// Bytes of the segment that count; it may be longer by now.
    pub(crate) length: u64,
    buffer: Vec<u8>,
    /// Offset in the segment of the buffer's first byte.
    start: u64,
}

impl<S: Storage> Window<'_, S> {
    /// `count` bytes from `offset` on, or nothing if the segment ends before.
    pub(crate) fn bytes(&mut self, offset: u64, count: usize) -> Result<Option<&[u8]>, Error> {
        let ahead = self.ahead(offset, count)?;
        Ok(ahead.get(..count))
    }

    /// What is in memory from `offset` on: at least `count` bytes, unless the segment ends before.
    pub(crate) fn ahead(&mut self, offset: u64, count: usize) -> Result<&[u8], Error> {
        let left = self.length.saturating_sub(offset);
        let wanted = (count as u64).min(left);
        let held = offset >= self.start && offset + wanted <= self.start + self.buffer.len() as u64;
        if !held {
            let most = (count.max(WINDOW_BYTES) as u64).min(left);
            self.fill(offset, usize::try_from(most).expect("it is not over `count` or WINDOW_BYTES"))?;
        }
        let from = usize::try_from(offset - self.start).expect("it is inside the buffer");
        Ok(self.buffer.get(from..).unwrap_or_default())
    }

    /// `count` bytes from `offset` on that [`Window::bytes`] has just returned.
    fn buffered(&self, offset: u64, count: usize) -> &[u8] {
        let from = usize::try_from(offset - self.start).expect("it is inside the buffer");
        &self.buffer[from..from + count]
    }

    /// Whether all bytes from `offset` on are zero.
    pub(crate) fn is_zero_from(&mut self, mut offset: u64) -> Result<bool, Error> {
        while offset < self.length {
            let ahead = self.ahead(offset, 1)?;
            if ahead.iter().any(|byte| *byte != 0) {
                return Ok(false);
            }
            offset += ahead.len() as u64;
        }
        Ok(true)
    }

    /// Forgets what was read, so that it is read again.
    pub(crate) fn forget(&mut self) {
        self.buffer.clear();
    }

    fn fill(&mut self, offset: u64, count: usize) -> Result<(), Error> {
        self.buffer.resize(count, 0);
        self.start = offset;
        let filled = self.storage.read(self.segment, offset, &mut self.buffer);
        let source = match filled {
            Ok(filled) if filled == count => return Ok(()),
            Ok(_) => io::Error::new(io::ErrorKind::UnexpectedEof, "it became shorter meanwhile"),
            Err(source) => source,
        };
        Err(Error::Storage { doing: "reading", file: self.file(), source })
    }

    pub(crate) fn file(&self) -> String {
        path(self.storage, self.segment)
    }

    pub(crate) fn corrupt(&self, offset: u64, expected: &str, found: &str) -> Error {
        Error::Corrupt { file: self.file(), offset, expected: expected.to_owned(), found: found.to_owned() }
    }
}

/// What to call a segment in messages.
pub(crate) fn path<S: Storage>(storage: &S, segment: Sequence) -> String {
    format!("{}/{}", storage.place(), segment::file_name(segment))
}
