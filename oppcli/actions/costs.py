"""Costs of sources: entered for a period, and corrected."""

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
    periods add up, whether they meet or not. Refused to who may not enter costs, for a source without a name, and for a
    negative amount."""
    act.require(VERB, say("enter costs"))
    name = bare(source)
    if not name:
        example = command("cost", "add", BLANK, "2026Q4", "50000")
        raise UsageError(say("a cost is of a source: which one?"), hint=example)
    if amount < 0:
        raise UsageError(say("a cost is 0 or more, not {amount}", amount=money.shown(amount, currency)))
    first, last = (day.isoformat() for day in period)
    told = {"source": name, "first": first, "last": last, "amount": money.shown(amount, currency)}
    same = act.door.find(Cost, source=name, first=first, last=last, standing=LIVE)
    known = next((each for each in same if each.currency == currency), None)
    if known is None:
        made = Cost(
            source=name,
            first=first,
            last=last,
            amount=amount,
            currency=currency,
            created_at=act.now,
            created_by=act.by,
        )
        saved = act.door.add(made)
        return Outcome(done=(say("{source} cost {amount} from {first} to {last}", **told),), ids=(str(saved.id),))
    if known.amount == amount:
        done = say("{source} cost {amount} from {first} to {last}, as before", **told)
        return Outcome(done=(done,), ids=(str(known.id),))
    act.door.save(known, replace(known, amount=amount))
    old = money.shown(known.amount, currency)
    done = say("{source} cost {amount} from {first} to {last}, not {old}", **told, old=old)
    return Outcome(done=(done,), ids=(str(known.id),))
