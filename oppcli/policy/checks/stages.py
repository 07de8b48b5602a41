"""Stages: names, kinds, their order, what they ask for; and no live deal left behind in a stage that is gone."""

from oppcli.model.command import command
from oppcli.model.deals import KINDS, LEAD, LIVE_KINDS, LOST, OPEN, WON
from oppcli.policy.notation import many
from oppcli.policy.review import Review, Table
from oppcli.words.spelling import did_you_mean, nearest_word


def check(review: Review) -> None:
    seen: set[str] = set()
    for number, stage in enumerate(review.doc["stage"]):
        name = stage.get("name")
        if name in seen:
            review.add("P004", ("stage", number, "name"), f"the stage '{name}' is listed twice")
        seen.add(name)
        _stage(review, number, stage)
    _pipeline(review)
    _left_behind(review)
    _changed_kind(review)
    _lost(review)


def _stage(review: Review, number: int, stage: Table) -> None:
    path = ("stage", number)
    name = stage.get("name", "")
    if name != name.strip() or not name.isprintable():
        review.add("P037", (*path, "name"), f"name {name!r}: without spaces around it and without control characters")


def _pipeline(review: Review) -> None:
    """lead …, open …, then won and lost: moves, gates and the funnel rely on that order."""
    kinds = [stage.get("kind", OPEN) for stage in review.doc["stage"]]
    if not kinds:
        review.add("P003", ("stage",), "missing: a pipeline needs stages")
        return
    if not any(kind in LIVE_KINDS for kind in kinds):
        review.add("P038", ("stage",), "no stage of kind lead or open: a deal would begin closed")
    for kind in (WON, LOST):
        if kind not in kinds:
            review.add("P038", ("stage",), f"no stage of kind {kind}")
    rank = {LEAD: 0, OPEN: 1, WON: 2, LOST: 2}
    highest = 0
    for number, kind in enumerate(kinds):
        if rank.get(kind, highest) < highest:
            before = {0: "open, won or lost", 1: "won or lost"}[rank[kind]]
            review.add("P038", ("stage", number), f"a stage of kind {kind} cannot come after one of kind {before}")
        highest = max(highest, rank.get(kind, 0))


def _left_behind(review: Review) -> None:
    in_use = review.known.stages_in_use if review.known else {}
    for name, count in in_use.items():
        if count and name not in review.stages:
            deals = "1 live deal is" if count == 1 else f"{count} live deals are"
            new = nearest_word(name, [stage for stage in review.stages if stage not in in_use]) or "NEW"
            fix = command("policy", "apply", review.problems.source, "--rename", f"{name}={new}")
            review.add("P034", ("stage",), f"{deals} in '{name}', which this policy no longer has", fix=fix)


def _changed_kind(review: Review) -> None:
    """A stage that holds deals cannot turn from live to closed or back: its deals would be closed without a date."""
    before = review.known.stage_kinds if review.known else {}
    for number, stage in enumerate(review.doc["stage"]):
        name, new = stage.get("name", ""), stage.get("kind", OPEN)
        old = before.get(name, new)
        if new in KINDS and new != old and not {new, old} <= set(LIVE_KINDS):
            message = f"deals are in '{name}', which is of kind {old} and cannot become {new}"
            review.add("P034", ("stage", number, "kind"), message, fix=command("deal", "list", "--stage", name))


def _lost(review: Review) -> None:
    reasons = many(review.doc["lost"].get("reasons", []))
    for reason in many(review.doc["lost"].get("detail_required", [])):
        if reason not in reasons:
            message = f"detail_required: '{reason}' is not one of the reasons{did_you_mean(reason, reasons)}"
            review.add("P037", ("lost", "detail_required"), message, near=reason)
    for reason in {reason for reason in reasons if reasons.count(reason) > 1}:
        review.add("P037", ("lost", "reasons"), f"reasons: '{reason}' is listed twice", near=reason)
