"""What a reference on the command line stands for: an id, an exact name, a unique prefix or word. Never a guess."""

from collections.abc import Mapping
from typing import Any, TypeVar

from oppcli.errors import Ambiguous, Conflict, NotAllowed, NotFound, Reason, UsageError
from oppcli.model.command import command
from oppcli.model.deals import Customer, Deal
from oppcli.model.nouns import BY_CLASS, ENTRY, PREFIXES
from oppcli.model.people import ME, User
from oppcli.model.records import KEPT, LIVE, MERGED, WITHDRAWN
from oppcli.model.refs import meant, number, ref
from oppcli.model.said import Said, Word, say
from oppcli.store import queries
from oppcli.store.doors import ReadDoor
from oppcli.store.reading import absent

Thing = TypeVar("Thing")
NOBODY = (*ME, "-", "all", "")
"""What stands for several people or for none where one is to be named."""


def people(door: ReadDoor) -> dict[str, User]:
    """Everybody, active or not, by login."""
    return {user.login: user for user in door.find(User)}


def deal(door: ReadDoor, text: str, *, ids_only: bool = False) -> Deal:
    """The deal `D-142`, `142`, or the one whose title (or customer) is, begins with or holds `text`.

    Several matches are listed and refused, and blanks, which every title holds. With `ids_only` (a write without a
    terminal) names are not taken."""
    known = number("deal", text)
    if known is None:
        from oppcli.words.text import bare

        text = bare(text)
        known = number("deal", text)
    if known is not None:
        return get(door, Deal, known)
    if ids_only or not text.strip():
        of_another_noun("deal", text, command("deal", "list"))
        raise NotFound(
            say("no such deal: {text}", text=text),
            hint=say("a write without a terminal takes ids only: {list}", list=command("deal", "list")),
        )
    matches = [each for each in queries.deals_named(door, text) if queries.visible(door, "deal", each[0])]
    if len(matches) == 1:
        return door.get(Deal, matches[0][0])
    if not matches:
        of_another_noun("deal", text, command("deal", "list"))
        raise NotFound(no_such("deal", text, door), hint=command("deal", "list"))
    shown = tuple(Reason(ref("deal", key), told_apart(title, customer)) for key, title, customer in matches[:10])
    more = "" if len(matches) <= 10 else say(", the first 10 of {matches}", matches=len(matches))
    raise Ambiguous(
        say("{text} could be several deals{more}", text=text, more=more), reasons=shown, hint=say("say which by its id")
    ).for_(text)


def deal_of(door: ReadDoor, noun: str, text: str, *, ids_only: bool = False) -> Deal:
    """The deal that is meant, by itself or by its quote or contract (`noun`), which has its number: `D-142`, `Q-142`,
    `Q-142.2`. Refused like a deal."""
    other, key = (noun != "deal" and meant(text.partition(".")[0])) or ("", "")
    ours = other == noun and key.isdecimal()
    return deal(door, ref("deal", int(key)) if ours else text, ids_only=ids_only)


def of_another_noun(word: str, text: str, listing: str) -> None:
    """Refuse what names nothing, and the reference of another noun (`R-1` where a deal is wanted), each with what leads
    on; return where it may be one of these."""
    wanted = Word("noun", word)
    if not text.strip():
        raise NotFound(say("a blank names no {noun}", noun=wanted), hint=listing)
    other, key = meant(text) or (word, "")
    if other == word or other not in PREFIXES:
        return
    name, words = ref(other, int(key)) if key.isdecimal() else text, ("request", "show")
    said = say("{name} is a {other}, not a {noun}", name=name, other=Word("noun", other), noun=wanted)
    if other == ENTRY.word:
        said = say("{name} is an entry of the journal, not a {noun}", name=name, noun=wanted)
    raise NotFound(said, hint=command(*(words if other == words[0] else words[1:]), name))


def told_apart(title: str, customer: str | None) -> Said | str:
    """A deal among others of its name: its title, and whose it is where somebody's."""
    return say("{title}, {customer}", title=title, customer=customer) if customer else title


def stranger(login: str) -> NotAllowed:
    """What an acting person who is no user is told."""
    add = command("user", "add", login, another=True)
    hint = say("an admin adds you: {add}; or say who you are: --as LOGIN", add=add)
    return NotAllowed(say("{by} is not a user of this database", by=login), hint=hint)


def deactivated(login: str) -> NotAllowed:
    """What somebody who left is told."""
    hint = say("who is active: {list}", list=command("user", "list"))
    return NotAllowed(say("{login} was deactivated", login=login), hint=hint)


def left(login: str) -> NotAllowed:
    """What who acts is told after they left: nothing that they could type themselves helps."""
    again = command("user", "reactivate", login, another=True)
    return NotAllowed(
        say("{login} was deactivated", login=login), hint=say("an admin lets you act again: {again}", again=again)
    )


def active(people: Mapping[str, User], login: str) -> User:
    """The acting person among everybody. Refused for who is no user, or was deactivated."""
    found = people.get(login)
    if found is None:
        raise stranger(login)
    if not found.active:
        raise left(login)
    return found


def get(door: ReadDoor, noun: type[Thing], key: int | str) -> Thing:
    """What a person refers to; of a merged record the one that stands for it. Refused for what is not there and, under
    a scope, for what they do not see, alike."""
    word = BY_CLASS[noun.__name__].word
    if not queries.visible(door, word, key):
        raise absent(door, word, key)
    found: Any = door.get(noun, key)
    if getattr(found, "standing", LIVE) == MERGED and found.merged_into is not None:
        return get(door, noun, found.merged_into)
    return found  # type: ignore[no-any-return]


def by_id(door: ReadDoor, noun: type[Thing], text: str, unknown: Said, listing: str | None = None) -> Thing:
    """The thing of a noun that a reference or number stands for. Refused for anything else, with what is `unknown`."""
    word = BY_CLASS[noun.__name__].word
    known, listing = number(word, text), listing or command(word, "list")
    if known is None:
        of_another_noun(word, text, listing)
        raise NotFound(unknown, hint=listing)
    return get(door, noun, known)


def no_such(word: str, text: str, door: ReadDoor) -> Said:
    """What is said of a name that nothing has, or nothing that is theirs to see."""
    if door.sight is None:
        return say("no such {noun}: {text}", noun=Word("noun", word), text=text)
    return say("no such {noun}: {text}, or it is not yours to see", noun=Word("noun", word), text=text)


def myself(door: ReadDoor, login: str) -> User:
    """The acting person, never somebody whose login only begins so. Refused for who is no user."""
    found = door.find(User, login=login)
    if not found:
        told = stranger(login)
        raise NotFound(told.message, hint=told.hint)
    return found[0]


def user(door: ReadDoor, text: str, *, active: bool = True) -> User:
    """The person with this login, exact name, or unique prefix of either; see `person`."""
    return person(people(door), text, active=active)


def require_kept(noun: str, thing: Any) -> None:
    """Refuse (5) what was withdrawn: nothing is done with it until it is restored."""
    if thing.standing == WITHDRAWN:
        name = ref(noun, thing.id)
        raise Conflict(say("{what} was withdrawn", what=name), hint=command("restore", name))


def person(everyone: Mapping[str, User], text: str, *, active: bool = True) -> User:
    """The one of these people with this login, mail address or name, however it is spelt, or unique prefix of login or
    name. Refused for nobody, for several, and with `active` for somebody deactivated."""
    if text in NOBODY:
        said = (
            say("{text} is no login", text=text) if text else say("a blank names no {noun}", noun=Word("noun", "user"))
        )
        raise UsageError(said, hint=command("user", "list"))
    found = called(everyone, text)
    if not found:
        from oppcli.words.named import folded

        typed = folded(text)
        found = [
            each
            for each in everyone.values()
            if typed and any(folded(name).startswith(typed) for name in (each.login, each.name))
        ]
    if not found:
        from oppcli.words.names import nobody

        raise NotFound(nobody(text, everyone), hint=command("user", "list"))
    require_one(found, text)
    if active and not found[0].active:
        raise deactivated(found[0].login)
    return found[0]


def login(door: ReadDoor, me: str, text: str, *, active: bool = True) -> str:
    """The login that is meant: one's own by `me`, else that of the `user`. Refused as that is."""
    return me if text in ME else user(door, text, active=active).login


def require_one(found: list[User], text: str) -> None:
    """Refuse what several people are called, with the list of them."""
    if len(found) > 1:
        shown = tuple(Reason(person.login, person.name) for person in sorted(found, key=lambda p: p.login)[:10])
        raise Ambiguous(
            say("{text} could be several people", text=text), reasons=shown, hint=say("say which by the login")
        ).for_(text)


def called(everyone: Mapping[str, User], text: str) -> list[User]:
    """Who is meant by a login, else by a mail address or a name, else by one of them spelt otherwise."""
    if text in everyone:
        return [everyone[text]]
    from oppcli.words.named import folded

    exact = [each for each in everyone.values() if text in (each.email, each.name)]
    typed = folded(text)
    return exact or [
        each for each in everyone.values() if typed in map(folded, (each.login, each.email or "", each.name))
    ]


def customer(door: ReadDoor, text: str) -> Customer | None:
    """The customer `C-9` or of this name, however it is spelt; None when there is none. Refused (`Ambiguous`) for the
    name of several, with the list of them."""
    from oppcli.words.names import key

    if text[:2].lower() == "c-":
        known = number("customer", text)
        if known is not None:
            return get(door, Customer, known)
    found = door.find(Customer, key=key(text), standing=KEPT)
    live = [each for each in found if each.standing != MERGED] or found
    if not live:
        return None
    return _one_of(door, text, live) if len(live) > 1 else _standing_for(door, live[0])


def _standing_for(door: ReadDoor, customer: Customer) -> Customer:
    """Itself, or the one that it was merged into. Whoever knows a name may say it: a customer whom they do not see is
    no other one for that."""
    if customer.standing != MERGED:
        return customer
    from oppcli.store.alike import survivor

    return door.get(Customer, survivor(door, "customer", customer.id))


def _one_of(door: ReadDoor, text: str, found: list[Customer]) -> Customer:
    """The only one of several of a name that stands for itself and is theirs to see. Refused where there are more."""
    seen = [each for each in found if queries.visible(door, "customer", each.id)] or found[:1]
    stand = {each.id: each for each in (_standing_for(door, each) for each in seen)}
    if len(stand) > 1:
        shown = tuple(
            Reason(ref("customer", key), told_apart(each.name, each.tax_id or each.external_id or each.address))
            for key, each in sorted(stand.items())[:10]
        )
        raise several_customers(text, shown)
    return next(iter(stand.values()))


def several_customers(text: str, shown: tuple[Reason, ...]) -> Ambiguous:
    """The refusal of a name that several customers have, with the list of them."""
    said = say("{text} could be several customers", text=text)
    return Ambiguous(said, reasons=shown, hint=say("say which by its id")).for_(text)


def known_customer(door: ReadDoor, text: str) -> int:
    """The number of the customer `C-9`, of this name, or of the only name that begins with it or holds it. Refused
    where there is none, or several begin so."""
    from oppcli.words.names import key

    exact = customer(door, text)
    if exact is not None and queries.visible(door, "customer", exact.id):
        return exact.id
    listing = command("customer", "list")
    of_another_noun("customer", text, listing)
    matches = (_spelt(door, text) or queries.customers_named(door, key(text))) if text.strip() else []
    matches = [each for each in matches if queries.visible(door, "customer", each[0])]
    if not matches:
        raise NotFound(no_such("customer", text, door), hint=listing)
    if len(matches) > 1:
        raise several_customers(text, tuple(Reason(ref("customer", key), name) for key, name in matches[:10]))
    return matches[0][0]


def _spelt(door: ReadDoor, text: str) -> list[tuple[int, str]]:
    """(number, name) of the customers that have this name, phone, site … in any spelling; nobody where no such keys are
    kept."""
    kept = queries.derived(door, queries.MATCHING)
    if not kept:
        return []
    from oppcli.store.alike import called

    return called(door, kept, "customer", text)
