"""Approval logs become requests: what each verb does, how cases end, what comes the second time, what is refused."""

import csv
import gc
import gzip
import json
import random
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sales import POLICY

from oppcli import store
from oppcli.files import sorting
from oppcli.files.course import Course, Event, course
from oppcli.files.reading import Problem
from oppcli.files.verbs import IGNORE, NOTE, SUBMIT, VERBS

MAPPING = """
kind   = "requests"
system = "old"

[fields]
external_id = "case"
type        = { constant = "discount" }
activity    = "what"
at          = "when"
role        = "role"
person      = "who"
reason      = "why"

[activities]
saved    = "ignore"
sent     = "submit"
yes      = { boss = "final", else = "approve" }
no       = "reject"
question = "return"
back     = "recall"
paid     = "note"

[deal]
external_id = "case"
title       = { template = "Case {case}" }
stage       = { constant = "报价" }
"""
HEADER = "case,what,when,role,who,why"


class Log:
    """A team, a mapping, and logs that are imported."""

    def __init__(self, opp: Any, folder: Path, mapping: str = MAPPING) -> None:
        self.opp, self.folder = opp, folder
        (folder / "policy.toml").write_text(POLICY)
        (folder / "m.toml").write_text(mapping)

    def begin(self) -> "Log":
        self.opp.ok("init --policy policy.toml")
        return self

    def take(self, *lines: str, code: int = 0) -> str:
        (self.folder / "log.csv").write_text("\n".join((HEADER, *lines)) + "\n")
        answer = self.opp("import log.csv --mapping m.toml")
        assert answer.code == code, answer.err + answer.out
        return str(answer.out + answer.err)

    def request(self, name: str = "R-1") -> Any:
        return self.opp.ok(f"request show {name} --json").json

    def rejects(self) -> list[tuple[str, str]]:
        with (self.folder / "log.csv.rejects.csv").open(newline="") as stream:
            return [(row["_line"], row["_error"]) for row in csv.DictReader(stream)]


@pytest.fixture
def log(opp, tmp_path: Path) -> Log:
    return Log(opp, tmp_path).begin()


def at(day: int, hour: int = 9) -> str:
    return f"2026-01-{day:02}T{hour:02}:00:00.250+01:00"


def line(what: str, day: int, role: str = "", who: str = "", case: str = "A", why: str = "") -> str:
    return f"{case},{what},{at(day)},{role},{who},{why}"


def test_a_case_keeps_its_times_its_actors_and_its_revisions(log: Log) -> None:
    log.opp.ok("user add chen --name 陈工 --role sales")
    log.take(
        line("saved", 1, "seller", "chen"),
        line("sent", 2, "seller", "陈工"),
        line("no", 3, "legal", "Ms. Law", why="terms"),
        line("sent", 5, "seller", "陈工"),
        line("yes", 6, "legal", "Ms. Law"),
        line("yes", 7, "boss"),
        line("paid", 9),
    )
    found = log.request()
    assert (found["state"], found["revision"], found["submitted_by"], found["channel"]) == (
        "approved", 2, "chen", "import",
    )  # fmt: skip
    assert (found["submitted_at"], found["decided_at"]) == ("2026-01-02T08:00:00.250Z", "2026-01-07T08:00:00.250Z")
    assert found["note"] == "paid 2026-01-09T08:00:00.250Z"
    assert [(d["revision"], d["step"], d["actor"], d["actor_name"], d["verdict"]) for d in found["decisions"]] == [
        (1, "legal", "role:legal", "Ms. Law", "reject"),
        (2, "legal", "role:legal", "Ms. Law", "approve"),
        (2, "boss", "role:boss", "boss", "approve"),
    ]
    assert found["decisions"][0]["reason"] == "terms"
    assert [(s["opened_at"], s["closed_at"]) for s in found["steps"]] == [
        ("2026-01-05T08:00:00.250Z", "2026-01-06T08:00:00.250Z"),
        ("2026-01-06T08:00:00.250Z", "2026-01-07T08:00:00.250Z"),
    ]
    assert [r["why"] for r in found["revisions"]] == ["submitted", "resubmitted"]
    assert len(log.opp.ok("user list --json").json) == 2
    assert log.opp.ok("audit verify --json").json["clean"] is True
    assert {row["ok"] for row in log.opp.ok("db check --json").json} == {True}


ENDS = [
    (("sent", "yes:boss"), "approved", 1),
    (("sent", "yes:legal"), "cancelled", 1),
    (("sent",), "cancelled", 0),
    (("sent", "no"), "rejected", 1),
    (("sent", "no", "back"), "rejected", 2),
    (("sent", "back"), "recalled", 1),
    (("sent", "question"), "cancelled", 1),
    (("sent", "yes:boss", "question"), "invalidated", 2),
    (("sent", "yes:boss", "sent"), "invalidated", 1),
    (("sent", "yes:boss", "no", "sent", "yes:boss"), "approved", 3),
    (("sent", "no", "yes:boss"), "approved", 2),
    (("sent", "yes:boss", "paid"), "approved", 1),
]


def test_a_request_ends_as_the_last_event_says_and_keeps_every_vote(log: Log) -> None:
    lines = [
        f"C{number},{word.partition(':')[0]},{at(day)},{word.partition(':')[2]},,"
        for number, (words, _, _) in enumerate(ENDS)
        for day, word in enumerate(words, 1)
    ]
    said = log.take(*lines)
    assert f"{len(ENDS)} created" in said and "3 requests without an end imported as cancelled" in said
    found = [log.request(f"R-{number}") for number in range(1, len(ENDS) + 1)]
    assert [(each["state"], len(each["decisions"])) for each in found] == [(state, votes) for _, state, votes in ENDS]
    assert [each["revision"] for each in found] == [1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 1]
    assert found[2]["reason"] == "imported without an end: sent was the last of it"
    assert found[10]["revisions"][1]["why"] == "continued"
    assert log.opp.ok("inbox --json").json == []


def test_a_wait_begins_with_the_event_before_it_whatever_that_was(log: Log) -> None:
    log.take(line("sent", 1), line("paid", 2), line("yes", 3, "legal"), line("saved", 5), line("yes", 6, "boss"))
    rows = log.opp.ok("report turnaround --json --over 24h").json
    assert [(row["step"], row["median_hours"], row["over"]) for row in rows] == [("legal", 24.0, 0), ("boss", 24.0, 0)]


def test_an_approval_that_was_revoked_here_stays_revoked(log: Log) -> None:
    rows = (line("sent", 1), line("yes", 2, "boss"))
    log.take(*rows)
    log.opp.ok("request revoke R-1 -m wrong")
    assert "0 updated, 1 unchanged" in log.take(*rows)
    log.take(*rows, line("paid", 3))
    assert (log.request()["state"], log.request()["note"]) == ("invalidated", "paid 2026-01-03T08:00:00.250Z")


def test_rows_of_a_case_may_lie_apart_and_a_role_may_be_unknown(log: Log) -> None:
    log.take(
        line("sent", 1, case="B"), line("sent", 2, case="A"), line("no", 3, case="B", who="Somebody"),
        line("yes", 4, "boss", case="A"),
    )  # fmt: skip
    first, second = log.request("R-1"), log.request("R-2")
    assert (first["external_id"], first["state"]) == ("B", "rejected")
    assert [(d["step"], d["actor"], d["actor_name"]) for d in first["decisions"]] == [
        ("unknown", "role:unknown", "Somebody")
    ]
    assert (second["external_id"], second["state"]) == ("A", "approved")


def test_a_log_that_grew_is_continued_and_one_that_was_changed_is_refused(log: Log) -> None:
    begun = (line("sent", 1), line("yes", 2, "legal"))
    log.take(*begun)
    assert log.request()["state"] == "cancelled"
    assert "0 created, 0 updated, 1 unchanged" in log.take(*begun)
    assert "0 created, 1 updated, 0 unchanged" in log.take(*begun, line("yes", 3, "boss"))
    assert (log.request()["state"], log.request()["reason"]) == ("approved", None)
    log.take(line("sent", 1), line("no", 2, "legal"), code=9)
    assert log.rejects()[0] == ("2", "external_id: A was imported with other events (R-1)")
    assert {row["ok"] for row in log.opp.ok("db check --json").json} == {True}


def test_a_case_is_rejected_whole_with_the_reason(log: Log) -> None:
    said = log.take(
        line("sent", 1, case="good"), line("yes", 2, "boss", case="good"),
        line("sent", 1, case="word"), line("ja", 2, "boss", case="word"),
        line("yes", 2, "boss", case="early"),
        "date,sent,yesterday,,,",
        ",sent,2026-01-01,,,",
        "future,sent,2099-01-01,,,",
        code=9,
    )  # fmt: skip
    assert "1 created, 0 updated, 0 unchanged, 6 rows rejected" in said
    errors = dict(log.rejects())
    assert errors["4"] == "its case has a row that is rejected: line 5"
    assert errors["5"].startswith("activity: ja is not in [activities]")
    assert errors["6"] == "yes on line 6, and nothing was submitted before it"
    assert errors["7"].startswith("at: yesterday depends on today")
    assert errors["8"] == "external_id: is blank or too long"
    assert errors["9"].endswith("is in the future")


def test_deals_are_found_by_their_id_and_history_does_not_overtake_what_was_asked_here(opp, tmp_path: Path) -> None:
    head = MAPPING.partition("[deal]")[0].replace('"case"\n', '"case"\n', 1)
    log = Log(opp, tmp_path, head + '[deal]\nexternal_id = "who"\n').begin()
    (tmp_path / "deals.csv").write_text("id,title,amount,discount\nX,Plant,100,20\nY,Line,100,20\n")
    (tmp_path / "deals.toml").write_text(
        'system = "old"\n[fields]\nexternal_id = "id"\ntitle = "title"\namount = "amount"\ndiscount = "discount"\n'
        'stage = { constant = "报价" }\n'
    )
    opp.ok("import deals.csv --mapping deals.toml")
    log.take(
        "A,sent,2026-01-01,,X,", "A,yes,2026-01-02,boss,,", "B,sent,2026-01-03,,X,", "N,sent,2026-01-03,,Z,", code=9
    )
    assert [(log.request(name)["deal"], log.request(name)["state"]) for name in ("R-1", "R-2")] == [
        ("D-1", "approved"), ("D-1", "cancelled"),
    ]  # fmt: skip
    assert log.request("R-1")["snapshot"] == {"amount": "100.00", "discount": "20"}
    assert log.rejects() == [("5", "[deal] external_id: there is no deal Z of old")]
    opp.ok("user add li --role admin")
    opp.ok("request submit D-2 discount")
    log.take("M,sent,2026-01-01,,Y,", code=9)
    assert "D-2 has R-3 of this type from here already" in log.rejects()[0][1]


def test_people_become_users_only_where_it_is_asked_for(opp, tmp_path: Path) -> None:
    log = Log(opp, tmp_path, MAPPING.replace('"who"\n', '{ column = "who", create = true }\n')).begin()
    said = log.take(line("sent", 1, "seller", "Li Lei"), line("yes", 2, "boss", "Ada Boss"))
    assert "1 deal, 2 people and 0 customers added" in said
    assert [d["actor"] for d in log.request()["decisions"]] == ["ada.boss"]


def test_what_does_not_fit_is_told_at_once(opp, tmp_path: Path) -> None:
    wrong = (
        MAPPING.replace('constant = "discount"', 'constant = "discont"')
        .replace('saved    = "ignore"', 'saved    = "ignored"')
        .replace('"final"', '"approve"')
        .replace("title       = { template", "titel       = { template")
        .replace('reason      = "why"', 'reason      = "wy"')
    )
    log = Log(opp, tmp_path, wrong).begin()
    said = log.take(line("sent", 1), code=8)
    assert "6 problems" in said
    assert "saved 'ignored': use submit, approve" in said
    assert "[fields] reason" in said and "no column 'wy'" in said
    assert "the policy has no type discont; did you mean discount?" in said
    assert 'nothing is "final"' in said
    assert "[deal] title" in said and "[deal] titel" in said


def test_a_seller_imports_no_approvals(log: Log) -> None:
    log.opp.ok("user add li --role sales")
    (log.folder / "log.csv").write_text(f"{HEADER}\n{line('sent', 1)}\n")
    assert log.opp("import log.csv --mapping m.toml", user="li").code == 4


def test_a_dry_run_writes_nothing(log: Log) -> None:
    before = (log.folder / "opp.db").read_bytes()
    (log.folder / "log.csv").write_text(f"{HEADER}\n{line('sent', 1)}\n")
    assert "requests: 1 to create" in log.opp.ok("import log.csv --mapping m.toml --dry-run").out
    assert (log.folder / "opp.db").read_bytes() == before


def test_a_gzipped_file_is_unpacked_and_a_cut_off_one_is_refused(log: Log) -> None:
    packed = gzip.compress(f"{HEADER}\n{line('sent', 1)}\n{line('yes', 2, 'boss')}\n".encode())
    (log.folder / "log.csv.gz").write_bytes(packed)
    assert "1 created" in log.opp.ok("import log.csv.gz --mapping m.toml").out
    assert "1 unchanged" in log.opp.ok("import - --mapping m.toml", stdin=packed).out
    (log.folder / "cut.csv.gz").write_bytes(packed[:-12])
    answer = log.opp("import cut.csv.gz --mapping m.toml")
    assert answer.code == 2 and "cut.csv.gz cannot be unpacked" in answer.err


def test_both_engines_keep_the_same_history(opp, tmp_path: Path, pg_url: str) -> None:
    from oppcli.store import schema

    Log(opp, tmp_path)
    rows = [line("sent", 1), line("no", 2, "legal"), line("sent", 3), line("yes", 4, "boss")]
    (tmp_path / "log.csv").write_text("\n".join((HEADER, *rows)) + "\n")
    schema.remove(pg_url)
    found = []
    for url in (str(tmp_path / "opp.db"), pg_url):
        opp.ok("init --policy policy.toml", env={"OPP_DB": url})
        opp.ok("import log.csv --mapping m.toml", env={"OPP_DB": url})
        opp.ok("import log.csv --mapping m.toml", env={"OPP_DB": url})
        found.append(opp.ok("request show R-1 --json", env={"OPP_DB": url}).json)
        found.append(opp.ok("report turnaround --by type --json --over 7d", env={"OPP_DB": url}).json)
    assert found[:2] == found[2:]
    assert (found[1][0]["rejected"], found[1][0]["then_approved"]) == (1, 1)


verbs = st.lists(st.tuples(st.sampled_from(VERBS), st.integers(0, 9)), max_size=12)


@given(verbs)
def test_whatever_the_log_says_no_vote_is_lost_and_nothing_is_pending(said: list[tuple[str, int]]) -> None:
    events = [Event(n, at, verb, verb, "s", None, None, None) for n, (verb, at) in enumerate(said)]
    found = course(events)
    asked = [event for event in events if event.verb not in (NOTE, IGNORE)]
    if not asked:
        assert found is None
    elif asked[0].verb != SUBMIT:
        assert type(found) is Problem
    else:
        assert isinstance(found, Course)
        votes = [event for event in asked if event.verb != SUBMIT]
        assert [vote.event for vote in found.votes] == votes
        assert found.state in ("approved", "rejected", "recalled", "cancelled", "invalidated")
        assert (found.state in ("approved", "invalidated")) == any(event.verb == "final" for event in asked)
        assert (found.state == "invalidated") == (found.invalidated_at is not None)
        assert found.decided_at is not None
        assert [vote.revision for vote in found.votes] == sorted(vote.revision for vote in found.votes)
        waits = [vote.event.at - vote.opened_at for vote in found.votes if vote.opened_at is not None]
        assert all(wait >= 0 for wait in waits)


@given(st.lists(st.tuples(st.text(max_size=3), st.integers(0, 99), st.lists(st.text(max_size=3), max_size=2))))
def test_what_is_sorted_in_runs_is_sorted(items: list[tuple[str, int, list[str]]]) -> None:
    assert list(sorting.in_order(items, 3)) == sorted(items)


def test_memory_does_not_grow_with_the_log(monkeypatch: pytest.MonkeyPatch, opp, tmp_path: Path) -> None:
    from oppcli.files import cases, reading

    monkeypatch.setattr(sorting, "RUN", 400)
    monkeypatch.setattr(cases, "GROUPS", 100)
    monkeypatch.setattr(reading, "REMEMBERED", 256)
    Log(opp, tmp_path)
    peaks = []
    for count in (500, 2_000):
        env = {"OPP_DB": str(tmp_path / f"{count}.db")}
        opp.ok("init --policy policy.toml", env=env)
        rows = [text for n in range(count) for text in (f"C{n},sent,{at(1)},,,", f"C{n},yes,{at(2)},boss,,")]
        random.Random(7).shuffle(rows)
        rows.sort(key=lambda row: "yes" in row)
        (tmp_path / "log.csv").write_text("\n".join((HEADER, *rows)) + "\n")
        gc.collect()
        tracemalloc.start()
        opp.ok("import log.csv --mapping m.toml", env=env)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        with store.open_read(env["OPP_DB"]) as door:
            assert door.one("SELECT count(*) FROM request WHERE state = 'approved'") == (count,)
    assert peaks[1] < peaks[0] * 2  # four times the log; what is not the log varies with the garbage collector


FOLLOWED = (
    MAPPING.replace(
        'stage       = { constant = "报价" }',
        'stage = { column = "case.state", values = { approved = "赢单", rejected = "输单", cancelled = "报价" } }',
    )
    + """
[entered]
"报价" = "case.began"
"赢单" = "case.ended"
"输单" = "case.ended"
"""
)


def test_a_deal_that_a_log_made_follows_the_log(opp, tmp_path: Path) -> None:
    log = Log(opp, tmp_path, FOLLOWED).begin()
    sent = line("sent", 1)
    log.take(sent)
    assert log.opp.ok("deal list -o json").json[0]["stage"] == "报价"
    said = log.take(sent, line("no", 4, "boss"))
    assert "1 updated, 0 unchanged" in said and "1 deal changed with them" in said
    assert log.opp.ok("deal list -o json").json[0]["stage"] == "输单"
    said = log.take(sent, line("no", 4, "boss"), line("sent", 5), line("yes", 8, "boss"))
    assert "1 updated, 0 unchanged" in said and "1 deal changed with them" in said
    deal = log.opp.ok("deal list -o json").json[0]
    assert (deal["stage"], deal["closed_at"], deal["last_open_stage"]) == ("赢单", "2026-01-08T08:00:00.250Z", "报价")
    assert "0 updated, 1 unchanged" in log.take(sent, line("no", 4, "boss"), line("sent", 5), line("yes", 8, "boss"))
    assert {row["ok"] for row in log.opp.ok("db check --json").json} == {True}


def test_a_deal_that_people_moved_does_not_follow_its_log_nor_does_its_request(
    opp,
    tmp_path: Path,
) -> None:
    log = Log(opp, tmp_path, FOLLOWED).begin()
    log.take(line("sent", 1))
    log.opp.ok("advance D-1 --to 谈判")
    log.take(line("sent", 1), line("yes", 4, "boss"), code=9)
    assert log.rejects()[0] == ("2", "[deal] stage: the file moved it to 赢单, and it was moved to 谈判 here")
    assert (log.opp.ok("deal list -o json").json[0]["stage"], log.request()["state"]) == ("谈判", "cancelled")


def test_a_deal_that_was_there_before_its_log_is_taken_as_it_is(opp, tmp_path: Path) -> None:
    log = Log(opp, tmp_path, FOLLOWED).begin()
    (tmp_path / "deals.toml").write_text(
        'system = "old"\n[fields]\nexternal_id = "id"\ntitle = "id"\nstage = { constant = "谈判" }\n'
    )
    (tmp_path / "deals.csv").write_text("id\nA\n")
    log.opp.ok("import deals.csv --mapping deals.toml")
    log.take(line("sent", 1))
    log.take(line("sent", 1), line("yes", 4, "boss"))
    assert (log.opp.ok("deal list -o json").json[0]["stage"], log.request()["state"]) == ("谈判", "approved")


def test_imported_votes_say_who_imported_them_and_are_counted_apart(log: Log) -> None:
    log.take(line("sent", 2, "seller"), line("no", 3, "legal"), line("sent", 4, "seller"), line("yes", 6, "boss"))
    shown = log.opp.ok("request show R-1").out
    assert ("role:legal (imported by wang)" in shown, "role:boss (imported by wang)" in shown) == (True, True)
    assert [decision["by"] for decision in log.request()["decisions"]] == ["import", "import"]
    found = log.opp.ok("audit verify --json").json
    assert [found[name] for name in ("decisions", "proven", "claimed", "imported")] == [2, 0, 0, 2]
    assert list(found)[-6:] == ["decisions", "proven", "claimed", "imported", "redacted", "trial"]


DUE = MAPPING.replace('reason      = "why"', 'reason      = "why"\ndue         = "by"').replace(
    "[fields]", '[read]\ntimezone = "Europe/Berlin"\n[fields]', 1
)
DEADLINES = (
    "case,what,when,role,who,why,by",
    f"A,sent,{at(2)},seller,chen,,2026-01-05",
    f"A,yes,{at(5, 23)},boss,,,",
    f"B,sent,{at(2)},seller,chen,,",
    f"B,no,{at(6)},legal,,,2026-01-06T09:00:00.249+01:00",
    f"B,sent,{at(7)},seller,chen,,2026-01-09 09:00:01",
    f"B,yes,{at(9)},boss,,,",
)
LATE = "report turnaround -o csv --no-header -c type,step,decided,late,late_share"


def test_a_log_may_say_by_when_its_cases_were_to_be_decided(opp_on_both, tmp_path: Path) -> None:
    opp = opp_on_both
    log = Log(opp, tmp_path, DUE).begin()

    def typed(*lines: str, code: int = 0, mapping: str = DUE) -> str:
        (tmp_path / "log.csv").write_text("\n".join(lines) + "\n")
        (tmp_path / "m.toml").write_text(mapping)
        answer = opp("import log.csv --mapping m.toml")
        assert answer.code == code, answer.err + answer.out
        return str(answer.out + answer.err)

    def late() -> list[str]:
        return list(opp.ok(LATE).out.splitlines())

    typed(*DEADLINES)
    # The whole of a day; to the millisecond; what was said before the row, else what is said after it.
    assert late() == ["discount,boss,2,0,0", "discount,legal,1,1,1"]
    shown = log.request("R-2")["steps"]
    assert [(s["name"], s["due"], s["breached_at"]) for s in shown][-1:] == [("boss", "2026-01-09T08:00:01Z", None)]
    nodes = opp.ok("report nodes --kind step -o json -c node,on_time").json
    assert {row["node"]: row["on_time"] for row in nodes} == {"boss": 2, "legal": 0}
    assert "2 unchanged" in typed(*DEADLINES)
    assert "2 unchanged" in typed(*DEADLINES, mapping=DUE.replace('due         = "by"', ""))
    assert late()[1] == "discount,legal,1,1,1"

    later = (*DEADLINES[:4], DEADLINES[4].replace("2026-01-06T09:00:00.249+01:00", "2026-01-06"), *DEADLINES[5:])
    assert "1 updated, 1 unchanged" in typed(*later)
    assert late() == ["discount,boss,2,0,0", "discount,legal,1,0,0"]
    assert "due_at" in json.dumps(opp.ok("log R-2 -o json").json)
    assert "1 updated" in typed(*[line.rpartition(",")[0] + "," if line.startswith("A,") else line for line in later])
    assert late()[0] == "discount,boss,2,0,0"

    assert "expected YYYY-MM-DD" in typed(*later, "C,sent,2026-01-01,,,,31.12.", code=9)
    assert log.rejects()[0][0] == "8"
    told = typed(*later, mapping=DUE.replace('"by"', '"until"'), code=8)
    assert "[fields] due" in told and "has no column 'until'" in told
    assert "[fields] due" in typed(*later, mapping=DUE.replace('"by"', '{ constant = "soon" }'), code=8)
    assert {row["ok"] for row in opp.ok("db check --json").json} == {True}
