#!/usr/bin/env python3
"""Measures what libtorch's files beside the program cost a process that scores: bench/engine/torch-files.py DATA_CSV [RUNS]

Publishes the program without and with them, trains one version, and scores a table with both in turn. Each run is a process of its own; shown are
medians of the time to its first line, of its whole time and of its largest resident memory, and of the ratios of neighbouring runs.
"""
import os, statistics, subprocess, sys, time

root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
work = os.path.join(root, "artifacts", "bench", "torch-files")
data = os.path.abspath(sys.argv[1])
runs = int(sys.argv[2]) if len(sys.argv) > 2 else 15


def publish(name, *properties):
    target = os.path.join(work, name)
    subprocess.run(["dotnet", "publish", os.path.join(root, "src", "Host"), "-c", "Release", "--use-current-runtime", "--no-self-contained", "--artifacts-path",
                    os.path.join(work, "build"), "-o", target, "-v", "quiet", "-nologo", "-p:PublishReadyToRun=true", *properties], check=True)
    return os.path.join(target, "aeanomaly.dll")


def size(program):
    return sum(os.path.getsize(os.path.join(folder, name)) for folder, _, names in os.walk(os.path.dirname(program)) for name in names)


def score(program):
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
programs = {"without": publish("without"), "with": publish("with", "-p:WithTorch=true")}
models = os.path.join(work, "models")
subprocess.run(["dotnet", programs["without"], "train", "--data", data, "--label", "label", "--name", "bench", "--out", models], check=True, stdout=subprocess.DEVNULL)

for program in programs.values():
    score(program)
found = {name: [] for name in programs}
for run in range(runs):
    for name in list(programs) if run % 2 == 0 else list(programs)[::-1]:
        found[name].append(score(programs[name]))

print(f"{runs} runs of each in turn; load {os.getloadavg()[0]:.1f}; {os.path.basename(data)}.\n")
print("| libtorch's files | published, MB | first line, s | processor time, s | resident memory, MB |\n|---|---|---|---|---|")
for name in programs:
    first, cpu, memory = (statistics.median(run[i] for run in found[name]) for i in range(3))
    print(f"| {name} | {size(programs[name]) / 1e6:.0f} | {first:.3f} | {cpu:.2f} | {memory:.1f} |")
ratios = [statistics.median(b[i] / a[i] for a, b in zip(found["without"], found["with"])) for i in range(3)]
print(f"| with / without | | {ratios[0]:.3f} | {ratios[1]:.3f} | {ratios[2]:.3f} |")
