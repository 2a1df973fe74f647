# SPDX-License-Identifier: GPL-2.0
"""
walk.py make SEED LIST DIR      write suites of random cases that LIST (gntbench list) allows
walk.py judge RECORD...         look at what came of them
"""
import collections
import json
import math
import random
import re
import sys

SUITES = 5
CASES_PER_SUITE = 60
MOST_STREAM_US = 1000000
MOST_PAGES = 8192  # batch times requests: larger ones take long, and find nothing else

# These two break stock kernels (scripts/kernel-bugs), and then everything after them.
LEFT_OUT = {"gntdev_pipe", "gntdev_dio", "backend", "busy_io", "disk_io", "disk_queue", "net_echo", "net_stream"}
HOLDS = ["constant:0ms", "constant:3ms", "spread:0.1ms,10ms", "uniform:0ms,8ms", "exponential:2ms"]


def read_list(path):
    """{case: {parameter: its possible values, or (min, max)}}"""
    cases = {}
    for line in open(path, encoding="utf-8"):
        case = re.match(r"  (\w+): .*\(driver \w+\)", line)
        numbers = re.match(r"    (\w+) +(\d+) to (\d+)\b", line)
        words = re.match(r"    (op|unmap_mode|granter) +([\w ]+), default", line)
        if line.startswith("  every case"):
            break
        if case:
            cases[case[1]] = {}
        elif numbers:
            cases[list(cases)[-1]][numbers[1]] = (int(numbers[2]), int(numbers[3]))
        elif words:
            cases[list(cases)[-1]][words[1]] = words[2].split()
        elif re.match("    hold ", line):
            cases[list(cases)[-1]]["hold"] = HOLDS
    return {name: takes for name, takes in cases.items() if name not in LEFT_OUT}


def draw_number(rng, low, high):
    """The ends often, the middle evenly on a logarithmic scale."""
    if rng.random() < 0.2:
        return rng.choice([low, high])
    return round(math.exp(rng.uniform(math.log(max(low, 1)), math.log(high))))


def draw_case(rng, takes):
    chosen = {}
    for name, allowed in takes.items():
        if isinstance(allowed, tuple):
            chosen[name] = draw_number(rng, *allowed)
        else:
            chosen[name] = rng.choice(allowed)
    # Most have limits that depend on one another in order; the rest is there to be refused.
    if rng.random() < 0.8:
        for part, whole in (("busy_pages", "batch"), ("busy_requests", "requests")):
            if part in chosen:
                chosen[part] = min(chosen[part], chosen[whole])
        if "bytes" in chosen:
            chosen["bytes"] -= chosen["bytes"] % 8
    if "requests" in chosen:
        chosen["requests"] = max(1, min(chosen["requests"], MOST_PAGES // chosen["batch"]))
    if "interval_us" in chosen:
        chosen["interval_us"] = min(chosen["interval_us"], MOST_STREAM_US // chosen["requests"])
    chosen["samples"] = rng.randint(1, 3)
    chosen["warmup"] = rng.randint(0, 2)
    chosen["timeout_ms"] = rng.choice([60000] * 19 + [5])
    return chosen


def make(seed, path, directory):
    rng = random.Random(int(seed))
    cases = read_list(path)
    for suite in range(SUITES):
        with open(f"{directory}/walk.{suite}.ini", "w", encoding="utf-8") as out:
            seen = set()  # a suite has a case once, whatever its samples
            while len(seen) < CASES_PER_SUITE:
                name = rng.choice(sorted(cases))
                chosen = draw_case(rng, cases[name])
                identity = (name, *(chosen[key] for key in cases[name]))
                if identity in seen:
                    continue
                seen.add(identity)
                print(f"[case {len(seen)}]\ncase = {name}", file=out)
                for key, value in chosen.items():
                    print(f"{key} = {value}", file=out)


def judge(paths):
    tally = collections.Counter()
    bad = []
    for path in paths:
        for case in json.load(open(path, encoding="utf-8"))["cases"]:
            tally[case["case"], case["status"]] += 1
            clean = case["oracle"]["broken"] == 0
            if case["status"] == "failure" or not clean:
                bad.append(f"{case['id']}: {case['reason']}")
            elif case["status"] != "ok" and not case["reason"]:
                bad.append(f"{case['id']}: {case['status']} without a reason")
    for (name, status), count in sorted(tally.items()):
        print(f"# {name}: {count} {status}")
    for line in bad:
        print(f"# {line}")
    done = sum(count for (_, status), count in tally.items() if status == "ok")
    total = sum(tally.values())
    if total < SUITES * CASES_PER_SUITE or done < total / 2:
        print(f"# only {done} of {total} ran, {SUITES * CASES_PER_SUITE} were asked for")
        return 1
    return 1 if bad else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["make"] and len(sys.argv) == 5:
        make(*sys.argv[2:])
    elif sys.argv[1:2] == ["judge"] and len(sys.argv) > 2:
        sys.exit(judge(sys.argv[2:]))
    else:
        sys.exit(__doc__)
