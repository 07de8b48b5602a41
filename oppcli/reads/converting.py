"""Money of many records counted in one currency, and what has to be told of it."""

from collections.abc import Iterable, Iterator

from oppcli.model.said import listed, say
from oppcli.reads.table import Footnote, Frame, Row
from oppcli.reads.where import Where
from oppcli.rules.exchange import Converter
from oppcli.store import rates
from oppcli.store.doors import ReadDoor


def converter(door: ReadDoor, frame: Frame, to: str) -> Converter:
    """Counts money in one currency; days are those of the policy's calendar, the same for all."""
    return Converter(
        to, frame.now, lambda: frame.policy().hours().timezone, lambda code: rates.of_all_days(door, [code], to)
    )


def of_deals(door: ReadDoor, by: Converter, where: Where, keys: str = "") -> Iterator[Row]:
    """(*key, stage, currency, minor units of the currency counted in) of every deal with an amount in another one: at
    the rate of the day on which it closed, of one that is open at today's. `keys`: what else is selected of it."""
    clauses = " AND ".join([*where.clauses, "d.currency <> :in", "d.amount IS NOT NULL"])
    sql = f"SELECT {keys} d.stage_id, d.currency, d.closed_at, d.amount FROM deal d WHERE {clauses}"
    for *key, stage, currency, closed_at, amount in door.stream(sql, **where.params, **{"in": by.to}):
        yield (*key, stage, currency, by.minor(int(amount), currency, closed_at))


def unconverted(by: Converter) -> Iterable[Footnote]:
    """What has no rate, and what was counted at an old one."""
    if by.without:
        said = say(
            "no rate to {currency} is known: deals in {currencies} are counted, their money is left out",
            currency=by.to,
            currencies=listed(sorted(by.without), " and "),
        )
        yield Footnote("no_rate", sum(by.without.values()), said)
    if by.old:
        said = say("{n:,} {n:amount|amounts} counted at a rate that was more than 31 days old", n=by.old)
        yield Footnote("old_rate", by.old, said)
