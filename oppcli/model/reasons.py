"""Why the program itself ends a task or takes a deal away: sentences that an entry of the journal keeps without what
they were made of, and by which they are known again, as of a day before and after an undo of an undo."""

import re
from functools import cache

from oppcli.model.said import Said, say

ANOTHER_OWNER = say("another owner")
MERGED = say("merged into {into}")
RATED_ANEW = say("answered anew: {rating}")
UNMERGED = say("the merge is taken back that opened it")
UNRULED = say("its rule holds no longer")
REASONS = (ANOTHER_OWNER, MERGED, RATED_ANEW, UNMERGED, UNRULED)
VALUES = {"into": r"[A-Z]-\d+", "rating": r"\d+"}
"""What stands in the places of the sentences."""


def known(text: str) -> str:
    """The sentence that this text is, with its values; any other text itself."""
    for reason, pattern in _patterns():
        if found := pattern.fullmatch(text):
            return reason.filled(**found.groupdict())
    return text


@cache
def _patterns() -> tuple[tuple[Said, re.Pattern[str]], ...]:
    return tuple((reason, re.compile(_pattern(reason.template))) for reason in REASONS)


def _pattern(template: str) -> str:
    parts = re.split(r"\{(\w+)\}", template)
    return "".join(f"(?P<{part}>{VALUES[part]})" if at % 2 else re.escape(part) for at, part in enumerate(parts))
