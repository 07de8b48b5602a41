"""The BPI 2020 example through its own commands: a real approval log, and the known figures of it."""

import csv
import gzip
import re
import shlex
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from command_line import InProcess

from oppcli import store

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "../shared/data/bpi2020/DomesticDeclarations.csv.gz"
EXAMPLE = ROOT / "examples/bpi2020"
FINAL = "Declaration FINAL_APPROVED by SUPERVISOR"

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="../shared/data/bpi2020 is not there")


@pytest.fixture(scope="module")
def bpi(tmp_path_factory: pytest.TempPathFactory) -> InProcess:
    """A database with the log imported."""
    opp = InProcess(tmp_path_factory.mktemp("bpi2020"))
    opp.ok("init", "--template", "blank", "--policy", str(EXAMPLE / "policy.toml"))
    done = opp.ok("import", str(DATA), "--mapping", str(EXAMPLE / "mapping.toml")).out
    assert "55,628 rows" in done and "10,222 created, 0 updated, 0 unchanged, 0 rows rejected" in done
    assert "135 cases left out: nothing was submitted" in done
    return opp


def test_the_final_approvals_of_supervisors_take_as_long_as_is_known(bpi: InProcess) -> None:
    rows = {row["step"]: row for row in bpi.ok("report turnaround --verdict approve --over 168h --json").json}
    found = rows["SUPERVISOR"]
    assert (found["decided"], found["over"]) == (9_999, 220)
    assert (found["median_hours"], found["median_business_hours"]) == (20.8058, 4.8703)
    assert rows["ADMINISTRATION"]["decided"] == 8_061


def test_rejected_resubmitted_and_then_approved_claims_are_as_many_as_is_known(bpi: InProcess) -> None:
    (found,) = bpi.ok("report turnaround --by type --json").json
    assert (found["rejected"], found["resubmitted"], found["then_approved"]) == (1_200, 954, 916)
    assert (found["approved"], found["first_pass"]) == (9_938, 8_944)


def test_requests_end_as_the_log_does(bpi: InProcess) -> None:
    rows = list(csv.DictReader(bpi.ok("export requests").out.splitlines()))
    states = [row["state"] for row in rows]
    counts = {state: states.count(state) for state in sorted(set(states))}
    assert counts == {"approved": 9_910, "invalidated": 28, "recalled": 1, "rejected": 283}
    first = rows[0]
    assert (first["external_id"], first["system"], first["channel"]) == ("declaration86791", "bpi2020", "import")
    assert (first["submitted_at"], first["amount"]) == ("2017-01-09T08:49:50Z", "26.85")
    assert first["note"] == "Request Payment 2017-01-10T08:34:44Z; Payment Handled 2017-01-12T16:31:22Z"


def test_nobody_becomes_a_user_and_an_unknown_role_is_called_so(bpi: InProcess) -> None:
    assert [user["login"] for user in bpi.ok("user list --json").json] == ["wang"]
    people = {row["person"]: row for row in bpi.ok("report turnaround --by person --json").json}
    assert people["role:unknown"]["returns"] == 89
    assert people["role:SUPERVISOR"]["decided"] == 9_999 + 286


def events() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    with gzip.open(DATA, "rt", encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            found.setdefault(row["case_id"], []).append(row)
    return found


def test_every_decision_keeps_its_time_and_the_offsets_count(bpi: InProcess) -> None:
    kept, naive = [], []
    for rows in events().values():
        for before, row in pairwise(rows):
            if row["activity"] == FINAL:
                one, two = (datetime.fromisoformat(each["timestamp"]) for each in (before, row))
                kept.append((row["case_id"], (two - one).total_seconds() * 1000))
                naive.append((two.replace(tzinfo=None) - one.replace(tzinfo=None)).total_seconds() * 1000)
    sql = (
        "SELECT r.external_id, p.closed_at - p.opened_at FROM step p JOIN request r ON r.id = p.request_id "
        "WHERE p.name = 'SUPERVISOR' AND p.state = 'approved' ORDER BY r.id, p.revision, p.position"
    )
    with store.open_read(str(bpi.db)) as door:
        stored = door.rows(sql)
    assert stored == kept
    wrong = [abs(span - other) for (_, span), other in zip(stored, naive, strict=True) if span != other]
    assert (len(wrong), set(wrong)) == (101, {3_600_000})


def test_no_vote_of_the_log_is_dropped(bpi: InProcess) -> None:
    told = [row for rows in events().values() for row in rows if re.search(r"APPROVED|REJECTED", row["activity"])]
    with store.open_read(str(bpi.db)) as door:
        counts: dict[str, int] = dict(door.rows("SELECT verdict, count(*) FROM decision GROUP BY verdict"))
    assert sum(counts.values()) == len(told)
    assert counts == {"approve": 21_492, "reject": 1_365, "return": 89, "withdraw": 1_350}


def test_the_file_comes_in_once_and_the_journal_holds(bpi: InProcess) -> None:
    again = bpi.ok("import", str(DATA), "--mapping", str(EXAMPLE / "mapping.toml")).out
    assert "requests: 0 created, 0 updated, 10,222 unchanged, 0 rows rejected" in again
    assert bpi.ok("audit verify --json").json["clean"] is True


def test_the_commands_of_the_readme_can_be_typed(bpi: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = re.findall(r"^opp (.*)$", (EXAMPLE / "README.md").read_text("utf-8"), re.MULTILINE)
    reads = [line.partition(" | ")[0] for line in lines if not line.startswith(("init", "import"))]
    assert len(reads) == 5 and len(lines) == 8
    codes = [bpi(*shlex.split(line)).code for line in reads]
    assert codes == [0] * len(reads)
