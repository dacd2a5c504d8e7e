#!/usr/bin/env python3
"""Measures what libtorch's files beside the program cost a process that scores: bench/engine/torch-files.py DATA_CSV [RUNS]

Publishes the program with them, trains one version, and scores a table with the files in their place and put aside in turn: one program in one folder, so that
nothing else differs (two copies of the same files differ in time by some percent, for where they lie in memory). Each run is a process of its own; shown are
medians of the time to its first line, of its whole time and of its largest resident memory, and of the ratios of neighbouring runs.
"""
import os, shutil, statistics, subprocess, sys, time

root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
work = os.path.join(root, "artifacts", "bench", "torch-files")
data = os.path.abspath(sys.argv[1])
runs = int(sys.argv[2]) if len(sys.argv) > 2 else 15


def publish(target):
    subprocess.run(["bash", "-c", 'root=$1; . "$root/eng/common.sh"; publish_app "$root/src/Host" "$2" -p:WithTorch=true', "bash", root, target], check=True)
    return os.path.join(target, "aeanomaly.dll")


def place(name):
    there, aside = os.path.join(folder, "torch"), os.path.join(work, "torch-aside")
    source, target = (aside, there) if name == "with" else (there, aside)
    if os.path.exists(source):
        os.rename(source, target)


def size():
    return sum(os.path.getsize(os.path.join(path, name)) for path, _, names in os.walk(folder) for name in names)


def score(name):
    place(name)
    started = time.monotonic()
    process = subprocess.Popen(["dotnet", program, "score", "--config", os.path.join(models, "bench.yaml"), "--data", data], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    process.stdout.readline()
    first = time.monotonic() - started
    for _ in iter(lambda: process.stdout.read(1 << 16), b""):
        pass
    process.stdout.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"score ended with {process.returncode}")
    return first, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


os.makedirs(work, exist_ok=True)
folder = os.path.join(work, "app")
shutil.rmtree(os.path.join(work, "torch-aside"), ignore_errors=True)
program = publish(folder)
models = os.path.join(work, "models")
subprocess.run(["dotnet", program, "train", "--data", data, "--label", "label", "--name", "bench", "--out", models], check=True, stdout=subprocess.DEVNULL)

names, sizes, found = ["without", "with"], {}, {"without": [], "with": []}
for name in names:
    score(name)
    sizes[name] = size()
for run in range(runs):
    for name in names if run % 2 == 0 else names[::-1]:
        found[name].append(score(name))

print(f"{runs} runs of each in turn; load {os.getloadavg()[0]:.1f}; {os.path.basename(data)}.\n")
print("| libtorch's files | published, MB | first line, s | processor time, s | resident memory, MB |\n|---|---|---|---|---|")
for name in names:
    first, cpu, memory = (statistics.median(run[i] for run in found[name]) for i in range(3))
    print(f"| {name} | {sizes[name] / 1e6:.0f} | {first:.3f} | {cpu:.2f} | {memory:.1f} |")
ratios = [statistics.median(b[i] / a[i] for a, b in zip(found["without"], found["with"])) for i in range(3)]
print(f"| with / without | | {ratios[0]:.3f} | {ratios[1]:.3f} | {ratios[2]:.3f} |")
