"""Pairs that are surely one by a rule, and of which nobody would miss the other: merged without anybody asking."""

from oppcli.actions import merging
from oppcli.actions.act import Act
from oppcli.actions.resemblance import every, facts
from oppcli.model.follow import DIFFERENT
from oppcli.model.refs import ref
from oppcli.store import alike, owning

NOUNS = ("customer", "deal")
"""In this order: deals of one customer may be one once their customers are."""


def merge_sure(act: Act) -> tuple[str, ...]:
    """A line for each pair of a `sure` rule whose loser, the one that came later, has no owner, no request and no
    touch. What somebody decided to be different stays so."""
    table = act.policy.duplicates
    lines: list[str] = []
    for noun in NOUNS:
        rules = [rule for rule in table.of(noun) if rule.sure] if table else []
        if rules:
            lines += _merged(act, noun, [(pair.first, pair.second) for pair in every(act, noun, rules)])
    return tuple(lines)


def _merged(act: Act, noun: str, pairs: list[tuple[int, int]]) -> list[str]:
    apart = {pair for pair, (_, state) in alike.known(act.door, noun).items() if state == DIFFERENT}
    told = facts(act, noun, {number for pair in pairs for number in pair})
    used = owning.used(act.door, noun, [second for _, second in pairs]) if pairs else set()
    gone: dict[int, int] = {}
    lines: list[str] = []
    for first, second in sorted(pairs):
        of, into = told[second], gone.get(first, first)
        if (first, second) in apart or second in gone or of.owner or of.touched or second in used:
            continue
        gone[second] = into
        lines += merging.joined(act, [ref(noun, into), ref(noun, second)]).done
    return lines
