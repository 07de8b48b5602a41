"""Facts that adapters are asked for: which are wanted, what is told of the customer, and what an answer says."""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from oppcli.actions.act import Act, Look
from oppcli.actions.customer_facts import kept, read
from oppcli.actions.dotted import dotted
from oppcli.actions.outcome import Outcome
from oppcli.errors import Reason, Refused
from oppcli.model.command import command
from oppcli.model.deals import Customer, Deal
from oppcli.model.facts import Fact
from oppcli.model.policy import Policy, TypeRule
from oppcli.model.refs import ref
from oppcli.model.said import say
from oppcli.model.spaces import CREDIT_LEFT, CREDIT_LIMIT, CUSTOMER, FLAGS, RISK, read_by
from oppcli.rules import known
from oppcli.rules.computed import read_by as read_by_scores
from oppcli.words import currencies
from oppcli.words.invalid import Invalid
from oppcli.words.kinds import Reading

FAILED = "adapter_failed"
DOT = f"{CUSTOMER}."


def of_type(policy: Policy, name: str | None) -> frozenset[str]:
    """The facts with a source that a type of request reads: its needs and conditions, and what risk is made of."""
    rule: TypeRule | None = policy.types.get(name or "")
    if rule is None:
        return frozenset()
    texts = (*rule.needs, rule.when.text, *(step.when.text for step in rule.steps))
    names = {each for text in texts for each in read_by(text)}
    if names & {RISK, FLAGS}:
        names |= read_by_scores(policy)
    if CREDIT_LEFT in names:
        names.add(CREDIT_LIMIT)
    return frozenset(each.removeprefix(DOT) for each in names) & with_source(policy)


def with_source(policy: Policy) -> frozenset[str]:
    """The facts that an adapter is asked for."""
    return frozenset(name for name, rule in policy.facts.items() if rule.source)


def wanted(look: Look, customer: int, names: Iterable[str], *, again: bool = False) -> dict[str, list[str]]:
    """By adapter, those of the facts that are missing or too old; all of them `again`."""
    policy, said, day = look.policy, dotted(look).said(customer), dotted(look).day
    found: dict[str, list[str]] = {}
    for name in sorted(names):
        rule = policy.facts[name]
        if again or known.over(said.get(name), rule, day):
            found.setdefault(rule.source, []).append(name)
    return found


def question(adapter: str, customer: Customer, deal: Deal | None, want: Collection[str]) -> bytes:
    """What the adapter is given on its standard input."""
    told: dict[str, str | None] = {"id": ref("customer", customer.id), "name": customer.name}
    told |= {"external_id": customer.external_id, "system": customer.system}
    named = None if deal is None else ref("deal", deal.id)
    found = {"opp": 1, "adapter": adapter, "customer": told, "deal": named, "want": list(want)}
    return json.dumps(found, ensure_ascii=False).encode()


def failed(customer: Customer, adapter: str, why: str, deal: Deal | None = None) -> Refused:
    """The refusal for an adapter that did not answer: nothing of before is touched."""
    name = ref("customer", customer.id)
    fix = command("fact", "fetch", name)
    told = {"adapter": adapter, "name": name if deal is None else ref("deal", deal.id)}
    return Refused(
        say("{name}: the adapter {adapter} failed", **told),
        reasons=(Reason(say("adapter {name}", name=adapter), why, fix, FAILED),),
        slug=FAILED,
    )


def taken(act: Act, customer: Customer, adapter: str, want: Collection[str], answer: bytes) -> Outcome:
    """The facts of an answer, stored; what is not in it stays as it was. Refused (7) for what is no answer."""
    day = act.business_day
    try:
        told = json.loads(answer)["facts"]
        facts = [_fact(act, customer, adapter, name, told[name], day) for name in want if name in told]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as wrong:
        why = wrong.message if isinstance(wrong, Invalid) else say("what it answers is no JSON of facts")
        raise failed(customer, adapter, why) from None
    return kept(act, customer, facts)


def _fact(act: Act, customer: Customer, adapter: str, name: str, told: Mapping[str, Any], day: date) -> Fact:
    rule = act.policy.facts[name]
    code, as_of = told.get("currency") or act.policy.currency, date.fromisoformat(told.get("as_of") or day.isoformat())
    if rule.kind == "money" and (wrong := currencies.unknown(str(code))):
        raise Invalid(say("{name}: {why}", name=name, why=wrong))
    if as_of > day:
        raise Invalid(say("{name}: {day} is in the future", name=name, day=as_of.isoformat()))
    value = told["value"]
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return Fact(
        customer_id=customer.id,
        name=name,
        value=read(rule, text, Reading(code, date.fromisoformat)),
        currency=code if rule.kind == "money" else None,
        as_of=as_of.isoformat(),
        source=adapter,
        at=act.now,
        by=act.by,
    )
