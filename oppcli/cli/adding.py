"""What `opp add` asks for besides the title, and what of it has to be given: the policy knows."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from oppcli.actions.values import split
from oppcli.cli import ask
from oppcli.cli.answers import answered, called_new
from oppcli.errors import OppError, Reason
from oppcli.model.fields import CHINESE_TITLES, Field
from oppcli.model.said import listed, say
from oppcli.rules import fields
from oppcli.words.invalid import Invalid
from oppcli.words.kinds import comparable

if TYPE_CHECKING:
    from oppcli.cli.context import Context
    from oppcli.errors import Nearly

FLAGS = {"customer": "customer", "amount": "amount", "currency": "currency", "source": "source"}
FLAGS |= {"expected_close": "close", "owner": "owner"}
"""Field → the parameter of its own that `opp add` has for it."""


def ask_for_the_rest(ctx: Any) -> None:
    """Customer, amount, and every field that has to be given, as far as they are not typed."""
    opp = ctx.obj
    if ctx.params.get("customer") is None and (name := customer(ctx)):
        answered(ctx, "customer", name)
    if ctx.params.get("amount") is None and (amount := ask.text(opp, say("amount (Enter: not known)"))):
        answered(ctx, "amount", amount)
    for field in _required(ctx):
        _ask(ctx, field)


def ask_for(ctx: Any, names: Sequence[str]) -> None:
    """Each of these fields of what the line adds."""
    opp = ctx.obj
    with opp.read() as door:
        known = fields.of_team(noun_of(ctx), opp.policy(door))
    for name in names:
        _ask(ctx, known[name])


def noun_of(ctx: Any) -> str:
    """What a line adds: deal, customer, contact."""
    noun = str(ctx.command.path).partition(" ")[0]
    return "deal" if noun == "lead" else noun


def _ask(ctx: Any, field: Field) -> None:
    value = _value(ctx.obj, field)
    flag = FLAGS.get(field.name, field.name if noun_of(ctx) != "deal" else "")
    if flag in ctx.params and not field.many:
        answered(ctx, flag, value)
    else:
        answered(ctx, "sets", [*(ctx.params["sets"] or ()), f"{field.name}={value}"])


def customer(ctx: Any) -> str | None:
    """A customer's name: one that is there, near ones shown, or a new one; None for none."""
    opp = ctx.obj
    typed = ask.text(opp, say("customer (Enter: none)"))
    if not typed:
        return None
    known, near = known_customer(opp, typed)
    if known or not near:
        return known or typed
    return one_or_new(ctx, say("there is no {name} yet; is it one of these?", name=typed), map(ask.Option, near), typed)


def settle(ctx: Any, several: "Nearly") -> None:
    """Ask whether a customer that is nearly there is meant, and put that in the place of what was typed."""
    near = [ask.Option(reason.what, reason.detail) for reason in several.reasons]
    chosen = one_or_new(ctx, several.message, near, several.typed)
    if chosen == several.typed:
        return
    if (ctx.params.get("customer") or "").strip() == several.typed:
        answered(ctx, "customer", chosen)
    else:
        answered(ctx, "sets", [_meant(each, several.typed, chosen) for each in ctx.params["sets"] or ()])


def _meant(pair: str, typed: str, chosen: str) -> str:
    """`customer=C-1` of `customer=Acme`; another field as it is."""
    field, _, value = pair.partition("=")
    customer = field.strip() in ("customer", CHINESE_TITLES["customer"]) and value.strip() == typed
    return f"{field}={chosen}" if customer else pair


def one_or_new(ctx: Any, question: str, near: Iterable[ask.Option], typed: str) -> str:
    """One of the customers that are near, or what was typed: then it is a new one, and not asked about again."""
    chosen = ask.choice(ctx.obj, question, [*near, ask.Option(typed, say("a new customer"))])
    if chosen == typed:
        called_new(ctx, typed)
    return chosen


def known_customer(opp: "Context", typed: str) -> tuple[str | None, list[str]]:
    """The name as the customer has it, and the names that are near."""
    from oppcli.actions import near_customers
    from oppcli.words import names

    with opp.read() as door:
        near = near_customers.near(door, typed)
    known = [each.name for each in near if names.key(each.name) == names.key(typed)]
    return (known[0], []) if known else (None, [each.name for each in near[: near_customers.SHOWN]])


def _required(ctx: Any) -> list[Field]:
    """The fields that have to be given and are not; none where there is no policy to ask."""
    from oppcli.config.settings import FOR_NEW_LEADS

    opp, defaults = ctx.obj, ctx.obj.settings.defaults
    typed = {name: defaults[name] for name in FOR_NEW_LEADS if name in defaults}
    typed |= {name: ctx.params[flag] for name, flag in FLAGS.items() if ctx.params.get(flag) is not None}
    typed |= dict(split(ctx.params.get("sets") or ()).pairs)
    try:
        with opp.read() as door:
            policy, hidden = opp.policy(door), frozenset(door.hidden)
            known = fields.fields(policy)
    except OppError:  # what is wrong with the database is said once there is a line
        return []
    given = {fields.named(name, known) for name in typed} | {"title", "currency", "owner"} | hidden
    facts = _facts(opp, known, typed, policy.currency)
    return [field for name, field in known.items() if name not in given and (field.required or _needed(field, facts))]


def _needed(field: Field, facts: Mapping[str, Any]) -> bool:
    """Whether the policy's condition requires it of what was typed."""
    if field.required_when is None:
        return False
    from oppcli.rules.conditions import decided

    return decided(field.required_when, facts) is True


def _facts(opp: "Context", known: Mapping[str, Field], typed: Mapping[str, str], currency: str) -> dict[str, Any]:
    """What conditions read of what was typed; what cannot be read is told once the line is done."""
    found: dict[str, Any] = {}
    for text, value in typed.items():
        field = known.get(fields.named(text, known))
        if field is not None:
            with suppress(Invalid, OppError):
                read = fields.parse(field, value, opp.reading._replace(currency=currency))
                found[field.name] = comparable(field.kind, read, currency)
    return found


def _value(opp: "Context", field: Field) -> str:
    """What is typed for a field: one of its values, where it has them."""
    if field.values:
        return ask.choice(opp, say("{field}?", field=_title(field)), field.values)
    return ask.text(opp, _title(field), needed=True)


def _title(field: Field) -> str:
    return f"{field.title} ({field.name})" if field.title else field.name


def required(ctx: Any) -> list[Reason]:
    """The same as what is missing, each with its values."""
    return [Reason(_typed(field), listed(field.values) or field.title or field.kind, None) for field in _required(ctx)]


def _typed(field: Field) -> str:
    """How it is given: `--set tier=…`, or by its own flag."""
    return f"--{FLAGS[field.name]}" if field.name in FLAGS else f"--set {field.name}=…"
