"""Who would be asked for given facts, as a table: a row per step, and one for a type that asks nobody."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from oppcli.model.policy import Policy
from oppcli.model.said import APPROVERS, listed, say
from oppcli.model.units import HOUR_MS
from oppcli.reads.request import because
from oppcli.reads.request_parts import rule_text
from oppcli.reads.table import Column, Kind, Param, Read, Table
from oppcli.rules.approvals.simulating import Asked, Simulated

if TYPE_CHECKING:
    from oppcli.policy.sentences import Sentences

COLUMNS = (
    Column("type", Kind.REF),
    Column("title", wide=False),
    Column("asked", words="asked"),
    Column("order", Kind.COUNT),
    Column("step", rank=1),
    Column("who", Kind.LIST, title=APPROVERS, rank=1),
    Column("rule", rank=3),
    Column("need", Kind.COUNT, title=say("NEED"), wide=False),
    Column("when", title=say("BECAUSE"), rank=4, cut=True),
    Column("depends_on", Kind.LIST),
    Column("opens", Kind.INSTANT, wide=False),
    Column("due", Kind.INSTANT, title=say("DUE AT THE LATEST"), rank=2),
    Column("sla", Kind.HOURS, unit=say("bh"), wide=False),
    Column("together", wide=False),
    Column("repeats", Kind.LIST, wide=False),
    Column("gates", Kind.LIST),
    Column("missing", Kind.LIST, wide=False),
)


def table(found: Iterable[Simulated], said: str, policy: Policy) -> Table:
    """`said` is whom and what it is about, for people; `policy` is what was asked."""
    from oppcli.policy.sentences import Sentences

    every, sentences = list(found), Sentences(policy)
    rows = [row for each in every for row in _rows(each, sentences)]
    below = [line for each in every for line in _lines(each)]
    return Table(COLUMNS, rows, title=say("Simulation"), above=(said,), below=tuple(below))


def _rows(each: Simulated, sentences: "Sentences") -> list[tuple[Any, ...]]:
    rule, ends = each.rule, (each.gates, each.missing)
    if not each.steps:
        nothing = (None,) * 3
        return [(rule.named, rule.title, each.asked, None, None, (), *nothing, (), *nothing, None, (), *ends)]
    groups = dict.fromkeys(asked.expected.step.group for asked in each.steps)
    orders = {group: place for place, group in enumerate(groups, 1)}
    return [_row(each, asked, orders[asked.expected.step.group], sentences) for asked in each.steps]


def _row(each: Simulated, asked: Asked, order: int, sentences: "Sentences") -> tuple[Any, ...]:
    expected = asked.expected
    step = expected.step
    return (
        each.rule.named,
        each.rule.title,
        "depends" if asked.depends else "yes",
        order,
        step.name,
        expected.people,
        rule_text(step.rule, step.need),
        step.need,
        because(expected.rule, sentences),
        asked.depends,
        expected.opens_at if asked.reached else None,
        expected.due,
        step.sla_ms / HOUR_MS,
        step.together,
        expected.repeats,
        each.gates,
        each.missing,
    )


def _lines(each: Simulated) -> list[str]:
    """What would keep it from being submitted."""
    found: list[str] = []
    if each.missing and each.steps:
        found.append(
            say(
                "{name} could not be submitted yet: {missing} missing",
                name=each.rule.named,
                missing=listed(each.missing),
            )
        )
    if each.nobody:
        found.append(
            say(
                "{name} could not be submitted: nobody could decide {nobody}",
                name=each.rule.named,
                nobody=listed(each.nobody),
            )
        )
    return found


READS = (
    Read(
        path="policy simulate",
        narrows=False,
        title="Simulation",
        help="Who would be asked for these facts, in which order, due when, for which gates. Nothing is stored",
        columns=COLUMNS,
        params=(
            Param("file", "a file instead of the applied policy", place=True, metavar="FILE"),
            Param("type", "only this type of request", metavar="TYPE"),
            Param("set", "any field; may be repeated; empty clears", many=True, metavar="FIELD=VALUE", key="facts"),
            Param("amount", "same as --set amount=N", metavar="N"),
            Param("discount", "same as --set discount=N", metavar="N"),
            Param("deal", "start from the facts of a deal", metavar="DEAL"),
            Param("submitter", "default: the deal's owner, else you", metavar="LOGIN"),
            Param("file", "a kind of file taken as attached", many=True, metavar="KIND", key="attached"),
        ),
        examples=(
            "opp policy simulate --amount 800000 --discount 18",
            "opp policy simulate --deal D-142 --set discount=15 --type quote",
            "opp policy simulate team.toml --amount 800k --submitter lea",
        ),
    ),
)
