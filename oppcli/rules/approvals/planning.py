"""Before a request exists: what is missing, which steps apply, what the approvers will be shown, who would be asked."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from oppcli.errors import NotFound, Reason
from oppcli.model import money
from oppcli.model.command import command
from oppcli.model.policy import Policy, StepRule, TypeRule
from oppcli.model.refs import ref
from oppcli.model.requests import Request, Revision, Step
from oppcli.rules import conditions, fields, pipeline
from oppcli.rules.approvals.seating import seats_of
from oppcli.rules.approvals.world import World, converted
from oppcli.rules.values import nearest

FILE = "file:"


def type_named(policy: Policy, name: str) -> TypeRule:
    """The type of request called so. Refused with the nearest name."""
    found = policy.types.get(name)
    if found is None:
        known = ", ".join(policy.types)
        raise NotFound(f"no such type of request: {name}{nearest(name, policy.types)}", hint=f"the types are {known}")
    return found


def reads(rule: TypeRule) -> frozenset[str]:
    """Every field that the type's condition or one of its steps' depends on."""
    return frozenset().union(conditions.reads(rule.when), *(conditions.reads(step.when) for step in rule.steps))


def missing(rule: TypeRule, policy: Policy, world: World) -> tuple[Reason, ...]:
    """Everything a submit needs and the deal lacks, each with the command that supplies it: the type's `needs`, and
    every field a condition reads. A missing margin never means that the margin is fine."""
    raw, facts = world.raw_facts(policy), world.facts(policy)
    gone = lacking(rule, policy, world)
    needed = {name: "" for name in rule.needs if name in gone}
    for name in sorted(reads(rule)):
        if raw.get(name) is None and name not in needed:
            needed[name] = f"decides who must approve {rule.name}"
    found = tuple(Reason(name, why, pipeline.mend(world.deal.id, name)) for name, why in needed.items())
    unpriced = sorted(
        name for name in (*rule.needs, *reads(rule)) if facts.get(name) is None and raw.get(name) is not None
    )
    return found + (_no_rate(policy, world) if unpriced else ())


def lacking(rule: TypeRule, policy: Policy, world: World) -> frozenset[str]:
    """What the type needs and the deal does not have."""
    return frozenset(name for name in rule.needs if not pipeline.has(world.deal, name, policy, world.files))


def _no_rate(policy: Policy, world: World) -> tuple[Reason, ...]:
    """Amounts in another currency are converted once, at submit; without a rate the limits cannot be applied."""
    why = f"no rate from {world.deal.currency} to {policy.currency}, in which the policy counts"
    fix = command(
        "deal", "edit", ref("deal", world.deal.id), "--set", f"currency={policy.currency}", "--set", "amount=…"
    )
    return (Reason("currency", why, fix),)


def applies(rule: TypeRule, facts: Mapping[str, Any]) -> tuple[StepRule, ...]:
    """The steps these facts ask for, in order; none when the type does not apply. Raises `conditions.Missing`."""
    if not conditions.holds(rule.when, facts):
        return ()
    return tuple(step for step in rule.steps if conditions.holds(step.when, facts))


def surely_not_required(rule: TypeRule, facts: Mapping[str, Any]) -> bool:
    """Whether the type's own condition is known to be false, whatever else is missing. An ordinary deal must not be
    asked for documents of an approval it does not need."""
    known = all(facts.get(name) is not None for name in conditions.reads(rule.when))
    return known and not conditions.holds(rule.when, facts)


def steps_of(rules: tuple[StepRule, ...], policy: Policy, revision: int) -> tuple[Step, ...]:
    """The waiting steps of a revision; neighbours of one `together` share a group."""
    found: list[Step] = []
    group = 0
    for position, rule in enumerate(rules, 1):
        beside = bool(found) and rule.together is not None and rule.together == found[-1].together
        group += 0 if beside else 1
        found.append(_step(rule, policy, revision, position, group))
    return tuple(found)


def _step(rule: StepRule, policy: Policy, revision: int, position: int, group: int) -> Step:
    return Step(
        revision=revision,
        position=position,
        group=group,
        name=rule.name,
        together=rule.together,
        rule=rule.rule,
        need=rule.need if rule.rule == "at_least" else 1,
        who=rule.who,
        stand_in=rule.stand_in,
        veto=rule.veto,
        must=rule.must,
        fresh=rule.fresh,
        calendar=rule.calendar or policy.calendar,
        sla_ms=rule.sla_ms,
        on_timeout=rule.on_timeout,
        on_reject=rule.on_reject,
    )


def snapshot(rule: TypeRule, policy: Policy, world: World) -> dict[str, str | None]:
    """What the approvers are shown, as text: the material facts and every field a condition reads, amounts in the
    deal's currency. Another currency than the policy's is shown with its rate."""
    facts, kinds = world.raw_facts(policy), fields.field_kinds(policy)
    names = dict.fromkeys((*rule.material, *sorted(reads(rule))))
    shown = {name: shown_fact(name, facts, kinds, world) for name in names}
    if world.deal.currency != policy.currency and "amount" in shown:
        shown["currency"] = world.deal.currency
        shown["rate"] = None if world.rate is None else format(world.rate, "f")
    return shown


def shown_fact(name: str, facts: Mapping[str, Any], kinds: Mapping[str, str], world: World) -> str | None:
    """One fact as text: `800000.00`, `12.5`, `true`, `2026-05-01`; a file as the fingerprints of its kind."""
    if name.startswith(FILE):
        return ",".join(sorted(world.files.get(name.removeprefix(FILE), ()))) or None
    value = facts.get(name)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        if kinds.get(name) == "money":
            return f"{value:.{money.exponent(world.deal.currency)}f}"
        return format(value.normalize() + 0, "f")
    return None if value is None else str(value)


def facts_shown(shown: Mapping[str, str | None], policy: Policy) -> Mapping[str, Any]:
    """A snapshot as facts again, for conditions to be asked of what the approvers saw."""
    kinds = fields.field_kinds(policy)
    facts = {name: _typed(kinds.get(name, "text"), text) for name, text in shown.items()}
    rate = shown.get("rate")
    plain = {name: value for name, value in facts.items() if name in kinds}
    return converted(plain, policy, shown.get("currency") or policy.currency, Decimal(rate) if rate else None)


def _typed(kind: str, text: str | None) -> Any:
    if text is None or kind == "text":
        return text
    if kind == "bool":
        return text == "true"
    return date.fromisoformat(text) if kind == "date" else Decimal(text)


def draft(world: World, rule: TypeRule, policy: Policy, submitter: str, *, note: str | None = None) -> Request:
    """The request as it would be submitted now, no step open. Its plan is empty where no approval is required.

    Raises `conditions.Missing` when facts are missing; ask `missing` first."""
    shown = Revision(number=1, snapshot=snapshot(rule, policy, world), at=world.now, editor=submitter)
    return Request(
        deal_id=world.deal.id,
        type=rule.name,
        title=rule.title,
        policy=policy.hash,
        submitted_by=submitter,
        submitted_at=world.now,
        owner=world.deal.owner,
        note=note,
        amount=world.deal.amount,
        currency=world.deal.currency,
        revisions=(shown,),
        steps=steps_of(applies(rule, world.facts(policy)), policy, 1),
    )


def people_missing(request: Request, world: World) -> tuple[Reason, ...]:
    """The planned steps that nobody could decide, not even a stand-in or the fallback."""
    short = [step for step in request.plan if any(seat.blocked for seat in seats_of(step, request, world))]
    return tuple(_short(step) for step in short)


def _short(step: Step) -> Reason:
    who = ", ".join(step.who)
    return Reason(f"step {step.name}", f"nobody free of conflict for {who}, nor as fallback", command("policy", "show"))


def seated(request: Request, world: World) -> Request:
    """The draft with the people each step would have if it opened now."""
    return replace(request, steps=tuple(replace(step, seats=seats_of(step, request, world)) for step in request.steps))
