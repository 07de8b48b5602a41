"""The events of a case → the course of a request: revisions, votes, and how it ended."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from oppcli.files.reading import Problem
from oppcli.files.verbs import APPROVE, FINAL, IGNORE, NOTE, RECALL, REJECT, RETURN, SUBMIT
from oppcli.model.requests import APPROVED, CANCELLED, INVALIDATED, RECALLED, REJECTED, RETURNED
from oppcli.model.said import say
from oppcli.tuples import NamedTuple

SUBMITTED, RESUBMITTED, CONTINUED = "submitted", "resubmitted", "continued"
"""Why a revision began; continued: somebody went on approving what had ended, and nobody had submitted it again."""
ENDS = {FINAL: APPROVED, REJECT: REJECTED, RETURN: RETURNED, RECALL: RECALLED}


class Event(NamedTuple):
    """One row of a log."""

    line: int
    at: int
    verb: str
    activity: str
    step: str
    role: str | None
    person: str | None
    """A login, a `Newcomer`, or a `Printed` name."""
    reason: str | None
    due: int | None = None
    """By when the case was to be decided, as this row says; None where it says nothing."""


class Begun(NamedTuple):
    """A revision."""

    event: Event
    why: str


class Vote(NamedTuple):
    """Something decided: by a role in a step, or taken back by the submitter."""

    event: Event
    revision: int
    opened_at: int | None
    """When the event before it was, in the order of the file; None where there is none, or it lies after it."""
    due: int | None = None
    """By when: as its row says, else as the case said last before it, else as the case says first after it."""


@dataclass(slots=True)
class Course:
    """What became of a request."""

    revisions: list[Begun] = field(default_factory=list)
    votes: list[Vote] = field(default_factory=list)
    notes: list[Event] = field(default_factory=list)
    state: str = ""
    decided_at: int | None = None
    invalidated_at: int | None = None
    reason: str | None = None
    unended: bool = False


class _Now:
    """Where a case stands while its events are gone through."""

    def __init__(self) -> None:
        self.state: str | None = None
        """None: asked, and not answered yet."""
        self.last: Event | None = None
        self.approved: Event | None = None
        self.undone: Event | None = None
        """What ended the approval."""

    def move(self, event: Event) -> None:
        if event.verb == FINAL:
            self.approved, self.undone = event, None
        elif self.approved is not None and self.undone is None and event.verb != APPROVE:
            self.undone = event
        # Taking back what was rejected is how some systems hand the form over; it was rejected all the same.
        if event.verb == RECALL and self.state == REJECTED:
            return
        self.state, self.last = ENDS.get(event.verb), event


def course(events: Sequence[Event]) -> Course | Problem | None:
    """The course of a request; None where nothing was ever submitted. A decision before that is a `Problem`."""
    found, now = Course(), _Now()
    before: Event | None = None
    due = next((event.due for event in events if event.due is not None), None)
    for event in events:
        due = due if event.due is None else event.due
        if event.verb == NOTE:
            found.notes.append(event)
        elif event.verb != IGNORE:
            if event.verb != SUBMIT and not found.revisions:
                return Problem(
                    say(
                        "{activity} on line {line}, and nothing was submitted before it",
                        activity=event.activity,
                        line=event.line,
                    )
                )
            _take(event, before, due, found, now)
            now.move(event)
        before = event
    if not found.revisions:
        return None
    _end(found, now)
    return found


def _take(event: Event, before: Event | None, due: int | None, found: Course, now: _Now) -> None:
    if event.verb == SUBMIT:
        found.revisions.append(Begun(event, RESUBMITTED if found.revisions else SUBMITTED))
        return
    if event.verb in (APPROVE, FINAL) and now.state is not None:
        found.revisions.append(Begun(event, CONTINUED))
    opened = before.at if before is not None and before.at <= event.at else None
    found.votes.append(Vote(event, len(found.revisions), opened, due))


def _end(found: Course, now: _Now) -> None:
    """How it ended: as its last event says. What was approved and is not any more was invalidated."""
    last = now.last
    assert last is not None
    if now.approved is not None:
        found.state, found.decided_at = APPROVED, now.approved.at
        if now.undone is not None:
            found.state, found.invalidated_at = INVALIDATED, now.undone.at
            found.reason = now.undone.reason or say("{activity}, after it was approved", activity=now.undone.activity)
        return
    found.decided_at = last.at
    if now.state in (REJECTED, RECALLED):
        found.state, found.reason = now.state, last.reason
        return
    found.state, found.unended = CANCELLED, True
    found.reason = say("imported without an end: {activity} was the last of it", activity=last.activity)
