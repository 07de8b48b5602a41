"""The tables of the file and where each stands: the shape that a policy has, made from the tables of keys."""

from typing import Any

from oppcli.policy import follow_keys, keys, request_keys
from oppcli.policy.building import NOUNS_WITH_FIELDS, PARTS
from oppcli.policy.notation import weekdays
from oppcli.toml.shape import ANY, TEXT, TEXTS, WORDS, Holds, Named, Rows, Sink, Table, sound

DAYS = ("mon_fri", "mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _day(key: str) -> Holds | None:
    return ANY if weekdays(key) else None


_TYPE = request_keys.TYPE.shape
_STAGE = keys.STAGE.shape
_THEIRS = keys.FIELD.shape._replace(tables=keys.FIELD.shape)
SHAPE = Table(
    {
        "policy": keys.POLICY.shape,
        "stage": Rows(_STAGE._replace(keys={**_STAGE.keys, **follow_keys.STAGE.shape.keys})),
        "fields": Named(keys.FIELD.shape, "fields", but=dict.fromkeys(NOUNS_WITH_FIELDS, _THEIRS)),
        "roles": Named(Table({"title": TEXT, "who": TEXTS}, short="who")),
        **{part.name: part.kind.holds for part in PARTS},
        "defaults": request_keys.DEFAULTS.shape,
        "type": Named(_TYPE._replace(keys={**_TYPE.keys, "step": Rows(request_keys.STEP.shape)}), "type"),
        "gate": Named(WORDS),
        "bands": Named(ANY),
        "calendar": Named(keys.CALENDAR.shape._replace(further=_day, spellings=DAYS), "calendar"),
    }
)


def tables(doc: dict[str, Any], sink: Sink) -> dict[str, Any]:
    """Every table of a document, empty where the file has none, with the parts of it that have the right shape."""
    found: dict[str, Any] = sound({"policy": {}} | doc, SHAPE, sink)
    return {name: [] if isinstance(shape, Rows) else {} for name, shape in SHAPE.keys.items()} | found
