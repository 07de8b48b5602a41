"""The targets that rows of a forecast are set against: of a person, a team or the company, in the months of the row."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from oppcli.model.deals import NOBODYS
from oppcli.model.targets import COMPANY, TEAM, WON_AMOUNT, Target
from oppcli.reads import targets
from oppcli.reads.breakdown_cells import Cell
from oppcli.reads.breakdown_keys import MANAGER, Key
from oppcli.reads.forecast_gathering import ALL
from oppcli.reads.forecast_months import Months
from oppcli.rules.targets import summed
from oppcli.store.doors import ReadDoor
from oppcli.words.periods import MONTH, between, parse_period

if TYPE_CHECKING:
    from oppcli.rules.exchange import Converter

TARGET = "target"
"""In a cell, beside the amounts of deals."""
OWNER = "owner"
PARTED = ("source", "where", "pipeline")
"""Filters that choose deals within what a target is for."""
Beside = tuple[Sequence[Sequence[Any]], Cell]


def beside(
    door: ReadDoor, args: Mapping[str, Any], keys: Sequence[Key], months: Months, by: "Converter | None"
) -> Iterator[Beside]:
    """The targets by the values of the keys. None where deals are split or chosen by anything else than people and
    months: nobody knows which part of a target was for them."""
    if any(map(args.get, PARTED)) or any(key.name not in (OWNER, MANAGER) and not key.unit for key in keys):
        return
    person = next((key.name for key in keys if not key.unit), "")
    unit = next((key.unit for key in keys if key.unit), "")
    known: dict[str, list[Target]] = {}
    every = targets.of_measure(door, WON_AMOUNT)
    of = None if person else next((who for who in _of(args) if any(each.who == who for each in every)), None)
    for target in every:
        if (who := _row(target.who, person, of, args)) is not None:
            known.setdefault(who, []).append(target)
    for who, found in known.items():
        for period, within in _periods(found, unit, months):
            whole = summed(found, within)
            minor = whole.target if by is None else by.minor(whole.target, whole.currency or by.to)
            if within and minor is not None and whole.currency is not None:
                cell, code = Cell(), by.to if by else whole.currency
                cell.money[TARGET, code], cell.priced[TARGET, code], cell.priced[ALL, code] = minor, 1, 0
                yield [(period,) if key.unit else (who,) for key in keys], cell


def _row(who: str, person: str, of: str | None, args: Mapping[str, Any]) -> str | None:
    """The row of a target: the login where rows are people, else nothing in particular, if it is `of` the one whose
    counts; None where it is in none."""
    if person:
        login = who.removeprefix(TEAM)
        team, fits = (args.get("team") or ((), ()))[0], who.startswith(TEAM) == (person == MANAGER)
        shown = not args.get("owner") and (not team or login in team)
        return login if shown and fits and who != COMPANY and login != NOBODYS else None
    return "" if who == of else None


def _of(args: Mapping[str, Any]) -> tuple[str, ...]:
    """Whose target a forecast without people in its rows is set against, the first that has any; of a team of one it is
    their own. Nobody's where it is of no one's deals."""
    (wanted, unwanted), team = args.get("owner") or ((), ()), (args.get("team") or ((), ()))[0]
    if team:
        own = team[:1] if len(team) == 1 else ()
        return () if wanted or unwanted else (*own, f"{TEAM}{team[0]}")
    if unwanted:
        return ()
    return (wanted[:1] if len(wanted) == 1 else ()) if wanted else (COMPANY,)


def _periods(found: Sequence[Target], unit: str, months: Months) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The periods of the rows that have targets, and the months of each; without periods the whole time asked about."""
    first, last = months.edges()
    if not unit:
        whole = months.whole()
        yield "", tuple(between(*whole, MONTH)) if whole else ()
        return
    names = [each.month for each in found if (not first or each.month >= first) and (not last or each.month <= last)]
    for period in dict.fromkeys(months.label_of(name, unit) for name in names):
        days = parse_period(period, today=months.today, begins=months.begins(unit))
        within = tuple(between(days.first, days.last, MONTH))
        whole_months = days.first.day == 1 and (days.last - days.first).days > 26
        yield period, within if whole_months else ()
