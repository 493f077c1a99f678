//! Sanctions lists for the operator's people: versions of lists, what parties are called, and what was found of them.

use crate::body::Body;
use crate::body::amount::{Count, MinorOrZero};
use crate::body::outcome::Outcome;
use crate::body::scalar::{Flag, Id, Instant, List, Text};

words! {
    /// How a sanctions list is written.
    pub enum ScreeningListFormat {
        /// The United Nations' consolidated list, XML.
        Un = "UN",
        /// The OFAC's SDN.CSV, with ALT.CSV as `aliases`.
        Ofac = "OFAC",
        /// An own list: `id,name;alias,birth year;year`, one entry a line.
        Own = "OWN",
    }
}

object! {
    /// The whole of a list as its publisher has it. What is different in it is recorded; everybody who is known by name
    /// is compared with it, beside the payments. Refused whole where a line cannot be read, and where more than two in a
    /// hundred entries would be lost.
    pub struct ScreeningListPublish {
        must {
            /// How it is written.
            format "format": ScreeningListFormat,
            /// The file, without an end-of-file sign behind its last line.
            text "text": Text<16_000_000>,
        }
        may {
            /// OFAC: the file of aliases.
            aliases "aliases": Text<16_000_000>,
        }
    }
}

impl Body for ScreeningListPublish {}

object! {
    /// Says what a party is called, so that it is compared with the lists. Members and merchants are compared by the
    /// names they are registered with.
    pub struct ScreeningName {
        must {
            /// The party, as `wallet/customer`, `acquirer/merchant` or a member's client id.
            subject "subject": Text<256>,
            /// Its name, in any script.
            name "name": Text<256>,
        }
        may {
            /// Year of birth.
            birth_year "birthYear": Count<1_800, 2_200>,
        }
    }
}

impl Body for ScreeningName {}

object! {
    /// An entry of a list that a party may be.
    pub struct ScreeningHit {
        must {
            /// The list.
            list "list": Text<64>,
            /// The number of the entry on it.
            entry "entry": Text<256>,
            /// The listed name that was alike.
            name "name": Text<256>,
            /// How alike, thousandths, after the years of birth were weighed.
            milli "milli": Count<1, 1_000>,
            /// Word by word, and the years between the births.
            why "why": Text<1_024>,
            /// Whether two people have said that it is the party.
            confirmed "confirmed": Flag,
        }
        may {}
    }
}

object! {
    /// A sanctions list as it is published.
    pub struct ScreeningList {
        must {
            /// Its name.
            name "name": Text<64>,
            /// Changes whenever an entry does.
            version "version": Id<16>,
            /// How many entries it has.
            entry_count "entryCount": MinorOrZero,
            /// When this version was published.
            changed_time "changedTime": Instant,
            /// When it was last compared with its publisher's.
            checked_time "checkedTime": Instant,
        }
        may {}
    }
}

object! {
    /// The sanctions lists, and how far everybody is compared with them.
    pub struct ScreeningListsAnswer {
        must {
            /// Whether the question was answered.
            result "result": Outcome,
        }
        may {
            /// The lists by name.
            lists "lists": List<ScreeningList, 1_000>,
            /// How many parties are known by name.
            party_count "partyCount": MinorOrZero,
            /// How many of them may be on a list, or are.
            hit_count "hitCount": MinorOrZero,
            /// How many pairs of party and entry two people have cleared.
            cleared_count "clearedCount": MinorOrZero,
            /// Whether somebody still waits to be compared with the newest lists.
            waiting "waiting": Flag,
            /// Whether a list is older than the policy allows.
            stale "stale": Flag,
        }
    }
}

impl Body for ScreeningListsAnswer {}

object! {
    /// What is known of a party by name.
    pub struct ScreeningPartyAnswer {
        must {
            /// Whether the question was answered.
            result "result": Outcome,
        }
        may {
            /// `UNKNOWN`, `CLEAR`, `POSSIBLE` or `LISTED`.
            status "status": Id<16>,
            /// What it is called.
            name "name": Text<256>,
            /// Year of birth.
            birth_year "birthYear": Count<1_800, 2_200>,
            /// Entries it may be, and those it is.
            hits "hits": List<ScreeningHit, 100>,
        }
    }
}

impl Body for ScreeningPartyAnswer {}
