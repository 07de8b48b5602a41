"""Nouns: made by name, never changed, equal when all their fields are."""

import dataclasses
from dataclasses import FrozenInstanceError, asdict, fields, is_dataclass

import pytest

from oppcli.model.deals import Deal, Visit
from oppcli.model.noun import NOTHING, replace
from oppcli.model.requests import Holder, Request

VISIT = Visit(stage="Offer", entered_at=5)


def test_a_noun_is_made_of_what_is_given_and_of_the_defaults_of_the_rest() -> None:
    assert [getattr(VISIT, field.name) for field in fields(VISIT)] == [0, "Offer", 5, None, None]
    assert Deal(title="Plant", stage="Lead", created_at=1).extra is NOTHING


def test_the_next_version_of_a_noun_is_another_noun() -> None:
    after = replace(VISIT, left_at=9)
    assert (after, VISIT.left_at) == (Visit(stage="Offer", entered_at=5, left_at=9), None)


def test_nouns_are_equal_when_all_their_fields_are_and_only_to_their_own_kind() -> None:
    assert len({VISIT, Visit(stage="Offer", entered_at=5), replace(VISIT, id=1)}) == 2
    assert Holder(login="wang").__eq__(VISIT) is NotImplemented


@pytest.mark.parametrize("change", [lambda: setattr(VISIT, "left_at", 9), lambda: delattr(VISIT, "stage")])
def test_nobody_changes_a_noun(change: object) -> None:
    with pytest.raises(FrozenInstanceError, match=r"Visit\.\w+ cannot be changed"):
        change()  # type: ignore[operator]


def test_a_noun_has_no_room_for_more() -> None:
    with pytest.raises(FrozenInstanceError):
        VISIT.colour = "red"  # type: ignore[attr-defined]


def test_everything_wrong_with_the_fields_given_is_said_at_once() -> None:
    with pytest.raises(TypeError) as refused:
        Request(deal_id=1, kind="quote", submitted_at=3)  # type: ignore[call-arg]
    assert str(refused.value) == "Request(): missing submitted_by, type; unknown kind"


def test_one_missing_and_one_unknown_field_do_not_make_up_for_each_other() -> None:
    with pytest.raises(TypeError, match=r"^Visit\(\): missing entered_at; unknown entered$"):
        Visit(stage="Offer", entered=5)  # type: ignore[call-arg]


def test_a_noun_is_a_dataclass_to_whoever_asks() -> None:
    kinds = {field.name: field.type for field in fields(Deal)}
    assert (is_dataclass(Deal), kinds["title"], kinds["extra"]) == (True, str, Deal.__annotations__["extra"])
    assert asdict(VISIT) == {"id": 0, "stage": "Offer", "entered_at": 5, "left_at": None, "system": None}
    assert dataclasses.replace(VISIT, left_at=9) == replace(VISIT, left_at=9)


def test_the_next_version_has_no_other_fields() -> None:
    with pytest.raises(TypeError, match=r"^Visit\(\): unknown colour$"):
        replace(VISIT, colour="red")
