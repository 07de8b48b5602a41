"""What completion offers of fields, each beside what this person calls it: columns and sort keys of a read, conditions,
what a read can be split by, and what `--set` may change. The team's own are among them, but none that is hidden.

A read's columns are told without a database, too. Never loads Typer: a keystroke waits for it.
"""

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from oppcli.model.nouns import RECORDS
from oppcli.model.said import HEADING, Word, label
from oppcli.named_here import LANGUAGE, OWN_FIELDS, POLICY, Words, named, seen
from oppcli.speech import Voice, spoken
from oppcli.tuples import NamedTuple

_PART = re.compile(r"(?P<before>.*[\s()\[\],=<>!~])?(?P<begun>[^\s()\[\],=<>!~]*)", re.DOTALL)
"""A condition that is being typed: what stands, and the word at its end."""
_COMPARED = re.compile(r"(?P<field>[^\s()\[\],=<>!~]+)\s*(?:==?|!=|(?:\s+not)?\s+in\s*\[[^\]]*)\s*$")
"""What stands before a value: its field, and that it is compared."""
_PEOPLE = ("owner", "waiting_on", "submitted_by", "created_by", "actor", "who")
_NAMED = {"stage": "stage", "source": "source", "currency": "currency", "customer": "customer", "tags": "tag"}
_NAMED |= dict.fromkeys(_PEOPLE, "owner")
"""Fields whose values are known by a list of names."""


class Known(NamedTuple):
    """What the database says of fields: the team's own with their titles, those that this person does not have, the
    language of the policy, and what a field may be."""

    own: tuple[tuple[str, str], ...] = ()
    hidden: tuple[str, ...] = ()
    language: str = ""
    values: tuple[tuple[str, str], ...] = ()


def offered(db: str, me: str, kind: str, prefix: str) -> Words:
    """The words that may stand there; of a read that is not there none."""
    what, _, path = kind.partition(" ")
    compared = _value_of(what, prefix)
    try:
        with seen(db, me) as connection:
            known = _known(connection, compared, me) if connection else Known()
    except Exception:  # no database: what every team has is known all the same
        if what == "set":
            return []
        known = Known()
    tell = teller(known.language)
    if what == "by":
        return _begun(_choices(path, tell), prefix)
    if what == "set":
        return _settable(known, tell, prefix)
    columns = dict(_columns(path, known, tell, compared=what == "where"))
    if what == "where":
        return _condition(columns, known, prefix)
    return _list(columns, prefix, signs="+-" if what == "columns" else "-")


def nouns() -> Words:
    """What there is, each beside what this person calls it."""
    tell = teller("")
    return [(noun.word, tell(Word("noun", noun.word))) for noun in RECORDS]


def _value_of(what: str, prefix: str) -> str:
    """The field whose value is being typed; nothing where that is a field itself."""
    if what == "set":
        name, sign, _ = prefix.partition("=")
        return name if sign else ""
    found = _PART.fullmatch(prefix) if what == "where" else None
    compared = _COMPARED.search(found["before"] or "") if found else None
    return compared["field"] if compared else ""


def _known(connection: Any, compared: str, me: str) -> Known:
    fields, language = (connection.execute(sql).fetchone() for sql in (OWN_FIELDS, LANGUAGE))
    own = tuple((each[0], each[2] if len(each) > 2 else "") for each in json.loads(fields[0])) if fields else ()
    hidden = tuple(getattr(connection, "hidden", ()))
    values = _values(connection, compared, me) if compared and compared not in hidden else []
    return Known(own, hidden, language[0] if language else "", tuple(values))


def _values(connection: Any, field: str, me: str) -> Words:
    """What a field may be: as the policy or the program lists it, else what is in use."""
    from oppcli.model.fields import BUILT_IN
    from oppcli.toml.reading import known

    row = connection.execute(POLICY).fetchone()
    rule = (known(row[0]).get("fields", {}) if row else {}).get(field, {})
    listed = rule.get("values") or (BUILT_IN[field].values if field in BUILT_IN else ())
    if listed or field not in _NAMED:
        return [(str(value), "") for value in listed]
    return named(connection, _NAMED[field], "", me)


def teller(policy_language: str) -> Callable[[str], str]:
    """What tells a title in the language that this person is answered in."""
    from oppcli.config import language_at_hand
    from oppcli.config.machine import locale_language

    asked = language_at_hand({}, os.environ)
    voice = Voice(lang=asked or policy_language or locale_language(os.environ))
    return lambda title: spoken(title, voice)


def _columns(path: str, known: Known, tell: Callable[[str], str], *, compared: bool) -> Iterator[tuple[str, str]]:
    from oppcli.reads import catalog
    from oppcli.reads.own import BESIDE

    columns = catalog.read(path).columns or tuple(each for of in MANY[path]() for each in of)
    if compared:
        from oppcli.reads.asking import KINDS

        columns = tuple(column for column in columns if column.kind in KINDS)
    names = {column.name for column in columns}
    yield from ((each.name, tell(each.heading)) for each in columns if each.name not in known.hidden)
    if names.issuperset(field.name for field in BESIDE):  # a read of deals, which has the team's own, too
        yield from ((name, title) for name, title in known.own if name not in known.hidden)


def _shown() -> Iterator[Iterable[Any]]:
    from oppcli.reads import catalog

    return (catalog.read(f"{noun} show").columns for noun in ("deal", "request", "customer", "contact", "proposal"))


def _exported() -> Iterator[Iterable[Any]]:
    from oppcli.reads.exports import EXPORTS

    return (each.columns for each in EXPORTS.values())


def _viewed() -> Iterator[Iterable[Any]]:
    from oppcli.reads.own import BESIDE
    from oppcli.reads.sql_views import views
    from oppcli.reads.table import Column

    return ((Column(each.name) for each in view.columns) for view in views("sqlite", BESIDE, ""))


MANY: Mapping[str, Callable[[], Iterator[Iterable[Any]]]] = {"show": _shown, "export": _exported, "sql": _viewed}
"""Reads whose columns go by what is asked of them → the columns of all that may be."""


def _choices(path: str, tell: Callable[[str], str]) -> Words:
    from oppcli.reads import catalog

    return [
        (choice, tell(Word(param.words or HEADING, choice) if param.words != HEADING else label(choice)))
        for param in catalog.read(path).params
        if param.name == "by"
        for choice in param.choices
    ]


def _list(columns: dict[str, str], prefix: str, signs: str) -> Words:
    """Names in a list with commas, each with a sign or without: those that are not there yet."""
    before, comma, part = prefix.rpartition(",")
    sign = part[:1] if part[:1] and part[:1] in signs else ""
    there = {name.lstrip("+-") for name in before.split(",")}
    words = [(name, title) for name, title in columns.items() if name not in there]
    return [(f"{before}{comma}{sign}{word}", title) for word, title in _begun(words, part.removeprefix(sign))]


def _condition(columns: dict[str, str], known: Known, prefix: str) -> Words:
    """Fields, and behind a comparison what the field may be; each behind what was typed."""
    found = _PART.fullmatch(prefix)
    before, begun = (found["before"] or "", found["begun"]) if found else ("", prefix)
    words = [*known.values] if _COMPARED.search(before) else list(columns.items())
    return [(f"{before}{word}", title) for word, title in _begun(words, begun) if not re.search(r"\s", word)]


def _settable(known: Known, tell: Callable[[str], str], prefix: str) -> Words:
    """`name=` of what `--set` may change, with its title; behind the sign what it may be, where that is a list."""
    from oppcli.model.fields import BUILT_IN

    name, sign, value = prefix.partition("=")
    if sign:
        return [(f"{name}={word}", note) for word, note in _begun([*known.values], value)]
    titles = {name: each.title or label(name.replace("_", " ")) for name, each in BUILT_IN.items() if each.editable}
    told = {name: tell(title) for name, title in titles.items()} | dict(known.own)
    return [(f"{name}=", title) for name, title in _begun(list(told.items()), prefix) if name not in known.hidden]


def _begun(words: Words, begun: str) -> Words:
    """Those that begin with what was typed; where none does, those whose title does, by the title: it may be typed as
    well."""
    folded = begun.casefold()
    found = [(word, note) for word, note in words if word.casefold().startswith(folded)]
    return found or [(note, word) for word, note in words if note.casefold().startswith(folded)]
