"""Quotes and contracts: the types that approve them are there, what is material holds still, and nothing else is called
like them."""

from oppcli.model.said import say
from oppcli.model.spaces import RISK, WHOLE, moves
from oppcli.policy.notation import many
from oppcli.policy.review import Review
from oppcli.words.spelling import did_you_mean


def check(review: Review) -> None:
    for name in sorted(review.spaces & review.doc["fields"].keys()):
        said = say("a field cannot be called {name}: the policy has a table [{name}]", name=name)
        review.add("P037", ("fields", name), said)
    asked_anew = {RISK} & {score.get("name") for score in review.doc["score"]}
    for name, table in review.doc["type"].items():
        for fact in many(table.get("material", [])):
            if moves(fact) or fact in asked_anew:
                said = say("material: {fact} changes by itself: ask for it in needs or a condition", fact=fact)
                review.add("P061", ("type", name, "material"), said, near=fact)
    for space in WHOLE:
        _approval(review, space)
    _clauses(review)


def _clauses(review: Review) -> None:
    """The clauses of contracts: none twice, and what their conditions read is there when a version is opened."""
    clauses = review.doc["contract"].get("clauses", [])
    review.names_once(("contract", "clauses"), clauses, say("two clauses are called '{name}'"), "P015")
    for place, table in enumerate(clauses):
        if "when" in table:
            review.condition(("contract", "clauses", place, "when"), table["when"])


def _approval(review: Review, space: str) -> None:
    """The type that approves them rests on them, and is there."""
    approval = review.doc[space].get("approval")
    if approval is None:
        return
    types = review.doc["type"]
    if approval not in types:
        said = say(
            "approval: no such type of request: '{name}'{near}", name=approval, near=did_you_mean(approval, types)
        )
        review.add("P026", (space, "approval"), said, near=approval)
    elif space not in many(types[approval].get("material", [])):
        said = say("approval: {name} does not rest on it: name {fact} in its material", name=approval, fact=space)
        review.add("P121", (space, "approval"), said)
