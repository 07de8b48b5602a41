"""Deals that nobody moves go back to the pool, and nobody's unwarned."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import partial

from oppcli.actions.act import Act, Look
from oppcli.actions.assigning import of_deal
from oppcli.actions.handing import handed
from oppcli.actions.telling import tell
from oppcli.model.deals import Deal
from oppcli.model.notices import Notice
from oppcli.model.people import Delegation
from oppcli.model.refs import ref
from oppcli.model.relations import Return
from oppcli.model.said import say
from oppcli.rules import absence, idling, tenures
from oppcli.rules.conditions import decided
from oppcli.store import fired, lingering
from oppcli.tuples import NamedTuple
from oppcli.words import zones
from oppcli.words.shown import show_date


class Lingering(NamedTuple):
    """A deal of which something is due: its owner is warned, or it goes back."""

    deal: Deal
    since: int
    """When it became idle."""
    rule: Return
    when: idling.Giveback
    do: str

    @property
    def cycle(self) -> str:
        """Another owner, or a touch, and the warning of before is worth nothing."""
        return f"{self.deal.owner} {self.since}"


def due(look: Look) -> list[int]:
    """Deals whose owner is to be warned, or that go back."""
    return [each.deal.id for each in _found(look)]


def _found(look: Look, among: Iterable[int] | None = None) -> Iterator[Lingering]:
    returns = look.policy.assign.returns if look.policy.assign else ()
    if not returns:
        return
    zone = look.policy.hours().timezone
    today = zones.today(look.now, zone)
    days = min(each.after_days - (each.warn_days or 0) for each in returns)
    until = zones.midnight(today - timedelta(days=days - 1), zone)
    idle = lingering.lingering(look.door, idling.touching(look.policy), until, look.now)
    numbers = list(idle) if among is None else [number for number in among if number in idle]
    deals = look.door.find(Deal, id=numbers) if numbers else []
    absences = look.door.find(Delegation) if deals else []
    warned = fired.told(look.door, "deal", lingering.WARNED) if deals else {}
    for deal in deals:
        facts = of_deal(look, deal)
        rule = next((each for each in returns if decided(each.when, facts) is True), None)
        if rule is None:
            continue
        away = partial(absence.away_on, absence.absences(absences, deal.owner or ""), tz=zone)
        when = idling.giveback(rule, idle[deal.id], zone, lambda day, away=away: away(day))  # type: ignore[misc]
        found = Lingering(deal, idle[deal.id], rule, when, "")
        told = warned.get((deal.id, found.cycle))
        on = None if told is None else zones.today(told, zone)
        if do := when.due(today, on, rule.warn_days):
            yield found._replace(do=do)


def woken(act: Act, numbers: Iterable[int]) -> Iterator[str]:
    """Owners are warned, and what they were warned of goes back to the pool; its follow-up and deadlines are
    cancelled, its stage and history stay."""
    today = zones.today(act.now, act.policy.hours().timezone)
    for each in list(_found(act, list(numbers))):
        yield from _warned(act, each, today) if each.do == idling.WARN else _taken(act, each)


def _warned(act: Act, each: Lingering, today: date) -> Iterator[str]:
    deal = each.deal
    if not fired.fire(act.door, "deal", deal.id, lingering.WARNED, cycle=each.cycle, at=act.now):
        return
    on = max(each.when.take_on, today + timedelta(days=each.rule.warn_days or 0))
    begins = zones.midnight(on, act.policy.hours().timezone)
    fired.fire(act.door, "deal", deal.id, lingering.RETURNS, cycle=each.cycle, at=begins)
    told = {"deal": ref("deal", deal.id), "title": deal.title, "day": show_date(on, today)}
    _tell(act, deal, say("{deal} {title} goes back to the pool on {day}: nobody was in touch", **told))
    yield say("{deal} {title}: {owner} is warned, it goes back on {day}", owner=deal.owner, **told)


def _taken(act: Act, each: Lingering) -> Iterator[str]:
    deal, day = each.deal, zones.today(each.since, act.policy.hours().timezone)
    why = say("idle since {day}", day=show_date(day, zones.today(act.now, act.policy.hours().timezone)))
    _, details = handed(act, deal, None, how=tenures.RETURN, why=why)
    told = {"deal": ref("deal", deal.id), "title": deal.title, "why": why}
    _tell(act, deal, say("{deal} {title} is in the pool again: {why}", **told))
    yield say("{deal} {title}: owner {owner} → -, {why}", owner=deal.owner, **told)
    yield from details


def _tell(act: Act, deal: Deal, text: str) -> None:
    tell(act, [deal.owner], Notice(to="", kind="return", deal_id=deal.id, text=text), myself=True)
