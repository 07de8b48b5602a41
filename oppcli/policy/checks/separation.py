"""The head of the file, roles, and separation of duties."""

from oppcli.model.command import command
from oppcli.model.money import CURRENCIES
from oppcli.model.said import say
from oppcli.policy.review import Review
from oppcli.words.names import is_login
from oppcli.words.spelling import did_you_mean


def check(review: Review) -> None:
    head = review.doc["policy"]
    currency = head.get("currency", "CNY")
    if currency not in CURRENCIES:
        near = did_you_mean(currency.upper(), CURRENCIES)
        review.add(
            "P037",
            ("policy", "currency"),
            say("currency '{currency}' is not an ISO currency{near}", currency=currency, near=near),
        )
    if head.get("fallback") == []:
        review.add("P003", ("policy", "fallback"), say("fallback names nobody"))
    _roles(review)
    _sod(review)


def _roles(review: Review) -> None:
    for role, people in review.roles.items():
        path = ("roles", role)
        if not role or any(character.isspace() for character in role):
            review.add("P037", path, say("'{role}' cannot be the name of a role: one word", role=role))
        for login in people:
            if not is_login(login):
                review.add("P037", path, say("'{login}' cannot be a login", login=login), near=login)
            else:
                review.person(path, login)
        known = review.known
        if known and not known.first and not people and not known.held_roles.get(role):
            review.add(
                "P101",
                path,
                say("nobody has this role"),
                fix=command("user", "add", "LOGIN", "--role", role, ready=False),
            )


def _sod(review: Review) -> None:
    sod = review.doc["sod"]
    if sod.get("submitter_may_approve"):
        review.add("P106", ("sod", "submitter_may_approve"), say("people may approve their own deals"))
    steps = {step.get("name") for table in review.doc["type"].values() for step in table.get("step", [])}
    for name in (name for pair in sod.get("distinct", []) for name in pair):
        if name not in steps:
            near = did_you_mean(name, [step for step in steps if step])
            said = say("distinct: no step is called '{name}'{near}", name=name, near=near)
            review.add("P027", ("sod", "distinct"), said, near=name)
