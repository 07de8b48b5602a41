"""The part of `opp tick` that tells channels of events (`oppcli.actions.outbox.events`)."""

from functools import partial
from typing import TYPE_CHECKING

from oppcli.actions.outcome import Outcome
from oppcli.cli.context import Context
from oppcli.errors import PartlyDone, UsageError
from oppcli.model.command import command
from oppcli.model.said import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oppcli.actions.outbox.events import Result
    from oppcli.model.policy import Policy
    from oppcli.notify import Channel
    from oppcli.store.doors import ReadDoor


def tell(opp: Context, channels: "Sequence[Channel]", policy: "Policy") -> tuple[Outcome, tuple[str, ...]]:
    """What was told, and what somebody should see even when a program runs this; exit 9 when a channel failed. The
    whole is told, whoever runs it: a channel belongs to who set it up on this machine."""
    from oppcli.actions.outbox import events
    from oppcli.rules.fields import own_kinds

    if opp.dry_run:
        return _preview(opp, channels), ()
    write = partial(opp.write, "notices send", channel="tick")
    results = events.tell(
        partial(opp.read, whole=True), write, [(each, each.spec.events) for each in channels], own_kinds(policy)
    )
    said = tuple(line for each in results for line in _wrong(opp, each))
    lines = [say("{name}: {n} {n:event|events} told", name=each.channel, n=each.sent) for each in results if each.sent]
    return Outcome(done=tuple(lines), code=PartlyDone.code if said else 0), said


def trial(opp: Context, channel: "Channel") -> None:
    """An event that is none, to see whether it arrives."""
    from secrets import token_hex

    from oppcli.words.shown import to_the_second

    key = token_hex(16)
    channel.tell(key, {"opp": 1, "id": key, "event": "test", "at": to_the_second(opp.now), "actor": opp.actor})
    channel.close()
    opp.say(say("{name} took a test event", name=channel.name))


def retry(opp: Context, channel: "Channel") -> Outcome:
    """Events that were set aside wait again; a channel that has none is refused."""
    from oppcli.actions.outbox import events

    if not channel.spec.events:
        raise UsageError(say("{name} takes no events", name=channel.name), hint=command("help", "notices"))
    with opp.act("notices retry") as act:
        count = events.retry(act.door, channel.name)
    return Outcome(done=(say("{count} {count:event waits|events wait} again", count=count),))


def resting(door: "ReadDoor", channel: "Channel") -> tuple[int | None, str | None]:
    """Until when a channel is left in peace that did not take an event, and what it said."""
    from oppcli.store import feeds

    told = feeds.feed(door, channel.name) if channel.spec.events else None
    return (told.next_try_at or None, told.error or None) if told else (None, None)


def _wrong(opp: Context, result: "Result") -> list[str]:
    from oppcli.actions.outbox.events import key
    from oppcli.words.shown import show_instant

    retry = command("notices", "retry", "--channel", result.channel)
    lines: list[str] = [
        say(
            "{channel}: {event} ({name}) was set aside after {n} {n:attempt|attempts}: {error}; "
            "once that is mended: {retry}",
            channel=result.channel,
            event=key(event.seq),
            name=event.name,
            n=aside.attempts,
            error=aside.error,
            retry=retry,
        )
        for event, aside in result.aside
    ]
    if result.failed is not None:
        again = show_instant(result.next_try_at, opp.tz, opp.now)
        lines.append(
            say(
                "{channel} did not take {event} ({name}): {error}; next try {again}",
                channel=result.channel,
                event=key(result.failed.seq),
                name=result.failed.name,
                error=result.error,
                again=again,
            )
        )
    return lines


def _preview(opp: Context, channels: "Sequence[Channel]") -> Outcome:
    """How many events would go out first."""
    from oppcli.store import feeds

    with opp.read(whole=True) as door:
        known = feeds.feeds(door, [each.name for each in channels])
        counts = {
            each.name: len(state.again) + len(feeds.upcoming(door, each.spec.events, state.seq).events)
            for each in channels
            if (state := known.get(each.name)) is not None
        }
    return Outcome(done=tuple(say("{name}: {n} {n:event|events}", name=name, n=n) for name, n in counts.items() if n))
