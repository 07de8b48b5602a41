"""From the parts of a plan to instalments that make the total to the cent."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from oppcli.errors import Reason
from oppcli.model import money
from oppcli.model.said import say
from oppcli.tuples import NamedTuple
from oppcli.words.parts import Part


class Instalment(NamedTuple):
    """Minor units that are due on a day, or so many days after signing."""

    amount: int
    on: str | None
    sign_days: int | None = None


def shared(total: int, parts: Sequence[Part]) -> list[int]:
    """What each part comes to, minor units: shares of the total half up, and the last part that is no fixed amount
    takes what is left, so that the sum is the total where the parts make it (5.47 in thirds: 1.82, 1.82, 1.83)."""
    found = [int(_exact(total, part).quantize(Decimal(1), ROUND_HALF_UP)) for part in parts]
    last = max((place for place, part in enumerate(parts) if part.amount is None), default=None)
    if last is not None and (parts[last].rest or _missing(total, parts) == 0):
        found[last] = total - sum(amount for place, amount in enumerate(found) if place != last)
    return found


def _exact(total: int, part: Part) -> Decimal:
    """Minor units before they are rounded; nothing of what takes the rest."""
    if part.amount is not None:
        return Decimal(part.amount)
    return Decimal(total) * (part.share or 0) / 100


def _missing(total: int, parts: Iterable[Part]) -> Decimal:
    return total - sum((_exact(total, part) for part in parts), Decimal(0))


def problems(total: int, currency: str, parts: Sequence[Part]) -> tuple[Reason, ...]:
    """Why these parts are no plan for a total: they do not make it, nothing is left for one, the rest is not last."""
    found = []
    rests = [part for part in parts if part.rest]
    if len(rests) > 1:
        found.append(Reason("--part", say("only one part takes the rest")))
    elif rests and not parts[-1].rest:
        found.append(Reason("--part", say("the rest stands last")))
    missing = _missing(total, parts)
    told = money.shown(abs(int(missing.quantize(Decimal(1), ROUND_HALF_UP))), currency)
    whole = money.shown(total, currency)
    if not rests and missing > 0:
        said = say("{told} of {whole} is in no part: end with rest:DATE", told=told, whole=whole)
        found.append(Reason("--part", said))
    elif missing < 0:
        found.append(Reason("--part", say("the parts are {told} more than {whole}", told=told, whole=whole)))
    if not found:
        for part, amount in zip(parts, shared(total, parts), strict=True):
            if amount <= 0:
                found.append(Reason("--part", say("{typed}: nothing is left for it", typed=part.typed)))
    return tuple(found)


def planned(total: int, parts: Sequence[Part], signed: date | None = None) -> list[Instalment]:
    """The instalments in the order of the parts. What is due after signing has no day until it was `signed`."""
    return [
        Instalment(amount, part.on if part.sign_days is None else due(signed, part.sign_days), part.sign_days)
        for part, amount in zip(parts, shared(total, parts), strict=True)
    ]


def due(signed: date | None, days: int) -> str | None:
    """The day that lies so many days after signing; None while nothing was signed."""
    return None if signed is None else (signed + timedelta(days=days)).isoformat()
