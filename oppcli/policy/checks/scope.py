"""Who sees what: `[scope]` names roles and fields there are, and hides none that everybody needs."""

from oppcli.model.fields import BUILT_IN, FIXED
from oppcli.model.journal import CLAIM
from oppcli.model.policy import EVERYBODY
from oppcli.model.said import listed, say
from oppcli.policy import notation
from oppcli.policy.notation import many
from oppcli.policy.review import Review, readable

ADDRESSES = ("phone", "email", "wechat", "im")
"""What is masked wherever it turns up, be there such a field of deals or not."""


def check(review: Review) -> None:
    if "scope" not in review.there:
        return
    scope = review.doc["scope"]
    for role in readable(notation.seen, scope["see"]) or () if "see" in scope else ():
        if role != EVERYBODY:
            review.role(("scope", "see"), role)
    for name, roles in scope.get("hide", {}).items():
        _hidden(review, name)
        for role in many(roles):
            review.role(("scope", "hide"), role)
    for name in many(scope.get("mask", [])):
        if name not in ADDRESSES:
            _masked(review, name)
    if review.doc.get("identity", {}).get("proof", CLAIM) == CLAIM:
        said = say('who asks is what they say: with proof = "claim" a scope is a courtesy')
        review.add("P201", ("scope",), said)


def _hidden(review: Review, name: str) -> None:
    path = ("scope", "hide")
    if name in FIXED:
        said = say("hide: {name} says which deal it is, and cannot be hidden", name=name)
        review.add("P037", path, said, near=name)
    else:
        review.field(path, name)


def _masked(review: Review, name: str) -> None:
    """Built-in columns are not masked: hide them."""
    path = ("scope", "mask")
    field = BUILT_IN.get(name)
    if field is not None and not field.own:
        said = say(
            "mask: {name} is not a text of a person; one of {names} or a field of your own",
            name=name,
            names=listed(ADDRESSES),
        )
        review.add("P037", path, said, near=name)
    else:
        review.field(path, name)
