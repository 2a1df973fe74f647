#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Expected values for test_stats.c, from scipy and numpy (Debian: python3-scipy).

One line a vector: KIND NAME, then fields NAME=VALUE,VALUE,... with numbers in full precision.
What scipy lacks (Hodges-Lehmann, Geyer, Holm, E-divisive) is written here by its definition, by
brute force where the C code is clever, so that the two share no algorithm.
"""
import sys

import numpy as np
from scipy import stats


def show(kind, name, **fields):
    text = " ".join(
        k + "=" + ",".join(repr(float(x)) for x in np.atleast_1d(v)) for k, v in fields.items()
    )
    print(kind, name, text)


def hodges_lehmann(x, y):
    return np.median(np.subtract.outer(y, x))


def autocorrelation_time(v):
    r = stats.rankdata(v)
    r = r - r.mean()
    n = len(r)
    c = [np.dot(r[: n - k], r[k:]) for k in range(n)]
    if c[0] <= 0:
        return 1.0
    time, last = -1.0, np.inf
    for k in range(0, n - 1, 2):
        pair = (c[k] + c[k + 1]) / c[0]
        if pair <= 0:
            break
        last = min(last, pair)
        time += 2 * last
    return max(1.0, time)


def holm(p):
    order = np.argsort(p, kind="stable")
    out = np.empty(len(p))
    out[order] = np.minimum(1, np.maximum.accumulate(np.array(p)[order] * np.arange(len(p), 0, -1)))
    return out


def best_split(v, min_size):
    d = np.abs(np.subtract.outer(v, v))
    n = len(v)
    q = {}
    for m in range(min_size, n - min_size + 1):
        k = n - m
        e = 2 * d[:m, m:].mean()
        e -= d[:m, :m].sum() / (m * (m - 1)) + d[m:, m:].sum() / (k * (k - 1))
        q[m] = m * k / (m + k) * e
    at = max(q, key=q.get)
    return at if q[at] > 0 else None


def pair(name, x, y):
    x, y = np.asarray(x, float), np.asarray(y, float)
    u, p = stats.mannwhitneyu(y, x, alternative="two-sided", method="asymptotic")
    if np.isnan(p):
        p = 1.0  # all values equal: scipy divides by a zero variance
    show("pair", name, x=x, y=y, u=u, p=p, mx=np.median(x), my=np.median(y), shift=hodges_lehmann(x, y))


def paired(name, d):
    """Pairs, by their differences."""
    d = np.asarray(d, float)
    w, p = 0.0, 1.0
    if d.any():
        w = stats.rankdata(abs(d[d != 0]))[d[d != 0] > 0].sum()
        sizes = np.abs(d)
        exact = d.all() and len(d) <= 50 and len(np.unique(sizes)) == len(d)
        p = stats.wilcoxon(d, correction=True, mode="exact" if exact else "approx").pvalue
    walsh = np.add.outer(d, d)[np.triu_indices(len(d))] / 2
    show("paired", name, d=d, w=w, p=p, shift=np.median(walsh))


def large():
    """10^6 values a side, made by the same arithmetic in C; brute force is 10^12 differences."""
    i = np.arange(10**6, dtype=np.uint64)
    x = (i * np.uint64(2654435761) % np.uint64(1000003)).astype(float)
    y = (i * np.uint64(40503) % np.uint64(999983)).astype(float) + 1000
    u, p = stats.mannwhitneyu(y, x, alternative="two-sided", method="asymptotic")
    xs, ys = np.sort(x), np.sort(y)

    def select(k):
        lo, hi = ys[0] - xs[-1], ys[-1] - xs[0]  # all differences are integers
        while lo < hi:
            mid = (lo + hi) // 2
            if np.searchsorted(ys, xs + mid, side="right").sum() >= k:
                hi = mid
            else:
                lo = mid + 1
        return lo

    half = 10**12 // 2
    shift = (select(half) + select(half + 1)) / 2
    show("large", "million", u=u, p=p, mx=np.median(x), my=np.median(y), shift=shift)


def main():
    rng = np.random.default_rng(4)
    pair("two-and-two", [1, 2], [3, 4])
    pair("one-and-one", [1], [2])
    pair("all-equal", [7] * 12, [7] * 9)
    pair("ties", [1, 1, 2, 2, 2, 3], [2, 2, 3, 3, 3, 3, 4])
    pair("negative", [-5, -3, -1, 0, 2], [-4, -2.5, 1, 3, 8])
    pair("shifted", np.arange(200), np.arange(200) + 10)
    pair("odd-and-even", rng.normal(size=31), rng.normal(0.3, 1, size=44))
    pair("lognormal", rng.lognormal(7, 0.4, 200), rng.lognormal(7.1, 0.4, 180))
    pair("cauchy", rng.standard_cauchy(150), rng.standard_cauchy(150))
    pair("integers", rng.poisson(20, 300), rng.poisson(21, 250))
    pair("far-apart", rng.normal(1e6, 1, 100), rng.normal(2e6, 1, 100))
    pair("tiny", rng.normal(size=60) * 1e-300, rng.normal(size=50) * 1e-300)
    large()

    paired("one", [3])
    paired("two", [1, 4])
    paired("few-far-apart", [0.1, 0.2, 9])
    paired("all-zero", [0] * 9)
    paired("ties", [0, 1, 1, -1, 2, 2, 2, 0, -3, 4, 1])
    paired("normal", rng.normal(0.2, 1, 201))
    paired("few", rng.normal(0.5, 1, 13))
    paired("all-above", np.arange(1, 21))
    paired("fifty", rng.normal(0.3, 1, 50))
    paired("cauchy", rng.standard_cauchy(64))
    paired("coarse", np.round(rng.normal(3, 10, 200), -1))

    ar = np.zeros(500)
    for i in range(1, 500):
        ar[i] = 0.8 * ar[i - 1] + rng.normal()
    for name, v in (
        ("white", rng.normal(size=257)),
        ("ar", ar),
        ("alternating", np.tile([1.0, 2.0], 40)),
        ("step", np.repeat([1.0, 2.0], 50)),
        ("periodic", np.sin(np.arange(120) / 2) + np.arange(120) / 40 + rng.normal(size=120) / 4),
        ("equal", np.ones(10)),
        ("one", [3.0]),
        ("two", [3.0, 4.0]),
    ):
        show("time", name, v=v, time=autocorrelation_time(v))

    for z, nx, tx, ny, ty in ((2.5, 200, 1, 200, 1), (-3.1, 50, 4.2, 80, 1.7), (9, 200, 60, 10, 5)):
        freedom = max(1, nx / tx + ny / ty - 2)
        grow = (tx / nx + ty / ny) / (1 / nx + 1 / ny)
        p = 2 * stats.t.sf(abs(z) / np.sqrt(grow), freedom)
        show("serial1", "t", z=z, n=nx, time=tx, own=0.25,
             p=0.25 if tx == 1 else 2 * stats.t.sf(abs(z) / np.sqrt(tx), max(1, nx / tx - 1)))
        show("serial", "t", z=z, nx=nx, tx=tx, ny=ny, ty=ty, p=p)

    show("holm", "ties", p=[0.01, 0.04, 0.03, 0.005, 0.03], adjusted=holm([0.01, 0.04, 0.03, 0.005, 0.03]))
    show("holm", "one", p=[0.2], adjusted=holm([0.2]))
    for k, n in ((0, 50), (3, 1000), (50, 50), (7, 12), (5, 20000), (300, 20000), (19000, 20000),
                 (50000, 1000000)):
        ci = stats.binomtest(k, n).proportion_ci(method="exact")
        show("proportion", "exact", k=k, n=n, lo=ci.low, hi=ci.high)
    g = rng.lognormal(size=20)
    show("gmean", "lognormal", v=g, mean=stats.gmean(g))

    for name, v in [("noise-%d" % i, rng.normal(size=60)) for i in range(20)] + [
        ("step", np.concatenate([rng.normal(size=60), rng.normal(3, 1, 50)])),
        ("ties", rng.integers(0, 3, 80)),
    ]:
        m = int(len(v) * 0.35)
        at = best_split(np.asarray(v, float), m)
        if at:
            show("split", name, v=v, min_size=m, at=at)


if __name__ == "__main__":
    sys.exit(main())
