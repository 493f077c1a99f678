//! What risk control calls members, merchants, payers and corridors: the same names for facts, stops, lists and rules.
//! Does not know whether there is such a party.

use risk::Key;

/// A member, by its client id.
pub fn member(client_id: &str) -> Key {
    Key::of(client_id)
}

/// A merchant, as `acquirer/merchant`: the acquirer's client id and its own reference.
pub fn merchant(acquirer: &str, reference: &str) -> Key {
    joined(&[acquirer, reference])
}

/// A store, as `acquirer/merchant/store`.
pub fn store(acquirer: &str, merchant: &str, reference: &str) -> Key {
    joined(&[acquirer, merchant, reference])
}

/// A payer, as `wallet/customer`: the wallet's client id and its own name for its user.
pub fn payer(wallet: &str, customer: &str) -> Key {
    joined(&[wallet, customer])
}

/// A terminal, as `acquirer/merchant/store/terminal`; without a store, as `acquirer/merchant//terminal`.
pub fn terminal(acquirer: &str, merchant: &str, store: &str, reference: &str) -> Key {
    joined(&[acquirer, merchant, store, reference])
}

/// A device, as `device/token`: the token by which wallets and acquirers know it.
pub fn device(token: &str) -> Key {
    joined(&["device", token])
}

/// A corridor, as `PH-CN`: from the wallet's country to the merchant's (ISO 3166-1 alpha-2).
pub fn corridor(payer_country: &str, merchant_country: &str) -> Key {
    Key::corridor(payer_country, merchant_country)
}

/// A party from the text by which rules and lists name it.
pub fn named(text: &str) -> Key {
    Key::of(text)
}

/// Parts with a slash between them, without a text of their own unless they are long.
fn joined(parts: &[&str]) -> Key {
    let mut bytes = [0_u8; 256];
    let mut length = 0;
    for part in parts {
        let end = length + usize::from(length > 0) + part.len();
        if end > bytes.len() {
            return Key::of(&parts.join("/"));
        }
        if length > 0 {
            bytes[length] = b'/';
        }
        bytes[end - part.len()..end].copy_from_slice(part.as_bytes());
        length = end;
    }
    Key::of(std::str::from_utf8(&bytes[..length]).expect("texts with slashes between them"))
}

#[cfg(test)]
mod tests {
    use risk::Key;

    #[test]
    fn parties_are_named_as_lists_name_them() {
        let long = "x".repeat(200);
        for (made, text) in [
            (super::merchant("acquirer-cn", "M-1"), "acquirer-cn/M-1".to_owned()),
            (super::store("acquirer-cn", "M-1", "S-1"), "acquirer-cn/M-1/S-1".to_owned()),
            (super::payer("wallet-ph", "juan"), "wallet-ph/juan".to_owned()),
            (super::payer(&long, &long), format!("{long}/{long}")),
            (super::corridor("PH", "CN"), "PH-CN".to_owned()),
            (super::member("wallet-ph"), "wallet-ph".to_owned()),
        ] {
            assert_eq!(made, Key::of(&text), "{text}");
            assert_eq!(super::named(&text), made);
        }
    }
}
