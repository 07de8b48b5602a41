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
