"""What approvers are shown of a customer: what it owes and bought, the facts with their source and day, its risk."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from oppcli.model import money
from oppcli.model.deals import LOST, WON, Deal
from oppcli.model.refs import ref
from oppcli.model.said import label, listed, say
from oppcli.model.spaces import HIDDEN_WITH, OWED
from oppcli.store import dealings
from oppcli.store.dealings import named
from oppcli.words.kinds import stored

if TYPE_CHECKING:
    from oppcli.actions.act import Look

Section = tuple[dict[str, Any] | None, tuple[tuple[str, ...], ...]]
"""As data, and as rows of a card."""
NOTHING: Section = (None, ())


def gone(hidden: Collection[str]) -> frozenset[str]:
    """The names that conditions read and that who does not have these fields does not see."""
    return frozenset((*hidden, *(name for field in hidden for name in HIDDEN_WITH.get(field, ()))))


def customer(look: "Look", real: "Look", deal: Deal, hidden: Collection[str]) -> Section:
    """Of its customer, where `look` sees it: its other deals, what it owes today, and the facts that the policy knows,
    each with the day it is of and where it comes from. `real` sees everything: what is summed up is told whole or not
    at all."""
    number = deal.customer_id
    row = None if number is None else named(look.door, number)
    if number is None or row is None:
        return NOTHING
    name, pays = row
    kinds = [row[0] for row in real.reckoned(lambda door: dealings.others(door, number, deal.id))]
    won, lost = kinds.count(WON), kinds.count(LOST)
    told: dict[str, Any] = {"id": ref("customer", number), "name": name, "won": won, "lost": lost}
    currency = look.policy.currency
    rows: list[tuple[str, ...]] = [
        (ref("customer", number), name, say("{won} won, {lost} lost", won=won, lost=lost), "")
    ]
    if pays:
        from oppcli.actions.dotted import dotted

        found = dotted(real).of(deal, look.policy, frozenset(OWED) - gone(hidden))
        told |= {each.partition(".")[2]: _plain(found[each], each, currency) for each in OWED if each in found}
        told |= {"currency": currency}
        rows += _owed(found, currency)
    facts = _facts(look, number)
    return told | {"facts": [each for each, _ in facts]}, (*rows, *(line for _, line in facts))


def _plain(value: Any, name: str, currency: str) -> Any:
    """Amounts as text, days as a number; None of what nobody can reckon."""
    if value is None:
        return None
    return int(value) if name.endswith("days") else money.plain(money.to_minor(value, currency), currency)


def _owed(found: Mapping[str, Any], currency: str) -> list[tuple[str, ...]]:
    """`overdue  CNY 100,000.00  of CNY 400,000.00 outstanding  12 days late`."""
    owes, over, late = (found.get(each) for each in OWED)
    days = say("{n} {n:day|days} late", n=int(late)) if late else ""
    if OWED[1] not in found:
        return [(say("overdue payments"), days, "", "")] if days else []

    def amount(value: Decimal | None) -> str:
        return say("unknown") if value is None else money.shown(stored("money", value, currency), currency)

    return [(say("overdue payments"), amount(over), say("of {amount} outstanding", amount=amount(owes)), days)]


def _facts(look: "Look", customer: int) -> list[tuple[dict[str, Any], tuple[str, ...]]]:
    """Each that the policy knows, in its order; of what nobody said, that it is missing."""
    rules = look.policy.facts
    if not rules:
        return []
    from oppcli.actions.customer_facts import shown
    from oppcli.model.facts import COUNTS, OVER, Fact
    from oppcli.rules import known

    day, said = look.business_day.isoformat(), known.newest(look.door.find(Fact, customer_id=customer))
    found: list[tuple[dict[str, Any], tuple[str, ...]]] = []
    for name, rule in rules.items():
        fact, why = said.get(name), known.over(said.get(name), rule, day)
        if fact is not None and fact.value is None:  # hidden from who asks
            continue
        data: dict[str, Any] = {"name": name, "title": rule.title or name}
        data |= {each: getattr(fact, each, None) for each in ("value", "currency", "as_of", "source", "by")}
        data |= {"state": None if fact is None else OVER if why else COUNTS, "why": why}
        value = shown(fact, rule) if fact is not None else say("missing")
        of = "" if fact is None else say("of {day}", day=fact.as_of)
        source = "" if fact is None else fact.source or fact.by
        found.append((data, (label(name, rule.title), value, of, listed(each for each in (source, why) if each))))
    return found


def risk(look: "Look", deal: Deal, hidden: Collection[str]) -> Section:
    """The flags that are true and those that nobody can tell, with what they lack; without those that read what is
    `hidden`, and then without the points, which these are part of. `look` sees everything."""
    if not any(each.name == "risk" for each in look.policy.scores):
        return NOTHING
    from oppcli.actions.risk_now import scored
    from oppcli.rules import conditions

    secret, found = gone(hidden), scored(look, deal, look.policy)
    rules = next(each.rules for each in look.policy.scores if each.name == "risk")
    seen = [part for rule, part in zip(rules, found.parts, strict=True) if not conditions.reads(rule.when) & secret]
    told: dict[str, Any] = {
        "flags": [part.name or part.when for part in seen if part.true],
        "unknown": [{"flag": part.name or part.when, "empty": list(part.empty)} for part in seen if part.true is None],
    }
    rows = [(say("flag"), part.name or part.when, _points(part.points)) for part in seen if part.true]
    rows += [
        (say("unknown"), part.name or part.when, say("for want of {fields}", fields=listed(map(label, part.empty))))
        for part in seen
        if part.true is None
    ]
    if len(seen) < len(found.parts):
        return told, tuple(rows)
    points = say("missing") if found.points is None else _points(found.points)
    return {"points": found.points, **told}, ((say("risk"), points, ""), *rows)


def _points(points: int) -> str:
    return say("{n} {n:point|points}", n=points)
