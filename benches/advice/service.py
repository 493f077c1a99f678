#!/usr/bin/env python3
"""The advisory service from outside, with nothing but Python and openssl: a wallet is registered, a house furnished, a
user advised; then the process is killed in the middle of its work again and again, and every answer it ever gave must
be given again, byte for byte. Prints how long proposals took over HTTP.

    benches/advice/service.py target/release/sojourn [kills] [proposals]
"""

import base64
import datetime
import json
import math
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

PORT = 18_990
BASE = f"http://127.0.0.1:{PORT}"
CLIENT = "WALLET-PY"


class Network:
    def __init__(self, program, directory):
        self.program, self.directory = program, directory
        subprocess.run([program, "init", directory], check=True, capture_output=True)
        config = directory / "sojourn.toml"
        text = config.read_text()
        text = text.replace("127.0.0.1:8080", f"127.0.0.1:{PORT}").replace("127.0.0.1:8443", f"127.0.0.1:{PORT + 1}")
        for line in ("[advice]", 'directory = "advice"', "segment_mib = 16"):
            text = text.replace(f"# {line}\n", f"{line}\n")
        config.write_text(text)
        tokens = directory / "operator.token"
        self.ana, self.bo = tokens.read_text().strip(), "the-second-person-approves-with-another"
        tokens.write_text(f"ana {self.ana}\nbo {self.bo}\n")
        key = directory / "wallet.pem"
        subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
        self.key = key
        public = subprocess.run(["openssl", "rsa", "-in", key, "-pubout"], check=True, capture_output=True, text=True)
        self.public = public.stdout
        self.start()

    def start(self):
        log = open(self.directory / "network.log", "a")
        self.process = subprocess.Popen([self.program, "serve", "--config", self.directory / "sojourn.toml"], stderr=log)
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{BASE}/health", timeout=5).read()
                return
            except OSError:
                time.sleep(0.05)
        sys.exit("the network does not start")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def operator(self, path, body, token=None):
        headers = {"authorization": f"Bearer {token or self.ana}", "content-type": "application/json"}
        status, answer = fetch("POST", f"/operator/v1/{path}", headers, json.dumps(body).encode())
        if status != 200:
            sys.exit(f"{path}: {status} {answer.decode()}")
        return json.loads(answer)

    def ask(self, method, path, body=None):
        """A member's call, signed as an Alipay+ client signs."""
        raw = b"" if body is None else json.dumps(body).encode()
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        message = f"{method} /advice/{path}\n{CLIENT}.{now}.".encode() + raw
        signed = subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.key], input=message, capture_output=True, check=True)
        signature = urllib.parse.quote(base64.b64encode(signed.stdout).decode(), safe="")
        headers = {
            "client-id": CLIENT,
            "request-time": now,
            "signature": f"algorithm=RSA256,keyVersion=1,signature={signature}",
            "content-type": "application/json",
        }
        return fetch(method, f"/advice/{path}", headers, raw)

    def good(self, method, path, body=None):
        status, answer = self.ask(method, path, body)
        if status != 200:
            sys.exit(f"{method} {path}: {status} {answer.decode()}")
        return json.loads(answer)


def fetch(method, path, headers, body):
    request = urllib.request.Request(BASE + path, data=body or None, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read()


def months(drift, swing):
    """Ten years of month ends up to yesterday, written without chance."""
    yesterday = datetime.date.today() - datetime.timedelta(days=1)
    price, list_ = 100.0, []
    for step in range(121):
        number = yesterday.year * 12 + yesterday.month - 1 - (120 - step)
        day = min(yesterday.day, 28) if step < 120 else yesterday.day
        price *= 1 + drift + swing * (math.sin(step * 1.7) + math.cos(step * 0.61 + drift))
        list_.append([f"{number // 12:04}-{number % 12 + 1:02}-{day:02}", f"{price:.4f}"])
    return list_


def furnish(network):
    network.operator("members", {"clientId": CLIENT, "role": "WALLET", "name": CLIENT, "country": "PH"})
    network.operator(f"members/{CLIENT}/keys", {"version": "1", "publicKey": network.public})
    network.operator("advice/jurisdictions", {"request_id": "serve", "served": ["PH"]})
    for code, kind_of, grade, kind, drift, swing in [
        ("SHARES", "equity", "R4", "index", 0.006, 0.03),
        ("BONDS", "bond", "R2", "index", 0.003, 0.006),
        ("MONEY", "cash", "R1", "money", 0.001, 0.0001),
    ]:
        product = {"code": code, "class": kind_of, "kind": kind, "issuer_grade": grade, "own_grade": "R1"}
        network.operator("advice/products", {"request_id": f"list {code}", "product": product})
        network.operator("advice/prices", {"request_id": f"prices {code}", "product": code, "prices": months(drift, swing)})
    weights = {"SHARES": 4000, "BONDS": 4000, "MONEY": 2000}
    model = {"id": "middle", "version": 1, "class": "C4", "weights_bp": weights}
    network.operator("advice/models", {"request_id": "model", "model": model})
    for token in (network.ana, network.bo):
        network.operator("advice/models/middle/1/approve", {"request_id": "approve"}, token)


def settle(network, user):
    form = network.good("GET", "questionnaire")
    answers = {}
    for question in form["questions"]:
        points = [choice["points"] for choice in question["choices"]]
        answers[question["id"]] = points.index(100) if set(points) <= {0, 100} else 2
    profile = network.good("POST", "profiles", {
        "request_id": f"profile {user}", "user": user, "jurisdiction": "PH", "age_years": 40, "full_capacity": True,
        "questionnaire": form["version"], "answers": answers,
    })
    network.good("POST", "mandates", {"request_id": f"mandate {user}", "user": user, "turnover_year_bp": 10000})
    goal = network.good("POST", "goals", {
        "request_id": f"goal {user}", "user": user, "kind": "home", "name": "A flat", "until": "2040-01-01",
        "target_minor": 20_000_000, "monthly_minor": 20_000,
    })
    print(f"{user} is {profile['class']}: {profile['reasons'][0]}")
    return goal["id"]


def measure(network, goal, count):
    took = []
    for number in range(count):
        body = {"request_id": f"timed {number}", "goal": goal, "kind": "initial", "amount_minor": 1_000_000 + number}
        begun = time.perf_counter()
        network.good("POST", "proposals", body)
        took.append((time.perf_counter() - begun) * 1e3)
    took.sort()
    floor = []
    for _ in range(count):
        begun = time.perf_counter()
        network.good("GET", "questionnaire")
        floor.append((time.perf_counter() - begun) * 1e3)
    floor.sort()
    at = lambda list_, share: list_[min(len(list_) - 1, int(len(list_) * share))]
    print(f"{count} proposals over HTTP, ms: median {at(took, 0.5):.1f}, p99 {at(took, 0.99):.1f}; "
          f"the same for a look, which computes nothing: {at(floor, 0.5):.1f}, {at(floor, 0.99):.1f} (openssl signs each)")


def kill_and_compare(network, goal, kills):
    answered = []

    def talk(kill, stop):
        for number in range(10_000):
            if stop.is_set():
                return
            request_id = f"k{kill} {number}"
            path, body = ("proposals", {"request_id": request_id, "goal": goal, "kind": "initial", "amount_minor": 100_000 + number})
            if number % 3:
                path, body = "complaints", {"request_id": request_id, "user": "u1", "text": "slow"}
            try:
                status, answer = network.ask("POST", path, body)
            except OSError:
                return
            if status == 200:
                answered.append((path, body, answer))

    for kill in range(kills):
        stop = threading.Event()
        talkers = [threading.Thread(target=talk, args=(f"{kill}-{place}", stop)) for place in range(3)]
        [talker.start() for talker in talkers]
        time.sleep(0.4 + 0.17 * (kill % 5))
        network.kill()
        stop.set()
        [talker.join() for talker in talkers]
        network.start()
    for path, body, answer in answered:
        status, again = network.ask("POST", path, body)
        if (status, again) != (200, answer):
            sys.exit(f"answered otherwise after a kill: {body}\n{answer.decode()[:300]}\n{again.decode()[:300]}")
    ids = [json.loads(answer)["id"] for path, _, answer in answered if path == "proposals"]
    for proposal in ids[:20]:
        if network.good("POST", f"replay/{proposal}", {})["equal"] is not True:
            sys.exit(f"{proposal} is not equal bit for bit")
    print(f"{len(answered)} answers over {kills} kills, each given again byte for byte; {min(20, len(ids))} proposals replayed equal")


def export(network, directory):
    lines, first = [], 1
    while first:
        status, page = network.ask("GET", f"records?user=u1&from={first}")
        # Records are kept as they came, number for number: they are cut out of the page, not read and written again.
        text = page.decode()
        parsed = json.loads(text)
        decoder, at = json.JSONDecoder(), text.index('"records":[') + len('"records":[')
        for _ in parsed["records"]:
            _, end = decoder.raw_decode(text, at)
            lines.append(text[at:end])
            at = end + 1
        first = parsed["next"]
    trail = directory / "export.jsonl"
    trail.write_text("\n".join(lines) + "\n")
    replay = subprocess.run([network.program, "advise", "replay", trail], capture_output=True, text=True)
    print(f"export of {len(lines)} records: {replay.stdout.strip().splitlines()[-1] if replay.stdout else replay.stderr.strip()}")
    if replay.returncode:
        sys.exit("the export does not verify")


def main():
    program = os.path.abspath(sys.argv[1])
    kills = int(sys.argv[2]) if len(sys.argv) > 2 else 6
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 100
    directory = pathlib.Path(tempfile.mkdtemp(prefix="sojourn-advice-")) / "network"
    network = Network(program, directory)
    try:
        furnish(network)
        goal = settle(network, "u1")
        first = {"request_id": "first", "goal": goal, "kind": "initial", "amount_minor": 1_000_000}
        proposal = network.good("POST", "proposals", first)
        explanation = proposal["proposal"]["explanation"]
        print(explanation.get("english") or explanation.get("text"))
        status, refused = network.ask("POST", f"proposals/{proposal['id']}/accept", {"request_id": "unsaid"})
        print(f"accepted without the client's word: {status} {json.loads(refused)['code']}")
        measure(network, goal, count)
        kill_and_compare(network, goal, kills)
        # The first offer is among the archived by now: the newest are kept open.
        last = network.good("POST", "proposals", {**first, "request_id": "last"})
        accepted = network.good("POST", f"proposals/{last['id']}/accept", {"request_id": "accept", "confirmed": True})
        print(f"accepted: {len(accepted['orders'])} orders booked")
        export(network, directory)
    finally:
        network.kill()
        shutil.rmtree(directory.parent, ignore_errors=True)


main()
