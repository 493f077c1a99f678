//! The band that nearly every feature makes, a count or a count and a sum over the whole of it, without the loops that
//! the general one needs. Says the same as the general one.

use super::layout::{Band, Measure, NUMBERS_MAX, Shape};
use super::ring::{joined, measured, put_wide, wide};

/// Where such a band's totals are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plain {
    /// Word and number of the count.
    count: (usize, usize),
    /// Word, number and measure of the sum.
    sum: Option<(usize, usize, Measure)>,
}

impl Plain {
    /// Of a band whose words have been given out, if it is one.
    pub(super) fn of(band: &Band) -> Option<Plain> {
        let [span] = &band.spans[..] else { return None };
        let whole = span.lag == 0 && span.length == band.turn.by;
        match (band.shape, &span.totals[..]) {
            (Shape::Count, [count]) if whole => Some(Plain { count: (count.word, count.number), sum: None }),
            (Shape::CountAndSum, [count, sum]) if whole && (count.lane, sum.lane) == (0, 1) => Some(Plain {
                count: (count.word, count.number),
                sum: Some((sum.word, sum.number, band.sums[1].measure)),
            }),
            _ => None,
        }
    }

    /// Reads the numbers as of a bucket.
    pub(super) fn read(self, band: &Band, words: &[u32], bucket: u32, numbers: &mut [i64; NUMBERS_MAX]) {
        let (head, by) = (words[band.head], band.turn.by);
        let moved = bucket.saturating_sub(head);
        let (mut count, mut sum) = (i64::from(words[self.count.0]), 0);
        if count == 0 || moved >= by {
            count = 0;
        } else {
            sum = self.sum.map_or(0, |(word, ..)| wide(words, word));
            if moved > 0 {
                // What left is taken off, or what stays is added up, whichever is fewer cells.
                let (from, cells) = if 2 * moved > by { (moved, by - moved) } else { (0, moved) };
                let seen = self.cells(band, words, (bucket, from, cells));
                (count, sum) = if from > 0 { seen } else { (count - seen.0, sum.wrapping_sub(seen.1)) };
            }
        }
        numbers[self.count.1] = count;
        if let Some((_, number, _)) = self.sum {
            numbers[number] = sum;
        }
    }

    /// Adds up so many cells, from the one that is `from` buckets older than a bucket on.
    fn cells(self, band: &Band, words: &[u32], (bucket, from, count): (u32, u32, u32)) -> (i64, i64) {
        let mut at = band.turn.rest(bucket);
        at = if at >= from { at - from } else { at + band.turn.by - from };
        let (mut counts, mut sums) = (0i64, 0i64);
        let cells = &words[band.at..band.at + band.turn.by as usize * band.stride];
        for _ in 0..count {
            let cell = at as usize * band.stride;
            counts += i64::from(cells[cell]);
            if self.sum.is_some() {
                sums = sums.wrapping_add(joined(cells[cell + 1], cells[cell + 2]));
            }
            at = if at == 0 { band.turn.by - 1 } else { at - 1 };
        }
        (counts, sums)
    }

    /// Adds an event of a bucket.
    pub(super) fn add(self, band: &Band, words: &mut [u32], slots: &[i64], bucket: u32) {
        let (head, by) = (words[band.head], band.turn.by);
        let newest = bucket.max(head);
        if newest > head {
            words[band.head] = newest;
            self.advance(band, words, newest, newest - head);
        }
        let age = newest - bucket;
        if age >= by {
            return; // older than anything the band can still say
        }
        let cell = band.at + band.turn.rest(bucket) as usize * band.stride;
        words[cell] = words[cell].wrapping_add(1);
        words[self.count.0] = words[self.count.0].wrapping_add(1);
        if let Some((word, _, measure)) = self.sum {
            let value = measured(measure, slots);
            put_wide(words, cell + 1, wide(words, cell + 1).wrapping_add(value));
            put_wide(words, word, wide(words, word).wrapping_add(value));
        }
    }

    /// Empties the cells of the buckets since, and takes what they held off the totals.
    fn advance(self, band: &Band, words: &mut [u32], newest: u32, moved: u32) {
        if words[self.count.0] == 0 {
            return; // all cells are empty
        }
        if moved >= band.turn.by {
            words[band.at..band.at + band.turn.by as usize * band.stride].fill(0);
            words[self.count.0] = 0;
            if let Some((word, ..)) = self.sum {
                put_wide(words, word, 0);
            }
            return;
        }
        let (counts, sums) = self.cells(band, words, (newest, 0, moved));
        words[self.count.0] = words[self.count.0].wrapping_sub(counts as u32);
        if let Some((word, ..)) = self.sum {
            put_wide(words, word, wide(words, word).wrapping_sub(sums));
        }
        let mut at = band.turn.rest(newest);
        for _ in 0..moved {
            let cell = band.at + at as usize * band.stride;
            words[cell] = 0;
            if self.sum.is_some() {
                put_wide(words, cell + 1, 0);
            }
            at = if at == 0 { band.turn.by - 1 } else { at - 1 };
        }
    }
}
