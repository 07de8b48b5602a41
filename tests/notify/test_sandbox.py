"""`opp db backup --sandbox`: a copy to try things in, of a file and of a server."""

from pathlib import Path

import pytest
from begun import begun
from command_line import InProcess
from postbox import hook_server

from oppcli import store
from oppcli.model.journal import Stamp
from oppcli.model.notices import Notice


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    """A database with a deal, an unsent notice and a channel that is not there yet."""
    opp = opp_on_both
    opp.ok("init")
    opp.ok("user add li --email li@example.com")
    opp.ok("add One --customer Alpha --amount 1000")
    return opp


def config(opp: InProcess, text: str) -> None:
    path = Path(opp.env["XDG_CONFIG_HOME"]) / "opp" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def test_a_sandbox_takes_every_command_and_nothing_goes_out_of_it_or_comes_in_or_back(team: InProcess) -> None:
    with store.open_write(team.env["OPP_DB"], Stamp(actor="wang", now=1_772_442_000_000, command="test")) as door:
        door.add(Notice(to="li", kind="opened", text="R-1 waits", at=door.at))
    mails = team.folder / "mails"
    for name in ("cur", "new", "tmp"):
        (mails / name).mkdir(parents=True)
    (mails / "new" / "one.eml").write_text("From: li@example.com\nSubject: D-1\n\nhello\n")
    made = team.ok("db backup 'to try.db' --sandbox")
    live = team.ok("db info -o json").json
    inside = "--db 'to try.db'"
    found = team.ok(f"{inside} db info -o json").json
    with hook_server() as server:
        config(team, f'[notify.bot]\nkind = "webhook"\nurl = "{server.url}"\n[mail]\nmaildir = "{mails}"\n')
        team.ok(f"{inside} deal edit D-1 --set amount=5000")
        sent, tried = team.ok(f"{inside} tick"), team(f"{inside} notices test bot")
        assert (server.posts, [each.name for each in (mails / "new").iterdir()]) == ([], ["one.eml"])
        typed = team(f"{inside} mail mails/new/one.eml -n")
        elsewhere = team("mail mails/new/one.eml", env={"OPP_DB": "to try.db"})
        assert [each.name for each in (mails / "new").iterdir()] == ["one.eml"]
        assert team.ok("notices send").out == "bot: 1 digest sent\n"
        again = team.ok(f"{inside} db backup again.db")
    refused = team("db restore again.db -y --other")
    assert "to try.db is a sandbox: --db 'to try.db' works in it, and nothing goes out\n" in made.out + made.err
    assert (live["sandbox"], found["sandbox"]) == (None, f"e{live['entries']}")
    assert "this is a sandbox: nothing goes out\n" in sent.out
    assert (tried.code, tried.err.splitlines()[0]) == (5, "error: this is a sandbox: nothing goes out")
    for kept, there in ((typed, "opp mail"), (elsewhere, "opp --db … mail")):
        assert (kept.code, kept.err) == (
            5,
            "error: this is a sandbox: no mail comes in\n"
            f"hint: they are for the database itself: {there} mails/new/one.eml\n",
        )
    assert again.code == 0
    assert (refused.code, refused.err) == (
        5,
        "error: again.db is a sandbox, in which things were only tried\n"
        "hint: do in the database itself what is good of it\n",
    )
    assert [row["ok"] for row in team.ok(f"{inside} db check -o json").json if not row["ok"]] == []
    assert team.ok("ls -c amount -o csv --no-header").out == "1000.00\n"
    assert team.ok(f"{inside} ls -c amount -o csv --no-header").out == "5000.00\n"


def test_what_was_tried_stands_field_by_field_beside_what_the_database_made_of_it(team: InProcess) -> None:
    team.ok("add Two --customer Beta --amount 20")
    team.ok("db backup try.db --sandbox")
    assert team.ok("db diff try.db -o json").json == []
    inside = "--db try.db"
    team.ok(f"{inside} deal edit D-1 --set amount=5000 --set source=fair --set product=press")
    team.ok(f"{inside} deal edit D-2 --set amount=30")
    team.ok(f"{inside} deal edit D-2 --set amount=20")
    team.ok(f"{inside} add Three --customer Gamma")
    team.ok("deal edit D-1 --set amount=3000 --set source=fair")
    team.ok("add Other --customer Delta --amount 7")  # D-3 there, too, and another deal

    rows = team.ok("db diff try.db -o json").json
    tried = {(row["record"], row["path"]): row for row in rows}
    told = [tuple(tried["D-1", path][name] for name in ("before", "tried", "live", "conflict")) for path in PATHS]
    assert told == [
        ("USD 1,000.00", "USD 5,000.00", "USD 3,000.00", True),
        (None, "fair", "fair", False),
        (None, "press", None, False),
    ]
    assert tried["D-1", "amount"]["stored"] == {"before": 100_000, "tried": 500_000, "live": 300_000}
    assert {row["change"] for row in rows if row["record"] == "D-3"} == {"new"}
    assert (tried["D-3", "title"]["tried"], tried["D-3", "title"]["live"]) == ("Three", None)
    assert [row["record"] for row in rows if row["record"] in ("D-2", "D-4")] == []
    # The other way round it is the same; and a backup is a copy, too, in which nothing was done since.
    there = team.env["OPP_DB"]
    assert team.ok(f"{inside} db diff {there} -o json").json == rows
    team.ok("db backup kept.db")
    assert team.ok("db diff kept.db -o json").json == []
    note = "note: since e{}: 0 entries in kept.db, 0 in the database itself"
    assert note.format(team.ok("db info -o json").json["entries"]) in team.ok("db diff kept.db -v").err
    assert len(team.ok("db diff try.db -w 'conflict = true' -o json").json) == 1
    team.ok("init --db other.db")
    refused = [(team(f"db diff {name}").code, team(f"db diff {name}").err.splitlines()[0]) for name in NO_COPIES]
    assert refused[0] == (3, "error: there is no backup at nowhere.db")
    assert refused[1][0] == 5
    assert refused[1][1].startswith("error: other.db is no copy of ")


PATHS = ("amount", "source", "product")
NO_COPIES = ("nowhere.db", "other.db")
