"""All kinds at once: both engines find the same, with few statements."""

from pathlib import Path

import pytest
from begun import settled
from command_line import InProcess
from heard import heard
from team import Team, instant
from test_entries import LOOSE
from test_imports import load
from test_votes import MUTUAL

from oppcli.store import backup

MOST = 17
"""Statements that may be sent for all kinds together."""


@pytest.fixture
@settled
def team(opp: InProcess) -> Team:
    """A team in whose three months everything went wrong that commands can do under a set clock."""
    made = Team(opp)
    made("ann", "user edit ann --manager bob")
    made.apply(MUTUAL, at="02 09:00")
    for day in ("02", "03"):
        for submitter, voter in (("cay", "dan"), ("dan", "cay")):
            made.now = instant(f"{day} 09:00")
            request = made.quote(made.deal(submitter), submitter)
            made(voter, f"approve {request}", at=f"{day} 10:00")
    made.apply(LOOSE, at="04 09:00")
    made("dan", "advance D-2 --to Contract", at="04 10:00")
    made.apply(MUTUAL, at="05 09:00")
    made("ann", "user add gus --role finance", at="05 10:00")
    made("ann", "delegate add --from fin --to bob --start now --end +9d", at="05 10:00")
    first, second, third = (made.quote(made.deal("ann"), "ann") for _ in range(3))
    made("cay", f"approve {first} {second}", at="06 09:00")
    made("gus", f"approve {first}", at="06 09:00")
    made("bob", f"approve {second}", at="06 10:00")
    made("ann", f"request transfer {third} --from cay --to bob -m away", at="06 11:00")
    made("bob", f"approve {third}", at="06 12:00")
    made("fin", f"request transfer {third} --to bob -m away", at="06 13:00")
    made.opp(f"approve {third}", user="bob", now=instant("06 14:00"))
    made("bob", "deal assign D-5 --to cay", at="09 09:00")
    for day in ("09", "10"):
        made.now = instant(f"{day} 09:00")
        made.deal(more="--amount 470000", customer="Small")
    override = made.quote(made.deal())
    made("ann", f"request override {override} -m now", at="11 09:00")
    load(made, "a,A,Contract,dan,600000,2026-01-01,,", "b,B,Won,dan,60000,2026-01-01,2026-02-01,", at="12 09:00")
    made.now = instant("28 09:00")
    for deal in [made.deal(more="--amount 1000", customer="Last") for _ in range(4)]:
        made("dan", f"win {deal}")
    made("bob", "deal reopen D-14 -m again", at="29 09:00")
    made("ann", "customer erase C-2 -m asked -y", at="30 09:00")
    return made


def test_both_engines_find_the_same_of_everything(team: Team, pg_url: str, tmp_path: Path) -> None:
    rows = team.risks("--all", at="0401 09:00")
    backup.back_up(str(team.opp.db), tmp_path / "copy.db")
    backup.restore(tmp_path / "copy.db", pg_url)
    team.opp.env["OPP_DB"] = pg_url
    assert team.risks("--all", at="0401 09:00") == rows
    found = {row["risk"] for row in rows}
    assert found >= {
        *("split", "reciprocal", "fast", "burst", "part", "one_hand", "fresh", "handed", "claimed"),
        *("override", "won", "policy", "import", "backdated", "erased"),
    }
    team.apply(f"{MUTUAL}[risk]\nignore = ['claimed']\n", at="0401 09:00")
    assert (
        f"{len(rows) - len([1 for row in rows if row['risk'] == 'claimed'])} risks told to ann"
        in team("ann", "tick", at="0401 10:00").out
    )
    assert "told" not in team("ann", "tick", at="0401 11:00").out
    by_id = sorted(rows, key=lambda row: str(row["id"]))
    assert rows == sorted(by_id, key=lambda row: str(row["at"]), reverse=True)


def test_all_kinds_together_take_few_statements(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    said = heard(monkeypatch)
    assert len({row["risk"] for row in team.risks("--all", at="0401 09:00")}) > 10
    assert 0 < sum(each.lstrip().startswith("SELECT") for each in said) <= MOST
