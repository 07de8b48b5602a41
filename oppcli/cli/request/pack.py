"""All that somebody is shown of a request: as data, and section by section as people read it."""

from typing import TYPE_CHECKING

from oppcli.actions.requests.verbs import headline, read
from oppcli.cli.request.evidence import evidence
from oppcli.cli.request.sections import Section, sections
from oppcli.model.requests import CANCELLED, INVALIDATED, RECALLED, Request
from oppcli.reads.given import UNKNOWN, ended_by, given
from oppcli.reads.request import one
from oppcli.reads.table import Table
from oppcli.rules.approvals.offered import offered
from oppcli.rules.approvals.seating import settle
from oppcli.rules.bases import vouched
from oppcli.tuples import NamedTuple

if TYPE_CHECKING:
    from oppcli.actions.act import Look


class Pack(NamedTuple):
    """A request as its reader is shown it."""

    request: Request
    """With its people of now."""
    headline: str
    sections: tuple[Section, ...]
    table: Table
    """One row: all of it as data."""


def pack(look: "Look", real: "Look", text: str, *, brief: bool = False) -> Pack:
    """What `look.by` is shown of a request; `real` sees everything, to reckon with (`look` itself where nothing is
    hidden). `brief`: nothing is looked up beside the request. Refused where there is none."""
    found, world = read(look, text)
    if real is not look:  # who is asked sees what was shown, and what it is now
        whole, truly = read(real, text)
        found, world = (whole, truly) if whole.revisions == found.revisions else (found, world)
    live = settle(found, world).request
    over = live.state in (RECALLED, CANCELLED, INVALIDATED)
    who, how = ended_by(look.door, live) if over else (None, UNKNOWN)
    known = given(look.door, live)
    beside = evidence(look, real, live, world, brief=brief)
    may = offered(live, world, look.by)
    told = sections(live, world, who and vouched(who, *how), given=known, may=may, beside=beside)
    table = one(live, world, ended_by=who, given=known, beside=beside.data)
    return Pack(live, headline(live, world), told, table)
