"""`opp note --lines F`: many notes, a line and a transaction each; what could not be noted goes to stderr as it was."""

import re
import sys
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING

from oppcli.actions.outcome import Outcome, Result
from oppcli.cli.batch import bytes_of, one_of, refused, standard_bytes
from oppcli.cli.context import Context
from oppcli.errors import NotFound, OppError, PartlyDone, UsageError
from oppcli.model.follow import LINES
from oppcli.model.refs import meant
from oppcli.model.said import of_system, say
from oppcli.render.screen import harmless
from oppcli.tuples import NamedTuple

if TYPE_CHECKING:
    from oppcli.actions.act import Act
    from oppcli.actions.places import Place

DATE = len("20261127")


class Line(NamedTuple):
    """One line, cut into its parts."""

    number: int
    whole: str
    """As it stands in the file."""
    when: str = ""
    ref: str = ""
    text: str = ""


def note_lines(opp: Context, name: str) -> Outcome:
    """Each line noted, or told why not; exit 9 where one was not. Blank lines and those that begin with # are nothing,
    and a dated line that was noted before is passed over."""
    found = [line for line in _cut(_read(name)) if line.whole.strip() and not line.whole.lstrip().startswith("#")]
    several = [_one(opp, line) for line in found]
    failed = [(line, each) for line, each in zip(found, several, strict=True) if each.error]
    for line, _ in failed:
        # As it was, so that it can be mended and read again; on a terminal nothing that steers it.
        print(harmless(line.whole) if sys.stderr.isatty() else line.whole, file=sys.stderr)  # noqa: T201
    told = [each.outcome for each in several if each.outcome]
    done = tuple(text for outcome in told for text in (*outcome.done, *outcome.details))
    ids = tuple(key for outcome in told for key in outcome.ids)
    return Outcome(
        done=done or (say("nothing to do"),), ids=ids, code=PartlyDone.code if failed else 0, several=tuple(several)
    )


def _one(opp: Context, line: Line) -> Result:
    opp.entries, opp.written, opp.notes = [], [], []
    name = say("line {n}", n=line.number)
    try:
        outcome = one_of(opp, lambda _: _noted(opp, line), name)
    except OppError as error:
        first, *rest = refused(opp, name, error)
        return Result(name, Outcome(done=(first,), details=tuple(rest)), error)
    return Result(name, outcome, None, tuple(opp.entries), tuple(opp.written), tuple(opp.notes))


def _noted(opp: Context, line: Line) -> Outcome:
    from oppcli.actions.notes import Noted, bare, note
    from oppcli.actions.places import place
    from oppcli.cli import dates_typed

    if not line.text:
        raise UsageError(say("there is nothing to note"), hint=say("a line is {form}", form="[DATE[ TIME]] REF TEXT"))
    with opp.act("note") as act:
        _, day = act.policy, partial(dates_typed.read, opp)
        at = dates_typed.instant(opp, line.when, past=True) if line.when else None
        where = place(act, line.ref, ids_only=True)
        typed = Noted(text=line.text, at=at, channel=LINES)
        if at is not None and _known(act, where, at, bare(act, line.text, day)):
            return Outcome(done=(say("line {n} is noted already", n=line.number),))
        outcome = note(act, where, typed, day, alone=False)
        told = tuple(act.warnings)
        act.warnings.clear()
    return outcome._replace(details=(*outcome.details, *told))


def _known(act: "Act", where: "Place", at: int, text: str) -> bool:
    from oppcli.store.followed import noted_so

    return noted_so(act.door, *where.thing, act.by, at, text)


def _read(name: str) -> str:
    """The text of a file in whatever encoding, or of standard input. Refused where it cannot be read, and for
    what is no text."""
    from oppcli.files import encodings

    try:
        raw = standard_bytes() if name == "-" else bytes_of(name)
    except OSError as error:
        raise NotFound(say("{file}: {reason}", file=name, reason=of_system(error))) from None
    try:
        encoding = encodings.detect(BytesIO(raw))
    except encodings.Unknown as unknown:
        from oppcli.files.sheets.opening import Unreadable

        said = say("{name}:{line}: {what}", name=name, line=unknown.fault.line, what=unknown.fault.what)
        raise Unreadable(said, hint=say("save it again as plain text in UTF-8")) from None
    return raw.decode(encoding).removeprefix("\ufeff")


def _cut(text: str) -> list[Line]:
    """Lines end where an editor ends them: other signs that part lines are in a text that was pasted."""
    return [_parts(number, line) for number, line in enumerate(re.split("\r\n|\r|\n", text), 1)]


def _parts(number: int, whole: str) -> Line:
    """The line with its date, time and reference apart, where it begins with them."""
    words = whole.split(None, 3)
    dated = bool(words) and not _is_ref(words[0])
    timed = dated and len(words) > 1 and ":" in words[1] and words[1][:1].isdigit()
    before = (1 if dated else 0) + (1 if timed else 0)
    parts = whole.strip().split(None, before + 1)
    ref, text = [*parts[before : before + 2], "", ""][:2]
    return Line(number, whole, " ".join(parts[:before]), ref, text.strip())


def _is_ref(word: str) -> bool:
    return meant(word) is not None or (word.isdecimal() and len(word) < DATE)
