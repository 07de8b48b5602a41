"""The keys by which duplicates are looked up follow from the records, whatever wrote them, on both engines."""

import json

import pytest

from oppcli.model.deals import Customer, Deal, Stage, Visit
from oppcli.model.duplicates import DuplicateRule, Duplicates
from oppcli.model.noun import replace
from oppcli.rules.duplicates import kept
from oppcli.store.doors import WriteDoor
from oppcli.store.matching import match_by, matched, pending

RULES = Duplicates(
    (
        DuplicateRule("phone", "customer", same=("phone",), like={"name": 50}),
        DuplicateRule("name", "customer", like={"name": 85}),
        DuplicateRule("own", "customer", same=("code",)),
        DuplicateRule("deal", "deal", same=("customer", "product")),
    )
)
PLAN = kept(RULES, {"customer": {"code": "text"}})


def held(door: WriteDoor) -> list[tuple[str, int, str, str]]:
    return list(door.rows("SELECT noun, id, kind, key FROM match_key ORDER BY noun, id, kind, key"))


def customer(name: str, **more: object) -> Customer:
    return Customer(name=name, key=name, created_by="wang", **more)  # type: ignore[arg-type]


def test_without_rules_no_key_is_kept(door: WriteDoor) -> None:
    door.add(customer("Acme Inc"))
    assert matched(door) == {}
    assert held(door) == []


def test_keys_are_those_of_what_is_written(door: WriteDoor) -> None:
    match_by(door, PLAN)
    acme = door.add(customer("Acme Inc", phone=("021-5888 1234", "13800138000"), extra={"code": "X 1"}))
    assert matched(door) == {"customer": [acme.id]}
    assert held(door) == [
        ("customer", acme.id, "code", "x 1"),
        ("customer", acme.id, "name", "acme"),
        ("customer", acme.id, "phone", "8613800138000"),
        ("customer", acme.id, "phone", "862158881234"),
    ]
    after = door.save(acme, replace(acme, name="Apex", phone=("13800138000",), extra={}))
    assert matched(door) == {"customer": [acme.id]}
    assert [row[2:] for row in held(door)] == [("name", "apex"), ("phone", "8613800138000")]
    # What loses a key, or changes in nothing that is compared, is like nothing new.
    after = door.save(after, replace(after, phone=()))
    after = door.save(after, replace(after, industry="steel"))
    assert matched(door) == {}


def test_what_was_withdrawn_has_no_keys_until_it_is_restored(door: WriteDoor) -> None:
    match_by(door, PLAN)
    acme = door.add(customer("Acme"))
    gone = door.save(acme, replace(acme, standing="withdrawn"))
    matched(door)
    assert held(door) == []
    door.save(gone, replace(gone, standing="live"))
    assert matched(door) == {"customer": [acme.id]}


def test_many_at_once_have_the_keys_that_each_alone_has(door: WriteDoor) -> None:
    match_by(door, PLAN)
    door.add_many([customer("Acme Inc"), customer("上海精密有限公司")])
    ids = door.bulk(Customer, ("name", "key"), {"created_by": "wang"}).add([("Apex", "apex")])
    assert matched(door) == {"customer": [1, 2, 3]}
    assert [row[3] for row in held(door)] == ["acme", "上海精密", "apex"]
    door.mark(Customer, ids, "withdrawn", action="withdraw", meta={})
    matched(door)
    assert [row[3] for row in held(door)] == ["acme", "上海精密"]


def test_keys_of_several_fields_are_of_those_that_have_all(door: WriteDoor) -> None:
    match_by(door, PLAN)
    acme = door.add(customer("Acme"))
    door.add(Stage(name="Lead", kind="lead", position=0))
    visits = (Visit(stage="Lead", entered_at=1),)
    door.add(Deal(title="a", stage="Lead", customer_id=acme.id, product="MES  ii", visits=visits))
    door.add(Deal(title="b", stage="Lead", customer_id=acme.id, visits=visits))
    matched(door)
    assert [row for row in held(door) if row[0] == "deal"] == [("deal", 1, "customer+product", f"{acme.id}\x1fmes ii")]


def test_other_rules_make_other_keys_for_all_there_is(door: WriteDoor) -> None:
    door.add(customer("Acme", phone=("13800138000",)))
    match_by(door, PLAN)
    assert [row[2:] for row in held(door)] == [("name", "acme"), ("phone", "8613800138000")]
    assert matched(door) == {}
    phones = Duplicates((DuplicateRule("phone", "customer", same=("phone",)),), country="+44")
    match_by(door, kept(phones, {}))
    assert [row[2:] for row in held(door)] == [("phone", "4413800138000")]
    match_by(door, "")
    assert held(door) == []


def test_a_long_value_has_a_short_key_that_begins_alike(door: WriteDoor) -> None:
    match_by(door, PLAN)
    door.add_many([customer("long " * 100), customer("long " * 100 + "er")])
    matched(door)
    keys = [row[3] for row in held(door)]
    assert len(set(keys)) == 2
    assert [len(key) for key in keys] == [200, 200]
    assert keys[0][:160] == keys[1][:160]


def test_what_is_kept_beside_the_policy_is_json_of_what_is_compared() -> None:
    assert json.loads(PLAN)["nouns"]["deal"] == {
        "kinds": {"customer": "text", "product": "text"},
        "sets": [["customer", "product"]],
    }
    assert kept(None, {}) == kept(Duplicates(()), {}) == ""


@pytest.mark.parametrize(
    ("changed", "matters"),
    [
        ({"extra": {"score": 4}}, False),
        ({"amount": 5}, False),
        ({"product": "MES"}, True),
        ({"extra": {"code": "7"}}, True),
        ({"standing": "withdrawn"}, True),
        # No key of it changes, and a conflict of it may end.
        ({"stage": "Won"}, True),
    ],
)
def test_what_changes_nothing_that_is_compared_leaves_nothing_to_look_up(
    door: WriteDoor, changed: dict[str, object], matters: bool
) -> None:
    own = DuplicateRule("own", "deal", same=("code",))
    match_by(door, kept(Duplicates((*RULES.rules, own)), {"deal": {"code": "text"}, "customer": {"code": "text"}}))
    door.add_many([Stage(name="Lead", kind="lead", position=0), Stage(name="Won", kind="won", position=1)])
    deal = door.add(Deal(title="a", stage="Lead", visits=(Visit(stage="Lead", entered_at=1),)))
    matched(door)
    door.save(deal, replace(deal, **changed))
    assert pending(door) is matters
