"""What there is to choose from, and the questions for it: deals by words, people, types, reasons, kinds of files.

What is offered was read through the door of whoever is asked: nobody is offered what they may not see.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oppcli.cli import ask
from oppcli.cli.answers import answered
from oppcli.cli.ask import Option
from oppcli.config.machine import at_home
from oppcli.errors import Lacking, Nearly, Unchosen
from oppcli.model.people import SERVICE, User
from oppcli.model.records import SHOWN
from oppcli.model.refs import number, ref
from oppcli.model.said import listed, say

if TYPE_CHECKING:
    from oppcli.cli.context import Context
    from oppcli.errors import Ambiguous

MOST = 10
"""Deals that are offered at once."""


def deal(opp: "Context") -> str:
    """The reference of a deal that was looked for by its words, or chosen among those changed last."""
    question = say("which deal? words of its title or customer, or its id (Enter: those changed last)")
    typed = ask.text(opp, question)
    while True:
        found = [] if number("deal", typed) else _deals(opp, typed)
        if number("deal", typed) or (typed and len(found) == 1):
            return found[0].value if found else typed
        if found:
            shown = found[:MOST]
            more = say(", the first {n} of {all}", n=MOST, all=len(found)) if len(found) > MOST and typed else ""
            typed = ask.choice(opp, say("which deal{more}? or other words", more=more), shown, free=True)
            if any(option.value == typed for option in shown):
                return typed
        else:
            typed = ask.text(opp, say("no such deal: {text}; which one", text=typed), needed=True)


def _deals(opp: "Context", text: str) -> list[Option]:
    """The deals that words stand for; without any those that were changed last."""
    from oppcli.actions.find import told_apart
    from oppcli.store import queries

    with opp.read(SHOWN) as door:
        found = queries.deals_named(door, text) if text else queries.deals_changed_last(door, MOST)
    return [Option(ref("deal", key), told_apart(title, customer)) for key, title, customer in found]


def settle(ctx: Any, several: "Ambiguous | Lacking | Unchosen") -> None:
    """Ask which of several things was meant, and put its name in the place of what was typed, or of the parameter that
    names it; for what a new record lacks ask each."""
    from oppcli.cli import adding

    if isinstance(several, Nearly):
        adding.settle(ctx, several)
        return
    if isinstance(several, Lacking):
        adding.ask_for(ctx, [str(reason.what) for reason in several.reasons])
        return
    options = [Option(reason.what, reason.detail) for reason in several.reasons]
    chosen = ask.choice(ctx.obj, several.message, options)
    if isinstance(several, Unchosen):
        answered(ctx, several.param, chosen)
        return
    asked = {name: _instead(value, several.typed, chosen) for name, value in ctx.params.items()}
    changed = {name: value for name, value in asked.items() if value != ctx.params[name] and chosen in value}
    if not changed:  # what was asked about stands nowhere on the line: it would be asked again for ever
        raise several
    for name, value in changed.items():
        answered(ctx, name, value)
    several.typed = ""


def _instead(value: Any, typed: str, chosen: str) -> Any:
    """What stands in a place of the line, with what was chosen for what was typed: alone, as one of several, or as
    words that are one name together."""
    if isinstance(value, str):
        return chosen if value.strip() == typed else value
    if not isinstance(value, (list, tuple)) or not all(isinstance(each, str) for each in value):
        return value
    return [chosen] if " ".join(value) == typed else [_instead(each, typed, chosen) for each in value]


def file(opp: "Context") -> Path:
    """A file that is there."""
    while True:
        path = at_home(ask.text(opp, say("which file"), needed=True))
        if path.is_file():
            return path
        opp.say(say("{file}: there is no such file", file=str(path)))


def kind(opp: "Context") -> str:
    """What a file is: one of the kinds that are asked for or were used, or another word."""
    return ask.choice(opp, say("what is the file? or another word"), kinds(opp), free=True)


def kinds(opp: "Context") -> list[Option]:
    """The kinds of files that gates and types of requests ask for."""
    with opp.read(SHOWN) as door:
        policy = opp.policy(door)
    needs = [name for rule in policy.types.values() for name in rule.needs]
    stages = [name for stage in policy.stages for name in (*stage.enter, *stage.leave)]
    found = dict.fromkeys(name[5:] for name in (*stages, *needs) if name.startswith("file:"))
    return [Option(name) for name in found]


def person(opp: "Context") -> str:
    """The login of somebody active."""
    return ask.choice(opp, say("who?"), people(opp))


def people(opp: "Context") -> list[Option]:
    """Everybody who is active, but services."""
    with opp.read(SHOWN) as door:
        return [
            known_as(user)
            for user in sorted(door.find(User), key=lambda user: user.login)
            if user.active and SERVICE not in user.roles
        ]


def known_as(user: User) -> Option:
    """The login, and the name where that is another."""
    return Option(user.login, user.name if user.name != user.login else "")


def types(opp: "Context") -> list[Option]:
    """The types of requests of the policy."""
    with opp.read(SHOWN) as door:
        rules = opp.policy(door).types.values()
    return [Option(rule.name, rule.title if rule.title != rule.name else "") for rule in rules]


def reasons(opp: "Context") -> list[Option]:
    """The reasons for losing that the policy knows."""
    with opp.read(SHOWN) as door:
        return [Option(name) for name in opp.policy(door).lost_reasons]


def type_of(opp: "Context", texts: Sequence[str]) -> str | None:
    """Which type of request is to be submitted for these deals. None where the policy has none, or nobody is asked."""
    offered = types(opp) if opp.interactive else []
    if not offered:
        return None
    from oppcli.actions import find
    from oppcli.store import queries

    with opp.read(SHOWN) as door:
        about = [find.deal(door, text) for text in texts]
        asked = {name for deal in about for name in queries.types_asked(door, deal.id)}
    likely = next((option.value for option in offered if option.value not in asked), None)
    shown = [ref("deal", deal.id) for deal in about]
    question = say("which approval for {deal} {title}?", deal=shown[0], title=about[0].title)
    if len(about) > 1:
        question = say("which approval for {deals}?", deals=listed(shown))
    name = ask.choice(opp, question, offered, likely)
    _keep(opp, "name", name)
    return name


def loss(opp: "Context", detail: str | None, competitor: str | None) -> tuple[str, str | None, str | None]:
    """Why a deal is lost: reason, detail, competitor."""
    with opp.read(SHOWN) as door:
        policy = opp.policy(door)
    if policy.lost_reasons:
        reason = ask.choice(opp, say("why is it lost?"), policy.lost_reasons)
    else:
        reason = ask.text(opp, say("why is it lost"), needed=True)
    _keep(opp, "reason", reason)
    if not detail:
        needed = reason in policy.lost_detail_required
        question = say("more about it") if needed else say("more about it (Enter: nothing)")
        detail = ask.text(opp, question, needed=needed) or None
        _keep(opp, "message", detail)
    if not competitor and "competitor" in _params(opp):
        competitor = ask.text(opp, say("who got it (Enter: nobody known)")) or None
        _keep(opp, "competitor", competitor)
    return reason, detail, competitor


def _params(opp: "Context") -> dict[str, Any]:
    return opp.line.params if opp.line is not None else {}


def _keep(opp: "Context", name: str, value: Any) -> None:
    if opp.line is not None:
        answered(opp.line, name, value)


def heir(opp: "Context", login: str) -> str | None:
    """Who is to follow somebody who leaves, where something of theirs is open; None for nobody."""
    from oppcli.actions import find
    from oppcli.store import waiting

    with opp.read(SHOWN) as door:
        leaver = find.user(door, login, active=False)
        deals, returned = len(waiting.open_deals_of(door, leaver.login)), len(waiting.returned_to(door, leaver.login))
        seats = bool(waiting.seated(door, leaver.login))
    if not leaver.active or not (deals or returned or seats):
        return None
    left = [
        *([say("{n} open {n:deal|deals}", n=deals)] if deals else []),
        *([say("{n} returned {n:request|requests}", n=returned)] if returned else []),
        *([say("open seats")] if seats else []),
    ]
    others = [option for option in people(opp) if option.value != leaver.login]
    nobody = Option("-", say("nobody: the deals stay"))
    chosen = ask.choice(opp, say("{left}: to whom?", left=listed(left)), [*others, nobody])
    if chosen == nobody.value:
        return None
    _keep(opp, "successor", chosen)
    return chosen
