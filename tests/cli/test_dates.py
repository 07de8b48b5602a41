"""Reminders of dates: what ends or is due is told of once for each entry of the policy, in business hours."""

import pytest
from begun import begun
from command_line import InProcess
from stages import STAGES, team_policy

POLICY = team_policy(
    STAGES,
    """[roles]
books = []
[quote]
[contract]
[remind]
contract = ["30d before"]
payment = ["7d before", "1d after"]
quote = ["0d before"]
approval = ["2d before", "1d after"]
fact = ["3d before"]
cc = "role:books"
[fact.insured]
type = "until"
[type.risk]
valid_days = 10
[[type.risk.step]]
name = "Boss"
who = "user:boss"
remind = ["50%"]
""",
)
JULY = "2026-07-15T10:00:00+08:00"  # a Wednesday


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    opp = opp_on_both
    opp.env["OPP_NOW"] = JULY
    opp.env["OPP_TZ"] = "Asia/Shanghai"
    (opp.folder / "team.toml").write_text(POLICY, "utf-8")
    opp.ok("init --policy team.toml", user="root")
    for person in ("boss --role manager", "li --role sales --manager boss", "cai --role books"):
        opp.ok(f"user add {person}", user="root")
    opp.ok("lead add Plant --customer Acme --amount 900000 --owner li", user="root")
    return opp


def told(opp: InProcess, day: str, hour: str = "10:00") -> list[tuple[str, str]]:
    """Who is told of what by a tick at this time; the same instant again tells nobody."""
    at = f"2026-{day}T{hour}:00+08:00"
    before = len(noticed(opp))
    opp.ok("tick", user="root", now=at)
    found = noticed(opp)[before:]
    assert opp.ok("tick", user="root", now=at).out == "nothing was due\n"
    assert len(noticed(opp)) == before + len(found)
    return sorted(found)


def noticed(opp: InProcess) -> list[tuple[str, str]]:
    rows = opp.ok("notices list --all -o json", user="root").json
    return [(row["to"], row["text"]) for row in sorted(rows, key=lambda row: row["id"]) if row["kind"] == "date"]


def test_an_instalment_is_told_of_at_the_first_business_instant_from_that_day_on(team: InProcess) -> None:
    team.ok("payment plan D-1 --part 50%:2026-07-25 --part rest:2026-12-31", user="li")
    text = "Y-1 of D-1 Plant: due 2026-07-25"
    assert told(team, "07-17", "18:00") == [], "seven days before is Saturday"
    assert told(team, "07-20", "08:59") == []
    assert told(team, "07-20", "09:00") == [("cai", text), ("li", text)]
    assert told(team, "07-24") == []
    assert told(team, "07-27", "09:00") == [("cai", text), ("li", text)]
    assert told(team, "08-30") == [], "never endless"


def test_what_is_paid_void_or_of_a_lost_deal_is_told_of_to_nobody(team: InProcess) -> None:
    team.ok("payment plan D-1 --part 50%:2026-07-25 --part rest:2026-07-26", user="li")
    team.ok("payment received D-1 450000 --on 2026-07-15", user="boss")
    text = "Y-2 of D-1 Plant: due 2026-07-26"
    assert told(team, "07-20") == [("cai", text), ("li", text)], "the first is paid"
    team.ok("payment void Y-2 -m wrong", user="boss")
    assert told(team, "07-28") == []
    team.ok("lead add Mill --customer Bolt --amount 100 --owner li", user="root")
    team.ok("payment plan D-2 --part 100%:2026-08-01", user="li")
    team.ok("lose D-2 --reason price", user="li")
    assert told(team, "07-29") == []


def test_what_nobody_ticked_for_a_month_is_told_once_and_what_is_older_not_at_all(team: InProcess) -> None:
    team.ok("payment plan D-1 --part 50%:2026-06-01 --part rest:2026-07-10", user="li")
    text = "Y-2 of D-1 Plant: due 2026-07-10"
    assert told(team, "07-15") == [("cai", text), ("li", text)]


def test_an_approval_is_told_of_before_and_after_it_ended_unless_another_took_its_place(team: InProcess) -> None:
    team.ok("request submit D-1 risk", user="li")
    team.ok("approve R-1", user="boss")
    text = "R-1 risk for D-1 Plant: ends 2026-07-25"
    assert told(team, "07-22") == []
    assert told(team, "07-23", "09:00") == [("cai", text), ("li", text)]
    assert told(team, "07-27", "10:01") == [("cai", text), ("li", text)], "it ended on Saturday"


def test_an_approval_that_was_replaced_is_not_told_of(team: InProcess) -> None:
    team.ok("request submit D-1 risk", user="li")
    team.ok("approve R-1", user="boss")
    team.ok("tick", user="root", now="2026-07-25T10:01:00+08:00")
    team.ok("request submit D-1 risk", user="li", now="2026-07-25T11:00:00+08:00")
    assert told(team, "07-27", "10:01") == []


def test_a_quote_is_told_of_on_its_last_day_unless_it_was_accepted(team: InProcess) -> None:
    (team.folder / "lines.csv").write_text("item,qty,price,tax\nPlant,1,100,13\n", "utf-8")
    team.ok("quote set D-1 lines.csv", user="li")
    team.ok("quote edit D-1 --valid 2026-07-25", user="li")
    text = "Q-1 for D-1 Plant: ends 2026-07-25"
    assert told(team, "07-24") == []
    assert told(team, "07-27", "09:00") == [("cai", text), ("li", text)], "the first business instant from then on"
    assert told(team, "07-28") == []


def test_a_signed_contract_is_told_of_before_it_ends(team: InProcess) -> None:
    for name in ("v1.docx", "scan.pdf"):
        (team.folder / name).write_text(name, "utf-8")
    team.ok("contract add D-1 v1.docx --amount 900000 --start 2026-07-15 --end 2026-08-20", user="li")
    text = "the contract of D-1 Plant: ends 2026-08-20"
    assert told(team, "07-21", "09:00") == [], "it is not signed"
    team.ok("contract sign D-1 scan.pdf", user="li", now="2026-07-21T11:00:00+08:00")
    assert told(team, "07-21", "12:00") == [("cai", text), ("li", text)]
    assert told(team, "08-21") == []


def test_the_policy_says_when_people_are_reminded(team: InProcess) -> None:
    said = team.ok("policy explain", user="li").out
    assert "The owner is reminded 7 days before and 1 day after an instalment is due that is not paid." in said
    assert "The owner is reminded on the day a quote ends that is not accepted." in said
    assert "未接受的报价到期当天提醒负责人。" in team.ok("--lang zh policy explain", user="li").out


def test_more_than_ten_entries_and_other_units_are_refused(team: InProcess) -> None:
    many = ", ".join(f'"{n}d after"' for n in range(1, 12))
    text = POLICY.replace('"7d before", "1d after"', many).replace('"0d before"', '"7h before"')
    (team.folder / "more.toml").write_text(text, "utf-8")
    answer = team("policy check more.toml", user="root")
    assert answer.code == 8
    assert "P066  [remind]: payment: 11 reminders, at most 10" in answer.out + answer.err
    assert "P020  [remind]: quote: '7h before': use '7d before' or '1d after'" in answer.out + answer.err


def test_a_fact_is_told_of_before_its_last_day_unless_a_newer_one_counts(team: InProcess) -> None:
    team.ok("fact set C-1 insured=2026-07-18 --source policy", user="boss")
    text = "insured of C-1 Acme: ends 2026-07-18"
    assert told(team, "07-15") == [("cai", text), ("li", text)]
    team.ok("fact set C-1 insured=2026-07-22 --source policy", user="boss")
    team.ok("fact set C-1 insured=2027-07-22 --source policy", user="boss", now="2026-07-16T10:00:00+08:00")
    assert told(team, "07-20") == []


def test_a_step_with_reminders_makes_no_table_of_reminders() -> None:
    from oppcli.actions.due import may_have

    assert not may_have('[[type.x.step]]\nremind = ["50%"]\n', "remind")
    assert not may_have('[defaults]\nremind = [\n  "50%",\n]\n', "remind")
    assert may_have('[remind]\nquote = ["1d before"]\n', "remind")
    assert may_have('remind.quote = ["1d before"]\n', "remind")
    assert may_have('remind = { quote = "1d before" }\n', "remind")
