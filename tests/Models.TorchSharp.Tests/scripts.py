"""Writes TorchScript models and what PyTorch computes with them: scripts.py FOLDER.

Into FOLDER/VERSION, VERSION that of PyTorch. Five models with classes: one scripted, one traced, one with
dropout, one with batch norm, one with a frozen layer, a layer that it does not use and one weight under two
names; and one that predicts values. For each the losses, gradients and running statistics of one batch.
"""
import json
import os
import sys

import torch
from torch import nn
from torch.nn import functional as F


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(400, 84)
        self.fc2 = nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc2(F.relu(self.fc1(x.flatten(1))))


class Normed(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3)
        self.norm = nn.BatchNorm2d(4)
        self.fc = nn.Linear(4 * 13 * 13, 10)

    def forward(self, x):
        return self.fc(F.max_pool2d(F.relu(self.norm(self.conv(x))), 2).flatten(1))


class Dropped(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 32)
        self.drop = nn.Dropout(0.5)
        self.fc2 = nn.Linear(32, 10)

    def forward(self, x):
        return F.log_softmax(self.fc2(self.drop(F.relu(self.fc1(x.flatten(1))))), 1)


class Valued(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 24)
        self.fc2 = nn.Linear(24, 3)

    def forward(self, x):
        return self.fc2(torch.tanh(self.fc1(x.flatten(1))))


class Partial(nn.Module):
    def __init__(self):
        super().__init__()
        self.base = nn.Linear(784, 24)
        self.spare = nn.Linear(5, 3)
        self.first = nn.Linear(24, 24)
        self.second = nn.Linear(24, 24)
        self.fc = nn.Linear(24, 10)
        self.base.requires_grad_(False)
        self.second.weight = self.first.weight

    def forward(self, x):
        x = torch.tanh(self.base(x.flatten(1)))
        return self.fc(torch.tanh(self.second(torch.tanh(self.first(x)))))


def write(folder, name, module, loss, script=True, wanted=torch.arange(16) * 7 % 10):
    inputs = torch.linspace(-1, 1, 16 * 784).reshape(16, 1, 28, 28).sin()
    module.train()
    saved = torch.jit.script(module) if script else torch.jit.trace(module, inputs, check_trace=False)
    saved.save(f"{folder}/{name}.pt")
    # As a script's are: a weight that has two names is there twice.
    named = [(f"{place}.{own}", p) for place, inner in module.named_modules() for own, p in inner._parameters.items()]
    names, trained = zip(*((n, p) for n, p in named if p.requires_grad))
    torch.manual_seed(5)
    value = loss(module(inputs), wanted)
    gradients = torch.autograd.grad(value, trained, allow_unused=True)
    gradients = [torch.zeros_like(p) if g is None else g for p, g in zip(trained, gradients)]
    buffers = [b.reshape(-1).tolist() for n, b in module.named_buffers() if b.dtype == torch.float32]
    module.eval()
    with torch.no_grad():
        tested = loss(module(inputs), wanted).item() * 16
    return {
        "name": name,
        "loss": value.item(),
        "tested": tested,
        "names": names,
        "gradient": [x for g in gradients for x in g.reshape(-1).tolist()],
        "buffers": [x for b in buffers for x in b],
    }


def main(base):
    folder = f"{base}/{torch.__version__}"
    os.makedirs(folder)
    torch.manual_seed(1)
    torch.set_num_threads(1)
    results = [
        write(folder, "scripted", LeNet(), F.cross_entropy),
        write(folder, "traced", LeNet(), F.cross_entropy, script=False),
        write(folder, "dropout", Dropped(), F.nll_loss),
        write(folder, "norm", Normed(), F.cross_entropy),
        write(folder, "values", Valued(), F.mse_loss, wanted=(torch.arange(48) % 7 - 3.0).reshape(16, 3) / 2),
        write(folder, "partial", Partial(), F.cross_entropy),
    ]
    with open(f"{folder}/results.json", "w") as file:
        json.dump({"torch": torch.__version__, "results": results}, file)


if __name__ == "__main__":
    main(sys.argv[1])
