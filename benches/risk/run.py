#!/usr/bin/env python3
"""Runs our risk figures and the peers' from PyPI in one run, on the same data, on this machine.

    benches/risk/run.py --sojourn target/release/sojourn --history TRANSACTIONS.csv.gz --names FOLDER

The history is one that generate.py makes, or of the same columns. The folder holds the public names: pairs.csv,
positives_un_treated.csv.gz, positives_un_untreated.csv.gz, negatives_*.csv.gz, ofac_sdn.csv.gz, ofac_alt.csv.gz. Peers are installed into a virtual environment of their own below the temporary folder. CPU seconds are reported beside
wall-clock ones, because shared machines make the latter unfair. Writes one JSON document to standard output.
"""
import argparse, csv, json, os, pathlib, re, resource, shutil, subprocess, sys, tempfile, time, venv

PEERS = ["numpy", "pandas", "scikit-learn", "lightgbm", "rapidfuzz", "cel-python"]


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--sojourn", required=True, help="the built binary")
    arguments.add_argument("--history", help="labelled payments, CSV or .gz; for the model")
    arguments.add_argument("--names", help="folder of public names; for the matcher")
    arguments.add_argument("--bench", help="the built benchmark of the crate; without it cargo builds and runs it")
    arguments.add_argument("--users", default="1000000", help="users of the benchmark in the path")
    arguments.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if not given.inside:
        home = pathlib.Path(tempfile.gettempdir()) / "sojourn-risk-peers"
        python = home / "bin" / "python"
        if not python.exists():
            venv.create(home, with_pip=True)
            subprocess.run([python, "-m", "pip", "install", "-q", *PEERS], check=True)
        sys.exit(subprocess.call([python, __file__, "--inside", *sys.argv[1:]]))
    found = {"machine": os.uname().machine, "cores": os.cpu_count(), "load": os.getloadavg()}
    found["path"] = ours_in_path(given)
    found["rules_peer"] = cel_rules()
    if given.history:
        found["model"] = models(given)
        found["history"] = ours_on_history(given)
    if given.names:
        found["pairs"] = pairs(given)
        found["screening"] = screening(given)
    json.dump(found, sys.stdout, indent=1)
    print()


def ours_in_path(given):
    """Our own figures: one JSON object a line from the crate's benchmark, and instructions where valgrind can count them."""
    root = pathlib.Path(__file__).resolve().parents[2]
    bench = [given.bench] if given.bench else ["cargo", "bench", "-q", "-p", "risk", "--bench", "verdict", "--"]
    out = subprocess.run([*bench, given.users], cwd=root, check=True, capture_output=True, text=True)
    lines = [json.loads(line) for line in out.stdout.splitlines() if line.startswith("{")]
    if given.bench and shutil.which("valgrind"):
        for line in lines:
            if "cpu_ns" in line:
                line["instructions"] = instructions(given.bench, line["what"])
    return lines


def instructions(bench, what):
    """Instructions of one run: what ten thousand more runs add, by callgrind."""
    counts = []
    for runs in (1_000, 11_000):
        command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", bench, "1000", "--count", what, str(runs)]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stderr
        counts.append(int(re.search(r"Collected : (\d+)", told).group(1)))
    return (counts[1] - counts[0]) // 10_000


def ours(given, *arguments):
    """Runs one of our commands with --json; its answer, and the CPU seconds it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    out = subprocess.run([given.sojourn, "risk", *arguments, "--json"], check=True, capture_output=True, text=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return json.loads(out), after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def ours_on_history(given):
    """Training, the prequential weeks by scenario, drift on the last week, and the whole history played again."""
    with tempfile.TemporaryDirectory() as folder:
        model = str(pathlib.Path(folder) / "a.model")
        trained, train_cpu = ours(given, "train", "--history", given.history, "--until", "150", "--out", model)
        weeks, evaluate_cpu = ours(given, "evaluate", "--history", given.history)
        drift, _ = ours(given, "evaluate", "--history", given.history, "--drift", model)
        played, play_cpu = ours(given, "backtest", "--history", given.history, "--model", model)
    return {
        "train": {"rows": trained["rows"], "frauds": trained["frauds"], "fit_s": trained["seconds"], "cpu_s": train_cpu},
        "prequential": {name: weeks[name] for name in ("recipe", "auc", "ap", "cp_100", "scenarios")} | {"cpu_s": evaluate_cpu},
        "drift": drift[:5],
        "backtest": {"payments": played["payments"], "wall_s": played["seconds"], "whole_command_cpu_s": play_cpu, "rules": len(played["rules"])},
    }


def screening(given):
    """Altered names against the list they are from, and clean ones against the same list."""
    folder = pathlib.Path(given.names)
    file = lambda name: str(folder / name)
    found, cpu = ours(given, "screen", "--list", f"ofac={file('ofac_sdn.csv.gz')}+{file('ofac_alt.csv.gz')}",
                      "--listed", file("positives_un_treated.csv.gz"), file("positives_un_untreated.csv.gz"),
                      "--clean", file("negatives_global.csv.gz"), "--clean", file("negatives_us.csv.gz"))
    return found | {"cpu_us_a_query": cpu / (2 * (found["clean"] + found["queries"])) * 1e6}


def cel_rules():
    """Fifty rules of the shapes of our benchmark, compiled once, by the reference semantics in Python."""
    import celpy
    environment = celpy.Environment()
    facts = {"amount_minor": 12_345, "payer_count_1h": 2, "payer_country": "TH", "channel": "qr", "device_count_1d": 3, "payer_sum_7d": 40_000}
    facts = {name: celpy.json_to_cel(value) for name, value in facts.items()}
    texts = []
    for number in range(50):
        texts.append([
            f"amount_minor > {900_000 + number} && payer_count_1h >= {50 + number}",
            f"payer_country == 'C{number}' && channel != 'qr' && amount_minor > {1_000 + number}",
            f"device_count_1d > {500 + number}",
            f"payer_sum_7d > {90_000_000 + number}",
        ][number % 4])
    programs = [environment.program(environment.compile(text)) for text in texts]
    runs, start = 20, time.process_time()
    for _ in range(runs):
        for program in programs:
            program.evaluate(facts)
    return {"peer": "cel-python", "rules": 50, "cpu_us": (time.process_time() - start) / runs * 1e6}


def models(given):
    """The handbook's single split on its fifteen features: LightGBM and a forest against `sojourn risk evaluate`."""
    import lightgbm, numpy, pandas
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.metrics import average_precision_score, roc_auc_score

    table = pandas.read_csv(given.history)
    table = table[table.scenario <= 3].reset_index(drop=True)
    day, fraud = table.t // 86_400, (table.scenario > 0).to_numpy()
    columns = book_features(table, fraud)
    train = ((day >= 115) & (day < 122)).to_numpy()
    known = set(table.customer[train & fraud])
    tests = []
    for test_day in range(129, 136):
        known |= set(table.customer[(day == test_day - 8).to_numpy() & fraud])
        tests.append(((day == test_day) & ~table.customer.isin(known)).to_numpy())
    test = numpy.logical_or.reduce(tests)
    results = []
    peers = {
        "lightgbm, its defaults": lightgbm.LGBMClassifier(verbose=-1, n_jobs=1),
        "random forest, 100 trees of depth 20": RandomForestClassifier(100, max_depth=20, random_state=0, n_jobs=1),
    }
    for name, peer in peers.items():
        start = time.process_time()
        peer.fit(columns[train], fraud[train])
        seconds = time.process_time() - start
        score = peer.predict_proba(columns[test])[:, 1]
        results.append({"who": name, "auc": roc_auc_score(fraud[test], score), "ap": average_precision_score(fraud[test], score), "fit_cpu_s": seconds})
    found, _ = ours(given, "evaluate", "--history", given.history, "--features", "handbook", "--scenario-max", "3",
                    "--trees", "100", "--depth", "3", "--rate-milli", "100")
    results.append({"who": "sojourn, 100 trees of depth 3", "auc": found["single"]["auc"], "ap": found["single"]["ap"]})
    return {"split": "single", "rows": int(train.sum()), "tests": int(test.sum()), "results": results}


def book_features(table, fraud):
    """Counts and means of the payer, counts and shares of fraud of the terminal behind seven days, over 1, 7 and 30 days."""
    import numpy
    seconds, cents = table.t.to_numpy(), table.cents.to_numpy(dtype=float)
    columns = [cents, ((table.t // 86_400 % 7).isin([0, 6])).to_numpy(float), (table.t % 86_400 < 7 * 3_600).to_numpy(float)]
    for key, delay in (("customer", 0), ("terminal", 7 * 86_400)):
        made = numpy.zeros((6, len(table)))
        for rows in table.groupby(key, sort=False).indices.values():
            at = seconds[rows]
            total = numpy.concatenate([[0], numpy.cumsum(fraud[rows] if delay else cents[rows])])
            to = numpy.searchsorted(at, at - delay, side="right")
            for number, days in enumerate((1, 7, 30)):
                since = numpy.searchsorted(at, at - delay - days * 86_400, side="right")
                count = to - since
                made[number, rows] = count
                made[number + 3, rows] = (total[to] - total[since]) / numpy.maximum(count, 1)
        columns.extend(made)
    return numpy.column_stack(columns)


def pairs(given):
    """The best F1 of plain string measures against our matcher's at its fixed threshold, on the same half of the pairs."""
    from rapidfuzz import fuzz, utils
    from rapidfuzz.distance import JaroWinkler

    def held_out(row):
        total = 7
        for byte in (row["name1"] + row["name2"]).encode():
            total = (total * 31 + byte) & 0xFFFFFFFF
        return (total >> 8) % 2 == 1

    path = str(pathlib.Path(given.names) / "pairs.csv")
    with open(path, encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if held_out(row)]
    results = []
    for name, measure in (("token_set", fuzz.token_set_ratio), ("token_sort", fuzz.token_sort_ratio), ("jaro_winkler", lambda a, b, processor: 100 * JaroWinkler.similarity(a, b, processor=processor))):
        start = time.process_time()
        scored = [(measure(row["name1"], row["name2"], processor=utils.default_process), row["is_match"] == "true") for row in rows]
        micros = (time.process_time() - start) / len(rows) * 1e6
        best = max(f1(scored, least) for least in range(50, 100))
        results.append({"who": f"rapidfuzz {name}, best threshold", "f1": best, "cpu_us": micros})
    mine, _ = ours(given, "screen", "--pairs", path)
    for least in (700, mine["chosen"]["least"]):
        fixed = next(rate for rate in mine["rates"] if rate["least"] == least)
        results.append({"who": f"sojourn at {least / 1000}", "f1": fixed["f1"], "us": mine["microseconds"]})
    return {"pairs": len(rows), "results": results}


def f1(scored, least):
    hits = sum(score >= least and same for score, same in scored)
    called = sum(score >= least for score, _ in scored)
    same = sum(same for _, same in scored)
    return 2 * hits / (called + same) if called + same else 0.0


if __name__ == "__main__":
    main()
