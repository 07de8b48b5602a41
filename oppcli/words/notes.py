"""What is typed in a note besides its text: `电话：` in front, ` -> 下周五 发方案` behind, `@wang` in between."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date

from oppcli.errors import UsageError
from oppcli.tuples import NamedTuple
from oppcli.words.named import folded

_PREFIX = re.compile(r"\s*([^\s:：]{1,20})\s*[:：]\s*(?=\S)")
_ARROW = re.compile(r"(?:^|\s)(?:->|→)\s")
_MENTION = re.compile(r"(?<!\S)(\\?)@([A-Za-z0-9._+-]*[A-Za-z0-9_]|[^\W\d_][\w.+-]*)")
_HIDDEN = re.compile(r"(?<!\S)\\@")
_WORD = re.compile(r"[A-Za-z0-9_]")
_GOES_ON = re.compile(r"(?:\d\s*[-/.年月]|[年月])\s*\d")
"""A date that is not over yet: what was typed for a day is no month with something behind it."""
_BETWEEN = " \t\n,，;；:：、。"
LONGEST_DATE = 32
"""Characters of a date behind an arrow."""


class Step(NamedTuple):
    """What is to be done next, as typed."""

    on: date | None
    what: str


class Arrow(NamedTuple):
    """A text and what stands behind its last arrow."""

    text: str
    """Without it; whole where nothing behind it reads as a date."""
    step: Step | None = None
    unread: str = ""
    """What stands behind an arrow and does not begin with a date."""


def kind_of(word: str, kinds: Mapping[str, tuple[str, ...]]) -> str | None:
    """The kind that is called so, in any spelling; None where none is."""
    typed = folded(word)
    return next((kind for kind, words in kinds.items() if typed in map(folded, (kind, *words))), None)


def prefixed(text: str, kinds: Mapping[str, tuple[str, ...]]) -> tuple[str | None, str, str]:
    """(kind, the word for it, the text behind it) of `电话：王总…`; without a known word in front no kind, and all."""
    found = _PREFIX.match(text)
    kind = kind_of(found[1], kinds) if found else None
    return (kind, found[1], text[found.end() :].strip()) if found and kind else (None, "", text.strip())


def arrow(text: str, day: Callable[[str], date]) -> Arrow:
    """The text without its last arrow where the longest beginning of what stands behind that is a date: the next one,
    and the rest is what is to be done then. `day` reads a date and refuses (`UsageError`) what is none."""
    found = list(_ARROW.finditer(text))
    if not found:
        return Arrow(text.strip())
    behind = text[found[-1].end() :].strip()
    for end in _ends(behind):
        try:
            on = day(behind[:end])
        except UsageError:
            continue
        return Arrow(text[: found[-1].start()].strip(), Step(on, behind[end:].strip(_BETWEEN)))
    return Arrow(text.strip(), unread=behind)


def _ends(text: str) -> Iterator[int]:
    """Where a beginning may end, the longest first: not within a word or number of Latin letters, nor within a date."""
    for end in range(min(len(text), LONGEST_DATE), 0, -1):
        within = end < len(text) and _WORD.match(text[end]) and _WORD.match(text[end - 1])
        within = within or _GOES_ON.match(text, end - 1)
        if not within and not text[end - 1].isspace():
            yield end


def mentioned(text: str) -> list[str]:
    """Who is named by `@login` at the start or after a blank, each once; `\\@` is text."""
    found = (name for hidden, name in _MENTION.findall(text) if not hidden)
    return list(dict.fromkeys(name for name in found if any(letter.isalpha() for letter in name)))


def shown(text: str) -> str:
    """The text as it is kept: `\\@` is `@`."""
    return _HIDDEN.sub("@", text)
