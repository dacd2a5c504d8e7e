#!/usr/bin/env python3
"""Measures what a viewer of the page costs scoring: one daemon under full load, with a viewer and without in turn, in one run.

A viewer reads the stream of events as a browser does, from a process of its own (what a browser draws is not the daemon's work). Each pair of slices runs in the
order with-without or without-with, in turn. Two figures: records scored a second, and processor time of the daemon (its producer of records included) for each.
Usage: measure.py --program aeanomaly.dll [--pairs 12] [--seconds 4] [--viewers 1] --out FILE
"""

import argparse
import datetime
import os
import re
import statistics
import subprocess
import sys
import time
import urllib.request


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--pairs", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--viewers", type=int, default=1)
    parser.add_argument("--rate", type=int, default=400_000)
    parser.add_argument("--out", required=True)
    return parser.parse_args()


def metrics(address):
    with urllib.request.urlopen(address + "metrics") as answer:
        page = answer.read().decode()
    value = lambda name: sum(float(v) for v in re.findall(rf"^{name}(?:{{[^}}]*}})? (\S+)$", page, re.MULTILINE))
    return time.monotonic(), value("aeanomaly_records_scored_total"), value("dotnet_process_cpu_time_seconds_total"), value("aeanomaly_anomalies_total")


def start(words):
    daemon = subprocess.Popen(["dotnet", words.program, "demo", "--keep", "--rate", str(words.rate)], stdout=subprocess.PIPE, text=True)
    address = None
    for line in daemon.stdout:
        found = re.search(r"browser: (\S+)", line)
        address = found[1] if found else address
        if re.search(r"\] scoring with version", line):
            # Nobody reads what comes after; a full pipe would stop it.
            subprocess.Popen(["cat"], stdin=daemon.stdout, stdout=subprocess.DEVNULL)
            return daemon, address
    sys.exit("the demo ended before it scored")


def slice_of(address, words, is_watched):
    viewers = [subprocess.Popen(["curl", "-sN", address + "api/page/events"], stdout=subprocess.DEVNULL) for _ in range(words.viewers)] if is_watched else []
    time.sleep(0.5)
    before = metrics(address)
    time.sleep(words.seconds)
    after = metrics(address)
    for viewer in viewers:
        viewer.terminate()
        viewer.wait()
    seconds, records, cpu, anomalies = (b - a for a, b in zip(before, after))
    return records / seconds, cpu / records * 1e6, anomalies / seconds


def spread(values):
    ordered = sorted(values)
    return f"{statistics.median(ordered):.3f} ({ordered[len(ordered) // 4]:.3f} to {ordered[-1 - len(ordered) // 4]:.3f})"


def main():
    words = arguments()
    daemon, address = start(words)
    try:
        time.sleep(10)  # until compiled code has settled
        pairs = []
        for number in range(words.pairs):
            order = (True, False) if number % 2 else (False, True)
            both = {is_watched: slice_of(address, words, is_watched) for is_watched in order}
            pairs.append((both[True], both[False]))
    finally:
        daemon.terminate()
        daemon.wait()

    model = re.search(r"model name\s*: (.*)", open("/proc/cpuinfo").read())[1]
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    lines = [
        f"# What the page costs scoring, {datetime.date.today()}",
        "",
        f"`bench/page/run.sh` at {commit}, {model}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}: {words.pairs} pairs of slices of {words.seconds:g} s, {words.viewers} viewer(s) of the page against none,",
        f"in one daemon that scores the demo's payments as fast as it gets them ({statistics.median(p[0][2] for p in pairs):.0f} anomalies a second). Ratios are with a viewer over without, of each pair: median (quartiles).",
        "",
        "| figure | with | without | ratio |",
        "|---|---|---|---|",
        f"| records scored a second | {statistics.median(p[0][0] for p in pairs):,.0f} | {statistics.median(p[1][0] for p in pairs):,.0f} | {spread([p[0][0] / p[1][0] for p in pairs])} |",
        f"| processor time of the process for each, µs | {statistics.median(p[0][1] for p in pairs):.2f} | {statistics.median(p[1][1] for p in pairs):.2f} | {spread([p[0][1] / p[1][1] for p in pairs])} |",
        "",
    ]
    os.makedirs(os.path.dirname(os.path.abspath(words.out)), exist_ok=True)
    with open(words.out, "w") as report:
        report.write("\n".join(lines))
    print("\n".join(lines))


main()
