"""What the approvers are shown: the snapshot of a revision as it is kept, and as people read it, with what changed."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from oppcli.model import money
from oppcli.model.fields import Field
from oppcli.model.policy import Policy, TypeRule
from oppcli.model.requests import APPROVED, CONTRACT, FILE, LIVE_STATES, QUOTE, Request
from oppcli.model.said import label, listed, say
from oppcli.rules import conditions, fields
from oppcli.rules.approvals.world import World, converted
from oppcli.tuples import NamedTuple
from oppcli.words.kinds import STEPS

NONE = "–"
DIGITS = 12
"""So much of a file's fingerprint is shown."""
HASH = 64
"""Digits of one in full."""


def reads(rule: TypeRule) -> frozenset[str]:
    """Every field that the type's condition or one of its steps' depends on."""
    return frozenset().union(conditions.reads(rule.when), *(conditions.reads(step.when) for step in rule.steps))


def compared(rule: TypeRule) -> frozenset[str]:
    """Those of them that must have a value before anybody knows who decides."""
    return frozenset().union(conditions.compared(rule.when), *(conditions.compared(step.when) for step in rule.steps))


def snapshot(rule: TypeRule, policy: Policy, world: World) -> dict[str, str | None]:
    """What the approvers are shown, as text: what is material, needed, or read by a condition, amounts in the deal's
    currency. Another currency than the policy's is shown with its rate."""
    facts, kinds = world.raw_facts(policy), fields.field_kinds(policy)
    shown = {name: shown_fact(name, facts, kinds, world) for name in _shown_names(rule, policy)}
    if world.deal.currency != policy.currency and "amount" in shown:
        shown["currency"] = world.deal.currency
        shown["rate"] = None if world.rate is None else format(world.rate, "f")
    return shown


def _shown_names(rule: TypeRule, policy: Policy) -> dict[str, None]:
    """What is shown of a deal. Who approves contracts is always shown which one."""
    names = dict.fromkeys((*rule.material, *rule.needs, *sorted(reads(rule)), *sorted(_read_by_needs(rule))))
    if policy.contract is not None and policy.contract.approval == rule.name:
        names |= {CONTRACT: None}
    return names | {f"{space}.version": None for space in (QUOTE, CONTRACT) if space in names}


def _read_by_needs(rule: TypeRule) -> frozenset[str]:
    """What conditions among its needs read that moves by itself: that is kept."""
    conditional = [need for need in rule.needs if " " in need and ("." in need or "risk" in need)]
    if not conditional:
        return frozenset()
    from oppcli.model.spaces import read_by

    return frozenset(name for need in conditional for name in read_by(need))


def by_policy(name: str) -> bool:
    """Whether its money is in the policy's currency, for it is of many deals; else in that of the deal."""
    return name.startswith("customer.")


def shown_fact(name: str, facts: Mapping[str, Any], kinds: Mapping[str, str], world: World) -> str | None:
    """One fact as text: `800000.00`, `12.5`, `true`, `2026-05-01`; a file as the fingerprints of its kind."""
    if name.startswith(FILE):
        return ",".join(sorted(world.files.get(name.removeprefix(FILE), ()))) or None
    value = facts.get(name)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        if kinds.get(name) == "money":
            code = world.policy.currency if by_policy(name) else world.deal.currency
            return money.plain(money.to_minor(value, code), code)
        return format(value.normalize() + 0, "f")
    return None if value is None else str(value)


def short(name: str, text: str | None) -> str | None:
    """A fact as a sentence has it: of a hash its beginning."""
    if text is None or not (name in (QUOTE, CONTRACT) or name.startswith(FILE)):
        return text
    return listed(each[:DIGITS] if len(each) == HASH else each for each in text.split(","))


def facts_shown(shown: Mapping[str, str | None], policy: Policy) -> Mapping[str, Any]:
    """A snapshot as facts again, for conditions to be asked of what the approvers saw."""
    kinds = fields.field_kinds(policy)
    facts = {name: typed(kinds.get(name, "text"), text) for name, text in shown.items()}
    rate = shown.get("rate")
    plain = {name: value for name, value in facts.items() if name in kinds}
    return converted(plain, policy, shown.get("currency") or policy.currency, Decimal(rate) if rate else None)


def typed(kind: str, text: str | None) -> Any:
    """A fact of a snapshot as conditions read it, by its kind. Raises `ValueError` or `ArithmeticError` where it was of
    another kind."""
    if text is None:
        return None
    if kind in STEPS:
        return Decimal(text)
    if kind == "bool":
        return text == "true"
    return date.fromisoformat(text) if kind == "date" else text


class Figure(NamedTuple):
    """One fact of a revision, as people read it."""

    field: str
    title: str
    value: str | None
    """As the snapshot keeps it."""
    shown: str
    was: str | None = None
    """What the revision before showed, where that was something else."""
    now: str | None = None
    """What is true of the deal, where that is something else and the request still stands."""

    @property
    def told(self) -> str:
        """`CNY 800,000.00 → CNY 900,000.00`."""
        told = self.shown if self.was is None else say("{was} → {shown}", was=self.was, shown=self.shown)
        return told if self.now is None else say("{told}, now {now}", told=told, now=self.now)


def figures(request: Request, world: World) -> tuple[Figure, ...]:
    """Everything that is material, that the type needs, and that its conditions read, in that order."""
    policy = world.rules(request)
    known = fields.fields(policy)
    kinds = fields.field_kinds(policy)
    known = {name: Field(name, kind, title=_said_of(name, policy)) for name, kind in kinds.items()} | known
    seen, before = request.facts.snapshot, _before(request)
    today = _today(request, world, known) if request.state in (*LIVE_STATES, APPROVED) else {}
    found = []
    for name in _shown_names(world.type_rule(request), policy) | dict.fromkeys(seen):
        if name not in seen:
            continue
        value = seen[name]
        field = known.get(name) or Field(name)
        own = world.policy.currency if by_policy(name) else ""
        earlier, today_in = own or _currency(before, world), own or world.deal.currency
        was = None if before.get(name, value) == value else _shown(field, before.get(name), earlier)
        now = None if today.get(name, value) == value else _shown(field, today.get(name), today_in)
        shown = _shown(field, value, own or _currency(seen, world))
        found.append(Figure(name, field.title or _titled(name), value, shown, was, now))
    return tuple(found)


def _titled(name: str) -> str:
    return say("file:{kind}", kind=name.removeprefix(FILE)) if name.startswith(FILE) else label(name)


def _said_of(name: str, policy: Policy) -> str:
    if not policy.facts:
        return ""
    from oppcli.model.spaces import said_of

    return said_of(name, policy)


def changes(request: Request, world: World) -> tuple[str, ...]:
    """`amount CNY 800,000.00 → CNY 900,000.00` for what the revision before showed differently. What is hidden from
    somebody goes by its name, by which it is found in a sentence and taken out."""
    if request.revision == 1:
        return ()
    hidden = world.rules(request).hide
    return tuple(
        say(
            "{field} {was} → {now}",
            field=each.field if each.field in hidden else each.title,
            was=each.was,
            now=each.shown,
        )
        for each in figures(request, world)
        if each.was is not None
    )


def _before(request: Request) -> Mapping[str, Any]:
    """What the revision before showed."""
    earlier = (each for each in request.revisions if each.number == request.revision - 1)
    return next((each.snapshot for each in earlier), {})


def _today(request: Request, world: World, known: Mapping[str, Field]) -> dict[str, str | None]:
    raw, kinds = world.raw_facts(world.rules(request)), {name: field.kind for name, field in known.items()}
    names = (name for name in request.facts.snapshot if name in known or name.startswith(FILE))
    return {name: shown_fact(name, raw, kinds, world) for name in names}


def _currency(snapshot: Mapping[str, Any], world: World) -> str:
    """Of the amounts in a snapshot, which names it only where it is not the policy's."""
    return str(snapshot.get("currency") or world.policy.currency)


def _shown(field: Field, text: str | None, currency: str) -> str:
    if text is None:
        return NONE
    if field.kind == "money":
        return money.shown(money.to_minor(Decimal(text), currency), currency)
    if field.kind == "percent":
        return f"{text} %"
    if field.unit == "days":
        return say("{n} {n:day|days}", n=int(text))
    if field.name in (QUOTE, CONTRACT) or field.name.startswith(FILE):
        return short(field.name, text) or NONE
    if field.kind == "bool":
        return say("yes") if text == "true" else say("no")
    return text
