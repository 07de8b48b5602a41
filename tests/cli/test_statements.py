"""How often the everyday commands of approvals ask the database, on the demo: an upper bound for every deal of it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from command_line import InProcess
from heard import heard
from kept import NOW, Kept

Ask = Callable[[str, str], tuple[int, int]]
DEALS = range(1, 102)


@pytest.fixture
def demo(english_demo: Kept) -> Iterator[Kept]:
    before = english_demo.opp.db.read_bytes()
    yield english_demo
    english_demo.opp.db.write_bytes(before)


@pytest.fixture
def ask(demo: Kept, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Types a line on the demo; returns its exit code and how many SELECTs were sent."""
    said = heard(monkeypatch)
    opp = InProcess(Path(demo.opp.folder))
    opp.env["OPP_DB"] = str(demo.place / "opp.db")

    def typed(who: str, line: str) -> tuple[int, int]:
        said.clear()
        code = opp(line, user=who, now=NOW).code
        return code, sum(statement.lstrip().startswith("SELECT") for statement in said)

    return typed


def test_gate_sends_at_most_nine_statements(ask: Ask) -> None:
    sent = [count for code, count in (ask("reed", f"gate D-{deal}") for deal in DEALS) if code == 0]
    assert (len(sent) > 20, max(sent) <= 9) == (True, True)


def test_advance_sends_at_most_ten(ask: Ask) -> None:
    sent = [ask("reed", f"advance D-{deal} --dry-run") for deal in DEALS]
    assert {code for code, _ in sent} >= {0, 5, 7}
    assert max(count for _, count in sent) <= 10


def test_approve_sends_at_most_eight(ask: Ask, demo: Kept) -> None:
    opp = InProcess(Path(demo.opp.folder))
    opp.env["OPP_DB"] = str(demo.place / "opp.db")
    pending = opp("request list --state pending -o json", user="reed", now=NOW).json
    sent = [ask(row["waiting_on"][0], f"approve {row['id']} --dry-run") for row in pending]
    assert {code for code, _ in sent} == {0}
    assert max(count for _, count in sent) <= 8


def test_note_sends_at_most_seven(ask: Ask) -> None:
    lines = ("note D-{} 'call: hi'", "note D-{} 'busy -> fri call again'", "note D-{} 'visit: hi -> +3d offer'")
    sent = [ask("reed", f"{line.format(deal)} --dry-run") for deal in DEALS for line in lines]
    assert {code for code, _ in sent} >= {0, 5}
    assert max(count for _, count in sent) <= 7


def test_task_and_done_send_at_most_eight(ask: Ask, demo: Kept) -> None:
    assert ask("reed", "task add x --for D-92 --dry-run")[1] <= 8
    task = demo.opp.ok("task add x --for D-92 -q", user="reed").out.strip()
    code, sent = ask("reed", f"done {task} --dry-run")
    assert (code, sent <= 8) == (0, True)


def test_show_sends_at_most_eighteen_of_a_deal_however_many_requests_it_has_and_thirteen_of_a_request(
    ask: Ask, demo: Kept
) -> None:
    requests = demo.opp.ok("request list --ids").out.split()
    deals = [ask("reed", f"show D-{deal}") for deal in DEALS]
    asked = [ask("reed", f"show {request}") for request in requests]
    assert {code for code, _ in (*deals, *asked)} == {0}
    assert (max(count for _, count in deals) <= 18, max(count for _, count in asked) <= 13) == (True, True)
    assert len(requests) > 100


def test_show_sends_as_many_in_chinese(ask: Ask) -> None:
    sent = {lang: [ask("reed", f"--lang {lang} show D-{deal}") for deal in DEALS] for lang in ("en", "zh")}
    assert sent["zh"] == sent["en"]
    assert {code for code, _ in sent["en"]} == {0}


def test_next_sends_at_most_ten_of_one_person_and_of_a_team(ask: Ask) -> None:
    people = ("reed", "kim", "okafor", "ortiz", "fischer")
    sent = [ask(who, f"next {of}".strip()) for who in people for of in ("", "--team me", "--days 30 -o json")]
    assert {code for code, _ in sent} == {0}
    assert max(count for _, count in sent) <= 10
