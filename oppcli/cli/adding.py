"""What `opp add` asks for besides the title, and what of it has to be given: the policy knows."""

from typing import TYPE_CHECKING, Any

from oppcli.actions.values import split
from oppcli.cli import ask
from oppcli.cli.answers import answered
from oppcli.errors import OppError, Reason
from oppcli.model.fields import Field
from oppcli.model.said import listed, say
from oppcli.rules import fields

if TYPE_CHECKING:
    from oppcli.cli.context import Context

NEAR = 5
"""Customers that are shown as near."""
FLAGS = {"customer": "customer", "amount": "amount", "currency": "currency", "source": "source"}
FLAGS |= {"expected_close": "close", "owner": "owner"}
"""Field → the parameter of its own that `opp add` has for it."""


def ask_for_the_rest(ctx: Any) -> None:
    """Customer, amount, and every field that has to be given, as far as they are not typed."""
    opp = ctx.obj
    if ctx.params.get("customer") is None and (name := customer(opp)):
        answered(ctx, "customer", name)
    if ctx.params.get("amount") is None and (amount := ask.text(opp, say("amount (Enter: not known)"))):
        answered(ctx, "amount", amount)
    for field in _required(ctx):
        value = _value(opp, field)
        if field.name in FLAGS:
            answered(ctx, FLAGS[field.name], value)
        else:
            answered(ctx, "sets", [*(ctx.params["sets"] or ()), f"{field.name}={value}"])


def customer(opp: "Context") -> str | None:
    """A customer's name: one that is there, near ones shown, or a new one; None for none."""
    typed = ask.text(opp, say("customer (Enter: none)"))
    if not typed:
        return None
    known, near = known_customer(opp, typed)
    if known or not near:
        return known or typed
    new = ask.Option(typed, say("a new customer"))
    return ask.choice(
        opp, say("there is no {name} yet; is it one of these?", name=typed), [*map(ask.Option, near), new]
    )


def known_customer(opp: "Context", typed: str) -> tuple[str | None, list[str]]:
    """The name as the customer has it, and the names that are near."""
    from difflib import get_close_matches

    from oppcli.store import queries
    from oppcli.words import names

    wanted = names.key(typed)
    with opp.read() as door:
        known = dict(queries.customer_names(door))
    if wanted in known:
        return known[wanted], []
    alike = get_close_matches(wanted, known, n=NEAR, cutoff=0.6)
    held = [key for key in known if wanted in key or key in wanted]
    return None, [known[key] for key in list(dict.fromkeys([*alike, *held]))[:NEAR]]


def _required(ctx: Any) -> list[Field]:
    """The fields that have to be given and are not; none where there is no policy to ask."""
    from oppcli.config.settings import FOR_NEW_LEADS

    opp, given = ctx.obj, {name for name, flag in FLAGS.items() if ctx.params.get(flag) is not None}
    given |= {name for name, _ in split(ctx.params.get("sets") or ()).pairs} | {"title", "currency", "owner"}
    given |= {name for name in FOR_NEW_LEADS if name in opp.settings.defaults}
    try:
        with opp.read() as door:
            known = fields.fields(opp.policy(door)).values()
            hidden = frozenset(door.hidden)
    except OppError:  # what is wrong with the database is said once there is a line
        return []
    return [field for field in known if field.required and field.name not in given | hidden]


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
