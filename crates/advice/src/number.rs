//! Elementary functions that give the same bits on every machine, because the system's may not. Square root
//! is exact by IEEE 754 and needs no copy here.

/// Natural logarithm within about two units in the last place; negative infinity at 0, not a number below.
pub fn logarithm(x: f64) -> f64 {
    if x.is_nan() || x < 0.0 {
        return f64::NAN;
    }
    if x == 0.0 {
        return f64::NEG_INFINITY;
    }
    if x.is_infinite() {
        return x;
    }
    let (mut value, mut exponent) = if x < f64::MIN_POSITIVE { (x * 2f64.powi(54), -54i64) } else { (x, 0) };
    let bits = value.to_bits();
    exponent += ((bits >> 52) & 0x7ff) as i64 - 1023;
    value = f64::from_bits((bits & 0x000f_ffff_ffff_ffff) | (1023u64 << 52));
    if value > std::f64::consts::SQRT_2 {
        value *= 0.5;
        exponent += 1;
    }
    // ln m = 2 artanh((m − 1)/(m + 1)), |argument| < 0.172: eleven odd terms reach the last place.
    let ratio = (value - 1.0) / (value + 1.0);
    let square = ratio * ratio;
    let mut series = 0.0;
    let mut order = 23.0;
    while order > 1.0 {
        series = (series + 1.0 / order) * square;
        order -= 2.0;
    }
    let exponent = exponent as f64;
    exponent * LN2_HIGH + (exponent * LN2_LOW + 2.0 * ratio * series + 2.0 * ratio)
}

/// e raised to `x`, within about two units in the last place; saturates at 0 and infinity.
pub fn exponential(x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    if x > 709.7 {
        return f64::INFINITY;
    }
    if x < -745.0 {
        return 0.0;
    }
    let count = (x * std::f64::consts::LOG2_E).round_ties_even();
    let rest = (x - count * LN2_HIGH) - count * LN2_LOW;
    let mut sum = 1.0;
    let mut order = 16.0;
    while order >= 1.0 {
        sum = 1.0 + sum * rest / order;
        order -= 1.0;
    }
    let count = count as i32;
    // Two factors so that subnormal results are reached without leaving the exponent range.
    sum * power_of_two(count / 2) * power_of_two(count - count / 2)
}

/// `base` to a real power, for positive bases.
pub fn power(base: f64, exponent: f64) -> f64 {
    if base == 0.0 && exponent > 0.0 { 0.0 } else { exponential(exponent * logarithm(base)) }
}

/// Quantile of the standard normal distribution, relative error below 1.2e-9 (Acklam's rational approximation).
pub fn normal_quantile(p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    let tail = |p: f64| {
        let q = (-2.0 * logarithm(p)).sqrt();
        horner(&TAIL_TOP, q) / (horner(&TAIL_BOTTOM, q) * q + 1.0)
    };
    if p == 0.0 || p == 1.0 {
        return if p == 0.0 { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    if p < 0.02425 {
        return tail(p);
    }
    if p > 1.0 - 0.02425 {
        return -tail(1.0 - p);
    }
    let q = p - 0.5;
    let r = q * q;
    horner(&MIDDLE_TOP, r) * q / (horner(&MIDDLE_BOTTOM, r) * r + 1.0)
}

/// The value at `share` (0 to 1) of an ascending list by linear interpolation; 0 for an empty list.
pub fn quantile(ascending: &[f64], share: f64) -> f64 {
    let Some(last) = ascending.len().checked_sub(1) else { return 0.0 };
    let place = share.clamp(0.0, 1.0) * last as f64;
    let below = place.floor();
    let low = ascending[below as usize];
    let high = ascending[(below as usize + 1).min(last)];
    low + (high - low) * (place - below)
}

fn power_of_two(exponent: i32) -> f64 {
    f64::from_bits(((i64::from(exponent) + 1023) as u64) << 52)
}

fn horner(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().fold(0.0, |sum, c| sum * x + c)
}

const LN2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;

const MIDDLE_TOP: [f64; 6] = [
    -3.969683028665376e+01,
    2.209460984245205e+02,
    -2.759285104469687e+02,
    1.383_577_518_672_69e2,
    -3.066479806614716e+01,
    2.506628277459239e+00,
];
const MIDDLE_BOTTOM: [f64; 5] = [
    -5.447609879822406e+01,
    1.615858368580409e+02,
    -1.556989798598866e+02,
    6.680131188771972e+01,
    -1.328068155288572e+01,
];
const TAIL_TOP: [f64; 6] = [
    -7.784894002430293e-03,
    -3.223964580411365e-01,
    -2.400758277161838e+00,
    -2.549732539343734e+00,
    4.374664141464968e+00,
    2.938163982698783e+00,
];
const TAIL_BOTTOM: [f64; 4] =
    [7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00];

#[cfg(test)]
mod tests;
