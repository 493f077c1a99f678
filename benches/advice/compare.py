#!/usr/bin/env python3
"""Runs skfolio (and PyPortfolioOpt where it is installed) and `advice` in turn on the same prices, in one run.

Prints CPU milliseconds (best of the rounds, one BLAS thread), their ratio, the largest weight difference and how
much worse the other's objective is, relative to ours. It fails if ours is worse by more than 1e-9 anywhere.

    python3 -m venv .venv && .venv/bin/pip install skfolio PyPortfolioOpt
    cargo build --release -p advice --example time
    .venv/bin/python benches/advice/compare.py target/release/examples/time [prices.csv]
"""

import os

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import json
import subprocess
import sys
import tempfile
import time
import warnings

import numpy as np
import pandas as pd
import scipy.cluster.hierarchy as sch
import scipy.optimize
import skfolio
import skfolio.optimization as so
from skfolio import RiskMeasure
from skfolio.datasets import load_sp500_dataset
from skfolio.moments import LedoitWolf
from skfolio.preprocessing import prices_to_returns
from skfolio.prior import EmpiricalPrior

warnings.filterwarnings("ignore")
ROUNDS = 4


def cpu(run):
    start = time.process_time()
    result = run()
    return (time.process_time() - start) * 1e3, result


def models(assets):
    variance = dict(risk_measure=RiskMeasure.VARIANCE)
    cap = 0.3 if assets < 10 else 0.1
    shrunk = dict(prior_estimator=EmpiricalPrior(covariance_estimator=LedoitWolf()))
    return {
        "min variance": so.MeanRisk(**variance),
        "min variance, capped": so.MeanRisk(max_weights=cap, **variance),
        "min variance, Ledoit-Wolf": so.MeanRisk(**variance, **shrunk),
        "max Sharpe": so.MeanRisk(objective_function=so.ObjectiveFunction.MAXIMIZE_RATIO, **variance),
        "risk parity": so.RiskBudgeting(**variance),
        "HRP": so.HierarchicalRiskParity(**variance),
        "frontier, 100 points": so.MeanRisk(efficient_frontier_size=100, **variance),
        "min CVaR 95": so.MeanRisk(risk_measure=RiskMeasure.CVAR),
    }


def objective(name, returns):
    """A number to be made small, from weights; None where the method is no optimisation."""
    covariance = np.cov(returns.T)
    mean = returns.mean(axis=0)
    if name.startswith("min variance, Ledoit"):
        covariance = LedoitWolf().fit(returns).covariance_
    if name.startswith("min variance"):
        return lambda w: w @ covariance @ w
    if name == "max Sharpe":
        return lambda w: -(mean @ w) / np.sqrt(w @ covariance @ w)
    if name == "risk parity":
        return lambda w: 1 + np.ptp(w * (covariance @ w)) / (w @ covariance @ w)
    if name == "min CVaR 95":
        def shortfall(w):
            losses = np.sort(-(returns @ w))[::-1]
            mass = 0.05 * len(losses)
            whole = int(mass)
            return (losses[:whole].sum() + (mass - whole) * losses[whole]) / mass
        return shortfall
    return None


def least_shortfall_by_simplex(returns):
    """HiGHS dual simplex through SciPy: another solver, another form of the programme."""
    periods, assets = returns.shape
    cost = np.r_[np.zeros(assets), 1, np.full(periods, 1 / (0.05 * periods))]
    eye = scipy.sparse.identity(periods)
    tail = scipy.sparse.hstack([scipy.sparse.csr_matrix(-returns), -np.ones((periods, 1)), -eye])
    budget = np.r_[np.ones(assets), 0, np.zeros(periods)][None, :]
    bounds = [(0, 1)] * assets + [(None, None)] + [(0, None)] * periods
    found = scipy.optimize.linprog(
        cost, A_ub=tail.tocsr(), b_ub=np.zeros(periods), A_eq=budget, b_eq=[1], bounds=bounds, method="highs-ds"
    )
    return found.x[:assets]


def hierarchical_by_scipy(returns, linkage, optimal):
    correlation, covariance = np.corrcoef(returns.T), np.cov(returns.T)
    distance = np.sqrt(np.clip((1 - correlation) / 2, 0, 1))
    condensed = distance[np.triu_indices(len(distance), 1)]
    tree = sch.linkage(condensed, linkage)
    if optimal:
        tree = sch.optimal_leaf_ordering(tree, condensed)
    weights = np.ones(len(distance))

    def variance(part):
        inverse = 1 / np.diag(covariance)[part]
        inverse /= inverse.sum()
        return inverse @ covariance[np.ix_(part, part)] @ inverse

    def halve(line):
        if len(line) > 1:
            left, right = line[: len(line) // 2], line[len(line) // 2:]
            a, b = variance(left), variance(right)
            weights[left] *= 1 - a / (a + b)
            weights[right] *= a / (a + b)
            halve(left)
            halve(right)

    halve(list(sch.leaves_list(tree)))
    return weights


def main():
    program = sys.argv[1]
    prices = pd.read_csv(sys.argv[2], index_col=0, parse_dates=True) if len(sys.argv) > 2 else load_sp500_dataset()
    returns = prices_to_returns(prices)
    plain = returns.to_numpy()
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as table:
        prices.to_csv(table.name, index_label="Date")
        theirs, ours = {}, {}
        for _ in range(ROUNDS):
            for line in subprocess.run([program, table.name], capture_output=True, text=True, check=True).stdout.splitlines():
                row = json.loads(line)
                if "weights" in row and row["milliseconds"] < ours.get(row["name"], (1e99,))[0]:
                    ours[row["name"]] = (row["milliseconds"], np.array(row["weights"]))
            for name, model in models(plain.shape[1]).items():
                took, fitted = cpu(lambda: model.fit(returns))
                if took < theirs.get(name, (1e99,))[0]:
                    theirs[name] = (took, np.asarray(fitted.weights_).ravel())
    print(f"skfolio {skfolio.__version__}, {plain.shape[0]} returns of {plain.shape[1]} assets, best of {ROUNDS} rounds, CPU ms")
    print(f"{'method':28}{'skfolio':>10}{'ours':>10}{'ratio':>8}{'weights apart':>15}{'theirs worse by':>17}")
    worse = []
    for name, (took, weights) in theirs.items():
        fast, exact = ours[name]
        apart = np.abs(weights - exact).max() if len(weights) == len(exact) else float("nan")
        value = objective(name, plain)
        excess = (value(weights) - value(exact)) / abs(value(exact)) if value else float("nan")
        if excess < -1e-9:
            worse.append(name)
        print(f"{name:28}{took:10.2f}{fast:10.4f}{took / fast:8.0f}{apart:15.1e}{excess:17.1e}")
    print("\nours alone (moments given, or walk-forward over all history)")
    for name, (fast, _) in ours.items():
        if name not in theirs:
            print(f"{name:40}{fast:10.4f} ms")
    print("\nagainst independent references")
    checks = [
        ("min CVaR 95 against HiGHS simplex", ours["min CVaR 95"][1], least_shortfall_by_simplex(plain)),
        ("HRP Ward, turned order, against SciPy", ours["HRP"][1], hierarchical_by_scipy(plain, "ward", True)),
        ("HRP single, tree order, against SciPy", ours["HRP, single, tree order"][1], hierarchical_by_scipy(plain, "single", False)),
    ]
    for name, a, b in checks:
        apart = np.abs(a - b).max()
        print(f"{name:45}{apart:10.1e}")
        if apart > 1e-9:
            worse.append(name)
    if worse:
        sys.exit(f"worse than 1e-9: {', '.join(worse)}")


main()
