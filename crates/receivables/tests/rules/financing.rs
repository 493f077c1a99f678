//! Turning a part into cash: posted rates, sealed auctions, the lock and its two ends.

use receivables::envelope::bid_commitment;
use receivables::identity::MemberId;
use receivables::transaction::*;
use receivables::{Event, Hash, Refusal};

use crate::invariants::hold;
use crate::world::*;

#[test]
fn a_posted_rate_is_taken_locked_and_settled() {
    let mut world = World::new();
    let id = world.live(1, 100_000, 90);
    let rate = world.rates(150_000, false);
    assert_eq!(world.take(id, Offer::Posted(rate), 98_501), Err(Refusal::PriceTooLow));
    let key = world.take(id, Offer::Posted(rate), 98_500).unwrap();
    assert_eq!(world.state.rate(&rate).unwrap().spent, 98_500, "100,000 at 6 % for 90 days less 1,500");
    let other = world.live(2, 60_000, 90);
    assert_eq!(world.take(other, Offer::Posted(rate), 1), Err(Refusal::BudgetSpent));
    assert_eq!(world.settle(id, hash(1)), Err(Refusal::NotLocked));
    let sold = world.settle(id, key).unwrap();
    let Event::Sold(sold) = &sold[0] else { panic!("{sold:?}") };
    assert_eq!((sold.from, sold.to, sold.price), (party(1), FUNDER, 98_500));
    assert_eq!(world.state.part(&id).unwrap().holder, member(FUNDER));
    assert_eq!(world.settle(id, key), Err(Refusal::NotLocked), "once");
    world.transfer(id, member(RIVAL), false).unwrap();
    hold(&world.state);
}

#[test]
fn a_lock_that_is_not_settled_leaves_no_trace() {
    let mut world = World::new();
    let id = world.live(1, 100_000, 90);
    let rate = world.rates(150_000, false);
    let key = world.take(id, Offer::Posted(rate), 1).unwrap();
    let expire = Transaction::ExpireLock(ExpireLock { part: id, key });
    assert_eq!(world.by(party(1), expire.clone()), Err(Refusal::LockRuns));
    world.block.time_ms += 3_600_000;
    assert_eq!(world.settle(id, key), Err(Refusal::LockOver));
    assert_eq!(world.transfer(id, party(2), false), Err(Refusal::Locked), "until somebody says so");
    world.by(party(1), expire.clone()).unwrap();
    assert_eq!(world.by(party(1), expire), Err(Refusal::NotLocked));
    assert_eq!(world.state.rate(&rate).unwrap().spent, 0);
    world.transfer(id, party(2), false).unwrap();
}

#[test]
fn a_table_fits_or_does_not() {
    let mut world = World::new();
    let id = world.live(1, 100_000, 90);
    let band = RateBand {
        buyer_class: 1,
        days_max: 90,
        amount_min: 100_000,
        amount_max: 100_000,
        rate_ppm: 60_000,
        fee: 1_000,
    };
    let until_ms = world.block.time_ms + 1_000;
    let table = PostRate {
        funder: FUNDER,
        currency: cny(),
        bands: vec![band.clone()],
        budget: 97_500,
        until_ms,
        recourse: false,
        replaces: None,
    };
    let euro = money::Currency::parse("EUR").unwrap();
    let with = |band: RateBand| PostRate { bands: vec![band], ..table.clone() };
    let cases = [
        (table.clone(), Ok(97_500)),
        (with(RateBand { buyer_class: 2, ..band.clone() }), Err(Refusal::NoOffer)),
        (with(RateBand { days_max: 89, ..band.clone() }), Err(Refusal::NoOffer)),
        (with(RateBand { amount_max: 100_001, amount_min: 100_001, ..band.clone() }), Err(Refusal::NoOffer)),
        (with(RateBand { fee: 1_001, ..band.clone() }), Err(Refusal::FeeTooHigh)),
        (PostRate { currency: euro, ..table.clone() }, Err(Refusal::NoOffer)),
        (PostRate { budget: 97_499, ..table.clone() }, Err(Refusal::BudgetSpent)),
        (PostRate { recourse: true, ..table.clone() }, Ok(97_500)),
    ];
    for (number, (table, expected)) in cases.into_iter().enumerate() {
        let events = world.by(member(FUNDER), Transaction::PostRate(table)).unwrap();
        let Event::RatePosted(posted) = &events[0] else { panic!("{events:?}") };
        let mut copy = world.clone();
        let answer = copy.take(id, Offer::Posted(posted.rate), 1);
        let price = answer.map(|_| copy.state.part(&id).unwrap().lock.as_ref().unwrap().price);
        assert_eq!(price, expected, "case {number}");
    }
    let posted = world.by(member(FUNDER), Transaction::PostRate(table.clone())).unwrap();
    let Event::RatePosted(posted) = &posted[0] else { panic!("{posted:?}") };
    let replaces = Some(posted.rate);
    let foreign = PostRate { funder: RIVAL, replaces, ..table.clone() };
    assert_eq!(world.by(member(RIVAL), Transaction::PostRate(foreign)), Err(Refusal::BadTerms));
    let withdrawn = PostRate { budget: 0, replaces, ..table.clone() };
    world.by(member(FUNDER), Transaction::PostRate(withdrawn)).unwrap();
    assert_eq!(world.take(id, Offer::Posted(posted.rate), 1), Err(Refusal::NoOffer), "replaced");
    for wrong in [
        PostRate { bands: Vec::new(), ..table.clone() },
        with(RateBand { rate_ppm: 1_000_001, ..band.clone() }),
        with(RateBand { amount_min: 100_001, ..band }),
    ] {
        assert_eq!(world.by(member(FUNDER), Transaction::PostRate(wrong)), Err(Refusal::BadAmount));
    }
    let stale = PostRate { until_ms: world.block.time_ms, ..table.clone() };
    assert_eq!(world.by(member(FUNDER), Transaction::PostRate(stale)), Err(Refusal::WrongTime));
    let no_funder = PostRate { funder: BUYER, ..table };
    assert_eq!(world.by(member(BUYER), Transaction::PostRate(no_funder)), Err(Refusal::UnknownMember));
}

fn open(world: &mut World, part: PartId, recourse: bool) -> Hash {
    let now = world.block.time_ms;
    let wish = OpenAuction {
        part,
        commit_until_ms: now + 1_000,
        reveal_until_ms: now + 2_000,
        rate_ppm_max: 100_000,
        recourse,
    };
    let holder = world.state.part(&part).unwrap().holder;
    world.by(holder, Transaction::OpenAuction(wish)).unwrap();
    world.state.part(&part).unwrap().auction.as_deref().copied().unwrap()
}

fn commit(world: &mut World, auction: Hash, bidder: MemberId, rate_ppm: Ppm) -> Result<(), Refusal> {
    let commitment =
        bid_commitment(world.state.chain(), &auction, bidder, rate_ppm, &hash(u64::from(bidder)));
    let wish = CommitBid { auction, bidder, commitment };
    world.by(member(bidder), Transaction::CommitBid(wish)).map(drop)
}

fn reveal(world: &mut World, auction: Hash, bidder: MemberId, rate_ppm: Ppm) -> Result<(), Refusal> {
    let wish = RevealBid { auction, bidder, rate_ppm, salt: hash(u64::from(bidder)) };
    world.by(member(bidder), Transaction::RevealBid(wish)).map(drop)
}

#[test]
fn the_lowest_sealed_bid_wins_and_ties_go_to_the_earlier() {
    let mut world = World::new();
    let id = world.live(1, 100_000, 90);
    let auction = open(&mut world, id, false);
    assert_eq!(world.transfer(id, party(2), false), Err(Refusal::InAuction));
    commit(&mut world, auction, RIVAL, 50_000).unwrap();
    commit(&mut world, auction, FUNDER, 50_000).unwrap();
    commit(&mut world, auction, BANK, 40_000).unwrap();
    assert_eq!(commit(&mut world, auction, RIVAL, 1), Err(Refusal::Exists), "one bid each");
    assert_eq!(commit(&mut world, auction, BUYER, 1), Err(Refusal::UnknownMember), "no funder");
    assert_eq!(reveal(&mut world, auction, RIVAL, 50_000), Err(Refusal::WrongTime), "still sealed");
    world.block.time_ms += 1_000;
    assert_eq!(commit(&mut world, auction, RIVAL, 1), Err(Refusal::WrongTime));
    assert_eq!(reveal(&mut world, auction, RIVAL, 49_999), Err(Refusal::BidDiffers));
    reveal(&mut world, auction, FUNDER, 50_000).unwrap();
    assert_eq!(world.take(id, Offer::Auction(auction), 1), Err(Refusal::InAuction));
    reveal(&mut world, auction, RIVAL, 50_000).unwrap();
    assert_eq!(reveal(&mut world, auction, RIVAL, 50_000), Err(Refusal::Exists));
    world.block.time_ms += 1_000;
    assert_eq!(reveal(&mut world, auction, BANK, 40_000), Err(Refusal::WrongTime), "too late");
    let key = world.take(id, Offer::Auction(auction), 98_750).unwrap();
    let lock = world.state.part(&id).unwrap().lock.clone().unwrap();
    assert_eq!((lock.to, lock.price), (RIVAL, 98_750), "5 % for 90 days, the earlier of two");
    assert_eq!(world.state.auction(&auction).unwrap().unopened(), 1, "the bank's is counted");

    world.block.time_ms += 3_600_000;
    world.by(party(1), Transaction::ExpireLock(ExpireLock { part: id, key })).unwrap();
    let key = world.take(id, Offer::Auction(auction), 1).unwrap();
    assert_eq!(world.state.part(&id).unwrap().lock.as_ref().unwrap().to, FUNDER, "the next best");
    world.settle(id, key).unwrap();
    assert_eq!(world.take(id, Offer::Auction(auction), 1), Err(Refusal::UnknownOffer));
    hold(&world.state);
}

#[test]
fn an_auction_has_its_bounds() {
    let mut world = World::new();
    let id = world.live(1, 100_000, 10);
    let now = world.block.time_ms;
    let wish = OpenAuction {
        part: id,
        commit_until_ms: now + 1_000,
        reveal_until_ms: now + 2_000,
        rate_ppm_max: 100_000,
        recourse: false,
    };
    let day = receivables::state::DAY_MS;
    for (commit_until_ms, reveal_until_ms) in
        [(now, now + 1), (now + 1, now + 1), (now + 1, now + 10 * day), (now + 1, u64::MAX)]
    {
        let wrong = OpenAuction { commit_until_ms, reveal_until_ms, ..wish.clone() };
        assert_eq!(world.by(party(1), Transaction::OpenAuction(wrong)), Err(Refusal::WrongTime));
    }
    world.by(party(1), Transaction::OpenAuction(wish.clone())).unwrap();
    let auction = world.state.part(&id).unwrap().auction.as_deref().copied().unwrap();
    commit(&mut world, auction, RIVAL, 100_001).unwrap();
    world.block.time_ms += 1_000;
    assert_eq!(
        reveal(&mut world, auction, RIVAL, 100_001),
        Err(Refusal::NoOffer),
        "above the seller's limit"
    );
    world.block.time_ms += 1_000;
    assert_eq!(world.take(id, Offer::Auction(auction), 1), Err(Refusal::NoOffer), "no bid");
    world.transfer(id, party(2), false).unwrap();
    assert_eq!(world.take(id, Offer::Auction(auction), 1), Err(Refusal::UnknownOffer), "another sells now");
}

#[test]
fn recourse_only_where_programme_and_offer_say_so() {
    let mut world = World::new();
    let with = world.live(1, 1_000, 90);
    let terms = SetProgramme { recourse: false, ..programme() };
    world.govern(Transaction::SetProgramme(terms), &[BUYER, GUARANTOR]).unwrap();
    let without = world.live(2, 1_000, 90);
    assert_eq!(world.transfer(without, party(2), true), Err(Refusal::NoRecourse));
    let rate = world.rates(10_000, true);
    assert_eq!(world.take(without, Offer::Posted(rate), 1), Err(Refusal::NoRecourse));
    world.transfer(with, party(2), false).unwrap();
    let key = world.take(with, Offer::Posted(rate), 1).unwrap();
    world.settle(with, key).unwrap();
    assert_eq!(world.state.part(&with).unwrap().recourse, [party(2)], "the seller, not who came before");
}
