"""`opp export ics`: a VTODO per open or lately ended task, under a UID that it keeps."""

import json
from datetime import UTC, date, datetime
from typing import Any

from icalendar import Calendar

AT = "--now 2026-03-0{}T09:00:00Z"


def todos(text: str) -> list[Any]:
    return Calendar.from_ical(text).walk("VTODO")


def test_a_task_keeps_its_uid_and_counts_its_versions(opp: Any) -> None:
    run = f"{AT.format(2)} --as wang"
    opp.ok("init --template b2b --lang en")
    opp.ok(f"{run} lead add 'MES 二期' --customer 上海精密 --source web --set 'next_step=发方案, 第一版'")
    opp.ok(f"{run} lead add ERP --customer Acme --source web --set next_step=Call --set next_step_on=2026-03-10")
    opp.ok(f"{run} deal edit D-1 --set next_step_on=2026-03-12")
    opp.ok(f"{run} deal edit D-2 --set next_step= --set next_step_on=")
    text = opp.ok(f"{AT.format(3)} export ics").out
    base = json.loads(opp.ok("export all").out.splitlines()[0])["database"]
    first, second = todos(text)
    assert (str(first["uid"]), first["sequence"]) == (f"opp-t1@{base}", 2)
    assert (first["due"].dt, str(first["summary"])) == (date(2026, 3, 12), "发方案, 第一版")
    assert "DUE;VALUE=DATE:20260312" in text and "D-1 · MES 二期 · 上海精密" in str(first["description"])
    assert (str(first["status"]), str(second["status"])) == ("NEEDS-ACTION", "CANCELLED")
    assert first["created"].dt == datetime(2026, 3, 2, 9, tzinfo=UTC)
    later = opp.ok("--now 2026-05-01T09:00:00Z export ics").out
    assert [str(each["uid"]) for each in todos(later)] == [f"opp-t1@{base}"]


def test_a_calendar_goes_into_a_file_and_nothing_else_does(opp: Any) -> None:
    opp.ok("init --template b2b --lang en")
    opp.ok("export ics -O tasks.ics")
    assert (opp.folder / "tasks.ics").read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    refused = opp("ls -O deals.ics")
    assert refused.code == 2 and "only opp export ics makes a calendar" in refused.err
    assert opp.ok("export ics -o json").json == []
