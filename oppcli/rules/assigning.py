"""To whom a deal goes that nobody was named for: the rule, whoever's turn it is, and why not the others."""

from collections.abc import Iterable, Mapping
from typing import Any

from oppcli.model.relations import Assign, AssignRule, Person
from oppcli.model.said import Said, say
from oppcli.rules.conditions import decided
from oppcli.tuples import NamedTuple

TURN, LEAST, CUSTOMER, POOL = "turn", "least", "customer", "pool"
ANYTHING = Person()
NO_TITLES: Mapping[str, str] = {}
"""What somebody may be given of whom the policy says nothing."""


class Candidate(NamedTuple):
    """Somebody who might be given a deal."""

    login: str
    active: bool = True
    away: bool = False
    """Today."""
    live_deals: int = 0
    given_today: int = 0
    """By rules."""
    last_turn: int | None = None
    """When their last tenure by this rule began; None: never."""


class Choice(NamedTuple):
    """Who is given it, and why."""

    rule: str | None
    """Its name; None where none is true."""
    login: str | None
    passed_over: tuple[tuple[str, Said], ...] = ()
    """Login and why not, of those who may not take it; in the order they were asked."""
    nobody: Said | None = None
    """Why there is nobody to ask, although the rule gives to somebody."""


def rule_for(assign: Assign, facts: Mapping[str, Any]) -> AssignRule | None:
    """The first rule that is true, and whose `unless` is not. What reads an empty field is not true, unless the rest
    decides it."""
    return next((rule for rule in assign.rules if applies(rule, facts)), None)


def withheld(assign: Assign, facts: Mapping[str, Any]) -> tuple[AssignRule, ...]:
    """The rules that are true but for their `unless`, before the first that applies."""
    found: list[AssignRule] = []
    for rule in assign.rules:
        if applies(rule, facts):
            break
        if decided(rule.when, facts) is True:
            found.append(rule)
    return tuple(found)


def applies(rule: AssignRule, facts: Mapping[str, Any]) -> bool:
    return decided(rule.when, facts) is True and not withdrawn(rule, facts)


def withdrawn(rule: AssignRule, facts: Mapping[str, Any]) -> bool:
    """Whether a deal that it gave to somebody is to be taken away again: `unless` became true."""
    return rule.unless is not None and decided(rule.unless, facts) is True


def choice(
    rule: AssignRule,
    people: Iterable[Candidate],
    said: Mapping[str, Person],
    facts: Mapping[str, Any],
    *,
    customers_owner: str | None = None,
    titles: Mapping[str, str] = NO_TITLES,
) -> Choice:
    """Who gets a deal by a rule. `people` are those of its `to`, of `customer` everybody; `customers_owner` is the
    customer's owner, else that of its newest live deal; `titles` are of
    roles. Nobody, where nobody may take it: it stays unowned, and falls to no other rule."""
    if rule.by == POOL:
        return Choice(rule.name, None)
    line = sorted(people, key=_by_turn if rule.by == TURN else _by_load)
    if rule.by == CUSTOMER:
        line = [one for one in line if one.login == customers_owner]
    passed: list[tuple[str, Said]] = []
    for one in line:
        why = refusal(one, rule, said.get(one.login, ANYTHING), facts)
        if why is None:
            return Choice(rule.name, one.login, tuple(passed))
        passed.append((one.login, why))
    if passed:
        return Choice(rule.name, None, tuple(passed))
    from oppcli.model.calling import every_called

    none = say("there is nobody in {people}", people=every_called(rule.to, titles, " or "))
    return Choice(rule.name, None, nobody=say("its customer is nobody's") if rule.by == CUSTOMER else none)


def _by_turn(one: Candidate) -> tuple[int, str]:
    """Whoever never had one first, then whose last one began longest ago; of several the first by login."""
    return (-1 if one.last_turn is None else one.last_turn, one.login)


def _by_load(one: Candidate) -> tuple[int, str]:
    return (one.live_deals, one.login)


def refusal(one: Candidate, rule: AssignRule, person: Person, facts: Mapping[str, Any]) -> Said | None:
    """Why somebody may not take a deal; None where they may."""
    if not one.active:
        return say("is not active")
    if one.away:
        return say("is away today")
    for most in (person.capacity, rule.capacity):
        if most is not None and one.live_deals >= most:
            return say("has {n} of {most} live deals", n=one.live_deals, most=most)
    if person.per_day is not None and one.given_today >= person.per_day:
        return say("was given {n} of {most} today", n=one.given_today, most=person.per_day)
    if decided(person.when, facts) is not True:
        return say("only takes: {when}", when=person.when.text)
    return None
