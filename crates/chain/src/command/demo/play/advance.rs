//! A merchant without collateral is advanced money: its acquirer asks, is told why not, a person at the funder looks again,
//! the merchant draws, and the money comes when its lien stands on the chain.

use anyhow::{Context as _, bail};
use receivables::Hash;
use receivables::codec::{hex, unhex};
use receivables::event::Event;
use receivables::hash::sha256;
use receivables::identity::Party;
use receivables::transaction::{PlaceLien, Transaction};
use serde_json::{Value, json};
use wire::body::advance::{AdvanceConsultAnswer, AdvanceDrawAnswer, AdvanceOfferAnswer};
use wire::body::outcome::Verdict;

use super::{Players, money};
use crate::cast::{ACQUIRER, BUYER, HARBOUR, NETWORK, RIVERSIDE, currency};
use crate::command::demo::money::{MERCHANT, cny};
use crate::node::now_ms;

/// What the merchant draws, in minor units: 5,000.00.
const DRAWN: u64 = 500_000;

impl Players<'_> {
    pub(super) async fn advance(&mut self) -> anyhow::Result<()> {
        println!();
        let chain = self.chain();
        let taken_in = Transaction::RegisterMember(self.stage.cast.registration(ACQUIRER));
        let others = [HARBOUR, RIVERSIDE, BUYER].map(|member| self.stage.cast.member(member));
        let network = self.stage.cast.member(NETWORK);
        let taken_in = network.ask(&chain, now_ms(), taken_in, &others, Vec::new());
        self.done(0, taken_in, "the members take in an acquirer").await?;
        let offer = self.offered().await?;
        let draw = json!({ "offerNumber": offer, "amount": cny(DRAWN) });
        let drawn: AdvanceDrawAnswer = self.money.ask(ACQUIRER, "advances/draw", &draw).await?;
        self.checks.hold(drawn.result.verdict() == Verdict::Done, "the merchant draws 5,000.00 of it");
        let held = self.money.held("ADVANCE").await?.context("an advance that is held")?;
        self.checks.tell("the network holds it until the lien stands");
        let lien = self.lien(&held)?;
        let merchant = self.stage.cast.supplier(100);
        let vouch = self.stage.cast.member(ACQUIRER).vouch(&chain, ACQUIRER, &merchant);
        let funder = self.stage.cast.member(HARBOUR);
        let placed = merchant.ask(&chain, now_ms(), Transaction::PlaceLien(lien), &[funder], vec![vouch]);
        let what = "merchant and funder sign the lien on its coming sales";
        let (Event::LienPlaced(placed), _) = self.done(1, placed, what).await? else {
            bail!("a lien is told otherwise")
        };
        let owed = placed.terms.owed;
        self.checks.hold(owed == DRAWN + DRAWN / 20, &format!("it owes {}, cost included", money(owed)));
        self.money.moved(HARBOUR, ACQUIRER, DRAWN);
        self.settled("the advance is with the merchant's acquirer").await
    }

    /// What the merchant is offered, by its number: nothing by the score, and then something by a person.
    async fn offered(&mut self) -> anyhow::Result<String> {
        let until = json!(wire::body::scalar::Instant(now_ms() + 86_400_000));
        let lending = json!({
            "lentMax": cny(5_000_000), "largest": "1000000", "smallest": "10000", "costPpm": "50000",
            "until": until,
        });
        self.money.operator().change("members/HARBOUR/lending", &lending).await?;
        let consent = hex(&sha256(&[b"salt", b"my sales may be looked at"]));
        let consult = json!({ "referenceMerchantId": MERCHANT, "currency": "CNY", "consentHash": consent });
        let answer: AdvanceConsultAnswer = self.money.ask(ACQUIRER, "advances/consult", &consult).await?;
        let reasons: Vec<String> =
            answer.reasons.iter().flat_map(|list| list.iter()).map(|text| text.as_str().to_owned()).collect();
        let what =
            format!("a merchant without history is offered nothing, and told why: {}", reasons.join(" "));
        self.checks.hold(answer.offer.is_none() && !reasons.is_empty(), &what);
        let grant = json!({
            "acquirer": "BUND-ACQ", "referenceMerchantId": MERCHANT, "consentHash": consent,
            "limit": cny(DRAWN), "costPpm": "50000", "sharePpm": "100000", "capPerDay": "100000",
        });
        let granted: AdvanceOfferAnswer = self.money.ask(HARBOUR, "advances/offer", &grant).await?;
        self.checks.hold(
            granted.result.verdict() == Verdict::Done,
            "a person at the bank looks again and offers 5,000.00 at 5 %, within the bank's terms",
        );
        let answer: AdvanceConsultAnswer = self.money.ask(ACQUIRER, "advances/consult", &consult).await?;
        let offer = answer.offer.as_ref().map(|offer| offer.offer_number.number().to_string());
        self.checks.hold(offer.is_some(), "the acquirer asks again and sees the offer");
        offer.context("an offer")
    }

    /// The lien that the network lists with what it holds.
    fn lien(&self, held: &Value) -> anyhow::Result<PlaceLien> {
        let text = |value: &Value| value.as_str().map(str::to_owned).context("a field of the lien");
        let hash = |value: &Value| -> anyhow::Result<Hash> {
            unhex(&text(value)?).and_then(|bytes| bytes.try_into().ok()).context("a hash of the lien")
        };
        let terms = &held["lien"];
        Ok(PlaceLien {
            merchant: Party::Pseudonym(self.stage.cast.supplier(100).key),
            funder: HARBOUR,
            currency: currency(),
            owed: text(&terms["owed"])?.parse()?,
            share_ppm: text(&terms["sharePpm"])?.parse()?,
            cap_per_day: text(&terms["capPerDay"])?.parse()?,
            end_day: text(&terms["endDay"])?.parse()?,
            consent: hash(&terms["consentHash"])?,
            reference: hash(&held["reference"])?,
        })
    }
}
