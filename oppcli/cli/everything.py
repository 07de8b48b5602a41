"""`opp import team.jsonl`: what `opp export all` wrote, taken in as a whole."""

from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from oppcli.actions.outcome import Outcome
from oppcli.cli.context import Context
from oppcli.errors import UsageError
from oppcli.model.said import listed, say


def imported(
    opp: Context, stream: BinaryIO, name: str, *, given: Mapping[str, object], rejects: Path | None, strict: bool
) -> Outcome:
    """Take it in. Refused with what only files of rows have (`given`: flags by what was typed)."""
    from oppcli.actions.imports.came import told
    from oppcli.actions.imports.everything import everything
    from oppcli.cli.progress import Meter
    from oppcli.files.exported import Exported
    from oppcli.render.screen import harmless

    typed = [flag for flag, value in given.items() if value]
    if typed:
        raise UsageError(say("{name} is everything of a database: {flags} is for rows", name=name, flags=listed(typed)))
    size = stream.seek(0, 2)
    stream.seek(0)
    file = Exported(stream, name)
    meter = Meter(opp, say("rows"), lambda: stream.tell() / size if size else 0.0)
    try:
        with opp.act("import", channel="import") as act:
            came = everything(act, file, rejects=rejects, strict=strict, progress=meter)
    finally:
        meter.close()
    for line in came.out.lines() if came.out else ():
        opp.say(harmless(line))
    return told(came, name, dry_run=opp.dry_run)
