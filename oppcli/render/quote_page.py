"""A version of a quote as its customer reads it: html, md, csv. The same bytes whenever it is written.

It has what is offered and what that costs, never the price list, costs, floors, margins or remarks.
"""

import csv
import io
from collections.abc import Callable, Sequence
from html import escape

from oppcli.model.said import say
from oppcli.tuples import NamedTuple

STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;color:#222}"
    "table{border-collapse:collapse;width:100%;margin:1rem 0}td,th{border-bottom:1px solid #ccc;padding:.3rem .6rem;"
    "text-align:left;vertical-align:top}.n{text-align:right;white-space:nowrap}.draft{color:#b00020;font-weight:bold}"
)
FORMATS = (".html", ".md", ".csv")
Told = Callable[[str], str]
"""A text as its reader is told it."""


class Offer(NamedTuple):
    """What a customer is shown, as texts."""

    title: str
    draft: bool
    facts: tuple[tuple[str, str], ...]
    """(what it is called, what it is): customer, day, validity, currency."""
    lines: tuple[tuple[str, ...], ...]
    """Position, item, quantity, unit, price of one, amount, rate of tax."""
    totals: tuple[tuple[str, str], ...]
    terms: str


def headings() -> tuple[str, ...]:
    """Above the columns of the lines."""
    return (
        *(say("No."), say("Item"), say("Quantity"), say("Unit")),
        *(say("Unit price"), say("Amount"), say("Tax")),
    )


NUMBERS = (2, 4, 5, 6)
"""Columns that stand at the right."""
DRAFT = say("DRAFT, NOT APPROVED")


def page(offer: Offer, suffix: str, told: Told) -> str:
    """The whole file in one of the `FORMATS`."""
    return {".html": _html, ".md": _md, ".csv": _csv}[suffix](offer, told)


def _html(offer: Offer, told: Told) -> str:
    parts = [f"<h1>{escape(told(offer.title))}</h1>"]
    if offer.draft:
        parts.append(f'<p class="draft">{escape(told(DRAFT))}</p>')
    parts.append(_table_of([[told(name), told(value)] for name, value in offer.facts], (), ()))
    parts.append(_table_of(offer.lines, [told(each) for each in headings()], NUMBERS))
    parts.append(_table_of([[told(name), told(value)] for name, value in offer.totals], (), (1,)))
    if offer.terms:
        parts += [f"<h2>{escape(told(say('Terms')))}</h2>", f"<p>{escape(offer.terms).replace(chr(10), '<br>')}</p>"]
    head = f'<meta charset="utf-8"><title>{escape(told(offer.title))}</title><style>{STYLE}</style>'
    return f"<!doctype html><html><head>{head}</head><body>{''.join(parts)}</body></html>\n"


def _table_of(rows: Sequence[Sequence[str]], heads: Sequence[str], numbers: Sequence[int]) -> str:
    def cells(row: Sequence[str], tag: str) -> str:
        return "".join(
            f"<{tag}{' class=n' if at in numbers else ''}>{escape(text)}</{tag}>" for at, text in enumerate(row)
        )

    top = f"<tr>{cells(heads, 'th')}</tr>" if heads else ""
    body = "".join(f"<tr>{cells(row, 'td')}</tr>" for row in rows)
    return f"<table>{top}{body}</table>"


_MARKS = str.maketrans({mark: "\\" + mark for mark in "\\|*_`[]~#"} | {"<": "&lt;", "&": "&amp;", "\n": " "})


def _md(offer: Offer, told: Told) -> str:
    def row(cells: Sequence[str]) -> str:
        return f"| {' | '.join(cell.translate(_MARKS) for cell in cells)} |"

    heads = [told(each) for each in headings()]
    rule = ["---:" if at in NUMBERS else "---" for at in range(len(heads))]
    parts = [f"# {told(offer.title).translate(_MARKS)}", ""]
    parts += [f"**{told(DRAFT)}**", ""] if offer.draft else []
    parts += [f"{told(name).translate(_MARKS)}: {told(value).translate(_MARKS)}  " for name, value in offer.facts]
    parts += ["", row(heads), f"| {' | '.join(rule)} |", *map(row, offer.lines), ""]
    parts += [f"{told(name).translate(_MARKS)}: {told(value).translate(_MARKS)}  " for name, value in offer.totals]
    parts += ["", f"## {told(say('Terms'))}", "", offer.terms] if offer.terms else []
    return "\n".join(parts) + "\n"


def _csv(offer: Offer, told: Told) -> str:
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\r\n")
    if offer.draft:
        write.writerow([told(DRAFT)])
    write.writerow([told(each) for each in headings()])
    write.writerows([_plain(at, cell) for at, cell in enumerate(line)] for line in offer.lines)
    for name, value in offer.totals:
        write.writerow(["", told(name), "", "", "", told(value).replace(",", "")])
    return out.getvalue()


def _plain(at: int, cell: str) -> str:
    """A cell as a spreadsheet reckons with it: figures without their commas, a text that is no formula."""
    if at in NUMBERS:
        return cell.replace(",", "")
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@") else cell
