"""Reading the tables `[notify.NAME]` of the user's file: every mistake at once, never a value that may be secret."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from oppcli.config.files import parsed
from oppcli.config.machine import user_file
from oppcli.errors import PolicyError, Reason
from oppcli.model.said import listed, say
from oppcli.notify import addresses
from oppcli.notify.addresses import LOOPBACK, PORTS
from oppcli.notify.channel import Spec
from oppcli.notify.payloads import FORMATS
from oppcli.notify.secret import Source

NAME = re.compile(r"[\w.-]{1,40}")
WHOM = re.compile(r"everyone|(role|user):\S+")
COMMON = ("kind", "to", "kinds", "quiet", "timeout", "ids")
LONGEST_TIMEOUT = 60
HINT = "docs/notices.md shows each kind of channel"


class Key(NamedTuple):
    """One setting of a kind of channel."""

    wrong: Callable[[Any], str | None]
    """What is wrong with a value; never repeats it."""
    required: bool = False


def _text(value: Any) -> str | None:
    return None if isinstance(value, str) and value.strip() else say("is a text")


def _port(value: Any) -> str | None:
    good = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 65_536
    return None if good else say("is a number from 1 to 65535")


def _one_of(*choices: str) -> Callable[[Any], str | None]:
    return lambda value: None if value in choices else say("is one of {choices}", choices=listed(choices))


def _sender(value: Any) -> str | None:
    return (
        None
        if isinstance(value, str) and addresses.mailbox(value)
        else say('is a mail address: "opp <opp@example.com>"')
    )


def _words(value: Any) -> str | None:
    good = isinstance(value, list) and value and all(isinstance(word, str) and word for word in value)
    return None if good else say('is a list of texts: ["/usr/local/bin/tell", "--loud"]')


def _url(value: Any) -> str | None:
    return addresses.wrong(value) if isinstance(value, str) else say("is an address")


KINDS: dict[str, dict[str, Key]] = {
    "smtp": {
        "host": Key(_text, required=True),
        "port": Key(_port),
        "security": Key(_one_of(*PORTS)),
        "user": Key(_text),
        "password_env": Key(_text),
        "password_file": Key(_text),
        "from": Key(_sender, required=True),
    },
    "sendmail": {"path": Key(_text), "from": Key(_sender, required=True)},
    "webhook": {
        "url": Key(_url),
        "url_env": Key(_text),
        "url_file": Key(_text),
        "format": Key(_one_of(*FORMATS)),
        "secret_env": Key(_text),
        "secret_file": Key(_text),
    },
    "command": {"command": Key(_words, required=True)},
}
IN_THE_OPEN = {"password": "password", "secret": "secret", "token": "url", "pass": "password"}
"""What people write a secret under, and the setting that names where it is instead."""


def read(environ: Mapping[str, str]) -> tuple[Spec, ...]:
    """The channels that are set up. Refuses (`PolicyError`) naming every mistake."""
    path = user_file(environ)
    if not path.is_file():
        return ()
    tables = parsed(path).get("notify", {})
    if not isinstance(tables, dict):
        raise PolicyError(
            say("{path} cannot be used", path=path), reasons=(Reason("notify", say("is a table: [notify.mail]")),)
        )
    reasons = [reason for name, table in tables.items() for reason in mistakes(name, table)]
    if reasons:
        raise PolicyError(say("{path} cannot be used", path=path), reasons=tuple(reasons), hint=HINT)
    return tuple(spec(name, table, path.parent) for name, table in tables.items())


def mistakes(name: str, table: Any) -> list[Reason]:
    """What is wrong with one channel."""
    here = f"notify.{name}"
    if not NAME.fullmatch(name):
        return [Reason(here, say("a channel's name has letters, digits and . _ - only, at most 40"))]
    if not isinstance(table, dict):
        return [Reason(here, say("is a table: [{here}]", here=here))]
    kind = table.get("kind")
    if kind not in KINDS:
        return [Reason(f"{here}.kind", say("is one of {kinds}", kinds=listed(KINDS)))]
    keys = KINDS[kind]
    found = [_unknown(kind, key) for key in table if key not in keys and key not in COMMON]
    found += [(key, say("is missing")) for key, each in keys.items() if each.required and key not in table]
    wrong = {**{key: each.wrong for key, each in keys.items()}, **_COMMON}
    found += [(key, said) for key, value in table.items() if key in wrong and (said := wrong[key](value))]
    found += _together(kind, table)
    return [Reason(f"{here}.{key}", said) for key, said in found]


def _unknown(kind: str, key: str) -> tuple[str, str]:
    from difflib import get_close_matches

    known = [*COMMON, *KINDS[kind]]
    meant = IN_THE_OPEN.get(key)
    if meant and f"{meant}_env" in known:
        return key, say(
            'is not written here: {meant}_env = "NAME" or {meant}_file = "PATH" says where it is', meant=meant
        )
    near = get_close_matches(key, known, n=1)
    return key, say(
        "is not known{did}", did=say(", did you mean {near}?", near=near[0]) if near else say(" of {kind}", kind=kind)
    )


def _together(kind: str, table: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is wrong with settings that are right each by itself."""
    found: list[tuple[str, str]] = []
    for what, ways in (("password", ("env", "file")), ("secret", ("env", "file")), ("url", ("env", "file"))):
        given = [
            key for key in (*(f"{what}_{way}" for way in ways), *(["url"] if what == "url" else [])) if key in table
        ]
        if len(given) > 1:
            found.append((given[0], say("and {given} say the same; one is enough", given=given[1])))
        if kind == "webhook" and what == "url" and not given:
            found.append(("url", say("is missing (or url_env, url_file)")))
        if kind == "smtp" and what == "password" and bool(given) != ("user" in table):
            found.append(("user", say("and password_env or password_file belong together")))
    if kind == "smtp" and table.get("security") == "none" and "user" in table and table.get("host") not in LOOPBACK:
        found.append(("security", say('none would send the password in the open; write "starttls" or "ssl"')))
    return found


def _whom(value: Any) -> str | None:
    terms = [value] if isinstance(value, str) else value
    good = isinstance(terms, list) and terms and all(isinstance(term, str) and WHOM.fullmatch(term) for term in terms)
    return None if good else say('is "everyone", or a list of "role:NAME" and "user:LOGIN"')


def _seconds(value: Any) -> str | None:
    good = isinstance(value, int | float | Decimal) and not isinstance(value, bool) and 0 < value <= LONGEST_TIMEOUT
    return None if good else say("is a number of seconds, at most {longest_timeout}", longest_timeout=LONGEST_TIMEOUT)


def _truth(value: Any) -> str | None:
    return None if isinstance(value, bool) else say("is true or false")


def _names(value: Any) -> str | None:
    good = isinstance(value, dict) and all(isinstance(name, str) and ID.fullmatch(name) for name in value.values())
    return None if good else say("gives each login the other side's id of letters, digits and . _ @ + -")


ID = re.compile(r"[\w.@+-]{1,128}")
_COMMON: dict[str, Callable[[Any], str | None]] = {
    "to": _whom,
    "kinds": _words,
    "quiet": _truth,
    "timeout": _seconds,
    "ids": _names,
}


def spec(name: str, table: Mapping[str, Any], folder: Path) -> Spec:
    """The channel of a table without mistakes. Paths are relative to the file's folder."""
    to = table.get("to", "everyone")
    values = {key: value for key, value in table.items() if key in KINDS[table["kind"]]}
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
        values=values,
    )


def _source(what: str, values: dict[str, Any], folder: Path) -> Source:
    """Where a secret is, taken out of the values."""
    env, file, plain = (values.pop(key, "") for key in (f"{what}_env", f"{what}_file", what))
    return Source(env=env, file=str(folder / Path(file).expanduser()) if file else "", plain=plain)
