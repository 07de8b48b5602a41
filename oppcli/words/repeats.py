"""How often something comes again, as people type it: `monthly`, `mon,thu`, 每周一, or a rule of iCalendar (RRULE)."""

import re

from oppcli.model.said import listed, say
from oppcli.tuples import NamedTuple
from oppcli.words.day_names import DAYS, clean, weekday
from oppcli.words.invalid import Invalid

DAILY, WEEKLY, MONTHLY, QUARTERLY, YEARLY = "daily", "weekly", "monthly", "quarterly", "yearly"
_WORDS = {
    **{word: word for word in (DAILY, WEEKLY, MONTHLY, QUARTERLY, YEARLY)},
    **{"每天": DAILY, "每日": DAILY, "每周": WEEKLY, "每星期": WEEKLY, "每月": MONTHLY, "每个月": MONTHLY},
    **{"每季": QUARTERLY, "每季度": QUARTERLY, "每个季度": QUARTERLY, "每年": YEARLY},
}
_CHINESE_DAYS = r"每?(?:周|星期|礼拜)([一二三四五六日天](?:[、,和及\s]*(?:周|星期|礼拜)?[一二三四五六日天])*)"
_RULE = r"(?:rrule:)?freq=[a-z0-9=;,+-]+"
DATE = len("20261231")
"""Of an end only the date counts."""
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")


class Repeat(NamedTuple):
    """How often: a word, or days of the week, or the parts of a rule. Exactly one is set."""

    word: str = ""
    days: tuple[int, ...] = ()
    """0 is Monday."""
    rule: str = ""
    """`FREQ=…` in capital letters, without DTSTART."""

    @property
    def written(self) -> str:
        """As it may be typed again."""
        return self.word or self.rule or ",".join(DAYS[day] for day in self.days)


def parse(text: str) -> Repeat:
    """What is meant. Refuses (`Invalid`) what is nothing of that, and rules that come more often than daily."""
    typed = clean(text)
    if typed in _WORDS:
        return Repeat(word=_WORDS[typed])
    if re.fullmatch(_RULE, text.strip().lower()):
        return Repeat(rule=_rule(text.strip().upper().removeprefix("RRULE:")))
    if chinese := re.fullmatch(_CHINESE_DAYS, typed):
        named = re.findall(r"[一二三四五六日天]", chinese[1].replace("星期", "").replace("礼拜", ""))
    else:
        named = [word for word in re.split(r"[,\s]+", typed.removeprefix("every ")) if word]
    days = [weekday(word) for word in named]
    if not days or None in days:
        words = say("daily, weekly, monthly, quarterly, yearly, mon,thu or FREQ=MONTHLY;BYDAY=1MO")
        raise Invalid(say("{text!r} does not say how often", text=text.strip()), hint=say("write {words}", words=words))
    return Repeat(days=tuple(sorted({day for day in days if day is not None})))


def _rule(rule: str) -> str:
    """A rule whose parts are each there once. Refuses another frequency than days, weeks, months, years."""
    parts = [part.partition("=")[::2] for part in rule.split(";") if part]
    frequency = dict(parts).get("FREQ")
    if frequency not in FREQUENCIES:
        known = listed(FREQUENCIES)
        raise Invalid(say("FREQ={frequency}: use {known}", frequency=frequency, known=known))
    if len(dict(parts)) < len(parts):
        raise Invalid(say("{rule}: a part stands there twice", rule=rule))
    if not dict(parts).get("INTERVAL", "1").isdigit() or int(dict(parts).get("INTERVAL", "1")) < 1:
        raise Invalid(say("{rule}: INTERVAL is at least 1", rule=rule))
    if {"BYHOUR", "BYMINUTE", "BYSECOND", "DTSTART"} & dict(parts).keys():
        raise Invalid(say("{rule}: what comes again has a day, and no hour", rule=rule))
    return ";".join(f"{name}={value[:DATE] if name == 'UNTIL' else value}" for name, value in parts)
