"""What whoever agrees has to bring, where a step wants something with every yes."""

from collections.abc import Mapping

from oppcli.errors import Reason, Refused, UsageError
from oppcli.model.command import BLANK, command
from oppcli.model.policy import CLAUSES, COMMENT
from oppcli.model.requests import APPROVE, FILE, Request, Step
from oppcli.model.said import say
from oppcli.rules import conditions, pipeline
from oppcli.rules.approvals.eligible import brings, called
from oppcli.rules.approvals.world import World


def require_brought(request: Request, world: World, step: Step, reason: str | None, files: Mapping[str, str]) -> None:
    """Refuse an approval without what its step wants with one: a word, a file, a field that is filled."""
    wanted = brings(request, world, step)
    silent = COMMENT in wanted and not (reason or "").strip()
    word = command("request", APPROVE, called(request), "-m", BLANK)
    found = [Reason(COMMENT, say("a word with every approval"), word, "missing")] if silent else []
    for name in wanted:
        kind = name.removeprefix(FILE)
        if name.startswith(FILE) and kind not in files and not world.files.get(kind):
            line = command("request", APPROVE, called(request), "--file", "FILE", "--kind", kind, ready=False)
            found.append(Reason(name, "", line, "missing"))
        elif name == CLAUSES:
            found += world.offered().unmet.get(CLAUSES, ())
        elif name != COMMENT and not name.startswith(FILE) and _empty(name, request, world):
            found.append(Reason(name, "", pipeline.mend(world.deal, name, world.policy), "missing"))
    if silent and len(found) == 1:
        raise UsageError(say("{step} wants a word with every approval", step=step.name), hint=word, slug="missing")
    if found:
        told = say("{step} wants more with every approval", step=step.name)
        raise Refused(told, reasons=tuple(found), slug="missing")


def _empty(name: str, request: Request, world: World) -> bool:
    return conditions.empty(world.raw_facts(world.rules(request)).get(name))
