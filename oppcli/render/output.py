"""How an answer is wanted: the format, which columns and rows of it, and what the screen is like."""

from collections.abc import Callable, Mapping
from typing import Any

from oppcli.model.noun import NOTHING
from oppcli.model.said import heading, say
from oppcli.speech import ENGLISH, PLAIN, Voice, spoken
from oppcli.tuples import NamedTuple


class Output(NamedTuple):
    """What the flags of a read ask for. It says nothing about the data."""

    format: str = "table"
    columns: str | None = None
    """`a,b` these and no others; `+x` (and `+x,y`) adds to the ones shown by default, `-x` leaves one out."""
    sort: str | None = None
    """`a,-b`: by a, then by b descending. Rows without a value come last either way."""
    limit: int | None = None
    """At most so many rows; None for all."""
    header: bool = True
    excel: bool = False
    """BOM, CRLF and guarded formulas in csv and tsv."""
    width: int | None = None
    """Cells in a line; None for as many as it takes."""
    height: int | None = None
    """Lines of the screen, for what is drawn to fill it; None for as many as it takes."""
    terminal: bool = False
    """Whether somebody reads it on a screen: only there a text is shortened and a column left out."""
    color: bool = False
    tz: str = "UTC"
    """IANA zone in which people read instants."""
    now: int | None = None
    """Dates of the same year are shown without it."""
    quiet: bool = False
    currency: Callable[[], str] | None = None
    """The policy's currency, asked for where amounts of several are sorted."""
    asked: Mapping[str, Any] = NOTHING
    """The command and the options that were given, as `full` repeats them."""
    voice: Voice = PLAIN
    """Who reads it."""
    money: str = ""
    """`short`: people read four digits of the amounts of a list."""
    showing: Callable[[Any], None] | None = None
    """Hears of each row that is shown."""

    def told(self, text: str) -> str:
        """A heading, a note or a sentence as its reader is told it."""
        if self.voice.plain:
            return text
        return spoken(say(text) if type(text) is str else text, self.voice)

    def named(self, name: str, title: str | None = None) -> str:
        """What something is called beside its value: `expected close`, or as the team calls it. Other languages take
        the word of the heading, or the `title` in its place; what nobody translates is its name."""
        if self.voice.lang == ENGLISH and type(title) is not str:
            return self.told(name.replace("_", " "))
        told = self.told(heading(name) if title is None else title)
        return name if told == heading(name) else told

    def summed(self, text: str) -> str:
        """The same of what is told below a list: amounts as in the list."""
        return self._replace(voice=self.voice._replace(money=self.money)).told(text)
