"""What help says, as part of a manual page: takes what Typer's formatter takes, and writes man(7)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from oppcli.cli.helping import Spoken
from oppcli.cli.manual import roff
from oppcli.model.said import Word
from oppcli.speech import Voice, spoken


class Page(Spoken):
    """The text of a page in the language of a voice, section by section."""

    def __init__(self, voice: Voice) -> None:
        super().__init__(voice, columns=80)
        self.part = False
        """Whether a command is told as part of a page, below headings of its own."""

    def line(self, *lines: str) -> None:
        self._parts.extend(f"{line}\n" for line in lines)

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        if self.part:
            self.line(".PP")
        else:
            self.begin("SYNOPSIS")
        self.line(f"{roff.bold(prog)} {roff.typed(args)}".rstrip())
        if not self.part:
            self.begin("DESCRIPTION")

    def write_heading(self, heading: str) -> None:
        told = self.told(heading)
        self.line(*((".PP", roff.bold(told)) if self.part else (roff.heading(told.upper()),)))

    def write_paragraph(self) -> None:
        """Macros part what is to be parted."""

    def write_text(self, text: str) -> None:
        for part in text.split("\n\n"):
            if part.startswith("\b"):
                self.line(*roff.verbatim([line.strip() for line in self._examples(part)]))
            else:
                self.line(".PP", roff.running(self.told(part).strip()))

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 0, col_spacing: int = 0) -> None:
        for name, text in rows:
            self.line(*roff.item(name, self._extra(text)))

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        self.write_heading(name)
        yield

    def begin(self, name: str) -> None:
        """A section that pages of every program have, by its name in `oppcli.speech.codes`."""
        self.line(roff.heading(self.spoken(Word("manual", name))))

    def spoken(self, text: str) -> str:
        """What was said, as the reader of this page is told it."""
        return spoken(text, self.voice)
