"""Read pytest's report and fail when nothing ran, or when a test that needs PostgreSQL was left out."""

import sys
from pathlib import Path
from xml.etree import ElementTree

cases = list(ElementTree.parse(Path(sys.argv[1])).iter("testcase"))
names = [f"{case.get('classname')}::{case.get('name')}" for case in cases]
skipped = {name: case.find("skipped") for name, case in zip(names, cases, strict=True)}
server = [name for name in names if "postgres" in name.lower()]
left_out = [
    name for name, mark in skipped.items() if mark is not None and "postgres" in f"{name} {mark.get('message')}".lower()
]
sys.stdout.write(f"{len(names)} tests, {len(server)} on PostgreSQL, {sum(mark is not None for mark in skipped.values())} skipped")
if not names:
    sys.exit("ci: no test ran")
if not server or left_out:
    sys.exit("ci: PostgreSQL tests did not run: " + ("; ".join(left_out[:5]) or "none was collected"))
