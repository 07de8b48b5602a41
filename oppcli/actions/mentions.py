"""`@wang` in a note: one notice for each person named."""

from collections.abc import Iterable

from oppcli.actions import find, telling
from oppcli.actions.act import Act
from oppcli.actions.places import Place
from oppcli.errors import NotAllowed, NotFound
from oppcli.model.command import command
from oppcli.model.follow import Activity
from oppcli.model.notices import Notice
from oppcli.model.people import User
from oppcli.model.refs import ref
from oppcli.model.said import Said, listed, say
from oppcli.words import notes

MENTION = "mention"


def named(act: Act, text: str) -> list[User]:
    """The people whom a text names. Refused (3) for a login there is not, with the nearest, and (4) for who left."""
    found = [_person(act, name) for name in notes.mentioned(text)]
    return list({person.login: person for person in found}.values())


def _person(act: Act, name: str) -> User:
    person = act.people.get(name) or _called(act, name)
    if person is None:
        from oppcli.words.names import nobody

        raise NotFound(
            nobody(name, act.people),
            hint=say("{text} is no mention; who there is: {list}", text=f"\\@{name}", list=command("user", "list")),
        )
    if not person.active:
        raise find.deactivated(person.login)
    return person


def _called(act: Act, name: str) -> User | None:
    """Who is called so, by login or name; where a text goes on behind it without a blank, as in Chinese, who its
    longest beginning names. Refused (`Ambiguous`) for a name that several have."""
    found = find.called(act.people, name)
    if not found and not name.isascii():
        words = {text for each in act.people.values() for text in (each.login, each.name) if name.startswith(text)}
        found = find.called(act.people, max(words, key=len)) if words else []
    find.require_one(found, name)
    return found[0] if found else None


def tell(act: Act, noted: Activity, place: Place, people: Iterable[User]) -> tuple[Said, ...]:
    """A notice for each of them but who writes. Refused (4) for who does not see what it is on."""
    others = [person for person in people if person.login != act.by]
    for person in others:
        _require_sight(act, place, person.login)
        text = say("{who} mentions you on {place}: {text}", who=act.by, place=place.name, text=noted.text)
        deal, customer = noted.deal_id, noted.customer_id
        notice = Notice(to="", kind=MENTION, deal_id=deal, customer_id=customer, activity_id=noted.id, text=text)
        telling.tell(act, [person.login], notice)
    told = listed(person.login for person in others)
    return (say("told: {people}", people=told),) if others else ()


def _require_sight(act: Act, place: Place, login: str) -> None:
    if act.door.scope is None:
        return
    from oppcli.actions.sights import sees

    word, number = place.thing
    if not sees(act.door, login, word, number, act.now):
        hint = say("{text} is no mention", text=f"\\@{login}")
        if word == "deal":
            link = command("deal", "link", ref(word, number), login, "--read")
            hint = say("{text} is no mention; to let them see it: {link}", link=link, text=f"\\@{login}")
        raise NotAllowed(say("{login} does not see {place}", login=login, place=place.name), hint=hint)
