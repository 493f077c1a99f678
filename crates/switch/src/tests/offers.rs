//! The choice among FX providers' offers, with the reasons that are kept.

use directory::{Agreement, Change, Limit, MemberId};
use money::Share;

use super::world::{
    HOME_WALLET, OTHER_PROVIDER, PROVIDER, TOKEN, WALLET, World, cny, currency, order, rate, scan, told,
};
use crate::clock::QUOTE_LEFT_MIN_MS;
use crate::payment::OfferOutcome::{self, Chosen, Dearer, EndsTooSoon, NoLiquidity, NotAgreed, TooSmall};
use crate::{CONSIDERED_MAX, Input, Quote};

const DAY: u64 = 24 * 3_600_000;

/// The quote for a payment of CNY 100.00 by the first wallet.
fn quoted(world: &mut World, request_id: &str) -> Quote {
    let payment = world.paid_by_code(request_id, cny(10_000));
    world.payment(payment).terms.as_ref().unwrap().quote.clone()
}

/// Provider, price, size in centavos, lifetime in milliseconds.
type Offered = (MemberId, &'static str, u64, u64);
/// Name, what is offered, what becomes of it from the cheapest on.
type Case = (&'static str, [Offered; 2], [(MemberId, OfferOutcome); 2]);

#[test]
fn the_cheapest_executable_offer_is_taken_and_the_others_reasons_are_kept() {
    let (first, second) = (PROVIDER, OTHER_PROVIDER);
    let cases: [Case; 6] = [
        (
            "the cheaper of two",
            [(first, "8.1250", 100_000, DAY), (second, "8.1249", 100_000, DAY)],
            [(second, Chosen), (first, Dearer)],
        ),
        (
            "equal prices, differently written: the one who joined first",
            [(first, "8.1250", 100_000, DAY), (second, "8.125", 100_000, DAY)],
            [(first, Chosen), (second, Dearer)],
        ),
        (
            "a price in other digits",
            [(first, "8.13", 100_000, DAY), (second, "8.12999999", 100_000, DAY)],
            [(second, Chosen), (first, Dearer)],
        ),
        (
            "the cheaper is a centavo too small",
            [(first, "8.1250", 81_250, DAY), (second, "8.1249", 81_248, DAY)],
            [(second, TooSmall), (first, Chosen)],
        ),
        (
            "the cheaper ends a millisecond too soon",
            [
                (first, "8.1250", 100_000, QUOTE_LEFT_MIN_MS),
                (second, "8.1249", 100_000, QUOTE_LEFT_MIN_MS - 1),
            ],
            [(second, EndsTooSoon), (first, Chosen)],
        ),
        (
            "just enough and just long enough",
            [(first, "9", 100_000, DAY), (second, "8.1250", 81_250, QUOTE_LEFT_MIN_MS)],
            [(second, Chosen), (first, Dearer)],
        ),
    ];
    for (name, offers, considered) in cases {
        let mut world = World::new();
        for (provider, price, size, lifetime) in offers {
            world.offer(provider, price, size, lifetime);
        }
        let quote = quoted(&mut world, "r");
        let found: Vec<_> = quote.considered.iter().map(|one| (one.provider, one.outcome)).collect();
        assert_eq!(found, considered, "{name}");
        let chosen = quote.considered.iter().find(|one| one.outcome == Chosen).unwrap();
        assert_eq!((quote.provider, quote.rate), (Some(chosen.provider), chosen.rate), "{name}");
        assert_eq!(quote.bound, world.now, "{name}");
    }
}

#[test]
fn providers_out_of_funds_or_favour_are_passed_over() {
    let mut world = World::new();
    world.offer(OTHER_PROVIDER, "8", 100_000_000, DAY);
    // All but CNY 99.99 of the cheaper provider's yuan are spoken for.
    world.fund(WALLET, money::Amount::new(currency("PHP"), 100_000_000));
    world.paid_by_code("half", cny(5_000_000));
    world.paid_by_code("most", cny(5_000_000 - 9_999));
    let outcomes = |quote: Quote| quote.considered.iter().map(|one| one.outcome).collect::<Vec<_>>();
    assert_eq!(outcomes(quoted(&mut world, "a")), [NoLiquidity, Chosen]);
    world.suspend(OTHER_PROVIDER);
    assert_eq!(outcomes(quoted(&mut world, "b")), [NotAgreed, Chosen]);
    let only_yuan = Agreement {
        from: world.now.plus_ms(1),
        limits: vec![Limit { currency: currency("CNY"), payment_min_minor: 1, payment_max_minor: 1 }],
        settlement_currency: currency("CNY"),
        interchange: Share::ZERO,
        network_fee: Share::ZERO,
    };
    world.change(Change::AgreementAdded { member: PROVIDER, agreement: only_yuan });
    assert_eq!(outcomes(quoted(&mut world, "c")), [NotAgreed, Chosen]);
    world.wait(1);
    assert_eq!(told(refused(&mut world)), "! NoRate");
}

fn refused(world: &mut World) -> Result<Vec<crate::Event>, crate::Refusal> {
    let code = world.code();
    world.decide(&Input::Pay(super::world::by_code("refused", super::world::PREFIX, code, cny(10_000))))
}

/// Whoever is no provider can push what it wants.
#[test]
fn an_offer_of_a_member_of_another_role_is_not_taken() {
    let mut world = World::new();
    world.offer(WALLET, "0.0001", 100_000_000, DAY);
    world.offer(MemberId(99), "0.0002", 100_000_000, DAY);
    let quote = quoted(&mut world, "r");
    let found: Vec<_> = quote.considered.iter().map(|one| (one.provider, one.outcome)).collect();
    assert_eq!(found, [(WALLET, NotAgreed), (MemberId(99), NotAgreed), (PROVIDER, Chosen)]);
}

#[test]
fn an_offer_is_used_up_and_a_new_push_replaces_it() {
    let mut world = World::new();
    world.offer(PROVIDER, "8.1250", 2 * 81_250 + 81_249, DAY);
    quoted(&mut world, "a");
    quoted(&mut world, "b");
    assert_eq!(told(refused(&mut world)), "! NoRate");
    world.offer(PROVIDER, "8.1300", 81_300, DAY);
    assert_eq!(quoted(&mut world, "c").rate, rate("8.1300"));
    assert_eq!(told(refused(&mut world)), "! NoRate");
    assert_eq!(world.rates.all().map(|(_, offer)| offer.size_minor).collect::<Vec<_>>(), [0]);
}

/// Whoever pushes between the quote and the fact keeps the size of the new price.
#[test]
fn a_quote_takes_only_from_the_offer_it_was_bound_to() {
    let mut world = World::new();
    let quote = quoted(&mut world, "r");
    world.offer(PROVIDER, "8.2000", 81_250, DAY);
    world.rates.take(&quote, money::Amount::new(currency("PHP"), 81_250));
    assert_eq!(world.rates.all().next().unwrap().1.size_minor, 81_250);
}

#[test]
fn at_most_so_many_offers_are_weighed_the_cheapest_first() {
    let mut world = World::new();
    for number in 0..20_u32 {
        let price = format!("7.{:02}", 99 - number);
        world.offer(MemberId(100 + number), &price, 100_000_000, DAY);
    }
    world.offer(PROVIDER, "7.805", 100_000_000, DAY);
    let quote = quoted(&mut world, "r");
    assert_eq!(quote.considered.len(), CONSIDERED_MAX);
    assert_eq!(quote.rate, rate("7.805"));
    assert_eq!(quote.considered[0].rate, rate("7.80"));
    assert!(quote.considered.windows(2).all(|pair| !pair[1].rate.is_cheaper_than(pair[0].rate)));
}

#[test]
fn a_payment_at_home_needs_no_offer() {
    let mut world = World::new();
    world.rates = crate::Rates::default();
    let payment = world.ordered("r", cny(10_000));
    assert_eq!(told(world.decide(&Input::Scan(scan(WALLET, payment, TOKEN)))), "! NoRate");
    world.take(&Input::Scan(scan(HOME_WALLET, payment, TOKEN))).unwrap();
    let quote = &world.payment(payment).terms.as_ref().unwrap().quote;
    assert_eq!((quote.provider, quote.considered.len()), (None, 0));
    assert_eq!(quote.rate, money::Rate::identity(currency("CNY")));
    let mut other = order("s", cny(10_000));
    other.entropy = 5;
    world.take(&Input::Pay(other)).unwrap();
}
