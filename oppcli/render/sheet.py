"""A table as a part of something longer, a letter or a page of many: its heading, its rows, what is said of them."""

from oppcli import render
from oppcli.model.said import say
from oppcli.reads.table import Footnote, Picture, Table
from oppcli.render.output import Output
from oppcli.render.screen import harmless
from oppcli.render.sheets import WIDTH


def text(heading: str, table: Table, out: Output, most: int | None) -> str:
    """As lines of text: a row that is wider takes several."""
    asked = out._replace(format="table", width=out.width or WIDTH, limit=most)
    lines, notes = render.written(with_cut(table, most), asked)
    told = [harmless(out.told(note.text)) for note in notes]
    return "\n".join([harmless(heading), "", lines.rstrip("\n"), *([""] if told else []), *told])


def part(heading: str, table: Table, out: Output, most: int | None) -> str:
    """As a part of a page (`sheet_page`)."""
    if table.picture is not None and "sheets" in table.picture.asked:
        from oppcli.render.sheets_page import parts

        return "".join(parts(table.picture, out))
    picture = Picture("sheet", {"heading": heading, "most": most}, ("html",))
    drawn = with_cut(table, most)._replace(picture=picture)
    return render.written(drawn, out._replace(format="html", columns=None))[0]


def with_cut(table: Table, most: int | None) -> Table:
    """The table, which says how many of its rows there is room for."""
    rows = list(table.rows)
    if most is None or len(rows) <= most:
        return table._replace(rows=rows)
    said = say("{limit:,} of {total:,}", limit=most, total=len(rows))
    return table._replace(rows=rows, notes=(Footnote("limit", len(rows) - most, said), *table.notes))
