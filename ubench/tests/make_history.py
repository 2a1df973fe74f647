#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Make a history for test_history.sh: make_history.py DIR TIER N

N records, an hour apart. Unmap at batch 32, async, gets 5 % (wall) or one instruction a page
(exact) dearer with record N/2, and the kernel changes, for nothing, with record 3N/4.
"""
import datetime
import os
import sys

import make_record


def main():
    directory, tier, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    os.makedirs(directory, exist_ok=True)
    start = datetime.datetime(2024, 1, 1)
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
