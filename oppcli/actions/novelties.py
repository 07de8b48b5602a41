"""A source, a reason or a competitor that nobody typed before, and that is nearly one that is known: worth a word."""

from datetime import date

from oppcli.actions.act import Act
from oppcli.model.deals import Deal
from oppcli.model.said import say
from oppcli.store import queries
from oppcli.words.spelling import ALIKE, nearest_word

TYPED_FREELY = {"source": say("source"), "close_reason": say("reason"), "competitor": say("competitor")}


def notes(act: Act, before: Deal | None, after: Deal) -> tuple[str, ...]:
    """`source referal is new; did you mean referral (41 deals)?` for each such field that was changed. Only deals that
    who acts may see are counted, and a value that none of them has is not named."""
    found = []
    for field in TYPED_FREELY:
        value = getattr(after, field)
        changed = value and (before is None or getattr(before, field) != value)
        listed = field == "close_reason" and act.policy.lost_reasons
        if changed and not listed and field not in act.door.hidden:
            found += _note(act, field, value, after.id)
    return (*found, *_past(act, before, after))


def _past(act: Act, before: Deal | None, after: Deal) -> list[str]:
    """What is said of an expected close that has passed as it is typed."""
    from oppcli.words.shown import show_date

    close = after.expected_close
    if close is None or (before is not None and before.expected_close == close) or "expected_close" in act.door.hidden:
        return []
    now, day = act.today, date.fromisoformat(close)
    return [say("note: the expected close has passed: {day}", day=show_date(day, now))] if day < now else []


def _note(act: Act, field: str, value: str, besides: int) -> list[str]:
    known = queries.values_of(act.door, field, besides)
    near = None if value in known else nearest_word(value, known, alike=ALIKE)
    if near is None:
        return []
    count = sum(1 for number in queries.deals_with(act.door, field, near) if queries.visible(act.door, "deal", number))
    if not count:
        return []
    told = {"field": TYPED_FREELY[field], "value": value, "near": near, "n": count}
    return [say("note: {field} {value} is new; did you mean {near} ({n:,} {n:deal|deals})?", **told)]
