"""The page of a packet: a request as its reader is shown it, the files within it, and how to answer. One file, which
needs no network and no program."""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from html import escape

from oppcli.model.command import Command
from oppcli.model.digest import sha256
from oppcli.model.said import Speak, say
from oppcli.reads.cards import Block
from oppcli.render.html import LANGUAGES, SAFETY
from oppcli.render.screen import harmless
from oppcli.tuples import NamedTuple

STYLE = (
    'body{font:15px/1.5 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;margin:2rem auto;max-width:60rem;'
    "padding:0 1rem;color:#222}table{border-collapse:collapse;margin:.4rem 0 1.2rem}td{border-bottom:1px solid #ddd;"
    "padding:.25rem .8rem .25rem 0;vertical-align:top;white-space:pre-line;overflow-wrap:anywhere}"
    "h2{font-size:1rem;margin:1.2rem 0 .2rem}pre{background:#f4f4f4;padding:.8rem;white-space:pre-wrap}"
)
END = "<!-- shown -->\n"
"""Up to here goes what was shown: its SHA-256 stands in the answer."""


class Enclosed(NamedTuple):
    """A file in the page."""

    name: str
    data: bytes


class Asked(NamedTuple):
    """One seat that is answered for."""

    step: str
    first: str
    """The first line of a yes, as its reader types it."""
    until: str
    why: tuple[str, ...] = ()
    """What a no needs behind its code."""


def shown(
    title: str,
    blocks: Iterable[Block],
    files: Sequence[Enclosed],
    left_out: Sequence[tuple[str, str]],
    tell: Speak,
    lang: str,
) -> str:
    """The page to the end of what is shown. The commands of a terminal are left out: who reads it has none."""
    heading = escape(harmless(tell(title)))
    parts = [
        f'<!doctype html>\n<html lang="{LANGUAGES.get(lang, "en")}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{SAFETY}">\n<title>{heading}</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n<h1>{heading}</h1>\n"
    ]
    parts += [_block(block, tell) for block in blocks if not _is_typed(block)]
    if files or left_out:
        parts.append(f"<h2>{_cell(say('Files in this packet:'), tell)}</h2>\n<table>\n")
        parts += [f"<tr><td>{_link(each)}</td><td>{len(each.data):,}</td></tr>\n" for each in files]
        parts += [f"<tr><td>{_cell(name, tell)}</td><td>{_cell(why, tell)}</td></tr>\n" for name, why in left_out]
        parts.append("</table>\n")
    return "".join([*parts, END])


def digest(page: str) -> str:
    """SHA-256 of what is shown, in hexadecimal digits."""
    return sha256(page.partition(END)[0].encode())


def answered(page: str, asked: Sequence[Asked], named: str, tell: Speak) -> str:
    """The whole page: below what is shown how to answer; `named` is the line that says what."""
    parts = [page, f"<h2>{_cell(say('Your answer'), tell)}</h2>\n"]
    how = say(
        "Write it into a text file, or a mail, as it stands here: the first line with approve, reject, return or ask, "
        "and in the lines under it what you have to say; the last line stays."
    )
    parts.append(f"<p>{_cell(how, tell)}</p>\n")
    for each in asked:
        head = say("{name}, once, until {until}:", name=each.step, until=each.until)
        parts += [f"<p>{_cell(each_line, tell)}</p>\n" for each_line in (head, *each.why)]
        parts.append(f"<pre>{_cell(each.first, tell)}\n\n&gt; {escape(named)}</pre>\n")
    parts.append("</body>\n</html>\n")
    return "".join(parts)


def _is_typed(block: Block) -> bool:
    return any(isinstance(cell, Command) for row in block.rows for cell in row)


def _block(block: Block, tell: Speak) -> str:
    title = f"<h2>{_cell(block.title, tell)}</h2>\n" if block.title else ""
    if block.texts:
        return title + "".join(f"<p>{_cell(row[0], tell)}</p>\n" for row in block.rows)
    rows = "".join(f"<tr>{''.join(f'<td>{_cell(cell, tell)}</td>' for cell in row)}</tr>\n" for row in block.rows)
    return f"{title}<table>\n{rows}</table>\n"


def _cell(text: str, tell: Speak) -> str:
    return escape(harmless(tell(text), newlines=True))


def _link(file: Enclosed) -> str:
    data = b64encode(file.data).decode("ascii")
    name = escape(harmless(file.name), quote=True)
    return f'<a download="{name}" href="data:application/octet-stream;base64,{data}">{name}</a>'
