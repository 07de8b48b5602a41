"""Read pytest's report and fail when nothing ran, or when PostgreSQL was not there for the tests that need it."""

import re
import sys
from pathlib import Path
from xml.etree import ElementTree

cases = list(ElementTree.parse(Path(sys.argv[1])).iter("testcase"))
skipped = {
    f"{case.get('classname')}::{case.get('name')}": mark for case in cases if (mark := case.find("skipped")) is not None
}
ran = [name for case in cases if (name := f"{case.get('classname')}::{case.get('name')}") not in skipped]
server = [name for name in ran if "postgresql" in name]
# A test may be skipped on PostgreSQL too because a data set is not beside the checkout: what counts is the reason.
left_out = [name for name, mark in skipped.items() if re.search("postgres|pgserver|psycopg", str(mark.get("message")))]
sys.stdout.write(f"{len(ran)} tests ran, {len(server)} of them on PostgreSQL; {len(skipped)} skipped\n")
if not ran:
    sys.exit("ci: no test ran")
if left_out or not server:
    sys.exit("ci: PostgreSQL was not there for " + ("; ".join(left_out[:5]) or "any test"))
