"""Does update rules again with PyTorch in single precision, and compares: its own SGD and Adam, and
NAG-ASGD, DANA-Zero, staleness-aware and gap-aware from their published formulas."""
import json, math, os, sys
import torch

TOLERANCE = 2e-5
RULES = ["sgd", "heavy-ball", "nesterov", "adam", "adam-epsilon", "nag-asgd", "dana-zero", "staleness-aware", "gap-aware", "gap-aware-epsilon",
         "gap-aware-plain", "dana-zero-gap-aware", "dana-zero-staleness-aware"]


def check(path):
    x = json.load(open(path))
    rows = {name: torch.tensor(x[name]) for name in ("sent", "pushed", "corrected", "parameters")}
    n, o, theta = x["workers"], x["optimizer"], torch.nn.Parameter(rows["parameters"][0].clone())
    m, v = o.get("momentum", 0), torch.zeros(n, theta.numel())  # gap-aware is checked on sgd's velocity or DANA's
    if o["type"] == "adam":
        own = torch.optim.Adam([theta], lr=1, betas=(o["beta1"], o["beta2"]), eps=o["epsilon"])
    else:
        own = torch.optim.SGD([theta], lr=1, momentum=m, nesterov=o.get("nesterov", False))
    ema, etas, worst = torch.zeros_like(theta.data), x["learning_rate"] + x["learning_rate"][-1:], 0.0
    send = lambda eta: theta.data - (eta * m * v.sum(0) if o["type"] in ("nag-asgd", "dana-zero") else 0)
    sent = [send(etas[0]) for _ in range(n)]
    for k, i in enumerate(x["worker"]):
        g, tau = rows["pushed"][k].clone(), k - x["version_pulled"][k]
        pairs = [(sent[i], rows["sent"][k])]
        for c in o["corrections"]:
            if c["type"] == "staleness-aware":
                g = g / (tau + 1)
            elif k > 0:  # gap-aware, per parameter
                step = max(etas[: k + 1]) * ((ema / (1 - c["decay"] ** k)).sqrt() + c["epsilon"])
                g = g / (1 + (rows["parameters"][k] - rows["sent"][k]).abs() / step)
        with torch.no_grad():
            if o["type"] in ("sgd", "adam"):
                own.param_groups[0]["lr"], theta.grad = etas[k], g.clone()
                own.step()
                velocity = own.state[theta]["momentum_buffer"] if o["type"] == "sgd" and m else g
            else:
                who = i if o["type"] == "dana-zero" else 0
                v[who] = velocity = m * v[who] + g
                theta -= etas[k] * velocity
        ema = 0.999 * ema + 0.001 * velocity ** 2
        sent[i] = send(etas[k + 1])
        pairs += [(g, rows["corrected"][k]), (theta.data, rows["parameters"][k + 1])]
        worst = max([worst] + [distance(a, b) for a, b in pairs])
    return worst


def distance(a, b):
    d = float((a - b).norm() / (b.norm() + 1e-3))
    return d if math.isfinite(d) else math.inf  # max() would pass over one that is not a number


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: check_torch.py FOLDER, which 'orchestrator vectors FOLDER' wrote")
    errors = {f"{rule}-{rates}": check(os.path.join(sys.argv[1], f"{rule}-{rates}.json")) for rule in RULES for rates in ("constant", "steps")}
    for name, error in errors.items():
        print(f"{'ok   ' if error < TOLERANCE else 'WRONG'} {name:44} largest relative distance {error:.1e}")
    sys.exit(int(not all(error < TOLERANCE for error in errors.values())))
