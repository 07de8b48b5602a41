"""Eight people who work at the same time, each in a process: what was acknowledged is there, once, and nothing else
goes wrong than what the manual says. OPP_MINUTES=10 takes twice ten minutes; that nothing is lost among eight writers
is tried in seconds by `tests/store/test_locks.py`."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from approvals_office import POLICY, Office
from command_line import InProcess
from eight import DEALS

from oppcli import store

MINUTES = float(os.environ.get("OPP_MINUTES", "0"))
DOCUMENTED = {0, 4, 5, 6, 7}
"""Done, not one's seat, a conflict, busy, a gate: all that may be answered to a line that is right."""
FOUND = {
    "add": "SELECT title, 'D-' || id FROM deal",
    "note": "SELECT text, 'A-' || id FROM activity",
    "task": "SELECT title, 'T-' || id FROM task",
    "edit": "SELECT changes, '' FROM journal WHERE noun = 'task' OR noun = 'deal'",
    "ask": "SELECT changes || meta, '' FROM journal WHERE noun = 'request'",
    "decide": "SELECT changes || meta, '' FROM journal WHERE noun = 'request'",
    "pay": "SELECT changes, '' FROM journal WHERE noun = 'payment'",
}


@pytest.mark.skipif(not MINUTES, reason="OPP_MINUTES=10 takes twice ten minutes")
def test_what_eight_people_were_told_is_done_is_there_once(opp_on_both: InProcess, tmp_path: Path) -> None:
    opp = opp_on_both
    del opp.env["OPP_NOW"]
    office = Office(opp, POLICY + '[payment]\nwho = "role:finance"\n')
    for number in range(1, DEALS + 1):
        office.ok("li", f"lead add 商机{number} --customer 客户{number} --amount 800000")
    logins = ["li", "chen", "zhao", "tang", "li", "chen", "zhao", "tang"]
    command = [sys.executable, str(Path(__file__).with_name("eight.py")), str(opp.folder)]
    people = [
        subprocess.Popen(
            [*command, login, str(MINUTES * 60), str(number), opp.env["OPP_DB"]], stdout=subprocess.PIPE, text=True
        )
        for number, login in enumerate(logins)
    ]
    told = [json.loads(line) for each in people for line in each.communicate()[0].splitlines()]
    counted = Counter(f"{each['what']} {each['code']}" for each in told)
    sys.stderr.write(json.dumps(counted, sort_keys=True, indent=1))
    assert [each for each in told if each["code"] not in DOCUMENTED] == []
    assert [each.returncode for each in people] == [0] * len(people)
    assert {name for name in FOUND if not counted[f"{name} 0"]} == set()
    assert lost(opp, told) == []
    assert opp("db check", user="tang").code == 0
    assert opp("audit verify", user="tang").code == 0


def lost(opp: InProcess, told: list[dict[str, Any]]) -> list[Any]:
    """What was acknowledged and is not there, or twice; numbers that were given twice."""
    again = re.compile(r"R-\d+: ")  # whoever decides the same once more is told when they did
    done = [each for each in told if each["code"] == 0 and each["what"] in FOUND and not again.match(each["id"])]
    ids = Counter(each["id"] for each in done if each["what"] in ("add", "note", "task"))
    found: list[Any] = [name for name, times in ids.items() if times > 1]
    with store.open_read(opp.env["OPP_DB"]) as door:
        ((entries, last),) = door.rows("SELECT count(*), max(seq) FROM journal")
        held = {what: door.rows(sql) for what, sql in FOUND.items()}
    texts = {what: "\n".join(str(text) for text, _ in rows) + "\n" for what, rows in held.items()}
    numbers = {name: text for what in ("add", "note", "task") for text, name in held[what]}
    for each in done:
        if each["what"] in ("add", "note", "task"):
            found += [] if numbers.get(each["id"]) == each["word"] else [each]
        elif not any(f"{each['word']}{end}" in texts[each["what"]] for end in ('"', "\n", " ")):
            found.append(each)
    return found + ([] if entries == last else [f"{entries} entries, the last is e{last}"])
