"""What a digest of notices says, and how long a channel that failed is left in peace."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from oppcli.model.command import command
from oppcli.model.notices import NOTICE_KINDS, Notice
from oppcli.model.said import Speak, Word, listed, say
from oppcli.model.units import HOUR_MS, MINUTE_MS
from oppcli.tuples import NamedTuple

FIRST_PAUSE_MS = MINUTE_MS
LONGEST_PAUSE_MS = 6 * HOUR_MS
NAMED_IN_SUBJECT = 3
LAST_LINE = say("What waits for your decision: {inbox}", inbox=command("inbox"))


def pause_ms(failures: int) -> int:
    """A minute after the first failure, twice as long after each further one, never more than six hours."""
    return min(FIRST_PAUSE_MS << min(failures - 1, 16), LONGEST_PAUSE_MS)


Due = Mapping[tuple[int, str], int]
"""When the open steps of requests are due, by request and step."""


class Reader(NamedTuple):
    """Who reads a letter: how a sentence is told them, and an instant, in which zone."""

    speak: Speak = str
    instant: Callable[[int], str] = str


READER = Reader()


def told(notice: Notice, due: Due, reader: Reader, now: int) -> str:
    """What a notice says, with when its step is due now: a calendar may have moved that since it was written."""
    at = due.get((notice.request_id or 0, notice.step or ""))
    if at is None:
        return reader.speak(notice.text)
    when = {"text": notice.text, "due": reader.instant(at)}
    return reader.speak(say("{text}; due {due}", **when) if at >= now else say("{text}; due since {due}", **when))


def compose(
    notices: Iterable[Notice], due: Due, reader: Reader = READER, now: int = 0, witness: Sequence[str] = ()
) -> tuple[str, str]:
    """Subject and text. What is due first stands first; `witness` are the lines that it ends with."""
    groups = grouped(notices, due, reader, now)
    counts = [say("{n} {heading}", n=len(texts), heading=heading) for heading, texts in groups.items()]
    more = ", …" if len(counts) > NAMED_IN_SUBJECT else ""
    subject = say("opp: {count}{more}", count=listed(counts[:NAMED_IN_SUBJECT]), more=more)
    blocks = []
    for heading, texts in groups.items():
        head = reader.speak(say("{heading} ({n})", heading=heading, n=len(texts)))
        blocks.append("\n".join([f"{head[:1].upper()}{head[1:]}", *(_point(text) for text in texts)]))
    last = "\n".join(reader.speak(line) for line in (LAST_LINE, *witness))
    return reader.speak(subject), "\n\n".join([*blocks, last])


def enclosed(notices: Sequence[Notice], reader: Reader = READER, witness: Sequence[str] = ()) -> tuple[str, str]:
    """Subject and text of a letter that holds tables: their headings, and one below the other."""
    heads = [str(notice.text).partition("\n")[0] for notice in notices]
    more = ", …" if len(heads) > NAMED_IN_SUBJECT else ""
    subject = say("opp: {count}{more}", count=listed(heads[:NAMED_IN_SUBJECT]), more=more)
    last = "\n".join(reader.speak(line) for line in witness)
    return reader.speak(subject), "\n\n\n".join([*(str(notice.text) for notice in notices), last])


def grouped(notices: Iterable[Notice], due: Due, reader: Reader = READER, now: int = 0) -> dict[str, list[str]]:
    """Texts by heading, headings and texts in the order in which they are read; a text stands once."""
    first: dict[int, int] = {}
    for (request, _), at in due.items():
        first[request] = min(at, first.get(request, at))
    ranks = {
        heading: rank for rank, heading in enumerate(dict.fromkeys(kind.heading for kind in NOTICE_KINDS.values()))
    }
    last = ranks["for your information"]

    def place(notice: Notice) -> tuple[float, str, float, int]:
        heading = NOTICE_KINDS[notice.kind].heading if notice.kind in NOTICE_KINDS else notice.kind
        when = first.get(notice.request_id or 0, float("inf"))
        return (ranks.get(heading, last - 0.5), heading, when, notice.id)

    found: dict[str, list[str]] = {}
    for notice in sorted(notices, key=place):
        heading = NOTICE_KINDS[notice.kind].heading if notice.kind in NOTICE_KINDS else Word("notice", notice.kind)
        texts = found.setdefault(heading, [])
        if (text := told(notice, due, reader, now)) not in texts:
            texts.append(text)
    return found


def _point(text: str) -> str:
    first, *rest = text.splitlines() or [""]
    return "\n".join([f"- {first}", *(f"  {line}" for line in rest)])
