#!/usr/bin/env python3
"""The other side of bench/engine: the same networks in PyTorch on one thread, timed slice by slice on request.

Reads one request a line from standard input, "WORK WIDTHS BATCH MODE SECONDS" (score 30-64-30 256 jit 0.004), and answers each with one line of JSON:
the processor time of one call, over as many calls as fill the seconds. WORK is score (forward and the squared error of each row) or train (forward, mean
squared error, backward, Adam). The first line it writes says what it is.
"""
import ctypes
import json
import sys
import time
import warnings

warnings.filterwarnings("ignore")

import torch  # noqa: E402
from torch import nn  # noqa: E402
from torch.utils import mkldnn  # noqa: E402

torch.set_num_threads(1)
WARM_UP_CALLS = 5


def network(widths):
    torch.manual_seed(1)
    layers = []
    for inputs, outputs in zip(widths, widths[1:]):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


class Scorer(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, rows):
        difference = self.model(rows) - rows
        return (difference * difference).sum(1)


def scorer(widths, rows, mode):
    if mode == "mkldnn":
        model = mkldnn.to_mkldnn(network(widths).eval())

        def run():
            difference = model(rows.to_mkldnn()).to_dense() - rows
            return (difference * difference).sum(1)
    else:
        model = Scorer(network(widths)).eval()
        if mode != "eager":
            with torch.no_grad():
                model = torch.jit.freeze(torch.jit.trace(model, rows))
                if mode == "jit-inference":
                    model = torch.jit.optimize_for_inference(model)

        def run():
            return model(rows)

    def score():
        with torch.inference_mode():
            run()

    return score


def trainer(widths, rows, mode):
    model = network(widths)
    step_model = torch.jit.trace(model, rows) if mode.startswith("jit") else model
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, foreach=mode.endswith("foreach"))
    loss_of = nn.MSELoss()

    def train():
        optimizer.zero_grad(set_to_none=True)
        loss_of(step_model(rows), rows).backward()
        optimizer.step()

    return train


MODES = {
    "score": (scorer, ["eager", "jit", "jit-inference", "mkldnn"]),
    "train": (trainer, ["eager", "eager-foreach", "jit", "jit-foreach"]),
}


def blas_core():
    """The processor that OpenBLAS has chosen kernels for; None where another BLAS serves, which would be no peer."""
    with open("/proc/self/maps", encoding="utf-8") as maps:
        if "openblas" not in maps.read():
            return None
    library = ctypes.CDLL("libopenblas.so.0")
    library.openblas_get_corename.restype = ctypes.c_char_p
    return library.openblas_get_corename().decode()


def main():
    answer({"torch": torch.__version__, "blas": blas_core(), "modes": {work: modes for work, (_, modes) in MODES.items()}})
    built = {}
    for line in sys.stdin:
        work, widths, batch, mode, seconds = line.split()
        key = (work, widths, batch, mode)
        if key not in built:
            sizes = [int(width) for width in widths.split("-")]
            built[key] = MODES[work][0](sizes, torch.rand(int(batch), sizes[0]) * 2 - 1, mode)
            for _ in range(WARM_UP_CALLS):
                built[key]()
        answer({"secondsPerCall": measure(built[key], float(seconds))})


def measure(call, seconds):
    calls = 0
    start = time.process_time()
    while True:
        call()
        calls += 1
        spent = time.process_time() - start
        if spent >= seconds:
            return spent / calls


def answer(value):
    print(json.dumps(value), flush=True)


main()
