"""What a line names twice counts once and is told, however it is called: in any spelling, by its title, by the id of
what was merged into it."""

import pytest
from begun import begun
from command_line import InProcess
from test_several import BEHIND, EACH, FIRST, NOBODY, TOGETHER, WITH_ITS_TEXT, WRITES, command_of

OF_REFERENCES = sorted(
    line
    for line in set(WRITES) - WITH_ITS_TEXT - set(TOGETHER)
    if str(FIRST[line].name).rstrip("_") not in {*NOBODY, "login", "name"} or line == "undo"
)
"""Writes of what has a number."""
PREFIX = {"request": "R", "task": "T", "customer": "C", "contact": "P", "proposal": "S", "payment": "Y", "run": "e"}
PREFIX |= {"delegation": "G"}


@pytest.fixture
@begun
def team(opp: InProcess) -> InProcess:
    """D-2 was merged into D-4, C-2 into C-4, P-1 into P-2."""
    opp.ok("init --template b2b")
    for number in range(1, 5):
        opp.ok(f"add Deal{number} --customer Firm{number} --amount 100")
    for name in ("Wu", "Xu"):
        opp.ok(f"contact add {name} --customer Firm4")
    for refs in ("D-4 D-2", "C-4 C-2", "P-2 P-1"):
        opp.ok(f"merge {refs}")
    opp.ok("user add li --name Li")
    return opp


@pytest.mark.parametrize("line", OF_REFERENCES)
def test_what_is_written_is_named_once_in_any_spelling(team: InProcess, line: str) -> None:
    prefix = PREFIX.get(str(FIRST[line].name).rstrip("_"), "D")
    dash = "" if prefix == "e" else "-"
    text, wide, other = (
        f"{each}{dash}{number}" for each, number in ((prefix, 801), (prefix, "８01"), (prefix.swapcase(), 801))
    )
    why = "-m because" if command_of(line).explained else ""
    told = team(f"{line} {text},{wide},{other} {BEHIND.get(line, '')} {why} -n")
    assert told.code == 3, told.err
    assert f"{text} is named 3 times ({text}, {wide}, {other}) and counts once\n" in told.err
    assert (told.out, told.err.count("error:")) == ("", 1)


@pytest.mark.parametrize("path", sorted(path for path, param in EACH.items() if param.each == "request"))
def test_a_request_is_read_once_in_any_spelling(team: InProcess, path: str) -> None:
    told = team(f"{path} R-801,r-801,Ｒ-801")
    assert (told.code, told.err.count("error:")) == (3, 1)
    assert "R-801 is named 3 times" in told.err


@pytest.mark.parametrize(
    ("line", "refs", "name"),
    [
        ("advance {}", "D-2 D-4 d-4 Ｄ-4 4", "D-4"),
        ("deal edit {} --set amount=200", "D-2 D-4", "D-4"),
        ("deal assign {} --to li", "D-2 D-4", "D-4"),
        ("deal lose {} --reason price", "D-2 D-4", "D-4"),
        ("notices watch {}", "D-2 D-4", "D-4"),
        ("notices watch {}", "P-1 P-2", "P-2"),
        ("withdraw {} -m because", "D-2 D-4", "D-4"),
        ("customer edit {} --set tier=A", "C-2 C-4", "C-4"),
        ("customer erase {} -y -m because", "C-2 Firm4", "C-4"),
        ("contact edit {} --title CFO", "P-1 P-2", "P-2"),
        ("user edit {} --email li@example.com", "li Li", "user li"),
        ("unmerge {}", "D-2 d-2", "D-2"),
        ("undo {}", "e11 e12", "e11"),
    ],
)
def test_what_two_names_stand_for_is_written_once(team: InProcess, line: str, refs: str, name: str) -> None:
    first = refs.split()[0]
    for rest in (" -n", ""):
        begun = team.folder / "begun.db"
        begun.write_bytes(team.db.read_bytes())
        alone = team.ok(line.format(first) + rest)
        team.db.write_bytes(begun.read_bytes())
        told = team.ok(line.format(refs) + rest)
        assert told.out == alone.out
        assert f"{name} is named {len(refs.split())} times ({', '.join(refs.split())}) and counts once\n" in told.err


@pytest.mark.parametrize(
    ("line", "refs"),
    [
        ("show {}", "D-2 D-4"),
        ("show {}", "C-2 C-4"),
        ("deal show {}", "D-2 Deal4 D-4"),
        ("gate {}", "D-2,D-4"),
        ("timeline {}", "C-2 C-4"),
        ("contact show {}", "P-1 P-2"),
        ("user show {}", "li Li"),
    ],
)
def test_what_two_names_stand_for_is_read_once(team: InProcess, line: str, refs: str) -> None:
    told = team.ok(line.format(refs))
    assert told.out == team.ok(line.format(refs.replace(",", " ").split()[0])).out
    assert "and counts once\n" in told.err


def test_several_are_counted_as_the_things_that_they_are(team: InProcess) -> None:
    told = team.ok("advance D-1 D-2 D-4 d-1")
    assert told.out.count("Lead → Qualification") == 2
    assert "2 of 2 done" in told.err


def test_a_merged_record_and_what_it_went_into_are_two_in_the_journal(team: InProcess) -> None:
    whole = {row["id"] for row in team.ok("log D-2 D-4 --json").json}
    assert whole >= {"D-2", "D-4"}


def test_a_title_names_what_its_number_does_at_a_terminal_alone(team: InProcess) -> None:
    told = team("advance D-4 Deal4")
    assert (told.code, "is named" in told.err) == (9, False)
