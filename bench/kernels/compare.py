#!/usr/bin/python3
"""Gradient times, ours and libtorch's, on one thread, interleaved.

Usage: compare.py [--seconds S] [--models lenet5,cnn,...] [--batches 32,128]

Both sides compute forward and backward on random samples and report processor time of the computing thread. Rounds alternate
between them; the ratio is the median over rounds of ours / torch's, each the median of a few gradients in that round. The share of the
peak counts the operations of the definition, of which Winograd's short form of a 3x3 convolution needs fewer than half. Then come the times
of an update and of gathering a batch.
Needs python3 with torch, and the built runner: dotnet build -c Release bench/kernels. ORCHESTRATOR_KERNELS=avx2 restricts our side;
ATEN_CPU_CAPABILITY=avx2, ONEDNN_MAX_CPU_ISA=AVX2 and OPENBLAS_CORETYPE=Haswell restrict torch's. Debian's torch takes the BLAS that the system gives it: install
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


def compare(ours, name, batch, seconds, peak):
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
    share = flops(torch_side) / (statistics.median(mine) * 1e6) / peak
    print(f"| {name} | {batch} | {statistics.median(theirs):.2f} | {statistics.median(mine):.2f} | {statistics.median(ratios):.3f} "
          f"| {quartiles[0]:.3f} .. {quartiles[2]:.3f} | {min(mine) / min(theirs):.3f} | {share:.2f} | {len(ratios)} |", flush=True)
    return statistics.median(mine)


def flops(side):
    """Of one gradient as convolutions and linear layers are defined: two per product; forward, to the weights and, but for the first layer, to the data."""
    total, first = 0, True

    def count(module, inputs, output):
        nonlocal total, first
        total += 2 * output.numel() * module.weight[0].numel() * (2 if first else 3)
        first = False

    layers = [m for m in side.model.modules() if isinstance(m, (torch.nn.Conv2d, torch.nn.Linear))]
    hooks = [layer.register_forward_hook(count) for layer in layers]
    with torch.no_grad():
        side.model(side.x)
    for hook in hooks:
        hook.remove()
    return total


def beside(ours, lenet5):
    """What stands beside a gradient: the update, and the gathering of its batch."""
    print("\n| sgd with momentum, parameters | ms | plain read-modify-write, ms | ratio |")
    print("|---|---|---|---|", flush=True)
    for length in (61_706, 1_199_882, 11_173_962):
        rule, plain, ratio = ours.ask(f"update {length}").split()
        print(f"| {length:,} | {rule} | {plain} | {float(ratio):.2f} |", flush=True)
    for batch, gradient in lenet5.items():
        gather = float(ours.ask(f"gather {batch}"))
        print(f"\ngather and normalise {batch} images of 28x28: {gather:.4f} ms, {100 * gather / gradient:.1f} % of lenet5's gradient")


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
    peak = float(ours.ask("peak"))
    print(f"ours: {ours.ask('path')}, FMA peak from registers {peak} GFLOP/s")
    print("| model | batch | torch ms | ours ms | ratio | quartiles | ratio of best | share of peak | rounds |")
    print("|---|---|---|---|---|---|---|---|---|", flush=True)
    lenet5 = {}
    for name in options.models.split(","):
        for batch in options.batches.split(","):
            time_of = compare(ours, name, int(batch), options.seconds, peak)
            if name == "lenet5":
                lenet5[int(batch)] = time_of
    beside(ours, lenet5)


if __name__ == "__main__":
    sys.exit(main())
