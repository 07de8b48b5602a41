"""Assignment, the pool, priority: rules that name somebody, people there are, fields that count."""

from oppcli.model.said import say
from oppcli.policy.relation_notation import days
from oppcli.policy.review import Review, Table, readable
from oppcli.rules.faults import NUMERIC_KINDS
from oppcli.toml.lines import Path

AMONG = ("turn", "least")
"""Ways to assign that need to know among whom."""


def check(review: Review) -> None:
    assign = review.doc["assign"]
    rules = assign.get("rule", [])
    review.names_once(("assign", "rule"), rules, say("two rules are called '{name}'"))
    for number, rule in enumerate(rules):
        _rule(review, ("assign", "rule", number), rule)
    for login in assign.get("person", {}):
        review.person(("assign", "person", login), login)
    for number, each in enumerate(assign.get("return", [])):
        _return(review, ("assign", "return", number), each)
    _priority(review, review.doc["priority"])


def _rule(review: Review, path: Path, rule: Table) -> None:
    by = rule.get("by", "turn")
    if by in AMONG and not rule.get("to"):
        review.add("P003", path, say("missing to: by = '{by}' needs to know among whom", by=by))


def _return(review: Review, path: Path, each: Table) -> None:
    after, warn = (readable(days, each[key]) if key in each else None for key in ("after", "warn"))
    if after is not None and warn is not None and warn >= after:
        review.add("P037", (*path, "warn"), say("warn {warn}: less than after, {after}", warn=warn, after=after))


def _priority(review: Review, priority: Table) -> None:
    effort = priority.get("effort")
    if effort is None:
        return
    path = ("priority", "effort")
    review.field(path, effort)
    if review.kinds.get(effort, "number") not in NUMERIC_KINDS:
        review.add("P037", path, say("effort: {name} is not a number", name=effort), near=effort)
