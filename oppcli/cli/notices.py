"""`opp notices`: list channels send test retry; and the part of `opp tick` that delivers."""

import os
import sys
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli import failure
from oppcli.cli.context import Context
from oppcli.cli.output import argument, writes
from oppcli.errors import Conflict, NotFound, PartlyDone, PolicyError, UsageError
from oppcli.model.command import command
from oppcli.model.said import listed, say
from oppcli.reads.table import Table
from oppcli.speech import Voice, spoken

if TYPE_CHECKING:
    from oppcli.model.policy import Policy
    from oppcli.notify import Channel

app = typer.Typer(help="What people are told, through which channels, and whether it arrived.")

To = Annotated[str | None, typer.Option("--to", metavar="LOGIN", help="of this person only, or me")]


def require_somebody(opp: Context, *line: str) -> None:
    """Let time do its work, and letters go, for active people alone, and at no other time than the clock's. A name that
    the policy wants proof of is refused at once, not in the night in which something is due."""
    from oppcli.actions import due
    from oppcli.cli.writing import require_time
    from oppcli.store import open_read

    with open_read(opp.db) as door:  # whom it refuses it tells what to do with a crontab
        due.require_active(opp.look(door), command(*line, another=True))
        require_time(opp, door)
        if door.scope is not None and not (opp.dry_run or opp.settings.pin_file):
            from oppcli.cli.proving import require_reader

            require_reader(opp, door)


def deliver(opp: Context) -> Outcome:
    """Send what is due through the channels of the user's file: what `opp tick` does after its own transaction.

    Each channel that fails and each person who cannot be told is a line on stderr, also with -q; exit 9 when some
    channel failed, 8 when the channels are set up wrongly. Without channels nothing happens and everything waits."""
    from oppcli import notify
    from oppcli.actions import outbox
    from oppcli.store.knowing import made_after

    try:
        channels = notify.channels(os.environ)
    except PolicyError as error:
        # What a tick did before this is done, and is to be told.
        print("\n".join(failure.lines(error, opp.voice)), file=sys.stderr)  # noqa: T201
        return Outcome(done=(), code=error.code)
    if not channels:
        from oppcli.cli.delivered import nowhere

        return nowhere(opp)
    with opp.read() as door:
        policy = opp.policy(door)
        if made_after(door) is not None:
            return Outcome(done=(say("this is a sandbox: nothing goes out"),))
    told, wrong = Outcome(done=()), tuple[str, ...]()
    if telling := [each for each in channels if each.spec.events]:
        from oppcli.cli import told_events

        told, wrong = told_events.tell(opp, telling, policy)
    if not (channels := tuple(each for each in channels if each.spec.to)):
        _warn(opp, wrong)
        return told
    if opp.dry_run:
        return Outcome(done=(*told.done, *_preview(opp, channels, policy).done))
    from oppcli.cli import delivered

    opened = partial(opp.write, "notices send", channel="tick")
    summary = outbox.deliver(opened, channels, policy, letters(opp), delivered.brief(policy), delivered.bound)
    _warn(opp, (*wrong, *summary.nowhere, *(delivered.failed(opp, each) for each in summary.failed)))
    return Outcome(
        done=(*told.done, *delivered.done(opp, summary)), code=PartlyDone.code if summary.failed else told.code
    )


def letters(opp: Context) -> Voice:
    """Whom letters are written to: somebody elsewhere, so their commands name this database by its whole path, and
    nothing else."""
    from pathlib import Path

    from oppcli.store.locations import file_of, is_server, shown

    return Voice(("--db", shown(opp.db) if is_server(opp.db) else str(Path(file_of(opp.db)).absolute())))


def _preview(opp: Context, channels: "tuple[Channel, ...]", policy: "Policy") -> Outcome:
    """To whom digests would go, were what is in the database now all of it."""
    from oppcli.actions import outbox

    earlier = opp.entries
    with opp.write("notices send", channel="tick") as door:
        nowhere, ready = outbox.preview(door, channels, policy)
    opp.entries = [*earlier, *opp.entries]
    _warn(opp, nowhere)
    return Outcome(
        done=tuple(
            say("{name}: digests to {logins}", name=name, logins=listed(logins)) for name, logins in ready.items()
        )
    )


def _warn(opp: Context, lines: tuple[str, ...]) -> None:
    """What somebody should see even when a program runs this."""
    from oppcli.render.screen import harmless

    for line in lines:
        print(harmless(opp.spoken(say("notices: {line}", line=line))), file=sys.stderr)  # noqa: T201


def channels(opp: Context) -> Table:
    """Each channel of the configuration, and what waits for it."""
    from oppcli import notify
    from oppcli.cli import delivered, told_events
    from oppcli.cli.nothing import worth_a_word
    from oppcli.model.calling import called
    from oppcli.notify.channel import EVERYONE
    from oppcli.reads.notices import CHANNELS
    from oppcli.store import outbox

    rows = []
    with opp.read() as door:
        for each in notify.channels(os.environ):
            spec, lacks, down = each.spec, each.carrier.lacks(), outbox.channel_down(door, each.name)
            why = lacks or (outbox.last_error(door, each.name) if down else None)
            to = [say("everyone") if one == EVERYONE else called(one) for one in spec.to]
            about = (spec.name, spec.kind, each.carrier.where(), to, (*spec.kinds, *spec.events), spec.quiet)
            rests, error = told_events.resting(door, each)
            until = down[0] if down else rests
            rows.append((*about, lacks is None, outbox.held(door, each.name), until, why or error))
        if not rows and worth_a_word(opp):
            opp.say(delivered.unset(delivered.waits(door)))
    return Table(CHANNELS, rows, title=say("Channels"))


@app.command()
@writes
def send(opp: Context) -> Outcome:
    """Send what is due now. `opp tick` does this too.

    opp notices send
    """
    require_somebody(opp, "notices", "send")
    outcome = deliver(opp)
    if outcome.done or outcome.code or opp.quiet:
        return outcome
    return Outcome(done=(say("nothing to send"),))


@app.command()
def test(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="CHANNEL", show_default=False)],
    to: Annotated[str | None, typer.Option("--to", metavar="LOGIN", help="instead of yourself")] = None,
) -> None:
    """Send a test message through a channel, now.

    opp notices test mail --to wang
    """
    from secrets import token_hex

    from oppcli.actions import find, outbox
    from oppcli.model.deliveries import Letter
    from oppcli.store.knowing import made_after

    opp: Context = ctx.obj
    channel = _named(name)
    with opp.read() as door:
        if made_after(door) is not None:
            raise Conflict(say("this is a sandbox: nothing goes out"), hint=command("db", "info"))
    if not channel.spec.to:
        from oppcli.cli.told_events import trial

        return trial(opp, channel)
    with opp.read() as door:
        person = find.user(door, to) if to else opp.look(door).me
        lang = outbox.language(person, door)
        policy = opp.policy(door)
    roles = {*person.roles, *(role for role, logins in policy.roles.items() if person.login in logins)}
    gap = channel.gap(person, frozenset(roles))
    if gap:
        raise UsageError(say("{name} does not reach {login}: {gap}", name=name, login=person.login, gap=gap))
    said = (say("opp: test"), say("This is a test of the channel {name}.", name=name))
    subject, text = (spoken(each, Voice(lang=lang)) for each in said)
    letter = Letter(token_hex(16), person.login, person.name, person.email, subject, text, (), opp.now, lang)
    channel.send(letter)
    channel.close()
    opp.say(say("{name} took it for {login}", name=name, login=person.login))


def _named(name: str) -> "Channel":
    from oppcli import notify
    from oppcli.words.spelling import nearest

    known = {each.name: each for each in notify.channels(os.environ)}
    if name not in known:
        raise NotFound(
            say("no such channel: {name}{nearest}", name=name, nearest=nearest(name, known)),
            hint=command("notices", "channels"),
        )
    return known[name]


@app.command()
@writes
def retry(
    opp: Context,
    to: To = None,
    channel: Annotated[
        str | None, typer.Option("--channel", metavar="NAME", help="what was set aside of this channel's events")
    ] = None,
) -> Outcome:
    """Let notices that could go nowhere wait again: after an address or a channel was added.

    opp notices retry --to wang
    opp notices retry --channel erp
    """
    from oppcli.actions import outbox

    if channel is not None:
        from oppcli.cli import told_events

        if to is not None:
            raise UsageError(say("{one} and {other} are not for one line", one="--to", other="--channel"))
        return told_events.retry(opp, _named(channel))
    with opp.act("notices retry") as act:
        whose = None if to is None else act.login(to)
        count = outbox.retry(act.door, to=whose)
    return Outcome(done=(say("{count} {count:notice waits|notices wait} again", count=count),))


@app.command()
@writes
def watch(
    opp: Context,
    ref: Annotated[list[str], argument("REF...", "D-142, C-9, P-4")],
    off: Annotated[bool, typer.Option("--off", help="no more")] = False,
) -> Outcome:
    """Be told of what others do there: moves, notes, decisions, another owner.

    opp notices watch D-142
    opp notices watch C-9 --off
    """
    from oppcli.actions.watches import watch as verb
    from oppcli.cli.batch import each_act

    ids_only = not opp.interactive
    return each_act(opp, ref, "thing", "notices watch", lambda act, text: verb(act, text, off=off, ids_only=ids_only))


@app.command()
@writes
def read(
    opp: Context,
    number: Annotated[list[str] | None, argument("N...", "their numbers; all without any")] = None,
) -> Outcome:
    """Say that you have read your notices.

    opp notices read
    opp notices read 12 13
    """
    from oppcli.actions.own_notices import read as verb
    from oppcli.cli.batch import NOTHING, named

    texts = [each for text in number or [] for each in named(text)]
    if number and not texts:
        return Outcome(done=(NOTHING,))
    wrong = [text for text in texts if not text.isdecimal()]
    if wrong:
        hint = command("notices", "list", "--mine")
        raise UsageError(say("{text} is no number of a notice", text=wrong[0]), hint=hint)
    with opp.act("notices read") as act:
        return verb(act, [int(text) for text in texts])


@app.command()
@writes
def mute(
    opp: Context,
    kind: Annotated[str, argument("KIND", "as opp notices list shows it")],
    off: Annotated[bool, typer.Option("--off", help="be told again")] = False,
) -> Outcome:
    """Not be told of a kind of notices any more.

    opp notices mute cc
    """
    from oppcli.actions.own_notices import mute as verb

    with opp.act("notices mute") as act:
        return verb(act, kind, off=off)
