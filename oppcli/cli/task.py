"""`opp task`: add list done edit decline waive cancel."""

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli import options
from oppcli.cli.batch import each, each_act
from oppcli.cli.context import Context
from oppcli.cli.output import argument, writes
from oppcli.errors import UsageError
from oppcli.model.command import BLANK, command
from oppcli.model.said import say

if TYPE_CHECKING:
    from oppcli.rules.dues import Due

app = typer.Typer(help="Promises: who has to do what by when.")

TaskRef = Annotated[str, argument("TASK", "T-7")]
TaskRefs = Annotated[list[str], argument("TASK...", "one or more tasks: T-7")]
To = Annotated[str | None, typer.Option("--to", metavar="LOGIN", help="who is to do it: a login, or role:NAME")]
When = Annotated[
    str | None, typer.Option("--due", metavar="DATE", help="by when: +3d, fri, 2026-12-04, tomorrow 14:00")
]
Repeat = Annotated[
    str | None,
    typer.Option("--repeat", metavar="R", help="daily weekly monthly quarterly yearly mon,thu, or FREQ=MONTHLY;…"),
]


@app.command()
@writes
def add(
    opp: Context,
    title: Annotated[str, argument("TITLE", "what is to be done")],
    for_: Annotated[str | None, typer.Option("--for", metavar="REF", help="on which deal or customer")] = None,
    to: To = None,
    due: When = None,
    repeat: Repeat = None,
) -> Outcome:
    """Promise something, or ask somebody for it.

    opp task add "send the contract" --for D-142 --due fri
    opp task add "weekly report" --repeat mon
    """
    from oppcli.actions import tasks
    from oppcli.actions.places import place
    from oppcli.actions.task_terms import Asked

    with opp.act("task add") as act:
        _ = act.policy  # its business days count in what is typed
        asked = Asked(title, to, by_when(opp, due), repeat)
        return tasks.add(act, asked, place(act, for_, ids_only=not opp.interactive) if for_ else None)


def by_when(opp: Context, text: str | None) -> "Due | None":
    """A day, or an instant where an hour was typed; None for nothing typed."""
    from oppcli.cli import dates_typed
    from oppcli.rules.dues import Due

    if text is None:
        return None
    if not text.strip():
        return Due()
    try:
        return Due(on=dates_typed.read(opp, text))
    except UsageError as no_day:
        try:
            return Due(at=dates_typed.instant(opp, text))
        except UsageError as no_time:
            # What is a day with an hour, but not one there is, is told by what is wrong with the hour.
            raise (no_day if no_time.message.endswith("is not a time") else no_time) from None


@app.command()
@writes
def done(
    opp: Context,
    task: TaskRef,
    text: Annotated[list[str] | None, argument("TEXT...", "what came of it, as opp note takes it")] = None,
) -> Outcome:
    """It is done; what comes again begins anew.

    opp done T-7
    opp done T-7 'call: they have signed'
    """
    from oppcli.actions import tasks
    from oppcli.actions.task_rights import named

    if not text:
        return each_act(opp, [task], "task", "task done", lambda act, one: tasks.done(act, named(act, one)))
    from oppcli.cli import dates_typed
    from oppcli.cli.note import words

    said, day = words(text), partial(dates_typed.read, opp)
    return each_act(opp, [task], "task", "task done", lambda act, one: tasks.done(act, named(act, one), said, day))


@app.command()
@writes
def edit(
    opp: Context,
    task: TaskRefs,
    title: Annotated[str | None, typer.Option("--title", metavar="TITLE", help="what is to be done")] = None,
    to: To = None,
    due: When = None,
    repeat: Repeat = None,
) -> Outcome:
    """Another title, date or person. What was promised first is kept.

    opp task edit T-7 --due +3d
    opp task edit T-7 --to zhou
    """
    from oppcli.actions import tasks
    from oppcli.actions.task_rights import named
    from oppcli.actions.task_terms import Asked

    if all(each is None for each in (title, to, due, repeat)):
        raise UsageError(say("nothing to change"), hint=command("task", "edit", task[0], "--due", BLANK))

    def one(text: str) -> Outcome:
        with opp.act("task edit") as act:
            _ = act.policy
            return tasks.edit(act, named(act, text), Asked(title, to, by_when(opp, due), repeat))

    return each(opp, task, "task", one)


@app.command()
@writes
def decline(opp: Context, task: TaskRefs, message: options.Message = None) -> Outcome:
    """Back to who gave it to you, with a reason.

    opp task decline T-7 -m "not my region"
    """
    from oppcli.actions import tasks
    from oppcli.actions.task_rights import named

    return each_act(
        opp, task, "task", "task decline", lambda act, one: tasks.decline(act, named(act, one), message or "")
    )


@app.command()
@writes
def waive(opp: Context, task: TaskRefs, message: options.Message = None) -> Outcome:
    """A manager's: not asked for any more; gates go on as if it were done.

    opp task waive T-7 -m "they know us"
    """
    from oppcli.actions import tasks
    from oppcli.actions.task_rights import named

    why = message or ""
    return each_act(opp, task, "task", "task waive", lambda act, one: tasks.waive(act, named(act, one), why))


@app.command()
@writes
def cancel(opp: Context, task: TaskRefs, message: options.Message = None) -> Outcome:
    """Given up; a next step that is cancelled leaves the deal without one.

    opp task cancel T-7
    """
    from oppcli.actions import tasks
    from oppcli.actions.task_rights import named

    return each_act(
        opp, task, "task", "task cancel", lambda act, one: tasks.cancel(act, named(act, one), message or "")
    )
