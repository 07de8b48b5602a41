"""Business time for reports: the cumulative clock of a calendar by name, made once for each; and today, where business
is done."""

from collections.abc import Callable
from typing import Any

from oppcli.reads.table import Frame
from oppcli.words.zones import today


class Hours:
    """Business time by the calendars of the policy; a name the policy does not have means its default."""

    def __init__(self, policy: Callable[[], Any]) -> None:
        self._policy = policy
        self._worked: dict[str, Callable[[int], int]] = {}

    def worked(self, name: str) -> Callable[[int], int]:
        """Instant → business milliseconds since the calendar's beginning; a difference of two is the time between."""
        if name not in self._worked:
            from oppcli.rules.clock import clock

            policy = self._policy()
            self._worked[name] = clock(policy.calendars.get(name) or policy.calendars[policy.calendar]).worked
        return self._worked[name]

    def between(self, name: str, start: int, end: int) -> int:
        """Business milliseconds from `start` to `end`."""
        worked = self.worked(name)
        return worked(end) - worked(start)


def business_day(frame: Frame) -> str:
    """Today (ISO) in the zone of the policy's calendar: on it prices, quotes, instalments and facts hold or do not, for
    everybody alike."""
    return today(frame.now, frame.policy().hours().timezone).isoformat()
