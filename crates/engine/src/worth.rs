//! What amounts in different currencies are roughly worth beside each other, in cents of a dollar. For comparing sizes
//! only: no money is converted at these values, and nobody is quoted them.

use money::Amount;

/// Millionths of one dollar that a major unit is worth, roughly, as of November 2026. A currency that is not here counts
/// as a dollar, so that an unknown one looks large rather than small.
const MICRO_DOLLARS: [(&str, u64); 38] = [
    ("AED", 272_000),
    ("AUD", 650_000),
    ("BDT", 8_200),
    ("BHD", 2_650_000),
    ("BRL", 180_000),
    ("CAD", 710_000),
    ("CHF", 1_240_000),
    ("CNY", 140_000),
    ("DKK", 155_000),
    ("EUR", 1_160_000),
    ("GBP", 1_310_000),
    ("HKD", 128_000),
    ("IDR", 60),
    ("INR", 11_300),
    ("JPY", 6_500),
    ("KHR", 250),
    ("KRW", 690),
    ("KWD", 3_250_000),
    ("KZT", 1_900),
    ("LAK", 46),
    ("LKR", 3_300),
    ("MMK", 480),
    ("MNT", 280),
    ("MOP", 124_000),
    ("MYR", 237_000),
    ("NOK", 99_000),
    ("NPR", 7_050),
    ("NZD", 570_000),
    ("OMR", 2_600_000),
    ("PHP", 17_000),
    ("PKR", 3_550),
    ("QAR", 274_000),
    ("SAR", 266_000),
    ("SEK", 105_000),
    ("SGD", 768_000),
    ("THB", 30_900),
    ("TWD", 32_000),
    ("VND", 38),
];
const DOLLAR: u64 = 1_000_000;
const MICRO_DOLLARS_A_CENT: u128 = 10_000;

/// Cents of a dollar, at least one for any amount above nothing.
pub(crate) fn cents(amount: Amount) -> i64 {
    let code = amount.currency.code();
    let found = MICRO_DOLLARS.binary_search_by(|(known, _)| (*known).cmp(code));
    let micro_dollars = found.map_or(DOLLAR, |place| MICRO_DOLLARS[place].1);
    let minor_a_major = 10_u128.pow(u32::from(amount.currency.exponent()));
    let cents = u128::from(amount.minor) * u128::from(micro_dollars) / minor_a_major / MICRO_DOLLARS_A_CENT;
    i64::try_from(cents).unwrap_or(i64::MAX).max(i64::from(amount.minor > 0))
}

#[cfg(test)]
mod tests;
