//! Who takes part: members with keys and roles, and parties that a member vouches for under a pseudonym. Knows no
//! names: those stay off the chain.

use money::Currency;

use crate::codec::{Codec, Malformed, Reader, choice, code, record};
use crate::hash::Hash;

/// An Ed25519 public key (RFC 8032).
pub type PublicKey = [u8; 32];
/// An Ed25519 signature (RFC 8032).
pub type Signature = [u8; 64];
/// A member's number.
pub type MemberId = u32;
/// A party's name on the chain: its public key, best a fresh one for each certificate.
pub type Pseudonym = PublicKey;

choice! {
    /// Who owns, owes or acts.
    #[derive(Copy, PartialOrd, Ord, Hash)]
    Party {
        /// A member itself.
        0 = Member(MemberId),
        /// Somebody whom a member vouches for.
        1 = Pseudonym(Pseudonym),
    }
}

code! {
    /// What a member may be on this chain.
    Role {
        /// Vouches for parties.
        0 = Sponsor,
        /// Buys parts, lends on parts and units.
        1 = Funder,
        /// Stands in for buyers.
        2 = Guarantor,
        /// Proves that money moved: the payment network.
        3 = Settler,
        /// Registers merchants' settlement units: an acquirer.
        4 = Registrar,
        /// Freezes on a court's order.
        5 = Authority,
        /// Runs a validator and votes on rules.
        6 = Validator,
        /// Reads everything, decides nothing.
        7 = Observer,
    }
}

code! {
    /// What a key may sign for its member.
    Purpose {
        /// Proposing certificates, registering units, posting rates, bidding.
        0 = Issue,
        /// Accepting and rejecting as a buyer.
        1 = Accept,
        /// Splitting, passing on, pledging, selling; vouching for parties.
        2 = Dispose,
        /// Proving payments.
        3 = Settle,
        /// Governance and the member's own keys.
        4 = Govern,
    }
}

macro_rules! set {
    ($(#[$meta:meta])* $name:ident of $element:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub struct $name(u8);

        impl $name {
            /// The set of these.
            pub fn of(elements: &[$element]) -> $name {
                $name(elements.iter().fold(0, |bits, element| bits | 1 << element.code()))
            }

            /// All there are.
            pub fn all() -> $name {
                $name::of($element::ALL)
            }

            /// Whether this one is in the set.
            pub fn has(self, element: $element) -> bool {
                self.0 >> element.code() & 1 == 1
            }
        }

        impl Codec for $name {
            fn write(&self, out: &mut Vec<u8>) {
                out.push(self.0);
            }
            fn read(input: &mut Reader<'_>) -> Result<Self, Malformed> {
                let bits = u8::read(input)?;
                if bits & !$name::all().0 == 0 { Ok($name(bits)) } else { Err(Malformed::Unknown) }
            }
            fn tell(&self, out: &mut String) {
                let elements: Vec<$element> =
                    $element::ALL.iter().copied().filter(|element| self.has(*element)).collect();
                elements.tell(out);
            }
        }
    };
}

set! {
    /// A member's roles, one bit each.
    Roles of Role
}
set! {
    /// A key's purposes, one bit each.
    Purposes of Purpose
}

record! {
    /// A key and what it may sign, between two heights.
    KeyGrant {
        /// The key.
        key: PublicKey,
        /// What it may sign.
        purposes: Purposes,
        /// First height at which it counts.
        from_height: u64,
        /// First height at which it no longer counts.
        until_height: Option<u64>,
    }
}

record! {
    /// A member vouches for a party: its signature over [`crate::envelope::vouch_bytes`].
    Vouch {
        /// The party's key.
        pseudonym: Pseudonym,
        /// The member that knows who it is.
        sponsor: MemberId,
        /// The sponsor's key that signed, with purpose [`Purpose::Dispose`].
        key: PublicKey,
        /// The signature.
        signature: Signature,
    }
}

record! {
    /// A validator of an epoch.
    Validator {
        /// The member that runs it.
        member: MemberId,
        /// Its consensus key, never a transaction key.
        key: PublicKey,
        /// Where the others find it: host and port.
        address: String,
    }
}

/// The hash that headers commit to: the validators' keys in ascending order, as the consensus orders them.
pub fn validators_hash(keys: &[PublicKey]) -> Hash {
    let mut sorted = keys.to_vec();
    sorted.sort_unstable();
    crate::hash::sha256(&[b"sojourn validators", &sorted.concat()])
}

impl Codec for Currency {
    fn write(&self, out: &mut Vec<u8>) {
        self.numeric().write(out);
    }
    fn read(input: &mut Reader<'_>) -> Result<Self, Malformed> {
        Currency::from_numeric(u16::read(input)?).map_err(|_| Malformed::Unknown)
    }
    fn tell(&self, out: &mut String) {
        self.code().to_owned().tell(out);
    }
}

/// Whether a key can be an Ed25519 public key that binds its owner: written canonically and not of small order.
/// (RFC 8032, section 5.1.3, and the eight points of order 8 or less.) Whether it is on the curve shows when it signs.
pub fn key_is_sound(key: &PublicKey) -> bool {
    /// A point of order 8 has this `y`, or the prime less this.
    const ORDER_8: [u8; 32] = [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5,
        0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ];
    let mut y = *key;
    y[31] &= 0x7f;
    // 2^255 − 19, in little-endian order as `y` is.
    let mut prime = [0xff; 32];
    (prime[0], prime[31]) = (0xed, 0x7f);
    if y.iter().rev().ge(prime.iter().rev()) {
        return false;
    }
    let mut one = [0; 32];
    one[0] = 1;
    let small = [[0; 32], one, less(&prime, &one), ORDER_8, less(&prime, &ORDER_8)];
    !small.contains(&y)
}

/// Difference of two little-endian numbers, the first the larger.
fn less(one: &[u8; 32], other: &[u8; 32]) -> [u8; 32] {
    let (mut difference, mut borrow) = ([0; 32], false);
    for place in 0..32 {
        let (first, under) = one[place].overflowing_sub(other[place]);
        let (second, again) = first.overflowing_sub(u8::from(borrow));
        (difference[place], borrow) = (second, under || again);
    }
    difference
}
