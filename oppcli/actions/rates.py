"""Exchange rates: entered by the day, corrected, and asked for by what counts money."""

from datetime import date
from decimal import Decimal
from functools import partial

from oppcli.actions.act import Act, Look
from oppcli.actions.outcome import Outcome
from oppcli.errors import Reason, UsageError
from oppcli.model.noun import replace
from oppcli.model.rates import Rate
from oppcli.model.records import LIVE
from oppcli.model.said import say
from oppcli.rules.exchange import Book, Converter, Worth, no_pair, no_rate
from oppcli.store import rates
from oppcli.words import currencies, numbers

VERB = "rate add"


def add(act: Act, base: str, currency: str, rate: Decimal, day: date) -> Outcome:
    """From that day on one `base` is `rate` of `currency`. What is so already changes nothing; another rate of the same
    day is a correction. Refused to who may not enter rates, and for what is no rate of two currencies."""
    act.require(VERB, say("enter rates"))
    require_rate(base, currency, rate)
    told = {"base": base, "currency": currency, "rate": numbers.shown(rate), "day": day.isoformat()}
    known = next(iter(act.door.find(Rate, base=base, currency=currency, day=told["day"], standing=LIVE)), None)
    if known is None:
        made = Rate(
            base=base,
            currency=currency,
            day=told["day"],
            rate=told["rate"],
            created_at=act.now,
            created_by=act.by,
        )
        saved = act.door.add(made)
        return Outcome(done=(say("1 {base} = {currency} {rate} since {day}", **told),), ids=(str(saved.id),))
    if known.rate == told["rate"]:
        return Outcome(done=(say("1 {base} = {currency} {rate} since {day}, as before", **told),), ids=(str(known.id),))
    act.door.save(known, replace(known, rate=told["rate"]))
    done = say("1 {base} = {currency} {rate} since {day}, not {old}", **told, old=known.rate)
    return Outcome(done=(done,), ids=(str(known.id),))


def require_rate(base: str, currency: str, rate: Decimal) -> None:
    """Refuse (2) what is no rate between two currencies of ISO 4217, with everything that is wrong with it."""
    unknown = {"BASE": currencies.unknown(base), "CURRENCY": currencies.unknown(currency)}
    found = {**unknown, "PAIR": no_pair(base, currency), "RATE": no_rate(rate)}
    wrong = [(what, why) for what, why in found.items() if why]
    if not wrong:
        return
    hint = say("three letters of ISO 4217, such as EUR") if any(unknown.values()) else None
    if len(wrong) == 1:
        raise UsageError(wrong[0][1], hint=hint)
    raise UsageError(say("this is no rate"), reasons=tuple(Reason(*each) for each in wrong), hint=hint)


def worth(look: Look, currency: str) -> Worth | None:
    """What one of another currency is worth in the policy's today; None where no rate leads there. That one is old is
    told beside the answer."""
    day, own = look.business_day.isoformat(), look.policy.currency
    found = Book(rates.on(look.door, currency, own, day)).worth(currency, own, day)
    if found is not None and found.is_old(day):
        told = say("the rate from {currency} to {own} is of {day}", currency=currency, own=own, day=found.day)
        if told not in look.warnings:
            look.warnings.append(told)
    return found


def decimal(look: Look, currency: str) -> Decimal | None:
    """The same to 28 digits."""
    found = worth(look, currency)
    return None if found is None else found.decimal


def converter(look: Look, to: str = "") -> Converter:
    """Counts money of many records in one currency, by default the policy's."""
    own = to or look.policy.currency
    known = partial(rates.of_all_days, look.door, currency=own)
    return Converter(own, look.now, lambda: look.calendar.timezone, lambda code: known([code]))
