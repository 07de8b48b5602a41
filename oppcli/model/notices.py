"""What people are told, and the kinds of notices that have a heading, or ask for what may be done meanwhile."""

from oppcli.model.noun import noun
from oppcli.model.said import say
from oppcli.tuples import NamedTuple


class NoticeKind(NamedTuple):
    """What is true of every notice of a kind."""

    heading: str
    asks: bool = False
    """For something to be done: settled once its request waits for nobody."""
    seated: bool = False
    """Of whoever holds a seat: settled once they hold none that is open."""
    questions: bool = False
    """Of whoever is asked something: settled once nothing that they were asked is open."""


VIEW = "view"
"""Of views that go out at a time: a letter of their own."""
DATED = "date"
"""Of reminders of dates (`[remind]`)."""
NOTICE_KINDS = {
    "blocked": NoticeKind(say("blocked"), asks=True),
    "escalated": NoticeKind(say("overdue"), asks=True),
    "overdue": NoticeKind(say("overdue"), asks=True, seated=True),
    "late": NoticeKind(say("overdue")),
    "reminder": NoticeKind(say("due soon"), asks=True, seated=True),
    "nudge": NoticeKind(say("urged by the submitter"), asks=True, seated=True),
    "opened": NoticeKind(say("waiting for your decision"), asks=True, seated=True),
    "asked": NoticeKind(say("asked of you"), asks=True, questions=True),
    "answered": NoticeKind(say("answered")),
    "answer": NoticeKind(say("answers of yours")),
    "term": NoticeKind(say("conditions")),
    "code": NoticeKind(say("a code for your PIN")),
    DATED: NoticeKind(say("dates")),
    "risk": NoticeKind(say("risks")),
    "weakened": NoticeKind(say("no longer required")),
    "assigned": NoticeKind(say("yours now")),
    "handover": NoticeKind(say("for you to take over")),
    "return": NoticeKind(say("back to the pool")),
    "returned": NoticeKind(say("returned")),
    "score": NoticeKind(say("graded")),
    "handed": NoticeKind(say("handed on by an admin")),
    "mention": NoticeKind(say("you are mentioned")),
    "task": NoticeKind(say("tasks")),
    VIEW: NoticeKind(say("views")),
    "watched": NoticeKind(say("what you watch")),
    "cc": NoticeKind(say("for your information")),
}
"""What is most pressing first. A kind that is not here is its own heading and comes after these, before what is only
for information; it goes out whatever was done meanwhile."""


def undone(run: int | str) -> str:
    """Why a notice of a run that was taken back goes nowhere."""
    return say("e{run} was undone", run=run)


@noun
class Notice:
    """Something a person should be told: written with the change, delivered by `opp tick`."""

    id: int = 0
    to: str
    kind: str
    """opened, approved, rejected, returned, recalled, cancelled, reminder, overdue, escalated, cc, nudge …"""
    request_id: int | None = None
    deal_id: int | None = None
    text: str = ""
    step: str | None = None
    """The step it is about: when that is due now is told by the letter, which knows whose zone to tell it in. Of a risk
    its id, by which it is told once."""
    at: int = 0
    queued_at: int | None = None
    """When it was put into digests."""
    sent_at: int | None = None
    """When the first digest with it arrived."""
    unsent: str | None = None
    """Why it goes nowhere: no address, no channel, the person was deactivated."""
    customer_id: int | None = None
    task_id: int | None = None
    activity_id: int | None = None
    page: str | None = None
    """The same as a part of a page (html), where it is a table: of a view that goes out at a time."""
    read_at: int | None = None
    """When the person said that they have read it."""
