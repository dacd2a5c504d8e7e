#!/usr/bin/env python3
"""Keeps a daemon at its full rate for a long time while it retrains, and holds the last third of the time against the first.

Payments of 5,000 cards are written to the topic again and again, each time dated after the last, so that records always wait, and never so many that the broker
deletes unread ones. Sampled every five seconds: resident memory, threads, open files of the process; records scored, models trained, records that were missed. The detector is the demo's.
"""

import argparse
import datetime
import json
import os
import pathlib
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

CARDS, ROUND, PERIOD = 5_000, 300_000, 5
# Each card pays every twenty minutes or so, whatever the rate: what history remembers stays the same kind. An hour at full rate does not come to dates in the future.
FIRST, STEP = 1_600_000_000, 20 * 60 / CARDS
CATEGORIES = ["groceries", "fuel", "restaurant", "travel", "electronics", "clothing", "pharmacy", "entertainment"]
COUNTRIES = ["DE", "FR", "AT", "CH", "NL", "PL"]


def arguments():
    parser = argparse.ArgumentParser()
    for name in ("program", "bootstrap", "every", "delivery", "out"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--history", type=int, required=True)
    return parser.parse_args()


def make_payments():
    """One round of payments without their dates: each card has a place, a taste and an amount that is usual for it; one in 3,000 pays far more, far away."""
    draw = random.Random(7)
    cards = [(f"card-{n:05}", draw.gauss(3.5, 0.6), draw.choice(COUNTRIES), draw.uniform(46, 54), draw.uniform(6, 15), draw.sample(CATEGORIES, 4)) for n in range(CARDS)]
    payments = []
    for number in range(ROUND):
        card, level, country, latitude, longitude, tastes = draw.choice(cards)
        odd = number % 3_000 == 2_999
        payments.append(json.dumps({
            "transaction_id": f"t{number}", "card_id": card, "amount": round(draw.lognormvariate(level + (4 if odd else 0), 0.5), 2),
            "channel": draw.choice(("pos", "pos", "online")), "device_known": not odd and draw.random() < 0.97,
            "merchant": {"category": draw.choice(CATEGORIES if odd else tastes), "country": country,
                         "latitude": round(latitude + draw.gauss(0, 0.1) + (30 if odd else 0), 4), "longitude": round(longitude + draw.gauss(0, 0.1), 4)}})[1:])
    return payments


def write_payments(path, payments, round_number):
    """Writes them with dates that go on where the round before ended."""
    begin = FIRST + round_number * ROUND * STEP
    with open(path, "w") as file:
        file.writelines('{"time": %d, %s\n' % (begin + number * STEP, payment) for number, payment in enumerate(payments))


def configuration(words, folder, listen):
    history = "" if not words.history else """
    history:
      remember: [count, { usual: amount }, { usual: amount, within: category, of: all }, { share: category }, { distance: [latitude, longitude] }]"""
    return f"""
kafka: {{ bootstrap_servers: "{words.bootstrap}", group_id: soak }}
models: {{ directory: "{folder}/models" }}
http: {{ listen: "{listen}" }}
detectors:
  - name: payments
    topics: [payments]
    delivery: {words.delivery}
    dead_letter_topic: payments.dead-letters
    fields:
      - {{ name: time, kind: timestamp }}
      - {{ name: transaction_id, kind: ignore, pass_through: plain }}
      - {{ name: card_id, kind: key }}
      - {{ name: amount, kind: numeric, required: true, scaling: log1p, unit: EUR }}
      - {{ name: channel, kind: categorical }}
      - {{ name: category, path: merchant.category, kind: categorical }}
      - {{ name: country, path: merchant.country, kind: categorical }}
      - {{ name: device_known, kind: boolean }}
      - {{ name: latitude, path: merchant.latitude, kind: numeric }}
      - {{ name: longitude, path: merchant.longitude, kind: numeric }}{history}
    fit: {{ held_out_share: 0.3 }}
    threshold: {{ quantile: 0.9994 }}
    training: {{ window: null, min_records: 30000, max_records: 60000, every: {words.every} }}
    alerts: {{ topic: payments.alerts }}
"""


def read(address):
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as refusal:
        return refusal.read().decode()
    except OSError:
        return ""


class Daemon:
    def __init__(self, words, folder):
        self.address = f"http://127.0.0.1:{free_port()}"
        config = pathlib.Path(folder, "soak.yaml")
        config.write_text(configuration(words, folder, self.address))
        self.log = open(pathlib.Path(folder, "daemon.log"), "w+")
        self.process = subprocess.Popen(["dotnet", words.program, "run", "--config", str(config)], stdout=self.log, stderr=subprocess.STDOUT)

    def metrics(self):
        page = read(self.address + "/metrics")
        return lambda name, labels="": sum(float(value) for value in re.findall(rf"^{name}(?:{{[^}}]*{labels}[^}}]*}})? (\S+)$", page, re.MULTILINE))

    def lag(self):
        text = read(self.address + "/api/detectors/payments")
        return (json.loads(text).get("lag") or 0) if text.startswith("{") else 0

    def taken(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        number = lambda name: int(re.search(rf"^{name}:\s+(\d+)", status, re.MULTILINE)[1])
        return number("VmRSS") / 1024, number("Threads"), len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def end(self):
        self.process.terminate()
        return self.process.wait(60)

    def last_lines(self):
        self.log.flush()
        self.log.seek(0)
        return "".join(self.log.readlines()[-20:])


def free_port():
    import socket
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def feed(words, daemon, folder, ended, failures):
    payments, path, round_number = make_payments(), os.path.join(folder, "payments.ndjson"), 0
    while not ended.is_set():
        if daemon.lag() > ROUND:
            time.sleep(0.1)
            continue
        write_payments(path, payments, round_number)
        round_number += 1
        done = subprocess.run(["dotnet", words.program, "replay", "--data", path, "--topic", "payments", "--bootstrap", words.bootstrap, "--key-field", "card_id"],
                              capture_output=True, text=True)
        if done.returncode != 0:
            failures.append(done.stderr)
            return


def thirds(values):
    third = len(values) // 3
    return statistics.mean(values[:third]), statistics.mean(values[-third:])


def report(words, samples, seconds, missed, exit_code):
    lines = [
        f"# Soak, {datetime.date.today()}", "",
        f"{words.minutes:g} minutes, {words.delivery}, {'with' if words.history else 'without'} history, retraining every {words.every}, on a real broker on the same machine of {os.cpu_count()} processors. "
        f"{samples[-1]['scored'] - samples[0]['scored']:,.0f} records scored ({(samples[-1]['scored'] - samples[0]['scored']) / seconds:,.0f} a second), "
        f"{samples[-1]['trained'] - samples[0]['trained']:.0f} trainings, {missed:.0f} records deleted unread, exit code {exit_code}.", "",
        "| | first third | last third | last / first | most |", "|---|---|---|---|---|"]
    for name, unit in (("resident", "resident memory, MiB"), ("threads", "threads"), ("files", "open files")):
        values = [sample[name] for sample in samples]
        first, last = thirds(values)
        lines.append(f"| {unit} | {first:.1f} | {last:.1f} | {last / first:.3f} | {max(values):.0f} |")
    resident = sorted(sample["resident"] for sample in samples)
    lines += ["", f"Resident memory: median {statistics.median(resident):.0f} MiB, nine tenths of the time below {resident[int(len(resident) * 0.9)]:.0f} MiB.", "",
              "| minute | resident, MiB: least, median, most | threads | records a second |", "|---|---|---|---|"]
    minutes = max(1, round(words.minutes / 12))
    for begin in range(0, len(samples) - 1, minutes * 60 // PERIOD):
        part = samples[begin:begin + minutes * 60 // PERIOD + 1]
        values = [sample["resident"] for sample in part]
        rate = (part[-1]["scored"] - part[0]["scored"]) / (part[-1]["at"] - part[0]["at"]) if len(part) > 1 else 0
        lines.append(f"| {begin * PERIOD // 60} | {min(values):.0f}, {statistics.median(values):.0f}, {max(values):.0f} | {statistics.median(sample['threads'] for sample in part):.0f} | {rate:,.0f} |")
    return "\n".join(lines) + "\n"


def main():
    words = arguments()
    # The daemon ends with this bench, also when it is broken off.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("broken off"))
    with tempfile.TemporaryDirectory() as folder:
        daemon = Daemon(words, folder)
        ended, failures = threading.Event(), []
        feeder = threading.Thread(target=feed, args=(words, daemon, folder, ended, failures))
        feeder.start()
        try:
            until = time.monotonic() + 180
            while "\"ready\"" not in read(daemon.address + "/health/ready"):
                if time.monotonic() > until or daemon.process.poll() is not None:
                    sys.exit("the daemon does not become ready:\n" + daemon.last_lines())
                time.sleep(0.5)
            time.sleep(30)  # until compiled code and caches have settled
            samples, begun = [], time.monotonic()
            while (now := time.monotonic()) - begun < words.minutes * 60 and not failures and daemon.process.poll() is None:
                value = daemon.metrics()
                resident, threads, files = daemon.taken()
                samples.append({"at": now, "resident": resident, "threads": threads, "files": files,
                                "scored": value("aeanomaly_records_scored_total"), "trained": value("aeanomaly_trainings_total")})
                time.sleep(PERIOD)
            if failures or daemon.process.poll() is not None:
                sys.exit("it broke off: " + (failures[0] if failures else daemon.last_lines()))
            missed = daemon.metrics()("aeanomaly_records_deleted_unread_total")
        finally:
            ended.set()
            feeder.join()
            exit_code = daemon.end()
    text = report(words, samples, samples[-1]["at"] - samples[0]["at"], missed, exit_code)
    pathlib.Path(words.out).parent.mkdir(parents=True, exist_ok=True)
    pathlib.Path(words.out).write_text(text)
    print(text)


if __name__ == "__main__":
    main()
