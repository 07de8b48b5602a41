"""Stages: names, kinds, their order, what they ask for; and no live deal left behind in a stage that is gone."""

from collections.abc import Mapping, Sequence

from oppcli.model.command import command
from oppcli.model.deals import KINDS, LEAD, LIVE_KINDS, LOST, OPEN, WON
from oppcli.model.said import say
from oppcli.policy.known import Known
from oppcli.policy.notation import many
from oppcli.policy.review import Review, Table
from oppcli.words.spelling import did_you_mean, nearest_word


def check(review: Review) -> None:
    review.names_once(("stage",), review.doc["stage"], say("the stage '{name}' is listed twice"), "P004")
    for number, stage in enumerate(review.doc["stage"]):
        _stage(review, number, stage)
    _pipeline(review)
    _ways(review)
    _left_behind(review)
    _changed_kind(review)
    _lost(review)


def _stage(review: Review, number: int, stage: Table) -> None:
    path = ("stage", number)
    name = stage.get("name", "")
    if name != name.strip() or not name.isprintable():
        said = say("name {name!r}: without spaces around it and without control characters", name=name)
        review.add("P037", (*path, "name"), said)


def _lines(review: Review) -> dict[str | None, list[tuple[int, Table]]]:
    """Pipeline → (place, stage) of its stages, in order."""
    found: dict[str | None, list[tuple[int, Table]]] = {}
    for number, stage in enumerate(review.doc["stage"]):
        found.setdefault(stage.get("pipeline"), []).append((number, stage))
    return found


def _pipeline(review: Review) -> None:
    """Of each pipeline lead …, open …, then won and lost: moves, gates and the funnel rely on that order. Stages that
    name none are the first."""
    lines = _lines(review)
    if not lines:
        review.add("P003", ("stage",), say("missing: a pipeline needs stages"))
        return
    if None in lines and next(iter(lines)) is not None:
        said = say("pipeline: missing; only the first pipeline may have no name, and it stands first")
        review.add("P067", ("stage", lines[None][0][0]), said)
    for name, line in lines.items():
        _whole(review, name, [stage.get("kind", OPEN) for _, stage in line], several=len(lines) > 1)
        _ordered(review, line)


def _whole(review: Review, name: str | None, kinds: Sequence[str], *, several: bool) -> None:
    """Somewhere to begin, to win and to lose."""
    code, which = (
        ("P067", say("the pipeline {name}: ", name=name or say("without a name"))) if several else ("P038", "")
    )
    if not any(kind in LIVE_KINDS for kind in kinds):
        said = say("no stage of kind lead or open: a deal would begin closed")
        review.add(code, ("stage",), say("{which}{said}", which=which, said=said) if which else said)
    for kind in (WON, LOST):
        if kind not in kinds:
            said = say("no stage of kind {kind}", kind=kind)
            review.add(code, ("stage",), say("{which}{said}", which=which, said=said) if which else said)


def _ordered(review: Review, line: Sequence[tuple[int, Table]]) -> None:
    rank = {LEAD: 0, OPEN: 1, WON: 2, LOST: 2}
    highest = 0
    for number, stage in line:
        kind = stage.get("kind", OPEN)
        if rank.get(kind, highest) < highest:
            before = {0: say("open, won or lost"), 1: say("won or lost")}[rank[kind]]
            said = say("a stage of kind {kind} cannot come after one of kind {before}", kind=kind, before=before)
            review.add("P038", ("stage", number), said)
        highest = max(highest, rank.get(kind, 0))


def _ways(review: Review) -> None:
    """Every stage can be reached from the first of its pipeline, and from each a deal can be won. A lost one is always
    at hand. A stage that no way leads to may stay for the deals in it; no `next` leads into another pipeline."""
    for line in _lines(review).values():
        _ways_along(review, line)


def _ways_along(review: Review, line: Sequence[tuple[int, Table]]) -> None:
    kinds = {stage["name"]: stage.get("kind", OPEN) for _, stage in line if "name" in stage}
    everywhere = {stage.get("name") for stage in review.doc["stage"]}
    stages = [stage for _, stage in line]
    moves = {
        stage["name"]: [name for name in many(stage.get("next", [*kinds])) if kinds.get(name) in (*LIVE_KINDS, WON)]
        for stage in stages
        if kinds.get(stage.get("name")) in LIVE_KINDS
    }
    told = {name for stage in stages for name in many(stage.get("next", []))}
    for number, stage in line:
        for name in many(stage.get("next", [])):
            if name in everywhere and name not in kinds:
                said = say("next: '{name}' is of another pipeline", name=name)
                review.add("P067", ("stage", number, "next"), said, near=name)
    if not moves or WON not in kinds.values() or told - {*kinds}:
        return
    moves |= _after_winning(stages, kinds)
    reached = _reached(moves, next(iter(moves)))
    in_use = review.known.stages_in_use if review.known else {}
    for number, stage in line:
        name = stage.get("name", "")
        if kinds.get(name) in (*LIVE_KINDS, WON) and name not in reached and not in_use.get(name):
            review.add("P036", ("stage", number), say("no next leads to it: no deal can ever come here"))
        elif kinds.get(name) in LIVE_KINDS and not any(kinds[place] == WON for place in _reached(moves, name)):
            review.add("P036", ("stage", number, "next"), say("next is a dead end: no deal can be won from here"))


def _after_winning(stages: Sequence[Table], kinds: Mapping[str, str]) -> dict[str, list[str]]:
    """Where a won deal goes on to: by `next`, else to any stage of kind won."""
    won = [name for name, kind in kinds.items() if kind == WON]
    named = {stage["name"]: stage.get("next", won) for stage in stages if stage.get("name") in won}
    return {name: [place for place in many(next_) if place in won] for name, next_ in named.items()}


def _reached(moves: Mapping[str, Sequence[str]], start: str) -> set[str]:
    """The stages that one can come to from one, itself included."""
    found, new = {start}, [start]
    while new:
        ahead = set(moves.get(new.pop(), ())) - found
        found |= ahead
        new += ahead
    return found


def _left_behind(review: Review) -> None:
    """No stage may go that deals are in: live ones would have no place, and of closed ones the reports know by their
    stage that they were won."""
    known = review.known or Known()
    live = {name: say("{n} live {n:deal is|deals are}", n=n) for name, n in known.stages_in_use.items() if n}
    closed = {name: say("{n} closed {n:deal is|deals are}", n=n) for name, n in known.closed_in.items() if n}
    for name, deals in (live | closed).items():
        if name not in review.stages:
            new = _new_name(review, name, known)
            rename = f"{name}={new or 'NEW'}"
            file = "-" if review.problems.source == "stdin" else review.problems.source
            fix = command("policy", "apply", file, "--rename", rename, ready=new is not None)
            said = say("{deals} in '{stage}', which this policy no longer has", deals=deals, stage=name)
            review.add("P034", ("stage",), said, fix=fix)


def _new_name(review: Review, name: str, known: Known) -> str | None:
    """The stage that has probably taken its place: the nearest of the new ones that may, else the only one."""
    kind = known.stage_kinds.get(name, OPEN)
    alike = LIVE_KINDS if kind in LIVE_KINDS else (kind,)
    used = {*known.stage_kinds, *known.stages_in_use}
    new = [
        stage["name"]
        for stage in review.doc["stage"]
        if stage.get("name", name) not in used and stage.get("kind", OPEN) in alike
    ]
    return nearest_word(name, new) or (new[0] if len(new) == 1 else None)


def _changed_kind(review: Review) -> None:
    """A stage that holds deals cannot turn from live to closed or back: its deals would be closed without a date."""
    before = review.known.stage_kinds if review.known else {}
    for number, stage in enumerate(review.doc["stage"]):
        name, new = stage.get("name", ""), stage.get("kind", OPEN)
        old = before.get(name, new)
        if new in KINDS and new != old and not {new, old} <= set(LIVE_KINDS):
            message = say(
                "deals are in '{name}', which is of kind {old} and cannot become {new}", name=name, old=old, new=new
            )
            review.add("P034", ("stage", number, "kind"), message, fix=command("deal", "list", "--stage", name))


def _lost(review: Review) -> None:
    reasons = many(review.doc["lost"].get("reasons", []))
    for reason in many(review.doc["lost"].get("detail_required", [])):
        if reason not in reasons:
            near = did_you_mean(reason, reasons)
            said = say("detail_required: '{reason}' is not one of the reasons{near}", reason=reason, near=near)
            review.add("P037", ("lost", "detail_required"), said, near=reason)
    for reason in {reason for reason in reasons if reasons.count(reason) > 1}:
        review.add("P037", ("lost", "reasons"), say("reasons: '{reason}' is listed twice", reason=reason), near=reason)
