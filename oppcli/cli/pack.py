"""`opp pack`: the reports of a meeting, one below the other; when it was made last is kept in a file of one's own."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oppcli import render
from oppcli.cli import dates_typed, since_last
from oppcli.cli.context import Context
from oppcli.cli.reading import answer_of
from oppcli.errors import OppError
from oppcli.model.said import say
from oppcli.model.units import DAY_MS
from oppcli.reads import catalog
from oppcli.reads.pack import AHEAD, COLUMNS, PACK, SINCE, TOP, Section
from oppcli.reads.table import Footnote, Picture, Row, Table
from oppcli.render.output import Output
from oppcli.render.sheets import Sheet
from oppcli.words.shown import iso, show_instant
from oppcli.words.zones import midnight, today

if TYPE_CHECKING:
    from oppcli.store.doors import ReadDoor

LAST = "last"
OWN = "empty_compared"
"""What the conditions of the pack itself leave out is no news."""
WEEK_MS = 7 * DAY_MS


class Made:
    """When the pack was made: kept once all of it is told."""

    def __init__(self, path: Path, now: int) -> None:
        self._path, self._now = path, now

    def hear(self, row: Row) -> None:
        """It is about no rows."""

    def keep(self) -> None:
        """In place of the one before."""
        since_last.keep(self._path, self._now, [])


def packed(opp: Context, *, team: str | None, since: str | None, top: str | None) -> Table:
    """The pack: every section that there is for who asks, `top` rows of each, or as many as `-L` says. Refused for a
    day that is none, and for a team that nobody leads."""
    from oppcli.cli import filters

    read = catalog.read("pack")
    params = {param.name: param for param in read.params}
    with opp.read() as door:
        most = filters.value(opp, door, params["top"], top)
        limit = opp.given.get("limit")
        most = (TOP if limit is None else limit or sys.maxsize) if most is None else most
        filters.value(opp, door, params["team"], team)
        begins, notes = _begins(opp, door, team, since)
    sheets, left_out = list[Sheet](), list[Footnote]()
    for section in PACK:
        try:
            sheets.append(_sheet(opp, section, team, begins, most))
        except OppError as refused:
            said = say("{section} left out: {why}", section=section.title, why=refused.message)
            left_out.append(Footnote("left_out", 1, said))
    told = {sheet.name: _objects(sheet, opp) for sheet in sheets}
    row = (begins, opp.now, team, *(told.get(section.name, []) for section in PACK))
    times = {"since": show_instant(begins, opp.tz, opp.now), "until": show_instant(opp.now, opp.tz, opp.now)}
    period = say("{since} to {until}", **times)
    return Table(
        COLUMNS,
        [row],
        read.title,
        (Footnote("period", None, period), *notes, *left_out),
        single=True,
        picture=Picture("sheets", {"sheets": sheets, "period": period}, ("table", "plain", "md", "html")),
    )


def _begins(opp: Context, door: "ReadDoor", team: str | None, since: str | None) -> tuple[int, tuple[Footnote, ...]]:
    """From when it tells, and what is to be said of that."""
    path = since_last.place(opp, door, "pack", team or "")
    opp.cursor = Made(path, opp.now)
    if since == LAST:
        if (at := since_last.when(path)) is not None:
            return at, ()
        return opp.now - WEEK_MS, (Footnote("state", None, say("there was no pack before: of the last 7 days")),)
    if since is None:
        return opp.now - WEEK_MS, ()
    return midnight(dates_typed.day(opp, since), opp.tz), ()


def _sheet(opp: Context, section: Section, team: str | None, since: int, most: int) -> Sheet:
    """A section with its rows. Refused as its read is."""
    read = catalog.read(section.path)
    ahead, day = today(opp.now + WEEK_MS, opp.tz), today(since, opp.tz)

    def filled(value: Any, begins: str) -> Any:
        if isinstance(value, list):
            return [filled(each, day.isoformat()) for each in value]
        return value.replace(SINCE, begins).replace(AHEAD, ahead.isoformat()) if isinstance(value, str) else value

    given = {name: filled(value, iso(since)) for name, value in section.args.items()}
    if team is not None:
        given["team"] = team
    table = answer_of(opp, read, given)
    if opp.sight is not None:
        from oppcli.cli import seeing

        table = seeing.without_hidden(table, opp.sight, section.path, ())
    names = [column.name for column in table.columns]
    told = table.rows if table.tells is None else filter(table.tells, table.rows)
    rows = [row for row in told if section.keep(dict(zip(names, row, strict=True)), since, opp.now)]
    table = table._replace(rows=rows, prose="", above=(), below=(), summed=(), picture=None, footer=())
    shown = ",".join(name for name in section.columns.split(",") if name in names)
    table = _sorted(table, section, names)
    total = len(rows)
    if section.top:
        table = table._replace(rows=list(table.rows)[:most])
    notes = tuple(note for note in table.notes if note.omission and note.code != OWN)
    return Sheet(section.name, section.title, table._replace(notes=notes), shown, total)


def _sorted(table: Table, section: Section, names: list[str]) -> Table:
    """By a column, the largest first where a - stands before it; rows without a value last."""
    name = section.sort.lstrip("-")
    if not name or name not in names:
        return table
    at, rows = names.index(name), list(table.rows)
    valued = [row for row in rows if row[at] is not None]
    valued.sort(key=lambda row: row[at], reverse=section.sort.startswith("-"))
    return table._replace(rows=[*valued, *(row for row in rows if row[at] is None)])


def _objects(sheet: Sheet, opp: Context) -> list[Mapping[str, Any]]:
    """Its rows as programs read them."""
    text = render.text(sheet.table._replace(notes=()), Output(format="json", tz=opp.tz, now=opp.now))
    found: list[Mapping[str, Any]] = json.loads(text)
    return found
