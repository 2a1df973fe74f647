#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Make a history for test_history.sh: make_history.py DIR TIER N

N records, an hour apart. Unmap at batch 32, async, gets 5 % (wall) or one instruction a page
(exact) dearer with record N/2, and the kernel changes, for nothing, with record 3N/4.
More than 1,000 records have that one case only, and are made from one: they are to be many.
"""
import datetime
import json
import os
import random
import sys

import make_record


def make_many(directory, tier, count, start):
    record = make_record.record_of({"tier": tier, "samples": 1, "drop.floor": "",
                                    "drop.batch=(1|8)/": "", "drop.immediate": ""})
    metric = record["cases"][0]["metrics"][1]
    rng = random.Random(1)
    for i in range(count):
        value = round((1.05 if i >= count // 2 else 1) * 300000 * rng.lognormvariate(0, 0.03))
        when = start + datetime.timedelta(hours=i)
        record["run"].update(id="%06x" % i, started=when.strftime("%Y-%m-%dT%H:%M:%SZ"))
        metric.update(values=[value], summary={"n": 1, "p50": value})
        with open("%s/%06d.json" % (directory, i), "w") as f:
            f.write(json.dumps(record))


def main():
    directory, tier, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    os.makedirs(directory, exist_ok=True)
    start = datetime.datetime(2024, 1, 1)
    if count > 1000:
        make_many(directory, tier, count, start)
        return
    for i in range(count):
        when = (start + datetime.timedelta(hours=i)).strftime("%Y-%m-%dT%H:%M:%SZ")
        options = {"tier": tier, "seed": i, "id": "%06x" % i, "started": when, "samples": 20,
                   "env.git_commit": "%040x" % i}
        if i >= count // 2:
            key = "batch=32.*async unmap"
            options.update({"add." + key: 32} if tier == "exact" else {"scale." + key: 1.05})
        if i >= 3 * count // 4:
            options["env.kernel_release"] = "6.12.999"
        make_record.make("%s/%06d.json" % (directory, i), options)


if __name__ == "__main__":
    main()
