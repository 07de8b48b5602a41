"""The words for days, months and numbers that can be typed, in English and Chinese."""

import re

from oppcli.model.said import Word

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONG_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CHINESE_DAYS = tuple("一二三四五六日")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
SHOWN_DAYS = tuple(Word("weekday", name[:3].title()) for name in DAYS)
SHOWN_MONTHS = tuple(Word("month", name[:3]) for name in MONTHS)
"""As people read them: `Mon`, `Mar`."""
SHOWN_LONG_DAYS = tuple(Word("weekday", name.title()) for name in LONG_DAYS)
SHOWN_LONG_MONTHS = tuple(Word("month", name) for name in MONTHS)
"""The same in a sentence: `Monday`, `March`."""
NAMED = {
    "today": 0, "tomorrow": 1, "yesterday": -1,
    "今天": 0, "今日": 0, "明天": 1, "明日": 1, "后天": 2, "大后天": 3,
    "昨天": -1, "昨日": -1, "前天": -2, "大前天": -3,
}  # fmt: skip
SHIFTS = {"last": -1, "this": 0, "next": 1, "上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}
YEARS = {"前年": -2, "去年": -1, "今年": 0, "明年": 1, "后年": 2}
UNITS = {
    "day": "d", "week": "w", "month": "m", "quarter": "q", "year": "y",
    "天": "d", "日": "d", "周": "w", "星期": "w", "礼拜": "w",
    "月": "m", "季": "q", "季度": "q", "年": "y", "工作日": "bd",
}  # fmt: skip
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_LONGEST = 60
CHINESE_DAY = "(?:周|星期|礼拜)([一二三四五六日天])"
NUMBER = r"(?:\d{1,5}|[零〇一二两三四五六七八九十百]{1,5})"


HAN = frozenset(
    "".join((*NAMED, *SHIFTS, *YEARS, *UNITS, *_DIGITS, *CHINESE_DAYS))
    + "十百号底末初第个财以之后前半小时分钟秒点整凌晨早中午晚"
)
"""What days and times are written with in Chinese."""


def clean(text: str) -> str:
    """As the readers want it: lower case, single spaces, full-width characters made plain; no date is longer."""
    text = text[:_LONGEST]
    if not text.isascii():
        from unicodedata import normalize

        text = normalize("NFKC", text)
    return " ".join(text.lower().split())


def match(pattern: str, text: str) -> re.Match[str] | None:
    """The whole text against a pattern. Compiled on use: a command that reads no date pays for no pattern."""
    return re.fullmatch(pattern, text, re.ASCII)


def latin(pattern: str, text: str) -> re.Match[str] | None:
    """The same for a pattern with Latin letters in all that it takes: not compiled for a text, in small letters, that
    has none."""
    return match(pattern, text) if text.islower() else None


def chinese(pattern: str, text: str) -> re.Match[str] | None:
    """The same for a pattern with Chinese in all that it takes, of what days and times are written with alone."""
    return match(pattern, text) if not text.isascii() and {char for char in text if char > "\x7f"} <= HAN else None


def terms(text: str) -> list[tuple[int, str]]:
    """`+1q-2bd` as (1, "q"), (-2, "bd")."""
    return [(int(count), unit) for count, unit in re.findall(r"([+-]\d+)([a-z]+)", text)]


def number(text: str) -> int:
    """The number meant by `27`, `二十七` or `两`."""
    if text.isdigit():
        return int(text)
    total = digit = 0
    for char in text:
        if char in "十百":
            total += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS[char]
    return total + digit


def weekday(word: str) -> int | None:
    """0 for `mon`, `monday`, `一`; 6 for `sun`, `日`, `天`; None for anything else."""
    word = "日" if word == "天" else word
    return next((names.index(word) for names in (DAYS, LONG_DAYS, CHINESE_DAYS) if word in names), None)


def month(word: str) -> int | None:
    """11 for `nov` and `november`."""
    found = [place for place, name in enumerate(MONTHS, 1) if word in (name.lower(), name[:3].lower())]
    return found[0] if found else 9 if word == "sept" else None
