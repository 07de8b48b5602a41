"""Quotes: the type that approves them is there, what is material holds still, and nothing else is called like them."""

from oppcli.model.said import say
from oppcli.model.spaces import QUOTE, moves
from oppcli.policy.notation import many
from oppcli.policy.review import Review
from oppcli.words.spelling import did_you_mean


def check(review: Review) -> None:
    for name in sorted({QUOTE} & review.doc["fields"].keys()) if review.quoted else ():
        said = say("a field cannot be called {name}: the policy has a table [{name}]", name=name)
        review.add("P037", ("fields", name), said)
    for name, table in review.doc["type"].items():
        for fact in many(table.get("material", [])):
            if moves(fact):
                said = say("material: {fact} changes by itself: ask for it in needs or a condition", fact=fact)
                review.add("P061", ("type", name, "material"), said, near=fact)
    approval = review.doc["quote"].get("approval")
    if approval is None:
        return
    types = review.doc["type"]
    if approval not in types:
        said = say(
            "approval: no such type of request: '{name}'{near}", name=approval, near=did_you_mean(approval, types)
        )
        review.add("P026", ("quote", "approval"), said, near=approval)
    elif not {"quote"} & {*many(types[approval].get("material", []))}:
        said = say("approval: {name} does not rest on the quote: name quote in its material", name=approval)
        review.add("P121", ("quote", "approval"), said)
