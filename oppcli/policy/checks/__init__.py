"""What a policy must be, subject by subject. A check is a function of a `Review` that adds the problems it finds."""

from collections.abc import Callable

from oppcli.policy.checks import (
    assign,
    calendars,
    conditions,
    duplicates,
    facts,
    fields,
    follow,
    gates,
    hooks,
    keys,
    quotes,
    reminders,
    reports,
    required,
    scope,
    scores,
    separation,
    stages,
    steps,
    types,
)
from oppcli.policy.review import Review

CHECKS: tuple[Callable[[Review], None], ...] = (
    keys.check,
    stages.check,
    follow.check,
    assign.check,
    scores.check,
    fields.check,
    separation.check,
    scope.check,
    calendars.check,
    types.check,
    steps.check,
    conditions.check,
    gates.check,
    duplicates.check,
    quotes.check,
    facts.check,
    reminders.check,
    hooks.check,
    reports.check,
    required.check,
)
