"""Stories of a team whose policy says who sees what."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from begun import begun
from command_line import Answer, InProcess

SCOPE = """
[scope]
see    = { sales = "own", manager = "team", finance = "all" }
hide   = { margin = ["sales"], secret = ["sales"] }
mask   = ["phone"]
export = ["manager", "finance"]
[fields.secret]
[fields.phone]
"""


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    """ann and bob sell for mia, cay is finance; each seller has a deal. Once on each engine."""
    opp = opp_on_both
    opp.ok("init --template b2b --lang en", user="boss")
    for line in ("mia --role manager", "ann --manager mia", "bob --manager mia", "cay --role finance"):
        opp.ok(f"user add {line}", user="boss")
    applied(opp, SCOPE)
    opp.ok("add 'Alpha' --customer ACo --set phone=13812345678 --source fair", user="ann")
    opp.ok("add 'Beta' --customer BCo --amount 5000", user="bob")
    opp.ok("deal edit D-1 --set margin=20 --set secret=zzz", user="boss")
    return opp


def applied(opp: InProcess, more: str, *, code: int = 0) -> str:
    base = opp.ok("policy show 1", user="boss").out
    answer = opp("policy apply -", user="boss", stdin=(base + more).encode())
    assert answer.code == code, answer.err
    return answer.err


def titles(opp: InProcess, who: str) -> list[str]:
    return [row["title"] for row in opp.ok("ls -o json", user=who).json]


def test_everybody_sees_what_is_theirs(team: InProcess) -> None:
    assert [titles(team, who) for who in ("ann", "bob")] == [["Alpha"], ["Beta"]]
    assert [titles(team, who) for who in ("mia", "cay", "boss")] == [["Alpha", "Beta"]] * 3


def test_one_word_stands_for_all_roles_and_no_scope_for_no_question(team: InProcess) -> None:
    applied(team, '[scope]\nsee = "team"\n')
    assert [titles(team, who) for who in ("ann", "mia")] == [["Alpha"], ["Alpha", "Beta"]]
    applied(team, "[scope]\n")
    assert titles(team, "mia") == []
    applied(team, "")
    assert [titles(team, who) for who in ("ann", "zed")] == [["Alpha", "Beta"]] * 2


def test_a_role_that_the_policy_lists_counts(team: InProcess) -> None:
    base = team.ok("policy show 1", user="boss").out
    listed = base.replace("[roles]", '[roles]\nauditor = ["ann"]', 1)
    text = f'{listed}\n[scope]\nsee = {{ sales = "own", auditor = "all" }}\n'
    team.ok("policy apply -", user="boss", stdin=text.encode())
    assert titles(team, "ann") == ["Alpha", "Beta"]


def test_who_is_no_user_reads_nothing_under_a_scope(team: InProcess) -> None:
    assert [team(line, user="zed").code for line in ("ls", "log", "report funnel", "show D-1", "")] == [4] * 5


def test_who_was_deactivated_reads_nothing_anywhere(opp: InProcess) -> None:
    opp.ok("init --template b2b --lang en", user="boss")
    opp.ok("user add ann", user="boss")
    opp.ok("add Alpha --customer ACo", user="ann")
    opp.ok("user deactivate ann --successor boss", user="boss")
    answers = [opp(line, user="ann") for line in ("ls", "log", "report funnel", "show D-1", "user whoami", "", "inbox")]
    assert {answer.code for answer in answers} == {4}
    assert {answer.err.splitlines()[0] for answer in answers} == {"error: ann was deactivated"}


def test_a_hidden_field_cannot_be_asked_for_nor_set(team: InProcess) -> None:
    lines = (
        "ls -c id,margin",
        "ls --sort margin",
        "ls -w 'margin > 3'",
        "ls -c +secret",
        "deal edit D-1 --set margin=3",
    )
    answers = [team(line, user="ann") for line in lines]
    assert [answer.code for answer in answers] == [4] * 5
    assert answers[0].err == "error: ann does not have the field margin\nhint: who has it: opp policy explain\n"
    shown = team.ok("show D-1 -o json", user="ann").json
    assert ("margin" in shown, "secret" in shown, shown["extra"]) == (False, False, {"phone": "13812345678"})
    assert team.ok("show D-1 -o json", user="mia").json["margin"] == 20


def test_a_gate_names_a_hidden_field_and_judges_what_is_in_it(team: InProcess) -> None:
    before = team("gate D-1 --to Quote -o json", user="ann")
    assert "margin" not in before.out + before.err
    team.ok("deal edit D-1 --set margin=", user="boss")
    plan = team("request plan D-1 quote", user="ann")
    assert (plan.code, "margin" in plan.err) == (7, True)


def test_masked_values_are_whole_for_the_owner_and_who_is_above(team: InProcess) -> None:
    team.ok("deal assign D-2 --to ann", user="mia")
    applied(team, SCOPE.replace('sales = "own"', 'sales = "all"'))
    assert [
        team.ok("ls -c phone -o csv --sort id -L 1 --no-header", user=who).out.strip() for who in ("ann", "mia")
    ] == [
        "13812345678",
        "13812345678",
    ]


def test_who_may_not_take_data_out_is_refused_and_remembered(team: InProcess) -> None:
    for number in range(51):
        team.ok(f"add 'More {number}' --customer ACo -q", user="ann")
    assert [team(line, user="ann").code for line in ("ls -o csv", "export deals", "ls", "ls -o csv -L 50")] == [
        4,
        4,
        4,
        0,
    ]
    assert team("ls -o csv", user="mia").code == 0
    told = team.ok("log -o json -L 3", user="boss").json
    assert {(row["actor"], row["action"], row["noun"]) for row in told} == {("ann", "refused", "export")}


def test_an_export_is_an_entry_before_its_first_row(team: InProcess) -> None:
    answer = team.ok("export deals -c id,title -w \"title == 'Alpha'\"", user="mia")
    assert answer.out == "id,title\r\nD-1,Alpha\r\n" or answer.out == "id,title\nD-1,Alpha\n"
    entry = team.ok("log -o json -L 1", user="boss").json[0]
    told = {name: entry["meta"][name] for name in ("columns", "rows", "format")}
    assert (entry["actor"], entry["action"], entry["id"]) == ("mia", "export", "deals")
    assert told == {"columns": ["id", "title"], "rows": 1, "format": "csv"}
    assert entry["meta"]["filters"] == {"where": ["title == 'Alpha'"]}


def test_a_column_that_is_hidden_is_not_exported_nor_said_to_be(team: InProcess) -> None:
    applied(team, SCOPE.replace('export = ["manager", "finance"]', ""))
    before = team.ok("audit anchor -o json", user="cay").json
    assert team("export deals -c id,margin", user="ann").code == 4
    assert team.ok("audit anchor -o json", user="cay").json == before
    assert "margin" not in team.ok("export deals", user="ann").out


def test_doctor_says_that_a_scope_of_a_readable_file_is_a_courtesy(team: InProcess) -> None:
    if "://" in team.env["OPP_DB"]:
        assert "binds who has no other way" in team("doctor", user="ann").out
        return
    team.db.chmod(0o644)
    assert "a courtesy" in team("doctor", user="ann").out
    team.db.chmod(0o600)
    assert "a courtesy" not in team("doctor", user="ann").out


def test_a_next_step_that_is_hidden_is_told_by_no_task_and_no_entry(team: InProcess) -> None:
    applied(team, SCOPE.replace("margin = [", "next_step = ['sales'], next_step_on = ['sales'], margin = ["))
    team.ok("deal edit D-1 --set 'next_step=ask Quill' --set next_step_on=2026-03-19", user="mia")
    lines = ("show D-1", "ls -o json", "log", "log -o json", "log T-1 -o json", "deal history D-1 -o json", "", "sql")
    asked = [f"{line} 'SELECT * FROM task, journal'" if line == "sql" else line for line in lines]
    told = {line: team(line, user="ann").out for line in asked}
    assert [line for line, out in told.items() if "Quill" in out or "2026-03-19" in out or "19 Mar" in out] == []
    assert "Quill" in team.ok("log -o json", user="mia").out


def test_without_a_scope_an_export_writes_nothing(team: InProcess) -> None:
    applied(team, "")
    before = team.ok("audit anchor -o json", user="ann").json
    team.ok("export deals", user="ann")
    assert team.ok("audit anchor -o json", user="ann").json == before


def test_a_population_says_whose_it_is(team: InProcess) -> None:
    assert "1 deal of those you see" in team.ok("report funnel -v", user="ann").err
    assert "2 deals of those" not in team.ok("report funnel -v", user="cay").err


def test_a_duplicate_is_told_by_its_owner(team: InProcess) -> None:
    team.ok("deal edit D-2 --set external_id=X1 --set system=crm", user="bob")
    answer = team("add Gamma --customer GCo --set external_id=X1 --set system=crm", user="ann")
    assert (answer.code, "bob" in answer.err, "D-2" in answer.err) == (5, True, False)
    twin = team.ok("add Beta --customer BCo", user="ann").out
    assert ("a deal of bob has the same title" in twin, "D-2" in twin) == (True, False)


def test_a_scope_without_proof_is_warned_of(team: InProcess) -> None:
    assert "P201" in applied(team, SCOPE + "\n")
    assert "P201" not in applied(team, SCOPE + '[identity]\nproof = "login"\n')


def test_what_the_policy_says_of_seeing_lies_beside_it(team: InProcess) -> None:
    assert '"see": {"finance": "all"' in team.ok("export policies -o json", user="boss").out.replace("\\", "")
    assert team("db check", user="cay").code == 0


def test_without_a_scope_a_read_loads_nothing_of_it_and_asks_nothing_more(opp: InProcess) -> None:
    opp.ok("init --template b2b --lang en", user="boss")
    opp.ok("add Alpha --customer ACo", user="boss")
    probe = (
        "import sqlite3, sys; from oppcli.cli.app import run; said = []; connect = sqlite3.connect\n"
        "def listening(*given, **more):\n"
        "    made = connect(*given, **more); made.set_trace_callback(said.append); return made\n"
        "sqlite3.connect = listening; code = run(sys.argv[1:])\n"
        "own = set('scopes scope sight sights veil seeing'.split()) & {m.rpartition('.')[2] for m in sys.modules}\n"
        "asked = [each for each in said if 'version_num' in each or 'seen_deal' in each]\n"
        "print(code, sorted(own), len(asked))"
    )
    found = []
    for line in ("ls", "show D-1", "gate D-1", "report funnel", "log", "deal edit D-1 --amount 5", "export deals"):
        done = subprocess.run(
            [sys.executable, "-c", probe, *line.split()],
            env=opp.env | {"OPP_USER": "boss"},
            capture_output=True,
            check=False,
        )
        found.append((line, done.stdout.decode().splitlines()[-1]))
    assert {told for _, told in found} == {"0 [] 1"}, found


IMPORTED = """system = "crm"
[fields]
external_id = "id"
title = "title"
stage = "stage"
owner = "owner"
"""


def imported(team: InProcess, user: str, row: str, more: str = "", title: str = "") -> Answer:
    (team.folder / "map.toml").write_text(IMPORTED + more, "utf-8")
    (team.folder / "deals.csv").write_text(f"id,title,stage,owner{title}\n{row}\n", "utf-8")
    return team(f"import {team.folder}/deals.csv --mapping {team.folder}/map.toml", user=user)


def test_no_notice_tells_of_what_its_receiver_does_not_see(team: InProcess) -> None:
    """Neither a mention, nor what is watched and was another's to see before: moves, owners, notes, decisions."""
    applied(team, SCOPE.replace('sales = "own"', 'sales = "all"'))
    team.ok("notices watch D-1", user="bob")
    team.ok("notices watch C-1", user="bob")
    applied(team, SCOPE)
    refused = team("note 1 'hi @bob'", user="ann")
    assert (refused.code, "bob does not see D-1 Alpha" in refused.err) == (4, True)
    assert team("note C-1 'hi @bob' ", user="ann").code == 4
    team.ok("note 1 'call: SECRETMARK'", user="ann")
    quote = team.folder / "quote.pdf"
    quote.write_bytes(b"q")
    team.ok("deal edit D-1 --amount 30000 --set discount=12 --set payment_days=30 --set solution=standard", user="ann")
    team.ok(f"deal attach D-1 {quote} --kind quote", user="ann")
    team.ok("submit D-1 quote", user="ann")
    team.ok("approve R-1", user="mia")
    team.ok("approve R-1", user="cay")
    team.ok("lose D-1 --reason price", user="ann")
    team.ok("note C-1 'call: SECRETMARK'", user="ann")
    assert [row["id"] for row in team.ok("customer list -o json", user="bob").json] == ["C-2"]
    seen = [row for row in team.ok("notices list --all -o json", user="boss").json if row["to"] == "bob"]
    assert seen == []


def test_an_import_takes_no_deal_that_is_not_theirs_to_see(team: InProcess) -> None:
    team.ok("user add max --role manager", user="boss")
    team.ok("deal edit D-2 --set external_id=X1 --set system=crm", user="bob")
    answer = imported(team, "max", "X1,Beta,Lead,max")
    assert (answer.code, titles(team, "max"), titles(team, "bob")) == (9, [], ["Beta"])
    assert "a deal of bob already, and not yours to see" in answer.out + answer.err
    assert imported(team, "mia", "X1,Beta,Lead,ann").code == 0
    assert titles(team, "ann") == ["Alpha", "Beta"]


def test_an_import_of_stays_touches_no_deal_that_is_not_theirs_to_see(team: InProcess) -> None:
    team.ok("user add max --role manager", user="boss")
    keys = 'kind = "visits"\nsystem = "crm"\n[fields]\ndeal = "id"\nstage = "stage"\nentered = "at"\n'
    (team.folder / "stays.toml").write_text(keys, "utf-8")
    (team.folder / "stays.csv").write_text("id,stage,at\nD-2,Lead,2026-01-05\n", "utf-8")
    answer = team(f"import {team.folder}/stays.csv --mapping {team.folder}/stays.toml", user="max")
    assert (answer.code, "a deal of bob already, and not yours to see" in answer.out + answer.err) == (9, True)


def test_an_import_goes_on_with_what_it_made_for_others(team: InProcess) -> None:
    team.ok("user add cron --role service", user="boss")
    assert imported(team, "cron", "X7,Gamma,Lead,ann").code == 0
    assert imported(team, "cron", "X7,Gamma II,Lead,ann").code == 0
    assert (titles(team, "cron"), titles(team, "ann")) == ([], ["Alpha", "Gamma II"])


def test_an_import_sets_no_field_that_they_do_not_have(team: InProcess) -> None:
    applied(team, SCOPE.replace('margin = ["sales"]', 'margin = ["sales", "manager"]'))
    answer = imported(team, "mia", "X8,Delta,Lead,ann,30", 'margin = "margin"\n', ",margin")
    assert (answer.code, "mia does not have the field margin" in answer.err) == (4, True)


def test_a_hidden_text_is_told_by_no_sentence_whatever_stands_in_it(team: InProcess) -> None:
    """Commas, brackets and arrows in it do not end what is taken out."""
    base = team.ok("policy show 1", user="boss").out
    material = base.replace('"solution"]      # a change', '"solution", "secret"]      # a change')
    titled = SCOPE.replace("[fields.secret]", '[fields.secret]\ntitle = "price of others"')
    assert team("policy apply -", user="boss", stdin=(material + titled).encode()).code == 0
    quote = team.folder / "quote.pdf"
    quote.write_bytes(b"q")
    team.ok("deal edit D-1 --amount 30000 --set discount=12 --set payment_days=30 --set solution=standard", user="ann")
    team.ok(f"deal attach D-1 {quote} --kind quote", user="ann")
    team.ok("submit D-1 quote", user="ann")
    team.ok("deal edit D-1 --set 'secret=one WORD, two WORD; three (WORD), four WORD'", user="boss")
    team.ok("approve R-1", user="mia")
    team.ok("approve R-1", user="cay")
    team.ok("deal edit D-1 --set 'secret=a WORD → b WORD, c WORD' --amount 40000", user="boss")
    told = [team(line, user="ann").out for line in ("log -o json", "notices list", "deal history D-1", "gate D-1")]
    told += [team(f"request {verb} R-1", user="ann").out for verb in ("show", "status")]
    refused = team("request nudge R-1", user="ann").err
    assert "WORD" not in " ".join(told) + refused
    assert "amount 30000.00 → 40000.00; secret after approval" in refused


def test_a_time_that_is_given_shows_nothing_of_a_delegation_that_ended(opp: InProcess) -> None:
    """Not in a trial database, where the time that is given is the time."""
    real: dict[str, Any] = {"env": {"OPP_NOW": None}}
    opp.ok("init --template b2b --lang en", user="boss", **real)
    for line in ("mia --role manager", "ann --manager mia", "law --role legal"):
        opp.ok(f"user add {line}", user="boss", **real)
    policy = (opp.ok("policy show", user="boss").out + SCOPE).encode()
    opp.ok("policy apply -", user="boss", stdin=policy, **real)
    opp.ok("add Alpha --customer ACo --amount 30000 --set budget_confirmed=yes", user="ann", **real)
    opp.ok("submit D-1 qualification", user="ann", **real)
    opp.ok("delegate add --to law --start +10d --end +20d", user="mia", **real)
    then = (datetime.now(UTC) + timedelta(days=15)).isoformat()
    assert opp.ok("ls -o json", user="mia", **real).json != []
    assert opp.ok("ls -o json", user="law", **real).json == []
    assert opp.ok("--now", then, "ls", "-o", "json", user="law", **real).json == []
    assert opp("--now", then, "show", "D-1", user="law", **real).code == 3


def test_who_is_mentioned_and_sees_nothing_of_it_is_refused_by_what_lets_them_see(team: InProcess) -> None:
    refused = team("note", "D-1", "@bob please look", user="ann")
    hint = r"hint: \@bob is no mention; to let them see it: opp deal link D-1 bob --read"
    assert (refused.code, refused.err.splitlines()[1]) == (4, hint)
    team.ok("deal link D-1 bob --read", user="ann")
    team.ok("note", "D-1", "@bob please look", user="ann")


def test_an_entry_names_the_customer_that_it_refers_to_where_something_in_it_is_veiled(team: InProcess) -> None:
    assert "customer C-1 ACo" in team.ok("log D-1", user="ann").out


def test_how_a_field_of_what_one_does_not_see_came_about_is_not_told(team: InProcess) -> None:
    assert (team("fields D-1 amount", user="bob").code, team("fields D-1 amount", user="ann").code) == (3, 0)


def test_a_run_that_begins_with_what_one_does_not_see_is_listed_by_what_one_does(team: InProcess) -> None:
    team.ok("deal edit D-2 D-1 --set tier=A", user="boss")
    run = team.ok("undo --list -o json", user="boss").json[0]
    seen = next(each for each in team.ok("undo --list -o json", user="ann").json if each["run"] == run["run"])
    assert (run["what"], seen["what"], seen["did"]) == ("D-2, D-1", "D-1", run["did"])


def test_who_sees_the_deals_of_all_sees_no_task_of_others_that_belongs_to_none(team: InProcess) -> None:
    team.ok("task add 'A case for the fair'", user="ann")
    team.ok("task add 'Call Alpha' --for D-1", user="ann")
    told = {who: [row["title"] for row in team.ok("task list --all -o json", user=who).json] for who in ("ann", "mia")}
    assert [sorted(told["ann"]), told["mia"]] == [["A case for the fair", "Call Alpha"], ["Call Alpha"]]
