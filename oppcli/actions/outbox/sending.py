"""Sending what is due. The lock is taken to write down what happened, never while a channel is being waited for.

What is decided by mail comes with a code, made anew each time the letter goes out.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, closing
from functools import partial

from oppcli.actions.outbox.channel import Channel, Failure, Summary
from oppcli.actions.outbox.gathering import notices_of, prepare
from oppcli.errors import Busy, Undelivered
from oppcli.model.codes import MAIL
from oppcli.model.deliveries import SENDING, SENT, WAITING, Delivery, Item, Letter
from oppcli.model.digest import SHORTEST
from oppcli.model.notices import Notice
from oppcli.model.noun import replace
from oppcli.model.people import User
from oppcli.model.policy import Policy
from oppcli.model.refs import number, ref
from oppcli.model.said import say
from oppcli.model.units import MINUTE_MS
from oppcli.rules import clock, digests
from oppcli.rules.digests import Reader
from oppcli.speech import ENGLISH, PLAIN, Voice, spoken
from oppcli.store import journal, outbox
from oppcli.store.doors import ReadDoor, WriteDoor

RUN_SECONDS = 60.0
"""How long one channel may take up a run; what is left goes out with the next one."""
GRACE_MS = MINUTE_MS
"""How long, beyond the time a channel is waited for, nobody else takes up a digest that is being sent."""
TRIES_TO_KEEP = 3
"""How often an answer is tried to be written down while another program holds the database."""

Bind = Callable[[str, Sequence[str], str], str]
"""(heading, parts of a page, language) → the page."""
Reads = Callable[[WriteDoor, User], digests.Reader]
"""How somebody reads a letter that is made through this door."""
OpenWrite = Callable[[], AbstractContextManager[WriteDoor]]
Coded = Callable[[WriteDoor, Delivery, Letter], Letter]
Brief = Callable[..., str]
"""(door, login, `R-31`, lang=…) → what somebody is told of a request that they decide by mail."""


def deliver(
    open_write: OpenWrite,
    channels: Sequence[Channel],
    policy: Policy,
    voice: Voice = PLAIN,
    brief: Brief | None = None,
    bind: Bind | None = None,
) -> Summary:
    """Gather what waits into digests and send what is due; `voice` tells what the commands in them repeat, `brief` what
    stands in a letter that can be answered, `bind` makes pages of tables. Without a channel nothing is touched.

    A channel that fails harms no other; what it did not take is tried again after a pause that grows. Raises `Busy`
    when the database is held by another program for longer than the doors wait."""
    if not channels:
        return Summary()
    with open_write() as door:
        nowhere = prepare(door, channels, policy)
        opens_at = next_opening(policy, door.at)
        open_now = opens_at == door.at
        closed = {each.name: outbox.held(door, each.name) for each in channels if each.quiet and not open_now}
    begun, reads = time.monotonic(), partial(reading, policy.calendars[policy.calendar].timezone, voice)
    coded = coding(policy, reads, brief)
    sent: dict[str, int] = {}
    failed: list[Failure] = []
    for channel in channels:
        if channel.name not in closed:
            with closing(channel):
                letters = coded if channel.by_mail else None
                sent[channel.name] = _run(open_write, channel, failed, begun, reads, letters, bind)
    return Summary(
        sent={name: count for name, count in sent.items() if count},
        failed=tuple(failed),
        nowhere=nowhere,
        closed={name: count for name, count in closed.items() if count},
        opens_at=None if open_now else opens_at,
    )


def next_opening(policy: Policy, at: int) -> int:
    """The first business instant at or after `at`; a calendar without hours is always open."""
    calendar = policy.calendars[policy.calendar]
    return clock.opening(calendar, at) if any(calendar.week) else at


def _run(
    open_write: OpenWrite,
    channel: Channel,
    failed: list[Failure],
    begun: float,
    reads: Reads,
    coded: Coded | None,
    bind: Bind | None,
) -> int:
    """Send one after the other what this channel has to send. Returns how many it took.

    Each answer is written down before the next digest is taken up: of a run that is killed, one at most is unknown."""
    end = time.monotonic() + RUN_SECONDS
    served: set[str] = set()
    sent = 0
    while time.monotonic() < end:
        with open_write() as door:
            delivery = _take(door, channel, served, reads, elapsed_ms=int(1000 * (time.monotonic() - begun)))
            letter = _letter(door, delivery, reads, bind) if delivery else None
            if delivery and letter and coded is not None:
                letter = coded(door, delivery, letter)
        if delivery is None or letter is None:
            break
        served.add(delivery.to)
        fault = _fault(channel, letter)
        failure = _kept(open_write, delivery, fault, worked=bool(sent))
        if failure:
            failed.append(failure)
        sent += fault is None
        if fault and fault.down:
            break
    return sent


def _take(door: WriteDoor, channel: Channel, served: set[str], reads: Reads, *, elapsed_ms: int) -> Delivery | None:
    """The next digest, marked as being sent: until `next_try_at` nobody else takes it up. Its text is fixed now."""
    down = outbox.channel_down(door, channel.name)
    if down and down[0] > door.at:
        return None
    ready = outbox.deliveries_due(door, channel.name, door.at)
    due = [key for key, to in ready if to not in served or _is_table(door, key)]
    if not due:
        return None
    before = door.get(Delivery, due[0])
    subject, text = before.subject, before.text
    if not subject:
        notices = notices_of(door, before.notices)
        if door.scope is not None:
            from oppcli.actions.sights import told_to

            notices = told_to(door, before.to, notices)
        reader = reads(door, door.get(User, before.to))
        if any(notice.page for notice in notices):
            subject, text = digests.enclosed(notices, reader, witness(door))
        else:
            subject, text = digests.compose(notices, _due(door, notices), reader, door.at, witness(door))
    until = door.at + elapsed_ms + int(1000 * channel.limit) + GRACE_MS
    taken = replace(before, state=SENDING, subject=subject, text=text, attempts=before.attempts + 1, next_try_at=until)
    return door.save(before, taken, action="send")


def _is_table(door: ReadDoor, key: int) -> bool:
    """Whether it is a letter of views that nobody tried to send yet: that goes besides the digest of a run."""
    delivery = door.get(Delivery, key)
    return not delivery.attempts and any(notice.page for notice in notices_of(door, delivery.notices))


def witness(door: ReadDoor) -> tuple[str, ...]:
    """What every letter ends with: the last entry of the journal, of which its mailbox is a witness from then on."""
    head = journal.head(door)
    anchor = say("journal {seq}:{digest}", seq=head.seq, digest=head.hash[:SHORTEST])
    return (say("This is a trial database."), anchor) if journal.trial(door) else (anchor,)


def _due(door: ReadDoor, notices: Sequence[Notice]) -> digests.Due:
    return outbox.due_times(door, sorted({each.request_id for each in notices if each.request_id is not None}))


def reading(calendars: str, voice: Voice, door: WriteDoor, person: User) -> digests.Reader:
    """How somebody reads a letter: in their language, and instants in their zone, else the calendar's, which is named,
    for the letter may be read anywhere."""
    from oppcli.words.shown import show_instant

    zone = person.zone or calendars

    def instant(at: int) -> str:
        return say("{at} ({zone})", at=show_instant(at, zone, door.at), zone=zone)

    theirs = voice._replace(lang=language(person, door))
    return digests.Reader(speak=lambda text: spoken(text, theirs), instant=instant)


def language(person: User, door: ReadDoor) -> str:
    """In which somebody is written to: their own, else that of the database, and not of who lets letters go."""
    return person.lang or door.language or ENGLISH


def _letter(door: WriteDoor, delivery: Delivery, reads: Reads, bind: Bind | None) -> Letter:
    person = door.get(User, delivery.to)
    reader = reads(door, person)
    notices = notices_of(door, delivery.notices)
    due = _due(door, notices)
    lang, pages = language(person, door), [notice.page for notice in notices if notice.page]
    items = tuple(
        Item(
            id=notice.id,
            kind=notice.kind,
            request=ref("request", notice.request_id) if notice.request_id is not None else None,
            deal=ref("deal", notice.deal_id) if notice.deal_id is not None else None,
            text=digests.told(notice, due, reader, door.at),
            at=notice.at,
        )
        for notice in notices
    )
    return Letter(
        key=delivery.key,
        login=person.login,
        name=person.name,
        email=person.email,
        subject=delivery.subject,
        text=delivery.text,
        items=items,
        at=delivery.at,
        lang=lang,
        html=bind(delivery.subject, pages, lang) if bind and pages else "",
    )


def _fault(channel: Channel, letter: Letter) -> Undelivered | None:
    """Send it; what went wrong, or None."""
    try:
        channel.send(letter)
    except Undelivered as fault:
        return fault
    return None


def _kept(open_write: OpenWrite, delivery: Delivery, fault: Undelivered | None, *, worked: bool) -> Failure | None:
    """Write the answer down, however busy the database is: a digest that was taken must not go out again."""
    for left in reversed(range(TRIES_TO_KEEP)):
        try:
            with open_write() as door:
                return _settle(door, delivery, fault, worked=worked)
        except Busy:
            if not left:
                raise
    return None


def _settle(door: WriteDoor, taken: Delivery, fault: Undelivered | None, *, worked: bool) -> Failure | None:
    """Mark what was sent as sent; what was not, as to be tried again. `worked`: the channel took another in this run,
    so it is not down."""
    now = door.get(Delivery, taken.id)
    if now.state == SENT or (fault and now.version != taken.version):
        return None
    if fault is None:
        door.save(
            now, replace(now, state=SENT, sent_at=door.at, next_try_at=None, error=None, down=False), action="sent"
        )
        for notice in notices_of(door, now.notices):
            if notice.sent_at is None:
                door.save(notice, replace(notice, sent_at=door.at), action="sent")
        return None
    down = fault.down and not worked
    others = outbox.channel_down(door, now.channel) if down else None
    failures = now.attempts + (others[1] - (now.attempts if now.down else 0) if others else 0)
    again = door.at + digests.pause_ms(failures)
    door.save(now, replace(now, state=WAITING, next_try_at=again, error=fault.message, down=down), action="not sent")
    return Failure(now.channel, now.to, fault.message, again, outbox.held(door, now.channel))


def coding(policy: Policy, reads: Callable[[WriteDoor, User], Reader], brief: Brief | None) -> Coded | None:
    """What puts codes into a letter, and before each what is decided with it (`brief`); None where nothing is decided
    by mail, which then costs nothing."""
    if not any(MAIL in rule.away for rule in policy.types.values()):
        return None

    def coded(door: WriteDoor, delivery: Delivery, letter: Letter) -> Letter:
        """The letter with its codes, which only its reader gets: what is kept of it has none. One that goes out again
        has another key, for a mailbox would pass over what it believes to have already, and its codes are new."""
        from oppcli.actions.codes import in_letter

        asked = sorted({number("request", item.request) or 0 for item in letter.items if item.request})
        reader = reads(door, door.get(User, delivery.to))
        opened = None if brief is None else partial(brief, door, delivery.to, lang=letter.lang)
        told = in_letter(door, delivery.to, asked, policy, reader, opened) if asked else ""
        if not told:
            return letter
        key = letter.key if delivery.attempts < 2 else f"{letter.key}.{delivery.attempts}"
        return letter._replace(text=f"{letter.text}\n\n{told}", key=key)

    return coded
