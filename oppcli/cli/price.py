"""`opp price`: list set."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli import options
from oppcli.cli.context import Context
from oppcli.cli.output import argument, writes
from oppcli.errors import Reason, UsageError
from oppcli.model.said import say

app = typer.Typer(help="The price list: what things cost, from which day on.")

Rate = Annotated[str | None, typer.Option("--tax", metavar="PERCENT", help="its rate of tax: 13")]


@app.command("set")
@writes
def set_(
    opp: Context,
    sku: Annotated[str, argument("SKU", "what it is ordered by")],
    list_: Annotated[str | None, typer.Option("--list", metavar="N", help="the list price of one unit")] = None,
    floor: Annotated[str | None, typer.Option("--floor", metavar="N", help="below it a line stands out")] = None,
    cost: Annotated[str | None, typer.Option("--cost", metavar="N", help="what it costs us, without tax")] = None,
    tax: Rate = None,
    name: Annotated[str | None, typer.Option("--name", metavar="TEXT", help="what it is called")] = None,
    unit: Annotated[str | None, typer.Option("--unit", metavar="TEXT", help="what is counted: set, hour, 台")] = None,
    currency: options.Currency = None,
    from_: Annotated[str | None, typer.Option("--from", metavar="DATE", help="its first day; at first today")] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="DATE", help="its last day")] = None,
) -> Outcome:
    """What a thing costs from a day on; one that begins on the same day is changed.

    opp price set P-100 --list 68000 --floor 57000 --cost 41000 --tax 13 --from 2026-01-01
    opp price set P-100 --list 72000 --from 2026-07-01
    """
    from oppcli.actions import prices

    with opp.act("price set") as act:
        code = (currency or act.policy.currency).upper()
        typed = {"list": list_, "floor": floor, "cost": cost, "tax": tax, "name": name, "unit": unit, "to_on": to}
        day = opp.reading.day(from_).isoformat() if from_ else act.business_day.isoformat()
        return prices.set_price(act, sku, given(opp, typed, code), currency=code, from_on=day)


def given(opp: Context, typed: dict[str, str | None], currency: str) -> dict[str, Any]:
    """The values of what was typed; an empty text clears. Refused (2) with everything that is none."""
    from oppcli.words import currencies

    found, wrong = values(opp, typed, currency)
    strange = currencies.unknown(currency)
    require_read([*([Reason("currency", strange)] if strange else []), *wrong])
    return found


def values(opp: Context, typed: Mapping[str, str | None], currency: str) -> tuple[dict[str, Any], list[Reason]]:
    """The values of what was typed, and what is wrong with the others, each by its name."""
    from oppcli.words.invalid import Invalid

    found: dict[str, Any] = {}
    wrong = []
    for name, text in typed.items():
        if text is None:
            continue
        try:
            found[name] = value(opp, name, text, currency)
        except Invalid as fault:
            wrong.append(Reason(name.removesuffix("_on"), fault.message, fault.hint))
    return found, wrong


def require_read(wrong: Sequence[Reason]) -> None:
    """Refuse (2) what cannot be read."""
    if wrong:
        raise UsageError(say("{n} {n:value|values} cannot be read", n=len(wrong)), reasons=tuple(wrong))


def value(opp: Context, name: str, text: str, currency: str) -> Any:
    """One of them. Raises `Invalid`."""
    from oppcli.words import kinds, percents, unit_prices

    if name in ("list", "floor", "cost", "price"):
        return unit_prices.price(text, currency)
    if name == "qty":
        return unit_prices.quantity(text)
    if name in ("tax", "discount"):
        return percents.parse(text, folds=name == "discount") if text.strip() else None
    if name.endswith("_on"):
        return kinds.parse("date", text, opp.reading)
    return text.strip() or None
