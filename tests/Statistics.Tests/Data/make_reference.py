#!/usr/bin/env python3
"""Makes reference.json: values that another library, or plain enumeration, computes for inputs drawn here.

Run with scipy 1.10 (Debian 12: python3-scipy):  python3 make_reference.py > reference.json
"""
import itertools
import json
import math

import numpy as np
from scipy import integrate, special, stats

rng = np.random.default_rng(20260)


def draw(n, mean=88.0, sd=0.9):
    return [round(float(v), 2) for v in rng.normal(mean, sd, n)]


def sign_flip(d):
    observed = abs(sum(d))
    hits = sum(abs(sum(s * v for s, v in zip(signs, d))) >= observed - 1e-12
               for signs in itertools.product((1, -1), repeat=len(d)))
    return hits / 2 ** len(d)


def e_value(d, g=1.0):
    n, nu = len(d), len(d) - 1
    t2 = (np.mean(d) / (np.std(d, ddof=1) / math.sqrt(n))) ** 2
    return float((1 + n * g) ** -0.5 * ((1 + t2 / nu) / (1 + t2 / (nu * (1 + n * g)))) ** (n / 2))


def e_value_by_quadrature(d, g=1.0):
    """The same by its definition: the noncentral t's density mixed over the effect size, over the central one's."""
    n, nu = len(d), len(d) - 1
    t = np.mean(d) / (np.std(d, ddof=1) / math.sqrt(n))
    mixed, _ = integrate.quad(lambda x: stats.nct.pdf(t, nu, x * math.sqrt(n)) * stats.norm.pdf(x, 0, math.sqrt(g)),
                              -12 * math.sqrt(g), 12 * math.sqrt(g), limit=400, epsabs=1e-13, epsrel=1e-11)
    return float(mixed / stats.t.pdf(t, nu))


def cell(values):
    return {"values": values, "mean": float(np.mean(values)), "sd": float(np.std(values, ddof=1)),
            "t95": list(map(float, stats.t.interval(0.95, len(values) - 1, np.mean(values), stats.sem(values)))),
            "median": float(np.median(values)), "iqm": float(stats.trim_mean(values, 0.25))}


def pair(n, shift, sd):
    a = draw(n)
    b = [round(x - shift + float(rng.normal(0, sd)), 2) for x in a]
    d = [x - y for x, y in zip(a, b)]
    t = stats.ttest_1samp(d, 0)
    bca = stats.bootstrap((np.array(d),), np.mean, n_resamples=200000, method="BCa", random_state=1).confidence_interval
    return {"a": a, "b": b, "mean": float(np.mean(d)), "sd": float(np.std(d, ddof=1)), "t": float(t.statistic), "pT": float(t.pvalue),
            "t95": list(map(float, stats.t.interval(0.95, n - 1, np.mean(d), stats.sem(d)))),
            "t90": list(map(float, stats.t.interval(0.90, n - 1, np.mean(d), stats.sem(d)))),
            "pSignFlip": sign_flip(d) if n <= 14 else None, "bca95": [float(bca.low), float(bca.high)],
            "e": e_value(d), "eQuarter": e_value(d, 0.25), "eByQuadrature": e_value_by_quadrature(d), "skewness": float(stats.skew(d, bias=False)),
            "probabilityOfImprovement": float(stats.mannwhitneyu(a, b).statistic / (n * n))}


def friedman(rows, k, ties):
    table = [[round(float(v), 0 if ties else 2) for v in rng.normal(86, 2, k) + np.arange(k) * 0.8] for _ in range(rows)]
    ranks = np.array([stats.rankdata([-v for v in row]) for row in table])
    chi = stats.friedmanchisquare(*[[row[j] for row in table] for j in range(k)])
    q = stats.studentized_range.ppf(0.95, k, np.inf) / math.sqrt(2)
    return {"table": table, "meanRanks": [float(r) for r in ranks.mean(axis=0)], "chi2": float(chi.statistic), "p": float(chi.pvalue),
            "nemenyiCD": float(q * math.sqrt(k * (k + 1) / (6 * rows)))}


def power(difference, sd, n, alpha):
    c = stats.t.ppf(1 - alpha / 2, n - 1)
    shift = difference / sd * math.sqrt(n)
    return {"difference": difference, "sd": sd, "n": n, "alpha": alpha,
            "power": float(stats.nct.sf(c, n - 1, shift) + stats.nct.cdf(-c, n - 1, shift))}


def t_quantile(tail, nu):
    """stats.t.isf is off by up to 5e-9 in scipy 1.10; the inverse of the incomplete beta function is not."""
    return float(math.sqrt(nu / special.betaincinv(nu / 2, 0.5, 2 * tail) - nu))


def wilson(k, n):
    low, high = stats.binomtest(k, n).proportion_ci(method="wilson")
    return {"k": k, "n": n, "interval": [float(low), float(high)]}



json.dump({
    "cells": [cell(draw(n)) for n in (2, 4, 5, 7, 8, 13, 40)],
    "pairs": [pair(*p) for p in ((4, 0.4, 0.3), (5, 0.0, 0.5), (7, 0.8, 0.4), (9, 0.2, 0.9), (11, -0.5, 0.5), (14, 0.3, 0.3), (30, 0.2, 0.6))],
    "wilson": [wilson(k, n) for k, n in ((0, 1), (1, 1), (0, 10), (3, 8), (10, 10), (47, 512))],
    "mcnemar": [{"b": b, "c": c, "p": float(stats.binomtest(min(b, c), b + c).pvalue)} for b, c in ((0, 1), (0, 6), (3, 4), (1, 12), (20, 41))],
    "friedman": [friedman(6, 3, False), friedman(12, 10, False), friedman(9, 4, True), friedman(5, 3, True)],
    "studentizedRange": [{"k": k, "q95": float(stats.studentized_range.ppf(0.95, k, np.inf))} for k in (2, 3, 6, 10, 20, 50)],
    "powerOfT": [power(*p) for p in ((0.5, 0.9, 12, 0.05), (0.5, 0.9, 40, 0.01), (1.0, 0.4, 3, 0.05), (0.1, 0.9, 300, 0.05), (0.2, 0.2, 6, 0.005))],
    "tQuantiles": [{"tail": a, "nu": nu, "t": t_quantile(a, nu)} for a in (0.025, 0.05, 0.0005) for nu in (1, 2, 4, 9, 30, 999)],
    "betaBinomial": [{"b": b, "c": c, "e": float(math.exp(math.lgamma(b + 1) + math.lgamma(c + 1) - math.lgamma(b + c + 2)) * 2 ** (b + c))}
                     for b, c in ((0, 0), (0, 5), (1, 7), (4, 4))],
}, open("/dev/stdout", "w"), indent=1)
