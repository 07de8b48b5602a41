"""The fields of a deal that a mapping may name, and how a cell becomes a value of one."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from oppcli.actions.imports.named_people import People
from oppcli.files import kinds
from oppcli.files.mapping import Source
from oppcli.files.reading import Convert
from oppcli.model.fields import Field
from oppcli.model.policy import Policy, StageRule
from oppcli.model.said import say
from oppcli.rules import fields
from oppcli.words.invalid import Invalid
from oppcli.words.named import folded
from oppcli.words.spelling import nearest

_MORE = (
    Field("stage", "stage", required=True),
    Field("customer", "customer"),
    Field("owner", "person"),
    Field("created_by", "person"),
    Field("collaborators", "people"),
    Field("tags", "list"),
    Field("created_at", "instant"),
    Field("entered_at", "instant"),
    Field("close_reason"),
    Field("close_detail"),
    Field("last_open_stage", "stage"),
    Field("external_id", required=True),
)
EMPTY: Mapping[str, Any] = {"tags": (), "collaborators": (), "created_by": ""}
"""What a blank cell means where it is not None."""


def known_fields(policy: Policy) -> dict[str, Field]:
    """Every field a mapping of deals may name, with its kind and the policy's limits."""
    found = fields.fields(policy)
    for field in _MORE:
        known = found.get(field.name, field)
        found[field.name] = known._replace(kind=field.kind, required=known.required or field.required)
    found["close_reason"] = found["close_reason"]._replace(values=policy.lost_reasons)
    del found["system"]
    return found


class DealFields:
    """The fields of a deal: makes the conversion of a cell for each. Constants are tried with it, rows read with it."""

    needed: tuple[str, ...] = ("external_id", "title", "stage")

    def __init__(self, policy: Policy, people: People, zone: ZoneInfo) -> None:
        self.policy, self.people, self.zone = policy, people, zone
        self.told: dict[str, str] = {}
        """By column how its first cell was read that could have been meant otherwise."""
        self.fields: Mapping[str, Field] = known_fields(policy)
        self.stages = {rule.name: rule for rule in policy.stages}

    def of(self, field: Field, source: Source, currency: str | None = None) -> Convert:
        """The function from a cell's text to the value; it raises `Invalid`."""
        match field.kind:
            case "stage":
                return partial(stage_named, self.stages)
            case "customer":
                return kinds.text(field)
            case "person" if field.name == "created_by":
                return partial(self.people.named, create=source.create)
            case "person":
                return partial(self.people.owner, create=source.create)
            case "people":
                one = partial(self.people.owner, create=source.create)
                return lambda text: tuple(map(one, kinds.parts(text)))
        column = source.column or field.name

        def tell(said: str) -> None:
            self.told.setdefault(column, said)

        return kinds.converter(field, source, currency=currency or self.policy.currency, zone=self.zone, tell=tell)


def stage_named(stages: Mapping[str, StageRule], text: str) -> StageRule:
    """The stage of the policy called so in any case, width, blanks. Refused (`Invalid`) where there is none."""
    found = stages.get(text.strip()) or {folded(name): rule for name, rule in stages.items()}.get(folded(text))
    if found is None:
        raise Invalid(say("there is no stage {text}{nearest}", text=text, nearest=nearest(text, stages)))
    return found
