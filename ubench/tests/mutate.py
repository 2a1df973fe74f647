# SPDX-License-Identifier: GPL-2.0
"""usage: mutate.py MUTANTS list | mutate.py MUTANTS NUMBER TREE

The mutants of a file like tests/mutants: a line "NUMBER FILE TEST WHAT" each, or plant one in TREE."""
import sys


def read(path):
    with open(path, encoding="utf-8") as f:
        blocks = f.read().split("\n\n")
    for block in blocks:
        if block.startswith("#"):
            continue
        what, place, *texts = block.rstrip("\n").split("\n")
        old, new = "\n".join(texts)[2:].split("\n+ ")
        yield what, *place.split(": "), old, new


mutants = list(read(sys.argv[1]))
if sys.argv[2] == "list":
    for number, (what, file, test, _, _) in enumerate(mutants):
        print(number, file, test, what)
    sys.exit(0)
what, file, test, old, new = mutants[int(sys.argv[2])]
path = f"{sys.argv[3]}/{file}"
with open(path, encoding="utf-8") as f:
    text = f.read()
if text.count(old) != 1:
    sys.exit(f"{file} has not once but {text.count(old)} times: {old}")
with open(path, "w", encoding="utf-8") as f:
    f.write(text.replace(old, new))
