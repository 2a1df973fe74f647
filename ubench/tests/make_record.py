#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Make a record for the tests of the analysis commands: make_record.py OUT [KEY=VALUE]...

  tier=exact|wall|host   started=TIME   id=HEX   version=N   seed=N   samples=N
  env.FIELD=TEXT         a field of the environment; the fingerprint follows
  scale.REGEX=FACTOR     multiplies the samples of the metrics "id metric" that match
  add.REGEX=NUMBER       adds to each sample
  third.REGEX=NUMBER     adds to each third sample
  waits.REGEX=1          the metric waits: it is virtual time
  divisor.REGEX=N  per.REGEX=TEXT  name.REGEX=TEXT   of the metric
  checks.REGEX=N         what the oracle of the case looked at
  hits=no                doesn't say which samples an interrupt hit, as old records don't
  warn=TEXT  fingerprint=HEX   of the record
  drop.REGEX=            leaves out the cases whose id matches
  status.REGEX=STATUS    sets the status of a case (its reason: "made so")
  broken.REGEX=N         invariants that the oracle found broken
  summary=KEEP           writes the summary of the unscaled samples: a record edited by hand
"""
import json
import math
import random
import re
import statistics
import sys

NOT_DECIDING = {"kernel_flags", "tick_khz", "module_build_id", "git_commit", "git_dirty",
                "proof_insn", "proof_ticks"}


def cases():
    for op in "empty", "hypercall":
        yield "floor", op, {"batch": 32}, [("cost", "sample", 1, 40)]
    for batch in 1, 8, 32:
        for mode in "immediate", "async":
            yield ("map_unmap", "", {"batch": batch, "granter": "self", "unmap_mode": mode},
                   [("map", "page", batch, 1700), ("unmap", "page", batch, 1040)])


def hits(rng, n):
    """Which samples a timer interrupt hits."""
    v = [0] * n
    for _ in range(n // 40):
        v[rng.randrange(n)] = 1
    return v


def samples(rng, tier, hit, typical):
    if tier != "exact":
        return [typical * 10 * math.exp(0.03 * rng.gauss(0, 1)) for _ in hit]
    return [float(typical) + (3000 + rng.randrange(9)) * h for h in hit]


def fingerprint(tier, deciding):
    """ubench/record/environment.c: FNV-1a, 64 bits, with the NULs."""
    state = 0xcbf29ce484222325
    for text in [tier] + [str(x) for pair in deciding for x in pair]:
        for byte in text.encode() + b"\0":
            state = (state ^ byte) * 0x100000001b3 % 2**64
    return "%016x" % state


def packed(values):
    out = []
    for v in values:
        v = round(float(v), 3)
        v = int(v) if v == int(v) else v
        if out and out[-1][0] == v:
            out[-1][1] += 1
        else:
            out.append([v, 1])
    return [v if n == 1 else [v, n] for v, n in out]


def make(path, options):
    with open(path, "w") as f:
        json.dump(record_of(options), f, indent=1)


def record_of(options):
    tier = options.get("tier", "exact")
    rng = random.Random(int(options.get("seed", "1")))

    def chosen(kind, text):
        for k, v in options.items():
            if k.startswith(kind + ".") and re.search(k[len(kind) + 1:], text):
                yield v

    environment = {"xen_version": "4.17.7", "kernel_release": "6.12.117", "kernel_build_id": "aa",
                   "machine": "pv", "qemu_version": "7.2", "vcpus": 1, "hz": 250,
                   "compiler": "gcc 12", "module_build_id": "bb", "git_commit": "cc",
                   "git_dirty": "false"}
    environment.update({k[4:]: v for k, v in options.items() if k.startswith("env.")})
    deciding = [x for x in environment.items() if x[0] not in NOT_DECIDING]
    record = {
        "gntbench_record": int(options.get("version", "1")),
        "run": {"id": options.get("id", "0123"), "suite": "default", "command": ["gntbench", "run"],
                "started": options.get("started", "2026-01-01T00:00:00Z")},
        "tier": tier, "unit": "insn" if tier == "exact" else "ns", "emulated": tier != "host",
        "environment": environment,
        "fingerprint": options.get("fingerprint", fingerprint(tier, deciding)),
        "warnings": [options["warn"]] if "warn" in options else [], "cases": [],
    }
    for name, op, params, metrics in cases():
        ident = name + (":" + op if op else "") + "".join("/%s=%s" % p for p in params.items())
        if any(True for _ in chosen("drop", ident)):
            continue
        status = next(chosen("status", ident), "ok")
        case = {"case": name, "driver": "kbench", "op": op, "params": params, "id": ident,
                "status": status, "reason": "" if status == "ok" else "made so",
                "oracle": {"checks": int(next(chosen("checks", ident), "10")), "broken": int(next(chosen("broken", ident), "0"))},
                "metrics": []}
        hit = hits(rng, int(options.get("samples", "200")))
        if status == "ok" and options.get("hits") != "no":
            case["interrupts"] = packed(hit)
        for metric, per, divisor, typical in metrics:
            key = ident + " " + metric
            v = samples(rng, tier, hit, typical * divisor)
            kept = v
            for factor in chosen("scale", ident + " " + metric):
                v = [x * float(factor) for x in v]
            for number in chosen("add", ident + " " + metric):
                v = [x + float(number) for x in v]
            for number in chosen("third", key):
                v = [x if i % 3 else x + float(number) for i, x in enumerate(v)]
            divisor = int(next(chosen("divisor", key), divisor))
            shown = kept if "summary" in options else v
            p50 = statistics.median(round(x, 3) for x in shown) if shown else 0
            if status != "ok":
                continue
            case["metrics"].append({"name": next(chosen("name", key), metric),
                                    "unit": record["unit"], "per": next(chosen("per", key), per),
                                    "divisor": divisor, "values": packed(v),
                                    "waits": bool(next(chosen("waits", key), "")),
                                    "summary": {"n": len(v), "p50": p50}})
        record["cases"].append(case)
    return record


if __name__ == "__main__":
    make(sys.argv[1], dict(a.rsplit("=", 1) for a in sys.argv[2:]))
