"""`opp help TOPIC`: pages on what many commands share. Pages that restate a table of the program are made from it."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from oppcli.cli.context import Context
from oppcli.errors import UsageError
from oppcli.model.command import command
from oppcli.model.said import say

app = typer.Typer(help="Pages on what many commands share.")
SINGLE = True


def _file(name: str) -> Callable[[Context], Iterator[str]]:
    """A page that stands beside this module as text."""

    def page(_: Context) -> Iterator[str]:
        yield Path(__file__).with_name(f"{name}.txt").read_text("utf-8").rstrip("\n")

    return page


def dates(opp: Context) -> Iterator[str]:
    """What can be typed, with what it comes to today."""
    from oppcli.cli.topics.examples import DATES, REFUSED, TIMES
    from oppcli.words.days import parse_date
    from oppcli.words.shown import show_date, show_instant
    from oppcli.words.zones import today

    now = opp.now
    day, order = today(now, opp.tz), opp.settings.date_order
    yield f"Dates and times, as they would be read now, {show_instant(now, opp.tz, now)} in {opp.tz}.\n"
    days = [(typed, parse_date(typed, today=day, order=order), note) for typed, note in DATES]
    yield from _columns([(typed, show_date(found), note) for typed, found, note in days])
    yield "\nTimes, wherever an instant is asked for (--now, --start, --since …); a day alone is its beginning:\n"
    yield from _columns([(typed, show_instant(opp.read_instant(typed), opp.tz), note) for typed, note in TIMES])
    yield "\nRefused, never guessed:\n"
    yield from _columns([(typed, note, "") for typed, note in REFUSED])
    yield "\nOffsets add up behind any day: eom-2bd, 2026-11-27+1q. Shown dates can be typed back."


def exit_codes(_: Context) -> Iterator[str]:
    """The table of `oppcli.errors`."""
    from oppcli.errors import EXIT_CODES

    yield "What a command's exit code says. Scripts may rely on it.\n"
    yield from _columns([(str(code), meaning, "") for code, meaning in EXIT_CODES.items()])
    yield "\nopp request status --exit-code, and request wait: 0 approved, 10 pending or returned, 11 over otherwise."
    yield "\nAn error is one line `error: …` on stderr and often a `hint: …` that can be pasted; with -o json it is"
    yield '{"error": {"code", "kind", "message", "hint", "reasons"}} on stderr.'


def environment(_: Context) -> Iterator[str]:
    """The table of `oppcli.config`."""
    from oppcli.config import SETTINGS

    yield "Where settings come from: flag > environment > nearest .opp.toml > ~/.config/opp/config.toml > default.\n"
    rows = [("SETTING", "FLAG", "ENVIRONMENT", "FILES", "WHAT IT IS")]
    for setting in SETTINGS:
        files = setting.files.replace("user folder", "both").replace("user", "own file") or "-"
        rows.append((setting.key, setting.flag or "-", setting.env or "-", files, setting.doc))
    yield from _columns(rows)
    yield "\n" + Path(__file__).with_name("environment.txt").read_text("utf-8").rstrip("\n")


TOPICS: dict[str, tuple[str, Callable[[Context], Iterator[str]]]] = {
    "dates": ("what can be typed for a day or a time", dates),
    "filters": ("how to pick deals, people, stages", _file("filters")),
    "formatting": ("formats, columns, sorting, spreadsheets", _file("formatting")),
    "exit-codes": ("what a command's exit code says", exit_codes),
    "environment": ("settings, variables, files, folders", environment),
    "policy": ("stages, gates and approvals as a file", _file("policy")),
    "import": ("reading a CSV file: the mapping", _file("import")),
    "concurrency": ("several people and programs at once", _file("concurrency")),
}


def _columns(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Rows as indented, aligned lines; Chinese characters count as two."""
    from oppcli.render.screen import width

    count = len(rows[0])
    widths = [max(width(row[place]) for row in rows) for place in range(count)]
    for row in rows:
        cells = (cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True))
        yield ("  " + "  ".join(cells)).rstrip()


@app.command("help")
def show(
    ctx: typer.Context,
    topic: Annotated[list[str] | None, typer.Argument(metavar="TOPIC", help="a topic, or a command")] = None,
) -> None:
    """Pages on what many commands share; without a name, the list of them.

    opp help dates
    opp help exit-codes
    opp help deal edit
    """
    opp: Context = ctx.obj
    if not topic:
        typer.echo("\n".join(_columns([(name, summary) for name, (summary, _) in TOPICS.items()])))
        typer.echo("\nopp help TOPIC shows a page; opp COMMAND --help shows a command.")
    elif len(topic) == 1 and topic[0] in TOPICS:
        typer.echo("\n".join(TOPICS[topic[0]][1](opp)))
    else:
        _of_a_command(ctx, topic)


def _of_a_command(ctx: typer.Context, words: Sequence[str]) -> None:
    """What `opp WORDS --help` shows."""
    above = ctx.find_root()
    for word in words:
        get = getattr(above.command, "get_command", None)
        found = get(above, word) if get else None
        if found is None:
            raise _no_topic(" ".join(words))
        above = typer.Context(found, info_name=word, parent=above)
    typer.echo(above.get_help())


def _no_topic(topic: str) -> UsageError:
    from oppcli.words.spelling import nearest_word

    near = nearest_word(topic, TOPICS)
    hint = command("help", near) if near else command("help")
    return UsageError(say("no help topic: {topic}", topic=topic), hint=hint)
