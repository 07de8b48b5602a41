"""Conditions of types and steps: readable, typed, able to hold, complete at their edges."""

from oppcli.model import spaces
from oppcli.model.policy import ALWAYS, Condition
from oppcli.model.said import say
from oppcli.policy.notation import many
from oppcli.policy.review import Review, Table
from oppcli.policy.written import plain
from oppcli.rules import conditions, probing
from oppcli.toml.lines import Path


def check(review: Review) -> None:
    for name, table in review.doc["type"].items():
        path = ("type", name)
        when = _read(review, path, table.get("when"))
        written = [step.get("when") for step in table.get("step", [])]
        steps = [_read(review, (*path, "step", n), text) for n, text in enumerate(written)]
        if when is None or any(step is None for step in steps):
            continue
        known = [step for step in steps if step is not None]
        _can_apply(review, path, when, known)
        _material(review, path, table, known)
        _hole(review, path, when, known)


def _read(review: Review, path: Path, text: str | None) -> Condition | None:
    """The condition; None, and every fault a problem, when it cannot be used."""
    if text is None:
        return ALWAYS
    return conditions.unchecked(text) if review.condition((*path, "when"), text) else None


def _can_apply(review: Review, path: Path, when: Condition, steps: list[Condition]) -> None:
    """Each condition must be able to hold within the limits of its fields, and each step where its type does."""
    kinds, limits = review.kinds, review.limits
    if not probing.possible((when,), kinds, limits):
        fits = probing.possible((when,), kinds)
        why = say("its fields cannot have such a value") if fits else say("it excludes itself")
        review.add("P036", (*path, "when"), say("when can never hold: {why}", why=why))
        return
    idle = [place for place, step in enumerate(steps) if not probing.possible((when, step), kinds, limits)]
    beyond = {place for place in idle if probing.possible((when, steps[place]), kinds)}
    if steps and len(idle) == len(steps) and not beyond:
        review.add("P036", path, say("no step can ever apply: the conditions exclude each other"))
        return
    for place in idle:
        alone = probing.possible((steps[place],), kinds)
        why = say("its when and that of the type exclude each other") if alone else say("its when excludes itself")
        why = say("the fields of its when cannot have such a value") if place in beyond else why
        review.add("P036", (*path, "step", place, "when"), say("the step can never apply: {why}", why=why))


def _material(review: Review, path: Path, table: Table, steps: list[Condition]) -> None:
    material = {*many(table.get("material", [])), *(name for name in review.kinds if spaces.moves(name))}
    material |= {spaces.RISK} if spaces.FLAGS in review.kinds else set()
    if spaces.QUOTE in material and spaces.QUOTE in many(table.get("needs", [])):
        material |= spaces.FROM_QUOTE  # they follow from it, and are changed by it alone
    for n, step in enumerate(steps):
        for field in sorted(each for each in conditions.reads(step) if not {each, each.partition(".")[0]} & material):
            message = say("changing {field} after approval would go unnoticed: it is not material", field=field)
            review.add("P103", (*path, "step", n, "when"), message)


def _hole(review: Review, path: Path, when: Condition, steps: list[Condition]) -> None:
    found = probing.hole(steps, when, review.kinds)
    if found:
        field, value = found
        said = say(
            "no step covers {field} of exactly {number}: one ends below, the next begins above",
            field=field,
            number=plain(value),
        )
        review.add("P109", path, said)
