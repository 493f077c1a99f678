//! What became true about parties.

use crate::codec::record;
use crate::identity::{MemberId, Pseudonym};

record! {
    /// A party and who vouches for it.
    Vouched {
        /// The party.
        pseudonym: Pseudonym,
        /// The member that knows it.
        sponsor: MemberId,
    }
}
