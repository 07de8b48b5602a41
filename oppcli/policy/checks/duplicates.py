"""When records may be one: `[duplicates]` compares fields there are by a likeness there can be; blocking what is only
alike is worth a warning."""

from collections.abc import Iterable

from oppcli.model.duplicates import BLOCK, NOUNS, REFERENCES, fields_of
from oppcli.model.said import say
from oppcli.policy.notation import many
from oppcli.policy.review import Review, Table
from oppcli.rules.faults import field_near
from oppcli.toml.lines import Path

AT: Path = ("duplicates",)


def check(review: Review) -> None:
    table = review.doc["duplicates"]
    if not table:
        return
    country = str(table.get("country", ""))
    if not country.removeprefix("+").isdecimal() and country:
        review.add("P037", (*AT, "country"), say("country '{code}': a number such as 86", code=country))
    rules = table.get("rule", [])
    review.names_once((*AT, "rule"), rules, say("two rules are called '{name}'"))
    for number, rule in enumerate(rules):
        _rule(review, (*AT, "rule", number), rule, by_default=table.get("cli", ""))


def _rule(review: Review, path: Path, rule: Table, by_default: str) -> None:
    name, same, like = rule.get("name", ""), many(rule.get("same", [])), rule.get("like", {})
    if not same and not like:
        said = say("rule '{name}' compares nothing: give it same or like", name=name)
        review.add("P003", path, said)
    if rule.get("of") in NOUNS:
        _fields(review, path, rule["of"], (*same, *like))
        for field in REFERENCES.intersection(like):
            said = say("like: {field} is another record, which is the same or is not", field=field)
            review.add("P037", (*path, "like"), said)
    for field, least in like.items():
        if not 1 <= least <= 100:
            said = say("like: {field} = {least}: a likeness from 1 to 100", field=field, least=least)
            review.add("P037", (*path, "like"), said)
    if like and not same and (rule.get("cli") or by_default) == BLOCK:
        said = say(
            "rule '{name}' refuses what is only alike: what has the same name by chance is refused too", name=name
        )
        review.add("P120", path, said)


def _fields(review: Review, path: Path, noun: str, names: Iterable[str]) -> None:
    """Every field must be one of the noun's, built in or the team's own."""
    own = review.doc["fields"] if noun == "deal" else review.fields_of.get(noun, {})
    known = dict.fromkeys((*fields_of(noun), *own), "")
    for name in names:
        if name not in known:
            near = field_near(name, known)
            said = say("unknown field '{name}' of {noun}{near}", name=name, noun=noun, near=near)
            review.add("P010", path, said, near=name)
