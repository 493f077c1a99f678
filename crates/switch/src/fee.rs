//! What a payment costs each side: one calculation, rounded half to even everywhere, so that nobody gains by it.

use directory::Agreement;
use money::{Amount, Error, Rate, Rounding};

/// The amounts of a payment besides the one the merchant asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Prices {
    /// What the payer is debited (P1).
    pub payer_amount: Amount,
    /// Acquirer to wallet, in the payee's currency (F1).
    pub interchange: Amount,
    /// The same at the payment's rate (F2).
    pub interchange_payer: Amount,
    /// Acquirer to network (F3).
    pub acquirer_fee: Amount,
    /// Wallet to network (F4).
    pub wallet_fee: Amount,
}

/// Prices a payment of `amount` at `rate`. Fails only where a result would leave the range of amounts.
pub fn price(amount: Amount, rate: Rate, acquirer: &Agreement, wallet: &Agreement) -> Result<Prices, Error> {
    let payer_amount = rate.convert(amount, Rounding::HalfEven)?;
    let interchange = acquirer.interchange.of(amount, Rounding::HalfEven);
    let interchange_payer = rate.convert(interchange, Rounding::HalfEven)?;
    let acquirer_fee = acquirer.network_fee.of(amount, Rounding::HalfEven);
    // Both shares may round up on a payment of a few units; together they never take more than there is.
    let left = amount.minor - interchange.minor;
    let acquirer_fee = Amount { minor: acquirer_fee.minor.min(left), ..acquirer_fee };
    let wallet_fee = wallet.network_fee.of(payer_amount, Rounding::HalfEven);
    Ok(Prices { payer_amount, interchange, interchange_payer, acquirer_fee, wallet_fee })
}
