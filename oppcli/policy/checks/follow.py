"""Follow-up: what deadlines run from and whether they run in a circle; touches, surveys, the tasks of stages."""

from collections.abc import Iterator, Mapping

from oppcli.model.conditions import Comparison
from oppcli.model.follow import ACTIVITY_KINDS
from oppcli.model.policy import Condition
from oppcli.model.relations import ASSIGNED, CREATED, DAYS, HOURS, OF_CUSTOMER, OF_DEAL, WON, Span
from oppcli.model.said import listed, say
from oppcli.model.units import MINUTE_MS
from oppcli.policy import building, notation
from oppcli.policy.checks import emptiness
from oppcli.policy.checks.gate_words import activity_kinds
from oppcli.policy.notation import Misread, many
from oppcli.policy.relation_notation import activities, span, values
from oppcli.policy.review import Review, Table, readable
from oppcli.rules import fields, gate_words, probing
from oppcli.toml.lines import Path
from oppcli.words.invalid import Invalid
from oppcli.words.spelling import did_you_mean

MANY_TASKS = 4


def check(review: Review) -> None:
    for number, stage in enumerate(review.doc["stage"]):
        _stage(review, ("stage", number), stage)
    follow = review.doc["follow"]
    if not follow:
        return
    _kinds(review, follow)
    _deadlines(review, follow.get("deadline", []))
    for number, cadence in enumerate(follow.get("cadence", [])):
        _cadence(review, ("follow", "cadence", number), cadence)
    if "survey" in follow:
        _survey(review, follow["survey"])


def _kinds(review: Review, follow: Table) -> None:
    """A touch is of a kind there is; another word for a kind is of one kind only."""
    known = activity_kinds(review)
    for kind in many(follow.get("touch", [])):
        if kind not in known:
            code = next((each for each, words in ACTIVITY_KINDS.items() if kind in words), "")
            near = say(", did you mean '{near}'?", near=code) if code else did_you_mean(kind, known)
            said = say("touch: no kind of activity is called '{kind}'{near}", kind=kind, near=near)
            review.add("P037", ("follow", "touch"), said, near=kind)
    taken = {word: kind for kind, words in ACTIVITY_KINDS.items() for word in (kind, *words)}
    for kind, words in (readable(activities, follow.get("kinds", [])) or {}).items():
        for word in (kind, *words):
            if taken.setdefault(word, kind) != kind:
                said = say("kinds: '{word}' is {other} already", word=word, other=taken[word])
                review.add("P037", ("follow", "kinds"), said, near=word)


def _deadlines(review: Review, deadlines: list[Table]) -> None:
    starts: dict[str, str] = {}
    review.names_once(("follow", "deadline"), deadlines, say("two deadlines are called '{name}'"))
    for each in deadlines:
        starts.setdefault(each.get("name", ""), each.get("from", ""))
    for number, each in enumerate(deadlines):
        if "from" in each:
            _start(review, ("follow", "deadline", number, "from"), each["from"], (CREATED, ASSIGNED, *starts))
    _circles(review, starts)


def _start(review: Review, path: Path, start: str, known: tuple[str, ...]) -> None:
    """What something runs from: a word there is, or a stage."""
    if start.startswith(f"{gate_words.STAGE}:"):
        review.stage(path, start.partition(":")[2])
    elif start not in known:
        said = say(
            "from: '{start}': use {known}, or stage:NAME{near}",
            start=start,
            known=listed(known),
            near=did_you_mean(start, known),
        )
        review.add("P037", path, said, near=start)


def _circles(review: Review, starts: Mapping[str, str]) -> None:
    """A deadline that waits for itself never begins."""
    for number, name in enumerate(starts):
        way = [name]
        while (way[-1] not in way[:-1]) and starts.get(way[-1]) in starts:
            way.append(starts[way[-1]])
        if len(way) > 1 and way[-1] == name:
            said = say("from: the deadlines run in a circle: {way}", way=listed(reversed(way), " → "))
            review.add("P040", ("follow", "deadline", number, "from"), said, near=name)


def _cadence(review: Review, path: Path, cadence: Table) -> None:
    of_deal = cadence.get("of", OF_DEAL) != OF_CUSTOMER
    about = review.deals if of_deal else review.customers
    readable_when = "when" in cadence and emptiness.condition(review, (*path, "when"), cadence["when"], about)
    every = readable(span, cadence["every"]) if "every" in cadence else None
    if readable_when and every is not None and of_deal:
        _slower_than_rotting(review, (*path, "every"), every, cadence["when"])


def _slower_than_rotting(review: Review, path: Path, every: Span, when: str) -> None:
    """Who keeps to it lets a deal rot: told once per cadence, with the first such stage."""
    takes, condition = _business_ms(review, every), notation.condition(when)
    for stage in review.doc["stage"]:
        name = stage.get("name", "")
        rotting = readable(notation.hours, stage["rotting"]) if "rotting" in stage else None
        if rotting is None or takes is None or takes <= rotting:
            continue
        if probing.possible((condition, Condition("", Comparison("stage", "==", name, 1))), review.deals[0]):
            said = say("every: longer than the {hours} after which {stage} rots", hours=stage["rotting"], stage=name)
            review.add("P115", path, said)
            return


def _business_ms(review: Review, every: Span) -> int | None:
    """How much business time goes by meanwhile, in an ordinary week of the policy's calendar; None without one."""
    if every.unit == HOURS:
        return every.amount
    try:
        week = building.calendar("", review.doc["calendar"][review.doc["policy"]["calendar"]]).week
    except (KeyError, TypeError, Misread):
        return None
    minutes = [sum(end - start for start, end in hours) for hours in week if hours]
    days = 7 if every.unit == DAYS else len(minutes)
    return every.amount * sum(minutes) * MINUTE_MS // days if days else None


def _survey(review: Review, survey: Table) -> None:
    path = ("follow", "survey")
    _start(review, (*path, "from"), survey.get("from", WON), (WON,))
    low, scale = survey.get("low", 2), survey.get("scale", 5)
    if low >= scale:
        said = say("low {low}: below scale {scale}, or every answer is bad news", low=low, scale=scale)
        review.add("P037", (*path, "low"), said)


def _stage(review: Review, path: Path, stage: Table) -> None:
    tasks = stage.get("tasks", [])
    names = [task.get("name") for task in tasks]
    for name in {name for name in names if name and names.count(name) > 1}:
        review.add("P037", (*path, "tasks"), say("tasks: '{name}' is listed twice", name=name), near=name)
    needed = sum(bool(task.get("must")) for task in tasks)
    if needed > MANY_TASKS:
        said = say("tasks: {n} must be done; more than {most} are filled in, not done", n=needed, most=MANY_TASKS)
        review.add("P114", (*path, "tasks"), said)
    for name, value in _set(stage):
        _sets(review, (*path, "on_enter", "set", name), name, value)


def _set(stage: Table) -> Iterator[tuple[str, str]]:
    yield from values(stage.get("on_enter", {}).get("set", {})).items()


def _sets(review: Review, path: Path, name: str, value: str) -> None:
    """A stage sets fields that people may set, to values that they may have."""
    field = review.fields.get(name)
    if field is None:
        review.field(path, name)
    elif not field.editable:
        review.add("P037", path, say("set: {name} is not set by hand", name=name), near=name)
    else:
        try:
            parsed = fields.parse(field, value)
        except Invalid as wrong:
            review.add("P037", path, say("set: {name} {why}", name=name, why=wrong.message), near=name)
            return
        if (why := fields.limit_problem(field, parsed)) is not None:
            review.add("P037", path, say("set: {name} {why}", name=name, why=why), near=name)
