//! CRC-16 of merchant-presented codes (ISO/IEC 13239 polynomial 1021, initial FFFF, not reflected), sixteen bytes a
//! step. Knows nothing of objects.

/// The checksum of `bytes`.
pub(crate) fn crc16(bytes: &[u8]) -> u16 {
    let mut crc = 0xFFFF_u16;
    let (chunks, rest) = bytes.as_chunks::<16>();
    for chunk in chunks {
        // The register only reaches the first two bytes of a chunk; the tables hold what each byte leaves behind
        // after the bytes that follow it. Steps wait for each other, the fourteen other bytes of a step do not.
        let [high, low] = crc.to_be_bytes();
        let mut left = TABLES[15][usize::from(chunk[0] ^ high)] ^ TABLES[14][usize::from(chunk[1] ^ low)];
        for place in 2..16 {
            left ^= TABLES[15 - place][usize::from(chunk[place])];
        }
        crc = left;
    }
    for &byte in rest {
        let [high, low] = crc.to_be_bytes();
        crc = u16::from_be_bytes([low, 0]) ^ TABLES[0][usize::from(high ^ byte)];
    }
    crc
}

/// Upper-case hexadecimal digits of a checksum, as codes carry them.
pub(crate) fn hexadecimal(crc: u16) -> [u8; 4] {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    [12, 8, 4, 0].map(|shift| DIGITS[usize::from(crc >> shift & 0xF)])
}

/// Reads four hexadecimal digits of either case.
pub(crate) fn from_hexadecimal(digits: &[u8]) -> Option<u16> {
    let digits: &[u8; 4] = digits.try_into().ok()?;
    digits.iter().try_fold(0_u16, |value, &digit| {
        let nibble = char::from(digit).to_digit(16)?;
        Some(value << 4 | u16::try_from(nibble).ok()?)
    })
}

/// `TABLES[k][b]`: the register after byte `b` followed by `k` zero bytes, from a zero register.
static TABLES: [[u16; 256]; 16] = tables();

const fn tables() -> [[u16; 256]; 16] {
    let mut tables = [[0_u16; 256]; 16];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = (byte as u16) << 8;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 0x8000 == 0 { crc << 1 } else { crc << 1 ^ 0x1021 };
            bit += 1;
        }
        tables[0][byte] = crc;
        byte += 1;
    }
    let mut step = 1;
    while step < 16 {
        let mut byte = 0;
        while byte < 256 {
            let before = tables[step - 1][byte];
            tables[step][byte] = before << 8 ^ tables[0][(before >> 8) as usize];
            byte += 1;
        }
        step += 1;
    }
    tables
}

#[cfg(test)]
mod tests;
