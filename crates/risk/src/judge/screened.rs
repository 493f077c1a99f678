//! What is known of a party by its name: what lists say and what people have ruled.

use super::Judge;
use crate::screening::{Found, Party, Register, ScreeningRecord};
use crate::{Key, Screening};

impl Judge {
    /// What is known of a payment's parties together: the worst of them, and nothing as long as one was never screened.
    #[must_use]
    pub fn screening(&self, parties: &[Key]) -> Screening {
        let worst = parties.iter().map(|party| self.screening_of(*party)).max_by_key(|one| severity(*one));
        worst.unwrap_or(Screening::Unknown)
    }

    /// What is known of one party: what the lists say of its name, and what people have said. Neither makes the other
    /// milder.
    #[must_use]
    pub fn screening_of(&self, party: Key) -> Screening {
        let said = self.screened.get(&party).copied();
        let found = self.register.status(party);
        said.into_iter().chain(found).max_by_key(|one| severity(*one)).unwrap_or(Screening::Unknown)
    }

    /// Parties known by name, and the lists they are compared with.
    #[must_use]
    pub fn register(&self) -> &Register {
        &self.register
    }

    /// Applies what happened to lists and to those who are compared with them. Tells what was newly found.
    pub fn screen_by(&mut self, record: &ScreeningRecord) -> Vec<(Key, Found)> {
        let found = self.register.apply(record);
        if let (ScreeningRecord::Listed(_), Some(checked_ms)) = (record, self.register.checked_ms()) {
            self.lists_at_ms = checked_ms;
        }
        found
    }

    /// A party is called so from now on.
    pub fn named(&mut self, subject: Key, party: Party) {
        self.register.named(subject, party);
    }

    /// Two people have ruled on what was found of a party.
    pub fn ruled(&mut self, subject: Key, listed: bool) {
        self.register.ruled(subject, listed);
    }
}

/// How much a status weighs against a payment: a party of whom nothing is known weighs more than a clear one.
fn severity(status: Screening) -> u8 {
    match status {
        Screening::Clear => 0,
        Screening::Unknown => 1,
        Screening::Possible => 2,
        Screening::Listed => 3,
    }
}
