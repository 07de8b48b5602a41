"""`opp request packet R-31 --for chen`: all that an approver is shown in one file, with what they answer by."""

import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli.context import Context
from oppcli.cli.output import argument, writes
from oppcli.errors import UsageError
from oppcli.model.command import BLANK, command
from oppcli.model.records import LIVE
from oppcli.model.said import of_system, say
from oppcli.speech import Voice, spoken
from oppcli.tuples import NamedTuple

if TYPE_CHECKING:
    from oppcli.actions.packets import Handed
    from oppcli.model.people import User
    from oppcli.model.requests import Request
    from oppcli.model.sight import Sight
    from oppcli.render.packet_page import Enclosed
    from oppcli.store.doors import ReadDoor

MOST = 10 << 20
"""Bytes of files in a packet."""


class Page(NamedTuple):
    """What is shown, to whom."""

    text: str
    request: "Request"
    person: "User"
    voice: Voice
    zone: str
    left_out: tuple[tuple[str, str], ...]


@writes
def packet(
    opp: Context,
    request: Annotated[str, argument("REQUEST", "R-31")],
    whose: Annotated[
        str | None, typer.Option("--for", metavar="LOGIN", help="who is to decide with it; yourself")
    ] = None,
    with_files: Annotated[bool, typer.Option("--with-files", help="and the deal's files, unchanged, 10 MB")] = False,
    no_code: Annotated[bool, typer.Option("--no-code", help="answered by a signature alone")] = False,
    out: Annotated[str | None, typer.Option("--out", "-O", metavar="FILE.html", help="a file; else stdout")] = None,
) -> Outcome | int:
    """All that an approver is shown, as one page that needs no network, and how to answer with it. For whoever is
    asked, by themselves or an admin; the answer comes back by opp mail.

    opp request packet R-31 --for chen -O R-31.html
    opp request packet R-31 --with-files > R-31.html
    """
    from oppcli.model.refs import ref

    if out is None and not opp.dry_run and opp.given.get("answer") == "json":
        raise UsageError(say("-o json goes with a file: -O FILE.html"))
    page = shown(opp, request, whose, with_files=with_files)
    name = ref("request", page.request.id)
    with _place(opp, out) as place:
        whole, n = _coded(opp, page, coded=not no_code)
        if place is not None:
            place.write(whole.encode())
    told = say("{request} for {login}, {n} {n:step|steps}", request=name, login=page.person.login, n=n)
    for file, why in page.left_out:
        opp.say(say("{file}: left out, {why}", file=file, why=why))
    if out is None and not opp.dry_run:
        if hasattr(sys.stdout, "reconfigure"):
            sys.stdout.reconfigure(encoding="utf-8", newline="")
        print(whole, end="", flush=True)  # noqa: T201
        return 0
    if out is not None and not opp.dry_run:
        told = say("{told} in {file}", told=told, file=out)
    return Outcome(done=(told,), ids=(out or name,), next=(command("mail", BLANK),))


def _place(opp: Context, out: str | None) -> "AbstractContextManager[BinaryIO | None]":
    """Where it goes, before a code is given: nowhere, or a file that nobody else may read, for its code decides.
    Refused for a file that is not called a page."""
    if out is not None and Path(out).suffix.lower() not in (".html", ".htm"):
        raise UsageError(
            say("{file}: a packet is a .html", file=out), hint=say("-O FILE.{suffix} writes a file", suffix="html")
        )
    if out is None or opp.dry_run:
        return nullcontext()
    from oppcli.cli.filed import beside

    return beside(out, opp.db, private=True)


def _coded(opp: Context, page: Page, *, coded: bool) -> tuple[str, int]:
    """(the whole page, for how many seats), its codes given."""
    from oppcli.actions.packets import handed
    from oppcli.model.refs import ref
    from oppcli.render.packet_page import digest

    name, seen = ref("request", page.request.id), (page.request.revision, page.request.version)
    shows = digest(page.text)
    with opp.act("request packet") as act:
        made = handed(act, name, page.person.login, seen=seen, shown=shows)
    named = f"{name}.{page.request.revision} {shows}"
    return answered(page, made, named, now=opp.now, coded=coded), len(made)


def shown(opp: Context, text: str, whose: str | None, *, with_files: bool) -> Page:
    """The page as whoever it is for is shown the request: in their language and zone, and nothing that they do not
    see."""
    from oppcli.actions import find
    from oppcli.actions.act import Look
    from oppcli.actions.sights import sight_of
    from oppcli.cli.request.pack import pack
    from oppcli.cli.request.sections import titled
    from oppcli.render.packet_page import shown as page
    from oppcli.store import open_read

    with opp.read(whole=True) as real:
        person = find.user(real, whose) if whose else find.myself(real, opp.actor)
        policy = opp.policy(real)
        zone = person.zone or policy.hours().timezone
        voice = Voice(lang=person.lang or real.language or "en")

        def sees(door: "ReadDoor") -> "Sight | None":
            return sight_of(door, person.login, opp.now)

        with open_read(opp.db, me=person.login, sight=sees) as theirs:

            def look(door: "ReadDoor") -> Look:
                return Look(door, person.login, rules=opp.policy, now=opp.now, zone=zone, whole=opp.read)

            mine = look(theirs)
            found = pack(mine, look(real) if theirs.hidden else mine, text)
            files, left_out = _files(theirs, found.request) if with_files else ((), ())

        def tell(said: str) -> str:
            return spoken(said, voice)

        blocks = [section.block for section in found.sections]
        made = page(titled(found.request, found.headline), blocks, files, left_out, tell, voice.lang)
        return Page(made, found.request, person, voice, zone, left_out)


def answered(page: Page, made: "tuple[Handed, ...]", named: str, *, now: int, coded: bool) -> str:
    """The page with what to answer; without codes an answer has to be signed."""
    from oppcli.actions.codes import first_line
    from oppcli.render.packet_page import Asked
    from oppcli.render.packet_page import answered as whole
    from oppcli.words.shown import show_instant

    asked = [
        Asked(
            each.step,
            first_line(each.code) if coded else say("approve"),
            say("{at} ({zone})", at=show_instant(each.ends_at, page.zone, now), zone=page.zone),
            each.why,
        )
        for each in made
    ]
    return whole(page.text, asked, named, lambda said: spoken(said, page.voice))


def _files(door: "ReadDoor", request: "Request") -> "tuple[tuple[Enclosed, ...], tuple[tuple[str, str], ...]]":
    """(the deal's files as they were attached, those that are left out and why)."""
    from hashlib import sha256

    from oppcli.model.deals import File
    from oppcli.render.packet_page import Enclosed

    held: list[Enclosed] = []
    left_out: list[tuple[str, str]] = []
    room = MOST
    for file in door.find(File, deal_id=request.deal_id, standing=LIVE):
        try:
            data = Path(file.path).read_bytes() if file.size <= room else None
        except OSError as error:
            left_out.append((file.name, of_system(error)))
            continue
        if data is None or len(data) > room:
            left_out.append((file.name, say("there is no room for it")))
        elif sha256(data).hexdigest() != file.sha256:
            left_out.append((file.name, say("it is not what was attached any more")))
        else:
            held.append(Enclosed(file.name, data))
            room -= len(data)
    return tuple(held), tuple(left_out)
