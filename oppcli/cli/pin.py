"""`opp user pin`: a PIN is set or changed, one-time codes are given out."""

import secrets
from collections.abc import Sequence
from pathlib import Path

from oppcli.actions import pins as acts
from oppcli.actions.act import Act
from oppcli.actions.outcome import Outcome
from oppcli.cli import proving, secrets_typed
from oppcli.cli.context import Context
from oppcli.cli.timekeeping import seen_at
from oppcli.cli.writing import unasked
from oppcli.errors import NotAllowed, UsageError
from oppcli.model.credentials import Credential
from oppcli.model.said import say
from oppcli.rules import identity, pins
from oppcli.store import credentials


def change(opp: Context, new_file: Path | None) -> Outcome:
    """The acting person's own PIN. Refused for one that is too easy, for a wrong old PIN or code, and where nothing
    shows who asks."""
    with unasked(opp, opp.stamp("user pin")) as door:
        person = opp.look(door).me
        proof, by = identity.read(door.scope).proof, proving.known_by(opp, door)
        before = acts.wanted(door, person, proof=proof, by=by, now=seen_at(opp.settings, door), zone=opp.tz)
    if opp.dry_run:
        return Outcome(done=(say("{login} would have a PIN from now on", login=person.login),))
    old = _given(opp, before) if before is not None else b""
    pin = _new(opp, person.login, new_file)
    salt = secrets.token_hex(pins.SALT_BYTES)
    key = pins.stretched(pin, salt)
    if before is not None and before.verifier is not None:
        opp.sign = pins.marker(key[32:])
    with unasked(opp, opp.stamp("user pin")) as door:
        there = credentials.of(door, person.login)
        if there != before and (before is not None or (there is not None and there.verifier is not None)):
            raise NotAllowed(say("the PIN of {login} was changed meanwhile", login=person.login))
        return acts.set_pin(door, before, old, salt, key)


def _given(opp: Context, before: Credential) -> bytes:
    """K of the old PIN or the code."""
    if before.verifier is not None:
        text = secrets_typed.asked(opp, say("old PIN of {login}", login=before.login))
        return proving.check(opp, before, text, "PIN", unasked)
    text = secrets_typed.asked(opp, say("one-time code of {login}", login=before.login))
    return proving.check(opp, before, text, "code", unasked)


def _new(opp: Context, login: str, file: Path | None) -> str:
    if file is not None:
        text = secrets_typed.first_line(str(file), "--new-file")
        pins.require_fit(text, login)
        return text
    text = secrets_typed.typed(opp, say("new PIN of {login}", login=login))
    pins.require_fit(text, login)
    if secrets_typed.typed(opp, say("the new PIN again")) != text:
        raise UsageError(say("the two are not the same"))
    return text


def codes(opp: Context, logins: Sequence[str], *, recover: bool) -> Outcome:
    """One-time codes for these people, or for everybody active without a PIN. To recover, for admins, by who owns the
    database. Refused for others."""
    with opp.read(whole=True) as door:
        if recover:
            _require_owner(opp)
        look = opp.look(door)
        people = acts.chosen(look, logins, recover=recover)
    made = acts.made(people, _code, lambda: secrets.token_hex(pins.SALT_BYTES))
    if recover:
        with unasked(opp, opp.stamp("user pin --code")) as writing:
            return acts.give_codes(Act(writing, rules=opp.policy), made, recover=True)
    with opp.act("user pin --code") as act:
        if acts.chosen(act, logins, recover=False) != people:
            raise NotAllowed(say("people were changed meanwhile"))
        return acts.give_codes(act, made, recover=False)._replace(undo=None)


def _code() -> str:
    return "".join(secrets.choice(pins.CODE_LETTERS) for _ in range(pins.CODE_LENGTH))


def _require_owner(opp: Context) -> None:
    """Refuse anybody but the owner of the file (as who they are, not through sudo), or of the tables."""
    from oppcli.store import replacing

    if not replacing.owned(opp.db):
        raise NotAllowed(say("only the owner of the database recovers it"))
