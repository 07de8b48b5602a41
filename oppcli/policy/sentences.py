"""The sentences of a policy, in whatever language has the words: one skeleton for all of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from oppcli.model.approver import LINE, ROLE, Approver
from oppcli.model.deals import LOST, WON
from oppcli.model.duplicates import ALLOW, BLOCK, CLI, FLAG, WARN, DuplicateRule
from oppcli.model.people import ADMIN
from oppcli.model.policy import (
    ALL,
    EVERYBODY,
    OWN,
    TEAM,
    Calendar,
    Condition,
    Escalation,
    Policy,
    Reminder,
    StageRule,
    StepRule,
    TypeRule,
)
from oppcli.model.units import HOUR_MS, MINUTE_MS
from oppcli.policy import keys, trust_keys
from oppcli.policy.clauses import Clauses
from oppcli.policy.kinds import Key, Keys
from oppcli.policy.vocabulary import Vocabulary
from oppcli.policy.written import interval, runs
from oppcli.rules import conditions, fields

_DO = {"notify": "{who} is told", "add": "{who} may decide too", "reassign": "it goes to {who}"}
_LINES = {0: "the submitter's manager", 1: "the manager's manager"}
_SEEN = {
    OWN: "{it} see their own deals, those of nobody, and those they are asked about.",
    TEAM: "{it} see these and the deals of everybody below them.",
    ALL: "{it} see all deals.",
}
_REST = {
    OWN: "Everybody else sees their own deals, those of nobody, and those they are asked about; admins see all.",
    TEAM: "Everybody else sees their own deals and those of everybody below them; admins see all.",
    ALL: "Everybody else sees all deals.",
}
_ALIKE = {"customer": "two customers", "contact": "two contacts", "deal": "two deals under way"}
_ANSWERED = {
    BLOCK: "{name}: {nouns} with {what}: the second is refused.",
    WARN: "{name}: {nouns} with {what}: it is said when the second is written.",
    FLAG: "{name}: {nouns} with {what}: the match is kept.",
    ALLOW: "{name}: {nouns} with {what}: nothing is said, opp dupes finds them.",
}
BEFORE_STEPS = ("needs", "material", "valid_days")
"""What is said of a type before its steps; the rest comes behind them."""


class Sentences:
    """What one policy says, in one language: fields by their titles, conditions as sentences."""

    def __init__(self, policy: Policy, words: Vocabulary) -> None:
        self.policy, self.words, self.say = policy, words, words.say
        titles = {name: rule.title for name, rule in policy.fields.items() if rule.title}
        self._clauses = Clauses(words, titles, fields.field_kinds(policy))
        self._spoken: Mapping[str, Callable[[Any], str]] = {
            "approvers": self.people,
            "listeners": self.people,
            "fields": lambda names: words.list(map(self._clauses.field, names)),
            "reasons": words.list,
            "span": lambda ms: words.number(Decimal(ms) / MINUTE_MS),
            "texts": lambda names: words.list(names, "list"),
            "roles": lambda names: words.list(map(words.name, dict.fromkeys((*names, ADMIN)))),
        }
        """How a value is said, by the word of its kind; else as it is."""

    # --- the sections ------------------------------------------------------------------------------------------------

    def head(self) -> tuple[str, ...]:
        policy = self.policy
        amounts = "Amounts are in {currency}; business hours are those of the calendar {calendar}."
        nobody = "What nobody else can decide goes to {who}. Nothing is ever approved by itself."
        return (
            self.say(amounts, currency=policy.currency, calendar=policy.calendar),
            self.say(nobody, who=self.people(policy.fallback, "or")),
        )

    def stages(self) -> tuple[str, ...]:
        policy = self.policy
        path = " → ".join(stage.name for stage in policy.pipeline)
        ends = self.words.list([stage.name for stage in policy.stages if stage.kind in (WON, LOST)], "or")
        found = [self.say("A deal moves {path} and ends as {ends}.", path=path, ends=ends)]
        found += self._times("Planned stay in business hours: {stages}.", lambda stage: stage.target_ms)
        found += self._times("Rotting after business hours without activity: {stages}.", lambda stage: stage.rotting_ms)
        for stage in policy.stages:
            found += self.keys(keys.STAGE, stage, stage=stage.name)
            found += self._next(stage)
        for name, types in policy.gates.items():
            if types:
                asked = self.words.list([policy.types[each].title for each in types])
                found.append(self.say("To enter {stage}, {types} must be approved if needed.", stage=name, types=asked))
        return (*found, *self.keys(keys.LOST, policy))

    def type_rule(self, rule: TypeRule) -> tuple[str, ...]:
        when = self._when(rule.when)
        found = [self.say("It is needed when {when}.", when=when) if when else self.say("It is always needed.")]
        for place, key in enumerate(keys.TYPE.keys.values()):
            if key.name == "material" and rule.material:
                facts = self.words.list([self._material(rule, name) for name in rule.material], "either")
                found.append(self.say("A change of {it} starts over.", it=facts))
            found += self.key(key, rule)
            if place == _LAST_BEFORE_STEPS:
                found += [f"{n}. {self._step(step)}" for n, step in enumerate(rule.steps, 1)]
                found += self._late(rule)
        return tuple(found)

    def people_apart(self) -> tuple[str, ...]:
        policy = self.policy
        found = self.keys(keys.SOD, policy.sod)
        found += [
            self.say("{it} are decided by different people.", it=self.words.list(names))
            for names in policy.sod.distinct
        ]
        found += [
            self.say("{name}: {text}.", name=self._role(role), text=self.words.list(logins, "list"))
            for role, logins in policy.roles.items()
            if logins
        ]
        for table in (trust_keys.RISK, keys.POLICY, trust_keys.IDENTITY):
            found += self.keys(table, policy)
        return (*found, *(self._scope() if policy.scoped else ()))

    def _role(self, name: str) -> str:
        title = self.policy.role_titles.get(name)
        return self.say("{title} ({name})", title=title, name=name) if title else name

    def _scope(self) -> list[str]:
        """Who sees what: by how far they see, then the fields that are hidden or shown in part."""
        policy, name = self.policy, self.words.name
        found = []
        for level, template in _SEEN.items():
            roles = [role for role, sees in policy.see.items() if sees == level and role != EVERYBODY]
            if roles:
                found.append(self.say(template, it=self.words.list(map(name, roles))))
        rest = policy.see.get(EVERYBODY, OWN)
        found.append(self.say(_REST[rest]))
        found += [
            self.say("Who is {it} and nothing else does not have the field {field}.", it=it, field=field)
            for hidden, roles in policy.hide.items()
            for it, field in [(self.words.list(map(name, roles), "or"), self._clauses.field(hidden))]
        ]
        return [*found, *self.keys(trust_keys.SCOPE, policy)]

    def hours_of(self, calendar: Calendar) -> str:
        return self.say("Business hours: {name} ({zone})", name=calendar.name, zone=calendar.timezone)

    def calendar(self, calendar: Calendar) -> tuple[str, ...]:
        found = []
        for first, last, hours in runs(calendar):
            days = [self.words.days[day] for day in (first, last)]
            said = days[0] if first == last else self.say("{first} to {last}", first=days[0], last=days[1])
            found.append(self.say("{days} {hours}.", days=said, hours=self.words.list(map(interval, hours))))
        if calendar.holidays:
            found.append(self.say("{n} {n:holiday|holidays} listed.", n=len(calendar.holidays)))
        if calendar.workdays:
            found.append(self.say("{n} {n:make-up day|make-up days} listed.", n=len(calendar.workdays)))
        return tuple(found)

    def duplicates(self) -> tuple[str, ...]:
        """What each rule of `[duplicates]` takes for one, and what is done about it at the keyboard."""
        table = self.policy.duplicates
        return tuple(
            self.say(
                _ANSWERED[table.answer(rule, CLI)],
                name=rule.name,
                nouns=self.say(_ALIKE[rule.of]),
                what=self._alike(rule),
            )
            for rule in (table.rules if table else ())
        )

    def _alike(self, rule: DuplicateRule) -> str:
        """`the same phone and name alike by 50 %`."""
        same = [self.say("the same {field}", field=self._clauses.field(field)) for field in rule.same]
        like = [
            self.say("{field} alike by {least} %", field=self._clauses.field(field), least=least)
            for field, least in rule.like.items()
        ]
        return self.words.list((*same, *like))

    # --- keys by their rows ------------------------------------------------------------------------------------------

    def keys(self, table: Keys, rule: Any, **more: str) -> list[str]:
        """The sentences of all keys of a table that have one."""
        return [said for key in table.keys.values() for said in self.key(key, rule, **more)]

    def key(self, key: Key, rule: Any, **more: str) -> list[str]:
        """The sentence of a key, where it says something: by its row, for a value that is not empty."""
        if not key.said:
            return []
        value = key.of(rule)
        template = key.said if isinstance(key.said, str) else key.said.get(value)
        if not template or value in (None, ()) or (key.inherits == "policy" and value in ("", self.policy.calendar)):
            return []
        return [self.say(template, it=self._spoken.get(key.kind.word, str)(value), **more)]

    # --- parts of sentences ------------------------------------------------------------------------------------------

    def people(self, approvers: Iterable[Approver], how: str = "and") -> str:
        return self.words.list(map(self._approver, approvers), how)

    def _approver(self, one: Approver) -> str:
        if one.kind != LINE:
            return self.words.name(one.name)
        return self.say(_LINES.get(one.above, "the manager {n} levels further up"), n=one.above)

    def _when(self, condition: Condition) -> str:
        """The condition as a sentence; nothing for `always`."""
        tree = conditions.tree(condition)
        return "" if tree is None else self._clauses.of(tree)

    def _hours(self, ms: int) -> str:
        template = "{hours} business hour" if ms == HOUR_MS else "{hours} business hours"
        return self.say(template, hours=self.words.number(Decimal(ms) / HOUR_MS))

    def _times(self, template: str, time: Callable[[StageRule], int | None]) -> list[str]:
        """One sentence of the stages that have such a time."""
        found = [f"{s.name} {self.words.number(Decimal(ms) / HOUR_MS)}" for s in self.policy.stages if (ms := time(s))]
        return [self.say(template, stages=self.words.list(found, "list"))] if found else []

    def _next(self, stage: StageRule) -> list[str]:
        if stage.next is None:
            return []
        template = "From {stage} one may go to {it}." if stage.next else "From {stage} one may go to no other stage."
        return [self.say(template, stage=stage.name, it=self.words.list(stage.next, "either"))]

    def _material(self, rule: TypeRule, name: str) -> str:
        field, tolerance = self._clauses.field(name), rule.tolerance.get(name)
        if tolerance is None:
            return field
        if tolerance.share is not None:
            share = self.words.number(tolerance.share * 100)
            return self.say("{field} (by more than {share} %)", field=field, share=share)
        amount = self.words.number(tolerance.absolute or Decimal(0))
        return self.say("{field} (by more than {amount})", field=field, amount=amount)

    def _step(self, step: StepRule) -> str:
        when = self._when(step.when)
        text = self.say(
            "{name}{beside}{condition}: {rule}, within {time}.",
            name=step.name,
            beside=self.say(" ({group}, at the same time)", group=step.together) if step.together else "",
            condition=self.say(", when {when}", when=when) if when else "",
            rule=self._rule(step),
            time=self._hours(step.sla_ms),
        )
        return self.words.stop.join([text, *self.keys(keys.STEP, step)])

    def _rule(self, step: StepRule) -> str:
        who = self.people(step.who)
        one = len(step.who) == 1 and step.who[0].kind != ROLE
        if step.rule == "all":
            return self.say("{who} must agree" if one else "everybody of {who} must agree, one no ends it", who=who)
        if step.rule == "at_least":
            return self.say("at least {n} of {who} must agree", n=step.need, who=who)
        if one:
            return self.say("{who} decides", who=who)
        return self.say("one of {who} decides, the first answer counts", who=self.people(step.who, "of"))

    def _late(self, rule: TypeRule) -> list[str]:
        """Reminders and escalation: once for the type where its steps agree, else step by step."""
        plans = {(step.remind, step.escalate) for step in rule.steps}
        if len(plans) == 1:
            text = self._escalation(*plans.pop())
            return [self.say("{text}.", text=text[0].upper() + text[1:])] if text else []
        texts = [(step.name, self._escalation(step.remind, step.escalate)) for step in rule.steps]
        return [self.say("{name}: {text}.", name=name, text=text) for name, text in texts if text]

    def _escalation(self, remind: Sequence[Reminder], escalate: Sequence[Escalation]) -> str:
        found = []
        if remind:
            found.append(self.say("a reminder comes {when}", when=self.words.list(map(self._reminder, remind))))
        for level in escalate:
            late = self.say("{time} after due", time=self._hours(level.after_ms)) if level.after_ms else ""
            what = self.say(_DO[level.do], who=self._target(level.to))
            found.append(self.say("{after} {what}", after=late or self.say("when overdue"), what=what))
        return self.words.semicolon.join(found)

    def _reminder(self, reminder: Reminder) -> str:
        if reminder.share is not None:
            return self.say("after {share} % of the time", share=self.words.number(reminder.share * 100))
        return self.say("{time} before due", time=self._hours(reminder.before_ms or 0))

    def _target(self, one: Approver) -> str:
        """Whom an escalation names: there, `manager` is the manager of the person it waits on."""
        return self.say("the approver's manager") if one == LINE else self._approver(one)


_LAST_BEFORE_STEPS = max(place for place, name in enumerate(keys.TYPE.keys) if name in BEFORE_STEPS)
