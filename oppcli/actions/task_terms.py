"""What is typed for a task: its title, whose it is, by when, and how it comes again; and what opens then."""

from datetime import date, timedelta

from oppcli.actions import find
from oppcli.actions.act import Act
from oppcli.actions.plans import require_ahead
from oppcli.errors import NotFound, UsageError
from oppcli.model.approver import role_in
from oppcli.model.command import BLANK, command
from oppcli.model.follow import Task
from oppcli.model.people import ME
from oppcli.model.refs import ref
from oppcli.model.said import say, told
from oppcli.rules import holders
from oppcli.rules.dues import Due
from oppcli.rules.promising import promised
from oppcli.tuples import NamedTuple
from oppcli.words.invalid import Invalid
from oppcli.words.repeats import Repeat, parse

LONGEST = 500
"""Characters of a title."""


class Asked(NamedTuple):
    """What was typed for a task; None for what was not."""

    title: str | None = None
    to: str | None = None
    """A login, or `role:NAME`."""
    due: Due | None = None
    repeat: str | None = None


def titled(title: str | None) -> str:
    """The title on one line. Refused (2) where there is none, or it is too long."""
    text = " ".join((title or "").split())
    if not text:
        raise UsageError(say("say what is to be done"), hint=command("task", "add", BLANK))
    if len(text) > LONGEST:
        raise UsageError(say("{value:,} characters; at most {longest:,} are kept", value=len(text), longest=LONGEST))
    return text


def given(act: Act, text: str | None) -> tuple[str | None, str | None]:
    """(login, role) of who is to do it. Refused for nobody, and for a role that nobody has."""
    if text is None or text in ME:
        return act.by, None
    role = role_in(text)
    if role is None:
        return find.person(act.people, text).login, None
    if not holders.members(role, act.policy, act.people):
        from oppcli.model.calling import role_called

        called = role_called(role, act.policy.role_titles)
        raise NotFound(say("nobody has the role {role}", role=called), hint=command("user", "list"))
    return None, role


def first(act: Act, asked: Asked) -> tuple[Due, str | None]:
    """(by when it is due first, how it comes again): what comes again without a day begins on its first one. Refused
    (2) for a day that is over, and for what is no rule."""
    due = asked.due or Due()
    require_ahead(act, due.on, task=True)
    if asked.repeat is None:
        return due, None
    if due.at is not None:
        raise _needs_day()
    from oppcli.rules.repetition import FARTHEST, between

    now = act.today
    repeat = _read(asked.repeat, due.on or now)
    day = due.on or next(between(repeat, now, now - timedelta(days=1), now + FARTHEST))
    return Due(day), repeat.written


def rule(text: str, task: Task) -> str | None:
    """How a task comes again, as it is kept; None for an empty text. Refused (2) where it has no day."""
    if not text.strip():
        return None
    if task.due_on is None:
        raise _needs_day()
    return _read(text, date.fromisoformat(task.due_on)).written


def _needs_day() -> UsageError:
    return UsageError(say("what comes again has a day, and no hour"), hint=say("say the first day: --due DATE"))


def _read(text: str, anchor: date) -> Repeat:
    from oppcli.rules.repetition import checked

    try:
        return checked(parse(text), anchor)
    except Invalid as wrong:
        raise UsageError(say("--repeat: {wrong}", wrong=told(wrong)), hint=wrong.hint) from None


def again(act: Act, task: Task) -> Task | None:
    """The one that opens when this one ends: on the first day after both what was due and today; None where it does not
    come again."""
    if not task.repeat or task.due_on is None:
        return None
    from oppcli.rules.repetition import following

    due, anchor = date.fromisoformat(task.due_on), task.anchor or task.due_on
    found = following(parse(task.repeat), date.fromisoformat(anchor), due, act.today)
    if found.on is None:
        return None
    return Task(
        title=task.title,
        kind=task.kind,
        deal_id=task.deal_id,
        customer_id=task.customer_id,
        assignee=task.assignee,
        role=task.role,
        repeat=task.repeat,
        anchor=anchor,
        skipped=found.skipped,
        origin=ref("task", task.id),
        created_at=act.now,
        created_by=task.created_by,
        **promised(Due(found.on)),
    )
