"""Delegations: who may decide for whom, for how long, for which requests; what is wrong with a new one."""

from collections.abc import Collection, Mapping

from oppcli.errors import Reason
from oppcli.model.command import command
from oppcli.model.people import SERVICE, Delegation, User
from oppcli.model.said import say
from oppcli.words.spelling import nearest

UPCOMING, ACTIVE, ENDED = "upcoming", "active", "ended"


def problems(
    new: Delegation, users: Mapping[str, User], types: Collection[str], known: Collection[Delegation], now: int
) -> tuple[Reason, ...]:
    """Everything that keeps `new` from being made: people, window, types, cap, or one that says the same already."""
    found = [*_people(new, users), *_window(new, now)]
    if new.to is None and (new.types or new.max_amount is not None):
        found.append(Reason("--to", say("name who decides: only one of everything is an absence")))
    found += [
        Reason("--type", say("the policy has no type {text}{nearest}", text=name, nearest=nearest(name, types)))
        for name in new.types
        if name not in types
    ]
    if new.max_amount is not None and new.max_amount <= 0:
        found.append(Reason("--max-amount", say("must be above zero")))
    found += [
        Reason(
            "window",
            say("{frm} delegates to {to} in that time already", frm=other.frm, to=other.to)
            if other.to
            else say("{frm} is away in that time already", frm=other.frm),
            command("delegate", "end", f"G-{other.id}"),
        )
        for other in known
        if (other.frm, other.to) == (new.frm, new.to) and _overlap(other, new) and other.types == new.types
    ]
    return tuple(found)


def _people(new: Delegation, users: Mapping[str, User]) -> list[Reason]:
    found = []
    if new.frm == new.to:
        found.append(Reason("--to", say("{to} cannot stand in for themselves", to=new.to)))
    for flag, login in (("--from", new.frm), *([("--to", new.to)] if new.to is not None else [])):
        if not users[login].active:
            found.append(Reason(flag, say("{login} was deactivated", login=login)))
        if SERVICE in users[login].roles:
            found.append(Reason(flag, say("{login} is a service and decides nothing", login=login)))
    return found


def _window(new: Delegation, now: int) -> list[Reason]:
    found = []
    if new.starts_at < now:
        found.append(Reason("--start", say("lies in the past: nobody decided for anybody then")))
    if new.ends_at <= new.starts_at:
        found.append(Reason("--end", say("is not after the start")))
    return found


def _overlap(one: Delegation, other: Delegation) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def covers(delegation: Delegation, kind: str, amount: int | None) -> bool:
    """Whether it is about a request of this type and amount."""
    capped = delegation.max_amount is not None and (amount is None or amount > delegation.max_amount)
    return not capped and (not delegation.types or kind in delegation.types)


def state(delegation: Delegation, now: int) -> str:
    """upcoming, active or ended. The window is half-open: at its end it has ended."""
    if now >= delegation.ends_at:
        return ENDED
    return ACTIVE if now >= delegation.starts_at else UPCOMING
