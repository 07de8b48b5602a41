"""Steps: who decides, by which rule, in what time, what happens when nobody does."""

from collections.abc import Sequence
from typing import Any

from oppcli.model.approver import CHOSEN, FIELD, LINE, ROLE, Approver
from oppcli.model.said import listed, say
from oppcli.policy import notation
from oppcli.policy.review import Review, Table, approvers, readable
from oppcli.toml.lines import Path


def check(review: Review) -> None:
    for name, table in review.doc["type"].items():
        steps = table.get("step", [])
        seen: set[str] = set()
        for number, step in enumerate(steps):
            path = ("type", name, "step", number)
            if step.get("name") in seen:
                review.add("P015", (*path, "name"), say("two steps are called '{step}'", step=step["name"]))
            seen.add(step.get("name", ""))
            _step(review, path, step)
        _together(review, name, steps)


def _step(review: Review, path: Path, step: Table) -> None:
    missing = [key for key in ("name", "who") if not step.get(key)]
    if missing:
        review.add("P014", path, say("missing {missing}", missing=listed(missing, " and ")))
    who = approvers(step.get("who", []))
    rule, need, share = readable(notation.rule, step.get("rule", "any")) or ("", 0, None)
    if rule == "at_least" and share is None:
        _quorum(review, path, who, need)
    if rule:
        _special(review, path, step, who, rule)
    _escalates_to_holder(review, path, step, who)


def _quorum(review: Review, path: Path, who: Sequence[Approver], need: int) -> None:
    """Enough people must be there. A role whose people are only in the database may grow, and is left alone."""
    people_there = _people(review, who)
    if people_there is None:
        return
    if need > len(people_there):
        there = say("{n} {n:person is|people are} listed", n=len(people_there))
        review.add("P017", (*path, "rule"), say("needs {need} approvals but only {there}", need=need, there=there))
    elif need == len(people_there) and need > 1:
        review.add("P102", (*path, "rule"), say("needs all {need} people listed: nobody may be away", need=need))


def _people(review: Review, who: Sequence[Approver]) -> frozenset[str] | None:
    """The different people named; a superior counts as one. None where a role's members are not listed."""
    found: set[str] = set()
    for one in who:
        members = review.members(one.name) if one.kind == ROLE else frozenset([one.name or one])
        if one.kind in (CHOSEN, FIELD):
            return None
        if members is None:
            return None
        found |= members
    return frozenset(found)


def _special(review: Review, path: Path, step: Table, who: Sequence[Approver], rule: str) -> None:
    """veto and must mean something only where several vote, and for people who do."""
    for key in ("veto", "must"):
        if key not in step:
            continue
        at = (*path, key)
        if rule != "at_least":
            review.add("P018", at, say("{key} needs rule = 'at least N'", key=key))
        for approver in approvers(step[key]):
            if not _within(review, approver, who):
                said = say("{key}: {approver} is not among who", key=key, approver=approver)
                review.add("P018", at, said, near=approver)


def _within(review: Review, one: Approver, who: Sequence[Approver]) -> bool:
    """Is an approver one of those who vote? Also true where it cannot be known."""
    if one in who:
        return True
    wanted, there = _people(review, (one,)), _people(review, who)
    return wanted is None or there is None or wanted <= there


def _escalates_to_holder(review: Review, path: Path, step: Table, who: Sequence[Approver]) -> None:
    """Telling the person it waits on anyway is no escalation. (`manager` is the holder's manager, never the holder.)"""
    levels: list[dict[str, Any]] = step.get("escalate", review.doc["defaults"].get("escalate", []))
    for target in (level.get("to") for level in levels):
        if any(one == target and one.kind != LINE for one in who):
            at = (*path, "escalate") if "escalate" in step else (*path, "who")
            said = say("escalates to {target}, which holds the step already", target=target)
            review.add("P110", at, said, near=str(target))


def _together(review: Review, name: str, steps: list[Table]) -> None:
    """Steps of one `together` open at once, so nothing may stand between them."""
    seen: set[str] = set()
    previous = None
    for number, step in enumerate(steps):
        group = step.get("together")
        if group is not None and group != previous and group in seen:
            at = ("type", name, "step", number, "together")
            review.add("P022", at, say("together '{group}': the steps are not next to each other", group=group))
        seen.add(group or "")
        previous = group
    for group in sorted({g for g in seen if g}):
        if sum(step.get("together") == group for step in steps) == 1:
            _alone(review, name, steps, group)


def _alone(review: Review, name: str, steps: list[Table], group: str) -> None:
    """A group of one is a mistyped name: the step would wait for its turn instead of opening beside the other."""
    number = next(n for n, step in enumerate(steps) if step.get("together") == group)
    message = say("together '{group}': no other step is of this group", group=group)
    review.add("P022", ("type", name, "step", number, "together"), message)
