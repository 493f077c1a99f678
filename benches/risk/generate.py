#!/usr/bin/env python3
"""Makes labelled payments by the process that the Fraud-Detection-Handbook describes, and three frauds of wallets besides.

    benches/risk/generate.py --seed 7 --out payments.csv.gz

A new seed gives weeks that no training, no choosing and no person has seen. Needs numpy. Columns: t (seconds since day 0),
customer, terminal, cents, scenario, device, country, channel. Scenarios: 1 an amount above 220.00; 2 a terminal taken over
for 28 days; 3 a customer's card used by another for 14 days, a third of the payments at five times the amount; 4 an account
taken over: new device, other country, a burst; 5 card testing: many small payments of many accounts from one device; 6 a ring
of accounts that share two devices and two merchants.
"""
import argparse, gzip
import numpy as np

DAY = 86_400


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seed", type=int, required=True)
    arguments.add_argument("--out", required=True, help="CSV, packed with gzip")
    arguments.add_argument("--customers", type=int, default=5_000)
    arguments.add_argument("--terminals", type=int, default=10_000)
    arguments.add_argument("--days", type=int, default=183)
    given = arguments.parse_args()
    random = np.random.default_rng(given.seed)
    rows = genuine(random, given)
    handbook(random, rows, given)
    rows = wallet(random, rows, given)
    order = np.lexsort((rows["customer"], rows["t"]))
    columns = [rows[name][order] for name in NAMES]
    with gzip.open(given.out, "wt", compresslevel=5) as file:
        file.write(",".join(NAMES) + "\n")
        for start in range(0, len(order), 100_000):
            part = zip(*(column[start : start + 100_000].tolist() for column in columns))
            file.writelines(",".join(map(str, row)) + "\n" for row in part)
    kinds, counts = np.unique(rows["scenario"], return_counts=True)
    print(len(order), "payments;", dict(zip(kinds.tolist(), counts.tolist())))


NAMES = ["t", "customer", "terminal", "cents", "scenario", "device", "country", "channel"]


def genuine(random, given):
    """Each customer pays at terminals nearby, so often a day, at about noon, about the same amount."""
    places, tills = random.uniform(0, 100, (given.customers, 2)), random.uniform(0, 100, (given.terminals, 2))
    mean = random.uniform(5, 100, given.customers)
    often = random.uniform(0, 4, given.customers)
    country = random.choice(60, given.customers, p=np.array([0.7] + [0.3 / 59] * 59))
    parts = {name: [] for name in NAMES}
    for customer in range(given.customers):
        near = np.flatnonzero(((tills - places[customer]) ** 2).sum(axis=1) < 25)
        days = np.repeat(np.arange(given.days), random.poisson(often[customer], given.days))
        seconds = random.normal(DAY / 2, 20_000, len(days)).astype(np.int64)
        kept = (seconds > 0) & (seconds < DAY)
        count = int(kept.sum())
        if not count or not len(near):
            continue
        amount = random.normal(mean[customer], mean[customer] / 2, count)
        amount = np.where(amount < 0, random.uniform(0, mean[customer] * 2, count), amount)
        # Now and then a new telephone, a second one, and a journey.
        changes = np.sort(random.integers(0, given.days, random.poisson(0.5)))
        device = customer * 8 + np.searchsorted(changes, days[kept]) % 6 + (random.random(count) < 0.03)
        away = int(random.integers(0, given.days))
        abroad = (random.random() < 0.15) & (days[kept] >= away) & (days[kept] < away + 7)
        parts["t"].append(days[kept] * DAY + seconds[kept])
        parts["customer"].append(np.full(count, customer))
        parts["terminal"].append(random.choice(near, count))
        parts["cents"].append(np.maximum((amount * 100).round().astype(np.int64), 1))
        parts["scenario"].append(np.zeros(count, dtype=np.int64))
        parts["device"].append(device)
        parts["country"].append(np.where(abroad, random.integers(0, 60), country[customer]))
        parts["channel"].append(random.choice(3, count, p=[0.6, 0.3, 0.1]))
    return {name: np.concatenate(part) for name, part in parts.items()}


def handbook(random, rows, given):
    """The book's three frauds, later ones over earlier ones."""
    day = rows["t"] // DAY
    rows["scenario"][rows["cents"] > 22_000] = 1
    by_terminal, by_customer = grouped(rows["terminal"], given.terminals), grouped(rows["customer"], given.customers)
    for today in range(given.days):
        for terminal in random.choice(given.terminals, 2, replace=False):
            at = by_terminal[terminal]
            rows["scenario"][at[(day[at] >= today) & (day[at] < today + 28)]] = 2
        for customer in random.choice(given.customers, 3, replace=False):
            at = by_customer[customer]
            at = at[(day[at] >= today) & (day[at] < today + 14)]
            at = random.choice(at, len(at) // 3, replace=False)
            rows["cents"][at] *= 5
            rows["scenario"][at] = 3


def grouped(keys, count):
    order = np.argsort(keys, kind="stable")
    return np.split(order, np.searchsorted(keys[order], np.arange(1, count)))


def wallet(random, rows, given):
    """Takeovers, card testing and rings, as rows of their own among the others."""
    more = {name: [] for name in NAMES}
    stranger = given.customers * 8 + 1_000

    def add(t, customer, terminal, cents, scenario, device, country, channel):
        count = len(t)
        for name, column in zip(NAMES, (t, customer, terminal, cents, scenario, device, country, channel)):
            more[name].append(np.broadcast_to(np.asarray(column, dtype=np.int64), count))

    for number in range(given.days * 2):  # takeovers: about two a day, five or six payments within hours
        start = random.integers(0, (given.days - 1) * DAY)
        t = start + np.sort(random.integers(0, 4 * 3_600, 2 + random.poisson(3.6)))
        cents = random.lognormal(9.0, 0.7, len(t)).astype(np.int64) + 100
        add(t, random.integers(given.customers), random.integers(0, given.terminals, len(t)), cents, 4,
            stranger + number, random.integers(0, 60), random.choice(3, len(t), p=[0.2, 0.7, 0.1]))
    stranger += given.days * 2
    for number in range(given.days // 3):  # card testing: one device, some thirty accounts, small amounts
        start = random.integers(0, (given.days - 1) * DAY)
        t = start + np.sort(random.integers(0, 2 * 3_600, 20 + random.integers(0, 24)))
        add(t, random.integers(0, given.customers, len(t)), random.integers(given.terminals),
            random.integers(50, 400, len(t)), 5, stranger + number, random.integers(0, 60), 1)
    stranger += given.days // 3
    for number in range(24):  # rings: eight accounts, two devices, two merchants, ten days
        start, ring = random.integers(0, given.days - 10), random.integers(0, given.customers, 8)
        t = start * DAY + np.sort(random.integers(0, 10 * DAY, 58))
        add(t, random.choice(ring, len(t)), random.choice(random.integers(0, given.terminals, 2), len(t)),
            random.lognormal(8.7, 0.4, len(t)).astype(np.int64) + 100, 6,
            stranger + number * 2 + random.integers(0, 2, len(t)), random.integers(0, 60), random.choice(3, len(t)))
    return {name: np.concatenate([rows[name], *more[name]]) for name in NAMES}


if __name__ == "__main__":
    main()
