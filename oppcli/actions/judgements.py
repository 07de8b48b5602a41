"""Judgements of the forecast: what a manager thinks of a deal, or of a month of somebody in their line."""

from collections.abc import Iterator, Mapping
from typing import Any

from oppcli.actions.act import Act
from oppcli.actions.outcome import Outcome
from oppcli.errors import Conflict, NotAllowed, Reason, UsageError
from oppcli.model import money
from oppcli.model.command import BLANK, command
from oppcli.model.deals import LIVE_KINDS, Deal
from oppcli.model.fields import BUILT_IN
from oppcli.model.judgements import Judgement
from oppcli.model.noun import replace
from oppcli.model.people import User
from oppcli.model.records import LIVE, WITHDRAWN
from oppcli.model.refs import ref
from oppcli.model.said import Said, Word, listed, say
from oppcli.rules import fields, rights
from oppcli.rules.scopes import require_fields
from oppcli.rules.targets import months_of
from oppcli.rules.verbs import verb
from oppcli.speech.titles import code
from oppcli.tuples import NamedTuple
from oppcli.words import amounts
from oppcli.words.invalid import Invalid
from oppcli.words.kinds import Reading
from oppcli.words.periods import MONTH, Period, label
from oppcli.words.text import bare

VERB = "forecast adjust"
OPTIONS = {"amount": "--amount", "category": "--category", "expected_close": "--close"}
"""What of a deal is judged, and how it is typed."""


class Filed(NamedTuple):
    """That a file says it: whose judgement it is, and what they said of the same before."""

    by: User
    before: Judgement | None


def of_deal(
    act: Act, deal: Deal, typed: Mapping[str, str], reason: str | None, reading: Reading, filed: Filed | None = None
) -> Outcome:
    """A deal as who acts judges it, in place of what they said of it before; or as a file says that somebody does, of
    whom the same again is left as it is. Refused (4) to who does not lead its owner, and for fields that they do not
    have; (5) of a deal that is closed; (2) for what cannot be, all at once."""
    who = filed.by if filed else act.me
    _require_of(act, deal, who)
    if act.door.hidden:
        require_fields(act.door.sight, typed)
    given, reasons = _read(deal, typed, reading)
    told: dict[str, Any] = {**dict.fromkeys(OPTIONS), **given}
    currency = deal.currency if told["amount"] is not None else None
    before = filed.before if filed else said(act, who.login, deal_id=deal.id)
    made = Judgement(deal_id=deal.id, **told, currency=currency, reason=bare(reason or ""), judged_by=who.login)
    if filed and not reasons and _same(before, made):
        return Outcome(done=())
    stage = act.policy.stage(deal.stage)
    if stage is None or stage.kind not in LIVE_KINDS:
        kind = Word("kind", stage.kind if stage else "lost")
        raise Conflict(say("{deal} is {kind}: nothing is to be expected of it", deal=ref("deal", deal.id), kind=kind))
    if told["expected_close"] is not None and told["expected_close"] < act.today.isoformat():
        reasons.append(Reason(OPTIONS["expected_close"], say("{day} is over", day=told["expected_close"])))
    if not typed:
        reasons.append(Reason(listed(OPTIONS.values(), " "), say("what is it that the deal does not say?")))
    _require_none(reasons, reason, ref("deal", deal.id), "--amount", BLANK)
    return _saved(act, before, made, say("{deal} {title}", deal=ref("deal", deal.id), title=deal.title))


def _read(deal: Deal, typed: Mapping[str, str], reading: Reading) -> tuple[dict[str, int | str], list[Reason]]:
    """The values, and what is wrong with each."""
    found: dict[str, int | str] = {}
    reasons = list[Reason]()
    for name, text in typed.items():
        try:
            field = BUILT_IN[name]
            value = fields.parse(
                field, code("judgement", name, text, field.values), reading._replace(currency=deal.currency)
            )
            if value is None:
                raise Invalid(say("cannot be empty"))
            found[name] = value
        except Invalid as wrong:
            reasons.append(Reason(OPTIONS[name], wrong.message, wrong.hint))
    return found, reasons


def of_month(
    act: Act,
    owner: str,
    period: Period,
    change: str | None,
    reason: str | None,
    filed: Filed | None = None,
    decimal: str = ".",
) -> Outcome:
    """So much more or less in a month of somebody, in place of what was said of it before; or as a file says that
    somebody does, of whom the same again is left as it is. Refused (4) to who does not lead them, (2) for other days
    than one month that is not over, for no amount and without a reason, all at once."""
    who = filed.by if filed else act.me
    login = _require_over(act, owner, who)
    if act.door.hidden:
        require_fields(act.door.sight, ("amount",))
    reasons = list(_wrong_month(act, period))
    month = label(act.today if reasons else period.first, MONTH)
    code = (amounts.chosen(change) if change else None) or act.policy.currency
    minor = 0
    try:
        minor = amounts.parse(change or "", code, decimal) if change else 0
        if not minor:
            raise Invalid(say("how much more or less? -50k"))
    except Invalid as wrong:
        reasons.append(Reason("--change", wrong.message, wrong.hint))
    told = label(period.first, MONTH)
    before = filed.before if filed else said(act, who.login, owner=login, month=told)
    why = bare(reason or "")
    made = Judgement(owner=login, month=told, change=minor, currency=code, reason=why, judged_by=who.login)
    if filed and len(months_of(period)) == 1 and _same(before, made):
        return Outcome(done=())
    _require_none(reasons, reason, "--owner", login, "--period", month, "--change", change or BLANK)
    return _saved(act, before, made, say("{owner} in {month}", owner=login, month=month))


def _wrong_month(act: Act, period: Period) -> Iterator[Reason]:
    found = months_of(period)
    if len(found) != 1:
        yield Reason("--period", say("is one month: {example}", example=label(act.today, MONTH)))
    elif period.last < act.today:
        yield Reason("--period", say("{day} is over", day=found[0]))


def _require_none(reasons: list[Reason], reason: str | None, *again: str) -> None:
    if not bare(reason or ""):
        reasons.append(Reason("-m", say("why")))
    if reasons:
        hint = command("forecast", "adjust", *again, "-m", BLANK)
        raise UsageError(say("this is no judgement"), reasons=tuple(reasons), hint=hint)


def said(act: Act, by: str, **of: str | int) -> Judgement | None:
    """What somebody says of a deal (`deal_id`), or of a month of somebody (`owner`, `month`); there is one at most."""
    return next(iter(act.door.find(Judgement, **of, judged_by=by, standing=LIVE)), None)


def _same(before: Judgement | None, made: Judgement) -> bool:
    """Whether what was said before says all of this."""
    if before is None:
        return False
    return made == replace(before, id=made.id, version=made.version, judged_at=made.judged_at)


def _saved(act: Act, before: Judgement | None, made: Judgement, what: Said) -> Outcome:
    """The judgement kept, in place of what was said of the same."""
    made = replace(made, judged_at=act.now)
    if before is None:
        saved = act.door.add(made)
    else:
        saved = act.door.save(before, replace(made, id=before.id, version=before.version))
    told = {"what": what, "login": saved.judged_by, "parts": parts(saved)}
    return Outcome(done=(say("{what} as {login} judges it: {parts}", **told),), ids=(str(saved.id),))


def parts(judgement: Judgement) -> str:
    """What was said: `CNY 400,000.00, commit, close 2026-12-20`."""
    found: list[Any] = []
    if judgement.amount is not None:
        found.append(money.shown(judgement.amount, judgement.currency or ""))
    if judgement.category is not None:
        found.append(Word("category", judgement.category))
    if judgement.expected_close is not None:
        found.append(say("close {day}", day=judgement.expected_close))
    if judgement.change is not None:
        sign = "+" if judgement.change > 0 else ""
        found.append(f"{sign}{money.shown(judgement.change, judgement.currency or '')}")
    return listed(found)


def cleared_deal(act: Act, deal: Deal) -> Outcome:
    """What who acts said of a deal counts no more. Refused (5) where they said nothing."""
    return _cleared(
        act, said(act, act.by, deal_id=deal.id), say("{deal} {title}", deal=ref("deal", deal.id), title=deal.title)
    )


def cleared_month(act: Act, owner: str, period: Period) -> Outcome:
    """What who acts said of a month of somebody counts no more. Refused (5) where they said nothing, (2) for other
    days than one month."""
    login, months = act.login(owner, active=False), months_of(period)
    if len(months) != 1:
        again = command("forecast", "adjust", "--owner", login, "--period", label(act.today, MONTH), "--clear")
        raise UsageError(say("this is no judgement"), reasons=tuple(_wrong_month(act, period)), hint=again)
    before = said(act, act.by, owner=login, month=months[0])
    return _cleared(act, before, say("{owner} in {month}", owner=login, month=months[0]))


def _cleared(act: Act, before: Judgement | None, what: Said) -> Outcome:
    if before is None:
        why = say("{login} judged nothing of {what}", login=act.by, what=what)
        raise Conflict(why, hint=command("forecast", "adjustments"))
    act.door.save(before, replace(before, standing=WITHDRAWN), action="withdraw")
    done = say("{what}: {login} judges nothing of it any more", what=what, login=act.by)
    return Outcome(done=(done,), ids=(str(before.id),))


def _require_of(act: Act, deal: Deal, who: User) -> None:
    """Refuse a deal that was withdrawn, and who does not lead its owner."""
    act.require_kept(deal)
    if deal.owner is None:
        hint = command("deal", "assign", ref("deal", deal.id), "--to", "LOGIN", ready=False)
        raise NotAllowed(say("{deal} is nobody's: who is above its owner?", deal=ref("deal", deal.id)), hint=hint)
    what = say("judge {deal}: it is {owner}'s", deal=ref("deal", deal.id), owner=deal.owner)
    _require_above(act, deal.owner, what, who)


def _require_over(act: Act, owner: str, who: User) -> str:
    login = act.login(owner, active=False)
    _require_above(act, login, say("judge the forecast of {owner}", owner=login), who)
    return login


def _require_above(act: Act, owner: str, what: Said, by: User) -> None:
    """Refuse who is not above somebody in the lines, saying who is."""
    if verb(VERB).allows(rights.relations(by, act.people, owner=owner)):
        return
    above = [login for login in rights.superiors(owner, act.people) if act.people[login].active]
    raise NotAllowed(
        say("{login} may not {what}", login=by.login, what=what),
        hint=say("{who} may", who=listed(above, " or "))
        if above
        else say("nobody may: {owner} reports to nobody", owner=owner),
    )


def require_word(act: Act, login: str) -> None:
    """Refuse (4) to bring, or take back, with a file what somebody else said, to all but an admin."""
    if login != act.by and not act.me.is_admin:
        raise NotAllowed(
            say("{login} may not say what {other} thinks", login=act.by, other=login),
            hint=say("{who} or an admin may", who=login),
        )


def taken_back(saved: Judgement) -> Said:
    """A judgement as it is told after its saying, or its clearing, was undone."""
    what = ref("deal", saved.deal_id) if saved.deal_id is not None else None
    told: dict[str, Any] = {"login": saved.judged_by}
    told["what"] = what or say("{owner} in {month}", owner=saved.owner, month=saved.month)
    if saved.standing == WITHDRAWN:
        return say("{what}: {login} judges nothing of it any more", **told)
    return say("{what} as {login} judges it: {parts}", **told, parts=parts(saved))
