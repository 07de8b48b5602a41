"""PINs and one-time codes: checked, set, given out; wrong ones are counted."""

import json
from collections.abc import Callable, Mapping, Sequence

from oppcli.actions import find
from oppcli.actions.act import Act, Look
from oppcli.actions.outcome import Outcome
from oppcli.actions.telling import tell
from oppcli.errors import NotAllowed
from oppcli.model.command import command
from oppcli.model.credentials import Credential
from oppcli.model.journal import CLAIM, LOGIN, ROLE
from oppcli.model.notices import Notice
from oppcli.model.noun import replace
from oppcli.model.people import SERVICE, User
from oppcli.model.said import say
from oppcli.rules import pins
from oppcli.store import credentials
from oppcli.store.doors import ReadDoor, WriteDoor
from oppcli.words.shown import show_instant

Codes = Mapping[str, tuple[str, str, str]]
"""By login: the code, its salt, its verifier."""


def require_open(door: ReadDoor, login: str, now: int, zone: str) -> None:
    """Refuse to look at a PIN, the right one too, while too many wrong ones were given."""
    until = pins.locked_until(credentials.refused_at(door, login, pins.GUESSES), now)
    if until is not None:
        told = show_instant(until, zone or "UTC", now)
        code = command("user", "pin", login, "--code", another=True)
        raise NotAllowed(
            say("too many wrong PINs of {login}: none is looked at until {told}", login=login, told=told),
            hint=say("wait; if it is forgotten, an admin gives a code that is good after that: {code}", code=code),
        )


def settled(door: WriteDoor, login: str, right: bool, what: str) -> NotAllowed | None:
    """After a look at what was typed: None for a right one; a wrong one is put on record, and what to tell comes back.

    Refused where others were faster with wrong ones: right and wrong look alike then."""
    require_open(door, login, door.at, door.stamp.tz)
    if right:
        return None
    door.note(credentials.REFUSED, "user", login, {"what": what})
    return NotAllowed(say("that is not the {what} of {login}", what=what, login=login))


def wanted(door: ReadDoor, person: User, *, proof: str, by: str, now: int, zone: str) -> Credential | None:
    """What must be given before a PIN is set: the credential whose PIN or code is asked, None for nothing.

    A first PIN is set by whoever acts as the person while the policy asks for no proof, else by a code, the person's
    role on the server, or their own login where the policy rests on it. Refused for everybody else."""
    require_open(door, person.login, now, zone)
    found = credentials.of(door, person.login)
    if found is not None and found.verifier is not None:
        return found
    if by == ROLE or (by == LOGIN and proof == LOGIN):
        return None
    if found is not None and found.code is not None and now < (found.code_ends or 0):
        return found
    if proof == CLAIM:
        return None
    raise NotAllowed(
        say("{login} needs a one-time code to set a PIN", login=person.login),
        hint=say("an admin gives one: {line}", line=command("user", "pin", person.login, "--code", another=True)),
    )


def is_right(credential: Credential, text: str) -> tuple[bool, bytes]:
    """Whether this is its PIN, or its code where it has no PIN; and K."""
    if credential.verifier is not None:
        key = pins.stretched(text, credential.salt)
        return pins.fits(key, credential.verifier), key
    key = pins.stretched(pins.code_typed(text), credential.salt)
    return pins.fits(key, credential.code), key


def set_pin(door: WriteDoor, before: Credential | None, old: bytes, salt: str, key: bytes) -> Outcome:
    """The actor's new PIN, whose K this is. `old` is K of the PIN it takes the place of, which keeps its marks
    checkable; nothing where there was none."""
    login = door.stamp.actor
    earlier = None
    if before is not None and before.verifier is not None:
        known = json.loads(before.earlier or "[]")
        earlier = json.dumps([pins.wrapped(old[32:], key[32:]).hex(), *known])
    new = Credential(login=login, salt=salt, verifier=pins.verifier(key), earlier=earlier)
    person = door.get(User, login)
    credentials.put(door, new)
    how = "pin" if old and before and before.verifier else "code" if before else "nothing"
    at = max(door.at, (person.pin_at or 0) + 1)
    door.save(person, replace(person, pin_at=at), action=credentials.PIN_SET, meta={"digest": new.digest, "with": how})
    return Outcome(done=(say("{login} has a PIN from now on", login=login),), ids=(login,))


def without_pin(people: Mapping[str, User]) -> tuple[str, ...]:
    """Who is active, no service, and has none."""
    lacking = (user for user in people.values() if user.active and not user.pin_at and SERVICE not in user.roles)
    return tuple(sorted(user.login for user in lacking))


def chosen(act: Look, logins: Sequence[str], *, recover: bool) -> tuple[str, ...]:
    """Who gets a code: those named, else everybody active without a PIN; to recover, admins alone. Refused for anybody
    but an admin, but for the owner of the database who recovers it."""
    if not recover:
        act.require("user pin --code", say("give out one-time codes"))
    named = tuple(dict.fromkeys(find.person(act.people, login).login for login in logins))
    if recover:
        admins = tuple(user.login for user in act.people.values() if user.active and user.is_admin)
        others = [login for login in named if login not in admins]
        if others:
            raise NotAllowed(
                say(
                    "{login} is no admin: recovering gives admins a code, who give theirs to all others",
                    login=others[0],
                )
            )
        return named or admins
    return named or without_pin(act.people)


def made(logins: Sequence[str], code: Callable[[], str], salt: Callable[[], str]) -> Codes:
    """A new code for each, ready to be stored."""
    found = {}
    for login in logins:
        text, grain = code(), salt()
        found[login] = (text, grain, pins.verifier(pins.stretched(text, grain)))
    return found


def give_codes(act: Act, codes: Codes, *, recover: bool) -> Outcome:
    """Each code takes the PIN and the sessions of before; the people are told. They are printed here and nowhere
    else."""
    ends = act.now + pins.CODE_MS
    lines = []
    for login, (text, salt, verifier) in codes.items():
        person = act.people[login]
        new = Credential(login=login, salt=salt, code=verifier, code_ends=ends)
        credentials.put(act.door, new)
        meta = {"digest": new.digest, "ends": ends, **({"recovered": True} if recover else {})}
        _tell_of_code(act, person, meta)
        told = act.when(ends)
        lines.append(say("{login}  {text}  once, until {told}", login=login, text=text, told=told))
    if not lines:
        return Outcome(done=(say("everybody has a PIN"),))
    return Outcome(done=tuple(lines), ids=tuple(f"{login} {code[0]}" for login, code in codes.items()))


def _tell_of_code(act: Act, person: User, meta: Mapping[str, object]) -> None:
    if person.pin_at is None:
        act.door.note(credentials.CODE_GIVEN, "user", person.login, meta)
    else:
        act.door.save(person, replace(person, pin_at=None), action=credentials.CODE_GIVEN, meta=meta)
    text = say("{by} gave out a one-time code for your PIN: the PIN and the sessions of before are void", by=act.by)
    tell(act, [person.login], Notice(to="", kind="code", text=text), myself=True)
