"""Costs of sources: entered for a period, and corrected."""

from typing import Any

from oppcli.actions.act import Act
from oppcli.actions.outcome import Outcome
from oppcli.errors import UsageError
from oppcli.model import money
from oppcli.model.command import BLANK, command
from oppcli.model.costs import Cost
from oppcli.model.noun import replace
from oppcli.model.records import LIVE
from oppcli.model.said import say
from oppcli.words.periods import Period
from oppcli.words.text import bare

VERB = "cost add"


def add(act: Act, source: str, period: Period, amount: int, currency: str) -> Outcome:
    """So much was spent on a source in a period. Another amount for the same source and period is a correction; other
    periods add up, whether they meet or not. Refused as `put` is."""
    name, (first, last) = bare(source), (day.isoformat() for day in period)
    same = {"source": name, "first": first, "last": last, "currency": currency}
    before = next(iter(act.door.find(Cost, **same, standing=LIVE)), None)
    saved = put(act, before, name, first, last, amount, currency)
    told = {"source": name, "first": first, "last": last, "amount": money.shown(amount, currency)}
    if before is None:
        done = say("{source} cost {amount} from {first} to {last}", **told)
    elif saved == before:
        done = say("{source} cost {amount} from {first} to {last}, as before", **told)
    else:
        old = money.shown(before.amount, currency)
        done = say("{source} cost {amount} from {first} to {last}, not {old}", **told, old=old)
    return Outcome(done=(done,), ids=(str(saved.id),))


def put(act: Act, before: Cost | None, source: str, first: str, last: str, amount: int, currency: str) -> Cost:
    """So much was spent, in place of what was said `before` of the same source, days and currency. Refused to who may
    not enter costs, for a source without a name, and for a negative amount."""
    act.require(VERB, say("enter costs"))
    if not source:
        example = command("cost", "add", BLANK, "2026Q4", "50000")
        raise UsageError(say("a cost is of a source: which one?"), hint=example)
    if amount < 0:
        raise UsageError(say("a cost is 0 or more, not {amount}", amount=money.shown(amount, currency)))
    if before is not None:
        return before if before.amount == amount else act.door.save(before, replace(before, amount=amount))
    of: dict[str, Any] = {"source": source, "first": first, "last": last, "currency": currency}
    return act.door.add(Cost(**of, amount=amount, created_at=act.now, created_by=act.by))
