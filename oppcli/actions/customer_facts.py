"""What is known of a customer: facts entered with their source and day; none is changed, the newest day counts."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from oppcli.actions import find
from oppcli.actions.act import Act
from oppcli.actions.outcome import Outcome
from oppcli.errors import NotAllowed, NotFound, Reason, UsageError
from oppcli.model import money
from oppcli.model.command import BLANK, Command, command
from oppcli.model.deals import LIVE_KINDS, Customer, Deal, File
from oppcli.model.facts import UNTIL, Fact, FactRule
from oppcli.model.records import LIVE
from oppcli.model.refs import number, ref
from oppcli.model.said import Said, label, listed, say
from oppcli.rules import known
from oppcli.words import currencies, kinds
from oppcli.words.invalid import Invalid
from oppcli.words.kinds import Reading
from oppcli.words.spelling import nearest, not_one_of

SET, FETCH = "fact set", "fact fetch"


def rule_of(act: Act, name: str) -> FactRule:
    """What the policy says of a fact. Refused (3) for one that it does not have, with the nearest name."""
    rules = act.policy.facts
    if name in rules:
        found: FactRule = rules[name]
        return found
    if not rules:
        hint: str = say("the policy has no facts: write {table}", table="[fact.credit_limit]")
    else:
        hint = say("the facts are {names}", names=listed(rules))
    raise NotFound(say("no such fact: {name}{near}", name=name, near=nearest(name, rules)), hint=hint)


def enter(
    act: Act,
    customer: Customer,
    typed: Sequence[str],
    reading: Reading,
    *,
    on: date | None = None,
    currency: str | None = None,
    source: str = "",
    file: str | None = None,
) -> Outcome:
    """Facts as people say them, `credit_limit=500000`. What is said so already changes nothing. Refused (4) to who may
    not, (2) for what is no such value and for a day to come, (3) for a fact there is none of."""
    find.require_kept("customer", customer)
    given = [each.partition("=")[::2] for each in typed]
    rules = {name: rule_of(act, name) for name, _ in given}
    require_teller(act, SET, customer, rules)
    day = on or act.business_day
    code, found = _told(act, customer, given, rules, reading, day, currency)
    document = _file(act, customer, file) if file else None
    made = [
        Fact(
            customer_id=customer.id,
            name=name,
            value=value,
            currency=code if rules[name].kind == "money" else None,
            as_of=day.isoformat(),
            source=source,
            file_id=document,
            at=act.now,
            by=act.by,
        )
        for name, value in found.items()
    ]
    return kept(act, customer, made)


def _told(
    act: Act,
    customer: Customer,
    given: Sequence[Sequence[str]],
    rules: Mapping[str, FactRule],
    reading: Reading,
    day: date,
    currency: str | None,
) -> tuple[str, dict[str, str]]:
    """The currency, and by name what is kept of each value. Refused (2) with everything that is none."""
    code, found, wrong = act.policy.currency, dict[str, str](), list[Reason]()
    try:
        code = code if currency is None else currencies.parse(currency)
    except Invalid as fault:
        wrong.append(Reason("--currency", fault.message))
    if act.is_to_come(day):
        wrong.append(Reason("--on", say("{day} is in the future", day=day.isoformat())))
    for name, text in given:
        if name in found:
            wrong.append(Reason(name, say("is said twice")))
        try:
            found[name] = read(rules[name], text, reading._replace(currency=code))
        except Invalid as fault:
            wrong.append(Reason(name, fault.message, fault.hint))
    if wrong:
        said = say("this cannot be entered for {name}", name=ref("customer", customer.id))
        raise UsageError(said, reasons=tuple(wrong))
    return code, found


def _file(act: Act, customer: Customer, text: str) -> int:
    """The document, one of a deal of the customer's. Refused for anything else."""
    key = number("file", text)
    found = act.door.find(File, id=key, standing=LIVE) if key is not None else ()
    for file in found:
        if any(deal.customer_id == customer.id for deal in act.door.find(Deal, id=file.deal_id)):
            return file.id
    fix = command("deal", "attach", "D-…", "FILE", "--kind", BLANK)
    said = say("--file {text}: no file of a deal of {name}", text=text, name=ref("customer", customer.id))
    raise NotFound(said, hint=fix)


def read(rule: FactRule, text: str, reading: Reading) -> str:
    """The text that is kept of a typed value: `500000.00`, `true`, `2027-03-31`. Raises `Invalid`."""
    value = kinds.parse(rule.kind, text, reading)
    if value is None:
        raise Invalid(say("a fact has a value; what is not known is not entered"))
    if rule.values and value not in rule.values:
        raise Invalid(not_one_of(value, rule.values))
    if rule.kind == "money":
        return money.plain(value, reading.currency)
    if rule.kind == "bool":
        return "true" if value else "false"
    found = kinds.comparable(rule.kind, value, reading.currency)
    return format(found.normalize() + 0, "f") if isinstance(found, Decimal) else str(value)


def kept(act: Act, customer: Customer, facts: Sequence[Fact]) -> Outcome:
    """The facts that say something new, stored; a line for each. New is what the last one of the same day does not
    say."""
    known_ones = act.door.find(Fact, customer_id=customer.id)
    there, of_day = known.newest(known_ones), {(each.name, each.as_of): each for each in known_ones}
    lines, ids, back, new = list[Said](), list[str](), list[Command](), False
    for each in facts:
        old, last = there.get(each.name), of_day.get((each.name, each.as_of))
        same = last is not None and _said(last) == _said(each)
        saved = last if same and last is not None else act.door.add(each)
        new = new or not same
        told = {"name": ref("customer", customer.id), "customer": customer.name, "fact": told_of(act, saved)}
        lines.append(
            say("{name} {customer}: {fact}, as before", **told) if same else say("{name} {customer}: {fact}", **told)
        )
        back += [_back(customer, old, each)] if old is not None and not same and old.as_of <= each.as_of else []
        if old is not None and old.as_of > each.as_of:
            lines.append(say("that of {day} counts, which is newer", day=old.as_of))
        ids.append(ref("fact", saved.id))
    if new and _scored(act):
        from oppcli.actions.scores import computed_again

        computed_again(act, act.door.find(Deal, customer_id=customer.id, standing=LIVE))
    done, *details = lines or [say("nothing is new")]
    next_ = command("fact", "list", ref("customer", customer.id))
    undo = back[0] if len(back) == 1 == len(facts) else None
    return Outcome(done=(done,), ids=tuple(ids), details=tuple(details), next=(next_,), undo=undo)


def _back(customer: Customer, old: Fact, new: Fact) -> Command:
    """The older value again, of the day of the newer: nothing that was said of a customer is taken out."""
    typed = ["fact", "set", ref("customer", customer.id), f"{old.name}={old.value}", "--on", new.as_of]
    typed += ["--source", old.source] if old.source else []
    typed += ["--file", ref("file", old.file_id)] if old.file_id else []
    return command(*typed, *(["--currency", old.currency] if old.currency else []))


def _said(fact: Fact) -> tuple[Any, ...]:
    return (fact.value, fact.currency, fact.as_of, fact.source, fact.file_id)


def told_of(act: Act, fact: Fact) -> Said:
    """`credit_limit CNY 500,000.00 of 2026-03-01`."""
    rule = act.policy.facts.get(fact.name) or FactRule()
    told = {"name": label(fact.name, rule.title), "value": shown(fact, rule), "day": fact.as_of}
    if rule.type == UNTIL:
        return say("{name} until {value}, as of {day}", **told)
    return say("{name} {value}, as of {day}", **told)


def shown(fact: Fact, rule: FactRule) -> str:
    """The value as people read it."""
    if fact.currency is not None:
        return money.shown(money.to_minor(Decimal(fact.value), fact.currency), fact.currency)
    if rule.kind == "bool":
        return say("yes") if fact.value == "true" else say("no")
    return f"{fact.value} %" if rule.kind == "percent" else fact.value


def require_teller(act: Act, verb: str, customer: Customer, rules: Mapping[str, FactRule]) -> None:
    """Refuse (4) who may not say these facts: managers and admins, or whom a fact names, may; and nobody who owns an
    open deal of the customer, for it decides what they may sell."""
    from oppcli.rules.holders import named

    if any(not rule.who for rule in rules.values()):
        act.require(verb, say("enter facts of customers"))
    for name, rule in rules.items():
        able = {login for one in rule.who for login in named(one, None, act.policy, act.people)}
        if rule.who and not act.me.is_admin and act.by not in able:
            raise NotAllowed(
                say("{login} may not enter {name}", login=act.by, name=name),
                hint=say("{who} or an admin may", who=listed(sorted(able)) or say("nobody")),
            )
    deals = act.door.find(Deal, customer_id=customer.id, owner=act.by, standing=LIVE)
    live = {stage.name for stage in act.policy.stages if stage.kind in LIVE_KINDS}
    mine = [ref("deal", deal.id) for deal in deals if deal.stage in live]
    if mine:
        told = {"login": act.by, "deals": listed(mine), "n": len(mine), "name": ref("customer", customer.id)}
        raise NotAllowed(
            say("{login} owns {deals}, open with {name}: somebody else says what is known of it", **told),
            hint=command("deal", "assign", mine[0], "--to", "LOGIN", ready=False),
        )


def _scored(act: Act) -> bool:
    """Whether scores or tags may read facts."""
    from oppcli.rules.computed import read_by

    return bool(act.policy.scores or act.policy.tags) and any(
        name.startswith("customer.") for name in read_by(act.policy)
    )
