"""Deadlines of `[follow]` as tasks: opened, met and started anew in the transaction that causes it."""

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from typing import Any

from oppcli.actions.act import ASSIGNED, CAPTURED, CLOSED, MOVED, REOPENED, Act, Cause
from oppcli.actions.follow_ups import due_shown, is_touch
from oppcli.model import reasons
from oppcli.model.deals import LIVE_KINDS, Deal, File
from oppcli.model.follow import CANCELLED, DEADLINE, DONE, OPEN, WAIVED, Activity, Task
from oppcli.model.policy import Condition
from oppcli.model.records import KEPT, LIVE
from oppcli.model.refs import ref
from oppcli.model.relations import ASSIGNED as FROM_OWNER
from oppcli.model.relations import CREATED, OF_DEADLINE, Deadline
from oppcli.model.requests import IMPORT
from oppcli.model.said import Said, say
from oppcli.rules import conditions, dues, fields, gate_words, pipeline
from oppcli.rules import deadlines as rules
from oppcli.rules.absence import absence
from oppcli.rules.idling import touching
from oppcli.rules.promising import due_of, ended


def followed(act: Act, cause: Cause, meta: Mapping[str, Any] | None = None) -> tuple[str, ...]:
    """What this does to the deadlines of the deal: a line for each that was met, given up or opened. A deal that is
    closed opens none; reopening revives none. `meta`: what the entries say besides."""
    if cause.deal is None or act.policy.follow is None:
        return ()
    turn = Turn(act, cause, cause.deal, meta)
    return tuple(line for rule in rules.ordered(act.policy.follow.deadlines) for line in turn.of(rule))


class Turn:
    """One cause, and what is known of the deadlines of its deal."""

    def __init__(self, act: Act, cause: Cause, deal: Deal, meta: Mapping[str, Any] | None = None) -> None:
        self.act, self.cause, self.deal, self.policy, self.meta = act, cause, deal, act.policy, meta
        known = cause.tasks
        found = act.door.find(Task, deal_id=deal.id, kind=DEADLINE, standing=KEPT) if known is None else known
        self.tasks = rules.latest(task for task in found if task.kind == DEADLINE)
        stage = act.policy.stage(deal.stage)
        self.live = deal.standing == LIVE and stage is not None and stage.kind in LIVE_KINDS
        before = cause.before
        self.imported = cause.what == CAPTURED and deal.channel == IMPORT
        self.opened: set[str] = set()
        """The names of those that this cause has opened."""
        self.handed = cause.what == ASSIGNED or (before is not None and before.owner != deal.owner)

    def of(self, rule: Deadline) -> Iterator[Said]:
        """What happens to one of them."""
        task = self.tasks.get(rules.origin(rule))
        if task is not None and task.state == OPEN:
            if (met := self.met(rule, task)) is not None:
                yield self.end(task, *met)
                return
            if not (self.handed and rule.start == FROM_OWNER):
                return
            task = self.give_up(task)
        since = self.start(rule)
        if self.live and since is not None and self.begins(rule, task):
            yield from self.open(rule, since)

    def start(self, rule: Deadline) -> int | None:
        """The instant from which it runs."""
        if self.handed and rule.start == FROM_OWNER:
            return None if self.deal.owner is None else self.act.now
        return rules.start(rule, self.deal, self.tasks, self.act.now)

    def begins(self, rule: Deadline, task: Task | None) -> bool:
        """Whether what it runs from has happened by this cause, or has begun to concern the deal."""
        if (
            self.cause.what in (CLOSED, REOPENED)
            or not rules.again(rule, task)
            or not self.concerns(rule.when, self.deal)
        ):
            return False
        before = self.cause.before
        if task is None and before is not None and not self.concerns(rule.when, before):
            return True
        if rule.start == CREATED:
            return self.cause.what == CAPTURED
        if rule.start == FROM_OWNER:
            return self.cause.what == CAPTURED or self.handed
        if rule.start.startswith(f"{gate_words.STAGE}:"):
            here = self.deal.stage == rule.start.partition(":")[2]
            return here and self.cause.what in (CAPTURED, MOVED)
        origin = f"{OF_DEADLINE}{rule.start}"
        ended = (each for each in self.act.door.written if type(each) is Task and each.origin == origin)
        return any(each.deal_id == self.deal.id and each.state in (DONE, WAIVED) for each in ended)

    def concerns(self, condition: Condition, deal: Deal) -> bool:
        """Whether a condition is true of the deal, whatever is not known yet."""
        if not (read := conditions.reads(condition)):
            return conditions.decided(condition, {}) is True
        from oppcli.actions.facts import of_deal

        return conditions.decided(condition, of_deal(self.act, deal, read)) is True

    def open(self, rule: Deadline, since: int) -> Iterator[Said]:
        """The task that begins; one that is met already ends at once, so that what runs from it begins."""
        act = self.act
        made = rules.opened(rule, self.deal, since, self.policy, act.now, act.by)
        if self.imported and dues.late(due_of(made), self.deal.updated_at, self.policy.hours().timezone):
            return  # it was over before the file came: history is not held against anybody
        task = act.door.add(made, action="create", meta=self.meta)
        self.tasks[rules.origin(rule)] = task
        self.opened.add(rule.name)
        if (met := self.met(rule, task)) is not None:
            self.end(task, *met)
            return
        yield say(
            "deadline {task} {title}: {due}",
            task=ref("task", task.id),
            title=task.title,
            due=due_shown(act, due_of(task)),
        )

    def end(self, task: Task, at: int, activity: Activity | None) -> Said:
        """The task done at the instant it was met."""
        by, number = (activity.who, activity.id) if activity else (self.act.by, None)
        done = ended(task, DONE, at, by, activity=number)
        self.tasks[task.origin or ""] = self.act.door.save(task, done, action="done", meta=self.meta)
        late = dues.late(due_of(task), at, self.policy.hours().timezone)
        name = ref("task", task.id)
        if late:
            return say("deadline {task} {title} is met, late", task=name, title=task.title)
        return say("deadline {task} {title} is met", task=name, title=task.title)

    def give_up(self, task: Task) -> Task:
        """The task of who had the deal before."""
        act = self.act
        over = ended(task, CANCELLED, act.now, act.by, why=reasons.ANOTHER_OWNER)
        self.tasks[task.origin or ""] = saved = act.door.save(task, over, action="cancel", meta=self.meta)
        return saved

    # ---------- what meets it ----------

    def met(self, rule: Deadline, task: Task) -> tuple[int, Activity | None] | None:
        """The instant at which all of its words hold, and what was noted last of them; None while one does not."""
        since = self.start(rule) or task.created_at
        if not rule.done:
            return None
        last: Activity | None = None
        for word in rule.done:
            if self.happening(word):
                found = self.happened(rule, word, since)
                if found is None:
                    return None
                last = found if last is None or found.at > last.at else last
            elif not pipeline.has(self.deal, word, self.policy, self.files, lambda: self.done):
                return None
        if last is None or any(not self.happening(word) for word in rule.done):
            return self.act.now, last
        begun = self.deal.created_at if rule.start in (CREATED, FROM_OWNER) else since
        return max(last.at, begun or last.at), last

    def happening(self, word: str) -> bool:
        """Whether a word asks for something noted."""
        return gate_words.wanted(word, self.known).kind in rules.HAPPENING

    def happened(self, rule: Deadline, word: str, since: int) -> Activity | None:
        """The first thing noted on the deal that fulfils a word; what is noted just now is asked first, and others
        only where this cause may have let them count."""
        noted = self.cause.activity
        if noted is not None and self.counts(rule, word, noted, since):
            return noted
        if rule.done == (word,) and rule.name not in self.opened:
            return None  # what was noted earlier would have met it then
        parent = self.tasks.get(f"{OF_DEADLINE}{rule.start}")
        used = parent.activity_id if parent is not None else None
        found = (each for each in self.activities if each.id != used)
        return next((each for each in found if self.counts(rule, word, each, since)), None)

    def counts(self, rule: Deadline, word: str, activity: Activity, since: int) -> bool:
        kinds = touching(self.policy) if is_touch(self.act, activity) else ()
        return rules.counts(rule, word, activity, since, touching=kinds, ours=self.ours)

    def ours(self, activity: Activity) -> bool:
        """Whether its owner did it, one of those who work on the deal, or who stands in for the owner."""
        who, owner = activity.who, self.deal.owner
        if who in (owner, *self.deal.collaborators):
            return True
        return any((each.frm, each.to) == (owner, who) and absence(each) for each in self.act.delegations)

    @cached_property
    def activities(self) -> list[Activity]:
        """What was noted on the deal, in order of time. A new deal has none, and is not asked."""
        if self.cause.what == CAPTURED and not self.imported:
            return []
        found = self.act.door.find(Activity, deal_id=self.deal.id, standing=LIVE)
        return sorted(found, key=lambda each: (each.at, each.id))

    @cached_property
    def known(self) -> Collection[str]:
        return fields.fields(self.policy).keys()

    @cached_property
    def files(self) -> Collection[str]:
        known = self.cause.files
        found = self.act.door.find(File, deal_id=self.deal.id, standing=LIVE) if known is None else known
        return {file.kind for file in found}

    @cached_property
    def done(self) -> Collection[str]:
        from oppcli.actions.requests.surroundings import done

        return done(self.act, self.deal)
