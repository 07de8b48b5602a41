"""What is said of a delivery of letters: what went out, what was held, and what failed."""

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from oppcli.actions.outcome import Outcome
from oppcli.cli.context import Context
from oppcli.model.command import command
from oppcli.model.said import Said, say

if TYPE_CHECKING:
    from oppcli.actions.outbox import Failure, Summary
    from oppcli.model.policy import Policy
    from oppcli.store.doors import ReadDoor, WriteDoor


def bound(title: str, parts: Sequence[str], lang: str) -> str:
    """The page of a letter that holds tables."""
    from oppcli.render.sheet_page import bound as page

    return page(title, parts, lang)


def failed(opp: Context, what: "Failure") -> str:
    from oppcli.words.shown import show_instant

    again = show_instant(what.next_try_at, opp.tz, opp.now)
    others = say(", {held} digests wait", held=what.held) if what.held > 1 else ""
    return say(
        "{channel} did not deliver to {to}: {error}{others}; next try {again}",
        channel=what.channel,
        to=what.to,
        error=what.error,
        others=others,
        again=again,
    )


def done(opp: Context, summary: "Summary") -> tuple[str, ...]:
    from oppcli.words.shown import show_instant

    lines = [
        say("{name}: {count} {count:digest|digests} sent", name=name, count=count)
        for name, count in summary.sent.items()
    ]
    if summary.opens_at is not None:
        opens = show_instant(summary.opens_at, opp.tz, opp.now)
        lines += [
            say("{name}: {count} held until {opens}, outside business hours", name=name, count=count, opens=opens)
            for name, count in summary.closed.items()
        ]
    return tuple(lines)


def brief(policy: "Policy") -> "Callable[..., str]":
    """What a letter tells of a request that is decided by answering it: where it stands, questions, conditions and
    figures, as this person is told them. Who is asked sees what was shown, hidden or not."""

    def told(door: "WriteDoor", login: str, name: str, *, lang: str) -> str:
        from oppcli.actions.act import Look
        from oppcli.cli.request.pack import pack
        from oppcli.cli.request.sections import SHORT, titled
        from oppcli.model.people import User
        from oppcli.render.card import block_lines
        from oppcli.render.output import Output
        from oppcli.render.screen import harmless
        from oppcli.speech import Voice, spoken

        zone = door.get(User, login).zone or policy.hours().timezone
        look = Look(door, login, rules=lambda _: policy, now=door.at, zone=zone)
        found = pack(look, look, name, brief=True)
        out = Output(tz=zone, now=door.at, voice=Voice(lang=lang))
        lines = [harmless(spoken(titled(found.request, found.headline), out.voice))]
        for section in found.sections:
            if section.name in SHORT:
                lines += block_lines(section.block, out)
        return "\n".join(lines)

    return told


def nowhere(opp: Context) -> Outcome:
    """What is done without channels: nothing; a person at a terminal is told that something waits for one."""
    if opp.interactive and not opp.quiet:
        with opp.read() as door:
            waiting = waits(door)
        if waiting:
            opp.say(unset(waiting))
    return Outcome(done=())


def waits(door: "ReadDoor") -> int:
    """How many notices are in no letter yet."""
    from oppcli.store.outbox import notices_waiting

    return len(notices_waiting(door))


def unset(waiting: int) -> Said:
    """That nothing goes out yet, how much waits, and where that is set up."""
    from oppcli.config.machine import user_file

    told = say("no channel is set up in {file}: {help}", file=user_file(os.environ), help=command("help", "notices"))
    return say("{n:,} {n:notice waits|notices wait}; {told}", n=waiting, told=told) if waiting else told
