"""What follows when a deal is entered, changed, moved or given away, or something is noted, in the same transaction."""

from collections.abc import Callable, Iterator

from oppcli.actions.act import CAPTURED, CLOSED, MOVED, NOTED, REOPENED, Act, Cause
from oppcli.model.deals import NEXT, Deal
from oppcli.model.noun import replace

Rule = Callable[[Act, Cause], tuple[str, ...]]


def following(act: Act, cause: Cause) -> tuple[str, ...]:
    """Do all that follows by the applied policy; a line for each thing that did. A rule that changes the deal saves it,
    and those behind it are given it as it is then. What the policy says nothing of costs no statement."""
    lines: list[str] = []
    for rule in _rules(act, cause):
        lines += rule(act, latest(act, cause))
    return tuple(lines)


def _rules(act: Act, cause: Cause) -> Iterator[Rule]:
    """Those that have something to say, one guarded line each, in this order: assignment, tasks of a stage, what is
    planned next, deadlines, tags, scores, conflicts, suggestions. Each is imported where its table is there."""
    yield from _promises(act, cause)
    if act.policy.tiers:
        from oppcli.actions import tiers

        yield tiers.followed
    if act.policy.scores or act.policy.tags:
        from oppcli.actions import scores

        yield scores.followed
    if _changes_hands(cause) and act.policy.duplicates is not None and act.policy.duplicates.of("deal"):
        from oppcli.actions import conflicts

        yield conflicts.followed
    if act.policy.suggestions and cause.what == NOTED:
        from oppcli.actions import suggestions

        yield suggestions.followed
    if act.door.watched:
        from oppcli.actions import watches

        yield watches.followed


def _promises(act: Act, cause: Cause) -> Iterator[Rule]:
    """Those about what is promised."""
    deadlines = act.policy.follow is not None and act.policy.follow.deadlines
    if cause.what == CLOSED:
        if deadlines:  # what is met by closing is met, before the rest is cancelled
            yield _deadlines
        from oppcli.actions.promises import called_off

        yield called_off
    if _enters(act, cause):
        from oppcli.actions.stage_entry import entered

        yield entered
    if cause.what == NOTED:
        from oppcli.actions.follow_ups import followed

        yield followed
    if deadlines and cause.what != CLOSED:
        yield _deadlines
    if act.policy.follow is not None and act.policy.follow.survey is not None:
        from oppcli.actions import surveys

        if surveys.concerns(act, cause):
            yield surveys.followed
    if cause.what in (CAPTURED, CLOSED, REOPENED) and _has_cadence_of_customers(act):
        from oppcli.actions.follow_ups import customers_followed

        yield customers_followed


def _has_cadence_of_customers(act: Act) -> bool:
    if act.policy.follow is None:
        return False
    from oppcli.model.relations import OF_CUSTOMER

    return any(each.of == OF_CUSTOMER for each in act.policy.follow.cadences)


def _deadlines(act: Act, cause: Cause) -> tuple[str, ...]:
    from oppcli.actions.deadlines import followed

    return followed(act, cause)


def _enters(act: Act, cause: Cause) -> bool:
    """Whether the deal has come into a stage that opens tasks or tells somebody."""
    if cause.deal is None or cause.what not in (CAPTURED, MOVED, CLOSED, REOPENED):
        return False
    stage = act.policy.stage(cause.deal.stage)
    return stage is not None and bool(stage.tasks or stage.on_enter)


def _changes_hands(cause: Cause) -> bool:
    """Whether a deal is somebody's by now whose it was not."""
    before, deal = cause.before, cause.deal
    return before is not None and deal is not None and deal.owner not in (None, before.owner)


def latest(act: Act, cause: Cause) -> Cause:
    """The same, with the deal as this act has left it."""
    deal = cause.deal
    if deal is None:
        return cause
    newer = (each for each in act.door.written if type(each) is Deal and each.id == deal.id)
    last = max(newer, key=lambda each: each.version, default=deal)
    if last.version <= deal.version:
        return cause
    return cause._replace(deal=replace(last, **{name: getattr(deal, name) for name in NEXT}))
