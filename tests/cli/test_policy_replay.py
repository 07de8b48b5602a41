"""What another policy would have asked in the past: a small history typed by commands on both engines, with answers
worked out by hand."""

from pathlib import Path
from typing import Any

import pytest
from approvals_office import POLICY, Office
from begun import begun
from command_line import InProcess
from kept import Kept

from oppcli.reads.policy_replay import Tally
from oppcli.reads.replay import Ended
from oppcli.rules.approvals.replaying import Fate

OLD = POLICY.replace('"签约" = ["quote", "risk"]', '"签约" = ["quote"]')
DIRECTOR = 'when = "amount >= 50万 or discount > 15"'
LOWER = OLD.replace('when = "amount >= 20万 or discount > 10"', 'when = "amount >= 10万"')
FINANCE = """
[[type.quote.step]]
name = "财务"
who = "role:finance"
when = "amount >= 50万"
sla = "4h"
"""
NEW = LOWER.replace(DIRECTOR, 'when = "amount >= 100万"').replace("\n[type.risk]", f"{FINANCE}\n[type.risk]")
COLUMNS = (  # as they are told, in their order
    "type step asked would_ask dropped added unknown hours_spared hours_added refusals_missed refusals_amount won_after"
)


@pytest.fixture
@begun
def office(opp_on_both: InProcess) -> Office:
    """Four deals: one refused by the director, asked again and won; one refused by the manager and lost; one small
    enough to need no quote; one returned, and smaller the second time."""
    made = Office(opp_on_both, OLD)
    for number, amount in enumerate((800_000, 300_000, 150_000, 600_000), 1):
        line = f"lead add 客户{number} --customer 客户{number} --amount {amount} --set discount=5"
        made.ok("li", line, at="09 09:00")
        made.ok("li", f"lead qualify D-{number}", at="09 09:00")
    for deal in (1, 2, 4):
        made.ok("li", f"request submit D-{deal} quote", at="09 10:00")
    made.ok("wang", "request reject R-2 -m 太低", at="09 10:30")
    made.ok("wang", "request approve R-1", at="09 11:00")
    made.ok("li", "deal advance D-3", at="09 14:00")
    made.ok("zhou", "request reject R-1 -m 太贵", at="09 15:00")
    made.ok("wang", "request return R-3 -m 再谈", at="09 17:00")
    made.ok("li", "deal edit D-4 --set amount=450000", at="10 09:00")
    made.ok("li", "request resubmit R-3", at="10 09:00")
    made.ok("li", "request submit D-1 quote", at="10 09:00")
    made.ok("wang", "request approve R-3", at="10 09:30")
    made.ok("wang", "request approve R-4", at="10 10:00")
    made.ok("zhou", "request approve R-4", at="10 11:00")
    made.ok("li", "deal lose D-2 --reason 价格", at="10 11:00")
    made.ok("li", "deal advance D-1 --to 签约", at="11 09:00")
    made.ok("li", "win D-1", at="11 09:00")
    return made


def replay(office: Office, text: str, more: str = "", at: str = "12 09:00", who: str = "wang") -> Any:
    """The rows by step."""
    rows = office.ok(who, f"policy replay {written(office, text)} -q -o json {more}", at=at).json
    return rows if "--requests" in more else {row["step"]: row for row in rows}


def written(office: Office, text: str) -> Path:
    file = Path(office.opp.folder) / "next.toml"
    file.write_text(text, encoding="utf-8")
    return file


def picked(row: dict[str, Any], names: str = "asked would_ask dropped added unknown hours_spared hours_added") -> Any:
    return tuple(row[name] for name in names.split())


def test_each_step_says_what_was_asked_and_what_would_have_been(office: Office) -> None:
    rows = replay(office, NEW)
    assert list(rows["财务"])[:-1] == COLUMNS.split()
    assert {step: picked(row) for step, row in rows.items()} == {
        "销售主管": (5, 6, 0, 1, 0, 0, 1),
        "大区总监": (3, 0, 3, 0, 0, 4, 0),
        "财务": (0, 3, 0, 3, 0, 0, 8),
    }
    refused = "refusals_missed refusals_amount won_after currency"
    assert picked(rows["大区总监"], refused) == (1, "800000.00", 1, "CNY")
    assert picked(rows["销售主管"], refused) == (0, None, 0, None)


def test_the_same_policy_changes_nothing(office: Office) -> None:
    for text in (OLD, OLD.replace('name = "测试"', 'name = "again"')):
        rows = replay(office, text)
        assert [picked(row) for row in rows.values()] == [(5, 5, 0, 0, 0, 0, 0), (3, 3, 0, 0, 0, 0, 0)]
        assert replay(office, text, "--requests") == []
    assert replay(office, OLD, "--type 报价审批").keys() == {"销售主管", "大区总监"}
    by_version = office.ok("wang", "policy replay 1 -q -o json", at="12 09:00").json
    assert [row["dropped"] for row in by_version] == [0, 0]


def test_the_history_of_the_demo_fits_the_policy_under_which_it_was_made(chinese: Kept) -> None:
    rows = chinese.opp.ok("policy replay 1 -q -o json").json
    assert len(rows) == 12
    changed = [row for row in rows if row["asked"] != row["would_ask"] or any(picked(row, "dropped added unknown"))]
    assert changed == []
    assert {picked(row, "hours_spared hours_added refusals_missed won_after") for row in rows} == {(0, 0, 0, 0)}


def test_each_refusal_that_nobody_would_have_given_is_told_with_the_end_of_the_deal(office: Office) -> None:
    file = written(office, NEW)
    told = office.ok("wang", f"policy replay {file}", at="12 09:00").out
    assert "R-1 D-1 客户1: 大区总监 said no on Mon 9 Mar 15:00; won on Wed 11 Mar 09:00" in told
    assert "not claimed: what anybody would have decided, or bought" in told
    assert "2 by what" not in told
    assert "1 by what these people took in 180 days, 2 by the time a step allows" in told
    told = office.ok("wang", f"policy replay {file} --lang zh", at="12 09:00").out
    assert "R-1 D-1 客户1：大区总监" in told
    told = office.ok("wang", f"policy replay {written(office, OLD.replace('20万', '100万'))}", at="12 09:00").out
    assert "R-2 D-2 客户2: 销售主管 said no on Mon 9 Mar 10:30; lost on Tue 10 Mar 11:00" in told


def test_a_row_per_request_tells_which_and_what_became_of_it(office: Office) -> None:
    rows = replay(office, NEW, "--requests")
    shown = "request revision deal step change hours_spared hours_added refused_at outcome"
    assert [picked(row, shown) for row in rows] == [
        ("R-1", 1, "D-1", "财务", "added", 0, 4, None, "won"),
        ("R-1", 1, "D-1", "大区总监", "dropped", 3, 0, "2026-03-09T07:00:00Z", "won"),
        ("R-3", 1, "D-4", "财务", "added", 0, 0, None, "open"),
        ("R-3", 1, "D-4", "大区总监", "dropped", 0, 0, None, "open"),
        (None, None, "D-3", "销售主管", "added", 0, 1, None, "open"),
        ("R-4", 1, "D-1", "财务", "added", 0, 4, None, "won"),
        ("R-4", 1, "D-1", "大区总监", "dropped", 1, 0, None, "won"),
    ]


def test_a_day_and_a_type_choose_what_is_asked_again(office: Office) -> None:
    assert {step: picked(row)[:5] for step, row in replay(office, NEW, "--since 2026-03-10").items()} == {
        "销售主管": (2, 2, 0, 0, 0),
        "大区总监": (1, 0, 1, 0, 0),
        "财务": (0, 1, 0, 1, 0),
    }
    assert replay(office, NEW, "--type risk") == {}
    refused = office("wang", f"policy replay {written(office, NEW)} --type qoute", at="12 09:00")
    assert (refused.code, refused.out) == (3, "")
    assert "no such type of request: qoute; did you mean quote?" in refused.err
    assert office("wang", "policy replay", at="12 09:00").code == 2
    assert office("wang", "policy replay nowhere.toml", at="12 09:00").code == 2


def test_what_was_not_kept_is_unknown_and_named(office: Office) -> None:
    margin = OLD.replace('when = "amount >= 20万 or discount > 10"', 'when = "amount >= 20万 or margin < 10"')
    rows = replay(office, margin)
    assert picked(rows["销售主管"])[:5] == (5, 5, 0, 0, 1)
    tier = OLD.replace(DIRECTOR, "when = \"tier == 'A'\"")
    answer = office.ok("wang", f"policy replay {written(office, tier)} -o json", at="12 09:00")
    assert [picked(row)[:5] for row in answer.json] == [(5, 5, 0, 0, 0), (3, 0, 0, 0, 5)]
    assert "note: not known, for it was not kept: tier in 5" in answer.err
    unknown = replay(office, tier, "--requests")
    assert {(row["change"], *row["lacking"], row["hours_spared"]) for row in unknown} == {("unknown", "tier", 0)}


def test_a_gate_is_passed_with_the_facts_of_its_instant(office: Office) -> None:
    back_and_forth(office, "12 08:00")
    office.ok("li", "deal edit D-3 --set amount=50000 --set tier=A", at="12 09:00")
    gates = OLD.replace('"谈判" = ["quote"]', '"谈判" = ["quote", "tech"]').replace("amount >= 20万", "amount >= 10万")
    rows = replay(office, gates, at="12 10:00")
    assert picked(rows["销售主管"])[:5] == (5, 6, 0, 1, 0)
    assert picked(rows["技术"])[:4] == (0, 2, 0, 2)
    back_and_forth(office, "12 11:00")
    assert picked(replay(office, gates, at="12 13:00")["销售主管"])[:5] == (5, 6, 0, 1, 0)
    assert picked(replay(office, gates, at="12 13:00")["技术"])[:5] == (0, 3, 0, 3, 0)


@pytest.mark.parametrize(("kind", "closed", "won"), [("won", 5, 1), ("won", 4, 0), ("lost", 9, 0), ("open", None, 0)])
def test_a_deal_is_won_after_a_refusal_where_it_was_won_since(kind: str, closed: int | None, won: int) -> None:
    tally = Tally()
    tally.count(Fate("A", asked=True, change="dropped", missed=5), 100, Ended(1, "甲", "li", "[]", kind, closed))
    assert (tally.missed, tally.amount, tally.won) == (1, 100, won)


def back_and_forth(office: Office, at: str) -> None:
    office.ok("li", "deal advance D-3 --to 方案 -m 再看", at=at)
    office.ok("li", "deal advance D-3", at=at)


def test_a_move_that_was_undone_passed_no_gate(office: Office) -> None:
    lower = OLD.replace("amount >= 20万", "amount >= 10万")
    seen = "would_ask added"
    office.ok("li", "lead add 客户5 --customer 客户5 --amount 150000 --set discount=5", at="12 09:00")
    office.ok("li", "lead qualify D-5", at="12 09:00")
    office.ok("li", "deal advance D-5", at="12 09:10")
    assert picked(replay(office, lower, at="12 09:20")["销售主管"], seen) == (7, 2)
    office.ok("li", "undo", at="12 09:30")
    assert picked(replay(office, lower, at="12 09:40")["销售主管"], seen) == (6, 1)
    office.ok("li", "deal advance D-5", at="12 09:50")
    assert picked(replay(office, lower, at="12 10:00")["销售主管"], seen) == (7, 2)
    back_and_forth(office, "12 10:10")
    assert picked(replay(office, lower, "--since 2026-03-12", at="12 10:20")["销售主管"], seen) == (1, 1)


def test_whose_yes_is_repeated_is_not_asked_and_separation_is_the_files(office: Office) -> None:
    same = OLD.replace('who = "manager+1"', 'who = "manager"')
    rows = replay(office, same)
    assert picked(rows["大区总监"], "asked would_ask dropped refusals_missed") == (3, 1, 2, 1)
    apart = same.replace("[gate]", '[sod]\nrepeat = "none"\n[gate]')
    assert picked(replay(office, apart)["大区总监"], "asked would_ask dropped") == (3, 3, 0)
    office.ok("root", f"policy apply {written(office, same)}", at="12 09:00")
    another(office, "wang")
    assert picked(replay(office, same)["大区总监"], "asked would_ask dropped added") == (3, 1, 2, 0)
    assert picked(replay(office, apart)["大区总监"], "asked would_ask dropped added") == (3, 4, 0, 1)


def another(office: Office, who: str) -> None:
    """D-5, of which `who` approves the quote."""
    office.ok("li", "lead add 客户5 --customer 客户5 --amount 800000 --set discount=5", at="12 09:00")
    office.ok("li", "lead qualify D-5", at="12 09:00")
    office.ok("li", "request submit D-5 quote", at="12 09:00")
    office.ok(who, "request approve R-5", at="12 09:10")


def test_a_yes_for_somebody_else_is_repeated_nowhere(office: Office) -> None:
    window = "--start 2026-03-12T09:00 --end 2026-03-13T09:00"
    office.ok("wang", f"delegate add --from wang --to zhou {window}", at="12 09:00")
    another(office, "zhou")
    office.ok("zhou", "request approve R-5", at="12 09:20")
    rows = replay(office, OLD, at="12 10:00")
    assert [picked(row)[:4] for row in rows.values()] == [(6, 6, 0, 0), (4, 4, 0, 0)]


def test_who_does_not_have_the_amount_is_told_nothing_that_follows_from_it(office: Office) -> None:
    scope = '[scope]\nsee = "all"\nhide = { amount = ["sales"] }\n[gate]'
    office.ok("root", f"policy apply {written(office, OLD.replace('[gate]', scope))}", at="12 09:00")
    lower = OLD.replace("20万", "70万")
    seen = replay(office, lower)["销售主管"]
    assert picked(seen, "dropped unknown refusals_missed refusals_amount") == (3, 0, 1, "300000.00")
    rows = replay(office, lower, who="li")
    assert picked(rows["销售主管"], "dropped unknown refusals_missed") == (0, 6, 0)
    empty = OLD.replace('when = "amount >= 20万 or discount > 10"', 'when = "amount is empty"').replace(DIRECTOR, "")
    assert picked(replay(office, empty)["销售主管"], "dropped unknown added") == (5, 0, 0)
    assert picked(replay(office, empty, who="li")["销售主管"], "dropped unknown added") == (0, 6, 0)
    always = OLD.replace('when = "amount >= 20万 or discount > 10"', 'when = "discount > 90"')
    dropped = replay(office, always, who="li")["销售主管"]
    assert picked(dropped, "dropped refusals_missed won_after") == (5, 1, 0)
    assert not dropped.keys() & {"refusals_amount", "currency"}
    assert "amount" not in replay(office, always, "--requests", who="li")[0]
