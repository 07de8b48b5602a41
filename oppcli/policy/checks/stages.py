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
    seen: set[str] = set()
    for number, stage in enumerate(review.doc["stage"]):
        name = stage.get("name")
        if name in seen:
            review.add("P004", ("stage", number, "name"), say("the stage '{name}' is listed twice", name=name))
        seen.add(name)
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


def _pipeline(review: Review) -> None:
    """lead …, open …, then won and lost: moves, gates and the funnel rely on that order."""
    kinds = [stage.get("kind", OPEN) for stage in review.doc["stage"]]
    if not kinds:
        review.add("P003", ("stage",), say("missing: a pipeline needs stages"))
        return
    if not any(kind in LIVE_KINDS for kind in kinds):
        review.add("P038", ("stage",), say("no stage of kind lead or open: a deal would begin closed"))
    for kind in (WON, LOST):
        if kind not in kinds:
            review.add("P038", ("stage",), say("no stage of kind {kind}", kind=kind))
    rank = {LEAD: 0, OPEN: 1, WON: 2, LOST: 2}
    highest = 0
    for number, kind in enumerate(kinds):
        if rank.get(kind, highest) < highest:
            before = {0: say("open, won or lost"), 1: say("won or lost")}[rank[kind]]
            said = say("a stage of kind {kind} cannot come after one of kind {before}", kind=kind, before=before)
            review.add("P038", ("stage", number), said)
        highest = max(highest, rank.get(kind, 0))


def _ways(review: Review) -> None:
    """Every stage can be reached from the first, and from each a deal can be won. A lost one is always at hand. A stage
    that no way leads to may stay for the deals in it."""
    kinds = {stage["name"]: stage.get("kind", OPEN) for stage in review.doc["stage"] if "name" in stage}
    moves = {
        stage["name"]: [name for name in many(stage.get("next", [*kinds])) if kinds.get(name) in (*LIVE_KINDS, WON)]
        for stage in review.doc["stage"]
        if kinds.get(stage.get("name")) in LIVE_KINDS
    }
    told = {name for stage in review.doc["stage"] for name in many(stage.get("next", []))}
    if not moves or WON not in kinds.values() or told - {*kinds}:
        return
    reached = _reached(moves, next(iter(moves)))
    in_use = review.known.stages_in_use if review.known else {}
    for number, stage in enumerate(review.doc["stage"]):
        name = stage.get("name", "")
        if kinds.get(name) in (*LIVE_KINDS, WON) and name not in reached and not in_use.get(name):
            review.add("P036", ("stage", number), say("no next leads to it: no deal can ever come here"))
        elif name in moves and not any(kinds[place] == WON for place in _reached(moves, name)):
            review.add("P036", ("stage", number, "next"), say("next is a dead end: no deal can be won from here"))


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
