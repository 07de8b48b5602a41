"""The policy of the team: checked, stored as a version, its stages brought into the pipeline."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from oppcli.actions import weakening
from oppcli.actions.act import Act
from oppcli.actions.derived import derive
from oppcli.actions.outcome import Outcome
from oppcli.errors import Reason, Refused
from oppcli.model.command import command
from oppcli.model.deals import LIVE_KINDS, Stage
from oppcli.model.journal import PIN, ROLE
from oppcli.model.noun import replace
from oppcli.model.people import User
from oppcli.model.policy import Policy, StageRule
from oppcli.model.refs import ref
from oppcli.model.said import Said, Word, listed, say
from oppcli.model.versions import PolicyVersion
from oppcli.policy import keeping, load, read
from oppcli.policy.known import Known
from oppcli.policy.problems import Problem
from oppcli.rules.faults import kind_words
from oppcli.rules.fields import own_fields, own_personal, word
from oppcli.rules.scopes import kept
from oppcli.store import queries
from oppcli.store.doors import ReadDoor, WriteDoor
from oppcli.tuples import NamedTuple
from oppcli.words.spelling import did_you_mean

SHOWN = 20
NO_RENAMES: Mapping[str, str] = {}


class Applied(NamedTuple):
    """What applying a text did."""

    policy: Policy
    number: int
    warnings: tuple[Problem, ...] = ()
    stages: tuple[str, ...] = ()
    """What became of the stages and of open requests, a sentence each."""
    older: Mapping[int, tuple[int, ...]] = {}
    """Version → live requests that keep its rules, because they were submitted under it; the newest first."""
    already: bool = False
    """The same text was applied already: nothing was done."""
    undo: str | None = None
    """The command that brings the policy before it back."""

    @property
    def outcome(self) -> Outcome:
        """What the person is told."""
        name = say(
            "policy {name}, version {number} ({hash})",
            name=self.policy.name,
            number=self.number,
            hash=self.policy.hash[:12],
        )
        if self.already:
            done = say("{name}: applied already, nothing to do", name=name)
            return Outcome(done=self.stages or (done,), ids=(str(self.number),))
        return Outcome(
            done=(say("{name} applied", name=name),),
            ids=(str(self.number),),
            details=self.stages + self._kept(),
            next=(command("policy", "explain"),),
            undo=self.undo,
        )

    def _kept(self) -> tuple[str, ...]:
        """`3 requests run on under version 2: R-1, R-4, R-9`."""
        return tuple(_running(version, numbers) for version, numbers in self.older.items())


def _running(version: int, numbers: Sequence[int]) -> str:
    shown = listed(ref("request", number) for number in numbers[:SHOWN])
    rest = say(" and {numbers} more", numbers=len(numbers) - SHOWN) if len(numbers) > SHOWN else ""
    count = say("{numbers:,} {numbers:request runs|requests run}", numbers=len(numbers))
    return say(
        "{count} on under version {version}: {shown}{rest}", count=count, version=version, shown=shown, rest=rest
    )


def apply(
    act: Act,
    text: str,
    *,
    source: str = "policy.toml",
    renames: Mapping[str, str] = NO_RENAMES,
    values: Sequence[str] = (),
    weaken: bool = False,
    note: str | None = None,
) -> Applied:
    """Check a text against this database, store it as the next version, and make its stages the pipeline.

    `renames` are stages with a new name, old → new: their deals stay in them; `values` are those of values of fields,
    as typed (`actions.value_renames`); `weaken`: to drop what is required, for the reason `note`. Refused for anybody
    but an admin, with `PolicyError` for a text with errors, and where live deals would be left in a stage that is gone.
    The same text again does nothing; an older text again gets a new number. Running requests keep their own rules."""
    door = act.door
    act.require("policy apply", say("apply a policy"))
    # What `policy show` prints must be the text that was applied, byte for byte, wherever an editor put the last line.
    text = text.removeprefix("\ufeff").rstrip("\n") + "\n"
    stages = door.find(Stage)
    _check_renames(renames, stages)
    known = _known(door, stages, renames)
    policy, warnings = load(text, source=source, known=known, today=_today(door))
    newest = _newest(door)
    renamed, back = _renamed(act, policy, values)
    if newest and newest.hash == policy.hash and not renames:
        if queries.derived(door, queries.POLICY_KEPT) != keeping.kept(policy):
            derive(door, policy)  # a database of before, or one in which somebody changed what was kept
        return Applied(policy, newest.number, warnings, renamed, already=True)
    old = read(newest.text) if newest else None
    pins, weakened = _pins(act, policy, first=not newest), weakening.require(act, old, policy, weaken=weaken, note=note)
    told = (*pins, *weakened)
    number = newest.number + 1 if newest else 1
    undo = _undo(newest.number, renames, back) if newest else None
    _store(door, policy, number, source, note if weakened else None)
    derive(door, policy, personal=bool(newest and own_personal(read(newest.text))))
    from oppcli.actions.requests import policy_applied

    told += _bring_in(door, policy, stages, renames)
    told += policy_applied(act.anew(policy), old)
    told += _other_kinds(door, old, policy) + renamed
    older = queries.requests_by_older_rules(door, policy.hash)
    return Applied(policy, number, warnings, told, older, undo=undo)


def _renamed(act: Act, policy: Policy, values: Sequence[str]) -> tuple[tuple[str, ...], Sequence[str]]:
    """What became of values with a new name, and the words that take that back. Refused (2) for what is none."""
    if not values:
        return (), ()
    from oppcli.actions.value_renames import rename

    return rename(act, policy, values)


def _pins(act: Act, policy: Policy, *, first: bool) -> tuple[str, ...]:
    """Who has no PIN yet where the policy asks for one. Refused while who applies it has none, or nobody could apply
    another: also the `first`, for in a database that is being made nobody can have one."""
    if policy.proof != PIN:
        return ()
    from oppcli.actions.pins import without_pin

    lacking = without_pin(act.people)
    if act.by in lacking and act.door.stamp.by != ROLE:
        lines = {login: command("user", "pin", login, "--code") for login in lacking}
        pin, again = command("user", "pin"), command("policy", "apply", "FILE")
        raise Refused(
            say("the policy asks for PINs, and {login} has none", login=act.by),
            hint=say("make it without [identity], and then: {pin}; {again}", pin=pin, again=again) if first else None,
            reasons=()
            if first
            else tuple(Reason(login, say("has no PIN"), lines[login] if login != act.by else pin) for login in lacking),
        )
    if not lacking:
        return ()
    names, line = listed(lacking), command("user", "pin", "--code")
    return (say("without a PIN yet: {names} ({line})", names=names, line=line),)


def known(door: ReadDoor, renames: Mapping[str, str] = NO_RENAMES) -> Known:
    """What this database knows that a policy must agree with: people, roles, stages with deals in them."""
    return _known(door, door.find(Stage), renames)


def _known(door: ReadDoor, stages: list[Stage], renames: Mapping[str, str]) -> Known:
    users = door.find(User)
    held = {role: frozenset(u.login for u in users if u.active and role in u.roles) for u in users for role in u.roles}
    counts, ends = queries.deals_per_stage(door), queries.deals_per_end(door)
    filled = [stage for stage in stages if stage.id in counts or stage.id in ends]
    used = [(renames.get(stage.name, stage.name), stage) for stage in filled]
    return Known(
        users=frozenset(user.login for user in users),
        held_roles=held,
        stages_in_use={name: counts[stage.id] for name, stage in used if stage.kind in LIVE_KINDS},
        closed_in={
            name: ends[stage.id]
            for name, stage in used
            # One that was dropped before is gone already.
            if stage.kind not in LIVE_KINDS and stage.position is not None and stage.id in ends
        },
        stage_kinds={name: stage.kind for name, stage in used},
        first=_newest(door) is None,
    )


def _newest(door: ReadDoor) -> PolicyVersion | None:
    newest = queries.newest_policy(door)
    return door.get(PolicyVersion, newest) if newest else None


def _undo(number: int, renames: Mapping[str, str], values: Sequence[str] = ()) -> str:
    back = [word for old, new in renames.items() for word in ("--rename", f"{new}={old}")] + [*values]
    return say(
        "{show} | {apply}", show=command("policy", "show", str(number)), apply=command("policy", "apply", "-", *back)
    )


def _today(door: WriteDoor) -> date:
    return datetime.fromtimestamp(door.at / 1000, UTC).date()


def _check_renames(renames: Mapping[str, str], stages: list[Stage]) -> None:
    names = [stage.name for stage in stages]
    wrong = [
        Reason(
            f"--rename {old}={new}",
            say("there is no stage '{old}'{did_you_mean}", old=old, did_you_mean=did_you_mean(old, names)),
        )
        for old, new in renames.items()
        if old not in names
    ]
    wrong += [
        Reason(f"--rename {old}={new}", say("there is a stage '{new}' already", new=new))
        for old, new in renames.items()
        if new in names or list(renames.values()).count(new) > 1
    ]
    if wrong:
        raise Refused(say("the stages cannot be renamed so"), reasons=tuple(wrong))


def _store(door: WriteDoor, policy: Policy, number: int, source: str, weakened: str | None = None) -> None:
    """The text as the newest version; a text that ran before keeps its row, which requests point to."""
    version = PolicyVersion(
        hash=policy.hash,
        text=policy.text,
        name=policy.name,
        number=number,
        applied_at=door.at,
        applied_by=door.stamp.actor,
        scope=kept(policy),
    )
    meta = {"source": source, **({"reason": weakened, "weakened": True} if weakened else {})}
    before = door.find(PolicyVersion, hash=policy.hash)
    if before:
        door.save(before[0], version, action="apply", meta=meta)
    else:
        door.add(version, action="apply", meta=meta)


def _bring_in(door: WriteDoor, policy: Policy, stages: list[Stage], renames: Mapping[str, str]) -> tuple[str, ...]:
    """Make the stored stages those of the policy: new ones are added, others updated, dropped ones lose their place."""
    stored = {renames.get(stage.name, stage.name): stage for stage in stages}
    told = []
    for position, rule in enumerate(policy.stages):
        before = stored.pop(rule.name, None)
        if before is None:
            door.add(_as_stored(rule, Stage(name=rule.name), position))
            told.append(say("stage {name} added", name=rule.name) if stages else "")
        else:
            after = _as_stored(rule, before, position)
            door.save(before, after)
            told.append(_difference(before, after))
    for name, before in stored.items():
        door.save(before, replace(before, name=name, position=None))
        told.append(say("stage {name} dropped", name=name) if before.position is not None else "")
    return tuple(line for line in told if line)


def _other_kinds(door: ReadDoor, old: Policy | None, new: Policy) -> tuple[Said, ...]:
    """A line for each field that held another kind of value under the old policy and that deals have a value of."""
    before = {name: kind for name, kind, _ in own_fields(old)} if old is not None else {}
    changed = [(name, kind) for name, kind, _ in own_fields(new) if before.get(name, kind) != kind]
    if not changed:
        return ()
    extras = [json.loads(text) for text in queries.kept_beside(door)]
    counted = [(name, kind, sum(extra.get(name) is not None for extra in extras)) for name, kind in changed]
    return tuple(
        say(
            "note: field {field} was {was} and is {now} now; {n:,} {n:deal holds a value|deals hold values}",
            field=word(name, new),
            was=kind_words(before[name]),
            now=kind_words(kind),
            n=number,
        )
        for name, kind, number in counted
        if number
    )


def _as_stored(rule: StageRule, stage: Stage, position: int) -> Stage:
    return replace(
        stage,
        name=rule.name,
        kind=rule.kind,
        position=position,
        probability=rule.probability,
        target_ms=rule.target_ms,
        rotting_ms=rule.rotting_ms,
        pipeline=rule.pipeline,
        category=rule.category,
    )


def _difference(before: Stage, after: Stage) -> str:
    if before.name != after.name:
        return say("stage {name} is now called {after_name}", name=before.name, after_name=after.name)
    if before.position is None:
        return say("stage {name} is back", name=after.name)
    if before.kind != after.kind:
        return say("stage {name} is now of kind {kind}", name=after.name, kind=Word("kind", after.kind))
    return ""
