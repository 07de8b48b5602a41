"""Views that go out at a time: each to whom it is for, once for each time, and only where it has rows.

What each may see is made before anything is locked; the letters and that they are written are one transaction. Of
several times that passed meanwhile the last one counts.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date

from oppcli.actions.act import Act, Look
from oppcli.actions.waking import Kind
from oppcli.errors import OppError, UsageError
from oppcli.model.approver import role_in
from oppcli.model.calling import every_called
from oppcli.model.notices import VIEW, Notice
from oppcli.model.people import SERVICE, User
from oppcli.model.records import LIVE
from oppcli.model.said import Said, listed, say
from oppcli.model.saved import View
from oppcli.rules import repetition
from oppcli.rules.timing import last_due, next_due
from oppcli.store.fired import LETTER, fire, timed
from oppcli.tuples import NamedTuple
from oppcli.words.invalid import Invalid
from oppcli.words.shown import show_instant
from oppcli.words.timed import parse
from oppcli.words.zones import today


class Sheet(NamedTuple):
    """What a view tells one person."""

    text: str
    page: str


Make = Callable[[View, User], "Sheet | None"]
"""What a view tells somebody now; None where it has no rows. Refused as the line would be if they typed it."""


class Going(NamedTuple):
    """A view whose time has come, and what it tells whom."""

    view: View
    at: int
    sheets: dict[str, Sheet]
    wrong: dict[str, OppError]


def kind(make: Make) -> Kind:
    """What `opp tick` asks of views: one look where none has a time."""
    going: dict[int, Going] = {}

    def due(look: Look) -> Sequence[int]:
        for view, at in _due(look):
            known = going.get(view.id)
            if known is None or (known.at, known.view.version) != (at, view.version):
                going[view.id] = _going(view, at, look, make)
        return sorted(number for number in going)

    def wake(act: Act, numbers: Sequence[int]) -> Iterator[Said]:
        for number in numbers:
            one = going.pop(number)
            view = act.door.get(View, number)
            if view == one.view and fire(act.door, "view", number, LETTER, cycle=one.at, at=one.at):
                yield from _told(act, one)

    return Kind("view", due, wake)


def checked(act: Act, every: str) -> str:
    """A time as it is kept. Refused (2) where it cannot be read, or never comes."""
    goes = parse(every)
    try:
        repetition.checked(goes.repeat, act.business_day)
    except Invalid as wrong:
        raise UsageError(wrong.message, hint=wrong.hint) from None
    return goes.written


def begun(act: Act, view: View) -> Said:
    """Begin to count its times, from now on; when it goes out first, and to whom."""
    fire(act.door, "view", view.id, LETTER, cycle=f"since {act.now}", at=act.now)
    zone = act.calendar.timezone
    goes, anchor = parse(view.every or ""), _anchor(view, zone)
    first = next_due(goes, anchor, zone, act.now)
    people = every_called(view.to, act.policy.role_titles)
    when = say("never") if first is None else say("{at} ({zone})", at=show_instant(first, zone, act.now), zone=zone)
    return say("it goes out {every} to {people}, first {when}", every=goes.told, people=people, when=when)


def _anchor(view: View, zone: str) -> date:
    """The day from which its days are counted."""
    return today(view.created_at, zone)


def _due(look: Look) -> Iterator[tuple[View, int]]:
    """The views whose time has come since they last went out, with that time."""
    since = timed(look.door)
    if not since:
        return
    zone = look.calendar.timezone
    for view in look.door.find(View, id=list(since), standing=LIVE):
        with suppress(UsageError):  # a file of another database may have brought a time that nobody can read
            at = last_due(parse(view.every or ""), _anchor(view, zone), zone, since[view.id], look.now)
            if at is not None:
                yield view, at


def _going(view: View, at: int, look: Look, make: Make) -> Going:
    sheets, wrong = dict[str, Sheet](), dict[str, OppError]()
    for person in _readers(view, look):
        try:
            sheet = make(view, person)
        except OppError as error:
            wrong[person.login] = error
            continue
        if sheet is not None:
            sheets[person.login] = sheet
    return Going(view, at, sheets, wrong)


def _readers(view: View, look: Look) -> list[User]:
    """The active people whom it is for by now, each once; no account of a script."""
    from oppcli.rules.approvals.world import members

    logins: list[str] = []
    for whom in view.to:
        name = role_in(whom)
        logins += [whom] if name is None else members(name, look.policy, look.people)
    known = (look.people[login] for login in dict.fromkeys(logins) if login in look.people)
    return [person for person in known if person.active and SERVICE not in person.roles]


def _told(act: Act, one: Going) -> Iterator[Said]:
    name, people = one.view.name, list(one.sheets)
    letters = [
        Notice(to=login, kind=VIEW, text=sheet.text, page=sheet.page, at=act.now) for login, sheet in one.sheets.items()
    ]
    for login, error in one.wrong.items():
        said = say("view {name} cannot go out to {login}: {why}", name=name, login=login, why=error.message)
        letters.append(Notice(to=one.view.owner, kind=VIEW, text=said, at=act.now))
        yield said
    if letters:
        act.door.add_many(letters, action="notice")
    if people:
        yield say("view {name} goes out to {people}", name=name, people=listed(people))
