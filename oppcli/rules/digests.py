"""What a digest of notices says, and how long a channel that failed is left in peace."""

from collections.abc import Iterable, Mapping

from oppcli.model.command import command
from oppcli.model.requests import Notice
from oppcli.model.said import listed, say
from oppcli.model.units import HOUR_MS, MINUTE_MS

FIRST_PAUSE_MS = MINUTE_MS
LONGEST_PAUSE_MS = 6 * HOUR_MS
HEADINGS = {
    "blocked": "blocked",
    "escalated": "overdue",
    "overdue": "overdue",
    "reminder": say("due soon"),
    "nudge": say("urged by the submitter"),
    "opened": say("waiting for your decision"),
    "returned": "returned",
    "cc": say("for your information"),
}
"""Kind of notice → the heading it stands under, what is most pressing first. A kind that is not listed is its own
heading and comes after these, before what is only for information."""
NAMED_IN_SUBJECT = 3
LAST_LINE = say("{inbox} lists what waits for your decision.", inbox=command("inbox"))


def pause_ms(failures: int) -> int:
    """A minute after the first failure, twice as long after each further one, never more than six hours."""
    return min(FIRST_PAUSE_MS << min(failures - 1, 16), LONGEST_PAUSE_MS)


def compose(notices: Iterable[Notice], due: Mapping[int, int]) -> tuple[str, str]:
    """Subject and text. `due` is when an open step of a request is due: what is due first stands first."""
    groups = grouped(notices, due)
    counts = [f"{len(texts)} {heading}" for heading, texts in groups.items()]
    more = ", …" if len(counts) > NAMED_IN_SUBJECT else ""
    subject = say("opp: {count}{more}", count=listed(counts[:NAMED_IN_SUBJECT]), more=more)
    blocks = [
        "\n".join([f"{heading[0].upper()}{heading[1:]} ({len(texts)})", *(_point(text) for text in texts)])
        for heading, texts in groups.items()
    ]
    return subject, "\n\n".join([*blocks, LAST_LINE])


def grouped(notices: Iterable[Notice], due: Mapping[int, int]) -> dict[str, list[str]]:
    """Texts by heading, headings and texts in the order in which they are read; a text stands once."""
    ranks = {heading: rank for rank, heading in enumerate(dict.fromkeys(HEADINGS.values()))}
    last = ranks["for your information"]

    def place(notice: Notice) -> tuple[float, str, float, int]:
        heading = HEADINGS.get(notice.kind, notice.kind)
        when = due.get(notice.request_id or 0, float("inf"))
        return (ranks.get(heading, last - 0.5), heading, when, notice.id)

    found: dict[str, list[str]] = {}
    for notice in sorted(notices, key=place):
        texts = found.setdefault(HEADINGS.get(notice.kind, notice.kind), [])
        if notice.text not in texts:
            texts.append(notice.text)
    return found


def _point(text: str) -> str:
    first, *rest = text.splitlines() or [""]
    return "\n".join([f"- {first}", *(f"  {line}" for line in rest)])
