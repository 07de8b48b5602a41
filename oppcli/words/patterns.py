"""Regular expressions of the team's own fields: which may be tried at all, and how they are, in bounded time.

A backtracking matcher takes exponential time for `(a+)+$`, and a value is tried while the write lock is held.
"""

import re
from functools import lru_cache

from oppcli.model.said import Said, say

MOST_ENDLESS, MOST_CHOICES = 3, 10
"""Quantifiers without an upper end, and other places where the matcher may choose: `?`, `{1,3}`, `|`."""
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


@lru_cache(maxsize=256)
def hazard(pattern: str) -> Said | None:
    """Why trying the pattern could take for ever; None when it could not."""
    endless, choices = 0, 0
    groups: list[set[str]] = [set()]
    """Of each group around the place how it repeats or chooses; `ended`: how the one just closed does."""
    ended: set[str] = set()
    for token in _TOKEN.finditer(pattern):
        before, ended = ended, set()
        if token["back"]:
            return say("{what} refers back to what was found", what=token[0])
        if token["open"]:
            groups.append(set())
        elif token["close"] and len(groups) > 1:
            ended = groups.pop()
            groups[-1] |= ended
        elif token["choice"]:
            if before and _endless(token):
                return say("{what} repeats what itself repeats or chooses", what=token[0])
            # Further alternatives of one group are a factor, not one more power.
            choices += _optional(token) and not (token[0] == "|" and "|" in groups[-1])
            endless += _endless(token)
            groups[-1].add(token[0])
    if endless > MOST_ENDLESS:
        return say("{n} parts repeat without an end, at most {most} may", n=endless, most=MOST_ENDLESS)
    if choices > MOST_CHOICES:
        return say("{n} parts may be there or not, at most {most} may", n=choices, most=MOST_CHOICES)
    return None


def _endless(token: re.Match[str]) -> bool:
    """Whether a quantifier has no upper end, or one so far off that it makes no difference."""
    if token["range"] is None:
        return token[0][0] in "*+"
    return bool(token["range"]) and (not token["most"] or int(token["most"]) - int(token["least"] or 0) > _WIDE)


def _optional(token: re.Match[str]) -> bool:
    return not _endless(token) and (token[0][0] in "?|" or bool(token["range"]))
