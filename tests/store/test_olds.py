"""What things were before a time, as the first change after it tells, on both engines."""

from oppcli.model.deals import Deal, Stage
from oppcli.model.journal import Stamp
from oppcli.model.noun import replace
from oppcli.store.doors import WriteDoor
from oppcli.store.olds import Olds, changes

MADE, MOVED, LATER = 1_000, 2_000, 3_000
NAMED = 'a title with "amount":[1,2] in it'


def stamped(now: int) -> Stamp:
    return Stamp(actor="li", now=now, command="test", os_user="li")


def test_a_thing_was_what_the_first_change_after_an_instant_says_it_was_before(door: WriteDoor) -> None:
    door.begin(stamped(MADE))
    door.add(Stage(name="方案", kind="open", position=0))
    deal = door.add(Deal(title=NAMED, stage="方案", amount=100, currency="CNY", extra={"层级": "A"}))
    other = door.add(Deal(title="never touched", stage="方案", amount=7, currency="CNY"))
    for now, more in (
        (MOVED, {"amount": 200}),
        (LATER, {"amount": None, "extra": {"层级": "B"}}),
        (LATER, {"source": "fair"}),
    ):
        door.begin(stamped(now))
        deal = door.save(deal, replace(deal, **more))
    then = Olds(door, "deal", ("amount", "extra.层级"))
    told = {
        at: (then.at(deal.id, "amount", at, None), then.at(deal.id, "extra.层级", at, "B"))
        for at in (0, 1_999, 2_000, 3_000)
    }
    assert told == {0: (100, "A"), 1_999: (100, "A"), 2_000: (200, "A"), 3_000: (None, "B")}
    assert (then.at(other.id, "amount", MADE, 7), other.id in then.changes) == (7, False)
    since = [(each.key, each.at, dict(each.pairs)) for each in changes(door, ("deal",), ("amount",), since=MOVED)]
    assert since == [(deal.id, MOVED, {"amount": [100, 200]}), (deal.id, LATER, {"amount": [200, None]})]
    made = [each.key for each in changes(door, ("deal", "stage"), ("currency",)) if each.makes]
    assert made == [deal.id, other.id]
    assert list(changes(door, ("deal",), ("amount",), keys=[other.id], since=MOVED)) == []
