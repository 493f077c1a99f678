//! Exchange rates as exact rationals, and the roundings a conversion may use. Does not know who quoted or until when.

use crate::{Amount, Currency, Error, MINOR_MAX};

/// The price of one major unit of `base` in major units of `quote`, kept as digits over a power of ten: 8.1250 PHP
/// per CNY is 81250 / 10^4, and is written back exactly as it came.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Rate {
    base: Currency,
    quote: Currency,
    mantissa: u64,
    scale: u8,
}

/// Who gains when a conversion or a share does not come out whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rounding {
    /// To the nearest unit, halves to the even one: over many payments nobody gains.
    HalfEven,
    /// Down: whoever pays the result gains.
    FavoursPayer,
    /// Up: whoever receives the result gains.
    FavoursPayee,
}

/// Digits of a price: 18 fit 64 bits with room, and no market quotes more.
const MANTISSA_DIGITS_MAX: usize = 18;
/// Decimals of a price. Rates of VND per KWD or the like need no more than ten.
const SCALE_MAX: usize = 12;

impl Rate {
    /// Reads a price written as a plain decimal (`8.1250`, `0.0402`, `17`): quote units per one base unit.
    pub fn parse(base: Currency, quote: Currency, price: &str) -> Result<Rate, Error> {
        let (whole, fraction) = price.split_once('.').unwrap_or((price, ""));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || (price.contains('.') && !digits(fraction)) {
            return Err(Error::NotDigits);
        }
        if fraction.len() > SCALE_MAX || whole.len() + fraction.len() > MANTISSA_DIGITS_MAX {
            return Err(Error::TooPrecise);
        }
        let mantissa = format!("{whole}{fraction}").parse::<u64>().map_err(|_| Error::TooPrecise)?;
        let scale = u8::try_from(fraction.len()).expect("at most SCALE_MAX");
        Rate::from_parts(base, quote, mantissa, scale)
    }

    /// The rate of `mantissa / 10^scale`.
    pub fn from_parts(base: Currency, quote: Currency, mantissa: u64, scale: u8) -> Result<Rate, Error> {
        match (mantissa, usize::from(scale)) {
            (0, _) => Err(Error::ZeroPrice),
            (_, scale) if scale > SCALE_MAX => Err(Error::TooPrecise),
            (mantissa, _) if mantissa >= 10_u64.pow(MANTISSA_DIGITS_MAX as u32) => Err(Error::TooPrecise),
            _ => Ok(Rate { base, quote, mantissa, scale }),
        }
    }

    /// One for one, for a payment that crosses no currency.
    pub fn identity(currency: Currency) -> Rate {
        Rate { base: currency, quote: currency, mantissa: 1, scale: 0 }
    }

    /// The currency whose single unit is priced.
    pub fn base(self) -> Currency {
        self.base
    }

    /// The currency the price is in.
    pub fn quote(self) -> Currency {
        self.quote
    }

    /// The digits of the price and how many of them stand behind the point.
    pub fn parts(self) -> (u64, u8) {
        (self.mantissa, self.scale)
    }

    /// The amount of `quote` that `amount` of `base` is worth.
    pub fn convert(self, amount: Amount, rounding: Rounding) -> Result<Amount, Error> {
        if amount.currency != self.base {
            return Err(Error::CurrencyMismatch);
        }
        let product = u128::from(amount.minor) * u128::from(self.mantissa);
        let up = u32::from(self.quote.exponent());
        let down = u32::from(self.base.exponent()) + u32::from(self.scale);
        let (numerator, denominator) = match up >= down {
            true => (product.checked_mul(10_u128.pow(up - down)).ok_or(Error::TooLarge)?, 1),
            false => (product, 10_u128.pow(down - up)),
        };
        match u64::try_from(divide(numerator, denominator, rounding)) {
            Ok(minor) if minor <= MINOR_MAX => Ok(Amount::new(self.quote, minor)),
            _ => Err(Error::TooLarge),
        }
    }

    /// Whether this price asks less of the payer than the other, digits and scale aside.
    pub fn is_cheaper_than(self, other: Rate) -> bool {
        let scaled =
            |rate: Rate, other: Rate| u128::from(rate.mantissa) * 10_u128.pow(u32::from(other.scale));
        scaled(self, other) < scaled(other, self)
    }
}

/// The price as it was written: `8.1250`.
impl std::fmt::Display for Rate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let scale = usize::from(self.scale);
        let digits = format!("{:0>width$}", self.mantissa, width = scale + 1);
        match scale {
            0 => f.write_str(&digits),
            _ => write!(f, "{}.{}", &digits[..digits.len() - scale], &digits[digits.len() - scale..]),
        }
    }
}

/// Divides, sending what is left over where `rounding` says.
pub(crate) fn divide(numerator: u128, denominator: u128, rounding: Rounding) -> u128 {
    let (whole, left) = (numerator / denominator, numerator % denominator);
    let up = match rounding {
        Rounding::FavoursPayer => false,
        Rounding::FavoursPayee => left > 0,
        Rounding::HalfEven => {
            let missing = denominator - left;
            left > missing || (left == missing && whole % 2 == 1)
        }
    };
    whole + u128::from(up)
}
