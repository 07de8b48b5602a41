"""Targets of people, teams and the company: set for months, by whoever leads them, and corrected."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from oppcli.actions.act import Act
from oppcli.actions.outcome import Outcome
from oppcli.errors import UsageError
from oppcli.model import money
from oppcli.model.command import BLANK, command
from oppcli.model.noun import replace
from oppcli.model.records import LIVE, WITHDRAWN
from oppcli.model.said import Said, Word, listed, say
from oppcli.model.targets import COMPANY, OF_MONEY, TARGET_MEASURES, TEAM, Target, meant
from oppcli.rules import rights, targets
from oppcli.rules.targets import Amounts
from oppcli.words import amounts as of_money
from oppcli.words import named, numbers
from oppcli.words.invalid import Invalid
from oppcli.words.periods import Period
from oppcli.words.spelling import nearest

if TYPE_CHECKING:
    from oppcli.model.people import User

VERB = "target set"
OF_TEAM, OF_COMPANY = f"{VERB} team", f"{VERB} company"
BETWEEN = "/"


def whom(act: Act, text: str) -> str:
    """For whom a target is, as it is kept: a login, `team:` and a login, or `company`. Refused for nobody, and for the
    team of who leads nobody."""
    typed = meant(text)
    if typed == COMPANY:
        return COMPANY
    login = act.login(typed.removeprefix(TEAM), active=False)
    if not typed.startswith(TEAM):
        return login
    if not any(each.manager == login for each in act.people.values()):
        hint = say(
            "for {login} alone: {example}",
            login=login,
            example=command("target", "set", login, "2026-11", "won", BLANK),
        )
        raise UsageError(say("nobody reports to {login}, who has no team", login=login), hint=hint)
    return TEAM + login


def measure(text: str) -> str:
    """The measure that is meant, by its name or in another language. Refused (2) for none, with what there is."""
    from oppcli.speech.titles import told

    found = named.understood(text.strip(), TARGET_MEASURES, told("measure"))
    if found is None:
        raise UsageError(
            say("no such measure: {text}{nearest}", text=text, nearest=nearest(text, TARGET_MEASURES)),
            hint=say("there are {names}", names=listed(TARGET_MEASURES)),
        )
    return found


def months(period: Period, *, split: bool, begins: int = 1) -> tuple[str, ...]:
    """The months that were typed; `begins` is the month in which the team's year does. Refused (2) for other days than
    whole months, and for several that are not to be split."""
    found = targets.months_of(period)
    if not found:
        first, last = (day.isoformat() for day in period)
        raise UsageError(
            say("targets are of months: {first} to {last} is none", first=first, last=last),
            hint=say("a month, 2026-11; or a longer time with --split, 2026Q4"),
        )
    if len(found) > 1 and not split:
        whole = targets.spelt(found, begins)
        told = say("{period} is {n} {n:month|months}, and a target is of one", period=whole, n=len(found))
        raise UsageError(told, hint=say("--split: as much in each, the rest in the last"))
    return found


def typed(act: Act, of: str, text: str, decimal: str = ".", currency: str | None = None) -> tuple[Amounts, str | None]:
    """`100万/120万/150万`: target, stretch and top of a measure, and the currency of money: this, else the one that is
    named, else the policy's. Raises `Invalid` for what is none of them."""
    parts = [part.strip() for part in text.split(BETWEEN)]
    if len(parts) > len(targets.LEVELS) or not all(parts):
        raise Invalid(say("{text} is not one to three numbers: 100k/120k/150k", text=text))
    if of not in OF_MONEY:
        return _levels([_count(part, decimal) for part in parts]), None
    code = currency or next(filter(None, map(of_money.chosen, parts)), None) or act.policy.currency
    return _levels([of_money.parse(part, code, decimal) for part in parts]), code


def _count(text: str, decimal: str) -> int:
    number: Decimal = numbers.parse(text, decimal)
    if number != number.to_integral_value():
        raise Invalid(say("{value} is not a whole number", value=text))
    if number > money.LARGEST:
        raise Invalid(say("{typed} is too large; at most {most}", typed=text, most=f"{money.LARGEST:,}"))
    return int(number)


def _levels(found: Sequence[int]) -> Amounts:
    first, *more = found
    stretch, top, *_ = (*more, None, None)
    return first, stretch, top


def put(act: Act, who: str, of: Sequence[str], measure: str, amounts: Amounts, currency: str | None) -> Outcome:
    """So much is aimed at by a person, a team or the company in each of these months; several share it. Another of the
    same month and measure is a correction. Refused to who does not lead them, and for what is no target."""
    require(act, who)
    targets.require_rising(amounts, currency)
    there = act.door.find(Target, who=who, measure=measure, month=list(of), standing=LIVE)
    known = {each.month: each for each in there}
    done, ids = list[str](), list[str]()
    for month, part in zip(of, targets.split(amounts, len(of)), strict=True):
        saved = keep(act, known.get(month), who, month, measure, part, currency)
        done.append(_told(known.get(month), saved))
        ids.append(str(saved.id))
    return Outcome(done=tuple(done), ids=tuple(ids))


def keep(
    act: Act, before: Target | None, who: str, month: str, measure: str, amounts: Amounts, currency: str | None
) -> Target:
    """A target in place of the one that was set `before`; whether it may be, and is one, is asked before (`require`,
    `rules.targets.require_rising`)."""
    levels = dict(zip(targets.LEVELS, (targets.stored(each, currency) for each in amounts), strict=True))
    made: dict[str, Any] = {"who": who, "month": month, "measure": measure, "currency": currency, **levels}
    if before is None:
        return act.door.add(Target(**made, created_at=act.now, created_by=act.by))
    after = replace(before, **made)
    return before if after == before else act.door.save(before, after)


def _told(before: Target | None, saved: Target) -> Said:
    said = {"target": _name(saved), "month": saved.month, "amount": targets.told(saved)}
    if before is None:
        return say("{target} in {month}: {amount}", **said)
    if saved == before:
        return say("{target} in {month}: {amount}, as before", **said)
    return say("{target} in {month}: {amount}, not {old}", **said, old=targets.told(before))


def _name(target: Target) -> Said:
    """`li won_amount` as people read it."""
    return say("{who} {measure}", who=called(target.who), measure=Word("measure", target.measure))


def called(who: str) -> str:
    """Whom a target is of, as people read it."""
    if who == COMPANY:
        return say("the company")
    return say("team of {login}", login=who.removeprefix(TEAM)) if who.startswith(TEAM) else who


def require(act: Act, who: str) -> None:
    """Refuse to set or take back targets of who is not in one's line, saying who may."""
    if who == COMPANY:
        act.require(OF_COMPANY, say("set targets of the company"))
        return
    login = who.removeprefix(TEAM)
    verb = OF_TEAM if who.startswith(TEAM) else VERB
    everybody: dict[str, User] = act.people
    rights.require_over(verb, login, act.me, say("set targets of {who}", who=called(who)), everybody)


def taken_back(saved: Target) -> Said:
    """A target as it is told after its setting was undone."""
    if saved.standing == WITHDRAWN:
        return say("no {target} in {month}", target=_name(saved), month=saved.month)
    amount = targets.told(saved)
    return say("{target} in {month}: {amount}, as before", target=_name(saved), month=saved.month, amount=amount)
