"""Every verb takes several things: as arguments, in a list with commas, or `-` for those on standard input."""

import time

import pytest
from approvals_office import POLICY
from command_line import Answer, InProcess
from desk import LOST

from oppcli.reads.catalog import found


@pytest.fixture
def office(opp: InProcess) -> InProcess:
    """D-1 and D-2 of li with a file each, R-1 and R-2 pending at chen."""
    (opp.folder / "team.toml").write_text(POLICY + LOST, encoding="utf-8")
    (opp.folder / "a.pdf").write_bytes(b"a")
    opp.ok("init --policy team.toml", user="root")
    for login in ("li", "wang", "chen", "tang", "zhao", "qian", "gao", "lin", "xu"):
        opp.ok("user", "add", login, user="root")
    for deal, title in (("D-1", "电梯"), ("D-2", "水泵")):
        opp.ok(f"add {title} --amount 80万", user="li")
        opp.ok(f"deal attach {deal} a.pdf --kind 合同", user="li")
        opp.ok(f"submit {deal} risk", user="li")
    opp.ok("deal edit D-1,D-2 --set discount=5 --set payment_days=30", user="li")
    return opp


TWO_OF = {"deal": ("D-1", "D-2"), "request": ("R-1", "R-2"), "user": ("li", "wang"), "ref": ("D-2", "R-1")}
"""Two things of a noun, in the order in which they are read."""
BESIDES = {"request plan": " quote", "request wait": " --timeout 0s", "gate": " --to 谈判"}
EACH = {read.path: param for _, read in found() for param in read.params if param.each}


def test_the_reads_of_one_thing_are_known() -> None:
    one = {
        read.path
        for _, read in found()
        for param in read.params
        if param.place and not param.each and param.name in ("deal", "request", "ref", "refs", "login", "customer")
    }
    assert one - {"show", "fields"} == set()  # `show` takes several by itself, `fields` a noun
    assert len(EACH) > 8


@pytest.mark.parametrize("path", sorted(EACH))
def test_a_read_of_a_thing_takes_several_in_every_spelling(office: InProcess, path: str) -> None:
    first, second = TWO_OF[EACH[path].each]
    rest = BESIDES.get(path, "")

    def told(refs: str, given: str = "") -> Answer:
        return office(f"{path} {refs}{rest} --json", user="li", stdin=given.encode())

    listed = told(f"{first},{second}")
    assert listed.code in (0, 10), listed.err
    assert told("-", f"{first}\n{second}\n").raw == listed.raw
    assert told("-").json == []
    if EACH[path].many:
        assert told(f"{first} {second}").raw == listed.raw
    alone = [told(first), told(second)]
    assert [told(f"{first},{first}").raw, told("-", first).raw] == [alone[0].raw] * 2
    assert listed.code == max(answer.code for answer in alone)
    ones = [answer.json if isinstance(answer.json, list) else [answer.json] for answer in alone]
    key = next(iter(listed.json[0]))
    added = [row for row in listed.json if key not in ones[0][0]]
    assert [row[key] for row in added] == ([first] * len(ones[0]) + [second] * len(ones[1]) if added else [])
    without = [{name: row[name] for name in row if name != key or not added} for row in listed.json]
    assert without == [row for rows in ones for row in rows]


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("gate D-2,D-1 --to 谈判 --csv", "deal,needs,state,command"),
        ("log D-1,R-1 --csv", "ref,seq,at,"),
        ("deal history D-1,D-2 --csv", "deal,seq,at,"),
        ("request plan D-1,D-2 quote --csv", "deal,"),
        ("deal show D-1,D-2 --csv", "id,title,"),
        ("request status R-1,R-2 --csv", "id,state,"),
        ("user show li,wang --csv", "login,"),
    ],
)
def test_of_several_the_first_column_says_whose_a_row_is(office: InProcess, line: str, heading: str) -> None:
    assert office.ok(line, user="li").out.startswith(heading)


def test_one_thing_that_is_not_there_refuses_a_read_of_several(office: InProcess) -> None:
    answer = office("request status R-1,R-9", user="li")
    assert (answer.code, answer.out) == (3, "")


def test_the_time_that_is_waited_is_that_of_the_line_not_of_each_thing(office: InProcess) -> None:
    begun = time.monotonic()
    assert office("request wait R-1,R-2,R-1 R-2 --timeout 2s", user="li").code == 10
    assert time.monotonic() - begun < 3.6
