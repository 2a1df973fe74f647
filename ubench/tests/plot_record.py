#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Make a record that every plot finds something in: plot_record.py OUT TIER"""
import json
import random
import statistics
import sys

BATCHES = 1, 8, 32, 512
TIME = {"exact": "insn"}


def cases():
    """case, op, params, {metric: (per, divisor, typical)}; a count has the divisor 0."""
    for batch in BATCHES:
        for granter in "self", "domU":
            for k, mode in enumerate(("immediate", "async", "sync")):
                yield ("map_unmap", "", {"batch": batch, "granter": granter, "mapper": "dom0",
                                         "unmap_mode": mode},
                       {"map": ("page", batch, 1700 * batch + 400),
                        "unmap": ("page", batch, (1000 + 12 * k) * batch + 60 * k)})
        yield ("gntdev_map_unmap", "", {"batch": batch},
               {"map": ("page", batch, 3000 * batch), "unmap": ("page", batch, 2500 * batch)})
        for k, op in enumerate(("check", "lookup", "set", "clear")):
            yield "refcount", op, {"batch": batch}, {"cost": ("page", batch, (12 + 9 * k) * batch)}
        for op in "grant", "end", "try_end", "reclaim":
            yield "granter", op, {"batch": batch}, {"cost": ("page", batch, 90 * batch + 50)}
        for size in 64, 1024, 4096:
            for k, op in enumerate(("copy", "map")):
                yield ("copy", op, {"batch": batch, "bytes": size, "granter": "self"},
                       {"total": ("page", batch, (2000 + size // (1 + 7 * k) + 900 * k) * batch)})
        for size in 64, 4096:
            for op, uses in (("copy", 1), ("map_copy", 1), ("keep", 2), ("keep", 8)):
                mapping, by_memcpy, by_xen = 3000, size // 4, 1000 + size // 8
                cost = by_xen if op == "copy" else mapping / uses + by_memcpy
                yield ("strategy", op, {"batch": batch, "bytes": size, "touched": 100,
                                        "uses": uses, "granter": "self"},
                       {"total": ("use", batch * uses, cost * batch * uses)})
    for hold in "spread:0.1ms,30ms", "constant:1ms", "constant:20ms", "exponential:20ms":
        yield ("busy", "", {"batch": 16, "busy_pages": 1, "granter": "self", "hold": hold},
               {"latency": ("sample", 1, 28e6), "hold": ("sample", 1, 20e6),
                "overshoot": ("sample", 1, 8e6), "idle_page": ("sample", 1, 28e6),
                "attempts": ("sample", 0, 3)})
    for requests in 1, 16, 256:
        for busy in 1, 16, 256:
            if busy <= requests:
                yield ("drain", "", {"batch": 4, "busy_pages": 1, "requests": requests,
                                     "busy_requests": busy, "granter": "self",
                                     "hold": "constant:20ms"},
                       {"drain": ("sample", 1, 28e6 + busy), "retry_cpu": ("sample", 1, 400 * busy),
                        "overshoot": ("sample", 1, 8e6), "busy_cpu": ("sample", 1, 7e4),
                        "work_items": ("sample", 0, 2 * busy)})
    for op, attempts in ("none", 1), ("lossy", 3):
        yield ("busy_io", op, {},
               {"latency": ("sample", 1, 9e6), "hold": ("sample", 1, 2e6),
                "overshoot": ("sample", 1, 7e6), "attempts": ("sample", 0, attempts)})
    for vcpus in 1, 2:
        for mode in "immediate", "async":
            yield ("contend", "", {"batch": 32, "vcpus": vcpus, "unmap_mode": mode},
                   {"round": ("page", 32, 9e4)})
    for batch in BATCHES:
        for k, mapper in enumerate(("pv", "pvh")):
            yield ("map_unmap", "", {"batch": batch, "granter": "dom0", "mapper": mapper,
                                     "unmap_mode": "async"},
                   {"map": ("page", batch, (1700 + 9000 * k) * batch + 400),
                    "unmap": ("page", batch, (1000 + 9000 * k) * batch + 60)})


def case_of(tier, rng, name, op, params, metrics):
    out = []
    for metric, (per, divisor, typical) in metrics.items():
        noise = 0.1 if tier != "exact" and divisor else 0
        values = [int(typical * (1 + rng.random() * noise)) for _ in range(40)]
        out.append({"name": metric, "per": per, "divisor": divisor or 1, "values": values,
                    "unit": TIME.get(tier, "ns") if divisor else "count",
                    "summary": {"n": len(values), "p50": statistics.median(values)}})
    ident = name + (":" + op if op else "") + "".join("/%s=%s" % p for p in params.items())
    return {"case": name, "driver": "kbench", "op": op, "params": params, "id": ident,
            "status": "ok", "reason": "", "oracle": {"checks": 1, "broken": 0}, "metrics": out}


def main():
    path, tier = sys.argv[1:]
    rng = random.Random(1)
    record = {"gntbench_record": 1,
              "run": {"id": "01", "suite": "all", "command": [], "started": "2026-01-01T00:00:00Z"},
              "tier": tier, "unit": TIME.get(tier, "ns"), "emulated": True,
              "environment": {"kernel_release": "6.12", "hz": 250, "vcpus": 2}, "fingerprint": "0",
              "warnings": [], "cases": [case_of(tier, rng, *c) for c in cases()]}
    with open(path, "w") as f:
        json.dump(record, f)


main()
