"""Events: entries of the journal that channels are told of in their order, each at least once and under one id."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from oppcli.actions.in_units import in_units
from oppcli.actions.outbox.sending import GRACE_MS, RUN_SECONDS, TRIES_TO_KEEP, OpenWrite
from oppcli.errors import Busy, Undelivered
from oppcli.model.refs import named
from oppcli.model.units import DAY_MS
from oppcli.rules.digests import pause_ms
from oppcli.store import feeds, journal
from oppcli.store.doors import ReadDoor, WriteDoor
from oppcli.store.feeds import Aside, Event, Feed
from oppcli.tuples import NamedTuple
from oppcli.words.shown import to_the_second

ASIDE_MS = 3 * DAY_MS
"""How long an event is refused before it is set aside and the next one goes."""
KEPT_SECONDS, KEPT_MANY = 1.0, 25
"""Answers are written down so often: after a crash at most these go out again, each under its id."""
BEHIND = 1_000
"""Entries of no interest after which it is kept that they were looked at."""


class Told(Protocol):
    """A channel that wants events (see `oppcli.notify`)."""

    name: str
    limit: float

    def tell(self, key: str, body: Mapping[str, Any]) -> None:
        """Returns when the event was taken. Raises `Undelivered`."""
        ...


class Result(NamedTuple):
    """What a run did for a channel."""

    channel: str
    sent: int = 0
    failed: Event | None = None
    """The event that was refused last, and waits."""
    error: str = ""
    next_try_at: int = 0
    aside: tuple[tuple[Event, Aside], ...] = ()


def key(seq: int) -> str:
    """By what a receiver tells a repetition: `e311`."""
    return f"e{seq}"


def body(event: Event, currency: str, own: Mapping[str, str]) -> dict[str, Any]:
    """An event as another program is told of it."""
    return {
        "opp": 1,
        "id": key(event.seq),
        "event": event.name,
        "at": to_the_second(event.at),
        "actor": event.actor,
        "on_behalf_of": event.on_behalf_of,
        "noun": event.noun,
        "ref": named(event.noun, event.noun_id),
        "changes": in_units(event.noun, event.changes, currency, own),
    }


def tell(
    read: Callable[[], AbstractContextManager[ReadDoor]],
    write: OpenWrite,
    channels: Sequence[tuple[Told, Sequence[str]]],
    own: Mapping[str, str],
) -> tuple[Result, ...]:
    """Tell each channel what it wants of what was committed since; a new one begins now. Where nothing happened that
    it wants, nothing is locked or written."""
    with read() as door:
        known = feeds.feeds(door, [channel.name for channel, _ in channels])
        due = [each for each in channels if _due(door, known.get(each[0].name), each[1])]
    return tuple(_Run(write, channel, patterns, own).done() for channel, patterns in due)


def _due(door: ReadDoor, state: Feed | None, patterns: Sequence[str]) -> bool:
    if state is None or state.again:
        return True
    batch = feeds.upcoming(door, patterns, state.seq)
    return bool(batch.events) or batch.reached - state.seq > BEHIND


class _Run:
    """One channel's part of a run: it is this run's alone until its time is over."""

    def __init__(self, write: OpenWrite, channel: Told, patterns: Sequence[str], own: Mapping[str, str]) -> None:
        self.write, self.channel, self.patterns, self.own = write, channel, patterns, own
        self.begun = time.monotonic()
        self.at = 0
        self.by = _token()
        self.gone: set[int] = set()
        self.aside: list[tuple[Event, Aside]] = []
        self.sent = self.unkept = 0
        self.error = ""
        self.failed: Event | None = None

    def done(self) -> Result:
        """Tell one event after the other until none is left, one is refused, or the time is over."""
        kept = self.begun
        state, events = self._taken()
        while state is not None and events:
            for event, told in events:
                state = self._after(state, event, self._fault(event, told))
                late = time.monotonic() - self.begun > RUN_SECONDS
                if self.failed is not None or late:
                    return self._result(self._kept(state, over=True)[0])
                if self.unkept >= KEPT_MANY or time.monotonic() - kept > KEPT_SECONDS:
                    state, kept = self._kept(state)[0], time.monotonic()
                    if state is None:
                        return self._result(None)
            state, events = self._kept(state, more=True)
        return self._result(state)

    def _now(self) -> int:
        return self.at + int(1000 * (time.monotonic() - self.begun))

    def _taken(self) -> tuple[Feed | None, list[tuple[Event, dict[str, Any]]]]:
        """The channel's state, and its next events; nothing where another run is at it or it rests."""
        with self.write() as door:
            self.at = door.at
            state = feeds.feed(door, self.channel.name)
            if state is None:
                feeds.keep(door, self.channel.name, Feed(journal.head(door).seq))
                return None, []
            if max(state.until, state.next_try_at) > door.at:
                return None, []
            return self._next(door, state._replace(by=self.by))

    def _next(self, door: WriteDoor, state: Feed) -> tuple[Feed, list[tuple[Event, dict[str, Any]]]]:
        """What goes out next, and the state with that it is being told; free again where nothing is."""
        found = feeds.among(door, self.patterns, state.again) if state.again else []
        state = state._replace(again=tuple(event.seq for event in found))
        if not found:
            batch = feeds.upcoming(door, self.patterns, state.seq)
            found = list(batch.events)
            if not found:
                state = state._replace(seq=batch.reached)
        state = self._held(state) if found else state._replace(by="", until=0)
        feeds.keep(door, self.channel.name, state)
        money = feeds.currencies(door, found)
        return state, [(each, body(each, money.get((each.noun, each.noun_id), ""), self.own)) for each in found]

    def _held(self, state: Feed) -> Feed:
        return state._replace(until=self._now() + int(1000 * (self.channel.limit + KEPT_SECONDS)) + GRACE_MS)

    def _fault(self, event: Event, told: Mapping[str, Any]) -> Undelivered | None:
        try:
            self.channel.tell(key(event.seq), told)
        except Undelivered as fault:
            return fault
        return None

    def _after(self, state: Feed, event: Event, fault: Undelivered | None) -> Feed:
        """The state after an answer."""
        if fault is None:
            self.sent += 1
        else:
            now, attempts = self._now(), state.attempts + 1
            since = state.since or now
            if now - since < ASIDE_MS:
                again = now + pause_ms(attempts)
                self.error, self.failed = fault.message, event
                return state._replace(attempts=attempts, since=since, next_try_at=again, error=fault.message)
            self.aside.append((event, Aside(event.seq, now, attempts, fault.message)))
        self.unkept += 1
        self.gone.add(event.seq)
        return state._replace(seq=max(state.seq, event.seq), attempts=0, since=0, next_try_at=0, error="")

    def _kept(
        self, state: Feed, *, over: bool = False, more: bool = False
    ) -> tuple[Feed | None, list[tuple[Event, dict[str, Any]]]]:
        """Write down what was answered, however busy the database is; nothing where another run has taken over. What
        was asked for meanwhile (`opp notices retry`) stays."""
        for left in reversed(range(TRIES_TO_KEEP)):
            try:
                with self.write() as door:
                    now = feeds.feed(door, self.channel.name)
                    if now is None or now.by != self.by:
                        return None, []
                    state = self._merged(state, now)
                    self.unkept, self.gone = 0, set()
                    if more:
                        return self._next(door, state)
                    state = state._replace(by="", until=0) if over else self._held(state)
                    feeds.keep(door, self.channel.name, state)
                    return state, []
            except Busy:
                if not left:
                    raise
        return None, []

    def _merged(self, state: Feed, now: Feed) -> Feed:
        known = {each.seq for each in now.aside}
        new = tuple(each for _, each in self.aside if each.seq in self.gone and each.seq not in known)
        again = tuple(seq for seq in now.again if seq not in self.gone)
        return state._replace(again=again, aside=(*now.aside, *new))

    def _result(self, state: Feed | None) -> Result:
        until = state.next_try_at if state else 0
        return Result(self.channel.name, self.sent, self.failed, self.error, until, tuple(self.aside))


def retry(door: WriteDoor, channel: str) -> int:
    """Let what was set aside for a channel go out again, before anything else. Returns how many."""
    state = feeds.feed(door, channel)
    if state is None or not state.aside:
        return 0
    again = sorted({*state.again, *(each.seq for each in state.aside)})
    feeds.keep(door, channel, state._replace(again=tuple(again), aside=(), attempts=0, since=0, next_try_at=0))
    return len(state.aside)


def _token() -> str:
    from secrets import token_hex

    return token_hex(8)
