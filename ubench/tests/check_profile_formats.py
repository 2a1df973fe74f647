# SPDX-License-Identifier: GPL-2.0
"""What gntbench profile --format printed, read as the tools do that it is for, against the profile.

usage: check_profile_formats.py PROFILE.json CALLGRIND FOLDED SPEEDSCOPE
"""
import json
import re
import sys

profile, callgrind, folded, speedscope = sys.argv[1:]
with open(profile) as f:
    phases = json.load(f)["phases"]
titles = ["%s: %s" % (p["case"], p["phase"]) for p in phases]
want = {t: p["insns"] for t, p in zip(titles, phases)}


def clean(name, bad=""):
    return re.sub("[\x00-\x1f\x7f%s]" % re.escape(bad), " ", name)


# Folded: the last blank parts the stack from a whole number; ; parts frames.
sums = {}
with open(folded) as f:
    for line in f:
        stack, count = line.rstrip("\n").rsplit(" ", 1)
        frames = stack.split(";")
        sums[frames[0]] = sums.get(frames[0], 0) + int(count)
        assert 2 <= len(frames), line
assert sums == {clean(t, ";"): n for t, n in want.items()}, sums

# speedscope: https://www.speedscope.app/file-format-schema.json
with open(speedscope) as f:
    doc = json.load(f)
nr = len(doc["shared"]["frames"])
assert all(isinstance(f["name"], str) for f in doc["shared"]["frames"])
assert [p["name"] for p in doc["profiles"]] == titles
for p, phase in zip(doc["profiles"], phases):
    assert p["type"] == "sampled" and p["unit"] == "none" and p["startValue"] == 0
    assert len(p["samples"]) == len(p["weights"])
    assert sum(p["weights"]) == p["endValue"] == phase["insns"]
    assert all(0 <= i < nr for s in p["samples"] for i in s)

# callgrind: what all functions of a phase cost themselves is the phase; what it calls is all of it.
own, called, file, calls = {}, {}, None, False
with open(callgrind) as f:
    for line in f:
        key = re.match(r"(c?[a-z]+)=(.*)\n", line)
        if key and key[1] == "fl":
            file, root = key[2], True
        elif key and key[1] == "fn":
            root = key[2] == file
        elif key and key[1] == "calls":
            calls = True
        elif re.match(r"0 \d+$", line):
            cost = int(line.split()[1])
            if not calls:
                own[file] = own.get(file, 0) + cost
            elif root:
                called[file] = called.get(file, 0) + cost
            calls = False
assert own == called == {clean(t): n for t, n in want.items()}, (own, called)
