"""Who may do what: every verb by everybody, typed on both engines, against the table that was decided."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import InProcess
from matrix import (
    ASKED,
    FIRST,
    FREE,
    HERS,
    LETTERS,
    LINES,
    NOTHING_TO_DO,
    OTHERS,
    OWNED,
    PEOPLE,
    PLAIN,
    R_ASKED,
    R_GIVEN,
    R_HERS,
    R_HERS_GIVEN,
    UNOWNED,
    cells,
    line_of,
    team,
)
from postgres import administer

from oppcli.rules import verbs
from oppcli.store import backup

CELLS = cells()
CASES = {name: "".join(_cells) for name, (_cells, _) in CELLS.items()}
CASES |= {
    "deal edit won": "y.........",
    "delegate add other": "y.........",
    "delegate end other": "y.........",
    "user edit own": "yyyyyyyyy.",
    "import people": "y.........",
    "import trusted": "y.........",
}
"""What the notes of the table say, too."""


DOCS = Path(__file__).parents[2] / "docs" / "trust.md"
MARKS = ("<!-- verbs -->\n", "<!-- /verbs -->")


def table() -> str:
    """The program's table as docs/trust.md shows it."""
    lines = [f"| verb | {' | '.join(LETTERS)} | signed | |", f"|---|{'---|' * (len(LETTERS) + 2)}"]
    for name in verbs.names():
        row = verbs.verb(name)
        told = ["y" if one in row.may else "u" if one in row.unowned else "." for one in LETTERS]
        notes = ["-m"] if row.needs_reason else []
        notes += ["not with a part"] if verbs.PART in row.bars else []
        notes += ["also who decided last"] if row.last else []
        lines.append(f"| `{name}` | {' | '.join(told)} | {'S' if row.signed else ''} | {', '.join(notes)} |")
    return "\n".join(lines) + "\n"


class Team:
    """The team on one engine; nothing that is typed changes it."""

    def __init__(self, opp: InProcess, given: dict[str, str], db: str) -> None:
        self.opp, self.given = opp, given
        self.opp.env["OPP_DB"] = db

    def __call__(self, who: str, name: str, deal: str = ASKED) -> int:
        return self.code(who, self.line(who, name, deal))

    def line(self, who: str, name: str, deal: str = ASKED) -> str:
        return line_of(name, who, self.given, deal)

    def code(self, who: str, line: str, *, dry: bool = True) -> int:
        return self.opp(f"{line} -n" if dry else line, user=who).code


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[InProcess, dict[str, str]]:
    """The team on SQLite."""
    opp = InProcess(tmp_path_factory.mktemp("matrix"))
    return opp, team(opp)


@pytest.fixture(scope="module")
def server(made: tuple[InProcess, dict[str, str]], pg_server: str) -> Iterator[str]:
    """The same on PostgreSQL."""
    folder = made[0].folder
    administer(pg_server, "CREATE DATABASE matrix TEMPLATE opp_new")
    backup.back_up(str(folder / "opp.db"), folder / "copy.db")
    backup.restore(folder / "copy.db", pg_server.format("matrix"))
    yield pg_server.format("matrix")
    administer(pg_server, "DROP DATABASE matrix WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def office(made: tuple[InProcess, dict[str, str]], request: pytest.FixtureRequest) -> Team:
    """The team on either engine."""
    opp, given = made
    file = str(opp.folder / "opp.db")
    return Team(opp, given, file if request.param == "sqlite" else str(request.getfixturevalue("server")))


def test_the_programs_table_is_the_one_that_was_decided() -> None:
    told = {}
    for name in CASES:
        row = verbs.verb(name)
        told[name] = "".join("y" if one in row.may else "u" if one in row.unowned else "." for one in LETTERS)
    assert told == CASES
    assert {name: verbs.signed(name) for name in CELLS} == {name: signed for name, (_, signed) in CELLS.items()}


def test_every_verb_of_the_table_is_typed_here() -> None:
    elsewhere = {"db upgrade", "anyway"}  # the latter is a flag of what writes: `test_merging`
    assert set(CASES) == set(LINES)
    assert set(verbs.names()) - set(CASES) <= elsewhere


def test_the_manual_has_the_table_of_the_program() -> None:
    text = DOCS.read_text(encoding="utf-8")
    before, _, rest = text.partition(MARKS[0])
    after = rest.partition(MARKS[1])[2]
    written = f"{before}{MARKS[0]}{table()}{MARKS[1]}{after}"
    if os.environ.get("GOLDEN") == "write":
        DOCS.write_text(written, encoding="utf-8")
    assert written == text


def test_everybody_may_what_the_table_says_and_nothing_else(office: Team) -> None:
    found, wanted = {}, {}
    for name, row in CASES.items():
        people = PEOPLE | OTHERS.get(name, {})
        found[name] = {one: office(people[one], name, OWNED.get(name, ASKED)) for one in LETTERS}
        may = 5 if name in FIRST else NOTHING_TO_DO.get(name, 0)
        wanted[name] = {one: may if cell == "y" else 4 for one, cell in zip(LETTERS, row, strict=True)}
    assert {name: codes for name, codes in found.items() if codes != wanted[name]} == {}


def test_what_nobody_owns_everybody_may_change_but_a_service(office: Team) -> None:
    rows = {name: row for name, row in CASES.items() if "u" in row}
    found = {
        name: {one: office(PEOPLE[one], name, UNOWNED.get(name, FREE)) for one in LETTERS if one not in "LOC"}
        for name in rows
    }
    wanted = {
        name: {one: 4 if cell == "." else 0 for one, cell in zip(LETTERS, row, strict=True) if one not in "LOC"}
        for name, row in rows.items()
    }
    assert found == wanted


def test_who_was_deactivated_may_nothing(office: Team) -> None:
    assert {name: office("dan", name) for name in CASES} == dict.fromkeys(CASES, 4)


def test_bars_win_over_every_relation(office: Team) -> None:
    barred = {
        "an admin ends what they submitted": office.code("ada", f"request cancel {R_HERS} -m x"),
        "an admin overrides what they submitted": office.code("ada", f"request override {R_HERS} -m x"),
        "an admin rebases what they submitted": office.code("ada", f"request rebase {R_HERS} -m x"),
        "an admin revokes what they submitted": office.code("ada", f"request revoke {R_HERS_GIVEN} -m x"),
        "an admin waives what was asked of them": office.code("ada", f"request met {R_HERS_GIVEN} 1 --waive -m x"),
        "a seat for a service": office.code("han", f"request add-approver {R_ASKED} --beside bot"),
        "a seat for a collaborator": office.code("han", f"request transfer {R_ASKED} --to chen -m x"),
        "an admin takes a seat": office.code("root", f"request transfer {R_ASKED} --to root -m x"),
        "an admin takes another's authority": office.code("root", "delegate add --from vic --to root --end 2026-06-01"),
        "a deal for a service": office.code("root", f"deal assign {PLAIN} --to bot"),
        "an edit that assigns": office.code("chen", f"deal edit {PLAIN} --owner chen"),
    }
    fives = ("a seat for a service", "a seat for a collaborator")
    assert barred == {what: 5 if what in fives else 4 for what in barred}


def test_the_notes_of_the_table_hold(office: Team) -> None:
    may = {
        "who decided last revokes": office.code("han", f"request revoke {R_GIVEN} -m x"),
        "either side ends a delegation": office.code("hua", f"delegate end {office.given['vic']}"),
        "another admin ends it": office.code("root", f"request cancel {R_HERS} -m x"),
        "an admin gives a seat on": office.code("root", f"request transfer {R_ASKED} --to hua -m x"),
        "a superior hands a leaver's deals to themselves": office.code("wang", "user deactivate li --successor wang"),
    }
    assert may == dict.fromkeys(may, 0)
    assert office.code("root", f"deal show {HERS}", dry=False) == 0


def test_without_a_reason_what_needs_one_is_a_slip(office: Team) -> None:
    needing = [name for name in CASES if verbs.verb(name).needs_reason]
    assert len(needing) >= 12
    found = {}
    for name in needing:
        row = verbs.verb(name)
        who = next(PEOPLE[one] for one in LETTERS if one in row.may)
        line, _, _ = office.line(who, name, OWNED.get(name, ASKED)).partition(" -m ")
        found[name] = office.code(who, line)
    assert found == dict.fromkeys(needing, 2)


@pytest.mark.parametrize("line", ["deal list", f"deal show {ASKED}", "request list", f"request plan {PLAIN} sign"])
def test_everybody_reads(office: Team, line: str) -> None:
    assert {who: office.code(who, line, dry=False) for who in PEOPLE.values()} == dict.fromkeys(PEOPLE.values(), 0)
