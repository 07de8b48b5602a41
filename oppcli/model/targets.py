"""What people, teams and the company are to reach in a month: a target, and what would be better still."""

from oppcli.model import records
from oppcli.model.noun import noun

WON_AMOUNT, WON, LEADS, QUALIFIED, ACTIVITIES, RECEIVED = (
    *("won_amount", "won", "leads", "qualified", "activities", "received"),
)
TARGET_MEASURES = (WON_AMOUNT, WON, LEADS, QUALIFIED, ACTIVITIES, RECEIVED)
"""What may be aimed at, by names that are never changed."""
OF_MONEY = (WON_AMOUNT, RECEIVED)
"""Of them what is money; the others are counted."""
COMPANY = "company"
"""As `who`: everybody together."""
TEAM = "team:"
"""Before a login: this person and all below them in the lines."""
_ALL = (COMPANY, "公司", "全公司")
_TEAMS = (TEAM, "team：", "团队:", "团队：")
"""What else they are called where they are typed."""


@noun
class Target:
    """What somebody is to reach of one measure in one month."""

    id: int = 0
    who: str
    """A login, `team:` and a login, or `company`."""
    month: str
    """As it is called: 2026-11."""
    measure: str
    target: str
    """An exact decimal in plain digits: 1000000.00 of money, 12 of what is counted."""
    stretch: str | None = None
    """What would be better: the same or more."""
    top: str | None = None
    """What would be best: the same or more again."""
    currency: str | None = None
    """Of money; None of what is counted."""
    created_at: int = 0
    created_by: str = ""
    standing: str = records.LIVE
    """live; withdrawn once its setting was undone."""
    version: int = 1


def meant(typed: str) -> str:
    """`company` or `team:LOGIN` as it is kept, whatever it was called; a login as it was typed."""
    text = typed.strip()
    if text.lower() in _ALL:
        return COMPANY
    mark = next((mark for mark in _TEAMS if text.lower().startswith(mark)), None)
    return text if mark is None else TEAM + text[len(mark) :].strip()


def login_of(who: str) -> str | None:
    """The person whom a target is of, alone or with their team; None for the company."""
    return None if who == COMPANY else who.removeprefix(TEAM)
