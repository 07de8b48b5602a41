"""The page of a bundle: what a browser shows of a deal that was put away, without the program and without a network."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import Any

from oppcli.model.said import heading, label, say

Told = Callable[[str], str]
"""A text as its reader is told it."""
STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#222}"
    "table{border-collapse:collapse;margin:.5rem 0 1.5rem}td,th{border:1px solid #ccc;padding:.25rem .6rem;"
    "text-align:left;vertical-align:top}th{background:#f4f4f4}"
)
LEFT_OUT = ("record", "version", "extra", "standing", "path", "key", "decisions", "steps", "seats", "revisions")
"""What the page does not tell of a record: it stands in data.json."""


def page(
    title: str, deal: Mapping[str, Any], sections: Iterable[tuple[str, Sequence[Mapping[str, Any]]]], told: Told
) -> str:
    """One HTML document: the fields of the deal, then a table for each kind of record that it has."""
    fields = {name: value for name, value in {**deal, **deal.get("extra", {})}.items() if _plain(name, value)}
    pairs = ((escape(told(label(name))), _cell(value)) for name, value in fields.items())
    rows = "".join(f"<tr><th>{name}</th><td>{cell}</td></tr>" for name, cell in pairs)
    parts = [f"<h1>{escape(title)}</h1>", f"<table>{rows}</table>"]
    for name, things in sections:
        if things:
            parts += [f"<h2>{escape(told(heading(name)))}</h2>", _table(things, told)]
    note = say("All of it, and what happened when, is in data.json and journal.jsonl; SHA256SUMS proves the files.")
    parts.append(f"<p>{escape(told(note))}</p>")
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{STYLE}</style>'
    return f"<!doctype html><html><head>{head}</head><body>{''.join(parts)}</body></html>\n"


def _plain(name: str, value: Any) -> bool:
    return name not in LEFT_OUT and value not in (None, "", [], {}) and not _nested(value)


def _nested(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and any(isinstance(each, dict) for each in value))


def _table(things: Sequence[Mapping[str, Any]], told: Told) -> str:
    every = dict.fromkeys(name for thing in things for name in thing)
    names = [name for name in every if any(_plain(name, thing.get(name)) for thing in things)]
    head = "".join(f"<th>{escape(told(heading(name)))}</th>" for name in names)
    body = "".join(f"<tr>{''.join(f'<td>{_cell(thing.get(name))}</td>' for name in names)}</tr>" for thing in things)
    return f"<table><tr>{head}</tr>{body}</table>"


def _cell(value: Any) -> str:
    if value is None or _nested(value):
        return ""
    if isinstance(value, list):
        return escape(", ".join(map(str, value)))
    if isinstance(value, str) and value.startswith("files/"):
        return f'<a href="{escape(value, quote=True)}">{escape(value)}</a>'
    return escape(str(value))
