"""The sentences of a policy, each of which a language tells in its own way."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from oppcli.model.approver import CHOSEN, FIELD, LINE, ROLE, Approver
from oppcli.model.follow import ACTIVITY_KINDS
from oppcli.model.people import ADMIN
from oppcli.model.policy import (
    ALL_HOURS,
    CLAUSES,
    COMMENT,
    EVERYBODY,
    OWN,
    Calendar,
    Condition,
    Escalation,
    Policy,
    Reminder,
    StageRule,
    StepRule,
    TypeRule,
)
from oppcli.model.said import Said, Word, listed, say
from oppcli.model.units import HOUR_MS, MINUTE_MS
from oppcli.policy import keys, payment_keys, phrases, request_keys, trust_keys, written
from oppcli.policy.clauses import Clauses
from oppcli.policy.kinds import Key, Keys
from oppcli.policy.written import interval, percent, runs
from oppcli.rules import conditions, fields
from oppcli.words.day_names import LONG_DAYS

BEFORE_STEPS = ("needs", "material", "valid_days")
"""What is said of a type before its steps; the rest comes behind them."""


def _activity(kind: str) -> str:
    return Word("activity", kind) if kind in ACTIVITY_KINDS else kind


class Sentences:
    """What one policy says: fields by their titles, conditions as sentences."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        titles = {name: rule.title for name, rule in policy.fields.items() if rule.title}
        self.clauses = Clauses(titles, fields.field_kinds(policy))
        self.spoken: Mapping[str, Callable[[Any], str]] = {
            "approvers": self.people,
            "listeners": self.people,
            "fields": lambda names: phrases.both(map(self.clauses.field, names)),
            "reasons": phrases.both,
            "rate": written.rate,
            "rates": written.rates,
            "brought": lambda names: phrases.both(map(self._brought, names)),
            "locks": lambda states: listed((phrases.LOCKED[state] for state in states), "; "),
            "away": lambda ways: phrases.both(phrases.AWAYS[way] for way in ways),
            "span": lambda ms: phrases.number(Decimal(ms) / MINUTE_MS),
            "texts": listed,
            "touching": lambda kinds: listed(_activity(kind) for kind in kinds),
            "calendar": lambda name: say("all hours of all days") if name == ALL_HOURS else name,
            "roles": lambda names: phrases.both(map(self._named, dict.fromkeys((*names, ADMIN)))),
        }
        """How a value is said, by the word of its kind; else as it is."""

    # --- the sections ------------------------------------------------------------------------------------------------

    def head(self) -> tuple[str, ...]:
        policy = self.policy
        return (
            say(
                "Amounts are in {currency}; business hours are those of the calendar {calendar}.",
                currency=policy.currency,
                calendar=policy.calendar,
            ),
            say(
                "What nobody else can decide goes to {who}. Nothing is ever approved by itself.",
                who=phrases.either(map(self._approver, policy.fallback)),
            ),
        )

    def stages(self) -> tuple[str, ...]:
        policy = self.policy
        found: list[str] = []
        for line in dict.fromkeys(stage.pipeline for stage in policy.stages):
            found += phrases.line([stage for stage in policy.stages if stage.pipeline == line], line)
        found += self._times(say("Planned stay in business hours: {stages}."), lambda stage: stage.target_ms)
        found += self._times(phrases.ROTTING, lambda stage: stage.rotting_ms)
        for stage in policy.stages:
            found += self.stage(stage)
        for name, types in policy.gates.items():
            if types:
                asked = phrases.both(policy.types[each].title for each in types)
                found.append(say("To enter {stage}, {types} must be approved if needed.", stage=name, types=asked))
        return (*found, *self.keys(keys.LOST, policy))

    def stage(self, stage: StageRule) -> list[str]:
        return [*self.keys(keys.STAGE, stage, stage=stage.name), *self._next(stage)]

    def type_rule(self, rule: TypeRule) -> tuple[str, ...]:
        when = self.when(rule.when)
        found: list[str] = [say("It is needed when {when}.", when=when) if when else say("It is always needed.")]
        for place, key in enumerate(request_keys.TYPE.keys.values()):
            if key.name == "material" and rule.material:
                facts = phrases.either(self._material(rule, name) for name in rule.material)
                found.append(say("A change of {it} starts over.", it=facts))
            found += self.key(key, rule)
            if place == _LAST_BEFORE_STEPS:
                found += [say("{n}. {step}", n=n, step=self._step(step)) for n, step in enumerate(rule.steps, 1)]
                found += self._late(rule)
        return tuple(found)

    def people_apart(self) -> tuple[str, ...]:
        policy = self.policy
        found = self.keys(keys.SOD, policy.sod)
        found += [say("{it} are decided by different people.", it=phrases.both(names)) for names in policy.sod.distinct]
        found += [
            say("{name}: {text}.", name=self._role(role), text=listed(logins))
            for role, logins in policy.roles.items()
            if logins
        ]
        for table in (trust_keys.RISK, payment_keys.PAYMENT, keys.POLICY, trust_keys.IDENTITY):
            found += self.keys(table, policy)
        return (*found, *(self._scope() if policy.scoped else ()))

    def _role(self, name: str) -> str:
        title = self.policy.role_titles.get(name)
        return say("{title} ({name})", title=title, name=name) if title else name

    def _scope(self) -> list[str]:
        """Who sees what: by how far they see, then the fields that are hidden or shown in part."""
        policy = self.policy
        found = []
        for level, template in phrases.SEEN.items():
            roles = [role for role, sees in policy.see.items() if sees == level and role != EVERYBODY]
            if roles:
                found.append(template.filled(it=phrases.both(map(self._named, roles))))
        rest = policy.see.get(EVERYBODY, OWN)
        found.append(phrases.REST[rest])
        found += [
            say("Who is {it} and nothing else does not have the field {field}.", it=it, field=field)
            for hidden, roles in policy.hide.items()
            for it, field in [(phrases.either(map(self._named, roles)), self.clauses.field(hidden))]
        ]
        return [*found, *self.keys(trust_keys.SCOPE, policy)]

    def hours_of(self, calendar: Calendar) -> str:
        return say("Business hours: {name} ({zone})", name=calendar.name, zone=calendar.timezone)

    def calendar(self, calendar: Calendar) -> tuple[str, ...]:
        found = []
        for first, last, hours in runs(calendar):
            days = [Word("day", LONG_DAYS[day].title()) for day in (first, last)]
            said = days[0] if first == last else say("{first} to {last}", first=days[0], last=days[1])
            found.append(say("{days} {hours}.", days=said, hours=phrases.both(map(interval, hours))))
        if calendar.holidays:
            found.append(say("{n} {n:holiday|holidays} listed.", n=len(calendar.holidays)))
        if calendar.workdays:
            found.append(say("{n} {n:make-up day|make-up days} listed.", n=len(calendar.workdays)))
        return tuple(found)

    # --- keys by their rows ------------------------------------------------------------------------------------------

    def keys(self, table: Keys, rule: Any, **more: str) -> list[str]:
        """The sentences of all keys of a table that have one."""
        return [said for key in table.keys.values() for said in self.key(key, rule, **more)]

    def key(self, key: Key, rule: Any, **more: str) -> list[str]:
        """The sentence of a key, where it says something: by its row, for a value that is not empty."""
        if not key.said:
            return []
        value = key.of(rule)
        template = key.said.get(value) if isinstance(key.said, Mapping) else key.said
        if not template or value in (None, ()) or (key.inherits == "policy" and value in ("", self.policy.calendar)):
            return []
        return [template.filled(it=self.spoken.get(key.kind.word, str)(value), **more)]

    # --- parts of sentences ------------------------------------------------------------------------------------------

    def people(self, approvers: Iterable[Approver]) -> str:
        return phrases.both(map(self._approver, approvers))

    def _approver(self, one: Approver) -> str:
        if one.kind == CHOSEN:
            return say("who is chosen of {role}", role=self._named(one.name))
        if one.kind == FIELD:
            return say("who stands in {field}", field=self.clauses.field(one.name))
        if one.kind != LINE:
            return self._named(one.name) if one.kind == ROLE else phrases.name(one.name)
        return phrases.LINES.get(one.above) or say("the manager {n} levels further up", n=one.above)

    def _brought(self, name: str) -> str:
        return {COMMENT: say("a comment"), CLAUSES: say("every clause answered")}.get(name) or self.clauses.field(name)

    def _named(self, role: str) -> str:
        return phrases.name(Word("role", role, self.policy.role_titles.get(role, "")))

    def when(self, condition: Condition) -> str:
        """The condition as a sentence; nothing for `always`."""
        tree = conditions.tree(condition)
        return "" if tree is None else self.clauses.of(tree)

    def hours(self, ms: int) -> str:
        hours = phrases.number(Decimal(ms) / HOUR_MS)
        one = ms == HOUR_MS
        return say("{hours} business hour", hours=hours) if one else say("{hours} business hours", hours=hours)

    def _times(self, template: Said, time: Callable[[StageRule], int | None]) -> list[str]:
        """One sentence of the stages that have such a time."""
        found = [
            say("{stage} {hours}", stage=stage.name, hours=phrases.number(Decimal(ms) / HOUR_MS))
            for stage in self.policy.stages
            if (ms := time(stage))
        ]
        return [template.filled(stages=listed(found))] if found else []

    def _next(self, stage: StageRule) -> list[str]:
        if stage.next is None:
            return []
        if not stage.next:
            return [say("From {stage} one may go to no other stage.", stage=stage.name)]
        return [say("From {stage} one may go to {it}.", stage=stage.name, it=phrases.either(stage.next))]

    def _material(self, rule: TypeRule, name: str) -> str:
        field, tolerance = self.clauses.field(name), rule.tolerance.get(name)
        if tolerance is None:
            return field
        if tolerance.share is not None:
            share = phrases.number(tolerance.share * 100)
            return say("{field} (by more than {share} %)", field=field, share=share)
        amount = phrases.number(tolerance.absolute or Decimal(0))
        return say("{field} (by more than {amount})", field=field, amount=amount)

    def _step(self, step: StepRule) -> str:
        when = self.when(step.when)
        text = say(
            "{name}{beside}{condition}: {rule}, within {time}.",
            name=step.name,
            beside=say(" ({group}, at the same time)", group=step.together) if step.together else "",
            condition=say(", when {when}", when=when) if when else "",
            rule=self._rule(step),
            time=self.hours(step.sla_ms),
        )
        return phrases.running((text, *self.keys(request_keys.STEP, step)))

    def _rule(self, step: StepRule) -> str:
        who = self.people(step.who)
        one = len(step.who) == 1 and step.who[0].kind not in (ROLE, CHOSEN)
        if step.rule == "all":
            return (
                say("{who} must agree", who=who)
                if one
                else say("everybody of {who} must agree, one no ends it", who=who)
            )
        if step.rule == "at_least":
            if step.share is not None:
                return say("at least {share} % of {who} must agree", share=percent(step.share), who=who)
            return say("at least {n} of {who} must agree", n=step.need, who=who)
        if one:
            return say("{who} decides", who=who)
        return say("one of {who} decides, the first answer counts", who=who)

    def _late(self, rule: TypeRule) -> list[str]:
        """Reminders and escalation: once for the type where its steps agree, else step by step."""
        plans = {(step.remind, step.escalate) for step in rule.steps}
        if len(plans) == 1:
            text = self._escalation(*plans.pop(), begins=True)
            return [say("{text}.", text=text)] if text else []
        texts = [(step.name, self._escalation(step.remind, step.escalate)) for step in rule.steps]
        return [say("{name}: {text}.", name=name, text=text) for name, text in texts if text]

    def _escalation(self, remind: Sequence[Reminder], escalate: Sequence[Escalation], *, begins: bool = False) -> str:
        """`begins`: it begins a sentence."""
        found = []
        if remind:
            when = phrases.both(map(self._reminder, remind))
            told = say("A reminder comes {when}", when=when) if begins else say("a reminder comes {when}", when=when)
            found.append(told)
        for level in escalate:
            what = phrases.DO[level.do].filled(who=self._target(level.to))
            after = self.after(level.after_ms, begins=begins and not found)
            found.append(say("{after} {what}", after=after, what=what))
        return listed(found, "; ")

    def after(self, ms: int, *, begins: bool) -> str:
        if ms:
            return say("{time} after due", time=self.hours(ms))
        return say("When overdue") if begins else say("when overdue")

    def _reminder(self, reminder: Reminder) -> str:
        if reminder.share is not None:
            return say("after {share} % of the time", share=phrases.number(reminder.share * 100))
        if reminder.after_ms is not None:
            return say("{time} after due", time=self.hours(reminder.after_ms))
        return say("{time} before due", time=self.hours(reminder.before_ms or 0))

    def _target(self, one: Approver) -> str:
        """Whom an escalation names: there, `manager` is the manager of the person it waits on."""
        return say("the approver's manager") if one == LINE else self._approver(one)


_LAST_BEFORE_STEPS = max(place for place, name in enumerate(request_keys.TYPE.keys) if name in BEFORE_STEPS)
