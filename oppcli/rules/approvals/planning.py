"""Before a request exists: what is missing, which steps apply, what the approvers will be shown, who would be asked."""

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from oppcli.errors import NotFound, PolicyError, Reason, UsageError
from oppcli.model.approver import FIELD, LINE, approver
from oppcli.model.command import command
from oppcli.model.noun import replace
from oppcli.model.policy import Policy, StepRule, TypeRule
from oppcli.model.refs import ref
from oppcli.model.requests import APPROVED, CONTRACT, LIVE_STATES, QUOTE, Request, Revision, Step
from oppcli.model.said import label, listed, say
from oppcli.rules import conditions, fields, pipeline
from oppcli.rules.approvals.eligible import climb
from oppcli.rules.approvals.figures import compared, reads, snapshot
from oppcli.rules.approvals.seating import seats_of
from oppcli.rules.approvals.world import World
from oppcli.rules.rights import superiors

NO_RATE = "no_rate"
"""Amounts of the deal's currency cannot be counted in the policy's."""


def type_named(policy: Policy, name: str) -> TypeRule:
    """The type of request called or titled so. Refused with the nearest name."""
    found = policy.types.get(type_meant(policy, name))
    if found is None:
        from oppcli.words.spelling import nearest

        known = listed(label(each, rule.title) for each, rule in policy.types.items())
        raise NotFound(
            say("no such type of request: {name}{nearest}", name=name, nearest=nearest(name, policy.types)),
            hint=say("the types are {known}", known=known),
        )
    return found


def type_meant(policy: Policy, text: str) -> str:
    """The name of the type of request that is called or titled so; the text itself where there is none. Refused
    (`Ambiguous`) where there are several."""
    if text in policy.types:
        return text
    from oppcli.words.named import understood

    return understood(text, policy.types, lambda name: (policy.types[name].title,)) or text


def which_type(world: World) -> NoReturn:
    """Refuse a request whose type was not said, naming the types and a command."""
    deal, types = ref("deal", world.deal.id), world.policy.types
    if not types:
        raise PolicyError(say("the policy has no types of requests"), hint=command("policy", "show"))
    named = [rule.name if rule.title == rule.name else f"{rule.name} {rule.title}" for rule in types.values()]
    asked = {request.type for request in world.requests if request.state in (*LIVE_STATES, APPROVED)}
    likely = next((name for name in types if name not in asked), next(iter(types)))
    raise UsageError(
        say("say which type of request for {deal}", deal=deal),
        reasons=(Reason("TYPE", listed(named), command("submit", deal, likely)),),
    )


def missing(rule: TypeRule, policy: Policy, world: World) -> tuple[Reason, ...]:
    """Everything a submit needs and the deal lacks, each with the command that supplies it: the type's `needs`, and
    every field a condition compares. A missing margin never means that the margin is fine."""
    raw, facts = world.raw_facts(policy), world.facts(policy)
    gone = lacking(rule, policy, world)
    needed = {name: "" for name in rule.needs if name in gone}
    for name in sorted(compared(rule)):
        if raw.get(name) is None and name not in needed:
            needed[name] = say("decides who must approve {name}", name=rule.named)
    whole = [name for name in needed if _unmet(name, policy, world)]
    needed = {name: why for name, why in needed.items() if name in whole or name.partition(".")[0] not in whole}
    needed |= {name: why for name, why in _deciders(rule, policy, world).items() if name not in needed}
    found = tuple(
        reason
        for name, why in needed.items()
        for reason in _unmet(name, policy, world)
        or (_gap(name, why, raw, world, pipeline.mend(world.deal, name, policy)),)
    )
    unpriced = sorted(
        name for name in (*rule.needs, *reads(rule)) if facts.get(name) is None and raw.get(name) is not None
    )
    return found + (_no_rate(policy, world) if unpriced else ())


def _gap(name: str, why: str, raw: Mapping[str, Any], world: World, fix: str) -> Reason:
    """What is missing: why it is asked for, and what it reads of payments, of the customer and of risk."""
    what = fields.word(name, world.policy)
    if not fields.beside(world.policy):
        return Reason(what, why, fix)
    from oppcli.rules.told_values import values

    told, slug = values(name, raw, world.policy, world.deal.currency, world.stale)
    return Reason(what, listed([each for each in (told, why) if each], "; "), fix, slug)


def _unmet(name: str, policy: Policy, world: World) -> tuple[Reason, ...]:
    """Why the deal does not have a quote or a contract that may be submitted; nothing of any other name."""
    asked = policy.spaced and name in (QUOTE, CONTRACT)
    return world.offered().unmet.get(name, ()) if asked else ()


def _deciders(rule: TypeRule, policy: Policy, world: World) -> dict[str, str]:
    """The fields that have to say who decides a step, and in which nobody stands who could."""
    raw, facts = world.raw_facts(policy), world.facts(policy)
    found: dict[str, str] = {}
    for step in rule.steps:
        for term in step.who:
            if term.kind != FIELD or conditions.decided(step.when, facts) is False:
                continue
            login = str(raw.get(term.name) or "").strip()
            if not login:
                found[term.name] = say("says who decides {step}", step=step.name)
            elif not world.active(login):
                found[term.name] = say("{login} is nobody who could decide {step}", login=login, step=step.name)
    return found


def lacking(rule: TypeRule, policy: Policy, world: World) -> frozenset[str]:
    """What the type needs and the deal does not have."""
    return frozenset(name for name in rule.needs if not pipeline.has(world.deal, name, policy, world.files, world.done))


def _no_rate(policy: Policy, world: World) -> tuple[Reason, ...]:
    """Amounts in another currency are converted once, at submit; without a rate the limits cannot be applied."""
    why = say(
        "no rate from {currency} to {policy_currency}, in which the policy counts",
        currency=world.deal.currency,
        policy_currency=policy.currency,
    )
    fix = command("rate", "add", world.deal.currency, policy.currency, "…")
    return (Reason(label("currency"), why, fix, NO_RATE),)


def applies(rule: TypeRule, facts: Mapping[str, Any]) -> tuple[StepRule, ...]:
    """The steps these facts ask for, in order; none when the type does not apply. Raises `conditions.Missing`."""
    if not conditions.holds(rule.when, facts):
        return ()
    return tuple(step for step in rule.steps if conditions.holds(step.when, facts))


def surely_not_required(rule: TypeRule, facts: Mapping[str, Any]) -> bool:
    """Whether the type's own condition is known to be false, whatever else is missing. An ordinary deal must not be
    asked for documents of an approval it does not need."""
    known = all(facts.get(name) is not None for name in conditions.compared(rule.when))
    return known and not conditions.holds(rule.when, facts)


def planned_away(rule: TypeRule, facts: Mapping[str, Any]) -> dict[str, str]:
    """Step of the type that these facts do not ask for → its condition."""
    away = (step for step in rule.steps if conditions.decided(step.when, facts) is False)
    return {step.name: step.when.text for step in away}


def steps_of(rules: tuple[StepRule, ...], policy: Policy, revision: int) -> tuple[Step, ...]:
    """The waiting steps of a revision; neighbours of one `together` share a group."""
    groups = groups_of(rules)
    return tuple(step_of(rule, policy, revision, place, groups[place - 1]) for place, rule in enumerate(rules, 1))


def groups_of(rules: Sequence[StepRule]) -> list[int]:
    """Where each step stands on the way, 1 first; neighbours of one `together` stand in the same place."""
    found: list[int] = []
    for place, rule in enumerate(rules):
        beside = place > 0 and rule.together is not None and rule.together == rules[place - 1].together
        found.append((found[-1] if found else 0) + (not beside))
    return found


def step_of(rule: StepRule, policy: Policy, revision: int, position: int, group: int) -> Step:
    """A step as its rule plans it, waiting."""
    return Step(
        revision=revision,
        position=position,
        group=group,
        name=rule.name,
        together=rule.together,
        rule=rule.rule,
        need=rule.need if rule.rule == "at_least" else 1,
        share=rule.share,
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


def draft(world: World, rule: TypeRule, policy: Policy, submitter: str, *, note: str | None = None) -> Request:
    """The request as it would be submitted now, no step open. Its plan is empty where no approval is required.

    Raises `conditions.Missing` when facts are missing; ask `missing` first."""
    facts = world.facts(policy)
    seen, away = snapshot(rule, policy, world), planned_away(rule, facts)
    shown = Revision(number=1, snapshot=seen, at=world.now, editor=submitter, skipped=away)
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
        steps=steps_of(applies(rule, facts), policy, 1),
    )


def people_missing(request: Request, world: World) -> tuple[Reason, ...]:
    """The planned steps that nobody could decide, not even a stand-in or the fallback."""
    short = [step for step in request.plan if any(seat.blocked for seat in seats_of(step, request, world))]
    return tuple(_short(step, request, world) for step in short)


def _short(step: Step, request: Request, world: World) -> Reason:
    """Why nobody could decide a step. Where it asks somebody above a submitter who has nobody there, that is said, and
    who might submit instead."""
    name, below = say("step {name}", name=step.name), request.submitted_by
    from oppcli.model.calling import called, every_called

    term = next((term for term in map(approver, step.who) if term.kind == LINE), None)
    line = (below, *superiors(below, world.users))
    if term is not None and not line[term.above + 1 :]:
        instead = _submitting_instead(below, term.above, world)
        fix = command("user", "edit", line[-1], "--manager", "LOGIN", ready=False) if instead is None else None
        return Reason(name, _ends_below(called(term), line, instead), fix)
    who = every_called(step.who, world.rules(request).role_titles)
    return Reason(
        name,
        say("nobody free of conflict for {who}, nor as fallback", who=who),
        command("policy", "show"),
    )


def _ends_below(term: str, line: tuple[str, ...], instead: str | None) -> str:
    """That the line from the submitter upwards ends before whom a step asks, and who might submit instead."""
    told = (
        say("`{term}` is above {who}, who has no manager", term=term, who=line[-1])
        if line[1:]
        else say("`{term}` is the submitter's superior and {who} has none", term=term, who=line[-1])
    )
    return told if instead is None else say("{told}: let {other} submit it", told=told, other=instead)


def _submitting_instead(login: str, above: int, world: World) -> str | None:
    """The deal's owner, or an admin, who may submit it and has somebody that far above."""
    may = (world.deal.owner, *(other for other, user in world.users.items() if user.is_admin))
    fits = (other for other in may if other and other != login and world.active(other))
    return next((other for other in fits if climb(other, above, world, ())), None)


def seated(request: Request, world: World) -> Request:
    """The draft with the people each step would have if it opened now."""
    return replace(request, steps=tuple(replace(step, seats=seats_of(step, request, world)) for step in request.steps))
