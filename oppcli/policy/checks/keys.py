"""What every key must be by itself: readable, within its limits, naming what there is."""

from collections.abc import Iterator
from typing import Any

from oppcli.model.said import say
from oppcli.policy import follow_keys, keys, request_keys
from oppcli.policy.building import PARTS
from oppcli.policy.checks import emptiness, gate_words
from oppcli.policy.kinds import (
    CONDITION,
    CONDITION_OF_CUSTOMERS,
    CONDITION_OF_DEALS,
    LIMIT,
    TOLERANCES,
    Key,
    Keys,
    Kind,
)
from oppcli.policy.notation import many
from oppcli.policy.review import Review
from oppcli.toml.lines import Path
from oppcli.toml.shape import outside

_STAGE = keys.STAGE._replace(keys={**keys.STAGE.keys, **follow_keys.STAGE.keys})
READ_ELSEWHERE = (LIMIT, CONDITION, TOLERANCES)
"""A limit is read as its field is, a tolerance for its field, a condition with what else it depends on."""


def check(review: Review) -> None:
    doc = review.doc
    for table, path, found in (
        (keys.POLICY, ("policy",), doc["policy"]),
        (request_keys.DEFAULTS, ("defaults",), doc["defaults"]),
        *(
            (part.keys, path, found)
            for part in PARTS
            for path, found in _tables(part.kind, (part.name,), doc[part.name])
        ),
        *((_STAGE, ("stage", place), stage) for place, stage in enumerate(doc["stage"])),
        *((keys.FIELD, ("fields", name), field) for name, field in doc["fields"].items()),
        *(
            (keys.FIELD, ("fields", noun, name), field)
            for noun, named in review.fields_of.items()
            for name, field in named.items()
        ),
    ):
        checked(review, table, path, found)
    for name, rule in doc["type"].items():
        checked(review, request_keys.TYPE, ("type", name), rule)
        for place, step in enumerate(rule.get("step", [])):
            checked(review, request_keys.STEP, ("type", name, "step", place), step)


def checked(review: Review, table: Keys, path: Path, found: dict[str, Any]) -> None:
    """Every key of one table."""
    for name, value in found.items():
        if (key := table.keys.get(name)) is not None:
            _key(review, key, (*path, name), value)


def _key(review: Review, key: Key, path: Path, value: Any) -> None:
    if key.kind.of is not None:
        for at, found in _tables(key.kind, path, value):
            checked(review, key.kind.of, at, found)
    elif key.kind in (CONDITION_OF_DEALS, CONDITION_OF_CUSTOMERS):
        emptiness.condition(review, path, value, review.deals if key.kind == CONDITION_OF_DEALS else review.customers)
    elif key.kind not in READ_ELSEWHERE:
        for one in many(value) if key.kind.many else (value,):
            read = review.read(path, key.kind.reads, one)
            if read is not None and key.kind.names == "word":
                gate_words.check(review, path, read)
            elif read is not None and key.kind.names:
                review.named(key.kind.names, path, read)
    _limits(review, key, path, value)


def _tables(kind: Kind, path: Path, value: Any) -> Iterator[tuple[Path, dict[str, Any]]]:
    """One table, each of those that have names, or of a list of them."""
    if kind.word == "row":
        yield path, value
    else:
        each = value.items() if kind.word == "named" else enumerate(value)
        yield from (((*path, place), found) for place, found in each)


def _limits(review: Review, key: Key, path: Path, value: Any) -> None:
    low, high = key.least, key.most
    if key.among:
        for one in many(value) if key.kind.many else (value,):
            _one_of(review, key, path, one)
    elif low is not None and value < low and high is None:
        review.add(key.code, path, say("{key} {value}: at least {low}", key=key.name, value=value, low=low))
    elif low is not None and high is not None and not low <= value <= high:
        said = say("{key} {value}: from {low} to {high}", key=key.name, value=value, low=low, high=high)
        review.add(key.code, path, said)


def _one_of(review: Review, key: Key, path: Path, value: Any) -> None:
    if value in key.never:
        said = say("{key}: '{value}' is not allowed: {why}", key=key.name, value=value, why=key.never[value])
        review.add(key.code, path, said)
    elif value not in key.among:
        review.add(key.code, path, outside(key.name, value, key.among), near=value)
