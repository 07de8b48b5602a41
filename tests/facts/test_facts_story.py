"""Facts of customers as conditions and gates read them, as people type them, on both engines."""

import json
import sys

import pytest
from begun import begun
from command_line import Answer, InProcess
from stages import team_policy

POLICY = team_policy(
    """[[stage]]
name = "Lead"
kind = "lead"
[[stage]]
name = "Offer"
[[stage]]
name = "Talks"
enter = ["customer.credit_left >= 0"]
[[stage]]
name = "Won"
kind = "won"
enter = ["customer.overdue <= 0", "customer.iso9001"]
[[stage]]
name = "Lost"
kind = "lost"
[fact.credit_limit]
type = "money"
fresh = "30d"
[fact.iso9001]
type = "until"
title = "ISO 9001"
who = "user:qa"
[[score]]
name = "risk"
unknown = "missing"
rules = [
  { name = "逾期", when = "customer.overdue > 0", points = 3 },
  { name = "首单", when = "customer.won == 0", points = 1 },
]
[type.control]
title = "风控"
when = "risk >= 3"
needs = ["customer.credit_limit"]
[[type.control.step]]
name = "Control"
who = "user:boss"
[gate]
Talks = ["control"]
""",
    name="Facts",
    fallback="user:boss",
)
FIRST, LATER, STALE = "2026-03-02T09:00:00+08:00", "2026-03-10T09:00:00+08:00", "2026-04-20T09:00:00+08:00"


class Team:
    """boss, who knows what customers may owe, qa, who knows their certificates, and li, who sells."""

    def __init__(self, opp: InProcess, policy: str = POLICY) -> None:
        self.opp, self.now = opp, FIRST
        (opp.folder / "policy.toml").write_text(policy, encoding="utf-8")
        self("root", "init --policy policy.toml")
        self("root", "user add boss --role manager")
        self("root", "user add qa")
        self("root", "user add li --manager boss")
        self("li", "add 'Line 3' --customer Acme --amount 300000")

    def __call__(self, who: str, line: str) -> Answer:
        return self.opp.ok(line, user=who, now=self.now)

    def no(self, who: str, line: str, code: int) -> str:
        answer = self.opp(line, user=who, now=self.now)
        assert answer.code == code, f"{line} -> {answer.code}\n{answer.err}{answer.out}"
        return answer.err


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> Team:
    return Team(opp_on_both)


def test_credit_that_runs_out_between_submit_and_gate_stops_at_the_gate(team: Team) -> None:
    said = team("boss", "fact set C-1 credit_limit=500000 --source 年审").out
    assert "credit_limit CNY 500,000.00, as of 2026-03-02" in said
    team("li", "advance D-1 --to Offer")
    team("li", "add 'Line 4' --customer Acme --amount 400000")
    team("li", "payment plan D-2 --part rest:2026-12-31")
    told = team.no("li", "advance D-1 --to Talks", 7)
    assert "customer.credit_left is CNY -200,000.00" in told
    team("boss", "fact set C-1 credit_limit=900000")
    assert "Offer → Talks" in team("li", "advance D-1 --to Talks").out
    team.now = STALE
    assert "it is of 2026-03-02, and good for 30 days" in team("li", "fact list C-1 -o json").out


def test_a_customer_with_overdue_receivables_opens_the_branch_of_control(team: Team) -> None:
    team("boss", "fact set C-1 credit_limit=5000000")
    team("li", "advance D-1 --to Offer")
    team("li", "add 'Line 4' --customer Acme --amount 400000")
    team("li", "payment plan D-2 --part =100000:2026-03-05 --part rest:2026-12-31")
    assert not team("li", "gate D-1 --to Talks").out
    team.now = LATER
    assert "approval control" in team.no("li", "advance D-1 --to Talks", 7)
    team("li", "submit D-1 control")
    shown = team("boss", "request show R-1 -o json").out
    assert '"risk"' in shown and "5000000.00" in shown
    team("boss", "approve R-1")
    assert "Offer → Talks" in team("li", "advance D-1 --to Talks").out


def test_facts_are_said_by_who_may_and_never_by_who_owns_an_open_deal_of_the_customer(team: Team) -> None:
    assert "may not" in team.no("li", "fact set C-1 credit_limit=5", 4)
    assert "qa or an admin may" in team.no("boss", "fact set C-1 iso9001=2027-03-31", 4)
    assert "iso9001 until 2027-03-31" in team("qa", "fact set C-1 iso9001=2027-03-31").out
    team("root", "deal assign D-1 --to boss")
    assert "boss owns D-1, open with C-1" in team.no("boss", "fact set C-1 credit_limit=5", 4)


def test_of_facts_the_newest_day_counts_and_the_same_again_changes_nothing(team: Team) -> None:
    team("boss", "fact set C-1 credit_limit=500000")
    assert "as before" in team("boss", "fact set C-1 credit_limit=500000").out
    assert "that of 2026-03-02 counts" in team("boss", "fact set C-1 credit_limit=1 --on 2026-03-01").out
    found = team("li", "fact list C-1 --history -o json").json
    assert [(each["value"], each["state"]) for each in found] == [("500000.00", "counts"), ("1.00", "replaced")]
    wrong = team.no("boss", "fact set C-1 credit_limit=abc --on 2027-01-01", 2)
    assert "in the future" in wrong and "credit_limit" in wrong
    assert "no such fact" in team.no("boss", "fact set C-1 credit_limi=5", 3)
    assert "is said twice" in team.no("boss", "fact set C-1 credit_limit=1 credit_limit=2", 2)


def test_a_fact_of_money_is_in_a_currency_that_there_is_however_its_letters_are_typed(team: Team) -> None:
    team("boss", "fact set C-1 credit_limit=500000 --currency cny")
    assert team("li", "fields D-1 customer.credit_limit -o json").json and "CNY" in team("li", "fact list C-1").out
    assert "there is no currency CNX; did you mean CNY?" in team.no(
        "boss", "fact set C-1 credit_limit=5 --currency cnx", 2
    )


def test_a_fact_is_of_the_day_where_business_is_done_as_what_an_adapter_says(team: Team) -> None:
    team.opp.env["OPP_TZ"], team.now = "Pacific/Auckland", "2026-03-02T22:00:00+08:00"  # there it is the 3rd
    assert "as of 2026-03-02" in team("boss", "fact set C-1 credit_limit=5").out
    assert "as of 2026-03-03" in team("boss", "fact set C-1 credit_limit=6 --on today").out
    assert "in the future" in team.no("boss", "fact set C-1 credit_limit=7 --on tomorrow", 2)


FILE = """Customer,Fact,Value,Day,From
Acme,credit_limit,"250,000.50",2026-03-01,old
Acme,credit_limit,"600,000",2026-03-02,review
Nobody,credit_limit,5,2026-03-01,
Acme,none,5,2026-03-01,
Acme,credit_limit,much,2030-03-01,
"""
MAPPING = """kind = "facts"
system = "erp"
[fields]
customer = { column = "Customer", by = "name" }
name = "Fact"
value = "Value"
as_of = "Day"
source = "From"
"""


def test_facts_come_from_a_file_once_and_by_who_may_enter_them(team: Team) -> None:
    (team.opp.folder / "facts.csv").write_text(FILE, encoding="utf-8")
    (team.opp.folder / "facts.toml").write_text(MAPPING, encoding="utf-8")
    line = "import facts.csv --mapping facts.toml --rejects no.csv"

    def counted(who: str) -> str:
        answer = team.opp(line, user=who, now=team.now)
        return answer.out + answer.err

    assert "2 created, 0 updated, 0 unchanged, 3 rejected" in counted("boss")
    rejected = (team.opp.folder / "no.csv").read_text(encoding="utf-8")
    assert "there is no customer Nobody" in rejected and "no such fact: none" in rejected
    assert "is in the future" in rejected and "'much' is not a number" in rejected
    assert "0 created, 0 updated, 2 unchanged, 3 rejected" in counted("boss")
    found = team("boss", "fact list C-1 --history -o json").json
    assert [(row["value"], row["source"], row["state"]) for row in found] == [
        ("600000.00", "review", "counts"),
        ("250000.50", "old", "replaced"),
    ]
    assert "0 created, 0 updated, 0 unchanged, 5 rejected" in counted("li")


def test_a_value_that_was_corrected_and_corrected_back_counts_again(team: Team) -> None:
    for value in ("1", "2", "1"):
        team("boss", f"fact set C-1 credit_limit={value} --on 2026-03-01")
    found = team("boss", "fact list C-1 --history -o json").json
    assert [row["value"] for row in found] == ["1.00", "2.00", "1.00"]


def test_every_name_is_told_with_its_value_and_how_that_came_about(team: Team) -> None:
    team("boss", "fact set C-1 credit_limit=500000 --source 年审")
    team("li", "add 'Line 4' --customer Acme --amount 400000")
    team("li", "payment plan D-2 --part =100000:2026-03-01 --part rest:2026-12-31")
    found = {each["name"]: each for each in team("li", "fields D-1 -o json").json}
    assert found["customer.receivable"]["value"] == "400000.00"
    assert found["customer.credit_left"]["value"] == "-200000.00"
    assert (found["risk.flags"]["value"], found["payment.planned"]["value"]) == ("逾期, 首单", "0.00")
    assert found["customer.credit_limit"]["origin"] == "derived" and found["customer.overdue"]["definition"]
    rows = team("li", "fields D-1 risk -o json").json
    assert [(each["part"], each["value"]) for each in rows] == [("逾期", "true, 3 points"), ("首单", "true, 1 point")]
    assert team("li", "fields D-1 customer.overdue -o json").json[0] == {
        "part": "D-2",
        "value": "CNY 100,000.00",
        "more": "",
    }
    assert "年审" in team("li", "fields D-1 customer.credit_limit -o json").out
    assert len(team("li", "fields D-1 customer.credit_left -o json").json) == 3


def test_what_is_owed_is_told_by_instalments_receipts_and_the_customer_where_no_deal_owes_it(team: Team) -> None:
    def parts(name: str) -> list[tuple[str, str]]:
        return [(row["part"], row["value"]) for row in team("li", f"fields D-1 {name} -o json").json]

    team("li", "payment plan D-1 --part =100:2026-03-01 --part =150:2026-03-02 --part rest:sign+30d")
    team("boss", "payment received D-1 120 --on 2026-03-02")
    loose = "external_id,kind,customer,on,amount\n7,due,Acme,2026-03-01,40\n"
    mapping = 'kind = "payments"\nsystem = "books"\n[fields]\n' + "".join(
        f'{name} = "{name}"\n' for name in ("external_id", "kind", "customer", "on", "amount")
    )
    (team.opp.folder / "loose.csv").write_text(loose, encoding="utf-8")
    (team.opp.folder / "loose.toml").write_text(mapping, encoding="utf-8")
    team("boss", "import loose.csv --mapping loose.toml")
    team.now = LATER
    rest = team("li", "fields D-1 payment.planned -o json").json[2]
    assert parts("payment.planned")[:2] == [("Y-1", "CNY 100.00"), ("Y-2", "CNY 150.00")]
    assert (rest["part"], "30 days after signing" in rest["more"]) == ("Y-3", True)
    assert parts("payment.received") == [("Y-4", "CNY 120.00")]
    assert parts("payment.outstanding")[0] == ("Y-2", "CNY 130.00")
    assert parts("payment.overdue") == [("Y-2", "CNY 130.00")]
    assert parts("payment.late_days")[0][0] == "Y-2"
    assert parts("customer.overdue") == [("D-1", "CNY 130.00"), ("C-1", "CNY 40.00")]


def test_a_risk_that_nobody_knows_now_is_shown_as_missing_whatever_it_was(team: Team) -> None:
    team("li", "add Plant --customer Acme --amount 'GBP 100'")
    team("li", "payment plan D-2 --part =100:2026-03-05")
    assert team("li", "deal list -c id,risk -o json").json[0]["risk"] == 1
    team.now = LATER
    now = {row["name"]: row["value"] for row in team("li", "fields D-1 -o json").json}
    assert (now["risk"], now["risk.flags"], now["customer.overdue"]) == (None, None, None)


def test_who_does_not_see_amounts_is_told_none_by_gates_nor_of_facts_of_the_customer(opp_on_both: InProcess) -> None:
    team = Team(opp_on_both)
    (team.opp.folder / "veiled.toml").write_text(POLICY + '[scope]\nhide = { amount = ["sales"] }\n', encoding="utf-8")
    team("root", "policy apply veiled.toml")
    team("root", "user edit li --role sales")
    team("root", "fact set C-1 credit_limit=250000")
    assert "customer.credit_left is CNY -50,000.00" in team("root", "gate D-1 --to Talks").out
    assert "customer.credit_left; needed to enter Talks" in team("li", "gate D-1 --to Talks").out
    assert "50,000" not in team.no("li", "advance D-1 --to Talks", 7)
    assert "does not have the field" in team.no("li", "fields D-1 customer.credit_limit", 4)
    now = {row["name"]: row["value"] for row in team("li", "fields D-1 -o json").json}
    assert now["customer.credit_limit"] is None


def test_lists_have_risk_and_its_flags_and_are_sorted_by_it(team: Team) -> None:
    team("li", "add 'Line 4' --customer Acme --amount 400000")
    team("li", "payment plan D-2 --part =100000:2026-03-01 --part rest:2026-12-31")
    team("li", "add 'Line 5' --customer Other --amount 5")
    team.now = LATER
    team("root", "tick")
    rows = team("li", "ls -c id,risk,risk.flags --sort -risk -o json").json
    assert [(each["id"], each["risk"], each["risk.flags"]) for each in rows][-1] == ("D-3", 1, "首单")
    assert rows[0]["risk.flags"] == "逾期, 首单"
    heads = team("li", "ls -c +risk,risk.flags --sort -risk").out.splitlines()[0].split()
    assert heads[:2] == ["ID", "TITLE"] and {"RISK", "RISK.FLAGS"} <= {*heads}
    assert [each["id"] for each in team("li", "ls -w 'risk >= 3' -o json").json] == ["D-1", "D-2"]
    assert len(team("li", "sql 'SELECT * FROM deals' -o json").json) == 3
    assert team("li", "export deals -o json").json[0]["risk.flags"] == "逾期, 首单"


def test_a_risk_that_nobody_knows_is_missing_and_lets_nothing_through(opp_on_both: InProcess) -> None:
    rules = POLICY.replace('when = "customer.won == 0"', 'when = "customer.credit_limit < 5"')
    team = Team(opp_on_both, rules)
    team("li", "advance D-1 --to Offer")
    assert team("li", "fields D-1 risk -o json").json[1]["value"] == "open, 1 point"
    told = team.no("li", "submit D-1 control", 7)
    assert "risk is missing: nobody knows customer.credit_limit" in told and "opp fields D-1 risk" in told
    reasons = team.opp("submit D-1 control -o json", user="li", now=team.now).error["reasons"]
    assert [each.get("slug") for each in reasons if "is missing: nobody" in each["detail"]] == [None]


def test_what_moves_by_itself_is_not_material_and_a_fact_there_is_none_of_is_told(opp: InProcess) -> None:
    wrong = POLICY.replace('needs = ["customer.credit_limit"]', 'material = ["customer.overdue", "risk"]')
    (opp.folder / "p.toml").write_text(wrong.replace("customer.won ==", "customer.wom =="), encoding="utf-8")
    told = opp("policy check p.toml", user="root")
    assert told.code == 8 and told.err.count("P061") == 2 and "P062" in told.err


ADAPTER = """
import json, os, sys
asked, log = json.load(sys.stdin), sys.argv[1]
open(log, "a").write(json.dumps(asked) + "\\n")
if os.path.exists(log + ".no"):
    print("the bank is closed", file=sys.stderr)
    print("come again", file=sys.stderr)
    sys.exit(3)
said = {"value": "600000.00", "currency": "CNY", "as_of": "2026-03-02"}
print(json.dumps({"facts": {name: said for name in asked["want"]}}))
"""


@pytest.fixture
def asking(opp_on_both: InProcess) -> Team:
    """The team with an adapter for the limit of credit in its own configuration."""
    folder = opp_on_both.folder
    (folder / "credit.py").write_text(ADAPTER, encoding="utf-8")
    own = folder / "home" / "config" / "opp" / "config.toml"
    own.parent.mkdir(parents=True, exist_ok=True)
    words = [sys.executable, str(folder / "credit.py"), str(folder / "asked.log")]
    own.write_text(f'[adapter.credit]\ncommand = {json.dumps(words)}\ntimeout = "10s"\n', encoding="utf-8")
    return Team(opp_on_both, POLICY.replace('fresh = "30d"', 'fresh = "30d"\nsource = "credit"'))


def test_an_adapter_is_asked_for_what_a_submit_reads_and_nobody_knows(asking: Team) -> None:
    log = asking.opp.folder / "asked.log"
    asking("li", "add 'Line 4' --customer Acme --amount 400000")
    asking("li", "payment plan D-2 --part =100000:2026-03-01 --part rest:2026-12-31")
    (asking.opp.folder / "asked.log.no").write_text("", encoding="utf-8")
    told = asking.no("li", "submit D-1 control", 7)
    assert "the bank is closed" in told and "come again" not in told
    error = asking.opp("submit D-1 control -o json", user="li", now=asking.now).error
    assert (error["slug"], error["reasons"][0]["slug"]) == ("adapter_failed", "adapter_failed")
    assert asking("li", "request list -o json").json == []
    (asking.opp.folder / "asked.log.no").unlink()
    asking("li", "submit D-1 control")
    assert "600000.00" in asking("boss", "request show R-1 -o json").out
    question = json.loads(log.read_text(encoding="utf-8").splitlines()[-1])
    assert question == {
        "opp": 1,
        "adapter": "credit",
        "customer": {"id": "C-1", "name": "Acme", "external_id": None, "system": None},
        "deal": "D-1",
        "want": ["credit_limit"],
    }


def test_what_is_fresh_is_not_asked_for_and_a_failure_leaves_it_as_it_is(asking: Team) -> None:
    assert "credit_limit CNY 600,000.00" in asking("li", "fact fetch C-1").out
    assert "nothing is missing" in asking("li", "fact fetch D-1").out
    assert "as before" in asking("li", "fact fetch C-1 --again").out
    (asking.opp.folder / "asked.log.no").write_text("", encoding="utf-8")
    asking.no("li", "fact fetch C-1 --again", 7)
    found = asking("li", "fact list C-1 --history -o json").json
    assert [(each["value"], each["source"], each["state"]) for each in found] == [("600000.00", "credit", "counts")]
    asking.now = STALE
    assert asking.no("li", "fact fetch C-1", 7)


def test_a_fact_that_is_too_old_says_so_at_the_gate_and_is_asked_for_again(asking: Team) -> None:
    asking("li", "fact fetch C-1")
    asking("li", "add 'Line 4' --customer Acme --amount 400000")
    asking("li", "payment plan D-2 --part =100000:2026-03-01 --part rest:2026-12-31")
    asking.now = STALE
    error = asking.opp("advance D-1 --to Talks -o json", user="li", now=STALE).error
    found = {reason["what"]: reason for reason in error["reasons"]}["customer.credit_left >= 0"]
    assert "is missing: it is of 2026-03-02, and good for 30 days" in found["detail"]
    assert found["slug"] == "stale_fact"
    (asking.opp.folder / "asked.log.no").write_text("", encoding="utf-8")
    error = asking.opp("submit D-1 control -o json", user="li", now=STALE).error
    assert error["slug"] == "adapter_failed"
    asking.opp.env["XDG_CONFIG_HOME"] = str(asking.opp.folder / "nowhere")
    error = asking.opp("submit D-1 control -o json", user="li", now=STALE).error
    found = {reason["what"]: reason for reason in error["reasons"]}["customer.credit_limit"]
    assert (found["fix"], found["slug"]) == ("opp fact fetch C-1", "stale_fact")


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("import time; time.sleep(60)", "was not done within 1 s"),
        ("import subprocess, time; subprocess.Popen(['sleep', '60']); time.sleep(60)", "was not done within 1 s"),
        ("print('x' * 100_000)", "more than 64 KiB"),
        ("print('{}')", "no JSON of facts"),
        ("print('nothing')", "no JSON of facts"),
        ("import sys; sys.exit(2)", ": exit 2"),
        ("import os; os.kill(os.getpid(), 11)", ": signal 11"),
    ],
)
def test_an_adapter_that_does_not_answer_is_refused_and_killed(asking: Team, program: str, said: str) -> None:
    (asking.opp.folder / "credit.py").write_text(program, encoding="utf-8")
    config = asking.opp.folder / "home" / "config" / "opp" / "config.toml"
    config.write_text(config.read_text(encoding="utf-8").replace("10s", "1s"), encoding="utf-8")
    assert said in asking.no("li", "fact fetch C-1", 7)


def test_neither_a_folder_nor_a_policy_says_which_program_runs(asking: Team) -> None:
    config = asking.opp.folder / "home" / "config" / "opp" / "config.toml"
    (asking.opp.folder / ".opp.toml").write_text(config.read_text(encoding="utf-8"), encoding="utf-8")
    assert "adapter" in asking.no("li", "fact list", 8)
    (asking.opp.folder / ".opp.toml").unlink()
    config.write_text('[adapter.credit]\ncommand = "run"\ntimeout = "5m"\n', encoding="utf-8")
    told = asking.no("li", "fact fetch C-1", 8)
    assert "command" in told and "timeout" in told
    config.write_text("", encoding="utf-8")
    assert "no adapter credit" in asking.no("li", "fact fetch C-1", 8)


def test_a_fact_of_nothing_is_a_fact_and_a_need_for_it_is_met(opp_on_both: InProcess) -> None:
    needed = POLICY.replace('when = "risk >= 3"\nneeds = ["customer.credit_limit"]', 'needs = ["customer.overdue"]')
    team = Team(opp_on_both, needed)
    rows = team("li", "fields D-1 -o json").json
    assert next(row["value"] for row in rows if row["name"] == "customer.overdue") in ("0.00", "CNY 0.00")
    assert "R-1 submitted" in team("li", "submit D-1 control").out


def test_what_is_said_of_a_customer_is_taken_back_by_what_was_said_before(team: Team) -> None:
    first = team("boss", "fact set C-1 credit_limit=500000 --source '年审 2025' -o json").json
    second = team("boss", "fact set C-1 credit_limit=400000 -o json").json
    same = team("boss", "fact set C-1 credit_limit=400000 -o json").json
    team("boss", second["undo"]["command"].removeprefix("opp "))
    (row,) = team("li", "fact list C-1 -o json").json
    assert (first["undo"], same["undo"]) == (None, None)
    assert (row["value"], row["source"]) == ("500000.00", "年审 2025")
