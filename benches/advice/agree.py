#!/usr/bin/env python3
"""Solves the random problems of the `agree` example again with Clarabel and compares objectives and weights.

    cargo build --release -p advice --example agree
    target/release/examples/agree dump 2000 | .venv/bin/python benches/advice/agree.py

Clarabel is an interior-point method with tolerances of its own, so ours may be better; it fails only if ours is worse
by more than 1e-9 of the objective's scale.
"""

import json
import sys

import clarabel
import numpy as np
import scipy.sparse as sp


def solve(problem):
    n = len(problem["linear"])
    quadratic = np.array(problem["quadratic"]).reshape(n, n)
    scale = max(np.trace(quadratic) / n, 1e-12)
    linear = np.array(problem["linear"])
    costs = problem["costs"]
    extra = 2 * n if costs else 0
    P = sp.block_diag([quadratic / scale, sp.csc_matrix((extra, extra))]) if extra else quadratic / scale
    q = np.r_[linear, costs["buy"], costs["sell"]] / scale if costs else linear / scale
    equal, equal_to, below, below_to = [], [], [], []
    wide = lambda row: np.r_[row, np.zeros(extra)]
    for row in problem["rows"]:
        a = wide(np.array(row["coefficients"]))
        if row["lower"] is not None and row["lower"] == row["upper"]:
            equal.append(a), equal_to.append(row["lower"])
            continue
        if row["upper"] is not None:
            below.append(a), below_to.append(row["upper"])
        if row["lower"] is not None:
            below.append(-a), below_to.append(-row["lower"])
    eye = np.eye(n + extra)
    for i in range(n):
        below.append(eye[i]), below_to.append(problem["upper"][i])
        below.append(-eye[i]), below_to.append(-problem["lower"][i])
        if costs:
            equal.append(eye[i] - eye[n + i] + eye[2 * n + i]), equal_to.append(costs["held"][i])
            below.append(-eye[n + i]), below_to.append(0.0)
            below.append(-eye[2 * n + i]), below_to.append(0.0)
    A = sp.csc_matrix(np.array(equal + below))
    b = np.array(equal_to + below_to)
    cones = [clarabel.ZeroConeT(len(equal)), clarabel.NonnegativeConeT(len(below))]
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = 1e-11
    P = sp.triu(sp.csc_matrix(P)).tocsc()
    found = clarabel.DefaultSolver(P, q, A, b, cones, settings).solve()
    return np.array(found.x)[:n], found.obj_val * scale, str(found.status), scale, quadratic


def main():
    count, worse, better, unsolved = 0, 0.0, 0.0, {}
    apart = []
    for line in sys.stdin:
        problem = json.loads(line)
        x, value, status, scale, quadratic = solve(problem)
        if status not in ("Solved", "AlmostSolved"):
            unsolved[status] = unsolved.get(status, 0) + 1
            continue
        count += 1
        difference = (problem["objective"] - value) / scale
        worse, better = max(worse, difference), max(better, -difference)
        if np.linalg.eigvalsh(quadratic)[0] > 1e-3 * scale:
            apart.append(np.abs(x - np.array(problem["x"])).max())
    print(f"{count} problems; ours worse by at most {worse:.1e}, better by at most {better:.1e} of the mean variance")
    print(f"weights apart where the optimum is unique and well conditioned ({len(apart)} problems): {max(apart, default=0):.1e}")
    print(f"not solved by Clarabel: {unsolved}")
    if worse > 1e-9:
        sys.exit("ours is worse")


main()
