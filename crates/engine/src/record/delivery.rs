//! Facts about deliveries as bytes. The numbers below are for ever.

use std::sync::Arc;

use directory::MerchantId;
use receivables::Hash;
use receivables::transaction::Payer;

use super::text::{Reader, Unreadable, Writer};
use crate::delivery::{Begun, Event, Mandate, Offered, SHARES_MAX, Share, What};

const BEGUN: u8 = 1;
const RESERVED: u8 = 2;
const WITHHELD: u8 = 3;
const DONE: u8 = 4;
const RELEASED: u8 = 5;
const MANDATED: u8 = 6;
const OFFERED: u8 = 7;

pub(crate) fn write(event: &Event, w: &mut Writer<'_>) {
    match event {
        Event::Begun(begun) => {
            w.byte(BEGUN);
            write_begun(begun, w);
        }
        Event::Reserved { number } => {
            w.byte(RESERVED);
            w.number(*number);
        }
        Event::Withheld { number, shares } => {
            w.byte(WITHHELD);
            w.number(*number);
            write_shares(shares, w);
        }
        Event::Done { number, shares } => {
            w.byte(DONE);
            w.number(*number);
            write_shares(shares, w);
        }
        Event::Released { number } => {
            w.byte(RELEASED);
            w.number(*number);
        }
        Event::Mandated(mandate) => {
            w.byte(MANDATED);
            w.member(mandate.funder);
            w.amount(mandate.lent_max);
            w.number(mandate.largest_minor);
            w.number(mandate.smallest_minor);
            w.number(u64::from(mandate.cost_ppm));
            w.time(mandate.until);
        }
        Event::Offered(offered) => {
            w.byte(OFFERED);
            write_offered(offered, w);
        }
    }
}

pub(super) fn read(r: &mut Reader<'_>) -> Result<Event, Unreadable> {
    Ok(match r.byte()? {
        BEGUN => Event::Begun(Arc::new(read_begun(r)?)),
        RESERVED => Event::Reserved { number: r.number()? },
        WITHHELD => Event::Withheld { number: r.number()?, shares: r.list(SHARES_MAX, read_share)? },
        DONE => Event::Done { number: r.number()?, shares: r.list(SHARES_MAX, read_share)? },
        RELEASED => Event::Released { number: r.number()? },
        MANDATED => Event::Mandated(Mandate {
            funder: r.member()?,
            lent_max: r.amount()?,
            largest_minor: r.number()?,
            smallest_minor: r.number()?,
            cost_ppm: r.narrow("cost")?,
            until: r.time()?,
        }),
        OFFERED => Event::Offered(Arc::new(Offered {
            number: r.number()?,
            acquirer: r.member()?,
            merchant: MerchantId(r.narrow("merchant")?),
            funder: r.member()?,
            consent: read_hash(r)?,
            limit: r.amount()?,
            cost_ppm: r.narrow("cost")?,
            share_ppm: r.narrow("share")?,
            cap_minor: r.number()?,
            score: r.narrow("score")?,
            version: read_hash(r)?,
            until: r.time()?,
        })),
        tag => return Err(r.wrong("fact about a delivery", u64::from(tag))),
    })
}

pub(super) fn write_begun(begun: &Begun, w: &mut Writer<'_>) {
    w.number(begun.number);
    write_hash(&begun.key, w);
    match &begun.what {
        What::Sale { part, to } => {
            w.byte(1);
            write_hash(part, w);
            w.member(*to);
        }
        What::Redemption { certificate, payer, interest_minor } => {
            w.byte(2);
            write_hash(certificate, w);
            match payer {
                Payer::Buyer(()) => w.byte(1),
                Payer::Guarantor(()) => w.byte(2),
                Payer::Recourse(part) => {
                    w.byte(3);
                    write_hash(part, w);
                }
            }
            w.number(*interest_minor);
        }
        What::Advance { offer } => {
            w.byte(3);
            w.number(*offer);
        }
        What::Unit { merchant, day, net_minor } => {
            w.byte(4);
            w.number(u64::from(merchant.0));
            w.number(u64::from(*day));
            w.number(*net_minor);
        }
    }
    w.member(begun.from);
    w.amount(begun.amount);
    w.option(begun.until, |w, until| w.time(until));
}

fn read_begun(r: &mut Reader<'_>) -> Result<Begun, Unreadable> {
    Ok(Begun {
        number: r.number()?,
        key: read_hash(r)?,
        what: match r.byte()? {
            1 => What::Sale { part: read_hash(r)?, to: r.member()? },
            2 => What::Redemption {
                certificate: read_hash(r)?,
                payer: match r.byte()? {
                    1 => Payer::Buyer(()),
                    2 => Payer::Guarantor(()),
                    3 => Payer::Recourse(read_hash(r)?),
                    tag => return Err(r.wrong("payer of a certificate", u64::from(tag))),
                },
                interest_minor: r.number()?,
            },
            3 => What::Advance { offer: r.number()? },
            4 => What::Unit {
                merchant: MerchantId(r.narrow("merchant")?),
                day: r.narrow("day")?,
                net_minor: r.number()?,
            },
            tag => return Err(r.wrong("kind of delivery", u64::from(tag))),
        },
        from: r.member()?,
        amount: r.amount()?,
        until: r.option(Reader::time)?,
    })
}

pub(super) fn write_shares(shares: &[Share], w: &mut Writer<'_>) {
    w.number(shares.len() as u64);
    for share in shares {
        w.member(share.to);
        w.number(share.minor);
        write_hash(&share.of, w);
    }
}

fn read_share(r: &mut Reader<'_>) -> Result<Share, Unreadable> {
    Ok(Share { to: r.member()?, minor: r.number()?, of: read_hash(r)? })
}

fn write_offered(offered: &Offered, w: &mut Writer<'_>) {
    w.number(offered.number);
    w.member(offered.acquirer);
    w.number(u64::from(offered.merchant.0));
    w.member(offered.funder);
    write_hash(&offered.consent, w);
    w.amount(offered.limit);
    w.number(u64::from(offered.cost_ppm));
    w.number(u64::from(offered.share_ppm));
    w.number(offered.cap_minor);
    w.number(u64::from(offered.score));
    write_hash(&offered.version, w);
    w.time(offered.until);
}

pub(super) fn write_hash(hash: &Hash, w: &mut Writer<'_>) {
    w.append(|bytes| bytes.extend_from_slice(hash));
}

fn read_hash(r: &mut Reader<'_>) -> Result<Hash, Unreadable> {
    let mut hash = Hash::default();
    for eight in hash.chunks_exact_mut(8) {
        eight.copy_from_slice(&r.fixed()?.to_le_bytes());
    }
    Ok(hash)
}
