"""Tags, tiers, scores, proposals and sheets: what they read is there, and what they make is nobody else's."""

from collections.abc import Mapping

from oppcli.model.said import listed, say
from oppcli.model.spaces import RISK
from oppcli.policy.checks import emptiness
from oppcli.policy.notation import condition, many
from oppcli.policy.review import RESERVED, Review, Table
from oppcli.rules import conditions
from oppcli.toml.lines import Path
from oppcli.words.spelling import did_you_mean


def check(review: Review) -> None:
    for table in ("tag", "tier", "score"):
        review.names_once((table,), review.doc[table], say("'{name}' is listed twice"))
    _scores(review)
    for number, each in enumerate(review.doc["suggest"]):
        _suggestion(review, ("suggest", number), each)
    for name, sheet in review.doc["sheet"].items():
        _sheet(review, ("sheet", name), sheet)
    _material(review)


def _scores(review: Review) -> None:
    scores = review.doc["score"]
    reads: dict[str, set[str]] = {}
    for number, score in enumerate(scores):
        path = ("score", number)
        _name(review, path, score.get("name", ""))
        reads[score.get("name", "")] = set(_rules(review, path, score))
        for place, each in enumerate(score.get("on", [])):
            if each.get("grade") not in score.get("grades", {}):
                near = did_you_mean(each.get("grade", ""), score.get("grades", {}))
                said = say("on: there is no grade '{grade}'{near}", grade=each.get("grade", ""), near=near)
                review.add("P037", (*path, "on", place, "grade"), said, near=each.get("grade"))
    graded = [number for number, score in enumerate(scores) if score.get("grades")]
    for number in graded[1:]:
        said = say("grades: {name} has them already, and a deal has one", name=scores[graded[0]].get("name", ""))
        review.add("P037", ("score", number, "grades"), said)
    _circles(review, reads)


def _name(review: Review, path: Path, name: str) -> None:
    """It is a field, so a condition must be able to name it, and no other field."""
    if name in review.field_names or not name.isidentifier() or name.lower() in RESERVED:
        said = say("name '{name}': one word that is no field yet", name=name)
        review.add("P037", (*path, "name"), said, near=name)


def _rules(review: Review, path: Path, score: Table) -> list[str]:
    """Every condition must be usable; the fields that they read."""
    found: list[str] = []
    usable = Review.condition if score.get("unknown") == "missing" else emptiness.condition
    for place, rule in enumerate(score.get("rules", [])):
        when = rule.get("when")
        if when is not None and usable(review, (*path, "rules", place, "when"), when, review.deals):
            found += conditions.reads(condition(when))
    return found


def _circles(review: Review, reads: Mapping[str, set[str]]) -> None:
    """A score that depends on itself has no value."""
    for number, name in enumerate(reads):
        reached, new = set[str](), set(reads[name])
        while new:
            reached |= new
            new = {each for one in new for each in reads.get(one, ())} - reached
        if name in reached:
            review.add("P040", ("score", number), say("the score depends on itself"))


def _suggestion(review: Review, path: Path, each: Table) -> None:
    if not each.get("words") and "after" not in each:
        review.add("P003", path, say("missing words, or after: what proposes the move"))


def _sheet(review: Review, path: Path, sheet: Table) -> None:
    of = sheet.get("of", "deal")
    known = {"customer": review.customers[0], "contact": review.contacts[0]}.get(of, review.kinds)
    for name, weight in sheet.get("fields", {}).items():
        if name not in known:
            near = did_you_mean(name, known)
            said = say("fields: unknown field '{name}'{near}", name=name, near=near)
            review.add("P010", (*path, "fields", name), said, near=name)
        elif weight < 1:
            said = say("fields: {name} = {weight}: at least 1", name=name, weight=weight)
            review.add("P037", (*path, "fields", name), said, near=name)


def _material(review: Review) -> None:
    """What is computed changes by itself, and would ask everybody again; of risk the facts beside the deal tell it."""
    computed = {score.get("name") for score in review.doc["score"]} - {RISK}
    if any(score.get("grades") for score in review.doc["score"]):
        computed |= {"score", "grade"}
    for type_, table in review.doc["type"].items():
        found = [name for name in many(table.get("material", [])) if name in computed]
        if found:
            said = say("material: {names} {n:is|are} computed", names=listed(found), n=len(found))
            review.add("P041", ("type", type_, "material"), said, near=found[0])
