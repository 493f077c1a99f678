//! What becomes of events and chains. A refusal is a value with a fixed place in the order of checks, not an
//! error. Knows nothing of how it is decided.

mod account;
mod transfer;

pub use account::AccountStatus;
pub use transfer::TransferStatus;

/// What became of one chain as a whole, read from its members' statuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChainOutcome {
    /// Every member was carried out now.
    Committed,
    /// The first member existed already with the same flags, so an earlier request committed the chain.
    /// The later members were not compared: whoever repeats a chain must build it the same way each time.
    CommittedBefore,
    /// Nothing of the chain was carried out.
    Refused {
        /// Which member, counted from 0, broke the chain.
        member: usize,
        /// Why.
        status: TransferStatus,
    },
}

impl ChainOutcome {
    /// Reads the statuses of one chain (a lone transfer is a chain of one); `None` if there are none.
    pub fn read(statuses: &[TransferStatus]) -> Option<Self> {
        let first = *statuses.first()?;
        if first == TransferStatus::Exists {
            return Some(Self::CommittedBefore);
        }
        let breaker = |status: &TransferStatus| {
            !matches!(status, TransferStatus::Created | TransferStatus::LinkedEventFailed)
        };
        Some(match statuses.iter().position(breaker) {
            Some(member) => Self::Refused { member, status: statuses[member] },
            None if first == TransferStatus::Created => Self::Committed,
            None => Self::Refused { member: 0, status: first },
        })
    }
}

/// Declares a status enum together with the list of its values and their names, so that none can be forgotten.
macro_rules! statuses {
    ($(#[$about:meta])* $name:ident { $($(#[$meaning:meta])* $status:ident = $text:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$meaning])* $status,)+
        }

        impl $name {
            /// Every status, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$status,)+];

            /// Whether what was asked for is in the book: carried out now, or by an earlier identical request.
            pub const fn is_in_effect(self) -> bool {
                matches!(self, Self::Created | Self::Exists)
            }

            /// The status in words joined by underscores, for logs and answers.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$status => $text,)+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str(self.name())
            }
        }
    };
}
use statuses;
