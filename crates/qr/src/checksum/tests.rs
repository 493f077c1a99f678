use super::{crc16, from_hexadecimal, hexadecimal};

/// The definition, bit by bit, as an independent check of the tables.
fn by_definition(bytes: &[u8]) -> u16 {
    let mut crc = 0xFFFF_u16;
    for &byte in bytes {
        for bit in (0..8).rev() {
            let carry = (crc >> 15) ^ u16::from(byte >> bit & 1);
            crc = crc << 1 ^ if carry == 1 { 0x1021 } else { 0 };
        }
    }
    crc
}

#[test]
fn agrees_with_the_definition_at_every_length() {
    assert_eq!(crc16(b"123456789"), 0x29B1, "the check value of CRC-16/CCITT-FALSE");
    let bytes: Vec<u8> = (0..600_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for length in 0..bytes.len() {
        assert_eq!(crc16(&bytes[..length]), by_definition(&bytes[..length]), "{length} bytes");
    }
}

#[test]
fn hexadecimal_both_ways() {
    for value in [0, 0x007B, 0xA13A, 0xFFFF] {
        assert_eq!(from_hexadecimal(&hexadecimal(value)), Some(value));
    }
    assert_eq!(&hexadecimal(0x007B), b"007B");
    assert_eq!(from_hexadecimal(b"a13a"), Some(0xA13A));
    for wrong in [b"".as_slice(), b"A13", b"A13AA", b"G000", b"+123"] {
        assert_eq!(from_hexadecimal(wrong), None);
    }
}
