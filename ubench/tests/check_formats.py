#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Check the formats of a comparison that test_compare.sh made: check_formats.py DIR (fmt.FORMAT).

Of the 14 rows of its base 2 are failures (head's oracle), 2 skipped, 2 missing, 1 slower, 1 faster.
KCIDB: what its schema 5.0 says of a test (kcidb_io/schema/v05_00.py); the others: their grammar.
"""
import json
import re
import sys
import xml.etree.ElementTree

ROWS, BAD = 14, {"failure": 2, "skip": 2, "missing": 2, "slower": 1}


def read(directory, name):
    with open("%s/fmt.%s" % (directory, name)) as f:
        text = f.read()
    assert not re.search("[\0-\x08\x0b-\x1f\x7f]", text.replace("\r\n", "\n")), name + ": a control"
    return text


def kcidb(text):
    root = json.loads(text)
    assert root["version"] == {"major": 5, "minor": 0} and set(root) == {"version", "tests"}
    known = {"id", "origin", "build_id", "path", "status", "comment", "environment", "number", "misc",
             "start_time"}
    origin_id = r"[a-z0-9_]+:.*"
    for test in root["tests"]:
        assert set(test) <= known and {"id", "origin", "build_id"} <= set(test), test
        assert re.fullmatch(origin_id, test["id"]) and re.fullmatch(origin_id, test["build_id"])
        assert re.fullmatch(r"[a-z0-9_]+", test["origin"])
        assert re.fullmatch(r"[.a-zA-Z0-9_-]*", test["path"]), test["path"]
        assert test["status"] in {"FAIL", "ERROR", "MISS", "PASS", "DONE", "SKIP"}
        assert set(test["environment"]) <= {"compatible", "comment", "misc"}
        assert set(test.get("number", {"value": 1})) <= {"value", "unit", "prefix"}
        assert isinstance(test.get("number", {"value": 1})["value"], (int, float))
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", test["start_time"])
    assert len({t["id"] for t in root["tests"]}) == len(root["tests"]) == ROWS
    count = [t["status"] for t in root["tests"]].count
    assert count("FAIL") == BAD["failure"] + BAD["slower"] and count("MISS") == BAD["missing"]
    assert count("SKIP") == BAD["skip"]


def junit(text):
    suite = xml.etree.ElementTree.fromstring(text).find("testsuite")
    cases = suite.findall("testcase")
    assert int(suite.get("tests")) == len(cases) == ROWS
    assert int(suite.get("failures")) == len(suite.findall("testcase/failure")) == 3
    assert int(suite.get("errors")) == len(suite.findall("testcase/error")) == 2
    assert int(suite.get("skipped")) == len(suite.findall("testcase/skipped")) == 2
    assert all(c.get("name") and c.get("classname") for c in cases)


def ktap(text):
    lines = text.splitlines()
    assert lines[0] == "KTAP version 1" and lines[1] == "1..%d" % ROWS
    results = [x for x in lines[2:] if not x.startswith("#")]
    for i, line in enumerate(results):
        assert re.fullmatch(r"(not )?ok %d [A-Za-z0-9_.-]+( # SKIP .*)?" % (i + 1), line), line
    assert len(results) == ROWS and sum(x.startswith("not ok") for x in results) == 5


def bmf(text):
    root = json.loads(text)
    assert root and all(isinstance(m["value"], (int, float)) and set(m) <=
                        {"value", "lower_value", "upper_value"} for b in root.values() for m in b.values())
    assert root["map_unmap.batch_32.granter_self.unmap_mode_async.unmap"]["insn/page"]["value"] == 1042


def openmetrics(text):
    lines = text.split("\n")
    assert lines[-2:] == ["# EOF", ""]
    label = r'[a-z_]+="([^"\\\n]|\\["\\n])*"'
    family = None
    for line in lines[:-2]:
        if line.startswith("# TYPE "):
            assert family == re.fullmatch(r"# TYPE ([a-z_]+) gauge", line).group(1)
        elif line.startswith("# HELP "):
            family = re.fullmatch(r"# HELP ([a-z_]+) [^\\]+", line).group(1)
        else:
            assert re.fullmatch(r"%s\{%s(,%s)*\} [-0-9.e+]+" % (family, label, label), line), line
    assert sum(x.startswith("gntbench_bad{") and x.endswith(" 1") for x in lines) == sum(BAD.values())


def main():
    for check in kcidb, junit, ktap, bmf, openmetrics:
        check(read(sys.argv[1], check.__name__))
    for name in "letter", "cover", "html", "json", "csv", "benchstat", "markdown", "text":
        read(sys.argv[1], name)
    assert "<b>" not in read(sys.argv[1], "html")


if __name__ == "__main__":
    main()
