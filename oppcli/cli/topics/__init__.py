"""`opp help TOPIC`: pages on what many commands share. Pages that restate a table of the program are made from it."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from oppcli.cli.context import Context
from oppcli.cli.topics.pages import PAGES
from oppcli.errors import EXIT_CODES, UsageError
from oppcli.model.command import command
from oppcli.model.said import listed as joined
from oppcli.model.said import say
from oppcli.speech import looked_up


def _file(name: str) -> Callable[[Context], Iterator[str]]:
    """A page that stands beside this module as text; each of its paragraphs is told by itself."""

    def page(opp: Context) -> Iterator[str]:
        parts = Path(__file__).with_name(f"{name}.txt").read_text("utf-8").rstrip("\n").split("\n\n")
        yield "\n\n".join(looked_up(part, opp.voice) for part in parts)

    return page


def dates(opp: Context) -> Iterator[str]:
    """What can be typed, with what it comes to today."""
    from oppcli.cli.dates_typed import instant
    from oppcli.cli.topics.examples import DATES, REFUSED, TIMES
    from oppcli.words.days import parse_date
    from oppcli.words.shown import show_date, show_instant
    from oppcli.words.zones import today

    now = opp.now
    day, order = today(now, opp.tz), opp.settings.date_order
    at = show_instant(now, opp.tz, now)
    yield opp.spoken(say("Dates and times, as they would be read now, {at} in {tz}.", at=at, tz=opp.tz))
    days = [(typed, parse_date(typed, today=day, order=order), note) for typed, note in DATES]
    yield from ("", *_columns(opp, [(typed, show_date(found), note) for typed, found, note in days]), "")
    since = say("Times, wherever an instant is asked for (--now, --start, --since …); a day alone is its beginning:")
    yield opp.spoken(since)
    times = [(typed, show_instant(instant(opp, typed), opp.tz), note) for typed, note in TIMES]
    yield from ("", *_columns(opp, times), "")
    yield opp.spoken(say("Refused, never guessed:"))
    yield from ("", *_columns(opp, [(typed, note, "") for typed, note in REFUSED]), "")
    yield opp.spoken(say("Offsets add up behind any day: eom-2bd, 2026-11-27+1q. Shown dates can be typed back."))


def exit_codes(opp: Context) -> Iterator[str]:
    """The table of `oppcli.errors`."""
    yield opp.spoken(say("What a command's exit code says. Scripts may rely on it."))
    yield from ("", *_columns(opp, [(str(code), meaning, "") for code, meaning in EXIT_CODES.items()]), "")
    for text in (
        say(
            "{status}, and request wait: 0 approved, 10 pending or returned, 11 over otherwise.",
            status=command("request", "status", "REQUEST", "--exit-code", ready=False),
        ),
        "",
        say(
            "An error is one line `error: …` on stderr and often a `hint: …` that can be pasted; with -o json it is\n"
            '{"error": {"code", "kind", "message", "hint", "reasons"}} on stderr.'
        ),
    ):
        yield opp.spoken(text)


def environment(opp: Context) -> Iterator[str]:
    """The table of `oppcli.config`."""
    from oppcli.config import SETTINGS

    yield opp.spoken(
        say("Where settings come from: flag > environment > nearest .opp.toml > ~/.config/opp/config.toml > default.")
    )
    rows: list[tuple[str, ...]] = [(say("SETTING"), say("FLAG"), say("ENVIRONMENT"), say("FILES"), say("WHAT IT IS"))]
    where = {"user folder": say("both"), "user": say("own file"), "": "-"}
    for setting in SETTINGS:
        rows.append((setting.key, setting.flag or "-", setting.env or "-", where[setting.files], setting.doc))
    yield from ("", *_columns(opp, rows), "")
    yield from _file("environment")(opp)


def commands(opp: Context) -> Iterator[str]:
    """Every command, with what it does."""
    from oppcli.cli import overview
    from oppcli.cli.app import root
    from oppcli.cli.described import under
    from oppcli.cli.helping import WIDEST, Spoken
    from oppcli.cli.tree import SECTIONS, SHORTCUTS, TREE
    from oppcli.render.screen import size

    formatter, tree = Spoken(opp.voice, size(WIDEST)[0]), root()
    found = {
        section: [each for name, _ in rows for each in under(tree.get_command(None, name), (name,))]
        for section, rows in overview.sections(SECTIONS, TREE).items()
    }
    overview.whole(formatter, found, SHORTCUTS)
    yield formatter.getvalue().strip("\n")


TOPICS: dict[str, tuple[str, Callable[[Context], Iterator[str]]]] = {
    "commands": ("every command and flag", commands),
    "words": ("which of two words to use", _file("words")),
    "dates": ("what can be typed for a day or a time", dates),
    "filters": ("how to pick deals, people, stages", _file("filters")),
    "formatting": ("formats, columns, sorting, spreadsheets", _file("formatting")),
    "exit-codes": ("what a command's exit code says", exit_codes),
    "environment": ("settings, variables, files, folders", environment),
    "policy": ("stages, gates and approvals as a file", _file("policy")),
    "import": ("reading a CSV file: the mapping", _file("import")),
    "concurrency": ("several people and programs at once", _file("concurrency")),
}


def _columns(opp: Context, bare: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Rows as indented, aligned lines, each text as it is told, and as it is what can be typed, which stands first;
    Chinese characters count as two."""
    from oppcli.render.screen import width

    def told(cell: str) -> str:
        return looked_up(cell, opp.voice) if type(cell) is str else opp.spoken(cell)

    rows = [[first if type(first) is str else told(first), *map(told, rest)] for first, *rest in bare]
    count = len(rows[0])
    widths = [max(width(row[place]) for row in rows) for place in range(count)]
    for row in rows:
        cells = (cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True))
        yield ("  " + "  ".join(cells)).rstrip()


def summaries() -> dict[str, str]:
    """Every topic with what its page tells: what many commands share, then the other pages of the documents."""
    return {name: summary for name, (summary, _) in TOPICS.items()} | {
        k: v for k, v in PAGES.items() if k not in TOPICS
    }


def meant(opp: Context, tree: Any, words: Sequence[str]) -> Sequence[str]:
    """What was typed; where it is one word, and neither a topic nor a command, the one topic whose name ends with it or
    whose line has it: `hubspot`, 纷享销客."""
    there = summaries()
    if len(words) != 1 or words[0] in there or find(tree, words) is not None:
        return words
    ends = [name for name in there if name.rpartition("/")[2] == words[0].lower()]
    return next((found for found in (ends, _telling(opp, words[0])) if len(found) == 1), words)


def _telling(opp: Context, typed: str) -> list[str]:
    """The topics whose line has what was typed."""
    return [name for name, summary in summaries().items() if typed.lower() in looked_up(summary, opp.voice).lower()]


def listed(opp: Context) -> Iterator[str]:
    yield from _columns(opp, list(summaries().items()))
    last = say(
        "{page} shows a page; {help} shows a command.",
        page=command("help", "TOPIC", ready=False),
        help=command("COMMAND", "--help", ready=False),
    )
    yield from ("", opp.spoken(last))


def find(tree: Any, words: Sequence[str]) -> Any:
    """The command of these words, or None."""
    for word in words:
        get = getattr(tree, "get_command", None)
        tree = get(None, word) if get else None
    return tree


def no_topic(opp: Context, topic: str) -> UsageError:
    """That there is none, with the nearest, else with those whose line has the word."""
    from oppcli.words.spelling import nearest_word

    near = nearest_word(topic, summaries())
    hint: str = command("help", near) if near else command("help")
    if near is None and len(found := _telling(opp, topic)) in range(1, 9):
        hint = say("one of {known}", known=joined(command("help", name) for name in found))
    return UsageError(say("no help topic: {topic}", topic=topic), hint=hint)
