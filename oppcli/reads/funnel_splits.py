"""What a funnel is split by: periods in which deals were created, currencies, or any key of break-downs."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from oppcli.errors import UsageError
from oppcli.model.command import command
from oppcli.model.records import folded
from oppcli.model.said import say
from oppcli.reads.population import Place
from oppcli.reads.table import Column, Frame
from oppcli.reads.where import Where
from oppcli.store.doors import ReadDoor
from oppcli.tuples import NamedTuple

if TYPE_CHECKING:
    from oppcli.reads.breakdown_keys import Key

CURRENCY = "currency"
_VALUE = "value"


class Split(NamedTuple):
    """What one funnel of several is about; all None for the funnel of everything."""

    cohort: str | None = None
    currency: str | None = None
    value: Any = None
    """Of the key, folded where values that differ in case and width only are one."""


def splitting(
    door: ReadDoor, args: Mapping[str, Any], frame: Frame, where: Where, places: Sequence[Place]
) -> "Key | None":
    """The key that `--by` asks for; None for none, and for currencies, which stand in a column of the funnel anyway.
    Refused for two, and for one of which a deal has several values: it would be in several funnels."""
    typed = args.get("by")
    if not typed or typed == CURRENCY:
        return None
    from oppcli.reads.breakdown_keys import Keys

    keys = Keys(door, frame, where, places, "created").read(typed)
    if len(keys) > 1 or keys[0].several:
        said = say("a funnel is split by one key of which a deal has one value, not {typed}", typed=typed)
        raise UsageError(said, hint=command("report", "funnel", "--by", "source"))
    return None if keys[0].name == CURRENCY else keys[0]


class Splits:
    """What the funnel is split by: the keys in SQL, and what their values stand for."""

    def __init__(self, keys: Sequence[str], unit: str, frame: Frame, key: "Key | None") -> None:
        self.keys = [*keys, *([_VALUE] if key else [])]
        self._key, self._unit, self._frame = key, unit, frame
        self._periods: dict[int, str] = {}
        self._spellings: dict[Any, Counter[Any]] = defaultdict(Counter)
        """Value of the key → as what it is written in how many deals."""
        self.expressions = [_cohort() if name == "cohort" else "d.currency" for name in keys]
        if key is not None:
            self.expressions.append(key.lookup.format(key.sql) if key.lookup else key.sql)

    def select(self) -> str:
        return "".join(f"{sql} AS {key}, " for key, sql in zip(self.keys, self.expressions, strict=True))

    def of(self, values: Sequence[Any], deals: int = 0) -> Split:
        """What these values of the keys stand for; so many `deals` have them."""
        found = dict(zip(self.keys, values, strict=True))
        if "cohort" in found:
            found["cohort"] = self._period(found["cohort"])
        if self._key is not None:
            (label,) = self._key.labels(found[_VALUE])
            found[_VALUE] = folded(label) if self._key.folds and label is not None else label
            self._spellings[found[_VALUE]][label] += deals
        return Split(**found)

    def _period(self, bucket: int) -> str:
        if bucket not in self._periods:
            from oppcli.reads.periods import QUARTER_HOUR_MS, begins, period

            month = begins(self._frame.policy, self._unit)
            self._periods[bucket] = period(bucket * QUARTER_HOUR_MS, self._unit, self._frame.tz, month)
        return self._periods[bucket]

    def called(self, split: Split) -> Any:
        """The value of the key in its commonest spelling, of as common ones the first."""
        count = self._spellings[split.value]
        return min(count, key=lambda label: (-count[label], str(label)))

    def place(self, split: Split, deals: int) -> tuple[Any, ...]:
        """Where a funnel stands: by the key's own order, else that of the most deals first; without a value last."""
        own: Any = 0
        if self._key is not None and split.value is not None:
            own = self._key.place(self.called(split)) if self._key.place else (-deals, str(split.value))
        return (self._key is not None and split.value is None, own, split.cohort or "", split.currency or "")

    @property
    def column(self) -> Column:
        """The column of the key's values."""
        assert self._key is not None
        return self._key.column._replace(blank=say("(none)"))


def _cohort() -> str:
    """SQL for when a deal was created. Periods are told apart in Python, where time zones are known."""
    from oppcli.reads.periods import QUARTER_HOUR_MS

    return f"d.created_at / {QUARTER_HOUR_MS}"
