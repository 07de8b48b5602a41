"""`opp sql`: the documented views on both engines, and that a typed statement does nothing but read."""

import gc
import json
import tracemalloc

import pytest
from begun import begun
from command_line import InProcess

from oppcli.errors import UsageError
from oppcli.reads import written
from oppcli.store.statements import names, single, spelt


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    opp = opp_on_both
    opp.ok("init --template b2b --lang en")
    policy = opp.folder / "p.toml"
    text = opp.ok("policy show").out
    policy.write_text(
        text + '\n[fields.rate]\ntype = "number"\n[fields.bonus]\ntype = "money"\n[fields.signed]\ntype = "bool"\n'
    )
    opp.ok("policy apply p.toml")
    opp.ok("user add bob --name 'Bob Bee' --manager wang")
    opp.ok("add Plant --customer Acme --amount 600000.50 --set rate=12.5 --set bonus=28.5 --set signed=yes")
    opp.ok("add Line --customer Bolt --amount 40000 --owner bob --currency JPY --set discount=12.5")
    opp.ok("add Gone --customer Bolt --amount 7")
    opp.ok("withdraw D-3 -m typo")
    return opp


def asked(team: InProcess, statement: str, *more: str) -> list[dict[str, object]]:
    found = team.ok("sql", statement, *more, "--json").json
    assert isinstance(found, list)
    return found


def test_deals_are_asked_as_people_read_them(team: InProcess) -> None:
    (plant, line) = asked(
        team,
        "select id, title, stage, kind, customer, customer_id, owner, owner_name, amount, amount_minor, currency, "
        "discount, rate, bonus, bonus_minor, signed from deals order by id",
    )
    assert plant == {
        "id": "D-1", "title": "Plant", "stage": "Lead", "kind": "lead", "customer": "Acme", "customer_id": "C-1",
        "owner": "wang", "owner_name": "wang", "amount": 600000.5, "amount_minor": 60000050, "currency": "USD",
        "discount": None, "rate": 12.5, "bonus": 28.5, "bonus_minor": 2850, "signed": 1,
    }  # fmt: skip
    assert (line["amount"], line["amount_minor"], line["discount"], line["owner_name"]) == (
        40000,
        40000,
        12.5,
        "Bob Bee",
    )


def test_what_was_withdrawn_is_not_there(team: InProcess) -> None:
    assert asked(team, "select count(*) n from deals") == [{"n": 2}]


def test_instants_are_texts_in_order_of_time(team: InProcess) -> None:
    (row,) = asked(team, "select count(*) n, min(entered_at) first from stays where entered_at <= :now")
    assert row["n"] == 2
    assert str(row["first"]).endswith("Z") and len(str(row["first"])) == 24


@pytest.mark.parametrize(
    "view",
    "deals stays requests revisions steps seats holders decisions people customers files entries delegations "
    "stages policies notices deliveries views mappings".split(),
)
def test_every_view_can_be_asked(team: InProcess, view: str) -> None:
    assert asked(team, f"select count(*) n from (select * from {view}) x")[0].keys() == {"n"}


def test_the_views_are_told_with_their_columns(team: InProcess) -> None:
    rows = team.ok("sql --views --json").json
    assert {"view": "deals", "column": "amount_minor", "type": "integer"} in rows
    assert {"view": "deals", "column": "rate", "type": "number"} in rows


def test_names_get_values_and_none_is_guessed(team: InProcess) -> None:
    assert asked(team, "select id from deals where owner = :me and amount > :least", "-p", "least=5") == [{"id": "D-1"}]
    answer = team("sql", "select :a, :b, ':c', '10:30' -- :d")
    assert (answer.code, ":a, :b" in answer.err, "-p a=…" in answer.err) == (2, True, True)
    assert team("sql", "select 1", "-p", "x=1").code == 2


@pytest.mark.parametrize(
    "statement",
    [
        "delete from deal",
        "with x as (select 1) delete from deal",
        "select 1; delete from deal",
        "select 1; commit; delete from deal",
        "update deal set title = 'x'",
        "drop view deals",
        "create table x (a int)",
        "attach 'other.db' as o",
        "pragma query_only = off",
        "commit",
        "explain analyze delete from deal",
        "",
        "-- nothing",
        "nonsense",
        "select * from nosuch",
        "select load_extension('x')",
        "select * from credential",
        'select * from public."credential"',
    ],
)
def test_nothing_but_reading_is_done(team: InProcess, statement: str) -> None:
    before = team.ok("export journal -o jsonl").out
    answer = team("sql", statement)
    assert answer.code == 2, answer.out
    assert answer.err.startswith("error: ")
    assert team.ok("export journal -o jsonl").out == before
    assert asked(team, "select count(*) n from deals") == [{"n": 2}]


def test_a_statement_comes_from_a_pipe(team: InProcess) -> None:
    answer = team("sql - --json", stdin=b"select count(*) as n\nfrom people;\n-- that is all\n")
    assert (answer.code, json.loads(answer.out)) == (0, [{"n": 2}])


def test_the_docs_tell_of_every_view() -> None:
    assert written.SQL_DOCS.read_text("utf-8") == written.sql(), "python -m oppcli.reads writes it"


def test_columns_called_alike_are_told_apart(team: InProcess) -> None:
    assert asked(team, "select 1 as a, 2 as a") == [{"a": 1, "a_2": 2}]


def test_a_column_without_a_name_is_one_like_others_in_a_file_which_alone_takes_it(opp: InProcess) -> None:
    opp.ok("init --template b2b --lang en")
    assert opp.ok("sql", "select 'é' as \"\", 2 as b").out.splitlines()[-1].split() == ["é", "2"]


def test_only_who_sees_all_asks_in_sql(team: InProcess) -> None:
    policy = team.folder / "s.toml"
    policy.write_text(team.ok("policy show").out + '\n[scope]\nsee = "own"\n')
    team.ok("policy apply s.toml")
    answer = team("sql", "select * from deals", user="bob")
    assert (answer.code, "ask in SQL" in answer.err) == (4, True)
    assert asked(team, "select count(*) n from deals") == [{"n": 2}]


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("select :a", ["a"]),
        ("select ':a', \":b\", x::text, $$ :c $$, :d -- :e", ["d"]),
        ("select /* :a */ :b + :b", ["b"]),
        ("select '10:30', 'it''s :a'", []),
    ],
)
def test_names_are_those_outside_of_texts(sql: str, found: list[str]) -> None:
    assert names(sql) == found


def test_a_driver_gets_its_own_spelling() -> None:
    assert spelt("select ':a %', :b, x::int where y like '%' || :c", "%({})s") == (
        "select ':a %%', %(b)s, x::int where y like '%%' || %(c)s"
    )


def test_one_statement_is_taken_without_its_semicolon() -> None:
    assert single(" select ';' ; -- end\n") == "select ';'"
    with pytest.raises(UsageError):
        single("select 1; select 2")


COUNTING = "with recursive n(i) as (select 1 union all select i + 1 from n where i < {}) select i, 'row' as t from n"


def peak(team: InProcess, rows: int) -> int:
    """Bytes that were held at once while so many rows were written."""
    gc.collect()
    tracemalloc.start()
    team.ok("sql", COUNTING.format(rows), "-O", "rows.csv")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def test_an_answer_for_programs_is_written_row_by_row(team: InProcess) -> None:
    peak(team, 10)
    few, many = peak(team, 2_500), peak(team, 10_000)
    assert many < 1.5 * few
    assert (team.folder / "rows.csv").read_bytes().count(b"\n") == 10_001


def test_an_answer_that_is_told_as_a_whole_has_a_limit_that_is_said(team: InProcess) -> None:
    many = COUNTING.format(100_001)
    answer = team("sql", many)
    assert (answer.code, answer.out) == (2, "")
    assert "more than 100,000 rows" in answer.err and "-o csv" in answer.err
    assert team.ok("sql", many, "-L", "2").out.split() == ["I", "T", "-", "---", "1", "row", "2", "row"]
    assert team.ok("sql", many, "-o", "json", "-L", "1").json == [{"i": 1, "t": "row"}]
    screen = team.ok("sql", many, screen=True, env={"PAGER": "cat"})
    assert "50 of 100,001" in screen.err


def test_a_value_of_any_kind_is_told_in_every_format(team: InProcess) -> None:
    server = "://" in team.env.get("OPP_DB", "")
    query = "select 1.5 as d, x'00ff' as b"
    if server:
        query = "select 12345678901234567.89 d, array[1, 2] a, now() n, '{\"x\": 1}'::jsonb j, '\\x00ff'::bytea b"
    (row,) = team.ok("sql", query, "-o", "json").json
    assert row["b"] == "00ff"
    told = [team.ok("sql", query, "-o", name).raw for name in ("csv", "tsv", "jsonl", "table", "md", "html", "full")]
    assert all(told)
    team.ok("sql", query, "-O", "kinds.xlsx")
    if server:
        assert team.ok("sql", query, "-o", "csv", "-c", "d,a").out == 'd,a\n12345678901234567.89,"[1, 2]"\n'


def test_a_name_that_is_made_does_not_meet_one_that_is_there(team: InProcess) -> None:
    assert asked(team, "select 1 as a, 2 as a, 3 as a_2") == [{"a": 1, "a_2": 2, "a_2_2": 3}]


def test_who_may_not_export_is_told_so_while_rows_are_coming_and_the_attempt_is_an_entry(team: InProcess) -> None:
    policy = team.folder / "s.toml"
    policy.write_text(team.ok("policy show").out + '\n[scope]\nsee = { sales = "all" }\nexport = ["finance"]\n')
    team.ok("user edit bob --role sales")
    team.ok("policy apply s.toml")
    answer = team("sql", COUNTING.format(5_000), "-o", "csv", user="bob")
    assert (answer.code, answer.out) == (4, "")
    assert "refused" in team.ok("log -L 1 -c action --csv").out
    assert team.ok("sql", COUNTING.format(50), "-o", "csv", user="bob").code == 0


@pytest.mark.parametrize(
    ("statement", "near"),
    [("select amuont from deals", "amount"), ("select d.stge from deals d", "stage"), ("select * from dealz", "deals")],
)
def test_a_wrong_name_is_told_with_the_near_one(team: InProcess, statement: str, near: str) -> None:
    answer = team("sql", statement)
    assert (answer.code, f"did you mean {near}?" in answer.err, "opp sql --views" in answer.err) == (2, True, True)


def test_an_endless_number_is_told_as_a_text_in_every_format(opp_on_both: InProcess) -> None:
    opp_on_both.ok("init --template blank")
    endless = "1e400" if "://" not in opp_on_both.env.get("OPP_DB", "") else "'infinity'::float"
    query = f"select {endless} as most union all select 1.5"
    rows = {str(row["most"]).lower() for row in opp_on_both.ok("sql", query, "-o", "json").json}
    assert rows in ({"inf", "1.5"}, {"infinity", "1.5"})
    opp_on_both.ok("sql", query, "-O", "most.xlsx")
