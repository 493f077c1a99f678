//! `inquiryCodeRules`: the rules by which a member tells whose a scanned code is, and what the operator publishes them
//! from. What a rule means is the code library's business; here they are lines of text.

use super::Body;
use super::amount::Count;
use super::outcome::Outcome;
use super::scalar::{Id, List, Text};

object! {
    /// Asks for the rules in force.
    pub struct CodeRulesRequest {
        must {}
        may {
            /// The version the member holds: when it is the one in force, no rules come back.
            held_version "heldVersion": Count<1, 999_999_999>,
        }
    }
}

impl Body for CodeRulesRequest {}

object! {
    /// The rules in force, as they were published and signed.
    pub struct CodeRulesAnswer {
        must {
            /// Whether there are rules.
            result "result": Outcome,
        }
        may {
            /// Counts publications.
            version "version": Count<1, 999_999_999>,
            /// The canonical text, line by line; each line is ended by one line feed in what is signed.
            lines "lines": List<Text<300>, 5000>,
            /// The version of the network's Ed25519 key that signed it.
            key_version "keyVersion": Id<8>,
            /// Ed25519 signature over the canonical text, in base64.
            signature "signature": Text<128>,
        }
    }
}

impl Body for CodeRulesAnswer {}

object! {
    /// One rule: codes of this look belong to this member.
    pub struct CodeRule {
        must {
            /// What the code looks like: `prefix`, `application`, `owner`, `card` or `domain`.
            kind "kind": Id<16>,
            /// The digits, identifier, number or domain it begins with.
            pattern "pattern": Text<200>,
            /// The scheme the code is paid by.
            scheme "scheme": Id<64>,
            /// The member it belongs to, by client id.
            member "member": Id<64>,
        }
        may {
            /// Where a code can be paid in several ways, the highest is chosen; zero when absent.
            preference "preference": Count<0, 65_535>,
        }
    }
}

object! {
    /// Publishes rules beside those of the network's own codes, which are always among them. Replaces the last ones.
    pub struct CodeRulesPublish {
        must {
            /// The rules.
            rules "rules": List<CodeRule, 4000>,
        }
        may {}
    }
}

impl Body for CodeRulesPublish {}
