"""One part of a plan of payments as it is typed: `30%:2026-04-01`, `60%:sign+90d`, `rest:31 Dec`, `=50000:DATE`."""

import re
from decimal import Decimal

from oppcli.model.said import say
from oppcli.tuples import NamedTuple
from oppcli.words import amounts, day_names, kinds, numbers, percents
from oppcli.words.invalid import Invalid
from oppcli.words.kinds import Reading

REST = ("rest", "余款", "剩余", "尾款")
_SIGNING = re.compile(
    r"(?:sign|签约|签订|签字)(?:\s*(?:\+|后)?\s*(\d{1,4})\s*(?:d|days?|天|日))?(?:后)?", re.IGNORECASE
)
LONGEST = 3650
"""Days after signing."""


class Part(NamedTuple):
    """How much, and when: a share, an amount, or what is left; on a day, or so many days after signing."""

    typed: str
    share: Decimal | None = None
    """Per cent of the total."""
    amount: int | None = None
    """Minor units."""
    on: str | None = None
    sign_days: int | None = None

    @property
    def rest(self) -> bool:
        """Whether it takes what the others leave."""
        return self.share is None and self.amount is None


def parse(text: str, reading: Reading) -> Part:
    """The part. Raises `Invalid` for what is none, saying what may be typed."""
    much, between, when = text.strip().replace("：", ":").partition(":")
    if not between or not much.strip() or not when.strip():
        raise Invalid(say("{typed!r} is no part of a plan: how much, a colon, when", typed=text), hint=_example())
    found = _much(Part(text.strip()), much.strip(), reading)
    signing = _SIGNING.fullmatch(day_names.clean(when))
    if signing is None:
        return found._replace(on=kinds.parse("date", when, reading))
    days = int(signing[1] or 0)
    if days > LONGEST:
        raise Invalid(say("{typed}: at most {most:,} days after signing", typed=text, most=LONGEST))
    return found._replace(sign_days=days)


def _example() -> str:
    return say("write 30%:2026-04-01, 60%:sign+90d, =50000:2026-05-01, and at the end rest:2026-12-31")


def _much(part: Part, much: str, reading: Reading) -> Part:
    if much.casefold() in REST:
        return part
    bare = numbers.folded(much)
    if bare.startswith("="):
        found = amounts.parse(bare[1:], reading.currency, reading.decimal)
        if found <= 0:
            raise Invalid(say("{typed}: an instalment is more than 0", typed=part.typed))
        return part._replace(amount=found)
    if not bare.endswith("%"):
        raise Invalid(say("{typed}: a share such as 30%, an amount such as =50000, or rest", typed=part.typed))
    share = Decimal(percents.parse(much, reading.decimal)) / percents.UNIT
    if not 0 < share <= 100:
        raise Invalid(say("{typed}: a share is more than 0 and at most 100%", typed=part.typed))
    return part._replace(share=share)
