"""Roles that a type requires: it and a step that guarantees one are always asked, and no way to won goes past them."""

from collections.abc import Iterator
from typing import Any

from oppcli.model.approver import role_in
from oppcli.model.deals import LOST, WON
from oppcli.model.policy import ALWAYS
from oppcli.model.said import listed, say
from oppcli.policy import notation
from oppcli.policy.notation import many
from oppcli.policy.review import Review, readable
from oppcli.rules.guarantees import guarantees


def check(review: Review) -> None:
    for name, table in review.doc["type"].items():
        for text in many(table.get("require", [])):
            role = role_in(text) if isinstance(text, str) else None
            path = ("type", name, "require")
            if role is None:
                said = say("require: {value}: only a role can be required, role:NAME", value=text)
                review.add("P060", path, said, near=str(text))
                continue
            for fault in _faults(review, name, table, role):
                review.add("P060", path, say("{role} can be skipped: {fault}", role=text, fault=fault), near=text)


def _faults(review: Review, name: str, table: dict[str, Any], role: str) -> Iterator[str]:
    if table.get("when", ALWAYS.text) != ALWAYS.text:
        yield say("the type is not asked for always")
    if not any(_guarantees(review, step, role) for step in table.get("step", [])):
        yield say("no step that is always asked passes only with a yes of it")
    missing = [line for line in _lines(review) if not _asked(review, name, line)]
    if missing:
        ends = listed(line[-1] for line in missing)
        yield say("no gate on the way to {stage} asks for {type}", stage=ends, type=name)


def _guarantees(review: Review, step: dict[str, Any], role: str) -> bool:
    if step.get("when", ALWAYS.text) != ALWAYS.text:
        return False
    rule = readable(notation.rule, step.get("rule", "any"))
    who, must = (tuple(map(str, many(step.get(key, [])))) for key in ("who", "must"))
    there = review.roles.get(role, ())
    try:
        return rule is not None and bool(who) and guarantees(rule[0], who, must, role, lambda login: login in there)
    except ValueError:  # what is no approver is told elsewhere
        return False


def _lines(review: Review) -> Iterator[list[str]]:
    """The stages on the way to the first of kind won, of each pipeline."""
    lines: dict[str | None, list[dict[str, Any]]] = {}
    for stage in review.doc["stage"]:
        lines.setdefault(stage.get("pipeline"), []).append(stage)
    for stages in lines.values():
        way = [stage for stage in stages if stage.get("kind") != LOST]
        end = next((place for place, stage in enumerate(way) if stage.get("kind") == WON), None)
        if end is not None:
            yield [stage.get("name", "") for stage in way[1 : end + 1]]


def _asked(review: Review, name: str, line: list[str]) -> bool:
    return any(name in many(review.doc["gate"].get(stage, [])) for stage in line)
