"""What was done before the letter went is not asked for in it."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from approvals_office import Office
from begun import settled
from command_line import InProcess


@pytest.fixture
@settled
def office(opp: InProcess) -> Office:
    """A team whose notices go to a program that keeps them."""
    keep = Path(opp.folder) / "kept"
    program = (
        f'command = ["{sys.executable}", "-c", "import sys; open(\'{keep}\', \'a\').write(sys.stdin.read() + chr(10))"]'
    )
    config = Path(opp.env["XDG_CONFIG_HOME"]) / "opp" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f'[notify.file]\nkind = "command"\n{program}\n', encoding="utf-8")
    made = Office(opp)
    made.deal()
    return made


def kept(office: Office) -> list[Mapping[str, Any]]:
    return [json.loads(line) for line in (Path(office.opp.folder) / "kept").read_text().splitlines()]


def test_a_decided_request_is_not_said_to_wait(office: Office) -> None:
    office.ok("li", "submit D-1 quote", at="09 09:00")
    office.ok("wang", "approve R-1", at="09 10:00")
    office.ok("root", "tick", at="09 11:00")
    letters = {letter["to"]["login"]: letter["text"] for letter in kept(office)}
    assert "zhou" in letters
    assert "wang" not in letters
    notices = office.ok("root", "notices list --all --json", at="09 12:00").json
    assert [(n["to"], n["kind"], n["state"]) for n in notices if n["to"] == "wang"] == [
        ("wang", "opened", "undeliverable")
    ]
