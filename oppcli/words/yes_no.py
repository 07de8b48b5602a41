"""Yes and no, in both languages."""

from oppcli.model.said import Said, say
from oppcli.words.invalid import Invalid

_YES = ("yes", "y", "true", "1", "on", "是", "有", "对")
_NO = ("no", "n", "false", "0", "off", "否", "无", "没有")
ANSWERS = {"yes": _YES, "no": _NO, "unknown": ("unknown", "?", "未知", "不清楚")}
"""What else is typed for a field that takes these words."""


def parse(text: str) -> bool:
    """Whether it says yes. Raises `Invalid` for any other word."""
    word = text.casefold() if text.isascii() else _folded(text)
    if word in _YES or word in _NO:
        return word in _YES
    raise Invalid(say("{typed!r} is neither yes nor no", typed=text))


def shown(value: bool) -> Said:
    return say("yes") if value else say("no")


def _folded(text: str) -> str:
    from unicodedata import normalize

    return normalize("NFKC", text).casefold()
