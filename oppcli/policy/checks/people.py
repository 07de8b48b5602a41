"""The head of the file, roles, separation of duties, and who is told when something is late."""

from typing import Any

from oppcli.model.command import command
from oppcli.model.money import CURRENCIES
from oppcli.policy import notation
from oppcli.policy.lines import Path
from oppcli.policy.notation import many
from oppcli.policy.review import Review
from oppcli.rules.names import is_login
from oppcli.rules.spelling import did_you_mean

ACTIONS = ("notify", "add", "reassign")
REPEAT = ("consecutive", "none", "all")


def check(review: Review) -> None:
    head = review.doc["policy"]
    currency = head.get("currency", "CNY")
    if currency not in CURRENCIES:
        near = did_you_mean(currency.upper(), CURRENCIES)
        review.add("P037", ("policy", "currency"), f"currency '{currency}' is not an ISO currency{near}")
    review.approvers(("policy", "fallback"), head.get("fallback", []), line=False)
    if head.get("fallback") == []:
        review.add("P003", ("policy", "fallback"), "fallback names nobody")
    _roles(review)
    _sod(review)
    defaults = review.doc["defaults"]
    if "sla" in defaults:
        review.read(("defaults", "sla"), notation.sla, defaults["sla"])
    reminders(review, ("defaults",), defaults)
    escalation(review, ("defaults",), defaults)


def _roles(review: Review) -> None:
    for role, people in review.roles.items():
        path = ("roles", role)
        if not role or any(character.isspace() for character in role):
            review.add("P037", path, f"'{role}' cannot be the name of a role: one word")
        for login in people:
            if not is_login(login):
                review.add("P037", path, f"'{login}' cannot be a login", near=login)
            else:
                review.person(path, login)
        known = review.known
        if known and not known.first and not people and not known.held_roles.get(role):
            review.add(
                "P101", path, "nobody has this role", fix=command("user", "add", "LOGIN", "--role", role, ready=False)
            )


def _sod(review: Review) -> None:
    sod = review.doc["sod"]
    repeat = sod.get("repeat", "consecutive")
    if repeat not in REPEAT:
        message = f"repeat '{repeat}': use {', '.join(REPEAT)}{did_you_mean(repeat, REPEAT)}"
        review.add("P028", ("sod", "repeat"), message)
    if sod.get("submitter_may_approve"):
        review.add("P106", ("sod", "submitter_may_approve"), "people may approve their own deals")
    steps = {step.get("name") for table in review.doc["type"].values() for step in table.get("step", [])}
    for name in (name for pair in sod.get("distinct", []) for name in pair):
        if name not in steps:
            near = did_you_mean(name, [step for step in steps if step])
            review.add("P027", ("sod", "distinct"), f"distinct: no step is called '{name}'{near}", near=name)


def reminders(review: Review, path: Path, table: dict[str, Any]) -> None:
    """When to remind: of the defaults or of a step."""
    for text in many(table.get("remind", [])):
        review.read((*path, "remind"), notation.reminder, text)


def escalation(review: Review, path: Path, table: dict[str, Any]) -> None:
    """The levels of an escalation: of the defaults or of a step."""
    at = (*path, "escalate")
    for level in table.get("escalate", []):
        if "after" in level:
            review.read(at, notation.hours, level["after"])
        if "to" in level:
            review.approvers(at, level["to"])
        if level.get("do", "notify") not in ACTIONS:
            do = level["do"]
            message = f"escalate: do = '{do}': use {', '.join(ACTIONS)}{did_you_mean(do, ACTIONS)}"
            review.add("P023", at, message, near=do)
