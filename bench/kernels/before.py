#!/usr/bin/python3
"""Gradient times of two builds of this program, on one thread, interleaved.

Usage: before.py OTHER/Orchestrator.Kernels [--rounds N] [--models lenet5,...] [--batches 8,32,...] [--paths avx512,avx2]

OTHER is the runner of another state of the sources, built there: dotnet build -c Release bench/kernels.
Rounds alternate between the two; the ratio is the median over rounds of ours / theirs, each the median of
a few gradients' processor time in that round. Paths: avx512 leaves the runtime as it is, avx2 and sse take
its wider instructions away (DOTNET_EnableAVX512=0, DOTNET_EnableAVX2=0).
"""
import argparse
import os
import statistics
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
PATHS = {"avx512": {}, "avx2": {"DOTNET_EnableAVX512": "0"}, "sse": {"DOTNET_EnableAVX2": "0"}}


class Side:
    def __init__(self, runner, path):
        self.process = subprocess.Popen(
            [runner], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, env={**os.environ, **PATHS[path]})

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def times(self, model, batch, count):
        return [float(t) for t in self.ask(f"{model} {batch} {count}").split()]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("other")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--models", default="mlp,softmax-regression,lenet5,cnn,cnn-cifar,resnet20,resnet18,wide-resnet-16-4")
    parser.add_argument("--batches", default="8,32,40,64,128")
    parser.add_argument("--paths", default="avx512,avx2")
    given = parser.parse_args()
    print("| path | model | batch | before, ms | now, ms | ratio (quartiles) |\n|---|---|---|---|---|---|")
    for path in given.paths.split(","):
        before, now = Side(given.other, path), Side(os.path.join(HERE, "bin", "Release", "net10.0", "Orchestrator.Kernels"), path)
        for model in given.models.split(","):
            for batch in map(int, given.batches.split(",")):
                first = statistics.median(before.times(model, batch, 3))
                # What is compiled in the background is there when the rounds begin.
                for side in (before, now):
                    side.times(model, batch, max(3, min(20000, int(1000 / first))))
                count = max(1, min(20, int(60 / first)))
                theirs, ours = [], []
                for _ in range(given.rounds):
                    theirs.append(statistics.median(before.times(model, batch, count)))
                    ours.append(statistics.median(now.times(model, batch, count)))
                ratios = [o / t for o, t in zip(ours, theirs)]
                low, middle, high = statistics.quantiles(ratios, n=4)
                print(f"| {path} | {model} | {batch} | {statistics.median(theirs):.3f} | {statistics.median(ours):.3f} | {middle:.2f} ({low:.2f} .. {high:.2f}) |", flush=True)
        before.close()
        now.close()


main()
