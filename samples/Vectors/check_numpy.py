"""Does every update rule again, from its published formula, in double precision, and compares."""
import json, os, sys
import numpy as np

TOLERANCE = 2e-5


def optimizer(o, n, start):
    """push(i, eta, g, theta) changes theta and says the velocity; send(i, eta, theta) is what i is sent."""
    kind, m = o["type"], o.get("momentum", 0)
    v, vs, t, last = np.zeros_like(start), np.zeros((n, start.size)), [0], np.zeros_like(start)
    local, change = np.tile(start, (n, 1)), np.zeros_like(start)

    def push(i, eta, g, theta):
        t[0] += 1
        if kind == "adam":
            b1, b2 = o["beta1"], o["beta2"]
            v[:], last[:] = b1 * v + (1 - b1) * g, b2 * last + (1 - b2) * g * g
            step = v / (1 - b1 ** t[0]) / (np.sqrt(last / (1 - b2 ** t[0])) + o["epsilon"])
        elif kind in ("dana-zero", "multi-asgd"):
            vs[i] = step = m * vs[i] + g
        elif kind == "delayed-nesterov":
            c, period = o["share"], o.get("period", n)
            last[:] += g
            if t[0] % period == 0:
                v[:] = m * v + last / period
                step, last[:] = (1 - c * period + c) * m * v + g / period, 0
            else:
                step = c * m * v + g / period
        elif kind == "easgd":  # g is the worker's parameters
            e = o.get("alpha", 0.9 / n) * (g - theta)
            local[i], theta[:] = g - e, theta + e
            return e
        else:
            v[:] = m * v + g
            step = g + m * v if o.get("nesterov") else v
        change[:] = -eta * step
        theta += change
        return vs[i] if kind in ("dana-zero", "multi-asgd") else v if m and kind != "delayed-nesterov" else step

    def send(i, eta, theta):
        if kind == "easgd":
            return local[i].copy()
        if kind == "msnag":
            return theta - eta * (m - m ** (o.get("delay", n) + 1)) / (1 - m) * v
        if kind == "lwp" and o["form"] == "weight":
            return theta + o.get("delay", n) * change
        along = {"nag-asgd": "one", "dana-zero": "all", "lwp": "lwp"}.get(kind, o.get("lookAhead"))
        ahead = {"one": m * v, "all": m * vs.sum(0), "self": m * vs[i], "lwp": o.get("delay", n) * v}
        return theta - eta * ahead.get(along, 0)

    return push, send


def correction(c, n, size):
    """correct(g, tau, reference, sent, peak) and applied(eta, velocity), called in this order."""
    kind, ema, t, total = c["type"], np.zeros(size), [0], [0.0]

    def correct(g, tau, reference, sent, peak):
        gap = reference - sent
        if kind == "staleness-aware":
            return g / (tau + 1)
        if kind == "polynomial":
            return g * (1 + tau) ** -c["power"]
        if kind == "hinge":
            return g if tau <= c["bound"] else g / (c["slope"] * (tau - c["bound"]) + 1)
        if kind == "delay-adaptive":
            return g * n / max(n, tau)
        if kind == "delay-compensation" and c["form"] == "constant":
            return g + c.get("lambda", 0.04) * g * g * gap
        if kind == "delay-compensation":
            ema[:] = c["meanSquareDecay"] * ema + (1 - c["meanSquareDecay"]) * g * g
            return g + c.get("lambda", 2) / np.sqrt(ema + c["epsilon"]) * g * g * gap
        if t[0] == 0:
            return g
        if c["form"] == "scalar":
            return g / (1 + np.linalg.norm(gap) / (total[0] / t[0]))
        return g / (1 + np.abs(gap) / (peak * (np.sqrt(ema / (1 - c["decay"] ** t[0])) + c["epsilon"])))

    def applied(eta, velocity):
        if kind == "gap-aware":
            t[0] += 1
            total[0] += eta * np.linalg.norm(velocity)
            ema[:] = c["decay"] * ema + (1 - c["decay"]) * velocity * velocity

    return correct, applied


def worker(pipeline, n, size):
    """push(i, eta, x) is what worker i makes of x; None where noise, which nobody else knows, is in it."""
    rule, model, vs = pipeline["workers"].get("rule"), pipeline["model"], np.zeros((n, size))
    largest, smallest = model["largestEigenvalue"], model["smallestEigenvalue"]
    eigenvalues = largest * (smallest / largest) ** (np.arange(size) / (size - 1))

    def push(i, eta, x):
        m = rule["momentum"]
        if rule["type"] == "dana-slim":
            vs[i] = m * vs[i] + eigenvalues * x
            return eigenvalues * x + m * vs[i]
        for _ in range(rule["steps"]):  # local-steps, which push parameters
            vs[i] = m * vs[i] + eigenvalues * (x - eta * m * vs[i])
            x = x - eta * vs[i]
        return x

    return push if model["noiseStandardDeviation"] == 0 else None


def check(path):
    x, meta = np.load(path + ".npz"), json.load(open(path + ".json"))
    n, o, theta = meta["workers"], meta["optimizer"], x["parameters"][0].astype(float)
    push, send = optimizer(o, n, theta)
    compute = worker(meta["pipeline"], n, theta.size)
    corrections = [(c.get("reference"), *correction(c, n, theta.size)) for c in o["corrections"]]
    etas, worst = np.append(x["learning_rate"], x["learning_rate"][-1]), 0.0
    sent = [send(i, etas[0], theta) for i in range(n)]
    for k, i in enumerate(x["worker"]):
        # A gap is a small difference of large numbers, so it is taken of the 32 bits given.
        given, at, pulled = x["parameters"][k].astype(float), x["sent"][k].astype(float), x["version_pulled"][k]
        pairs = [(sent[i], at)] + ([(compute(i, etas[pulled], at), x["pushed"][k])] if compute else [])
        g = x["pushed"][k] + o["weightDecay"] * given
        for reference, correct, _ in corrections:
            met = given if reference != "look-ahead" else send(i, etas[k], given).astype(np.float32).astype(float)
            g = correct(g, k - pulled, met, at, etas[: k + 1].max())
        velocity = push(i, etas[k], g, theta)
        for _, _, applied in corrections:
            applied(etas[k], velocity)
        sent[i] = send(i, etas[k + 1], theta)
        pairs += [(g, x["corrected"][k]), (theta, x["parameters"][k + 1])]
        worst = max([worst] + [distance(a, b) for a, b in pairs])
    return worst


def distance(a, b):
    d = np.linalg.norm(a - b) / (np.linalg.norm(b) + 1e-3)
    return d if np.isfinite(d) else np.inf  # max() would pass over one that is not a number


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: check_numpy.py FOLDER, which 'orchestrator vectors FOLDER' wrote")
    names = json.load(open(os.path.join(sys.argv[1], "trajectories.json")))
    errors = {name: check(os.path.join(sys.argv[1], name)) for name in names}
    for name, error in errors.items():
        print(f"{'ok   ' if error < TOLERANCE else 'WRONG'} {name:44} largest relative distance {error:.1e}")
    sys.exit(int(not names or not all(error < TOLERANCE for error in errors.values())))
