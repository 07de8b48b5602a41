"""Payments: plan what is due, enter what came, void what was wrong. Nothing is changed, and nothing undone."""

from collections.abc import Iterable, Sequence
from datetime import date

from oppcli.actions import find, owing
from oppcli.actions.act import Act
from oppcli.actions.outcome import Outcome
from oppcli.actions.owing import sold
from oppcli.errors import Conflict, NotAllowed, Reason, Refused, UsageError
from oppcli.model.command import BLANK, Command, command
from oppcli.model.deals import Customer, Deal
from oppcli.model.noun import replace
from oppcli.model.payments import DUE, RECEIVED, Payment
from oppcli.model.refs import ref
from oppcli.model.said import label, listed, say
from oppcli.rules import instalments
from oppcli.rules.instalments import Instalment
from oppcli.rules.ledger import Ledger
from oppcli.rules.scopes import require_fields
from oppcli.store import owed
from oppcli.words import amounts, currencies, parts
from oppcli.words.invalid import Invalid
from oppcli.words.kinds import Reading, shown

RECEIVE, VOID = "payment received", "payment void"


def plan(act: Act, deal: Deal, typed: Sequence[str], reading: Reading, *, note: str | None = None) -> Outcome:
    """The instalments of a deal in place of those it had; receipts stay. The same again changes nothing. Refused (4)
    to who does not have amounts, (7) where nothing says what it is sold for, or the parts do not make that."""
    act.require_deal("payment plan", deal)
    require_fields(act.door.sight, ("amount",))
    name = ref("deal", deal.id)
    total = sold(act, deal)
    if total.amount is None or total.amount <= 0:
        fix = command("deal", "edit", name, "--set", f"amount={BLANK}")
        raise Refused(
            say("{deal} cannot be planned yet", deal=name), reasons=(Reason(label("amount"), say("is not known"), fix),)
        )
    wanted = _wanted(act, deal, total.amount, typed, reading._replace(currency=total.currency))
    old = list(act.door.find(Payment, deal_id=deal.id, kind=DUE, voided_at=None))
    if _same(old, wanted, total.currency):
        return Outcome(done=(say("{deal} is planned so already", deal=name),), ids=tuple(map(_ref, old)))
    meta = {"reason": note} if note else None
    for each in old:
        act.door.save(each, replace(each, voided_at=act.now), action="void", meta=meta)
    made = [
        act.door.add(
            Payment(
                kind=DUE,
                deal_id=deal.id,
                on=each.on,
                sign_days=each.sign_days,
                amount=each.amount,
                currency=total.currency,
                created_at=act.now,
                created_by=act.by,
            ),
            meta=meta,
        )
        for each in wanted
    ]
    told = {"deal": name, "title": deal.title, "n": len(made), "sum": shown("money", total.amount, total.currency)}
    done = say("{deal} {title}: {n} {n:instalment|instalments}, {sum} in all", **told)
    before = (say("{n} of before {n:is|are} void", n=len(old)),) if old else ()
    details = (*(say("{payment} {described}", payment=_ref(each), described=described(each)) for each in made), *before)
    return Outcome(done=(done,), ids=tuple(map(_ref, made)), details=details, next=(_list_of(made[0]),))


def _wanted(act: Act, deal: Deal, total: int, typed: Sequence[str], reading: Reading) -> list[Instalment]:
    """What the parts come to. Refused (2) for what is no part, (7) where they do not make the total."""
    name = ref("deal", deal.id)
    read, wrong = [], []
    for text in typed:
        try:
            read.append(parts.parse(text, reading))
        except Invalid as fault:
            wrong.append(Reason("--part", fault.message, fault.hint))
    if wrong:
        raise UsageError(say("{deal} cannot be planned so", deal=name), reasons=tuple(wrong))
    if found := instalments.problems(total, reading.currency, read):
        raise Refused(say("{deal} cannot be planned so", deal=name), reasons=found)
    signed = owed.signed_on(act.door, deal.id)
    return instalments.planned(total, read, date.fromisoformat(signed) if signed else None)


def _same(old: Iterable[Payment], wanted: Iterable[Instalment], currency: str) -> bool:
    """Whether a plan is there already as it is wanted."""
    there = [(each.amount, each.on, each.sign_days, each.currency) for each in sorted(old, key=lambda each: each.id)]
    return there == [(*each, currency) for each in wanted]


def _ref(payment: Payment) -> str:
    return ref("payment", payment.id)


def described(payment: Payment) -> str:
    """`CNY 278,100.00 due 2026-04-01`."""
    told = {"amount": shown("money", payment.amount, payment.currency), "on": payment.on}
    if payment.kind == RECEIVED:
        return say("{amount} received {on}", **told)
    if payment.on is None:
        return say("{amount} due {n} {n:day|days} after signing", **told, n=payment.sign_days or 0)
    return say("{amount} due {on}", **told)


def _list_of(payment: Payment) -> Command:
    if payment.deal_id is not None:
        return command("payment", "list", "--deal", ref("deal", payment.deal_id))
    return command("payment", "list", "--customer", ref("customer", payment.customer_id or 0))


def require_payer(act: Act, verb: str, what: str) -> None:
    """Refuse (4) who may not enter or void payments, naming who may: managers, or whom `[payment] who` names, and an
    admin."""
    who = act.policy.payers
    if not who:
        act.require(verb, what)
        return
    from oppcli.rules.holders import named

    able = sorted({login for one in who for login in named(one, None, act.policy, act.people)})
    if act.me.is_admin or act.by in able:
        return
    raise NotAllowed(
        say("{login} may not {what}", login=act.by, what=what),
        hint=say("{who} or an admin may", who=listed(able) or say("nobody")),
    )


def received(
    act: Act, of: Deal | Customer, typed: str, on: date | None, *, currency: str | None = None, book: str | None = None
) -> Outcome:
    """Money that came for a deal, or from a customer for none; less than 0 is a refund. Refused (2) for what is no
    amount or 0, no currency, and for a day to come."""
    require_payer(act, RECEIVE, say("enter what was received"))
    require_fields(act.door.sight, ("amount",))
    noun = "deal" if isinstance(of, Deal) else "customer"
    name = ref(noun, of.id)
    find.require_kept(noun, of)
    usual = of.currency if isinstance(of, Deal) else act.policy.currency
    amount, code, day = _came(act, name, typed, on, usual, currency)
    made = act.door.add(
        Payment(
            kind=RECEIVED,
            deal_id=of.id if noun == "deal" else None,
            customer_id=of.id if noun == "customer" else None,
            on=day.isoformat(),
            amount=amount,
            currency=code,
            ref=book,
            created_at=act.now,
            created_by=act.by,
        )
    )
    told_of = {"name": name, "title": _title(of), "payment": _ref(made), "described": described(made)}
    done = say("{name} {title}: {payment} {described}", **told_of)
    today = act.business_day.isoformat()
    details = (told(owing.of_deal(act.door, of.id, today)[code], code),) if noun == "deal" else ()
    return Outcome(done=(done,), ids=(_ref(made),), details=details, undo=_void_of(made))


def _came(act: Act, name: str, typed: str, on: date | None, usual: str, currency: str | None) -> tuple[int, str, date]:
    """How much came, in which currency and when, as it is `typed`. Refused (2) with everything of it that cannot be."""
    code, day, amount, wrong = usual, on or act.business_day, 0, list[Reason]()
    try:
        code = usual if currency is None else currencies.parse(currency)
    except Invalid as fault:
        wrong.append(Reason("--currency", fault.message))
    try:
        amount = amounts.parse(typed, code)
        if amount == 0:
            wrong.append(Reason(label("amount"), say("is 0: a receipt is more, a refund less")))
    except Invalid as fault:
        wrong.append(Reason(label("amount"), fault.message, fault.hint))
    if act.is_to_come(day):
        wrong.append(Reason("--on", say("{day} is in the future", day=day.isoformat())))
    if wrong:
        raise UsageError(say("this cannot be entered for {name}", name=name), reasons=tuple(wrong))
    return amount, code, day


def _title(of: Deal | Customer) -> str:
    return of.title if isinstance(of, Deal) else of.name


def _void_of(payment: Payment) -> str:
    return command("payment", "void", _ref(payment), "-m", BLANK)


def told(found: Ledger, currency: str) -> str:
    """What is said of a ledger: what is outstanding, what of it is overdue and since when, what is too much."""
    sums = {name: shown("money", getattr(found, name), currency) for name in ("outstanding", "overdue", "planned")}
    if not found.planned:
        return say("nothing is planned: it pays no instalment")
    if found.received > found.planned:
        more = shown("money", found.received - found.planned, currency)
        return say("all of {planned} is paid, and {more} more came", planned=sums["planned"], more=more)
    if not found.outstanding:
        return say("all of {planned} is paid", planned=sums["planned"])
    if not found.overdue:
        return say("{outstanding} outstanding, nothing overdue", outstanding=sums["outstanding"])
    return say(
        "{outstanding} outstanding, {overdue} of it overdue for {n} {n:day|days}",
        outstanding=sums["outstanding"],
        overdue=sums["overdue"],
        n=found.late_days,
    )


def named(act: Act, text: str) -> Payment:
    """The payment of a reference. Refused for anything else."""
    return find.by_id(act.door, Payment, text, say("no such payment: {text}", text=text))


def void(act: Act, payment: Payment, *, note: str | None) -> Outcome:
    """It counts no more, and stays on record. Refused (2) without a reason, (5) for what is void already."""
    require_payer(act, VOID, say("void a payment"))
    require_fields(act.door.sight, ("amount",))
    name = _ref(payment)
    if payment.voided_at is not None:
        raise Conflict(say("{payment} is void already", payment=name), hint=command("show", name))
    if not (note or "").strip():
        raise UsageError(say("say why {payment} is void", payment=name), hint=_void_of(payment))
    act.door.save(payment, replace(payment, voided_at=act.now), action="void", meta={"reason": note})
    done = say("{payment} is void: {described}", payment=name, described=described(payment))
    today = act.business_day.isoformat()
    left = owing.of_deal(act.door, payment.deal_id, today) if payment.deal_id is not None else {}
    details = (told(left[payment.currency], payment.currency),) if payment.currency in left else ()
    return Outcome(done=(done,), ids=(name,), details=details, next=(_list_of(payment),))
