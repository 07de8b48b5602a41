"""Who writes, where the policy asks for proof: what is lacking, asked, checked, and kept for this command line."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from oppcli.cli import secrets_typed
from oppcli.errors import NotAllowed, StoreError
from oppcli.model.command import command
from oppcli.model.credentials import Credential
from oppcli.model.journal import PIN, ROLE
from oppcli.model.people import User
from oppcli.model.said import say
from oppcli.rules import identity, pins, verbs
from oppcli.store import credentials, knowing, open_read

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from oppcli.cli.surroundings import Surroundings
    from oppcli.model.journal import Stamp
    from oppcli.store.doors import ReadDoor, WriteDoor

Signed = Callable[["ReadDoor"], bool]
Opening = Callable[["Surroundings", "Stamp"], "AbstractContextManager[WriteDoor]"]
"""Opens a write door without asking who writes (`writing.unasked`)."""


def is_signed(line: str) -> bool:
    """Whether a command decides, moves authority or replaces data."""
    try:
        return verbs.signed(line)
    except KeyError:
        return False


def lacking(opp: "Surroundings", door: "WriteDoor", signed: Signed | None) -> Credential | None:
    """The credential whose PIN has to be given before this write; None for nothing. Refused (4) where a name was given
    and nothing shows whose it is, while too many wrong PINs were given, and where there is no PIN.

    Who is no active user is refused elsewhere."""
    asks = identity.read(door.scope)
    by = known_by(opp, door)
    signing = signed(door) if signed else is_signed(door.stamp.command)
    if not asks.asks(by, signed=signing):
        return None
    found = door.find(User, login=opp.actor)
    if not found or not found[0].active:
        return None
    if not opp.settings.pin_file and not (signing and asks.proof == PIN):
        raise claimed(opp, door)
    return required(opp, door)


def required(opp: "Surroundings", door: "ReadDoor") -> Credential:
    """The actor's credential. Refused where they have no PIN, and while none is looked at."""
    from oppcli.actions.pins import require_open
    from oppcli.cli.timekeeping import seen_at

    require_open(door, opp.actor, seen_at(opp.settings, door), opp.tz)
    found = credentials.of(door, opp.actor)
    if found is None or found.verifier is None:
        raise NotAllowed(say("{login} has no PIN yet", login=opp.actor), hint=command("user", "pin"))
    return found


def claimed(opp: "Surroundings", door: "ReadDoor") -> NotAllowed:
    """The refusal of a name that was given and nothing else. Who is somebody here by the machine is told so."""
    line = command("login", opp.actor, another=True)
    by_server = knowing.person_of_role(door) if door.dialect == "postgresql" else None
    giver = by_server or opp.os_user
    own = door.find(User, login=giver)
    return NotAllowed(
        say("{giver} gave the name {actor}, and the policy asks for proof", giver=giver, actor=opp.actor),
        hint=say("act as {giver}, or: {line}", line=line, giver=giver) if own and own[0].active else line,
    )


def known_by(opp: "Surroundings", door: "WriteDoor") -> str:
    """The basis on which the person at this command line is known, whatever the channel."""
    if door.stamp.by == ROLE:
        return ROLE
    if door.stamp.role and knowing.role_is_of(door, opp.actor):
        return ROLE
    return opp.basis


def answer(opp: "Surroundings", credential: Credential, opening: Opening) -> None:
    """Ask for the PIN and keep what signs with it for the rest of this command line. Refused (4) for a wrong one, which
    is put on record first."""
    text = secrets_typed.asked(opp, say("PIN of {login}", login=credential.login))
    key = check(opp, credential, text, "PIN", opening)
    opp.sign = pins.marker(key[32:])


def check(opp: "Surroundings", credential: Credential, text: str, what: str, opening: Opening) -> bytes:
    """K of a PIN or code that is right. Refused (4) for any other, on record, and for every one after too many."""
    from oppcli.actions.pins import is_right, settled

    right, key = is_right(credential, text)
    with opening(opp, opp.stamp("user pin")) as door:
        wrong = settled(door, credential.login, right and credentials.of(door, credential.login) == credential, what)
    if wrong is not None:
        raise wrong
    return key


def prove_reader(opp: "Surroundings", opening: Opening) -> None:
    """Take the PIN from its file before a read that wants more than the name that was given. Refused as a write is;
    who is no active user is refused elsewhere."""
    from oppcli.rules import scopes

    with open_read(opp.db) as door:
        kept = knowing.scope(door)
        if scopes.scope(kept) is None or not identity.read(kept).asks(reading_by(opp, door), signed=False):
            return
        found = door.find(User, login=opp.actor)
        if not found or not found[0].active:
            return
        credential = required(opp, door)
    answer(opp, credential, opening)


def require_reader(opp: "Surroundings", door: "ReadDoor") -> None:
    """Refuse a read by a name that was given and nothing else, where the policy has a scope and asks for proof."""
    asks = identity.read(knowing.scope(door))
    if asks.asks(reading_by(opp, door), signed=False):
        raise claimed(opp, door)


def reading_by(opp: "Surroundings", door: "ReadDoor") -> str:
    """The basis on which the person is known to a read."""
    return ROLE if knowing.role_is_of(door, opp.actor) else opp.basis


def called_so(opp: "Surroundings", text: str) -> str:
    """The login of who is called so by login, mail address or name; the text itself where nobody is, and where there is
    no database yet. Refused (`Ambiguous`) where several are."""
    from oppcli.actions import find

    try:
        with open_read(opp.db) as door:
            found = find.called(find.people(door), text)
    except StoreError:
        return text
    find.require_one(found, text)
    return found[0].login if found else text


def named_by_server(opp: "Surroundings") -> str | None:
    """The person whose role the server knows this program by; None where it is nobody's, and where there is no
    database yet."""
    try:
        with open_read(opp.db) as door:
            return knowing.person_of_role(door)
    except StoreError:
        return None
