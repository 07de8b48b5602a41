"""The same verb on several things: one transaction and one result line each; exit 9 when only some succeed."""

from collections.abc import Callable, Iterable

from oppcli.actions.outcome import Outcome
from oppcli.cli.context import Context
from oppcli.errors import OppError, PartlyDone
from oppcli.model.said import say


def each(context: Context, refs: Iterable[str], verb: Callable[[str], Outcome]) -> Outcome:
    """The outcomes together. A single thing that is refused raises as it is."""
    wanted = list(dict.fromkeys(refs))
    if len(wanted) == 1:
        return verb(wanted[0])
    from oppcli.cli.failure import lines

    outcomes: list[Outcome] = []
    failed: list[OppError] = []
    for one in wanted:
        try:
            outcomes.append(verb(one))
        except OppError as error:
            failed.append(error)
            text = lines(error, context.voice)
            outcomes.append(Outcome(done=(say("{one}: {text}", one=one, text=text[0]),), details=tuple(text[1:])))
    code = 0
    if failed:
        code = PartlyDone.code if len(failed) < len(wanted) else failed[0].code
    done = tuple(line for outcome in outcomes for line in (*outcome.done, *outcome.details))
    ids = tuple(key for outcome in outcomes for key in outcome.ids)
    context.say(say("{n} of {all} done", n=len(wanted) - len(failed), all=len(wanted)))
    return Outcome(done=done, ids=ids, code=code)
