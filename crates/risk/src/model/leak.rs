//! Finds inputs that know the label: what separates fraud almost perfectly alone was made from it. Does not train.

use super::metrics::auc;
use crate::Error;

/// An input that separates fraud this well alone, in either direction, knows the label.
pub const LEAK_AUC: f64 = 0.995;

/// Refuses columns of which one alone separates fraud.
///
/// # Errors
/// [`Error::Whole`] with the input's name and how well it separates.
pub fn refuse(names: &[String], columns: &[Vec<f32>], labels: &[bool]) -> Result<(), Error> {
    for (name, column) in names.iter().zip(columns) {
        let order: Vec<i64> = column.iter().map(|value| i64::from(ordered(*value))).collect();
        let alone = auc(&order, labels);
        if alone.max(1.0 - alone) > LEAK_AUC {
            let what =
                format!("input {name} alone separates fraud (AUC {alone:.4}): it seems to know the label");
            return Err(Error::Whole(what));
        }
    }
    Ok(())
}

/// A float as an integer of the same order: of negative ones all bits but the sign are turned.
fn ordered(value: f32) -> i32 {
    let bits = value.to_bits() as i32;
    bits ^ (((bits >> 31) as u32) >> 1) as i32
}
