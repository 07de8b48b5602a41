"""Transition 42 and its invariant: whatever is answered in whatever order, a code is spent at most once, by its person,
on its revision and seat."""

import random
import re
from typing import Any

import pytest
from answering import Away
from command_line import InProcess

from oppcli.rules import answers

CODE = re.compile(r"approve ([0-9A-Z-]{23})")
VERBS = ("approve {code}", "reject {code} price\nno", "return {code} papers\nwhich?", "ask {code}\nwhen?")


@pytest.mark.parametrize("seed", range(6))
def test_a_code_is_spent_at_most_once_by_its_person_on_its_revision_and_seat(opp_on_both: InProcess, seed: int) -> None:
    away, dice = Away(opp_on_both), random.Random(seed)
    away.submit()
    known: list[tuple[str, str]] = []
    for step in range(14):
        move = dice.choice(("letter", "packet", "answer", "answer", "answer", "edit", "resubmit", "terminal"))
        who = dice.choice(("chen", "zhao"))
        if move == "letter":
            away.opp.ok("request nudge R-1", user="li") if away.state == "pending" and not step else None
            known += [(who, code) for code in away.codes(who)]
        elif move == "packet":
            page = away.opp(f"request packet R-1 --for {who}").out
            known += [(who, code) for code in CODE.findall(page)]
        elif move == "answer" and known:
            whose, code = dice.choice(known)
            sender = dice.choice((whose, whose, who))
            away.mail(f"{sender}@example.com", dice.choice(VERBS).format(code=code), name=f"{step}.eml")
        elif move == "edit":
            away.opp(f"deal edit D-1 --set amount={700_000 + step}", user="li")
        elif move == "resubmit":
            away.opp("request resubmit R-1 -m done", user="li")
        elif move == "terminal":
            away.opp("request ask R-1 -m why?", user=who)
    check(away, known)


def check(away: Away, known: list[tuple[str, str]]) -> None:
    request = away.opp.ok("request show R-1 -o json").json
    rows: list[dict[str, Any]] = away.opp.ok("export codes -o json").json
    entries = away.opp.ok("log -L 0 -o json").json
    spent = [row for row in rows if row["spent_at"]]
    by_code = [
        each for each in entries if each["by"] == "code" and each["action"] in ("approve", "reject", "return", "ask")
    ]
    spending = [each["id"] for each in entries if each["action"] == "spend"]
    assert len(spending) == len(set(spending)) == len(spent) == len(by_code)
    assert sorted(row["login"] for row in spent) == sorted(each["actor"] for each in by_code)
    seats = {(row["login"], row["revision"], row["step"]) for row in spent}
    decided = [each for each in request["decisions"] if each["by"] == "code"]
    assert {(each["actor"], each["revision"]) for each in decided} <= {(login, number) for login, number, _ in seats}
    hashes = {row["hash"]: row["login"] for row in rows}
    kept = [hashes.get(answers.digest(answers.canonical(code) or "")) == whose for whose, code in known]
    assert all(kept)
    assert away.opp.ok("audit verify -o json").json["clean"] is True
