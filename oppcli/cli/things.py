"""`opp show REF…`: a card of whatever a reference names, of several things one after the other."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from oppcli.cli.batch import once, things
from oppcli.cli.context import Context
from oppcli.cli.reading import gatherer
from oppcli.errors import NotFound, UsageError
from oppcli.model.nouns import BY_WORD, class_of
from oppcli.model.records import LIVE
from oppcli.model.refs import meant, number, ref
from oppcli.model.said import Word, label, listed, say
from oppcli.reads.cards import Block, Card, carded, together, told_on
from oppcli.reads.table import Column, Kind, Table

if TYPE_CHECKING:
    from oppcli.store.doors import ReadDoor

RARELY = frozenset(("key", "version", "currency", "changes", "meta", "txn", "seq"))
"""Told with `-v`, or beside another field."""
CALLED = ("title", "name", "action")
"""What a thing is called, behind its reference."""


def show(opp: Context, refs: list[str]) -> Table:
    """The things in the order in which they are named, each once. Refused where one is not there, or not theirs to
    see, and where nothing is named."""
    wanted = once(opp, things(refs), "thing", ids_only=False)
    if not wanted:
        raise UsageError(say("nothing to show"))
    tables = [_seen(opp, text) for text in wanted]
    return tables[0] if len(tables) == 1 else together(tables)


def _seen(opp: Context, text: str) -> Table:
    """The thing without what is hidden from who asks. Refused where they ask for that."""
    if meant(text) is None:
        text = _named(opp, text)
    noun, key = meant(text) or ("deal", text)
    table = _one(opp, text, noun, key)
    if opp.sight is None:
        return table
    from oppcli.cli.seeing import without_hidden
    from oppcli.render.view import words

    asked = [name for spec in (opp.given.get("columns"), opp.given.get("sort")) for _, name in words(spec)]
    return without_hidden(table, opp.sight, f"{noun} show", asked)


def _named(opp: Context, text: str) -> str:
    """The reference that words stand for; a number is that of a deal."""
    if number("deal", text) is not None:
        return text
    from oppcli.actions.named_records import thing

    with opp.read() as door:
        try:
            return ref(*thing(door, text))
        except NotFound:
            if not opp.seeks_view:
                raise
            from oppcli.actions.views import unknown

            raise unknown(door, opp.actor, text) from None


def _one(opp: Context, text: str, noun: str, key: str) -> Table:
    if noun in OWN:
        return OWN[noun](opp, text if noun != "user" else key)
    from oppcli.reads.things import one

    with opp.read() as door:
        thing = _found(opp, door, noun, key)
        table = one(BY_WORD[noun], thing, lambda: opp.policy(door).currency)
    return _carded(opp, table, noun) if told_on(opp.given) else table


def _found(opp: Context, door: "ReadDoor", noun: str, key: str) -> Any:
    """The record of this noun and key. Refused for one that is not there, and under a scope for one that is not theirs
    to see, alike."""
    from oppcli.actions import find
    from oppcli.store.queries import known_as
    from oppcli.store.reading import absent

    known = known_as(door, noun, key)
    if known is None:
        raise absent(door, noun, key)
    numbered = BY_WORD[noun].key == "id"
    if numbered and not known.isdecimal():
        raise absent(door, noun, key)
    return find.get(door, class_of(BY_WORD[noun]), int(known) if numbered else known)


def _gathered(path: str, opp: Context, text: str) -> Table:
    """What the read of this path shows of the thing."""
    found = gatherer(path)(opp, text)
    return found if isinstance(found, Table) else found[0]


def _forecast(opp: Context, text: str) -> Table:
    from oppcli.cli.submitted import shown

    return shown(opp, text)


def _user(opp: Context, login: str) -> Table:
    from oppcli.actions import find
    from oppcli.reads.users import one

    with opp.read() as door:
        table = one(door, {"login": find.user(door, login, active=False).login})
        table = table._replace(rows=list(table.rows))
    return _carded(opp, table, "user") if told_on(opp.given) else table


def _entry(opp: Context, text: str) -> Table:
    from oppcli.reads.journal import entries
    from oppcli.store.reading import absent
    from oppcli.words.shown import iso, show_instant

    _, key = meant(text) or ("", "")
    people = told_on(opp.given)
    with opp.read() as door:
        table = entries(
            door,
            things=(("entry", key),),
            show=(lambda ms: show_instant(ms, opp.tz, opp.now)) if people else iso,
            currency=lambda: opp.policy(door).currency,
        )
        if not table.rows:
            raise absent(door, "entry", key)
    table = table._replace(single=True)
    return _carded(opp, table, "entry") if people else table


OWN: Mapping[str, Callable[[Context, str], Table]] = {
    **{noun: partial(_gathered, f"{noun} show") for noun in ("customer", "contact", "deal", "request", "proposal")},
    "user": _user,
    "forecast": _forecast,
    "entry": _entry,
}
"""Nouns that have more to tell than their fields."""


WITHIN = {"card": say("the card as it was:")}
"""Texts of several lines among what a thing keeps besides its fields → what stands above them."""
FROM_NOTHING = ("moves", "skipped")
"""What is counted from nothing, and says nothing before."""


def _carded(opp: Context, table: Table, noun: str) -> Table:
    """The table as people read it: its fields, and texts of several lines below."""
    table, kept = _apart(table)
    row = dict(zip((column.name for column in table.columns), next(iter(table.rows)), strict=True))
    first = next(iter(row.values()))
    called = next((str(row[name]) for name in CALLED if row.get(name)), "")
    said = Word("action", called) if noun == "entry" else called
    reference = first if BY_WORD[noun].prefix else listed((Word("noun", noun), str(first)), " ")
    long = {column.name: column for column in table.columns if "\n" in str(row[column.name] or "")}
    blocks = tuple(
        Block(say("{field}:", field=_title(column)), tuple((line,) for line in str(row[name]).splitlines()), texts=True)
        for name, column in long.items()
        if column.kind is Kind.TEXT
    )
    blocks += tuple(
        Block(WITHIN[name], tuple((line,) for line in kept[name].splitlines()), texts=True) for name in kept
    )
    usual = {name for name in FROM_NOTHING if row.get(name) == 0}
    usual |= {"standing"} if row.get("standing") == LIVE else set[str]()
    told = {
        *long,
        *usual,
        table.columns[0].name,
        *(name for name in CALLED if row.get(name) and str(row[name]) == called),
    }
    left_out = frozenset(told if opp.settings.verbose else told | RARELY)
    head = listed((reference, said), " ") if called and called != first else listed((reference,))
    shown = tuple(column._replace(wide=True) for column in table.columns)
    return carded(table._replace(columns=shown), Card(head, ((),), left_out, (), blocks))


def _apart(table: Table) -> tuple[Table, dict[str, str]]:
    """The table of one thing without the texts `WITHIN` what it keeps, and these."""
    at = next((place for place, column in enumerate(table.columns) if column.name == "extra"), None)
    (row,) = table.rows
    extra = row[at] if at is not None else None
    if at is None or not isinstance(extra, Mapping):
        return table, {}
    kept = {name: str(extra[name]) for name in WITHIN if extra.get(name)}
    rest = {name: value for name, value in extra.items() if name not in kept}
    return table._replace(rows=[(*row[:at], rest, *row[at + 1 :])]), kept


def _title(column: Column) -> str:
    return column.title or label(column.name)
