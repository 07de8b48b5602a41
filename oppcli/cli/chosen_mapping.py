"""By which mapping a file is read: the one that was named, else the one of its own columns, and which one is said."""

import sys
from os.path import exists
from pathlib import Path
from typing import TYPE_CHECKING

from oppcli.cli.drafted import drafted
from oppcli.cli.known_mappings import named, own_export, remembered
from oppcli.errors import UsageError
from oppcli.files import costs, judgements, points, rates, ready, targets
from oppcli.files import mapping as maps
from oppcli.files.drafts.draft import Draft
from oppcli.files.fit import openings, refuse
from oppcli.files.mapping_keys import COSTS, JUDGEMENTS, KINDS, POINTS, RATES, RECORDS, TARGETS
from oppcli.files.opened import Opened
from oppcli.files.sheets.shape import Format
from oppcli.model.command import command
from oppcli.model.said import Said, say
from oppcli.model.saved import Mapping
from oppcli.toml.reading import STDIN, called, typed
from oppcli.tuples import NamedTuple

if TYPE_CHECKING:
    from oppcli.cli.context import Context
    from oppcli.store.doors import ReadDoor

IMPORT, EDIT, LEAVE = "import", "edit", "leave"
_TELLING = {
    **{RATES: rates.told, TARGETS: targets.told, COSTS: costs.told},
    **{JUDGEMENTS: judgements.told, POINTS: points.told},
}
"""Kinds of rows whose columns tell the mapping."""


class Taken(NamedTuple):
    """A mapping's text, what it is called in messages, and why it was taken."""

    text: str
    name: str
    why: Said | None = None
    written: Format | None = None
    """How the file is written whose columns told it, where the mapping may have been kept of another one."""


def taken(opp: "Context", file: Opened, asked: str | None, kind: str | None) -> Taken | Said:
    """The mapping that was named, else the one that the columns tell: which one is said. A sentence where nothing is to
    be imported."""
    if asked is not None:
        return _told(opp, file, asked)
    if kind in _TELLING:
        return Taken(_TELLING[kind](file.sample.header, file.name), file.name)
    found = _found(opp, file) if kind in (None, KINDS[0]) else _of_kind(opp, file, kind)
    if isinstance(found, Taken) and found.why is not None:
        opp.say(found.why)
    return found


def _told(opp: "Context", file: Opened, asked: str) -> Taken | Said:
    """The mapping of `--mapping`: a file, else a name. Refused for what is neither."""
    path = Path(asked)
    there = exists(asked)  # noqa: PTH110 - a name that is too long is no file
    if asked == STDIN or there or path.suffix == ".toml" or path.name != asked:
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
        there = _there(opp, door, file)
        if there is not None:
            return there
        by = ready.fitting(file.sample.header)
        draft = drafted(opp, door, file, by=by.name if by else "")
    return _completed(opp, draft, file) if by else _asked(opp, draft, file)


def _of_kind(opp: "Context", file: Opened, kind: str) -> Taken:
    """The same of rows of a kind, of which no mapping is ready and none asked for here."""
    with opp.read() as door:
        there = _there(opp, door, file)
    if there is None or maps.load(there.text, there.name).kind != kind:
        help_ = command("help", "import")
        draft = command("import", file.place, "--kind", kind, "--draft") if kind in RECORDS else help_
        raise UsageError(say("say which column is what: --mapping FILE"), hint=draft)
    return there


def _there(opp: "Context", door: "ReadDoor", file: Opened) -> Taken | None:
    """The mapping of an own export, or one that is kept."""
    header = file.sample.header
    own = own_export(opp, door, header)
    if own is not None:
        return Taken(own, ready.OWN, say("{file} is an own export", file=file.name), file.format)
    kept = remembered(door, header)
    if kept is None:
        return None
    why = say("{file} is read by the mapping {name}, which is kept", file=file.name, name=kept.name)
    return Taken(kept.text, kept.name, why, file.format)


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
    text = _text_of(opp, draft, file.name)
    return say("nothing was imported") if text is None else Taken(text, say("the draft"))


def _text_of(opp: "Context", draft: Draft, file: str) -> str | None:
    """The text of the mapping to import by; None where it is left. Each `?` is asked first."""
    from oppcli.cli import ask, editor

    _show(draft.text(opp.spoken))
    for question in list(draft.questions()):
        if question.options:
            found = ask.choice(opp, question.about, question.options)
        else:
            found = ask.text(opp, question.about, needed=True)
        draft.answer(question.path, found)
    text = draft.text(opp.spoken)
    while True:
        options = (
            ask.Option(IMPORT, say("import {file} by it", file=file)),
            ask.Option(EDIT, say("change it first")),
            ask.Option(LEAVE, say("import nothing")),
        )
        match ask.choice(opp, say("And now?"), options, IMPORT):
            case "import":
                return text
            case "leave":
                return None
        kept = editor.Draft(opp, "mapping.toml")
        kept.edited(text)
        kept.tell()
        text = kept.text


def _show(text: str) -> None:
    from oppcli.render.screen import harmless

    print(harmless(text, newlines=True), file=sys.stderr)  # noqa: T201


def _hint(file: Opened) -> Said:
    sheet = ("--sheet", file.sheet) if file.sheet is not None else ()
    return say("{draft} > m.toml", draft=command("import", file.place, *sheet, "--draft"))
