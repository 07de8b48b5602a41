"""Submissions of the forecast: what is expected of a month is frozen, deal by deal, under the name of who says it."""

from datetime import date

from oppcli.actions import rates, sights
from oppcli.actions.act import Act
from oppcli.actions.outcome import Outcome
from oppcli.errors import NotAllowed, Reason, UsageError
from oppcli.model import money
from oppcli.model.command import command
from oppcli.model.forecasts import Forecast, ForecastLine
from oppcli.model.refs import ref
from oppcli.model.said import Said, say
from oppcli.rules import rights
from oppcli.rules.forecasting import category
from oppcli.rules.scopes import require_fields
from oppcli.rules.submitted import Sums, said, sums, whose
from oppcli.rules.targets import months_of
from oppcli.store import closing
from oppcli.words import amounts
from oppcli.words.invalid import Invalid
from oppcli.words.periods import Period
from oppcli.words.zones import midnight

VERB = "forecast submit"
OF_ALL = f"{VERB} all"
NEEDED = ("amount", "probability", "category", "expected_close")
"""Fields of a deal that a forecast is made of."""


def asked(act: Act, period: Period, commit: str | None, best: str | None) -> tuple[Period, int | None, int | None]:
    """The month that was typed, and what people say themselves that it will bring, in minor units of the policy's
    currency; None where they leave it to the deals. Refused (2) for other days than those of one month, for a month
    that is over, and for what is no such amount, all at once."""
    figures, wrong = _told(act, commit, best)
    try:
        of = _month(act, period)
    except UsageError as refused:
        if not wrong:
            raise
        first = Reason("MONTH", refused.message)
        raise UsageError(say("this is no forecast"), reasons=(first, *wrong), hint=refused.hint) from None
    if wrong:
        raise UsageError(say("the amount cannot be read"), reasons=tuple(wrong))
    return of, *figures


def _month(act: Act, period: Period) -> Period:
    found = months_of(period)
    first, last = (day.isoformat() for day in period)
    again = command("forecast", "submit", f"{act.today:%Y-%m}")
    if len(found) != 1:
        raise UsageError(
            say("a forecast is of one month: {first} to {last} is none", first=first, last=last), hint=again
        )
    if period.last < act.today:
        raise UsageError(say("{month} is over: nothing is expected of it", month=found[0]), hint=again)
    return period


def _told(act: Act, commit: str | None, best: str | None) -> tuple[tuple[int | None, int | None], list[Reason]]:
    """The amounts, and what is wrong with each."""
    code, wrong, found = act.policy.currency, list[Reason](), dict[str, int | None]()
    for name, text in (("--commit", commit), ("--best", best)):
        try:
            found[name] = None if text is None else amounts.parse(text, code)
            if (found[name] or 0) < 0:
                raise Invalid(say("{text} is less than nothing", text=text))
        except Invalid as fault:
            wrong.append(Reason(name, fault.message, fault.hint))
    return (found.get("--commit"), found.get("--best")), wrong


def submit(act: Act, of: Period, team: str | None, committed: int | None, best: int | None) -> Outcome:
    """The forecast of a month, frozen: its deals as they are, and what was said of it. Another of the same month is
    another submission. Refused (4) to who is neither the head of the team nor above them, to who does not see its
    deals, and for everybody to who is no manager."""
    head = None if team is None else act.login(team)
    named = f"{of.first:%Y-%m}"
    _require(act, head, named)
    made = Forecast(
        month=named,
        team=head,
        currency=act.policy.currency,
        committed=committed,
        best=best,
        submitted_at=act.now,
        submitted_by=act.by,
        lines=tuple(_lines(act, of, head)),
    )
    saved = act.door.add(made)
    name, found = ref("forecast", saved.id), sums(saved.lines, saved.currency)
    done = say("{forecast} submitted: {month} of {who}", forecast=name, month=named, who=whose(head))
    again = command("report", "changes", "--since", name, why=say("what became of it"))
    return Outcome(done=(done,), ids=(name,), details=tuple(_details(saved, found)), next=(again,))


def _details(saved: Forecast, found: Sums) -> list[Said]:
    code, named = saved.currency, ("weighted", "commit", "best")
    figures = zip(named, (found.weighted, *said(saved, found)), strict=True)
    shown = {name: money.shown(minor, code) for name, minor in figures}
    lines = [say("{n:,} {n:deal|deals}, weighted {weighted}; commit {commit}, best {best}", n=found.deals, **shown)]
    if found.closed:
        lines.append(say("won in it by now: {closed}", closed=money.shown(found.closed, code)))
    if found.without:
        lines.append(say("{n:,} {n:deal|deals} without a rate to {currency} left out", n=found.without, currency=code))
    return lines


def _require(act: Act, head: str | None, month: str) -> None:
    """Refuse who may not say what this team will bring, and who does not see what it is made of."""
    own = command("forecast", "submit", month, "--team", "me")
    if head is None:
        try:
            act.require(OF_ALL, say("submit the forecast of everybody"))
        except NotAllowed as refused:
            raise NotAllowed(
                refused.message, hint=say("{who}; your own: {command}", who=refused.hint, command=own)
            ) from None
    else:
        rights.require_over(VERB, head, act.me, say("submit the forecast of {who}", who=whose(head)), act.people)
    sight = sights.sight_of(act.door, act.by, act.now)
    if sight is None:
        return
    require_fields(sight, NEEDED)
    unseen = not sight.whole and (head is None or not set(_below(act, head)) <= set(sight.owners))
    if unseen:
        said = say("{login} does not see every deal of {who}", login=act.by, who=whose(head))
        raise NotAllowed(said, hint=say("your own: {command}", command=own))


def _below(act: Act, head: str) -> tuple[str, ...]:
    """The head, and who is active and reports to them, directly or not."""
    return rights.below(head, {each.login: each.manager for each in act.people.values() if each.active})


def _lines(act: Act, of: Period, head: str | None) -> list[ForecastLine]:
    """The deals of the month: open ones that are expected from today on, as in the row of `report forecast`, and those
    that were won in it."""
    after = date.fromordinal(min(of.last.toordinal() + 1, date.max.toordinal()))
    begins, ends = midnight(of.first, act.local), midnight(after, act.local)
    owners = None if head is None else _below(act, head)
    first = max(of.first, act.today).isoformat()
    rows = closing.of_month(act.door, first, of.last.isoformat(), begins, ends, owners)
    by, own, made = rates.converter(act), act.policy.currency, []
    for number, kind, category_, of_stage, amount, currency, probability, close, closed_at in rows:
        worth = None if currency == own or amount is None else by.worth(currency, closed_at)
        rate = "1" if currency == own else None if worth is None else f"{worth.decimal:f}"
        made.append(
            ForecastLine(
                deal_id=number,
                category=category(kind, category_, of_stage) or "",
                amount=amount,
                currency=currency,
                probability=probability,
                expected_close=close,
                rate=rate,
            )
        )
    return made
