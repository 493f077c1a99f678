//! An acquirer takes out all it has, again and again, once business is over: what liens are to take of its sales is never
//! there, and the network must give up in the end.

use engine::Engine;
use engine::FundingKind;
use money::Amount;
use switch::funds::available;

use super::Operator;
use crate::hands::Hands;
use crate::letter::Wake;

/// Looked at so often while business goes on, and so often afterwards.
const BUSY_MS: u64 = 60_000;
const QUIET_MS: u64 = 3_600_000;

impl Operator {
    pub(super) fn pay_out(&mut self, engine: Option<&Engine>, hands: &mut Hands<'_>) {
        let Some(engine) = engine.filter(|_| hands.quiet) else {
            return hands.wake(BUSY_MS, Wake::PayOut);
        };
        let deliveries = engine.deliveries();
        if deliveries.open().next().is_none() && !deliveries.has_sales_to_share() {
            return;
        }
        let acquirer = &self.cast.acquirers[0];
        let (member, currency) = (acquirer.member, acquirer.currency);
        let minor = u64::try_from(available(engine.book(), member, currency)).unwrap_or(u64::MAX);
        if minor > 0 {
            let amount = Amount::new(currency, minor.min(money::MINOR_MAX));
            self.fund(FundingKind::Withdrawal, member, amount, hands);
        }
        hands.wake(QUIET_MS, Wake::PayOut);
    }
}
