"""`opp deal similar`: closed deals like one on both engines, as many as are asked for, without what is hidden."""

import json

import pytest
from begun import begun
from command_line import InProcess

SCOPE = """
[scope]
see  = { sales = "own", manager = "all" }
hide = { margin = ["sales"] }
"""
DEALS = (
    "New 1000 discount=10 margin=30 product=X region=East tier=A",
    "One 1000 discount=10 margin=30 product=X region=East tier=A",
    "Two 2000 discount=15 margin=20 product=X region=East tier=B",
    "Three 4000 discount=10 product=Y region=East tier=A",
    "Four 9000 discount=10",
    "Five 1000 currency=EUR",
    "Six 1000 discount=10 margin=30 product=x region=East tier=A",
)

ENDS = "win D-2; lose D-3 --reason price; win D-4; win D-5; win D-6; lose D-7 --reason price"


@pytest.fixture
@begun
def house(opp_on_both: InProcess) -> InProcess:
    """D-1 is open. All are ann's but D-7, which is bob's; D-3 and D-7 are lost, the others won, in this order."""
    opp = opp_on_both
    opp.ok("init --template blank --lang en", user="boss")
    opp.ok("user add mia --role manager", user="boss")
    for who in ("ann", "bob"):
        opp.ok(f"user add {who} --role sales --manager mia", user="boss")
    for line in DEALS:
        title, amount, *values = line.split()
        who = "bob" if title == "Six" else "ann"
        given = " ".join(f"--set {value}" for value in values)
        opp.ok(f"add {title} --customer Acme --amount {amount} {given}", user=who)
    for hour, line in enumerate(ENDS.split("; "), 10):
        who = "bob" if "D-7" in line else "ann"
        opp.ok(line, user=who, now=f"2026-03-11T{hour}:00:00+08:00")
    opp.env["OPP_NOW"] = "2026-03-11T17:00:00+08:00"
    return opp


def test_the_nearest_are_told_with_how_they_ended_and_what_differs(house: InProcess) -> None:
    found = json.loads(house.ok("deal similar D-1 --json", user="mia").out)
    assert [(row["deal"], row["distance"], row["outcome"], row["reason"]) for row in found] == [
        ("D-7", 0, "lost", "price"),
        ("D-2", 0, "won", None),
        ("D-3", 3.5, "lost", "price"),
        ("D-4", 4, "won", None),
    ]
    assert found[2]["differs"] == ["amount 1.00", "discount 0.50", "margin 1.00", "tier 1.00"]
    assert list(found[0]) == "deal distance differs amount discount margin days outcome reason currency".split()


@pytest.mark.parametrize(("flag", "deals"), [("-L 2", "D-7 D-2"), ("-L 0", "D-7 D-2 D-3 D-4"), ("", "D-7 D-2 D-3 D-4")])
def test_so_many_are_told_as_are_asked_for(house: InProcess, flag: str, deals: str) -> None:
    assert house.ok(f"deal similar D-1 {flag} -o ids", user="mia").out.split() == deals.split()


def test_a_note_says_how_many_of_the_nearest_were_won(house: InProcess) -> None:
    assert "2 of the 4 nearest won (15–85 %)" in house.ok("deal similar D-1 -v", user="mia").err
    assert house.ok("deal similar D-1 -o full", user="mia").json["total"] == {"nearest": 4, "won": 2, "win_rate": 0.5}


def test_of_fewer_than_three_nothing_is_told(house: InProcess) -> None:
    answer = house.ok("deal similar D-6 --json", user="mia")
    assert (json.loads(answer.out), answer.err) == ([], "note: too few closed deals\n")
    whole = house.ok("deal similar D-6 -o full", user="mia").json
    assert [note["code"] for note in whole["notes"]] == ["too_few"]
    assert whole["total"] == {"nearest": 0, "won": 0, "win_rate": None}


def test_what_is_not_theirs_is_not_compared_and_what_is_hidden_is_no_part(house: InProcess) -> None:
    text = house.ok("policy show", user="boss").out
    (house.folder / "scoped.toml").write_text(text + SCOPE, "utf-8")
    house.ok("policy apply scoped.toml", user="boss")
    rows = json.loads(house.ok("deal similar D-1 --json", user="ann").out)
    assert [(row["deal"], row["distance"]) for row in rows] == [("D-2", 0), ("D-3", 2.5), ("D-4", 3)]
    assert not any("margin" in told for row in rows for told in row["differs"])
    assert house("deal similar D-1", user="bob").code == 3
