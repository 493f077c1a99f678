//! Check digits of the identifiers that national codes carry. Knows arithmetic, not who issued the identifier.

/// The last digit by Luhn's rule (ISO/IEC 7812-1), as card and RuPay numbers have it.
pub(crate) fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let value = u32::from(digit.wrapping_sub(b'0'));
            if place % 2 == 0 { value } else { value * 2 % 10 + value * 2 / 10 }
        })
        .sum();
    !digits.is_empty() && is_numeric(digits) && sum.is_multiple_of(10)
}

/// The thirteenth digit of a Thai citizen or tax number.
pub(crate) fn thai_number(digits: &str) -> bool {
    digits.len() == 13 && is_numeric(digits) && {
        let sum = weighted(&digits[..12], &[13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
        (11 - sum % 11) % 10 == value(digits, 12)
    }
}

/// The two check digits of a Brazilian person number (CPF).
pub(crate) fn cpf(digits: &str) -> bool {
    digits.len() == 11 && is_numeric(digits) && {
        let first = modulus_11(weighted(&digits[..9], &[10, 9, 8, 7, 6, 5, 4, 3, 2]));
        let second = modulus_11(weighted(&digits[..10], &[11, 10, 9, 8, 7, 6, 5, 4, 3, 2]));
        [first, second] == [value(digits, 9), value(digits, 10)]
    }
}

/// The two check digits of a Brazilian company number (CNPJ), whose first twelve places may be letters since 2026.
pub(crate) fn cnpj(text: &str) -> bool {
    let is_shaped = text.len() == 14
        && text[..12].bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
        && is_numeric(&text[12..]);
    is_shaped && {
        let first = modulus_11(weighted(&text[..12], &[5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]));
        let second = modulus_11(weighted(&text[..13], &[6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]));
        [first, second] == [value(text, 12), value(text, 13)]
    }
}

/// The check letter of a Singapore entity number (UEN) in any of its three shapes.
pub(crate) fn uen(text: &str) -> bool {
    if !text.is_ascii() {
        return false;
    }
    let bytes = text.as_bytes();
    match bytes.len() {
        9 if is_numeric(&text[..8]) => {
            let sum = weighted(&text[..8], &[10, 4, 9, 3, 8, 2, 7, 1]);
            bytes[8] == b"XMKECAWLJDB"[usize_of(sum % 11)]
        }
        10 if is_numeric(&text[..9]) => {
            let sum = weighted(&text[..9], &[10, 8, 6, 4, 9, 7, 5, 3, 1]);
            bytes[9] == b"ZKCMDNERGWH"[usize_of(sum % 11)]
        }
        10 => {
            const ALPHABET: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWX0123456789";
            let weights = [4, 3, 5, 3, 10, 2, 2, 5, 7];
            let places = bytes[..9].iter().map(|byte| ALPHABET.iter().position(|letter| letter == byte));
            let sum: Option<usize> =
                places.zip(weights).map(|(place, weight)| place.map(|place| place * weight)).sum();
            // Five less, kept above zero.
            sum.is_some_and(|sum| bytes[9] == ALPHABET[(sum + 6) % 11])
        }
        _ => false,
    }
}

fn is_numeric(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What a character counts: its distance from `0` in ASCII, so that letters follow the digits.
fn value(text: &str, place: usize) -> u32 {
    u32::from(text.as_bytes()[place].wrapping_sub(b'0'))
}

fn weighted(text: &str, weights: &[u32]) -> u32 {
    weights.iter().enumerate().map(|(place, weight)| weight * value(text, place)).sum()
}

/// 11 minus the remainder, or 0 where that has two digits.
fn modulus_11(sum: u32) -> u32 {
    match sum % 11 {
        0 | 1 => 0,
        remainder => 11 - remainder,
    }
}

fn usize_of(remainder: u32) -> usize {
    usize::try_from(remainder).expect("a remainder of 11 fits")
}

#[cfg(test)]
mod tests;
