"""A checked document → the `Policy`. Nothing is checked here: this is what every command pays for."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from oppcli.model.approver import Approver, approver
from oppcli.model.policy import (
    ALWAYS,
    Calendar,
    Condition,
    Escalation,
    FieldRule,
    Policy,
    Reminder,
    Sod,
    StageRule,
    StepRule,
    Tolerance,
    TypeRule,
)
from oppcli.policy import notation
from oppcli.policy.notation import many

Table = Mapping[str, Any]


@lru_cache(maxsize=16)
def read(text: str) -> Policy:
    """The policy of a text that was checked before."""
    return build(parse(text), text)


def parse(text: str) -> dict[str, Any]:
    """The TOML document; decimals stay exact. A byte order mark is left out. Raises `tomllib.TOMLDecodeError`."""
    import tomllib

    return tomllib.loads(text.removeprefix("\ufeff"), parse_float=Decimal)


def digest(text: str) -> str:
    """SHA-256 of the text, in hexadecimal digits: the policy's hash."""
    from oppcli.model.digest import sha256

    return sha256(text.encode())


def build(doc: Table, text: str) -> Policy:
    """The policy of a document without faults."""
    head, lost = doc["policy"], doc.get("lost", {})
    defaults = _Defaults(doc.get("defaults", {}), head["calendar"])
    return Policy(
        name=head["name"],
        currency=head["currency"],
        calendar=head["calendar"],
        fallback=approvers(head["fallback"]),
        stages=tuple(_stage(stage) for stage in doc["stage"]),
        types={name: _type(name, table, defaults) for name, table in doc.get("type", {}).items()},
        gates={stage: many(types) for stage, types in doc.get("gate", {}).items()},
        roles={name: many(people) for name, people in doc.get("roles", {}).items()},
        fields={name: field_rule(name, table) for name, table in doc.get("fields", {}).items()},
        lost_reasons=many(lost.get("reasons", [])),
        lost_detail_required=many(lost.get("detail_required", [])),
        sod=_sod(doc.get("sod", {})),
        calendars={name: calendar(name, table) for name, table in doc.get("calendar", {}).items()},
        override=head.get("override", True),
        text=text,
        hash=digest(text),
    )


def _stage(table: Table) -> StageRule:
    return StageRule(
        name=table["name"],
        kind=table.get("kind", "open"),
        probability=table.get("probability", 0),
        target_ms=_hours(table.get("target")),
        rotting_ms=_hours(table.get("rotting")),
        enter=many(table.get("enter", [])),
        leave=many(table.get("leave", [])),
        guide=table.get("guide"),
        next=many(table["next"]) if "next" in table else None,
    )


def _hours(value: Any) -> int | None:
    return None if value is None else notation.hours(value)


def field_rule(name: str, table: Table) -> FieldRule:
    """What `[fields.NAME]` says; a field of the team's own without a type is text."""
    return FieldRule(
        name=name,
        title=table.get("title"),
        type=table.get("type"),
        values=many(table.get("values", [])),
        required=table.get("required", False),
        min=limit(table.get("min")),
        max=limit(table.get("max")),
        pattern=table.get("pattern"),
    )


def limit(value: Any) -> Decimal | date | None:
    """The least or greatest value of a field: a number, `"50万"`, or a date. Raises ValueError."""
    if value is None or type(value) is date:
        return value
    if isinstance(value, str) and value.count("-") == 2:
        return date.fromisoformat(value)
    return notation.number(value)


def _sod(table: Table) -> Sod:
    return Sod(
        submitter_may_approve=table.get("submitter_may_approve", False),
        editor_may_approve=table.get("editor_may_approve", False),
        repeat=table.get("repeat", "consecutive"),
        distinct=tuple(tuple(names) for names in table.get("distinct", [])),
    )


class _Defaults:
    """What a step has when it does not say otherwise."""

    def __init__(self, table: Table, calendar: str) -> None:
        self.sla_ms = notation.sla(table.get("sla", "8h"))
        self.remind = _reminders(table.get("remind", []))
        self.escalate = _escalation(table.get("escalate", []))
        self.calendar = calendar


def _type(name: str, table: Table, defaults: _Defaults) -> TypeRule:
    on_reject = table.get("on_reject", "reject")
    return TypeRule(
        name=name,
        title=table.get("title", name),
        steps=tuple(_step(step, defaults, on_reject) for step in table["step"]),
        when=_condition(table.get("when")),
        needs=many(table.get("needs", [])),
        material=many(table.get("material", [])),
        tolerance=_tolerance(table.get("tolerance", {})),
        valid_days=table.get("valid_days"),
        bulk=table.get("bulk", True),
        lock=table.get("lock", False),
        cc=approvers(table.get("cc", [])),
    )


def _tolerance(table: Table) -> dict[str, Tolerance]:
    return {name: notation.tolerance(value) for name, value in table.items()}


def _step(table: Table, defaults: _Defaults, on_reject: str) -> StepRule:
    rule, need = notation.rule(table.get("rule", "any"))
    return StepRule(
        name=table["name"],
        who=approvers(table["who"]),
        rule=rule,
        need=need,
        when=_condition(table.get("when")),
        sla_ms=notation.sla(table["sla"]) if "sla" in table else defaults.sla_ms,
        remind=_reminders(table["remind"]) if "remind" in table else defaults.remind,
        escalate=_escalation(table["escalate"]) if "escalate" in table else defaults.escalate,
        together=table.get("together"),
        veto=approvers(table.get("veto", [])),
        must=approvers(table.get("must", [])),
        fresh=table.get("fresh", False),
        stand_in=approvers(table.get("self", [])),
        on_timeout=table.get("on_timeout", "escalate"),
        on_reject=table.get("on_reject", on_reject),
        calendar=table.get("calendar", defaults.calendar),
        cc=approvers(table.get("cc", [])),
    )


def _condition(text: str | None) -> Condition:
    """Not read yet: most commands never ask a condition."""
    return ALWAYS if text is None or text.strip() == "always" else Condition(text, None)


def approvers(value: Any) -> tuple[Approver, ...]:
    """One approver or a list of them."""
    return tuple(map(approver, many(value)))


def _reminders(value: Any) -> tuple[Reminder, ...]:
    return tuple(notation.reminder(text) for text in many(value))


def _escalation(value: Any) -> tuple[Escalation, ...]:
    return tuple(
        Escalation(after_ms=notation.hours(level["after"]), to=approver(level["to"]), do=level["do"])
        for level in many(value)
    )


def calendar(name: str, table: Table) -> Calendar:
    """The business hours of `[calendar.NAME]`. A day named alone beats the range it lies in."""
    week: list[tuple[tuple[int, int], ...]] = [()] * 7
    keys = [(days, key) for key in table if (days := notation.weekdays(key))]
    for days, key in sorted(keys, key=lambda each: -len(each[0])):
        for day in days:
            week[day] = tuple(sorted(notation.interval(text) for text in many(table[key])))
    return Calendar(
        name=name,
        timezone=table["timezone"],
        week=tuple(week),
        holidays=_dates(table.get("holidays", [])),
        workdays=_dates(table.get("workdays", [])),
    )


def _dates(value: Any) -> frozenset[date]:
    return frozenset(day for text in many(value) for day in notation.days(text))
