#!/usr/bin/python3
"""Writes references.json: losses and gradients of cases.json by PyTorch's autograd in float64.

Usage: generate.py [OUTPUT]

Parameters, inputs, labels and dropout masks come from a small hash that References.cs computes too, so no weights are stored. A
gradient is kept as its norm and eight sums with random signs per tensor: the mean square of their differences estimates the squared
norm of the difference of two gradients. The gradient of a rectifier jumps at zero, where float32 and float64 may fall on different
sides: a model's draw is one in which no rectifier's input is that close to zero (searched from the case's "draw" on).
"""
import json
import math
import os
import sys

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "..", "bench", "kernels"))
import torch_models
from torch_models import MODELS

PARAMETERS, INPUTS, LABELS, DROPOUT, SIGNS = 1, 2, 3, 4, 100
PROJECTIONS = 8
DRAW = 1000
MARGIN = 3e-6


def mix(bits):
    """The finaliser of MurmurHash3, on arrays of uint32."""
    bits = (bits ^ (bits >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    bits = (bits ^ (bits >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return bits ^ (bits >> np.uint32(16))


def words(first, count, salt):
    index = np.arange(first, first + count, dtype=np.uint64).astype(np.uint32)
    return mix(mix(index ^ mix(np.array([salt], dtype=np.uint32))) + np.uint32(0x9E3779B9))


def units(first, count, salt):
    """Uniform in [0, 1), multiples of 2^-24."""
    return (words(first, count, salt) >> np.uint32(8)).astype(np.float64) / (1 << 24)


class KeyedDropout(nn.Module):
    """Dropout by a hash of the value's index, [place][channel], and two words per sample."""

    def __init__(self, rate):
        super().__init__()
        self.rate = rate
        self.keys = None

    def forward(self, x):
        if not self.training:
            return x
        channels = x.shape[1]
        places = x[0].numel() // channels
        index = np.arange(places * channels, dtype=np.uint32)
        first, second = self.keys
        stays = mix(mix(index[None, :] ^ first[:, None]) + second[:, None]) >= np.uint32(int(self.rate * 4294967296.0))
        mask = torch.from_numpy(stays.reshape(-1, places, channels).transpose(0, 2, 1).reshape(tuple(x.shape)).copy())
        return x * mask.double() / (1 - self.rate)


class Residual(nn.Module):
    def __init__(self, layers, shortcut):
        super().__init__()
        self.layers, self.shortcut = layers, shortcut

    def forward(self, x):
        return self.layers(x) + self.shortcut(x)


class Concat(nn.Module):
    def __init__(self, branches):
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, x):
        return torch.cat([branch(x) for branch in self.branches], 1)


class PadChannels(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.channels = channels

    def forward(self, x):
        return F.pad(x, (0, 0, 0, 0, 0, self.channels - x.shape[1]))


class GlobalAverage(nn.Module):
    def forward(self, x):
        return x.mean((2, 3))


def build(layers, shape):
    """A torch module for a list of layers, and the shape behind it."""
    modules = []
    for layer in layers:
        kind, before = layer["type"], shape[0]
        if kind == "conv2d":
            module = nn.Conv2d(before, layer["channels"], layer["kernel"], layer.get("stride", 1), layer.get("padding", 0), bias=layer.get("bias", True))
        elif kind == "linear":
            module = nn.Linear(before, layer["features"], bias=layer.get("bias", True))
        elif kind == "batch-norm":
            module = (nn.BatchNorm2d if len(shape) == 3 else nn.BatchNorm1d)(before, eps=layer.get("epsilon", 1e-5))
        elif kind == "residual":
            module = Residual(build(layer["layers"], shape)[0], build(layer.get("shortcut", []), shape)[0])
        elif kind == "concat":
            module = Concat([build([branch], shape)[0] for branch in layer["branches"]])
        elif kind == "sequential":
            module = build(layer["layers"], shape)[0]
        else:
            module = {
                "relu": nn.ReLU, "tanh": nn.Tanh, "flatten": nn.Flatten, "global-average-pool": GlobalAverage,
                "dropout": lambda: KeyedDropout(layer["rate"]), "pad-channels": lambda: PadChannels(layer["channels"]),
                "max-pool": lambda: nn.MaxPool2d(layer["kernel"], layer.get("stride"), layer.get("padding", 0)),
                "average-pool": lambda: nn.AvgPool2d(layer["kernel"], layer.get("stride"), layer.get("padding", 0)),
            }[kind]()
        with torch.no_grad():
            shape = tuple(module.eval()(torch.zeros(1, *shape)).shape[1:])
        modules.append(module)
    return nn.Sequential(*modules), shape


def key_dropouts(model):
    for name, child in list(model.named_children()):
        if isinstance(child, nn.Dropout):
            setattr(model, name, KeyedDropout(child.p))
        else:
            key_dropouts(child)


def fill(model, draw):
    offset = 0
    with torch.no_grad():
        for module in model.modules():
            for name, parameter in module.named_parameters(recurse=False):
                unit = units(offset, parameter.numel(), PARAMETERS + DRAW * draw)
                if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
                    values = 0.5 + unit if name == "weight" else unit - 0.5
                else:
                    values = (2 * unit - 1) * (1 / math.sqrt(module.weight[0].numel()))
                parameter.copy_(torch.from_numpy(values.astype(np.float32)).reshape(parameter.shape))
                offset += parameter.numel()


def projections(vector):
    index_signs = [1.0 - 2.0 * (words(0, vector.size, SIGNS + j) >> np.uint32(31)) for j in range(PROJECTIONS)]
    return [float(np.dot(vector, signs)) for signs in index_signs]


class Margin:
    """The smallest input of any rectifier, relative to the root mean square of the inputs beside it."""

    def __init__(self):
        self.smallest = math.inf

    def relu(self, x):
        self.smallest = min(self.smallest, (x.abs().min() / x.square().mean().sqrt()).item())
        return F.relu(x)


def reference(case):
    for draw in range(case.get("draw", 0), 100):
        result, margin = reference_of(case, draw)
        if "model" not in case or margin > MARGIN:
            return result
    raise ValueError(case["name"])


def reference_of(case, draw):
    margin = Margin()
    torch_models.F = type("Functions", (), {name: staticmethod(getattr(F, name)) for name in ("max_pool2d", "pad")} | {"relu": staticmethod(margin.relu)})
    shape = tuple(case["input"])
    model = MODELS[case["model"]][0]() if "model" in case else build(case["layers"], shape)[0]
    key_dropouts(model)
    model = model.double()
    fill(model, draw)
    batch = case["batch"]
    count = batch * int(np.prod(shape))
    x = torch.from_numpy((2 * units(0, count, INPUTS + DRAW * draw) - 1).reshape(batch, *shape))
    y = torch.from_numpy((words(0, batch, LABELS + DRAW * draw) % np.uint32(case["classes"])).astype(np.int64))
    drawn = 0
    for module in model.modules():
        if isinstance(module, KeyedDropout):
            module.keys = (words(drawn, batch, DROPOUT), words(drawn + batch, batch, DROPOUT))
            drawn += 2 * batch
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            module.momentum = 1.0
    model.eval()
    evaluation = F.cross_entropy(model(x), y, reduction="sum").item()
    model.train()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    statistics = [b.numpy().ravel() for name, b in model.named_buffers() if "running" in name]
    result = {
        "name": case["name"],
        "draw": draw,
        "loss": loss.item(),
        "evaluation": evaluation,
        "gradient": [{"norm": p.grad.norm().item(), "projections": projections(p.grad.numpy().ravel())} for p in model.parameters()],
        "statistics": projections(np.concatenate(statistics)) if statistics else [],
    }
    return result, margin.smallest


def main():
    with open(os.path.join(HERE, "cases.json"), encoding="utf-8") as file:
        cases = json.load(file)
    output = sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, "references.json")
    with open(output, "w", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(json.dumps(reference(case)) for case in cases) + "\n]\n")


if __name__ == "__main__":
    main()
