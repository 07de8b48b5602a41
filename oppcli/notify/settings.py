"""Reading the tables `[notify.NAME]` of the user's file: every mistake at once, never a value that may be secret."""

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from oppcli.config.files import is_file, parsed
from oppcli.config.machine import at_home, user_file
from oppcli.errors import PolicyError
from oppcli.model import events
from oppcli.model.approver import LINE, approver
from oppcli.model.command import command
from oppcli.model.said import Said, listed, say
from oppcli.notify import addresses
from oppcli.notify.addresses import LOOPBACK, PORTS
from oppcli.notify.channel import EVERYONE, Spec
from oppcli.notify.payloads import FORMATS
from oppcli.notify.secret import Source
from oppcli.toml.faults import Faults
from oppcli.toml.shape import ANY, FLAG, MISFIT, TEXT, Holds, Named, Shape, Table, one_of, sound
from oppcli.words.emails import mailbox

NAME = re.compile(r"[\w.-]{1,40}")
LONGEST_TIMEOUT = 60
HINT = command("help", "notices")


def _hidden(what: Said, fits: Callable[[Any], bool]) -> Holds:
    """A value that is never repeated: it may be a secret in the wrong place."""
    return Holds(what, fits, secret=True)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_words(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(word, str) and word for word in value)


def _is_whom(value: Any) -> bool:
    terms = [value] if isinstance(value, str) else value
    return isinstance(terms, list) and bool(terms) and all(isinstance(term, str) and _is_one(term) for term in terms)


def _is_one(term: str) -> bool:
    try:
        return term == EVERYONE or approver(term).kind != LINE
    except ValueError:
        return False


def _is_seconds(value: Any) -> bool:
    good = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    return good and 0 < value <= LONGEST_TIMEOUT


def _is_ids(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(name, str) and ID.fullmatch(name) for name in value.values())


ID = re.compile(r"[\w.@+-]{1,128}")
_TEXT = TEXT._replace(secret=True)
_WORDS = _hidden(say('a list of texts: ["/usr/local/bin/tell", "--loud"]'), _is_words)
_EVENTS = _hidden(
    say('a list of a noun and a verb each, as the journal names them: ["deal.*", "request.approve"]'),
    lambda value: _is_words(value) and all(map(events.sound, value)),
)
_SENDER = _hidden(
    say('a mail address: "opp <opp@example.com>"'),
    lambda value: isinstance(value, str) and mailbox(value) is not None,
)
COMMON: dict[str, Shape] = {
    "kind": _TEXT,
    "to": _hidden(say('"everyone", or a list of "role:NAME" and "user:LOGIN"'), _is_whom),
    "kinds": _WORDS,
    "quiet": FLAG._replace(secret=True),
    "timeout": _hidden(say("a number of seconds, at most {most}", most=LONGEST_TIMEOUT), _is_seconds),
    "ids": _hidden(say("a table that gives each login the other side's id of letters, digits and . _ @ + -"), _is_ids),
}
KINDS: dict[str, Table] = {
    "smtp": Table(
        {
            "host": _TEXT,
            "port": _hidden(say("a number from 1 to 65535"), lambda value: _whole(value) and 0 < value < 65_536),
            "security": one_of(*PORTS)._replace(secret=True),
            "user": _TEXT,
            "password_env": _TEXT,
            "password_file": _TEXT,
            "from": _SENDER,
        },
        required=("host", "from"),
    ),
    "sendmail": Table({"path": _TEXT, "from": _SENDER}, required=("from",)),
    "webhook": Table(
        {
            "url": _TEXT,
            "url_env": _TEXT,
            "url_file": _TEXT,
            "format": one_of(*FORMATS)._replace(secret=True),
            "events": _EVENTS,
            "secret_env": _TEXT,
            "secret_file": _TEXT,
        }
    ),
    "command": Table({"command": _WORDS, "events": _EVENTS}, required=("command",)),
}
IN_THE_OPEN = {"password": "password", "secret": "secret", "token": "url", "pass": "password"}
"""What people write a secret under, and the setting that names where it is instead."""


def read(environ: Mapping[str, str]) -> tuple[Spec, ...]:
    """The channels that are set up. Refuses (`PolicyError`) naming every mistake."""
    path = user_file(environ)
    if not is_file(path):
        return ()
    text, tree = parsed(path)
    faults = Faults(text)
    tables = sound(tree.get("notify", {}), Named(_ANY_TABLE, "notify"), faults, ("notify",)) or {}
    for name, table in tables.items():
        check(name, table, faults)
    if faults.found:
        raise PolicyError(say("{file} cannot be used", file=path), reasons=faults.reasons(), hint=HINT)
    return tuple(spec(name, table, path.parent) for name, table in tables.items())


_ANY_TABLE = Table({}, further=lambda key: ANY)


def check(name: str, table: Mapping[str, Any], faults: Faults) -> None:
    """Tell what is wrong with one channel."""
    path = ("notify", name)
    kind = table.get("kind")
    if not NAME.fullmatch(name):
        faults.add(MISFIT, path, say("a channel's name has letters, digits and . _ - only, at most 40"))
    elif kind not in KINDS:
        faults.add(MISFIT, (*path, "kind"), say("kind must be one of {kinds}", kinds=listed(KINDS)))
    else:
        keys = KINDS[kind]
        sound(table, keys._replace(keys={**COMMON, **keys.keys}, instead=partial(_in_the_open, keys)), faults, path)
        for key, said in _together(kind, table):
            faults.add(MISFIT, (*path, key), said)


def _in_the_open(keys: Table, key: str) -> Said | None:
    """What to say of a secret that is written into the file."""
    meant = IN_THE_OPEN.get(key)
    if meant is None or f"{meant}_env" not in keys.keys:
        return None
    return say(
        '{key} is not written here: {meant}_env = "NAME" or {meant}_file = "PATH" says where it is',
        key=key,
        meant=meant,
    )


def _together(kind: str, table: Mapping[str, Any]) -> Iterator[tuple[str, Said]]:
    """What is wrong with settings that are right each by itself."""
    for what in ("password", "secret", "url"):
        given = [key for key in (f"{what}_env", f"{what}_file", *(["url"] if what == "url" else [])) if key in table]
        if len(given) > 1:
            yield given[0], say("{one} and {other} say the same; one is enough", one=given[0], other=given[1])
        if kind == "webhook" and what == "url" and not given:
            yield "url", say("missing url (or url_env, url_file)")
        if kind == "smtp" and what == "password" and bool(given) != ("user" in table):
            yield "user", say("user and password_env or password_file belong together")
    if kind == "webhook" and isinstance(table.get("url"), str) and (wrong := addresses.wrong(table["url"])):
        yield "url", say("url {wrong}", wrong=wrong)
    if kind == "webhook" and "events" in table and table.get("format", "plain") != "plain":
        yield "events", say("events go out in the format plain alone; give them a channel of their own")
    if kind == "smtp" and table.get("security") == "none" and "user" in table and table.get("host") not in LOOPBACK:
        yield "security", say('security none would send the password in the open; write "starttls" or "ssl"')


def spec(name: str, table: Mapping[str, Any], folder: Path) -> Spec:
    """The channel of a table without mistakes. Paths are relative to the file's folder."""
    told = tuple(table.get("events", ()))
    # What tells another program of events is no way to people, unless it says so.
    to = table.get("to", EVERYONE if "kinds" in table or not told else ())
    values = {key: value for key, value in table.items() if key in KINDS[table["kind"]].keys and key != "events"}
    for what in ("password", "secret", "url"):
        source = _source(what, values, folder)
        if source.given:
            values[what] = source
    if table["kind"] == "smtp":
        values.setdefault("security", "starttls")
    if table["kind"] == "command":
        values["command"] = tuple(table["command"])
    return Spec(
        name=name,
        kind=table["kind"],
        to=(to,) if isinstance(to, str) else tuple(to),
        kinds=tuple(table.get("kinds", ())),
        quiet=table.get("quiet", True),
        timeout=float(table.get("timeout", 10)),
        ids=table.get("ids", {}),
        events=told,
        values=values,
    )


def _source(what: str, values: dict[str, Any], folder: Path) -> Source:
    """Where a secret is, taken out of the values."""
    env, file, plain = (values.pop(key, "") for key in (f"{what}_env", f"{what}_file", what))
    return Source(env=env, file=str(folder / at_home(file)) if file else "", plain=plain)
