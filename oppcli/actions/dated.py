"""Reminders of dates: an approval, a quote or a contract ends, an instalment is due, a fact runs out. Once for each
entry of the policy, to the owner and to whom it names besides."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from oppcli.actions.act import Act, Look
from oppcli.actions.lateness import reached
from oppcli.model.deals import Customer, Deal
from oppcli.model.facts import UNTIL, Fact
from oppcli.model.notices import DATED, Notice
from oppcli.model.payments import Payment
from oppcli.model.refs import ref
from oppcli.model.reminding import APPROVAL, CONTRACT, FACT, NONE, PAYMENT, QUOTE
from oppcli.model.requests import Request
from oppcli.model.said import Said, label, listed, say
from oppcli.rules import holders, reminding
from oppcli.rules.approvals.covering import EXPIRED
from oppcli.rules.approvals.eligible import called
from oppcli.rules.ledger import Row, ledger
from oppcli.rules.reminding import Window
from oppcli.store import dated
from oppcli.store.dated import Entry
from oppcli.store.fired import fire
from oppcli.words import zones


class _Dated:
    """One thing with its date, and whose it is."""

    def __init__(
        self,
        deal: Deal | None,
        text: Callable[[str], Said],
        *,
        customer: Customer | None = None,
        request: int | None = None,
    ) -> None:
        self.deal, self.customer, self.text, self.request = deal, customer, text, request

    @property
    def owner(self) -> str | None:
        owned = self.deal or self.customer
        return None if owned is None else owned.owner


def windows(look: Look, what: str) -> tuple[Window, ...]:
    """The dates of one kind of which people are reminded by now."""
    return reminding.windows(getattr(look.policy.remind or NONE, what), look.calendar, look.now)


def due(look: Look, what: str) -> Sequence[int]:
    """The numbers of the things of a kind whose date people are to be reminded of."""
    return sorted({number for number, _, _ in _found(look, what, windows(look, what))})


def _found(look: Look, what: str, found: Sequence[Window]) -> list[tuple[int, str, str | int]]:
    names = [name for name, rule in look.policy.facts.items() if rule.type == UNTIL] if what == FACT else []
    if not found or (what == FACT and not names):
        return []
    return dated.to_remind(look.door, what, [_entry(look, what, each) for each in found], names=names, ended=EXPIRED)


def _entry(look: Look, what: str, window: Window) -> Entry:
    """An approval ends at an instant, all else with a day."""
    if what != APPROVAL:
        return Entry(window.mark, window.first.isoformat(), window.last.isoformat())
    zone = look.calendar.timezone
    return Entry(
        window.mark, zones.midnight(window.first, zone), zones.midnight(window.last + timedelta(days=1), zone) - 1
    )


def wake(act: Act, what: str, numbers: Sequence[int]) -> Iterator[str]:
    """Tell of each once, however many entries have come; what was paid by then is marked, and not told of."""
    known, wanted = windows(act, what), set(numbers)
    for number, turn, on in _found(act, what, known):
        if number not in wanted:
            continue
        day = date.fromisoformat(on) if isinstance(on, str) else zones.today(on, act.calendar.timezone)
        marked = [_mark(act, what, number, dated.cycle(turn, on), each, day) for each in known]
        thing = _READ[what](act, number) if any(marked) else None
        if thing is not None and (people := _told(act, thing, thing.text(day.isoformat()))):
            yield say("{text}: {people} reminded", text=thing.text(day.isoformat()), people=listed(people))


def _mark(act: Act, what: str, number: int, cycle: str, window: Window, day: date) -> bool:
    if not window.first <= day <= window.last:
        return False
    at = reminding.instant(act.calendar, day, window.days)
    return fire(act.door, what, number, window.mark, cycle=cycle, at=at)


def _told(act: Act, thing: _Dated, text: Said) -> tuple[str, ...]:
    """The owner, whom the policy names, and who stands in for them."""
    policy = act.policy
    besides = [login for one in policy.remind.cc for login in holders.named(one, thing.owner, policy, act.people)]
    people = reached(act, [*([thing.owner] if thing.owner else []), *besides])
    made = (
        Notice(
            to=login,
            kind=DATED,
            request_id=thing.request,
            deal_id=thing.deal.id if thing.deal else None,
            customer_id=thing.customer.id if thing.customer and not thing.deal else None,
            text=text,
            at=act.now,
        )
        for login in people
    )
    act.door.add_many(made, action="notice")
    return people


def _named(deal: Deal) -> str:
    return f"{ref('deal', deal.id)} {deal.title}"


def _approval(act: Act, number: int) -> _Dated:
    request = act.door.get(Request, number)
    deal = act.door.get(Deal, request.deal_id)
    names = {"request": called(request), "type": request.named_type, "deal": _named(deal)}
    return _Dated(deal, lambda on: say("{request} {type} for {deal}: ends {on}", **names, on=on), request=request.id)


def _quote(act: Act, number: int) -> _Dated:
    deal = act.door.get(Deal, number)
    name = ref("quote", number)
    return _Dated(deal, lambda on: say("{quote} for {deal}: ends {on}", quote=name, deal=_named(deal), on=on))


def _contract(act: Act, number: int) -> _Dated:
    deal = act.door.get(Deal, number)
    return _Dated(deal, lambda on: say("the contract of {deal}: ends {on}", deal=_named(deal), on=on))


def _payment(act: Act, number: int) -> _Dated | None:
    """None where it is paid."""
    payment = act.door.get(Payment, number)
    of = {"deal_id": payment.deal_id} if payment.deal_id is not None else {"customer_id": payment.customer_id}
    bucket = act.door.find(Payment, **of, currency=payment.currency, voided_at=None)
    rows = (Row(each.id, each.kind, each.on, each.amount) for each in bucket)
    if not ledger(rows, act.business_day.isoformat()).open.get(number):
        return None
    deal = None if payment.deal_id is None else act.door.get(Deal, payment.deal_id)
    customer = None if payment.customer_id is None else act.door.get(Customer, payment.customer_id)
    names = {"payment": ref("payment", number), "whose": _named(deal) if deal else _of_customer(customer)}
    return _Dated(deal, lambda on: say("{payment} of {whose}: due {on}", **names, on=on), customer=customer)


def _fact(act: Act, number: int) -> _Dated:
    fact = act.door.get(Fact, number)
    customer = act.door.get(Customer, fact.customer_id)
    names = {"fact": label(fact.name, act.policy.facts[fact.name].title), "whose": _of_customer(customer)}
    return _Dated(None, lambda on: say("{fact} of {whose}: ends {on}", **names, on=on), customer=customer)


def _of_customer(customer: Customer | None) -> str:
    return f"{ref('customer', customer.id)} {customer.name}" if customer else ""


_READ: Mapping[str, Callable[[Act, int], _Dated | None]] = {
    APPROVAL: _approval,
    QUOTE: _quote,
    CONTRACT: _contract,
    PAYMENT: _payment,
    FACT: _fact,
}
