//! Looking at very many plans: a screen that only reads amounts and says which plans need a proposal at all. It makes
//! no orders; those that are flagged go through the same proposal as everybody's.

use std::ops::{AddAssign, Mul};

use crate::model::Model;
use crate::refusal::{Code, Refusal};
use crate::suitability::{Policy, Product};

/// The bands of one model, ready for many plans.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Screen {
    /// Product codes in the order in which amounts are given.
    codes: Vec<String>,
    /// For each product the number of its class.
    class: Vec<usize>,
    /// For each class least and largest share, basis points.
    limits: Vec<(i64, i64)>,
    names: Vec<String>,
    /// Idle cash from here on deserves a plan, basis points.
    cash_bp: i64,
}

/// What the screen saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// Every class within its band, little idle cash.
    Quiet,
    /// Enough new money for a plan of its own.
    NewMoney,
    /// The class of this number is out of its band.
    Broken(usize),
    /// Nothing invested.
    Empty,
}

impl Screen {
    /// Bands of a model over these products. Amounts are later given in the order of `codes`.
    pub fn try_new(
        model: &Model,
        products: &[Product],
        codes: &[String],
        policy: &Policy,
    ) -> Result<Screen, Refusal> {
        let mut names: Vec<String> = products.iter().map(|p| p.class.clone()).collect();
        names.sort();
        names.dedup();
        let mut class = Vec::with_capacity(codes.len());
        for code in codes {
            let product = products.iter().find(|p| p.code == *code).ok_or_else(|| {
                Refusal::new(Code::OutOfRange, "product list", format!("{code} is not on the product list."))
            })?;
            class.push(names.iter().position(|n| *n == product.class).unwrap_or(0));
        }
        let mut targets = vec![0; names.len()];
        for (code, weight) in &model.weights_bp {
            let place = codes.iter().position(|c| c == code).ok_or_else(|| {
                Refusal::new(Code::OutOfRange, "model", format!("The amounts lack the model's {code}."))
            })?;
            targets[class[place]] += weight;
        }
        let limits = targets
            .iter()
            .map(|target| {
                let band = (target * policy.band_relative_bp / 10_000).max(policy.band_floor_bp);
                (target - band, target + band)
            })
            .collect();
        Ok(Screen { codes: codes.to_vec(), class, limits, names, cash_bp: policy.band_floor_bp })
    }

    /// Name of a class.
    pub fn class_name(&self, class: usize) -> &str {
        self.names.get(class).map_or("", String::as_str)
    }

    /// Looks at one plan: amounts in the order of the codes, and cash above the reserve. Whole numbers only, so a plan
    /// on the edge is judged the same everywhere. Missing amounts count as nothing.
    pub fn look(&self, amounts_minor: &[i64], cash_minor: i64) -> Seen {
        // Amounts of up to ten thousand million, of up to 256 products, leave room for the basis points in 64 bits.
        let small = |amount: i64| (0..1 << 40).contains(&amount);
        if amounts_minor.len() <= 256 && small(cash_minor.max(0)) && amounts_minor.iter().all(|a| small(*a)) {
            self.look_in::<i64>(amounts_minor, cash_minor)
        } else {
            self.look_in::<i128>(amounts_minor, cash_minor)
        }
    }

    fn look_in<T>(&self, amounts_minor: &[i64], cash_minor: i64) -> Seen
    where
        T: Copy + From<i64> + AddAssign + Mul<Output = T> + PartialOrd,
    {
        let cash = T::from(cash_minor.max(0));
        let mut shares = [T::from(0); 16];
        let mut more = Vec::new();
        let shares = if self.names.len() <= shares.len() {
            &mut shares[..self.names.len()]
        } else {
            more.resize(self.names.len(), T::from(0));
            &mut more[..]
        };
        let mut whole = cash;
        for (amount, class) in amounts_minor.iter().zip(&self.class) {
            shares[*class] += T::from(*amount);
            whole += T::from(*amount);
        }
        if whole <= T::from(0) {
            return Seen::Empty;
        }
        for (class, (share, (least, most))) in shares.iter().zip(&self.limits).enumerate() {
            let scaled = *share * T::from(10_000);
            if scaled < whole * T::from(*least) || scaled > whole * T::from(*most) {
                return Seen::Broken(class);
            }
        }
        let idle = cash * T::from(10_000) >= whole * T::from(self.cash_bp);
        if idle { Seen::NewMoney } else { Seen::Quiet }
    }

    /// The codes in the order of the amounts.
    pub fn codes(&self) -> &[String] {
        &self.codes
    }
}

#[cfg(test)]
mod tests;
