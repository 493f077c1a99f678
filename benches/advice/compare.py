#!/usr/bin/env python3
"""Runs skfolio, PyPortfolioOpt and Riskfolio-Lib (those that are installed) and `advice` in turn on the same prices.

Prints CPU milliseconds (best of the rounds, one BLAS thread), their ratio, the largest weight difference and how
much worse the other's objective is, relative to ours. It fails if ours is worse by more than 1e-9 anywhere.

    python3 -m venv .venv && .venv/bin/pip install skfolio PyPortfolioOpt Riskfolio-Lib
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


def pypfopt_models(returns):
    """The problems PyPortfolioOpt shares, each from the raw returns to weights."""
    import pypfopt
    from pypfopt import EfficientCVaR, EfficientFrontier, HRPOpt

    cap = 0.3 if returns.shape[1] < 10 else 0.1
    def frontier(**bounds):
        return EfficientFrontier(returns.mean(), returns.cov(), **bounds)
    def solved(model, act):
        act(model)
        return np.asarray(model.weights, dtype=float)
    def hierarchical():
        weights = HRPOpt(returns).optimize()
        return np.array([weights[name] for name in returns.columns])
    return f"PyPortfolioOpt {pypfopt.__version__}", {
        "min variance": lambda: solved(frontier(), lambda m: m.min_volatility()),
        "min variance, capped": lambda: solved(frontier(weight_bounds=(0, cap)), lambda m: m.min_volatility()),
        "max Sharpe": lambda: solved(frontier(), lambda m: m.max_sharpe(risk_free_rate=0)),
        "min CVaR 95": lambda: solved(EfficientCVaR(returns.mean(), returns, beta=0.95), lambda m: m.min_cvar()),
        "HRP, single, tree order": hierarchical,
    }


def riskfolio_models(returns):
    """The problems Riskfolio-Lib shares, each from the raw returns to weights."""
    import riskfolio

    def classic(measure, aim):
        portfolio = riskfolio.Portfolio(returns=returns, alpha=0.05)
        portfolio.assets_stats(method_mu="hist", method_cov="hist")
        found = portfolio.optimization(model="Classic", rm=measure, obj=aim, rf=0, l=0, hist=True)
        return found["weights"].to_numpy()
    def parity():
        portfolio = riskfolio.Portfolio(returns=returns)
        portfolio.assets_stats(method_mu="hist", method_cov="hist")
        return portfolio.rp_optimization(model="Classic", rm="MV", rf=0, b=None, hist=True)["weights"].to_numpy()
    return "Riskfolio-Lib", {
        "min variance": lambda: classic("MV", "MinRisk"),
        "max Sharpe": lambda: classic("MV", "Sharpe"),
        "risk parity": parity,
        "min CVaR 95": lambda: classic("CVaR", "MinRisk"),
    }


def compare_peers(returns, ours, worse):
    """The other libraries on the problems they share. Their failures are told, not hidden."""
    plain = returns.to_numpy()
    for peer in (pypfopt_models, riskfolio_models):
        try:
            title, problems = peer(returns)
        except ImportError as missing:
            print(f"\nnot installed: {missing.name}")
            continue
        print(f"\n{title}\n{'method':28}{'theirs':>10}{'ours':>10}{'ratio':>8}{'weights apart':>15}{'theirs worse by':>17}")
        for name, run in problems.items():
            best, weights = 1e99, None
            for _ in range(ROUNDS):
                try:
                    took, found = cpu(run)
                except Exception as failure:
                    print(f"{name:28} failed: {failure}")
                    break
                if took < best:
                    best, weights = took, np.asarray(found, dtype=float).ravel()
            if weights is None or name not in ours:
                continue
            fast, exact = ours[name]
            # Weights a hair outside the constraints are put back before they are judged.
            lawful = np.clip(weights, 0, None)
            lawful /= lawful.sum()
            value = objective(name, plain)
            excess = (value(lawful) - value(exact)) / abs(value(exact)) if value else float("nan")
            if excess < -1e-9:
                worse.append(f"{name} ({title})")
            apart = np.abs(weights - exact).max()
            print(f"{name:28}{best:10.2f}{fast:10.4f}{best / fast:8.0f}{apart:15.1e}{excess:17.1e}")


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
    compare_peers(returns, ours, worse)
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
