"""What was submitted of months that are over: the last time before each began."""

from collections.abc import Mapping
from typing import Any

from oppcli.model.forecasts import Forecast
from oppcli.reads import submissions
from oppcli.reads.forecast_targets import OWNER, PARTED
from oppcli.reads.where import Where
from oppcli.rules.forecasting import COUNTED, weighted
from oppcli.rules.submitted import sums
from oppcli.store.doors import ReadDoor


def submitted(door: ReadDoor, args: Mapping[str, Any], begun: Mapping[str, int]) -> dict[str, Forecast]:
    """The last submission before each month began (`begun`: month → that instant): of the team that is asked for, else
    of everybody. None where deals are chosen by anything else, or by their pipeline."""
    if any(map(args.get, (OWNER, *PARTED))) or door.several:
        return {}
    where, team = Where(), (args.get("team") or ((), ()))[0]
    where.among("f.month", list(begun))
    if team:
        where.equals("f.team", team[0])
    else:
        where.clauses.append("f.team IS NULL")
    last = {each.month: each for each in submissions.heads(door, where) if each.submitted_at < begun[each.month]}
    return {each.month: each for each in submissions.whole(door, tuple(last.values()))}


def forecast(of: Forecast, currency: str) -> int | None:
    """What it said the month would bring: what was committed to, where somebody said so, else the weighted amount of
    its deals. None in another currency than its own or that of all its deals."""
    if currency == of.currency:
        return sums(of.lines, currency).weighted if of.committed is None else of.committed
    if of.committed is not None or any(line.currency != currency for line in of.lines):
        return None
    return sum(weighted(line.amount or 0, line.probability) for line in of.lines if line.category in COUNTED)
