"""Which open deals two policies would treat differently, read from both engines."""

from dataclasses import replace

import pytest

from oppcli.actions import policies
from oppcli.actions.act import Act
from oppcli.actions.requests.verbs import decide, submit
from oppcli.model.deals import Customer, Deal, File, Visit
from oppcli.model.journal import Stamp
from oppcli.model.people import User
from oppcli.policy import read, template
from oppcli.reads import policy_diff
from oppcli.reads.policy_effects import compared

OLD = template("b2b", "zh").replace(', "file:报价单"]', "]")
NEW = OLD.replace("discount > 15", "discount > 20")
STRICT = OLD.replace('"签约" = ["contract"]', '"签约" = ["contract", "quote"]')
FACTS = {
    "amount": 30_000_000,
    "discount": 180_000,
    "margin": 300_000,
    "payment_days": 30,
    "extra": {"solution": "标准"},
}


@pytest.fixture
def team(door):
    """The b2b policy, and people who may decide quotes."""
    door.add(User(login="ma", name="马", roles=("admin", "manager")))
    door.add(User(login="zhou", name="周", manager="ma"))
    door.add(User(login="wang", name="王", manager="zhou"))
    door.add(User(login="li", name="李", manager="wang"))
    policies.apply(acting(door, "ma"), OLD)
    return door


def added(door, stage="方案", **more):
    visits = (Visit(stage=stage, entered_at=door.at),)
    return door.add(Deal(**{"title": "甲", "stage": stage, "owner": "li", "visits": visits, **FACTS, **more}))


def rows(door, new=NEW, old=OLD, **more):
    table = policy_diff.deals(compared(door, read(old), read(new), door.at, **more), "")
    names = [column.name for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in table.rows]


def acting(door, login):
    """What somebody else does, in a transaction of their own."""
    door.begin(Stamp(actor=login, now=door.at, command="test", os_user=login))
    return Act(door)


def submitted(door, deal):
    return submit(acting(door, "li"), deal, "quote").request


def approved(door, deal):
    """A quote that wang and zhou approved."""
    made = submitted(door, deal)
    for login in ("wang", "zhou"):
        made = decide(acting(door, login), f"R-{made.id}", "approve").request
    assert made.state == "approved"
    return made


def test_each_deal_and_type_that_differs_is_a_row_with_both_plans(team):
    customer = team.add(Customer(name="精密", key="精密"))
    added(team, customer_id=customer.id)
    added(team, discount=150_000)
    added(team, discount=210_000)
    added(team, amount=50_000_000)
    (row,) = rows(team)
    assert row == {
        "deal": "D-1",
        "title": "甲",
        "customer": "精密",
        "owner": "li",
        "stage": "方案",
        "amount": 30_000_000,
        "currency": "CNY",
        "type": "quote",
        "required_before": "yes",
        "required_after": "yes",
        "steps_before": ("销售主管", "大区总监"),
        "steps_after": ("销售主管",),
        "closes": (),
        "opens": (),
        "running": None,
        "rules": (),
    }


def test_gates_that_close_and_open_ahead_of_the_deal_are_named(team):
    added(team)
    added(team, stage="签约")
    added(team, amount=1_000, discount=0)
    assert [(row["deal"], row["closes"], row["opens"]) for row in rows(team, STRICT)] == [("D-1", ("签约",), ())]
    assert [(row["deal"], row["closes"], row["opens"]) for row in rows(team, OLD, STRICT)] == [("D-1", (), ("签约",))]


def test_closed_deals_are_not_compared(team):
    added(team, stage="赢单")
    added(team, stage="输单")
    found = compared(team, read(OLD), read(NEW), team.at)
    assert (found.cases, found.deals) == ((), 0)


def test_a_deal_whose_approval_holds_is_left_out_and_counted_until_its_facts_change(team):
    deal = added(team)
    approved(team, deal)
    found = compared(team, read(OLD), read(NEW), team.at)
    assert (found.cases, found.approved) == ((), 1)
    assert rows(team, STRICT) == []
    team.save(team.get(Deal, deal.id), replace(team.get(Deal, deal.id), discount=190_000))
    assert [row["steps_after"] for row in rows(team)] == [("销售主管",)]
    assert [row["closes"] for row in rows(team, STRICT)] == [("签约",)]


def test_an_approval_that_rests_on_a_file_holds_while_the_file_is_the_same(team):
    deal = added(team)
    file = {"deal_id": deal.id, "kind": "合同", "name": "c.pdf", "size": 1, "path": "/c.pdf"}
    for login, role in (("qian", "legal"), ("chen", "finance")):
        team.add(User(login=login, name=login, roles=(role,)))
    team.add(File(sha256="a" * 64, **file))
    made = submit(acting(team, "li"), deal, "contract").request
    assert made is not None
    for login in ("qian", "chen"):
        made = decide(acting(team, login), f"R-{made.id}", "approve").request
        assert made is not None
    assert made.state == "approved"
    later = OLD.replace('name     = "财务"\ntogether', 'name     = "财务部"\ntogether')
    assert rows(team, later) == []
    team.add(File(sha256="b" * 64, **file))
    assert [(row["type"], row["steps_after"]) for row in rows(team, later)] == [("contract", ("法务", "财务部"))]


def test_a_request_under_way_is_named_for_it_keeps_its_rules(team):
    submitted(team, added(team))
    assert [(row["deal"], row["running"]) for row in rows(team)] == [("D-1", "R-1")]


def test_what_cannot_be_judged_is_counted_by_type(team):
    added(team, margin=None)
    found = compared(team, read(OLD), read(NEW), team.at)
    assert (found.cases, dict(found.unknown)) == ((), {"quote": 1})
    notes = tuple(note.text for note in policy_diff.deals(found, "").notes)
    assert notes == ("1 open deal compared", "quote: 1 open deal lacks facts that decide it")


def test_a_stage_that_is_gone_is_said_with_its_deals_and_a_renamed_one_is_the_same(team):
    added(team, amount=1_000, discount=0)
    edits = [('name = "方案"', 'name = "设计"'), ('"方案" = ["qualification"]', '"设计" = ["qualification"]')]
    text = OLD
    for old, new in edits:
        text = text.replace(old, new)
    found = compared(team, read(OLD), read(text), team.at)
    assert dict(found.homeless) == {"方案": 1}
    assert "  1 open deal in 方案, which is not there any more: --rename '方案=…'" in policy_diff.deals(found, "").above
    added(team, stage="线索")
    same = compared(team, read(OLD), read(text), team.at, renames={"方案": "设计"})
    assert (same.cases, dict(same.homeless)) == ((), {})


def test_rules_are_rows_with_the_open_deals_they_are_about(team):
    added(team)
    added(team, discount=210_000)
    added(team, amount=1_000, discount=0)
    text = NEW.replace('rule = "at least 2"', 'rule = "at least 3"').replace("valid_days = 60", "valid_days = 30")
    table = policy_diff.rules(compared(team, read(OLD), read(text), team.at), "")
    assert list(table.rows) == [
        ("type quote", "valid_days", "60", "30", "quote", None, 2),
        ("step 大区总监 of quote", "threshold", "discount > 15", "discount > 20", "quote", "大区总监", 2),
        ("step 技术评审 of quote", "rule", "at least 2", "at least 3", "quote", "技术评审", 0),
    ]


def test_people_read_the_rules_above_and_how_many_deals_by_type(team):
    added(team)
    added(team, discount=160_000)
    added(team, amount=25_000_000, discount=50_000)
    text = NEW.replace("amount >= 20万 or discount > 10", "amount >= 30万 or discount > 10")
    above = policy_diff.deals(compared(team, read(OLD), read(text), team.at), "old → new").above
    assert above == (
        "old → new",
        "  type quote: threshold amount >= 200,000 → amount >= 300,000   (3 open deals)",
        "  step 大区总监 of quote: threshold discount > 15 → discount > 20   (2 open deals)",
        "",
        "3 of 3 open deals would be treated differently",
        "  quote: no longer required for 1, opens 谈判 for 1, other steps for 2",
    )


class Counting:
    """A read door that counts what is asked of it."""

    def __init__(self, door):
        self._door, self.asked = door, 0

    def __getattr__(self, name):
        self.asked += name in ("rows", "one", "stream", "get", "find")
        return getattr(self._door, name)


def test_the_number_of_queries_does_not_grow_with_the_deals(team):
    asked = []
    for number in (1, 30):
        for _ in range(number):
            approved(team, added(team))
            added(team)
        counting = Counting(team)
        found = compared(counting, read(OLD), read(STRICT), team.at)
        asked.append((counting.asked, found.approved, len(found.cases)))
    assert asked == [(4, 1, 1), (4, 31, 31)]
