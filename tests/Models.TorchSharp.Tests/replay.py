"""Trains the model of scripts.py in PyTorch by the record of a run.

replay.py data FILE.npz                             writes the samples: four groups of sixteen
replay.py run FOLDER FILE.npz SCRIPT.pt [fresh]     prints the pushes, and how far their losses are from the record's

Every push of the run is a gradient on all samples of its worker, whose group groups.csv names, computed on the
version that it pulled, or with 'fresh' on the newest one, as if nothing were asynchronous. The update is that of
stochastic gradient descent with momentum: v = 0.9 v + g; theta = theta - rate v.
"""
import csv
import json
import sys

import numpy as np
import torch
from scripts import LeNet
from torch.nn import functional as F


def data(file):
    random = np.random.default_rng(3)
    images = random.uniform(-1, 1, (64, 1, 28, 28)).astype(np.float32)
    labels = np.arange(64) * 7 % 10
    images[np.arange(64), 0, labels * 2, :] += 2
    np.savez(file, x_train=images, y_train=labels, x_test=images[:8], y_test=labels[:8], user=np.arange(64) // 16)


def rows(folder, name):
    with open(f"{folder}/{name}", newline="") as file:
        return list(csv.DictReader(file))


def run(folder, file, script, fresh):
    torch.set_num_threads(1)
    samples = np.load(file)
    parts = {}
    for row in rows(folder, "groups.csv"):
        own = samples["user"] == int(row["group"])
        parts[int(row["partition"])] = (torch.from_numpy(samples["x_train"][own]), torch.from_numpy(samples["y_train"][own]))

    # The class itself: what the compiler of scripts makes of it is the other side's.
    model = LeNet()
    model.load_state_dict(torch.jit.load(script).state_dict())
    leaves = list(model.parameters())
    versions = [[leaf.detach().clone() for leaf in leaves]]
    velocity = [torch.zeros_like(leaf) for leaf in leaves]
    worst, pushes = 0.0, 0
    for row in rows(folder, "updates.csv"):
        if row["decision"] != "applied":
            continue
        with torch.no_grad():
            for leaf, value in zip(leaves, versions[-1 if fresh else int(row["versionPulled"])]):
                leaf.copy_(value)
        inputs, labels = parts[int(row["worker"])]
        loss = F.cross_entropy(model(inputs), labels)
        gradient = torch.autograd.grad(loss, leaves)
        velocity = [0.9 * v + g for v, g in zip(velocity, gradient)]
        versions.append([theta - float(row["learningRate"]) * v for theta, v in zip(versions[-1], velocity)])
        worst = max(worst, abs(loss.item() - float(row["loss"])) / abs(float(row["loss"])))
        pushes += 1

    print(json.dumps({"pushes": pushes, "worst": worst}))


if __name__ == "__main__":
    data(sys.argv[2]) if sys.argv[1] == "data" else run(*sys.argv[2:5], sys.argv[5:] == ["fresh"])
