"""Assignment, the pool, priority: rules that name somebody, people there are, fields that count."""

from oppcli.model.said import say
from oppcli.policy.checks import emptiness
from oppcli.policy.relation_notation import days
from oppcli.policy.review import Review, Table, readable
from oppcli.rules.faults import NUMERIC_KINDS
from oppcli.toml.lines import Path

AMONG = ("turn", "least")
"""Ways to assign that need to know among whom."""


def check(review: Review) -> None:
    assign = review.doc["assign"]
    seen: set[str] = set()
    for number, rule in enumerate(assign.get("rule", [])):
        path = ("assign", "rule", number)
        name = rule.get("name", "")
        if name in seen:
            review.add("P037", (*path, "name"), say("two rules are called '{name}'", name=name), near=name)
        seen.add(name)
        _rule(review, path, rule)
    for login, person in assign.get("person", {}).items():
        path = ("assign", "person", login)
        review.person(path, login)
        if "when" in person:
            emptiness.condition(review, (*path, "when"), person["when"], review.deals)
    for number, each in enumerate(assign.get("return", [])):
        _return(review, ("assign", "return", number), each)
    _priority(review, review.doc["priority"])


def _rule(review: Review, path: Path, rule: Table) -> None:
    for key in ("when", "unless"):
        if key in rule:
            emptiness.condition(review, (*path, key), rule[key], review.deals)
    by = rule.get("by", "turn")
    if by in AMONG and not rule.get("to"):
        review.add("P003", path, say("missing to: by = '{by}' needs to know among whom", by=by))


def _return(review: Review, path: Path, each: Table) -> None:
    if "when" in each:
        emptiness.condition(review, (*path, "when"), each["when"], review.deals)
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
