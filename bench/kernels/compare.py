#!/usr/bin/python3
"""Gradient times, ours and libtorch's, on one thread, interleaved.

Usage: compare.py [--seconds S] [--models lenet5,cnn,...] [--batches 32,128]

Both sides compute forward and backward on random samples and report processor time of the computing thread. Rounds alternate
between them; the ratio is the median over rounds of ours / torch's, each the median of a few gradients in that round.
Needs python3 with torch, and the built runner: dotnet build -c Release bench/kernels. ORCHESTRATOR_KERNELS=avx2 restricts our side;
ATEN_CPU_CAPABILITY=avx2 and ONEDNN_MAX_CPU_ISA=AVX2 restrict torch's. Debian's torch takes the BLAS that the system gives it: install
libopenblas0-pthread, or compare with a slow one. Which one it was is printed.
"""
import argparse
import os
import statistics
import subprocess
import sys
import time

os.environ["OMP_NUM_THREADS"] = "1"
os.environ["MKL_NUM_THREADS"] = "1"
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import torch
import torch.nn.functional as F
from torch_models import MODELS

HERE = os.path.dirname(os.path.abspath(__file__))
RUNNER = os.path.join(HERE, "bin", "Release", "net10.0", "Orchestrator.Kernels")


class Ours:
    def __init__(self):
        self.process = subprocess.Popen([RUNNER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def times(self, model, batch, count):
        return [float(t) for t in self.ask(f"{model} {batch} {count}").split()]


class Torch:
    def __init__(self, name, batch):
        torch.manual_seed(1)
        build, shape = MODELS[name]
        self.model = build()
        self.model.train()
        self.x = torch.rand(batch, *shape) * 2 - 1
        self.y = torch.randint(0, 10, (batch,))

    def times(self, count):
        times = []
        for _ in range(count):
            start = time.thread_time()
            for p in self.model.parameters():
                p.grad = None
            F.cross_entropy(self.model(self.x), self.y).backward()
            times.append((time.thread_time() - start) * 1e3)
        return times


def compare(ours, name, batch, seconds):
    torch_side = Torch(name, batch)
    first = statistics.median(torch_side.times(3))
    # The JIT compiles in the background while ours warms up.
    ours.times(name, batch, 40 if first < 50 else 5)
    count = max(1, min(10, int(100 / first)))
    theirs, mine, ratios = [], [], []
    end = time.time() + seconds
    while time.time() < end or len(ratios) < 5:
        theirs.append(statistics.median(torch_side.times(count)))
        mine.append(statistics.median(ours.times(name, batch, count)))
        ratios.append(mine[-1] / theirs[-1])
    quartiles = statistics.quantiles(ratios, n=4)
    print(f"| {name} | {batch} | {statistics.median(theirs):.2f} | {statistics.median(mine):.2f} | {statistics.median(ratios):.3f} "
          f"| {quartiles[0]:.3f} .. {quartiles[2]:.3f} | {min(mine) / min(theirs):.3f} | {len(ratios)} |", flush=True)


def libraries():
    with open("/proc/self/maps", encoding="ascii") as maps:
        paths = {line.split()[-1] for line in maps if "blas" in line or "dnnl" in line}
    return sorted(os.path.basename(os.path.realpath(path)) for path in paths)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20, help="time per row")
    parser.add_argument("--models", default="lenet5,cnn,cnn-no-dropout,resnet20,wide-resnet-16-4")
    parser.add_argument("--batches", default="32,128")
    options = parser.parse_args()
    torch.set_num_threads(1)
    ours = Ours()
    print(f"torch {torch.__version__}, threads {torch.get_num_threads()}")
    print(torch.__config__.show())
    print("libraries:", *libraries())
    print(f"ours: {ours.ask('path')}, FMA peak from registers {ours.ask('peak')} GFLOP/s")
    print("| model | batch | torch ms | ours ms | ratio | quartiles | ratio of best | rounds |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    for name in options.models.split(","):
        for batch in options.batches.split(","):
            compare(ours, name, int(batch), options.seconds)


if __name__ == "__main__":
    sys.exit(main())
