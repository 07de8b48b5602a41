"""A mapping drafted from the first rows of a file, with what is known of the database it is for."""

from typing import TYPE_CHECKING, Any

from oppcli.errors import UsageError
from oppcli.files import mapping as maps
from oppcli.files import ready
from oppcli.files.drafts.draft import Draft
from oppcli.files.opened import Opened
from oppcli.model.command import command
from oppcli.model.said import say
from oppcli.words.spelling import nearest

if TYPE_CHECKING:
    from oppcli.cli.context import Context
    from oppcli.store.doors import ReadDoor


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
    drafting = Drafting(sample, here, system=system, ready=places, by=fitting.name if fitting else "")
    return drafting.made(_file(file))


def records(opp: "Context", door: "ReadDoor", file: Opened, kind: str) -> Draft:
    """A mapping of customers, contacts, activities or tasks, drafted from the first rows."""
    from oppcli.actions.imports.named_people import everybody
    from oppcli.actions.imports.record_fields import known_fields
    from oppcli.files.drafts.drafting import system_of
    from oppcli.files.drafts.fitting import Here
    from oppcli.files.drafts.records import draft_of
    from oppcli.files.kinds import zone_of

    policy = opp.policy(door)
    here = Here(policy, known_fields(kind, policy), zone_of(maps.ImportMap(), policy), opp.now, everybody(door))
    return draft_of(file.sample, here, kind, system_of(file.name), _file(file))


def _file(file: Opened) -> dict[str, Any]:
    """What the mapping has to say of how the file is written."""
    told = {
        "header": file.format.header,
        "delimiter": file.format.delimiter,
        "sheet": file.format.sheet,
        "columns": file.format.columns,
    }
    return {name: value for name, value in told.items() if value}
