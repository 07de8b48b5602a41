"""`opp next`: what waits for somebody, the most urgent first, in stable columns; `opp` alone is its beginning."""

import json
import shlex
from pathlib import Path

import matrix
import pytest
from begun import begun
from command_line import InProcess
from heard import heard

from oppcli.reads.worklist import COLUMNS
from oppcli.rules.urgency import BASE
from oppcli.speech import codes

NAMES = "urgency kind ref deal title customer who due late_days amount value currency reason command".split()
LATER = "2026-03-06T17:00:00+08:00"


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    """Chen sold twice and asked; wang decides, a manager of nobody else; li owns what is late."""
    opp = opp_on_both
    opp.ok("init --template b2b --lang en")
    for line in ("chen --manager wang", "li --manager wang"):
        opp.ok(f"user add {line}")
    opp.ok("add Plant --customer Acme --amount 5000 --currency USD --owner li")
    opp.ok("deal edit D-1 --set next_step=call --set next_step_on=2026-03-03", user="li")
    opp.ok("add 产线 --customer 江南精工 --amount 90000 --currency USD --owner chen --close 2026-03-04")
    return opp


def test_the_columns_are_those_that_are_promised_in_this_order() -> None:
    assert [column.name for column in COLUMNS] == NAMES


def test_each_kind_has_a_word() -> None:
    assert set(codes.CODES["urgency"]) == set(BASE)


def test_what_the_page_tells_is_told_in_rows(team: InProcess) -> None:
    assert team.ok("-o json", user="li", now=LATER).json == [
        {
            "urgency": 36,
            "kind": "follow-up",
            "ref": "T-1",
            "deal": "D-1",
            "title": "Plant",
            "customer": "Acme",
            "who": "li",
            "due": "2026-03-03T15:59:00Z",
            "late_days": 3,
            "amount": "5000.00",
            "value": "250.00",
            "currency": "USD",
            "reason": "call: follow-up 30, late 6",
            "command": "opp note D-1 …",
        }
    ]
    row, planless = team.ok("--json", user="chen", now=LATER).json
    assert (row["kind"], row["due"], row["late_days"]) == ("close passed", "2026-03-04T15:59:00Z", 2)
    assert (row["urgency"], row["value"]) == (15 + 4 + 4, "4500.00")
    assert (planless["kind"], planless["urgency"], planless["due"]) == ("no next step", 15 + 4, None)


def test_opp_alone_is_the_eight_most_urgent(opp: InProcess) -> None:
    opp.ok("init --template blank")
    for number in range(12):
        opp.ok(f"add Deal{number} --customer Acme --close 2026-03-03")
    alone = opp.ok(now=LATER)
    assert alone.out == opp.ok("next -L 8", now=LATER).out
    assert len(alone.out.splitlines()) == 2 + 8
    assert opp.ok("next --count", now=LATER).out == "24\n"
    assert opp.ok("next --count -o json", now=LATER).json == {"count": 24}


def test_who_has_nothing_to_do_is_told_so_beside_the_answer(team: InProcess) -> None:
    told = "nothing waits for wang; opp ls --owner me --open, opp --help\n"
    assert ((home := team.ok()).out, home.err) == ("", told)
    assert (team.ok("next").out, team.ok("next").err) == ("", told)
    assert (
        team.ok("next --owner wang", user="li").err
        == "nothing waits for wang; opp ls --owner wang --open, opp --help\n"
    )
    assert [team.ok(f"next {flags}").err for flags in ("-o csv", "--json", "--count", "-q")] == [""] * 4


def test_a_manager_sees_the_work_of_all_below(team: InProcess) -> None:
    rows = team.ok("next --team me -o json", now=LATER).json
    assert [(row["who"], row["kind"]) for row in rows] == [
        ("li", "follow-up"),
        ("chen", "close passed"),
        ("chen", "no next step"),
    ]
    assert [row["who"] for row in team.ok("next --owner li -o json", now=LATER).json] == ["li"]
    assert (team("next --team me --owner li").code, team("next --owner nobody").code) == (2, 3)
    assert (team("next --days soon").code, team.ok("next --days 0", user="li").out) == (2, "")


def test_what_is_due_later_is_listed_where_days_are_asked_for(team: InProcess) -> None:
    """Due tomorrow, a Tuesday: 30, two off for one business date."""
    assert team.ok("next -o json", user="li").json == []
    (row,) = team.ok("next --days 1 -o json", user="li").json
    assert (row["urgency"], row["late_days"]) == (28, None)
    assert row["reason"] == "call: follow-up 30, not due -2"


def test_a_rotting_deal_is_listed_until_its_follow_up_is(opp: InProcess) -> None:
    opp.ok("init --template blank --lang en")
    stages = opp.ok("policy show").out
    policy = Path(opp.folder) / "team.toml"
    policy.write_text(stages.replace('name = "Lead"', 'name = "Lead"\nrotting = "16h"', 1), "utf-8")
    opp.ok(f"policy apply {policy}")
    opp.ok("add Plant --customer Acme --amount 200000")
    kinds = [row["kind"] for row in opp.ok("next -o json", now=LATER).json]
    assert kinds == ["rotting", "no next step"]
    opp.ok("deal edit D-1 --set next_step=call --set next_step_on=2026-03-05")
    assert [row["kind"] for row in opp.ok("next -o json", now=LATER).json] == ["follow-up"]


FOLLOW = """
[follow]
deadline = [
  { name = "first contact", from = "created", within = "24h", calendar = "always", done = ["touch"] },
  { name = "proposal", from = "created", within = "48h", calendar = "always", done = ["file:proposal"] },
  { name = "people", from = "created", within = "48h", calendar = "always", done = ["contact:buyer"] },
]
cadence = [{ when = "always", every = "1 days", of = "customer" }]
[duplicates]
rule = [{ name = "conflict", of = "deal", same = ["customer", "product"] }]
"""


def follow(opp: InProcess) -> None:
    opp.ok("init --template blank --lang en")
    policy = Path(opp.folder) / "team.toml"
    policy.write_text(opp.ok("policy show").out + FOLLOW, "utf-8")
    opp.ok(f"policy apply {policy}")


def test_each_thing_names_the_command_that_does_it_and_each_of_these_does_it(opp_on_both: InProcess) -> None:
    opp = opp_on_both
    follow(opp)
    opp.ok("user add li")
    opp.ok("add Plant --customer Acme --set product=MES")
    opp.ok("add Twin --customer Acme --set product=MES --owner li")
    opp.ok("customer add Globex")
    opp.ok("add Old --customer Globex")
    opp.ok("lose D-3 --reason Price")
    rows = [row for row in opp.ok("next -o json --days 30", now=LATER).json if row["who"] != "li"]
    assert {(row["kind"], row["title"], row["command"]) for row in rows} == {
        ("first contact", "Plant", "opp note D-1 …"),
        ("deadline", "Plant", "opp deal attach D-1 FILE --kind proposal"),
        ("deadline", "Plant", "opp deal link D-1 P-… --role buyer"),
        ("conflict", "Twin", "opp dupes list deal"),
        ("follow-up", "follow up", "opp note C-2 …"),
    }
    opp.ok("note C-2 'call: still there'", now=LATER)
    assert "C-2" not in opp.ok("next -o csv -c command", now=LATER).out


def test_a_deal_whose_first_contact_is_listed_is_not_listed_for_want_of_a_next_step(opp: InProcess) -> None:
    follow(opp)
    opp.ok("add Plant --customer Acme")
    kinds = [row["kind"] for row in opp.ok("next -o json", now=LATER).json]
    assert (kinds.count("first contact"), "no next step" in kinds) == (1, False)
    opp.ok("note D-1 'call: hello'", now=LATER)
    assert "no next step" in [row["kind"] for row in opp.ok("next -o json", now=LATER).json]


def test_a_flag_of_rows_before_a_command_is_refused_with_the_line_as_it_should_be(team: InProcess) -> None:
    refused = team("-o json ls --all")
    assert (refused.code, refused.error["hint"]) == (2, "opp ls --all -o json")
    assert team("--as li -c ref deal show D-1").err.splitlines()[1] == "hint: opp --as li deal show D-1 -c ref"


def test_flags_of_the_program_before_a_command_are_what_they_were(team: InProcess) -> None:
    assert team.ok("-q --as li ls").out.split() == ["D-1", "D-2"]
    assert team.ok("-qv ls").out.split() == ["D-1", "D-2"]


def test_every_format_is_a_document_also_where_nothing_waits(team: InProcess) -> None:
    assert team.ok("-o json", user="wang").json == []
    assert team.ok("-o csv", user="wang").out == ",".join(NAMES) + "\n"
    assert team.ok("-o jsonl", user="wang").out == ""
    assert team.ok("-o tsv -c ref,late_days", user="li", now=LATER).out == "ref\tlate_days\nT-1\t3\n"
    assert team.ok("--ids", user="li", now=LATER).out == "T-1\n"
    assert "| T-1 " in team.ok("-o md", user="li", now=LATER).out


def test_rows_are_chosen_by_conditions(team: InProcess) -> None:
    line = ("-o", "json", "-w", "amount > 6000")
    assert (team.ok(*line, user="li", now=LATER).json, len(team.ok(*line, user="chen", now=LATER).json)) == ([], 2)


def test_it_goes_to_a_file(team: InProcess) -> None:
    answer = team.ok("-O next.json", user="li", now=LATER)
    kept = json.loads((Path(team.folder) / "next.json").read_text("utf-8"))
    assert (answer.out, [row["ref"] for row in kept]) == ("", ["T-1"])


@pytest.fixture
def office(opp: InProcess) -> InProcess:
    """A team in which requests wait and came back."""
    matrix.team(opp)
    return opp


def test_a_decision_and_a_returned_request_have_their_amount_and_a_command_that_works(office: InProcess) -> None:
    decisions = office.ok("-o json", user="han").json
    asked = next(row for row in decisions if row["ref"] == matrix.R_ASKED)
    assert (asked["kind"], asked["deal"], asked["who"], asked["amount"]) == ("decision", "D-1", "han", "800000.00")
    assert asked["command"] == f"opp approve {matrix.R_ASKED}"
    office.ok(*shlex.split(asked["command"])[1:], "-n", user="han")
    back = next(row for row in office.ok("-o json", user="sun").json if row["ref"] == matrix.R_BACK)
    assert (back["kind"], back["ref"], back["who"], back["late_days"]) == ("returned", matrix.R_BACK, "sun", None)
    office.ok(*shlex.split(back["command"])[1:], user="sun")


def test_who_stands_in_is_told_for_whom(office: InProcess) -> None:
    row = next(row for row in office.ok("-o json", user="hua").json if row["who"] == "han")
    assert row["reason"].endswith(", for han")


def test_every_deal_to_be_looked_after_is_told_to_a_program(opp: InProcess) -> None:
    opp.ok("init --template blank")
    for number in range(25):
        opp.ok(f"add Deal{number} --customer Acme --close 2026-03-03")
    assert len(opp.ok("-o json", now=LATER).json) == 50


def test_chinese_readers_have_chinese_rows_and_programs_the_same_json(team: InProcess) -> None:
    told = team.ok("--lang zh -o table -c kind,reason", user="li", now=LATER).out
    assert "跟进" in told and "follow" not in told
    plain, chinese = (team.ok(*words, "-o", "json", user="li", now=LATER).json for words in ((), ("--lang", "zh")))
    assert chinese == [row | {"command": "opp --lang zh note D-1 …"} for row in plain]


def test_the_page_and_its_rows_ask_the_database_equally_often(opp: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    matrix.team(opp)
    said = heard(monkeypatch)
    sent = []
    for words in ((), ("-o", "json")):
        said.clear()
        opp.ok(*words, user="han")
        sent.append(sum(statement.lstrip().startswith("SELECT") for statement in said))
    assert (sent[0] == sent[1], sent[0] <= 10) == (True, True)


def test_who_was_warned_that_a_deal_goes_back_sees_by_when(opp_on_both: InProcess) -> None:
    opp = opp_on_both
    opp.ok("init --template blank --lang en")
    policy = Path(opp.folder) / "team.toml"
    others = """{ when = "source == '展会'", after = "60 days", warn = "20 days" }"""
    theirs = """{ when = "kind == 'lead'", after = "10 days", warn = "3 days" }"""
    policy.write_text(opp.ok("policy show").out + f"\n[assign]\nreturn = [{others}, {theirs}]\n", "utf-8")
    opp.ok(f"policy apply {policy}")
    opp.ok("add Plant --customer Acme --amount 200000")
    warned = "2026-03-09T17:00:00+08:00"
    assert "goes back" in opp.ok("tick", now=warned).out
    row = next(row for row in opp.ok("next -o json", now=warned).json if row["kind"] == "return")
    assert (row["ref"], row["due"][:10], row["command"]) == ("D-1", "2026-03-12", "opp note D-1 …")
    assert row["reason"].startswith("goes back to the pool on 2026-03-12: return 35")
    opp.ok("note", "D-1", "call: still interested", now="2026-03-10T10:00:00+08:00")
    kinds = [row["kind"] for row in opp.ok("next -o json", now="2026-03-10T11:00:00+08:00").json]
    assert "return" not in kinds
