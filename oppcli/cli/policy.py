"""`opp policy`: check apply edit show explain history simulate diff templates."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli import options
from oppcli.cli.context import Context
from oppcli.cli.output import argument, writes
from oppcli.errors import NoDatabase, Reason, StoreError, UsageError
from oppcli.model.command import command
from oppcli.model.records import COUNTED
from oppcli.model.said import listed, say
from oppcli.reads.table import Table
from oppcli.render.screen import harmless

if TYPE_CHECKING:
    from oppcli.model.policy import Policy
    from oppcli.policy.known import Known, Loaded
    from oppcli.policy.problems import Problem
    from oppcli.store.doors import ReadDoor

app = typer.Typer(help="The team's rules: stages, gates, approvals, calendars, in one TOML file.")

File = Annotated[Path | None, argument("FILE", "a policy in TOML; - for stdin")]

Renames = Annotated[
    list[str] | None, typer.Option("--rename", metavar="OLD=NEW", help="a stage has a new name; its deals stay")
]


def check(opp: Context, file: str) -> Table:
    """What was found in a policy file. Raises `BrokenPolicy`."""
    from oppcli.policy.problems import BrokenPolicy
    from oppcli.reads import policies

    try:
        loaded = _load(opp, Path(file), _known(opp))
    except BrokenPolicy as broken:
        _warn(opp, broken.problems)
        raise
    _warn(opp, loaded.warnings)
    _warn_of_hooks(opp, loaded.policy)
    return policies.checked(str(file), loaded)


@app.command()
@writes
def apply(
    opp: Context,
    file: File = None,
    template: Annotated[str | None, typer.Option("--template", metavar="NAME", help="one of the program's own")] = None,
    rename: Renames = None,
    rename_value: Annotated[
        list[str] | None,
        typer.Option("--rename-value", metavar="FIELD:OLD=NEW", help="a value has a new name wherever a record has it"),
    ] = None,
    weaken: Annotated[bool, typer.Option("--weaken", help="drop what a type requires; the role is told")] = False,
    message: options.Message = None,
) -> Outcome:
    """Check a policy file and make it the one that runs. Requests under way keep the rules they were submitted under.

    opp policy apply team.toml
    opp policy apply team.toml --rename Solution=Design
    opp policy apply team.toml --rename-value source:expo=fair
    opp policy apply --template b2b
    """
    from oppcli.actions import policies
    from oppcli.actions.setup import policy_text

    if (file is None) == (template is None):
        raise _which_policy(file)
    text, source = policy_text(template, None, opp.voice.lang) if file is None else _text(file)
    with opp.act("policy apply") as act:
        applied = policies.apply(
            act,
            text,
            source=source,
            renames=_pairs(rename or []),
            values=rename_value or (),
            weaken=weaken,
            note=message,
        )
    _warn(opp, applied.warnings)
    _warn_of_hooks(opp, applied.policy)
    return applied.outcome


def _which_policy(file: Path | None) -> UsageError:
    """The refusal of neither or both."""
    from oppcli.policy import TEMPLATES

    if file is not None:
        return UsageError(say("a file or a template, not both"))
    reasons = (
        Reason("FILE", say("a policy in TOML; - for stdin"), command("policy", "apply", "FILE", ready=False)),
        Reason("--template", listed(TEMPLATES), command("policy", "apply", "--template", TEMPLATES[0])),
    )
    return UsageError(say("say which policy"), reasons=reasons, hint=command("policy", "templates"))


@app.command()
@writes
def edit(opp: Context, rename: Renames = None) -> Outcome:
    """The applied policy in your editor: checked, compared with the one that runs, applied when you say so.

    opp policy edit
    opp policy edit --rename Solution=Design
    """
    from oppcli.cli import policy_edit

    return policy_edit.edit(opp, _pairs(rename or []))


def templates(opp: Context, name: str | None) -> Table:
    """The policies to start with, or the text of one."""
    from oppcli.actions.setup import policy_text
    from oppcli.reads import policies

    if name is None:
        return policies.offered()
    text, source = policy_text(name, None, opp.voice.lang)
    return policies.template(name, source, text)


def explain(opp: Context, file: str | None, type: str | None) -> Table:
    """The sentences of a policy file, or of the applied policy, in the language of who reads them; programs read
    English."""
    from oppcli.policy.explain import explain as explained
    from oppcli.reads import policies

    if file is not None:
        policy = _load(opp, Path(file), None).policy
    else:
        with opp.read() as door:
            policy = opp.policy(door)
    return policies.explained(explained(policy, type))


def simulate(
    opp: Context,
    file: str | None,
    type: str | None,
    facts: list[str] | None,
    amount: str | None,
    discount: str | None,
    deal: str | None,
    submitter: str | None,
    attached: list[str] | None,
) -> Table:
    """Whom the applied policy, or the one in a file, would ask for these facts."""
    from oppcli.actions import simulations, values
    from oppcli.reads import simulation

    given = [f"{name}={text}" for name, text in (("amount", amount), ("discount", discount)) if text is not None]
    wish = simulations.Wish(values.split([*given, *(facts or [])]), deal, submitter, tuple(attached or ()), type)
    policy = _load(opp, Path(file), None).policy if file is not None else None
    with opp.read() as door:
        found = simulations.simulated(opp.look(door, policy), wish, opp.reading)
    said = say("{policy}, submitted by {submitter}:", policy=found.policy.name, submitter=found.submitter)
    return simulation.table(found.found, said, found.policy)


def diff(opp: Context, old: str, new: str | None, rename: list[str] | None, rules: bool) -> Table:
    """What differs between two policies, the older one first; one alone is the newer, and the applied one the older.
    Without a database only files can be compared."""
    from oppcli.reads import policy_diff
    from oppcli.reads.policy_effects import Compared, compared

    renames = _pairs(rename or [])
    before, after = (None, old) if new is None else (old, new)
    try:
        with opp.read(COUNTED) as door:
            (newer, name), (older, former) = named(opp, after, door), named(opp, before, door)
            found = compared(door, older, newer, opp.now, renames=renames)
    except NoDatabase:
        if before is None:
            raise
        from oppcli.policy.comparing import changes

        (newer, name), (older, former) = named(opp, after, None), named(opp, before, None)
        found = Compared(changes(older, newer, renames))
    table = policy_diff.rules if rules else policy_diff.deals
    return table(found, say("{former} → {name}", former=former, name=name))


def named(opp: Context, word: str | None, door: "ReadDoor | None") -> "tuple[Policy, str]":
    """A policy and what to call it: a file, a version by its number or the start of its hash, or the applied one."""
    from oppcli.policy import read
    from oppcli.reads.policies import applied

    version = word is None or (re.fullmatch("[0-9]{1,9}|[0-9a-f]{8,64}", word) and not Path(word).exists())
    if door is None or not version:
        return _load(opp, Path(word or ""), None).policy, "stdin" if word == "-" else str(word)
    row = applied(door, word)
    return read(row[5]), say("version {row}", row=row[0])


def _load(opp: Context, file: Path, known: "Known | None") -> "Loaded":
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from oppcli.policy import load

    text, source = _text(file)
    today = datetime.fromtimestamp(opp.now / 1000, ZoneInfo(opp.tz)).date()
    return load(text, source=source, known=known, today=today)


def _known(opp: Context) -> "Known | None":
    """What the database knows; None where there is none to ask."""
    from oppcli.actions import policies

    try:
        with opp.read() as door:
            return policies.known(door)
    except NoDatabase:
        return None
    except StoreError as error:
        opp.say(say("people and deals are not checked: {message}", message=error.message))
        return None


def _warn(opp: Context, problems: "tuple[Problem, ...]") -> None:
    for problem in problems:
        if problem.warning:
            opp.say(say("warning: {problem}", problem=harmless(str(problem))))


def _warn_of_hooks(opp: Context, policy: "Policy | None") -> None:
    """Say which hooks have no command here: who commits here what they are asked of is refused, or goes on unasked."""
    if policy is None or not policy.hooks:
        return
    from oppcli.cli.hooked import lacks, setting, without_command

    for name in without_command(hook.name for hook in policy.hooks):
        what = say("P062: {what} ({fix})", what=lacks(name), fix=setting(name))
        opp.say(say("warning: {problem}", problem=what))


def _text(file: Path) -> tuple[str, str]:
    """The text of a policy file, and what to call it."""
    from oppcli.toml.reading import called, typed

    return typed(file), called(file)


def _pairs(given: list[str]) -> dict[str, str]:
    """`OLD=NEW` options as a mapping."""
    found = {}
    for pair in given:
        old, equals, new = (part.strip() for part in pair.partition("="))
        if not (old and equals and new):
            raise UsageError(say("--rename {pair}: write OLD=NEW", pair=pair))
        found[old] = new
    return found
