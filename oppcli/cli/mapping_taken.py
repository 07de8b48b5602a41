"""By which mapping a file is read: the one that was named, else the one of its own columns, and which one is said."""

import os
from collections.abc import Collection, Sequence
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from oppcli.errors import NotFound, UsageError
from oppcli.files import mapping as maps
from oppcli.files import ready
from oppcli.files.drafts.draft import Draft
from oppcli.files.drafts.sample import Sample
from oppcli.files.fit import refuse
from oppcli.files.openings import openings
from oppcli.files.sheets import Sheet, open_sheet
from oppcli.files.sheets.shape import UNKNOWN, Format
from oppcli.model.command import command
from oppcli.model.said import Said, say
from oppcli.model.saved import Mapping
from oppcli.toml.reading import STDIN, called, typed
from oppcli.tuples import NamedTuple
from oppcli.words.names import key
from oppcli.words.spelling import nearest

if TYPE_CHECKING:
    from oppcli.cli.context import Context
    from oppcli.store.doors import ReadDoor

Kept = Mapping | tuple[str, str, bool]


class Taken(NamedTuple):
    """A mapping's text, what it is called in messages, and why it was taken."""

    text: str
    name: str
    why: Said | None = None


def named(door: "ReadDoor", name: str) -> Kept:
    """The mapping kept under a name, else the ready one called so: (name, text, verified). Refused (3) for neither."""
    from oppcli.actions.mappings import kept

    known = {each.name: each for each in kept(door)}
    if name in known:
        return known[name]
    found = ready.ready(name)
    if found is None:
        said = say("there is no mapping {name}{nearest}", name=name, nearest=nearest(name, [*known, *ready.names()]))
        raise NotFound(said, hint=command("mapping", "list"))
    return found.name, found.text, found.verified


class Opened:
    """An open file of rows, looked at before it is read."""

    def __init__(self, stream: BinaryIO, name: str, place: str, sheet: str | None = None) -> None:
        self.stream, self.name, self.place, self.sheet = stream, name, place, sheet
        """`name` is what messages call it, `place` and `sheet` what was typed."""
        self._seen: list[Sheet] = []
        self._told = UNKNOWN._replace(sheet=sheet, asked=True) if sheet is not None else UNKNOWN

    @cached_property
    def format(self) -> Format:
        """How it is written, as far as its mapping has to say it."""
        from oppcli.files.drafts.headline import headline

        with ExitStack() as handles:
            return headline(lambda told: self._sheet(handles, told), self._told)

    @cached_property
    def sample(self) -> Sample:
        """Its first rows."""
        from oppcli.files.drafts.sample import sampled

        with ExitStack() as handles:
            return sampled(self._sheet(handles, self.format))

    def _sheet(self, handles: ExitStack, told: Format) -> Sheet:
        """The rows under a handle of their own: who reads a sheet closes what it was given."""
        self.stream.seek(0)
        handles.callback(self.stream.seek, 0)
        apart = handles.enter_context(os.fdopen(os.dup(self.stream.fileno()), "rb"))
        sheet = open_sheet(apart, self.name, told)
        self._seen.append(sheet)  # a sheet that is let go closes its file, and says that nobody did
        return sheet


def taken(opp: "Context", file: Opened, asked: str | None) -> Taken | Said:
    """The mapping that was named, else the one that the columns tell: which one is said. A sentence where nothing is to
    be imported."""
    if asked is not None:
        return _told(opp, file, asked)
    found = _found(opp, file)
    if isinstance(found, Taken) and found.why is not None:
        opp.say(found.why)
    return found


def _told(opp: "Context", file: Opened, asked: str) -> Taken | Said:
    """The mapping of `--mapping`: a file, else a name. Refused for what is neither."""
    path = Path(asked)
    if asked == STDIN or path.exists() or path.suffix == ".toml" or path.name != asked:
        return Taken(typed(path), called(path))
    with opp.read() as door:
        found = named(door, asked)
        if isinstance(found, Mapping):
            return Taken(found.text, found.name)
        draft = drafted(opp, door, file, by=found[0])
    return _completed(opp, draft, file)


def _found(opp: "Context", file: Opened) -> Taken | Said:
    """The mapping that the columns of a file tell: of an own export, kept, ready, else drafted and asked. Refused (2)
    in scripts where none is known."""
    with opp.read() as door:
        header = file.sample.header
        own = own_export(opp, door, header)
        if own is not None:
            return Taken(own, ready.OWN, say("{file} is an own export", file=file.name))
        kept = _remembered(door, header)
        if kept is not None:
            why = say("{file} is read by the mapping {name}, which is kept", file=file.name, name=kept.name)
            return Taken(kept.text, kept.name, why)
        by = ready.fitting(header)
        draft = drafted(opp, door, file, by=by.name if by else "")
    return _completed(opp, draft, file) if by else _asked(opp, draft, file)


def own_export(opp: "Context", door: "ReadDoor", header: Sequence[str]) -> str | None:
    """The mapping of a file that `opp export deals`, `visits` or `people` wrote; None for any other."""
    from oppcli.actions.imports.deal_fields import known_fields
    from oppcli.files.ready import own
    from oppcli.model.deals import LIVE_KINDS
    from oppcli.reads.deals import STABLE
    from oppcli.reads.exports import EXPORTS

    for noun, text in (("visits", own.VISITS), ("people", own.PEOPLE)):
        if tuple(header) == tuple(column.name for column in EXPORTS[noun].columns):
            return text
    if tuple(header[: len(STABLE)]) != STABLE:
        return None
    policy = opp.policy(door)
    ended = {rule.kind: [each.name for each in policy.stages if each.kind == rule.kind] for rule in policy.stages}
    return own.of_deals(header, known_fields(policy), {k: v for k, v in ended.items() if k not in LIVE_KINDS})


def _remembered(door: "ReadDoor", header: Collection[str]) -> Mapping | None:
    """The mapping all of whose columns are there: the one that names the most, of these the one used last."""
    from oppcli.actions.mappings import kept

    there = {key(name) for name in header}
    read = [(each, maps.load(each.text, each.name).columns) for each in kept(door)]
    fitting = [(each, columns) for each, columns in read if columns and {key(name) for name in columns} <= there]
    return max(fitting, key=lambda pair: len(pair[1]))[0] if fitting else None


def _completed(opp: "Context", draft: Draft, file: Opened) -> Taken | Said:
    """A ready mapping with what the file tells. What is open is asked on a terminal, and refused (8) elsewhere."""
    name = draft.ready
    why = say(
        "{file} is read by the mapping {name}, which is ready: {show}",
        file=file.name,
        name=name,
        show=command("mapping", "show", name),
    )
    if next(draft.questions(), None) is not None:
        if opp.interactive:
            opp.say(why)
            return _asked(opp, draft, file)
        refuse(name, [*openings(maps.load(draft.text(), name))], hint=_hint(file))
    return Taken(draft.text(opp.spoken), name, why)


def _asked(opp: "Context", draft: Draft, file: Opened) -> Taken | Said:
    """A draft, shown and asked. Refused (2) where nothing may be asked."""
    if not opp.interactive:
        raise UsageError(say("no mapping is known for the columns of {file}", file=file.name), hint=_hint(file))
    from oppcli.cli.draft_asked import asked

    text = asked(opp, draft, file.name)
    return say("nothing was imported") if text is None else Taken(text, say("the draft"))


def _hint(file: Opened) -> Said:
    sheet = ("--sheet", file.sheet) if file.sheet is not None else ()
    return say("{draft} > m.toml", draft=command("import", file.place, *sheet, "--draft"))


def drafted(opp: "Context", door: "ReadDoor", file: Opened, *, by: str | None = None) -> Draft:
    """A mapping drafted from the first rows. `by`: the ready mapping to go by, nothing for none; None finds out.
    Refused (2) for one that is not ready."""
    from oppcli.actions.imports.deal_fields import known_fields
    from oppcli.actions.imports.named_people import everybody
    from oppcli.files.drafts.drafting import Drafting, system_of
    from oppcli.files.drafts.fitting import Here
    from oppcli.files.kinds import zone_of

    if by and ready.ready(by) is None:
        said = say("no mapping {name} is ready{nearest}", name=by, nearest=nearest(by, ready.names()))
        raise UsageError(said, hint=command("mapping", "list"))
    sample, policy = file.sample, opp.policy(door)
    fitting = ready.fitting(sample.header) if by is None else ready.ready(by) if by else None
    here = Here(policy, known_fields(policy), zone_of(maps.ImportMap(), policy), opp.now, everybody(door))
    system = fitting.name if fitting else system_of(file.name)
    places = fitting.places(sample.header) if fitting else {}
    return Drafting(sample, here, system=system, ready=places, by=fitting.name if fitting else "").made(_file(file))


def _file(file: Opened) -> dict[str, Any]:
    """What the mapping has to say of how the file is written."""
    told = {"header": file.format.header, "delimiter": file.format.delimiter, "sheet": file.format.sheet}
    return {name: value for name, value in told.items() if value}
