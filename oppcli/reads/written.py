"""What is generated from the reads: the index that finds them, and the tables in docs/reports.md."""

import re
from collections.abc import Iterator
from pathlib import Path

from oppcli.model.nouns import RECORDS, class_of
from oppcli.model.said import listed, say
from oppcli.reads import catalog, own
from oppcli.reads.index import MODULES
from oppcli.reads.sql_views import views
from oppcli.reads.table import Param, Read
from oppcli.store.mapping import shape_of

HERE = Path(__file__).parent
INDEX, DOCS = HERE / "index.py", HERE.parents[1] / "docs" / "reports.md"
NOUNS_DOCS, SQL_DOCS = DOCS.with_name("database.md"), DOCS.with_name("sql.md")
BEGIN, END = "<!-- from the catalogue: begin -->", "<!-- from the catalogue: end -->"
BEGIN_NOUNS, END_NOUNS = "<!-- from the registry of nouns: begin -->", "<!-- from the registry of nouns: end -->"

BEGIN_VIEWS, END_VIEWS = "<!-- the views: begin -->", "<!-- the views: end -->"


def index() -> str:
    """The text of `index.py`: each read by its place, a list of things before what is done with one."""
    named = sorted(
        ((read.path, module) for module, read in catalog.found()),
        key=lambda each: (each[0].partition(" ")[0], not each[0].endswith(" list"), each[0]),
    )
    lines = "".join(f'    "{path}": "{module}",\n' for path, module in named)
    head = '"""In which module each read is; made by `python -m oppcli.reads`, do not edit."""'
    return f"{head}\n\nMODULES = {{\n{lines}}}\n"


def reports() -> str:
    """The text of docs/reports.md with its generated part made anew."""
    return _anew(DOCS, BEGIN, END, _tables())


def nouns() -> str:
    """The text of docs/database.md with its table of nouns made anew."""
    return _anew(NOUNS_DOCS, BEGIN_NOUNS, END_NOUNS, _nouns())


def sql() -> str:
    """The text of docs/sql.md with its table of views made anew."""
    return _anew(SQL_DOCS, BEGIN_VIEWS, END_VIEWS, _views())


def _views() -> Iterator[str]:
    yield "| view | columns |"
    yield "|---|---|"
    for view in views("sqlite", own.BESIDE, ""):
        told = ", ".join(f"`{each.name}` {each.kind}" for each in view.columns)
        yield f"| `{view.name}` | {told} |"


def _anew(page: Path, begin: str, end: str, lines: Iterator[str]) -> str:
    before, _, rest = page.read_text("utf-8").partition(begin)
    return before + begin + "\n\n" + "\n".join(lines) + "\n" + end + rest.partition(end)[2]


def _nouns() -> Iterator[str]:
    yield "| noun | 中文 | is referred to as | table, and those of its parts | key | listed by | exported by |"
    yield "|---|---|---|---|---|---|---|"
    for noun in RECORDS:
        example = f"{noun.prefix}7" if noun.prefix else f"{noun.word}:{noun.key.upper()}"
        parts = ", ".join(f"`{part.table}`" for part in shape_of(class_of(noun)).family)
        cells = (noun.word, noun.zh, f"`{example}`", parts, f"`{noun.key}`")
        yield f"| {' | '.join(cells)} | `opp {noun.listing}` | `opp export {noun.plural}` |"


def _tables() -> Iterator[str]:
    for path in MODULES:
        yield from _section(catalog.read(path))


def _section(read: Read) -> Iterator[str]:
    yield say("### opp {path}\n", path=read.path)
    yield f"{read.title}: {read.help}.\n" if read.title else f"{read.help}.\n"
    if read.columns:
        yield say(
            "Columns: {columns}.\n", columns=listed(_column(column.name, column.kind.value) for column in read.columns)
        )
    if read.params or catalog.rings(read):
        yield "| option | |\n|---|---|"
        yield from (f"| `{_spelt(param)}` | {_escaped(param.help)} |" for param in read.params)
        if catalog.rings(read):
            yield f"| `--exit-code` | {catalog.rings(read)} |"
        yield ""
    if read.examples:
        yield "```\n" + "\n".join(read.examples) + "\n```\n"


def _column(name: str, kind: str) -> str:
    return f"`{name}`" if kind == "text" else f"`{name}` ({kind})"


def _spelt(param: Param) -> str:
    metavar = param.metavar or "\\|".join(param.choices) or param.kind.upper()
    if param.place:
        return metavar
    return f"--{param.name}" if param.kind == "flag" else f"--{param.name} {metavar}"


def _escaped(text: str) -> str:
    return re.sub(r"([|<])", r"\\\1", text)
