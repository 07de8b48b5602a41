"""What a policy says of each thing, key by key, as text that can be compared and read: as it is written in the file."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from oppcli.model.policy import HOUR_MS, WEEKDAYS, Calendar, FieldRule, StageRule, StepRule, Tolerance, TypeRule
from oppcli.policy.english import clock_time, runs

Key = tuple[str, Callable[[Any], str]]
"""A key of the file, and what it says of one thing."""


def _hours(ms: int | None) -> str:
    return "" if ms is None else f"{ms / HOUR_MS:g}h"


def _listed(names: Iterable[Any] | None) -> str:
    return ", ".join(map(str, names or ()))


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _rule(step: StepRule) -> str:
    return f"at least {step.need}" if step.rule == "at_least" else step.rule


def _tolerances(rule: TypeRule) -> str:
    return _listed(f"{name} {_tolerance(tolerance)}" for name, tolerance in rule.tolerance.items())


def _tolerance(tolerance: Tolerance) -> str:
    if tolerance.share is not None:
        return f"{plain(tolerance.share * 100)}%"
    return plain(tolerance.absolute or Decimal(0))


def plain(value: Decimal) -> str:
    """A number as people write it: `500,000`, `12.5`."""
    return f"{value.normalize() + 0:,f}"


def _escalation(step: StepRule) -> str:
    return _listed(f"{_hours(level.after_ms)} {level.do} {level.to}" for level in step.escalate)


def _week(calendar: Calendar) -> str:
    return _listed(f"{_days(first, last)} {' '.join(map(_interval, hours))}" for first, last, hours in runs(calendar))


def _days(first: int, last: int) -> str:
    return WEEKDAYS[first] if first == last else f"{WEEKDAYS[first]}_{WEEKDAYS[last]}"


def _interval(hours: tuple[int, int]) -> str:
    return "-".join(map(clock_time, hours))


def days(dates: Iterable[date]) -> str:
    """`2026-10-01..2026-10-07, 2026-12-24`, as the file writes them."""
    found: list[list[date]] = []
    for day in sorted(dates):
        if found and day - found[-1][-1] == timedelta(days=1):
            found[-1].append(day)
        else:
            found.append([day])
    return _listed(f"{run[0]}..{run[-1]}" if len(run) > 1 else run[0] for run in found)


def _next(stage: StageRule) -> str:
    return "anywhere" if stage.next is None else _listed(stage.next) or "nowhere"


def _limits(rule: FieldRule) -> str:
    return _listed(f"{word} {limit}" for word, limit in (("min", rule.min), ("max", rule.max)) if limit is not None)


POLICY: tuple[Key, ...] = (
    ("name", lambda p: p.name),
    ("currency", lambda p: p.currency),
    ("calendar", lambda p: p.calendar),
    ("fallback", lambda p: _listed(p.fallback)),
    ("override", lambda p: _yes(p.override)),
    ("reasons for losing", lambda p: _listed(p.lost_reasons)),
    ("reasons that need a text", lambda p: _listed(p.lost_detail_required)),
)
STAGE: tuple[Key, ...] = (
    ("kind", lambda s: s.kind),
    ("probability", lambda s: str(s.probability)),
    ("target", lambda s: _hours(s.target_ms)),
    ("rotting", lambda s: _hours(s.rotting_ms)),
    ("enter", lambda s: _listed(s.enter)),
    ("leave", lambda s: _listed(s.leave)),
    ("guide", lambda s: s.guide or ""),
    ("next", _next),
)
GATE: tuple[Key, ...] = (("asks for", _listed),)
TYPE: tuple[Key, ...] = (
    ("title", lambda t: t.title),
    ("needs", lambda t: _listed(t.needs)),
    ("material", lambda t: _listed(t.material)),
    ("tolerance", _tolerances),
    ("valid_days", lambda t: str(t.valid_days or "")),
    ("bulk", lambda t: _yes(t.bulk)),
    ("lock", lambda t: _yes(t.lock)),
    ("cc", lambda t: _listed(t.cc)),
)
STEP: tuple[Key, ...] = (
    ("who", lambda s: _listed(s.who)),
    ("rule", _rule),
    ("sla", lambda s: _hours(s.sla_ms)),
    ("together", lambda s: s.together or ""),
    ("veto", lambda s: _listed(s.veto)),
    ("must", lambda s: _listed(s.must)),
    ("fresh", lambda s: _yes(s.fresh)),
    ("self", lambda s: _listed(s.stand_in)),
    ("remind", lambda s: _listed(reminder.text for reminder in s.remind)),
    ("escalate", _escalation),
    ("on_timeout", lambda s: s.on_timeout),
    ("on_reject", lambda s: s.on_reject),
    ("calendar", lambda s: s.calendar),
    ("cc", lambda s: _listed(s.cc)),
)
ROLE: tuple[Key, ...] = (("people", _listed),)
SOD: tuple[Key, ...] = (
    ("submitter_may_approve", lambda s: _yes(s.submitter_may_approve)),
    ("editor_may_approve", lambda s: _yes(s.editor_may_approve)),
    ("repeat", lambda s: s.repeat),
    ("distinct", lambda s: "; ".join(_listed(names) for names in s.distinct)),
)
FIELD: tuple[Key, ...] = (
    ("type", lambda f: f.type or ""),
    ("title", lambda f: f.title or ""),
    ("values", lambda f: _listed(f.values)),
    ("required", lambda f: _yes(f.required)),
    ("limits", _limits),
    ("pattern", lambda f: f.pattern or ""),
)
CALENDAR: tuple[Key, ...] = (
    ("timezone", lambda c: c.timezone),
    ("hours", _week),
)
SUMMARY: Mapping[str, Callable[[Any], str]] = {
    "type": lambda t: _listed(step.name for step in t.steps),
    "step": lambda s: f"{_listed(s.who)}; {_rule(s)}; {_hours(s.sla_ms)}",
    "field": lambda f: f.title or f.type or "",
}
"""What is said of a thing that came or went; by default its first key."""
