"""The sentences of `policy explain` in English."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from oppcli.model.approver import LINE, ROLE, Approver
from oppcli.model.deals import LOST, WON
from oppcli.model.policy import Calendar, Escalation, Reminder, StageRule, StepRule, TypeRule
from oppcli.model.units import HOUR_MS
from oppcli.policy.written import interval, runs
from oppcli.rules.sentences import number

if TYPE_CHECKING:
    from oppcli.policy.explain import Speech

STAGES, PEOPLE = "Stages", "People"
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DO = {"notify": "{} is told", "add": "{} may decide too", "reassign": "it goes to {}"}


def head(speech: "Speech") -> tuple[str, ...]:
    policy = speech.policy
    return (
        f"Amounts are in {policy.currency}; business hours are those of the calendar {policy.calendar}.",
        f"What nobody else can decide goes to {_anybody(policy.fallback)}. Nothing is ever approved by itself.",
    )


def stages(speech: "Speech") -> tuple[str, ...]:
    policy = speech.policy
    path = " → ".join(stage.name for stage in policy.pipeline)
    ends = _list([stage.name for stage in policy.stages if stage.kind in (WON, LOST)], "or")
    found = [f"A deal moves {path} and ends as {ends}."]
    found += _durations(policy.stages)
    for stage in policy.stages:
        found += _stage(speech, stage)
    for name, types in policy.gates.items():
        if types:
            found.append(f"To enter {name}, {_list([speech.type(each) for each in types])} must be approved if needed.")
    if policy.lost_reasons:
        found.append(f"A deal is lost for one of these reasons: {', '.join(policy.lost_reasons)}.")
    if policy.lost_detail_required:
        found.append(f"{_list(policy.lost_detail_required)} must be explained in words.")
    return tuple(found)


def _durations(stages: Sequence[StageRule]) -> list[str]:
    """How long deals should stay, and when they are rotting: a sentence each, where anything is said."""
    found = []
    planned = [f"{stage.name} {_number(stage.target_ms)}" for stage in stages if stage.target_ms]
    idle = [f"{stage.name} {_number(stage.rotting_ms)}" for stage in stages if stage.rotting_ms]
    if planned:
        found.append(f"Planned stay in business hours: {', '.join(planned)}.")
    if idle:
        found.append(f"Rotting after business hours without activity: {', '.join(idle)}.")
    return found


def _stage(speech: "Speech", stage: StageRule) -> list[str]:
    found = []
    if stage.enter:
        found.append(f"To enter {stage.name} a deal needs {_list([speech.field(name) for name in stage.enter])}.")
    if stage.leave:
        found.append(f"To leave {stage.name} it needs {_list([speech.field(name) for name in stage.leave])}.")
    if stage.next is not None:
        found.append(f"From {stage.name} one may go to {_list(stage.next, 'or') if stage.next else 'no other stage'}.")
    return found


def type_rule(speech: "Speech", rule: TypeRule) -> tuple[str, ...]:
    when = speech.condition(rule.when)
    found = [f"It is {'always needed' if when == 'always' else f'needed when {when}'}."]
    if rule.needs:
        found.append(f"It is not submitted without {_list([speech.field(name) for name in rule.needs])}.")
    if rule.material:
        material = [_material(speech, rule, name) for name in rule.material]
        found.append(f"A change of {_list(material, 'or')} starts over.")
    if rule.valid_days:
        found.append(f"It is valid for {rule.valid_days} days.")
    found += [f"{n}. {_step(speech, step)}" for n, step in enumerate(rule.steps, 1)]
    found += _late(rule)
    if rule.lock:
        found.append("The deal is locked while it is pending.")
    if not rule.bulk:
        found.append("It cannot be approved in bulk.")
    if rule.cc:
        found.append(f"{_people(rule.cc)} may read it.")
    return tuple(found)


def _material(speech: "Speech", rule: TypeRule, name: str) -> str:
    tolerance = rule.tolerance.get(name)
    if tolerance is None:
        return speech.field(name)
    if tolerance.share is not None:
        return f"{speech.field(name)} (by more than {number(tolerance.share * 100, 'en')} %)"
    return f"{speech.field(name)} (by more than {number(tolerance.absolute or Decimal(0), 'en')})"


def _step(speech: "Speech", step: StepRule) -> str:
    when = speech.condition(step.when)
    condition = "" if when == "always" else f", when {when}"
    beside = f" ({step.together}, at the same time)" if step.together else ""
    text = f"{step.name}{beside}{condition}: {_rule(step)}, within {_hours(step.sla_ms)}."
    return " ".join([text, *_more(speech, step)])


def _rule(step: StepRule) -> str:
    who = _people(step.who)
    one = len(step.who) == 1 and step.who[0].kind != ROLE
    if step.rule == "all":
        return f"{who} must agree" if one else f"everybody of {who} must agree, one no ends it"
    if step.rule == "at_least":
        return f"at least {step.need} of {who} must agree"
    return f"{who} decides" if one else f"one of {who} decides, the first answer counts"


def _more(speech: "Speech", step: StepRule) -> list[str]:
    found = []
    if step.must:
        found.append(f"{_people(step.must)} must be among them.")
    if step.veto:
        found.append(f"A no of {_people(step.veto)} ends it.")
    if step.stand_in:
        found.append(f"In place of somebody in conflict {_people(step.stand_in)} decides.")
    if step.fresh:
        found.append("Always in person: an earlier yes does not carry over.")
    if step.on_reject == "return":
        found.append("A no sends it back to the submitter.")
    if step.on_timeout != "escalate":
        found.append(f"When time runs out it is {'returned' if step.on_timeout == 'return' else 'rejected'}.")
    if step.calendar not in ("", speech.policy.calendar):
        found.append(f"It runs by the calendar {step.calendar}.")
    if step.cc:
        found.append(f"{_people(step.cc)} may read it.")
    return found


def _late(rule: TypeRule) -> list[str]:
    """Reminders and escalation: once for the type where its steps agree, else step by step."""
    plans = {(step.remind, step.escalate) for step in rule.steps}
    if len(plans) == 1:
        text = _escalation(*plans.pop())
        return [text] if text else []
    texts = [(step.name, _escalation(step.remind, step.escalate)) for step in rule.steps]
    return [f"{name}: {text[0].lower()}{text[1:]}" for name, text in texts if text]


def _escalation(remind: Sequence[Reminder], escalate: Sequence[Escalation]) -> str:
    found = []
    if remind:
        found.append(f"a reminder comes {_list([_reminder(each) for each in remind])}")
    for level in escalate:
        after = f"{_hours(level.after_ms)} after due" if level.after_ms else "when overdue"
        found.append(f"{after} {_DO[level.do].format(_target(level.to))}")
    text = "; ".join(found)
    return f"{text[0].upper()}{text[1:]}." if text else ""


def _reminder(reminder: Reminder) -> str:
    if reminder.share is not None:
        return f"after {number(reminder.share * 100, 'en')} % of the time"
    return f"{_hours(reminder.before_ms or 0)} before due"


def people(speech: "Speech") -> tuple[str, ...]:
    policy, sod = speech.policy, speech.policy.sod
    own = "may approve their own deals" if sod.submitter_may_approve else "never approve their own deals"
    found = [f"People {own}: those they submitted or own."]
    if not sod.editor_may_approve:
        found.append("Who changed a material fact does not decide on that version.")
    found.append(
        {
            "consecutive": "The same person in two steps in a row is asked once.",
            "all": "The same person in several steps is asked once.",
            "none": "The same person in several steps is asked each time.",
        }[sod.repeat]
    )
    found += [f"{_list(names)} are decided by different people." for names in sod.distinct]
    found += [f"{role}: {', '.join(logins)}." for role, logins in policy.roles.items() if logins]
    if not policy.override:
        found.append("Nobody may override a request, not even an admin.")
    return tuple(found)


def hours_of(calendar: Calendar) -> str:
    return f"Business hours: {calendar.name} ({calendar.timezone})"


def calendar(calendar: Calendar) -> tuple[str, ...]:
    found = []
    for first, last, hours in runs(calendar):
        day = _DAYS[first] if first == last else f"{_DAYS[first]} to {_DAYS[last]}"
        found.append(f"{day} {_list([interval(each) for each in hours])}.")
    if calendar.holidays:
        found.append(f"{len(calendar.holidays)} {_counted(calendar.holidays, 'holiday')} listed.")
    if calendar.workdays:
        found.append(f"{len(calendar.workdays)} {_counted(calendar.workdays, 'make-up day')} listed.")
    return tuple(found)


def _counted(things: frozenset[object], word: str) -> str:
    return word if len(things) == 1 else f"{word}s"


def _number(ms: int) -> str:
    return number(Decimal(ms) / HOUR_MS, "en")


def _hours(ms: int) -> str:
    return f"{_number(ms)} business {'hour' if ms == HOUR_MS else 'hours'}"


def _people(approvers: Sequence[Approver]) -> str:
    return _list([_approver(each) for each in approvers])


def _anybody(approvers: Sequence[Approver]) -> str:
    return _list([_approver(each) for each in approvers], "or")


def _approver(text: Approver) -> str:
    if text.kind != LINE:
        return text.name
    return {0: "the submitter's manager", 1: "the manager's manager"}.get(
        text.above, f"the manager {text.above} levels further up"
    )


def _target(text: Approver) -> str:
    """Whom an escalation names: there, `manager` is the manager of the person it waits on."""
    return "the approver's manager" if text == "manager" else _approver(text)


def _list(words: Sequence[str], last: str = "and") -> str:
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)
