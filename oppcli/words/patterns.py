"""Regular expressions of the team's own fields: which may be tried at all, and how they are, in bounded time.

A backtracking matcher takes exponential time for `(a+)+$`, and a value is tried while the write lock is held.
"""

import re
from functools import lru_cache
from math import log2

from oppcli.model.said import Said, say

MOST_ENDLESS, MOST_CHOICES = 3, 10
"""Quantifiers without an upper end, and other places where the matcher may choose: `?`, `{1,3}`, `|`."""
MOST_WAYS = 24
"""How many ways there may be to go through it, as a power of two, besides what repeats without an end."""
LONGEST_TEXT = 200
_WIDE = 20
"""A range of repetitions from which on it counts as without an end."""
_TOKEN = re.compile(
    r"(?P<back>\\[1-9]|\(\?P=|\(\?\()|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]"
    r"|(?P<open>\((?:\?(?:P<\w+>|[:=!>]|<[=!]|[aiLmsux-]+[:)]))?)|(?P<close>\))"
    r"|(?P<choice>\||(?:[*+?]|\{(?P<least>\d*)(?P<range>,?)(?P<most>\d*)\})[?+]?)|.",
    re.DOTALL,
)


def fits(pattern: str, text: str) -> bool:
    """Whether the whole text has the form. A text over `LONGEST_TEXT` never has, nor any by a pattern with a hazard."""
    return len(text) <= LONGEST_TEXT and hazard(pattern) is None and re.fullmatch(pattern, text) is not None


class _Group:
    """What is known of a group around the place: how it repeats or chooses, in how many ways one may go through it."""

    __slots__ = ("alternatives", "signs", "ways")

    def __init__(self) -> None:
        self.signs: set[str] = set()
        self.ways = 0.0
        """As a power of two, but for its alternatives."""
        self.alternatives = 1

    def all_ways(self) -> float:
        return self.ways + log2(self.alternatives)

    def takes(self, token: re.Match[str], closed: "_Group | None") -> None:
        """Add a choice: how often something is there, and each time all that is in the group just `closed`."""
        self.signs.add(token[0])
        if token[0] == "|":
            self.alternatives += 1
            return
        least, most = (
            (0, 1) if token["range"] is None else (int(token["least"] or 0), int(token["most"] or LONGEST_TEXT))
        )
        if token["range"] == "":
            most = least
        if closed:
            self.ways += max(min(most, LONGEST_TEXT) - 1, 0) * closed.all_ways()
        if _optional(token):
            self.ways += log2(max(most - least, 0) + 1)


@lru_cache(maxsize=256)
def hazard(pattern: str) -> Said | None:
    """Why trying the pattern could take for ever; None when it could not."""
    endless, choices = 0, 0
    groups = [_Group()]
    ended: _Group | None = None
    for token in _TOKEN.finditer(pattern):
        before, ended = ended, None
        if token["back"]:
            return say("{what} refers back to what was found", what=token[0])
        if token["open"]:
            groups.append(_Group())
        elif token["close"] and len(groups) > 1:
            ended = groups.pop()
            groups[-1].signs |= ended.signs
            groups[-1].ways += ended.all_ways()
        elif token["choice"]:
            if before and before.signs and _endless(token):
                return say("{what} repeats what itself repeats or chooses", what=token[0])
            # Further alternatives of one group are a factor, not one more power.
            choices += _optional(token) and not (token[0] == "|" and "|" in groups[-1].signs)
            endless += _endless(token)
            groups[-1].takes(token, before)
    if endless > MOST_ENDLESS:
        return say("{n} parts repeat without an end, at most {most} may", n=endless, most=MOST_ENDLESS)
    if choices > MOST_CHOICES:
        return say("{n} parts may be there or not, at most {most} may", n=choices, most=MOST_CHOICES)
    if sum(group.all_ways() for group in groups) > MOST_WAYS:
        return say("what repeats or chooses can do so in too many ways")
    return None


def _endless(token: re.Match[str]) -> bool:
    """Whether a quantifier has no upper end, or one so far off that it makes no difference."""
    if token["range"] is None:
        return token[0][0] in "*+"
    return bool(token["range"]) and (not token["most"] or int(token["most"]) - int(token["least"] or 0) > _WIDE)


def _optional(token: re.Match[str]) -> bool:
    return not _endless(token) and (token[0][0] in "?|" or bool(token["range"]))
