"""The kinds of notices that stand under a heading of their own, or ask for something that may be done meanwhile."""

from oppcli.model.said import say
from oppcli.tuples import NamedTuple


class NoticeKind(NamedTuple):
    """What is true of every notice of a kind."""

    heading: str
    asks: bool = False
    """For something to be done: settled once its request waits for nobody."""
    seated: bool = False
    """Of whoever holds a seat: settled once they hold none that is open."""


NOTICE_KINDS = {
    "blocked": NoticeKind(say("blocked"), asks=True),
    "escalated": NoticeKind(say("overdue"), asks=True),
    "overdue": NoticeKind(say("overdue"), asks=True),
    "late": NoticeKind(say("overdue")),
    "reminder": NoticeKind(say("due soon"), asks=True, seated=True),
    "nudge": NoticeKind(say("urged by the submitter"), asks=True, seated=True),
    "opened": NoticeKind(say("waiting for your decision"), asks=True, seated=True),
    "code": NoticeKind(say("a code for your PIN")),
    "risk": NoticeKind(say("risks")),
    "assigned": NoticeKind(say("yours now")),
    "handover": NoticeKind(say("for you to take over")),
    "return": NoticeKind(say("back to the pool")),
    "returned": NoticeKind(say("returned")),
    "score": NoticeKind(say("graded")),
    "handed": NoticeKind(say("handed on by an admin")),
    "mention": NoticeKind(say("you are mentioned")),
    "task": NoticeKind(say("tasks")),
    "watched": NoticeKind(say("what you watch")),
    "cc": NoticeKind(say("for your information")),
}
"""What is most pressing first. A kind that is not here is its own heading and comes after these, before what is only
for information; it goes out whatever was done meanwhile."""
