"""The sentences of the tables about relations: promises, assignment, scores."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from oppcli.model.approver import LINE, Approver
from oppcli.model.policy import ALL_HOURS, Condition, Escalation, Policy, StageRule
from oppcli.model.relations import (
    ASSIGNED,
    CREATED,
    HOURS,
    OF_CUSTOMER,
    OWNER,
    WON,
    WORKDAYS,
    Assign,
    AssignRule,
    Deadline,
    Follow,
    ScoreRule,
    Span,
    StageTask,
    Survey,
)
from oppcli.model.said import listed, say
from oppcli.model.units import HOUR_MS
from oppcli.policy import assign_keys, follow_keys, phrases
from oppcli.policy.clauses import Clauses
from oppcli.policy.sentences import Sentences
from oppcli.rules import conditions, fields, relation_facts

_STARTS = {CREATED: say("creation"), ASSIGNED: say("each assignment"), WON: say("winning")}
_BY = {
    "turn": say("{rule}: in turn to one of {who}{when}."),
    "least": say("{rule}: to whoever of {who} has the fewest{when}."),
    "customer": say("{rule}: to the owner of the customer, else that of its newest live deal{when}."),
    "pool": say("{rule}: into the pool{when}."),
}


class RelationSentences(Sentences):
    """What a policy says, that of relations included."""

    def __init__(self, policy: Policy) -> None:
        super().__init__(policy)
        self.spoken = {**self.spoken, "length": self.span, "dates_long": self.days, "movers": self.movers}
        titles = {name: rule.title for name, rule in policy.fields.items() if rule.title}
        self._deals = Clauses(titles, {**fields.field_kinds(policy), **relation_facts.OF_DEALS})
        rules = policy.fields_of.get("customer", {})
        kinds = {name: field.kind for name, field in fields.of_noun("customer", rules).items()}
        theirs = {name: rule.title for name, rule in rules.items() if rule.title}
        self._customers = Clauses(theirs, {**kinds, **relation_facts.OF_CUSTOMERS})

    def relations(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """(about, heading, sentences) of each table about relations that the policy has."""
        policy = self.policy
        if policy.follow is not None:
            yield "follow", say("Follow-up"), tuple(self._follow(policy.follow))
        if policy.assign is not None:
            yield "assign", say("Assignment"), tuple(self._assign(policy.assign))
        if policy.tags or policy.tiers or policy.scores or policy.sheets or policy.priority:
            yield "scores", say("Tags, tiers and scores"), tuple(self._scored())
        if policy.suggestions or policy.archive is not None:
            yield "archive", say("Proposals and archive"), tuple(self._ends())

    # --- stages ------------------------------------------------------------------------------------------------------

    def stage(self, stage: StageRule) -> list[str]:
        found = [*super().stage(stage), *self.keys(follow_keys.STAGE, stage, stage=stage.name)]
        found += [self._task(stage.name, task) for task in stage.tasks]
        if stage.on_enter is not None:
            for name, value in stage.on_enter.set.items():
                field = self.clauses.field(name)
                found.append(
                    say(
                        "Entering {stage} sets {field} to {value}.",
                        stage=stage.name,
                        field=field,
                        value=phrases.name(value),
                    )
                )
            found += self.keys(follow_keys.ENTRY, stage.on_enter, stage=stage.name)
        return found

    def _task(self, stage: str, task: StageTask) -> str:
        time = say(", within {time}", time=self.span(task.within)) if task.within else ""
        said = say(
            "Entering {stage} creates the task {task}, for {who}{time}.",
            stage=stage,
            task=task.name,
            who=self.mover(task.who),
            time=time,
        )
        must = say("{stage} is not left forward without it.", stage=stage)
        return phrases.running([said, must]) if task.must else said

    def movers(self, every: Iterable[Any]) -> str:
        return phrases.either(map(self.mover, every))

    def mover(self, one: Any) -> str:
        return say("the owner") if one == OWNER else self.people([one])

    # --- follow-up ---------------------------------------------------------------------------------------------------

    def _follow(self, follow: Follow) -> Iterator[str]:
        if follow.kinds:
            kinds = listed(follow.kinds)
            yield say("The team's own kinds of activities: {kinds}.", kinds=kinds)
        yield from self.keys(follow_keys.FOLLOW, follow)
        for deadline in follow.deadlines:
            yield phrases.running(self._deadline(deadline, follow))
        for cadence in follow.cadences:
            of_customer = cadence.of == OF_CUSTOMER
            when = self.also(cadence.when, self._customers if of_customer else self._deals)
            time = self.span(cadence.every)
            if of_customer:
                yield say("Customers without a live deal are contacted every {time}{when}.", time=time, when=when)
            else:
                yield say("A follow-up comes every {time}{when}.", time=time, when=when)
        if follow.survey is not None:
            yield from self._survey(follow.survey)

    def _deadline(self, deadline: Deadline, follow: Follow) -> Iterator[str]:
        done = phrases.both(map(self.clauses.field, deadline.done)) if deadline.done else ""
        met = say("; it is met by {done}", done=done) if done else ""
        yield say(
            "{name}: within {time} of {start}{when}{met}.",
            name=deadline.name,
            time=self._time(deadline),
            start=self._start(deadline.start, follow),
            when=self.also(deadline.when, self._deals),
            met=met,
        )
        around = deadline.calendar == ALL_HOURS and deadline.within.unit == HOURS
        yield from self.keys(follow_keys.DEADLINE, deadline._replace(calendar="") if around else deadline)
        levels = [self._level(level, begins=not n) for n, level in enumerate(deadline.escalate)]
        if levels:
            yield say("{text}.", text=listed(levels, "; "))

    def _time(self, deadline: Deadline) -> str:
        """How long there is; of all hours of all days it is said that they are."""
        within = deadline.within
        if deadline.calendar != ALL_HOURS or within.unit != HOURS:
            return self.span(within)
        return say("{hours} hours, day and night,", hours=phrases.number(Decimal(within.amount) / HOUR_MS))

    def _level(self, level: Escalation, *, begins: bool) -> str:
        who = self._told(level.to)
        return say(
            "{after} {what}", after=self.after(level.after_ms, begins=begins), what=phrases.DO[level.do].filled(who=who)
        )

    def _told(self, one: Approver) -> str:
        return say("the owner's manager") if one == LINE else self.people([one])

    def _start(self, start: str, follow: Follow | None = None) -> str:
        if start.startswith("stage:"):
            return say("entering {stage}", stage=start[6:])
        if follow is not None and follow.deadline(start) is not None:
            return say("meeting {name}", name=start)
        return _STARTS[start]

    def _survey(self, survey: Survey) -> Iterator[str]:
        yield say(
            "Within {time} of {start} the customer is asked, for an answer from 1 to {scale}.",
            time=self.span(survey.within),
            start=self._start(survey.start),
            scale=survey.scale,
        )
        if survey.rescue is not None:
            yield say(
                "After an answer up to {low} the manager has {time} to look after it.",
                low=survey.low,
                time=self.span(survey.rescue),
            )

    # --- assignment --------------------------------------------------------------------------------------------------

    def _assign(self, assign: Assign) -> Iterator[str]:
        yield from (phrases.running(self._given(rule)) for rule in assign.rules)
        for login, person in assign.people.items():
            it = phrases.name(login)
            yield from (said for key in assign_keys.PERSON.keys.values() for said in self.key(key, person, who=it))
            if when := self._when_of(person.when):
                yield say("{who} only takes a deal when {when}.", who=it, when=when)
        if assign.pool is not None:
            yield from self.keys(assign_keys.POOL, assign.pool)
        for rule in assign.returns:
            warn = say(", after a warning {time} before", time=self.days(rule.warn_days)) if rule.warn_days else ""
            when = self.also(rule.when, self._deals)
            yield say(
                "A deal goes back to the pool after {time} without a touch{when}{warn}.",
                time=self.days(rule.after_days),
                when=when,
                warn=warn,
            )
        if assign.protect is not None:
            yield say(
                "Everybody may protect {n} {n:customer|customers}, for {time} each.",
                n=assign.protect.max,
                time=self.days(assign.protect.days),
            )

    def _given(self, rule: AssignRule) -> Iterator[str]:
        when = self.also(rule.when, self._deals)
        yield _BY[rule.by].filled(rule=rule.name, who=phrases.either(map(self._approver, rule.to)), when=when)
        yield from self.keys(assign_keys.RULE, rule)
        if rule.unless is not None:
            yield say("It is taken away when {when}.", when=self._when_of(rule.unless))

    # --- scores ------------------------------------------------------------------------------------------------------

    def _scored(self) -> Iterator[str]:
        policy = self.policy
        for tag in policy.tags:
            yield say("A deal is tagged {tag}{when}.", tag=tag.name, when=self.also(tag.when, self._deals))
        for tier in policy.tiers:
            when = self.also(tier.when, self._customers)
            yield say("A customer is of tier {tier}{when}.", tier=tier.name, when=when)
        for score in policy.scores:
            yield from self._score(score)
        for sheet in policy.sheets.values():
            names = listed([say("{name} {n}", name=self.clauses.field(name), n=n) for name, n in sheet.fields.items()])
            yield say("{sheet} is filled by weight: {fields}.", sheet=sheet.name, fields=names)
        if policy.priority is not None:
            yield from self._priority()

    def _score(self, score: ScoreRule) -> Iterator[str]:
        parts = [
            say("{points}{when}", points=f"{each.points:+d}", when=self.also(each.when, self._deals))
            for each in score.rules
        ]
        yield say("{name}: {text}.", name=score.name, text=listed(parts, "; "))
        if score.grades:
            grades = listed([f"{name} {least}" for name, least in score.grades.items()])
            yield say("Its grades begin at {grades}.", grades=grades)
        for each in score.on:
            yield say("When a deal gets {grade}, {who} is told.", grade=each.grade, who=self._told(each.to))
        if score.unknown == "missing":
            yield say("Without all its fields there is no {name}.", name=score.name)

    def _priority(self) -> Iterator[str]:
        rule = self.policy.priority
        if rule.effort is not None:
            effort, cost = self.clauses.field(rule.effort), phrases.number(rule.cost)
            yield say("Each unit of {effort} costs {cost}.", effort=effort, cost=cost)
        if rule.grade:
            grades = [say("{name} {n}", name=name, n=phrases.number(factor)) for name, factor in rule.grade.items()]
            yield say("The value counts by grade: {grades}.", grades=listed(grades))

    def _ends(self) -> Iterator[str]:
        for each in self.policy.suggestions:
            when = self.also(each.when, self._deals)
            if each.words:
                words = phrases.either(map(phrases.name, each.words))
                yield say(
                    "A mail or message with {words} proposes a move to {stage}{when}.",
                    words=words,
                    stage=each.to,
                    when=when,
                )
            if each.after is not None:
                yield say(
                    "A move to {stage} is proposed after {time}{when}.",
                    stage=each.to,
                    time=self.span(each.after),
                    when=when,
                )
        if self.policy.archive is not None:
            yield from self.keys(assign_keys.ARCHIVE, self.policy.archive)

    # --- parts of sentences ------------------------------------------------------------------------------------------

    def also(self, condition: Condition, clauses: Clauses) -> str:
        """` when …`; nothing for `always`."""
        tree = conditions.tree(condition)
        return "" if tree is None else say(" when {when}", when=clauses.of(tree))

    def _when_of(self, condition: Condition) -> str:
        tree = conditions.tree(condition)
        return "" if tree is None else self._deals.of(tree)

    def span(self, span: Span) -> str:
        if span.unit == HOURS:
            return self.hours(span.amount)
        if span.unit == WORKDAYS:
            return say("{n} {n:workday|workdays}", n=span.amount)
        return self.days(span.amount)

    def days(self, n: int) -> str:
        return say("{n} {n:day|days}", n=n)
