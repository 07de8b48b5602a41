"""The team's own fields are fields like all others: typed columns in their units, in lists, exports and the journal."""

import re
import sqlite3

import pytest
from begun import begun
from command_line import InProcess

OWN = """
[fields."竞品价"]
title = "竞品报价"
type = "money"
max = "1千万"
[fields.rate]
type = "percent"
max = 50
[fields.days]
type = "number"
[fields.signed]
type = "bool"
[fields.visit]
type = "date"
[fields.class]
values = ["A", "B"]
"""
TYPED = ("竞品价=28万", "rate=12.5%", "days=3.5", "signed=是", "visit=2026-03-09", "class=A")


@pytest.fixture
@begun
def team(opp: InProcess) -> InProcess:
    opp.ok("init --template blank --lang en")
    policy = re.sub(r'currency *= *"[A-Z]{3}"', 'currency = "CNY"', opp.ok("policy show").out)
    (opp.folder / "team.toml").write_text(policy + OWN, "utf-8")
    opp.ok("policy apply team.toml")
    opp.ok("add", "Plant", "--currency", "CNY", *(word for pair in TYPED for word in ("--set", pair)))
    opp.ok("add", "Other", "--currency", "JPY", "--set", "竞品价=1200")
    return opp


def test_own_fields_are_typed_columns_in_their_units(team: InProcess) -> None:
    first, second = team.ok("deal list --json").json
    names = ("竞品价", "rate", "days", "signed", "visit", "class")
    assert [first[name] for name in names] == ["280000.00", 12.5, 3.5, True, "2026-03-09", "A"]
    assert [second[name] for name in names] == ["1200", None, None, None, None, None]
    assert list(first)[-7:] == [*names, "days_in_stage"]  # what came later stands last
    assert first["extra"]["竞品价"] == "280000.00"
    assert first["extra"]["rate"] == 12.5
    shown = team.ok("deal show D-1").out
    assert "280,000.00" in shown and "28000000" not in shown and "12.5 %" in shown


def test_lists_and_exports_pick_and_sort_by_own_fields(team: InProcess) -> None:
    assert team.ok("ls -o csv -c id,竞品价,currency --sort -days,id").out.splitlines() == [
        "id,竞品价,currency",
        "D-1,280000.00,CNY",
        "D-2,1200,JPY",
    ]
    assert team.ok("export deals -c id,rate,竞品价").out.splitlines() == [
        "id,rate,竞品价",
        "D-1,12.5,280000.00",
        "D-2,,1200",
    ]


def test_the_journal_tells_own_fields_in_their_units(team: InProcess) -> None:
    team.ok("deal edit D-1 --set 竞品价=30万 --set rate=13")
    what = team.ok("log D-1 --json").json[-1]["what"]
    assert what == "rate 12.5 % → 13 %; 竞品价 CNY 280,000.00 → CNY 300,000.00"
    assert "竞品价 JPY 1,200" in team.ok("deal history D-2 --json").json[0]["what"]
    assert "rate 13 % → 14 %" in team.ok("deal edit D-1 --set rate=14 --dry-run").out


def test_another_currency_keeps_the_figures_of_own_money(team: InProcess) -> None:
    team.ok("deal edit D-2 --currency CNY")
    assert [team.ok("deal show D-2 --json").json[name] for name in ("currency", "竞品价")] == ["CNY", "1200.00"]


def test_a_limit_of_an_own_field_is_read_like_an_amount(team: InProcess) -> None:
    answer = team("deal edit D-1 --set 竞品价=1001万")
    assert (answer.code, "10010000.00 is above 10000000\n" in answer.err) == (2, True)
    assert team("deal edit D-1 --set class=C").code == 2


def test_a_database_of_before_shows_own_fields_too(team: InProcess) -> None:
    with sqlite3.connect(team.db) as connection:
        assert connection.execute("DELETE FROM meta WHERE key = 'own_fields'").rowcount == 1
    connection.close()
    assert team.ok("deal list --json").json[0]["竞品价"] == "280000.00"


def test_own_fields_survive_from_an_export_to_an_import(team: InProcess) -> None:
    names = ("竞品价", "rate", "days", "signed", "visit", "class")
    (team.folder / "deals.csv").write_text(team.ok("export deals").out, "utf-8")
    (team.folder / "map.toml").write_text(
        'system = "old"\n[fields]\nexternal_id = "id"\ntitle = "title"\nstage = "stage"\ncurrency = "currency"\n'
        + "\n".join(f'"{name}" = "{name}"' for name in names),
        "utf-8",
    )
    team.ok("import deals.csv --mapping map.toml")
    found = team.ok("deal list --json").json
    assert [[deal[name] for name in names] for deal in found[2:]] == [
        [deal[name] for name in names] for deal in found[:2]
    ]


@pytest.mark.parametrize("name", ["[signed] offer.pdf", "{draft}.pdf", "["])
def test_a_text_or_a_file_name_may_begin_with_a_bracket(team: InProcess, name: str) -> None:
    (team.folder / name).write_text("x")
    team.ok("deal", "attach", "D-1", name, "--kind", "offer")
    team.ok("deal", "edit", "D-1", "--set", f"product={name}")
    assert name in team.ok("show D-1").out
    assert name in team.ok("log -c +changes").out
    assert name in team.ok("export journal -o table").out
    assert team.ok("export journal -o json").json != []


def test_every_noun_lists_its_fields_with_the_teams_own_among_them(team: InProcess) -> None:
    listed = {row["name"]: row for row in team.ok("fields deal --json").json}
    assert listed["discount"] | {"set_by": ""} == {
        "name": "discount",
        "title": "discount",
        "type": "percent",
        "unit": "%",
        "values": [],
        "limits": "0..100",
        "required": False,
        "set_by": "",
        "personal": False,
        "noun": "deal",
        "origin": "built-in",
        "definition": "what is taken off the list price, in per cent",
        "value": None,
    }
    assert [listed["竞品价"][key] for key in ("title", "type", "unit", "limits")] == [
        "竞品报价",
        "money",
        "currency",
        "..10000000",
    ]
    assert listed["class"]["values"] == ["A", "B"]
    assert (listed["title"]["required"], listed["version"]["set_by"]) == (True, "")
    nouns = {row["noun"] for row in team.ok("fields --json").json}
    assert {"deal", "customer", "user", "request", "stage", "file", "delegation"} <= nouns
    assert team("fields nosuch").code == 3


def test_an_amount_typed_with_another_currency_need_not_fit_the_old_one(team: InProcess) -> None:
    team.ok("deal edit D-1 --amount 1000.50")
    assert "has no such decimals" in team("deal edit D-1 --currency JPY").err
    team.ok("deal edit D-1 --currency JPY --amount 100")
    found = team.ok("deal show D-1 --json").json
    assert [found[name] for name in ("currency", "amount", "竞品价")] == ["JPY", "100", "280000"]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("竞品价 >= 20万", ["D-1"]),
        ("not (竞品价 >= 20万)", ["D-2"]),
        ("rate > 12.5", []),
        ("rate >= 12.5 and class == 'A'", ["D-1"]),
        ("class != 'A'", ["D-2"]),
        ("class in ['A', 'B'] or rate < 3", ["D-1"]),
        ("signed", ["D-1"]),
        ("not signed", ["D-2"]),
        ("visit < '2026-03-10'", ["D-1"]),
        ("currency == 'JPY'", ["D-2"]),
    ],
)
def test_lists_and_exports_are_narrowed_by_conditions_on_all_fields(
    team: InProcess, condition: str, found: list[str]
) -> None:
    assert team.ok("deal", "list", "--ids", "-w", condition).out.split() == found
    assert team.ok("export", "deals", "-o", "ids", "-w", condition).out.split() == found


def test_what_a_condition_cannot_compare_is_told(team: InProcess) -> None:
    assert "note: 1 row without a value to compare left out" in team.ok("ls --ids -w 'rate > 3'").err
    answer = team("ls -w 'rat > 3 and class == 5'")
    assert answer.code == 2
    assert "unknown field 'rat', did you mean 'rate'?" in answer.err
    assert "class is text" in answer.err
    assert team("ls -w \"class == 'C'\"").code == 2


def test_a_value_of_another_kind_than_the_field_has_now_is_no_value_of_its_column(team: InProcess) -> None:
    text = team.ok("policy show").out.replace('values = ["A", "B"]', 'type = "number"')
    (team.folder / "changed.toml").write_text(text, "utf-8")
    team.ok("policy apply changed.toml")
    found = team.ok("ls -c id,class,extra --json").json
    assert [(row["class"], row["extra"].get("class")) for row in found] == [(None, "A"), (None, None)]
    assert team.ok("ls --sort class --csv -c id,class").out == "id,class\nD-1,\nD-2,\n"


def test_the_list_of_all_fields_says_whose_each_is(team: InProcess) -> None:
    assert team.ok("fields").out.splitlines()[0].endswith("NOUN")
    assert "NOUN" not in team.ok("fields deal").out


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("close_reason=price", "close_reason  is not set by hand: opp deal lose"),
        ("owner=bob", "owner  is not set by hand: opp deal assign"),
        ("closed_at=2026-03-09", "closed_at  is not set by hand"),
        ("amont=5", "amont  no such field; did you mean amount?   one of title, amount, currency, "),
        ("zzzz=5", "zzzz  no such field   one of title, amount, currency, "),
    ],
)
def test_a_field_that_cannot_be_set_is_told_from_one_that_there_is_not(team: InProcess, typed: str, told: str) -> None:
    answer = team("deal", "edit", "D-1", "--set", typed)
    assert answer.code == 2
    assert answer.err.splitlines()[1].startswith(f"  {told}")


def test_each_field_of_a_deal_that_somebody_sets_is_set_or_names_the_verb(team: InProcess) -> None:
    listed = team.ok("fields deal --json").json
    names = [field["name"] for field in listed if field["set_by"]]
    answers = [team("deal", "edit", "D-1", "-n", "--set", f"{name}=") for name in names]
    assert [name for name, each in zip(names, answers, strict=True) if "no such field" in each.err] == []
    assert "close_reason" in names


def test_a_condition_names_no_field_by_what_several_are_called(team: InProcess) -> None:
    path = team.folder / "team.toml"
    path.write_text(re.sub(r"(\[fields\.(rate|days)\]\n)", r'\1title = "比例"\n', path.read_text("utf-8")), "utf-8")
    team.ok("policy apply team.toml -m twice")
    answer = team("ls --ids -w '比例 > 3'")
    assert (answer.code, answer.out) == (5, "")
    assert answer.err == ("error: 比例 could be several\n  rate  比例\n  days  比例\nhint: say which by its name\n")
    assert team.ok("ls --ids -w 'rate > 3 and days < 4'").out.split() == ["D-1"]


def test_a_title_that_a_field_of_the_program_has_too_is_refused_alike_wherever_it_is_typed(team: InProcess) -> None:
    policy = team.ok("policy show").out
    own = '[fields.planned]\ntitle = "金额"\ntype = "number"\n'
    (team.folder / "same.toml").write_text(policy + own, "utf-8")
    team.ok("policy apply same.toml")
    lines = (
        "ls -w '金额 > 4'",
        "export deals -w '金额 > 4'",
        "ls --sort 金额",
        "ls -c 金额",
        "deal edit D-1 --set 金额=9",
    )
    told = [team(line).err.splitlines() for line in lines]
    assert [(first, amount.split()[0], other) for first, amount, other, _ in told] == [
        ("error: 金额 could be several", "amount", "  planned  金额")
    ] * len(lines)
    chinese = [team(line, env={"OPP_LANG": "zh"}) for line in lines]
    assert {answer.code for answer in chinese} == {5}
    assert ["  amount   金额\n" in answer.err for answer in chinese] == [True] * len(lines)
    asking = '\n[type.big]\nwhen = "金额 > 4"\n[[type.big.step]]\nname = "boss"\nwho = "role:admin"\n'
    (team.folder / "asking.toml").write_text(policy + own + asking, "utf-8")
    assert "when: 金额 could be amount or planned" in team("policy check asking.toml").err
    assert team.ok("ls -w 'planned > 4' --ids").out == ""
    assert team.ok("ls -w 'amount is empty' --ids").out.split() == ["D-1", "D-2"]
