"""Columns of which a file does not say how they are to be read: a mapping that leaves it open does not fit."""

from collections import Counter
from collections.abc import Iterator

from oppcli.errors import Reason
from oppcli.model.said import Said, listed, say
from oppcli.tuples import NamedTuple
from oppcli.words import amounts
from oppcli.words.invalid import Invalid

COMMA, ORDER, FRACTION = "comma", "order", "fraction"


class Doubt(NamedTuple):
    """Why a cell cannot be read: it needs the decimal comma, the order of day and month, or what a number below 1 is
    where others have a sign of per cent."""

    kind: str
    text: str


class Doubtful(Invalid):
    """A cell that the mapping has to say something of."""

    def __init__(self, said: str, doubt: Doubt) -> None:
        super().__init__(said)
        self.doubt = doubt


def needs_comma(text: str) -> bool:
    """Whether it is a number, perhaps with a currency or %, only if the comma is its decimal mark."""
    bare = text.rstrip(" %％")
    return not is_number(bare, ".") and is_number(bare, ",")


def is_number(text: str, decimal: str) -> bool:
    """Whether it is one, perhaps with a currency, with this decimal mark."""
    try:
        amounts.read(text, decimal)
    except Invalid:
        return False
    return True


class Doubts:
    """The doubtful cells of a file by column."""

    def __init__(self) -> None:
        self._commas: dict[str, list[str | int]] = {}
        """Column → the first cell, and how many more."""
        self._dates: dict[str, Counter[str]] = {}
        """Column → fits: both, first, second; and the separator."""
        self._marks: dict[str, tuple[str, str]] = {}
        self._fractions: dict[str, str] = {}

    def add(self, column: str, doubt: Doubt) -> None:
        if doubt.kind == COMMA:
            first = self._commas.setdefault(column, [doubt.text.strip(), -1])
            first[1] = int(first[1]) + 1
            return
        if doubt.kind == FRACTION:
            self._fractions.setdefault(column, doubt.text)
            return
        digits, _, time = doubt.text.strip().partition(" ")
        mark = next(sign for sign in digits if not sign.isdigit())
        one, two, *_ = (int(part) for part in digits.split(mark))
        fits = [one <= 31 and two <= 12, one <= 12 and two <= 31]
        self._marks.setdefault(column, (mark, time))
        counts = self._dates.setdefault(column, Counter())
        counts["both" if all(fits) else "first" if fits[0] else "second" if fits[1] else "none"] += 1

    def reasons(self) -> Iterator[Reason]:
        """What the mapping has to say, a reason per column."""
        for column, (first, more) in self._commas.items():
            yield Reason(_comma(column, str(first), int(more)))
        for column, told in self._fractions.items():
            yield Reason(say("{column}: {cells}: say factor = 100 or factor = 1", column=column, cells=told))
        for column, counts in self._dates.items():
            if set(counts) != {"none"}:
                yield Reason(_order(column, counts, *self._marks[column]))


def _comma(column: str, first: str, more: int) -> Said:
    if not more:
        return say('{column}: {cell} needs decimal = ","', column=column, cell=first)
    return say('{column}: {cell} and {n} more need decimal = ","', column=column, cell=first, n=more)


def _order(column: str, counts: Counter[str], mark: str, time: str) -> Said:
    """`Close: 412 cells fit %d/%m/%Y and %m/%d/%Y, 57 only the first: say date = "%d/%m/%Y"`."""
    clock = " %H:%M:%S" if time.count(":") == 2 else " %H:%M" if time else ""
    forms = [mark.join(order) + clock for order in (("%d", "%m", "%Y"), ("%m", "%d", "%Y"))]
    both, one, two = (counts[key] for key in ("both", "first", "second"))
    fitting = [form for form, fits in zip(forms, (one, two), strict=True) if fits or one == two == 0]
    meant = listed((say('"{form}"', form=each) for each in fitting), " or ")
    known = {"column": column, "n": both, "one": one, "two": two, "m": one or two, "form": fitting[0], "meant": meant}
    return _ORDERS[bool(both), bool(one), bool(two)].filled(first=forms[0], second=forms[1], **known)


_ORDERS = {
    (True, False, False): say("{column}: {n} {n:cell fits|cells fit} {first} and {second}: say date = {meant}"),
    (True, True, False): say(
        "{column}: {n} {n:cell fits|cells fit} {first} and {second}, {m} only the first: say date = {meant}"
    ),
    (True, False, True): say(
        "{column}: {n} {n:cell fits|cells fit} {first} and {second}, {m} only the second: say date = {meant}"
    ),
    (False, True, False): say("{column}: {m} {m:cell fits|cells fit} only {form}: say date = {meant}"),
    (True, True, True): say(
        "{column}: {n} {n:cell fits|cells fit} {first} and {second}, {one} only the first, {two} only the second: "
        "no format reads all of them; write days as 2026-03-20"
    ),
    (False, True, True): say(
        "{column}: {one} {one:cell fits|cells fit} only {first}, {two} only {second}: "
        "no format reads all of them; write days as 2026-03-20"
    ),
}
"""By whether cells fit both orders, the first alone, and the second alone: what is said of them."""
_ORDERS[False, False, True] = _ORDERS[False, True, False]
