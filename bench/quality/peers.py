#!/usr/bin/env python3
"""Measures independent detectors on the same sets, splits and scaling as the bench, one JSON object a line.

  peers.py --data DIR --out FILE [--suite tabular|telemetry|payments] [--split ordered|random] [--seeds 1,2,3] [--sets NAME,...]
           [--methods NAME,...] [--rcf DIR] [--refresh]

  --rcf      folder with RcfPeer.java and randomcutforest-core-*.jar; without it, or without Java, Random Cut Forest is skipped
  --data     folder with tabular/ and telemetry/; of payments the features that the bench exported: SET.record.x.npy, SET.history.x.npy
  --refresh  measures anew what the file already holds; otherwise only what is missing

Needs scikit-learn; the plain autoencoder needs PyTorch. What is missing is named and skipped. Every column is standardised on the
training rows; those of payments come encoded. Figures: average precision and area under the ROC curve, 0 to 1; times with one thread.
"""
import argparse
import datetime
import glob
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

# OpenBLAS 0.3.21 takes newer processors for very old ones, and is then four to six times slower: the peers shall run at their best.
if os.path.exists("/proc/cpuinfo"):
    with open("/proc/cpuinfo") as lines:
        if " avx512f" in lines.read():
            os.environ.setdefault("OPENBLAS_CORETYPE", "SkylakeX")

try:
    import numpy as np
    import sklearn
    from sklearn.decomposition import PCA
    from sklearn.ensemble import IsolationForest
    from sklearn.metrics import average_precision_score, roc_auc_score
    from sklearn.neighbors import LocalOutlierFactor, NearestNeighbors
    from sklearn.preprocessing import StandardScaler
except ImportError as problem:
    print(f"skipped: the Python peers need numpy and scikit-learn ({problem}); Debian: apt-get install python3-sklearn", file=sys.stderr)
    sys.exit(0)

SMOOTHED_STEPS = 10


class Knn:
    """Distance to the fifth nearest training row."""
    library, seeded = f"scikit-learn {sklearn.__version__}", False

    def fit(self, x, seed):
        self.model = NearestNeighbors(n_neighbors=5, algorithm="brute" if x.shape[1] > 15 else "kd_tree").fit(x)

    def score(self, x):
        return np.concatenate([self.model.kneighbors(part)[0][:, -1] for part in np.array_split(x, len(x) // 1000 + 1)])


class SampledKnn(Knn):
    """Distance to the fifth nearest of 10,000 training rows, drawn by the seed."""
    seeded = True

    def fit(self, x, seed):
        super().fit(x[np.random.default_rng(seed).choice(len(x), min(10_000, len(x)), replace=False)], seed)


class Lof:
    """Local outlier factor of new rows, 20 neighbours."""
    library, seeded = f"scikit-learn {sklearn.__version__}", False

    def fit(self, x, seed):
        self.model = LocalOutlierFactor(n_neighbors=20, novelty=True, algorithm="brute" if x.shape[1] > 15 else "kd_tree").fit(x)

    def score(self, x):
        return np.concatenate([-self.model.score_samples(part) for part in np.array_split(x, len(x) // 1000 + 1)])


class Iforest:
    """Isolation forest, 100 trees of 256 rows."""
    library, seeded = f"scikit-learn {sklearn.__version__}", True

    def fit(self, x, seed):
        self.model = IsolationForest(n_estimators=100, random_state=seed).fit(x)

    def score(self, x):
        return -self.model.score_samples(x)


class Pca:
    """What the components that explain half of the variance leave unexplained."""
    library, seeded = f"scikit-learn {sklearn.__version__}", False

    def fit(self, x, seed):
        self.model = PCA(n_components=0.5, svd_solver="full").fit(x)

    def score(self, x):
        return ((x - self.model.inverse_transform(self.model.transform(x))) ** 2).sum(1)


class Mahalanobis:
    """Distance from the mean in the units of all principal components."""
    library, seeded = f"scikit-learn {sklearn.__version__}", False

    def fit(self, x, seed):
        self.model = PCA(svd_solver="full").fit(x)
        variance = self.model.explained_variance_
        self.kept = variance > 1e-6 * variance[0]

    def score(self, x):
        return (self.model.transform(x)[:, self.kept] ** 2 / self.model.explained_variance_[self.kept]).sum(1)


class PlainAutoencoder:
    """d-128-64-k-64-128-d, ReLU, k = round(1.5 sqrt d) in 2 to 32, squared error, Adam 1e-3 with cosine decay, 2,000 steps of 256."""
    seeded = True

    def __init__(self):
        import torch
        torch.set_num_threads(1)
        self.torch, self.library = torch, f"PyTorch {torch.__version__}"

    def fit(self, x, seed):
        torch, d = self.torch, x.shape[1]
        torch.manual_seed(seed)
        widths = [d, 128, 64, min(32, max(2, round(1.5 * d ** 0.5))), 64, 128, d]
        layers = []
        for i in range(6):
            layers += [torch.nn.Linear(widths[i], widths[i + 1])] + ([torch.nn.ReLU()] if i not in (2, 5) else [])
        self.model = torch.nn.Sequential(*layers)
        steps, batch = 2000, min(256, len(x))
        optimiser = torch.optim.Adam(self.model.parameters(), lr=1e-3)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
        rows = torch.tensor(x, dtype=torch.float32)
        order, at = torch.randperm(len(x)), 0
        for _ in range(steps):
            if at + batch > len(x):
                order, at = torch.randperm(len(x)), 0
            b = rows[order[at:at + batch]]
            at += batch
            optimiser.zero_grad()
            ((self.model(b) - b) ** 2).mean().backward()
            optimiser.step()
            schedule.step()

    def score(self, x):
        with self.torch.no_grad():
            rows = self.torch.tensor(x, dtype=self.torch.float32)
            return np.concatenate([((self.model(part) - part) ** 2).mean(1).numpy() for part in self.torch.split(rows, 4096)])


METHODS = {"kNN": Knn, "LOF": Lof, "PCA": Pca, "Mahalanobis": Mahalanobis, "isolation forest": Iforest, "plain autoencoder": PlainAutoencoder}
RCF = "random cut forest"


class NumbersAlone:
    """Another method without the columns that hold only 0 and 1: a category of hundreds of values, one column each, is all that a distance sees."""

    def __init__(self, method):
        self.method, self.library, self.seeded = method(), method.library, method.seeded

    def fit(self, x, seed):
        self.kept = ~((x == 0) | (x == 1)).all(0)
        self.method.fit(x[:, self.kept], seed)

    def score(self, x):
        return self.method.score(x[:, self.kept])


PAYMENTS = {
    "Mahalanobis": Mahalanobis, "5 nearest rows": SampledKnn,
    "Mahalanobis of numbers": lambda: NumbersAlone(Mahalanobis), "5 nearest rows by numbers": lambda: NumbersAlone(SampledKnn),
}


def read(file):
    """Returns the header and the columns as text."""
    with gzip.open(file, "rt") as lines:
        header = lines.readline().strip().split(",")
        rows = [line.rstrip("\n").split(",") for line in lines]
    return header, rows


def load(suite, file, digit):
    """Returns features, labels and which rows are trained on."""
    if suite == "payments":
        rows = np.load(file.replace(".x.npy", ".y.npy"))
        return np.load(file).astype(np.float64), rows == 1, rows == 2
    header, rows = read(file)
    text = np.array(rows, dtype=object)
    features = [i for i, name in enumerate(header) if name not in ("label", "part", "step")]
    x = text[:, features].astype(np.float64)
    y = text[:, header.index("label")].astype(np.float64) != 0
    if suite == "telemetry":
        return x, y, text[:, header.index("part")] == "train"
    name = os.path.basename(file)[:-len(".csv.gz")]
    with gzip.open(os.path.join(os.path.dirname(file), "splits", name + ".txt.gz"), "rt") as lines:
        mask = np.array([line[digit] == "1" for line in lines if not line.startswith("#")])
    return x, y, mask


def smooth(score):
    sums = np.concatenate([[0.0], np.cumsum(score.astype(np.float64))])
    ends = np.arange(1, len(score) + 1)
    starts = np.maximum(0, ends - SMOOTHED_STEPS)
    return (sums[ends] - sums[starts]) / (ends - starts)


def measure(model, x, y, train, seed, is_encoded):
    if not is_encoded:
        x = StandardScaler().fit(x[train]).transform(x)
    started = time.perf_counter()
    model.fit(x[train], seed)
    fitted = time.perf_counter()
    score = model.score(x[~train])
    rate = (~train).sum() / (time.perf_counter() - fitted)
    return score, fitted - started, rate


def measure_rcf(folder, x, y, train, seed):
    """Runs the Java program on a copy that holds nothing but features and label."""
    with tempfile.TemporaryDirectory() as scratch:
        data, split = os.path.join(scratch, "set.csv.gz"), os.path.join(scratch, "split.txt.gz")
        with gzip.open(data, "wt", compresslevel=1) as out:
            out.write(",".join(f"f{i}" for i in range(x.shape[1])) + ",label\n")
            for row, label in zip(x, y):
                out.write(",".join(repr(float(v)) for v in row) + f",{int(label)}\n")
        with gzip.open(split, "wt", compresslevel=1) as out:
            out.writelines("1\n" if t else "0\n" for t in train)
        jar = sorted(glob.glob(os.path.join(folder, "randomcutforest-core-*.jar")))[-1]
        command = ["java", "-cp", jar, os.path.join(folder, "RcfPeer.java"), data, split, "0", "50", "256", str(seed)]
        found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found, os.path.basename(jar)[:-len(".jar")]


def machine():
    fields = {}
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo") as lines:
            for line in lines:
                if ":" not in line:
                    break
                key, value = line.split(":", 1)
                fields[key.strip()] = value.strip()
    return f"{fields.get('model name', 'unknown processor')} (family {fields.get('cpu family', '?')}, model {fields.get('model', '?')}), {os.cpu_count()} cores"


def available(arguments):
    """Lists the methods that this machine can run, and says which it cannot."""
    methods = PAYMENTS if arguments.suite == "payments" else METHODS
    names = [*methods] if arguments.suite == "payments" else [*methods, RCF]
    for name in names if arguments.methods is None else arguments.methods.split(","):
        if name == RCF and name in names:
            if not glob.glob(os.path.join(arguments.rcf or "", "randomcutforest-core-*.jar")):
                print(f"skipped: {RCF}: --rcf names no folder with RcfPeer.java and its library", file=sys.stderr)
            elif shutil.which("java") is None:
                print(f"skipped: {RCF}: there is no java", file=sys.stderr)
            else:
                yield name, None
        elif name not in methods:
            sys.exit(f"--methods: found '{name}'; expected {', '.join(names)}")
        else:
            try:
                yield name, methods[name]()
            except ImportError as problem:
                print(f"skipped: {name}: {problem}", file=sys.stderr)


def run(arguments, method, model, data, seed):
    """Measures one method and returns its figures."""
    x, y, train = data
    if method == RCF:
        found, library = measure_rcf(arguments.rcf, x, y, train, seed)
        return {**found, "library": library}
    score, fit_seconds, rate = measure(model, x, y, train, seed, arguments.suite == "payments")
    labels = y[~train]
    found = {"auc_pr": average_precision_score(labels, score), "auc_roc": roc_auc_score(labels, score)}
    if arguments.suite == "telemetry":
        mean = smooth(score)
        found |= {"smooth_auc_pr": average_precision_score(labels, mean), "smooth_auc_roc": roc_auc_score(labels, mean)}
    return {**found, "fit_seconds": fit_seconds, "score_rows_per_second": rate, "library": model.library}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--suite", choices=("tabular", "telemetry", "payments"), default="tabular")
    parser.add_argument("--split", choices=("ordered", "random"), default="ordered")
    parser.add_argument("--seeds", default="1")
    parser.add_argument("--sets")
    parser.add_argument("--methods")
    parser.add_argument("--rcf")
    parser.add_argument("--refresh", action="store_true")
    arguments = parser.parse_args()

    def split_of(file):
        if arguments.suite == "payments":
            return os.path.basename(file).split(".")[1]
        return "time" if arguments.suite == "telemetry" else arguments.split

    pattern = "*.x.npy" if arguments.suite == "payments" else os.path.join(arguments.suite, "*.csv.gz")
    files = sorted(glob.glob(os.path.join(arguments.data, pattern)))
    splits = {split_of(file) for file in files}
    # The features of payments change with the product: what was measured of others is measured anew.
    digests = {}
    if arguments.suite == "payments":
        for file in files:
            with open(file, "rb") as content:
                digests[split_of(file), os.path.basename(file).split(".")[0]] = hashlib.file_digest(content, "sha256").hexdigest()[:16]

    known = set()
    if os.path.exists(arguments.out):
        with open(arguments.out) as lines:
            runs = [json.loads(line) for line in lines]
        names = arguments.methods.split(",") if arguments.methods else [*METHODS, *PAYMENTS, RCF]
        if arguments.refresh:
            runs = [r for r in runs if r["split"] not in splits or r["method"] not in names]
        if arguments.suite == "payments":
            runs = [r for r in runs if digests.get((r["split"], r["set"]), r.get("features")) == r.get("features")]
        if arguments.refresh or arguments.suite == "payments":
            with open(arguments.out, "w") as out:
                out.writelines(json.dumps(r) + "\n" for r in runs)
        known = {(r["split"], r["set"], r["method"], r["seed"]) for r in runs}

    methods = list(available(arguments))
    for file in files:
        name, split = os.path.basename(file).split(".")[0], split_of(file)
        if arguments.sets and name not in arguments.sets.split(","):
            continue
        for number, seed in enumerate(int(s) for s in arguments.seeds.split(",")):
            data = None
            for method, model in methods:
                # On a fixed split a method without chance gives the same figures for every seed.
                if split != "random" and model is not None and not model.seeded and number > 0:
                    continue
                own = 0 if split != "random" and model is not None and not model.seeded else seed
                if (split, name, method, own) in known:
                    continue
                if data is None:
                    data = load(arguments.suite, file, seed if split == "random" else 0)
                found = run(arguments, method, model, data, seed)
                line = {"split": split, "set": name, "method": method, "seed": own}
                line |= {key: found.get(key) for key in ("auc_pr", "auc_roc", "smooth_auc_pr", "smooth_auc_roc") if found.get(key) is not None}
                if arguments.suite == "payments":
                    line["features"] = digests[split, name]
                line |= {
                    "fit_seconds": round(found["fit_seconds"], 3), "rows_per_second": round(found["score_rows_per_second"]),
                    "library": found["library"], "machine": machine(), "date": datetime.datetime.now(datetime.timezone.utc).date().isoformat(),
                }
                with open(arguments.out, "a") as out:
                    out.write(json.dumps(line) + "\n")
                print(f"{name} {method} seed {own}: AUC-PR {100 * line['auc_pr']:.1f} AUC-ROC {100 * line['auc_roc']:.1f}", file=sys.stderr)


if __name__ == "__main__":
    main()
