"""Watching: one notice for each event of a thing, none of one's own; one's notices read and muted."""

from typing import Any

import pytest
from begun import begun
from command_line import InProcess


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    """wang watches D-1, zhou its customer."""
    opp = opp_on_both
    opp.ok("init --template b2b")
    for login in ("li --manager wang", "zhou", "pia"):
        opp.ok(f"user add {login}")
    opp.env["OPP_USER"] = "li"
    opp.ok("add MES --customer Acme")
    opp.ok("notices watch D-1", user="wang")
    opp.ok("notices watch C-1", user="zhou")
    return opp


def told(opp: InProcess, user: str, flags: str = "--mine") -> list[tuple[str, Any]]:
    rows = opp.ok(f"notices list {flags} -o json", user=user).json
    return [(row["kind"], row["text"]) for row in rows]


def test_who_watches_is_told_once_of_a_note_a_move_and_another_owner(team: InProcess) -> None:
    team.ok("note", "1", "call: hi")
    team.ok("deal assign D-1 --to pia")
    team.ok("lose D-1 --reason price", user="pia")
    texts = [
        "li noted on D-1 MES: call hi",
        "li gave D-1 MES to pia",
        "pia closed D-1 MES: Lost",
    ]
    assert [text for _, text in told(team, "wang")] == texts
    assert [text for _, text in told(team, "zhou")] == texts


def test_nobody_is_told_of_their_own_doing(team: InProcess) -> None:
    team.ok("note", "1", "call: hi", user="wang")
    assert (told(team, "wang"), len(told(team, "zhou"))) == ([], 1)


def test_who_is_mentioned_is_told_once(team: InProcess) -> None:
    team.ok("note", "1", "call: @wang hi")
    assert [kind for kind, _ in told(team, "wang")] == ["mention"]


def test_off_ends_it_and_on_begins_it_again(team: InProcess) -> None:
    assert team.ok("notices watch D-1 --off", user="wang").out.startswith("you watch D-1 MES no more")
    team.ok("note", "1", "call: hi")
    assert told(team, "wang") == []
    team.ok("notices watch D-1", user="wang")
    team.ok("note", "1", "call: ho")
    assert len(told(team, "wang")) == 1


def test_a_note_on_the_customer_is_told_to_who_watches_that(team: InProcess) -> None:
    team.ok("add Second --customer Acme")
    team.ok("note", "C-1", "call: hi")
    assert (told(team, "wang"), told(team, "zhou")) == ([], [("watched", "li noted on C-1: call hi")])


def test_what_is_read_is_not_unread(team: InProcess) -> None:
    team.ok("note", "1", "call: hi")
    team.ok("note", "1", "call: ho")
    first = team.ok("notices list --mine -o json", user="wang").json[0]["id"]
    team.ok(f"notices read {first}", user="wang")
    assert len(told(team, "wang", "--mine --unread")) == 1
    assert team(f"notices read {first}", user="li").code == 3
    team.ok("notices read", user="wang")
    assert (told(team, "wang", "--unread"), len(told(team, "wang"))) == ([], 2)


def test_a_muted_kind_is_not_told(team: InProcess) -> None:
    team.ok("note", "1", "call: hi")
    team.ok("notices mute watched", user="wang")
    assert told(team, "wang") == []
    team.ok("notices mute watched --off", user="wang")
    assert (len(told(team, "wang")), team("notices mute nothing", user="wang").code) == (1, 2)


def test_a_kind_of_notices_is_muted_by_the_word_that_is_read(team: InProcess) -> None:
    team.ok("notices mute 提及", user="pia")
    team.ok("note", "1", "call: @pia hi")
    assert told(team, "pia") == []
    refused = team("notices mute 没有 --lang zh", user="pia")
    assert (refused.code, "提及" in refused.err, "mention" in refused.err) == (2, True, False)


def test_undo_of_a_note_takes_its_notices_back(team: InProcess) -> None:
    team.ok("note", "1", "call: @pia hi")
    team.ok("undo")
    states = {row["to"]: row["state"] for row in team.ok("notices list --all -o json").json}
    assert states == {"pia": "undeliverable", "wang": "undeliverable", "zhou": "undeliverable"}
