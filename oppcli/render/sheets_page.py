"""Several tables as one page, with their figures; nothing is fetched, nothing runs."""

from collections.abc import Iterator

from oppcli import render
from oppcli.reads.table import Picture
from oppcli.render.html import END, opening
from oppcli.render.output import Output
from oppcli.render.sheet_page import OF_PARTS
from oppcli.render.sheets import Sheet, heading
from oppcli.render.view import View


def html(view: View, out: Output) -> Iterator[str]:
    """The page."""
    yield from opening(view, out, OF_PARTS)
    yield from parts(view.picture, out)
    yield END


def parts(picture: Picture | None, out: Output) -> Iterator[str]:
    """A part for each table."""
    assert picture is not None
    for sheet in picture.asked["sheets"]:
        yield part(sheet, out)


def part(sheet: Sheet, out: Output) -> str:
    """One of them."""
    drawn = Picture("sheet", {"heading": heading(sheet, out), "most": None}, ("html",))
    shown = sheet.columns.split(",")
    columns = tuple(each._replace(wide=each.name in shown, place=0) for each in sheet.table.columns)
    table = sheet.table._replace(columns=columns, picture=drawn)
    return render.written(table, out._replace(format="html", columns=None, sort=None, limit=None, showing=None))[0]
