"""Typed `FIELD=VALUE` pairs → a changed deal, or one refusal naming every field that cannot take its value."""

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import Any

from oppcli.actions import find
from oppcli.actions.act import Act
from oppcli.errors import Lacking, Reason, Refused, UsageError
from oppcli.model import money
from oppcli.model.command import command
from oppcli.model.deals import Customer, Deal
from oppcli.model.fields import BUILT_IN, Field
from oppcli.model.noun import replace
from oppcli.model.policy import Policy
from oppcli.model.said import listed, say
from oppcli.rules import fields, pipeline
from oppcli.tuples import NamedTuple
from oppcli.words import names
from oppcli.words.invalid import Invalid
from oppcli.words.kinds import Reading


class Typed(NamedTuple):
    """Values by field as typed, already split, in order; the last of two for one field counts."""

    pairs: tuple[tuple[str, str], ...]
    new: frozenset[str] | None = None
    """The customers that were said to be new ones, as typed; None where nobody is there to be asked."""


def split(texts: Iterable[str]) -> Typed:
    """`["amount=815000", "solution=定制"]` as pairs. Refuses a text without `=`."""
    pairs = []
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise UsageError(
                say("--set {text}: not FIELD=VALUE", text=text),
                hint=command("deal", "edit", "D-1", "--set", "amount=815000"),
            )
        pairs.append((name.strip(), value))
    return Typed(tuple(pairs))


def shown_in(act: Act, deal: Deal, request: str, typed: Typed) -> Typed:
    """What a request showed, and over it what is typed."""
    from oppcli.actions.requests import shown

    return typed._replace(pairs=(*shown.typed(act, deal, request), *typed.pairs))


def with_currency(given: dict[str, str]) -> dict[str, str]:
    """What was typed for a new deal, with the currency that its amount names where none was said by itself."""
    amount = given.get("amount", "")
    if "currency" in given or not amount or amount.isdigit():
        return given
    from oppcli.words.amounts import chosen

    code = chosen(amount)
    return given if code is None else {**given, "currency": code}


def changed(act: Act, deal: Deal, typed: Typed, reading: Reading, why: str | None = None) -> tuple[Deal, list[Reason]]:
    """The deal with the typed values, and every reason why it may not be stored so. Customers not yet known are made
    on the way (the transaction is rolled back when there are reasons). A probability has `why` as its reason, where
    none is typed. Refused for fields that who acts does not have; what else is refused is among the reasons."""
    policy = act.policy
    known = fields.fields(policy)
    pairs = {fields.named(name, known): text for name, text in typed.pairs}
    if act.door.hidden:
        from oppcli.rules.scopes import require_fields

        require_fields(act.door.sight, pairs)
    if act.policy.quote is not None and deal.id:
        from oppcli.actions.offers import require_unquoted

        require_unquoted(act, deal, pairs)
    after, reasons = _without(deal, pairs) if "currency" in pairs else deal, list[Reason]()
    # The currency first: amounts are read in it.
    for name in sorted(pairs, key=lambda name: name != "currency"):
        try:
            field = fields.known_field(name, policy)
            if not field.editable:
                raise fields.by_another_verb(field.name)
            after = _with(act, after, field, pairs[name], reading, typed.new)
        except Invalid as wrong:
            reasons.append(Reason(fields.word(name, policy), wrong.message, wrong.hint))
    if after.probability != deal.probability and "probability_reason" not in pairs:
        reason = None if after.probability is None else (why or "").strip()
        after = replace(after, probability_reason=reason or None)
    named = {reason.what for reason in reasons}
    for problem in fields.problems(after, policy):
        # A rule that came later than the value is not held against an edit of another field.
        if problem.what not in named and (deal.id == 0 or problem.what in pairs):
            reasons.append(
                Reason(problem.what, problem.detail, pipeline.mend(deal, problem.what, policy) if deal.id else None)
            )
    return after, reasons


def _with(act: Act, deal: Deal, field: Field, text: str, reading: Reading, new: frozenset[str] | None) -> Deal:
    if field.name == "customer":
        return replace(deal, customer_id=customer_id(act, text, deal.owner, new=new))
    return with_value(deal, field, text, reading, act.policy)


def with_value(deal: Deal, field: Field, text: str, reading: Reading, policy: Policy) -> Deal:
    """The deal with one typed value, for any field but the customer. Raises `Invalid`."""
    typed = text.upper() if field.name == "currency" else text
    if field.values and typed and typed not in field.values:
        from oppcli.speech.titles import code

        typed = code("deal", field.name, typed, field.values)
    value: Any = fields.parse(field, typed, reading._replace(currency=deal.currency))
    if field.own:
        kept = {name: known for name, known in deal.extra.items() if name != field.name}
        return replace(deal, extra=kept if value is None else kept | {field.name: value})
    if field.name == "currency":
        return _in_currency(deal, value, policy)
    return replace(deal, **{field.name: value})


def _in_currency(deal: Deal, currency: str | None, policy: Policy) -> Deal:
    """Another currency keeps the figures and changes their unit: minor units are counted anew, of own fields too."""
    if currency is None:
        raise Invalid(say("cannot be empty"))
    moved = money.exponent(currency) - money.exponent(deal.currency)
    own = [name for name, kind, _ in fields.own_fields(policy) if kind == "money" and name in deal.extra]
    if not moved or (deal.amount is None and not own):
        return replace(deal, currency=currency)

    def anew(minor: int) -> int:
        """The same figure in another currency. Refused (`Invalid`) where that has not as many decimals."""
        found = Decimal(minor).scaleb(moved)
        if found != found.to_integral_value():
            raise Invalid(say("{currency} has no such decimals; set the amount as well", currency=currency))
        return int(found)

    amount = None if deal.amount is None else anew(deal.amount)
    extra = {**deal.extra, **{name: anew(deal.extra[name]) for name in own}}
    return replace(deal, currency=currency, amount=amount, extra=extra)


def _without(deal: Deal, names: Collection[str]) -> Deal:
    """The deal without amounts that are typed anew: they need not fit into another currency."""
    kept = {name: value for name, value in deal.extra.items() if name not in names}
    return replace(deal, amount=None if "amount" in names else deal.amount, extra=kept)


def customer_id(act: Act, text: str, owner: str | None = None, *, new: frozenset[str] | None = None) -> int | None:
    """The number of the customer called so, however it is spelt; made when there is none, for this owner, and what is
    nearly called so is said. None for empty text. Refused (`Nearly`) where that can be asked instead: there, `new` are
    the names that were said to be those of new ones."""
    text = text.strip()
    if not text:
        return None
    known = find.customer(act.door, text)
    if known is not None:
        return known.id
    clean = fields.parse(BUILT_IN["customer"], text)
    from oppcli.actions import near_customers

    known, near = near_customers.meant(act, clean)
    if known is not None:
        return known.id
    if new is not None and text not in new:
        near_customers.require_new(act, text)
    made: Customer = act.door.add(
        Customer(name=clean, key=names.key(clean), owner=owner, created_at=act.now, created_by=act.by)
    )
    if near is not None and new is None:
        near_customers.told(act, made, near)
    return made.id


def refuse(deal_name: str, verb: str, reasons: Iterable[Reason], *, new: bool = False) -> None:
    """Raise one refusal with all the reasons, if there are any: a bad value is a slip of usage, a value that is only
    missing is refused by a rule; of something `new` it is what the line lacks (2), and can be asked for."""
    found = tuple(reasons)
    if not found:
        return
    count = say("{found} {found:value|values}", found=len(found))
    if new and all(reason.detail == fields.REQUIRED for reason in found):
        given = listed(f"--set {reason.what}=…" for reason in found)
        raise Lacking(
            say("{deal_name} cannot be {verb}: {count} missing", deal_name=deal_name, verb=verb, count=count),
            reasons=tuple(reason._replace(fix=None) for reason in found),
            hint=say("add {flags}", flags=given),
        )
    if all(reason.detail == fields.REQUIRED for reason in found):
        raise Refused(
            say("{deal_name} cannot be {verb}: {count} missing", deal_name=deal_name, verb=verb, count=count),
            reasons=found,
        )
    # What is a flag and no command mends the whole line, not one of its values.
    flags = [reason.fix for reason in found if reason.fix and reason.fix.startswith("--")]
    found = tuple(reason._replace(fix=None) if reason.fix in flags else reason for reason in found)
    raise UsageError(
        say("{deal_name} cannot be {verb}: {count} cannot be kept", deal_name=deal_name, verb=verb, count=count),
        hint=flags[0] if flags else None,
        reasons=found,
    )


def tagged(act: Act, tags: Sequence[str], add: Collection[str], drop: Collection[str]) -> tuple[str, ...]:
    """The tags with these and without those, none twice. Refused (7) for a tag that the policy's `[[tag]]` sets and
    removes, (2) for a blank or one with a comma."""
    wanted = [tag.strip() for tag in add]
    gone = {tag.strip() for tag in drop}
    ruled = {rule.name for rule in act.policy.tags} if act.policy.tags else set[str]()
    if by_rule := [tag for tag in (*wanted, *gone) if tag in ruled]:
        raise Refused(
            say("a tag of the policy is not set by hand"),
            reasons=tuple(Reason(tag, say("set and removed by its rule")) for tag in by_rule),
        )
    if any(not tag or "," in tag or "，" in tag for tag in wanted):
        raise UsageError(say("a tag is a word or several, without commas"))
    return tuple(dict.fromkeys(tag for tag in (*tags, *wanted) if tag not in gone))
