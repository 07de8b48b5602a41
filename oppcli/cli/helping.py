"""Help in another language than English: what Typer says through its formatter, told by the catalogue and wrapped by
cells. English help is Typer's own, byte for byte."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import zip_longest
from typing import Any

from oppcli.model.said import Said, say
from oppcli.render.screen import pad, size, width
from oppcli.render.wrap import wrapped
from oppcli.speech import CATALOGUES, ENGLISH, Voice, looked_up, spoken

TYPERS = (say("Arguments"), say("Options"), say("Commands"), say("Show this message and exit."))
"""What Typer says by itself; it has no other words in what is shown here but those of `_EXTRA`."""
_EXTRA = re.compile(r"^(?P<text>.*?)(?:  |^)\[(?P<extra>[^\[\]]*)\]$", re.DOTALL)
"""Behind the help of a flag: `[default: 1; 0<=x<=10]`, `[required]`."""
NARROWEST, WIDEST = 30, 80
FIRST_COLUMN = 30
"""Cells of names, at most; a longer one has its help on the next line."""


class Spoken:
    """Takes what Typer's formatter takes, and tells it in the language of a voice."""

    def __init__(self, voice: Voice, columns: int) -> None:
        from oppcli.speech.compiled import with_help

        with_help()
        self.voice, self.current_indent = voice, 0
        self.width = max(NARROWEST, min(columns, WIDEST) - 2)
        self._parts: list[str] = []

    def getvalue(self) -> str:
        return "".join(self._parts)

    def write(self, text: str) -> None:
        self._parts.append(text)

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The line of the command with its arguments, which have no language."""
        head = f"{self._spoken(say('Usage: '))}{prog} "
        first, *rest = wrapped(args, max(self.width - width(head), NARROWEST)) or [""]
        self.write("\n".join([f"{head}{first}", *(" " * width(head) + line for line in rest)]) + "\n")

    def write_heading(self, heading: str) -> None:
        self.write(f"{' ' * self.current_indent}{self._spoken(say('{heading}:', heading=self.told(heading)))}\n")

    def write_paragraph(self) -> None:
        if self._parts:
            self.write("\n")

    def write_text(self, text: str) -> None:
        """Paragraphs; one that begins with a backspace is an example, and keeps its lines."""
        told = []
        for part in text.split("\n\n"):
            kept = part.startswith("\b")
            lines = self._examples(part) if kept else wrapped(self.told(part), self.width - self.current_indent)
            told.append("\n".join(f"{' ' * self.current_indent}{line.strip()}" for line in lines))
        self.write("\n\n".join(told) + "\n")

    def _examples(self, part: str) -> list[str]:
        """The lines of a paragraph of examples, with words of the reader's own language."""
        from oppcli.speech.examples import CHINESE

        known = CHINESE if self.voice.lang == "zh" else {}
        return [known.get(line.strip(), line) for line in part.splitlines()[1:]]

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = FIRST_COLUMN, col_spacing: int = 2) -> None:
        """Names, and beside each what it is."""
        indent = " " * self.current_indent
        first = min(max((width(name) for name, _ in rows), default=0), col_max) + col_spacing
        room = max(self.width - first - self.current_indent, 10)
        for name, text in rows:
            lines = wrapped(self._extra(text), room)
            beside = width(name) <= first - col_spacing and bool(lines)
            names = [name] if beside else [name, ""]
            texts = lines if beside else ["", *lines]
            for left, line in zip_longest(names[: len(texts)], texts, fillvalue=""):
                self.write(f"{indent}{pad(left, first)}{line}".rstrip() + "\n")

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        self.write_paragraph()
        self.write_heading(name)
        with self.indentation():
            yield

    @contextmanager
    def indentation(self) -> Iterator[None]:
        self.current_indent += 2
        try:
            yield
        finally:
            self.current_indent -= 2

    def told(self, text: str) -> str:
        """A text of help in this language: one of the catalogue, or what reads are called, with what they do."""
        text = " ".join(text.split()) if "\n" in text and not self._known(text) else text
        if self._known(text) or not text.strip():
            return self._spoken(text)
        if (said := _said().get(text)) is not None:
            return self._spoken(said)
        stem = text.removesuffix(".")
        if stem != text and self._known(stem):
            return self._spoken(say("{help}.", help=self._spoken(stem)))
        title, colon, does = stem.partition(": ")
        if colon and self._known(does):
            return self._spoken(say("{title}: {help}.", title=self._spoken(title), help=self._spoken(does)))
        return text

    def first_sentence(self, text: str) -> str:
        """What a command does, in the list of its group."""
        told = self.told(text.partition("\n\n")[0])
        return re.split(r"(?<=。)|(?<=\.) ", told)[0].rstrip("。.")

    def _extra(self, text: str) -> str:
        """The help of a flag, with its default and limits."""
        found = _EXTRA.match(text)
        if self._known(text) or found is None:
            return self.told(text)
        parts = [self._part(part) for part in found["extra"].split("; ")]
        return f"{self.told(found['text'])}  [{'; '.join(parts)}]".strip()

    def _part(self, part: str) -> str:
        name, colon, value = part.partition(": ")
        if colon and name == "default":
            return self._spoken(say("default: {value}", value=value))
        return self._spoken(say("required")) if part == "required" else part

    def _known(self, text: str) -> bool:
        return looked_up(text, self.voice) != text

    def _spoken(self, text: str) -> str:
        return spoken(text, self.voice) if isinstance(text, Said) else looked_up(text, self.voice)


def _said() -> dict[str, Said]:
    """Texts of help that were put together of values, by what they came to."""
    from oppcli.cli.output import ONE_OF

    return {str(each): each for each in (ONE_OF,)}


def spoken_elsewhere(opp: Any) -> bool:
    """Whether help is told by a catalogue at all."""
    return bool(opp.voice.lang != ENGLISH or ENGLISH in CATALOGUES)


def text(command: Any, ctx: Any) -> str:
    """The help of a command as this person is told it."""
    formatter = Spoken(ctx.obj.voice, size(WIDEST)[0])
    command.format_help(ctx, formatter)
    return formatter.getvalue().rstrip("\n")


def write_verbs(group: Any, ctx: Any, formatter: Spoken) -> None:
    """The verbs of a noun, each with what it does."""
    found = [(name, group.get_command(ctx, name)) for name in group.list_commands(ctx)]
    rows = [(name, formatter.first_sentence(verb.help or "")) for name, verb in found if verb and not verb.hidden]
    with formatter.section("Commands"):
        formatter.write_dl(rows)
