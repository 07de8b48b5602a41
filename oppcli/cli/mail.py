"""`opp mail FILE…`: mails and answers taken in, each in a transaction of its own."""

import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from os.path import isdir
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli.context import Context
from oppcli.cli.output import argument, writes
from oppcli.errors import Conflict, HooksWanted, NotFound, OppError, PartlyDone, PolicyError, StoreError
from oppcli.model.command import BLANK, written
from oppcli.model.journal import AGENT
from oppcli.model.said import of_system, say
from oppcli.tuples import NamedTuple

if TYPE_CHECKING:
    from oppcli.actions.answers import Proof
    from oppcli.files.answers import Sent

app = typer.Typer()
SINGLE = True
STDIN = "-"
NEW, CURRENT, SEEN = "new", "cur", ":2,S"
"""Folders of a maildir, and the mark of what was looked at (https://cr.yp.to/proto/maildir.html)."""


class Found(NamedTuple):
    """One mail, or a text that may be an answer."""

    raw: bytes | OppError
    """Its bytes; why it cannot be read."""
    file: Path | None = None
    """Where it lies alone: a signature may lie beside it."""
    new: bool = False
    """It lies in the `new` of a maildir: once it was looked at it goes to `cur`."""


@app.command()
@writes
def mail(
    opp: Context,
    file: Annotated[list[str], argument("FILE...", "an .eml, an mbox, a maildir, an answer; - for standard input")],
) -> Outcome:
    """Take mails in. One that answers a request with a code decides it; of whom you know with one live deal, or with
    [D-12] in the subject, it is noted there; else it is proposed.

    opp mail offer.eml
    opp mail Inbox.mbox *.eml
    opp mail R-31.txt
    cat message | opp mail -
    """
    _require_itself(opp, "mail", *file)
    found = {name: each for one in dict.fromkeys(file) for name, each in _opened(one)}
    return taken(opp, found)


def taken(opp: Context, found: dict[str, Found]) -> Outcome:
    """What came of each; what lay in a maildir is moved on, whatever came of it, but where the database failed."""
    from oppcli.cli.batch import one_by_one, one_of

    def one(name: str) -> Outcome:
        each = found[name]
        try:
            done = one_of(opp, lambda _: _one(opp, each), name)
        except StoreError:
            raise
        except OppError:
            _moved_on(opp, each)
            raise
        _moved_on(opp, each)
        return done

    return one_by_one(opp, list(found), one)


def _one(opp: Context, each: Found) -> Outcome:
    from oppcli.files import answers

    if isinstance(each.raw, OppError):
        raise each.raw
    sent = answers.read(each.raw)
    if sent is not None:
        return _answered(opp, sent, each)
    from oppcli.actions.mails import take
    from oppcli.files import mails

    mail = mails.read(each.raw)
    with opp.act("mail", channel="mail") as act:
        return take(act, mail)


def _answered(opp: Context, sent: "Sent", each: Found) -> Outcome:
    """An answer, which decides by its code: no agent's to hand in."""
    from oppcli.actions import answers
    from oppcli.cli import hooked
    from oppcli.config.files import has_mailbox
    from oppcli.model.codes import MAIL, PACKET

    if opp.channel == AGENT:
        from oppcli.rules.rights import not_by_agent

        raise not_by_agent("mail")
    server = None
    if has_mailbox(os.environ):
        from oppcli.config.mailbox import mailbox

        server = mailbox(os.environ).authserv
    proof, channel = _proof(opp, each), PACKET if sent.senders is None else MAIL

    def taken() -> Outcome | OppError:
        with opp.act("mail", channel=channel) as act:
            return answers.take(act, sent, proof=proof, server=server)

    try:
        done = taken()
    except HooksWanted as wanted:
        try:
            done = hooked.again(opp, wanted, taken)
        except OppError as refusal:  # a hook said no: the person is told as of any other refusal
            with opp.act("mail", channel=channel) as act:
                answers.turned_down(act, sent, proof, refusal)
            raise
    if isinstance(done, OppError):
        raise done
    return done


def _proof(opp: Context, each: Found) -> "Proof | None":
    """Whose signature lies beside it; None where none does."""
    from oppcli.actions.answers import Proof

    beside = each.file and each.file.with_name(f"{each.file.name}.sig")
    if beside is None or not beside.is_file() or isinstance(each.raw, OppError):
        return None
    from oppcli.files.signatures import signer
    from oppcli.model.people import User

    with opp.read(whole=True) as door:
        keys = {user.login: user.answer_key for user in door.find(User, active=True) if user.answer_key}
    login = signer(each.raw, beside, keys)
    return Proof(login, keys[login] if login else "")


def came_in(opp: Context) -> Outcome:
    """What came of the mails in the maildir of the configuration, each by itself; nothing where none is named, and in a
    sandbox: they are for the database itself. One that cannot be read, or is set up wrongly, keeps nothing else from
    its time: it is told on stderr, with exit 9, or 8."""
    from oppcli.cli.batch import refused
    from oppcli.cli.failure import lines
    from oppcli.config.mailbox import mailbox

    try:
        maildir = mailbox(os.environ).maildir
        found = of_maildir(maildir) if maildir is not None and not _tried(opp) else {}
    except OppError as error:
        print("\n".join(lines(error, opp.voice)), file=sys.stderr)  # noqa: T201
        return Outcome(done=(), code=error.code if isinstance(error, PolicyError) else PartlyDone.code)
    told: list[str] = []
    earlier = opp.entries
    for name, each in found.items():
        try:
            told += taken(opp, {name: each}).done
        except StoreError:
            raise
        except OppError as error:
            told.append(refused(opp, name, error)[0])
        earlier = [*earlier, *opp.entries]
    opp.entries = earlier
    return Outcome(done=tuple(told))


def of_maildir(folder: Path) -> dict[str, Found]:
    """What lies in the `new` of a maildir, the oldest first. Refused (3) for a folder that is none."""
    from oppcli.cli.batch import bytes_of

    new = folder / NEW
    try:
        files = sorted(path for path in new.iterdir() if path.is_file() and not path.name.startswith("."))
    except OSError as error:
        raise NotFound(say("{file}: {reason}", file=new, reason=of_system(error))) from None
    return {str(path): Found(_read(partial(bytes_of, str(path)), str(path)), path, new=True) for path in files}


def _moved_on(opp: Context, each: Found) -> None:
    if not each.new or each.file is None or opp.dry_run or isinstance(each.raw, OppError):
        return
    current = each.file.parent.parent / CURRENT
    name = each.file.name if ":2," in each.file.name else f"{each.file.name}{SEEN}"
    try:
        current.mkdir(exist_ok=True)
        each.file.rename(current / name)
    except OSError as error:
        raise NotFound(say("{file}: {reason}", file=each.file, reason=of_system(error))) from None


def _opened(file: str) -> list[tuple[str, Found]]:
    """(what it is called, itself) of each mail in a file or maildir."""
    from oppcli.files import mails

    if file != STDIN and isdir(file):  # noqa: PTH112 - a name that is too long is no folder
        try:
            return list(of_maildir(Path(file)).items())
        except OppError as error:
            return [(file, Found(error))]
    raw = _bytes(file)
    if isinstance(raw, OppError):
        return [(file, Found(raw))]
    several = mails.several(raw)
    if len(several) == 1:
        return [(file, Found(several[0], file=None if file == STDIN else Path(file)))]
    return [(say("{file}, mail {n}", file=file, n=place), Found(each)) for place, each in enumerate(several, 1)]


def _bytes(file: str) -> bytes | OppError:
    if file == STDIN:
        from oppcli.cli.batch import standard_bytes

        try:
            return standard_bytes()
        except OppError as error:
            return error
    from oppcli.cli.batch import bytes_of

    return _read(partial(bytes_of, file), file)


def _read(read: Callable[[], bytes], file: str) -> bytes | OppError:
    try:
        return read()
    except OppError as error:
        return error
    except OSError as error:
        return NotFound(say("{file}: {reason}", file=file, reason=of_system(error)))


def _tried(opp: Context) -> bool:
    """Whether this is a sandbox. One statement, through a door of its own."""
    from oppcli.store.knowing import made_after

    with opp.read(whole=True) as door:
        return made_after(door) is not None


def _require_itself(opp: Context, *line: str) -> None:
    """Refuse (5) in a sandbox what is for the database itself, with the line to type there."""
    if _tried(opp):
        raise Conflict(
            say("this is a sandbox: no mail comes in"),
            hint=say("they are for the database itself: {line}", line=_there(opp, line)),
        )


def _there(opp: Context, line: Sequence[str]) -> str:
    """The line for the database itself: without the `--db` that was typed; else which one that is stays open."""
    return written(line, () if opp.settings.origins["db"] == "--db" else ("--db", BLANK))
