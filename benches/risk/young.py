#!/usr/bin/env python3
"""Makes labelled payments of a young network: payers and merchants join all the time, and most payments are somebody's
first few. What `sojourn demo` publishes was trained on them.

    benches/risk/young.py --seed 5 --out young.csv

Columns: t (seconds since day 0), customer, merchant, device, cents, scenario. Scenarios: 1 an account taken over: a burst
of large payments from a new device at a merchant new to its payer; 2 a ring: strangers on two phones bring large amounts to
one merchant. A market day, on which many strangers come to one merchant with small amounts, is genuine.
"""
import argparse
import random

DAY = 86_400
MERCHANTS = 40


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seed", type=int, required=True)
    arguments.add_argument("--out", required=True, help="CSV")
    arguments.add_argument("--days", type=int, default=100)
    given = arguments.parse_args()
    rows = sorted(play(random.Random(given.seed), given.days))
    with open(given.out, "w") as file:
        file.write("t,customer,merchant,device,cents,scenario\n")
        file.writelines(",".join(map(str, row)) + "\n" for row in rows)
    print(len(rows), "payments;", sum(row[5] > 0 for row in rows), "frauds")


def play(dice, days):
    payers = []
    for day in range(days):
        for _ in range(14):
            payers.append(join(dice, len(payers)))
        for payer in payers:
            yield from habits(dice, payer, day)
        if dice.random() < 0.4:
            yield from market(dice, payers, day)
        if dice.random() < 0.9:
            yield from takeover(dice, payers, day)
        if dice.random() < 0.5:
            yield from ring(dice, day)


def join(dice, number):
    shops = dice.sample(range(MERCHANTS), 4)
    return {"name": f"p{number}", "rate": dice.uniform(0.05, 0.9), "mean": dice.lognormvariate(7.2, 0.7), "shops": shops}


def pay(payer, at, shop, cents, scenario=0, device=None):
    return (int(at), payer["name"], f"m{shop}", device or f"d-{payer['name']}", max(50, int(cents)), scenario)


def habits(dice, payer, day):
    for _ in range(sum(dice.random() < payer["rate"] / 2 for _ in range(2))):
        large = dice.uniform(4, 10) if dice.random() < 0.05 else 1
        shop = dice.choice(payer["shops"]) if dice.random() < 0.8 else dice.randrange(MERCHANTS)
        yield pay(payer, day * DAY + dice.gauss(50_000, 14_000) % DAY, shop, dice.gauss(1, 0.35) * payer["mean"] * large)


def market(dice, payers, day):
    shop, begun = dice.randrange(MERCHANTS), day * DAY + dice.randrange(30_000, 60_000)
    for _ in range(dice.randrange(12, 40)):
        payers.append(join(dice, len(payers)))
        for _ in range(dice.choice([1, 1, 2, 3])):
            yield pay(payers[-1], begun + dice.randrange(5_400), shop, dice.uniform(200, 6_000))


def takeover(dice, payers, day):
    victim = dice.choice(payers[: max(1, len(payers) - 200)])
    shop, begun = dice.randrange(MERCHANTS), day * DAY + dice.randrange(80_000)
    for number in range(dice.randrange(3, 7)):
        cents = victim["mean"] * dice.uniform(6, 14)
        yield pay(victim, begun + number * dice.randrange(60, 600), shop, cents, 1, f"stolen-{day}")


def ring(dice, day):
    shop, begun = dice.randrange(MERCHANTS), day * DAY + dice.randrange(80_000)
    for mule in range(dice.randrange(6, 14)):
        name = {"name": f"mule-{day}-{mule}"}
        yield pay(name, begun + mule * dice.randrange(60, 500), shop, dice.uniform(9_000, 60_000), 2, f"ring-{day}-{mule % 2}")


if __name__ == "__main__":
    main()
