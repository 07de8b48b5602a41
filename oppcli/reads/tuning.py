"""What the points of a policy's scores would be by how deals ended: a row for each condition, and TOML to paste."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from oppcli.model.policy import Policy
from oppcli.model.records import COUNTED
from oppcli.model.relations import ScoreRule
from oppcli.model.reporting import HINDSIGHT
from oppcli.model.said import label, listed, say
from oppcli.reads.chances import Place, closed
from oppcli.reads.probability import lacking
from oppcli.reads.replay_facts import Reader, path
from oppcli.reads.table import Column, Footnote, Frame, Kind, Param, Read, Row, Table, ranked
from oppcli.rules import conditions, fields
from oppcli.rules.chances import Lacking, parted, too_few
from oppcli.rules.scoring import RISK
from oppcli.rules.tuning import Odds, Told, judged, learnt
from oppcli.store.doors import ReadDoor
from oppcli.tuples import NamedTuple

COLUMNS = ranked(
    (
        Column("score"),
        Column("name"),
        Column("when"),
        Column("points", Kind.COUNT),
        Column("tuned", Kind.COUNT),
        Column("true_won", Kind.COUNT, title=say("TRUE, WON")),
        Column("true_lost", Kind.COUNT, title=say("TRUE, LOST")),
        Column("other_won", Kind.COUNT, title=say("ELSE WON")),
        Column("other_lost", Kind.COUNT, title=say("ELSE LOST")),
        Column("lacking", Kind.LIST, title=say("NOT KNOWN")),
        Column("auc_before", Kind.NUMBER),
        Column("auc_after", Kind.NUMBER),
    ),
    "score when 1, points tuned 1, true_won true_lost other_won other_lost 3, lacking 4, auc_before auc_after 2",
)
_CUSTOMERS = "SELECT id, name FROM customer"
_KEPT_BY_ID = "customer"
Say = Callable[[str], str]


class Rule(NamedTuple):
    """One condition of a score, with what came of it."""

    score: str
    name: str
    when: str
    points: int
    tuned: int
    odds: Odds | None
    """None: it is left as it is, for of then nobody knows what it reads."""
    lacking: tuple[str, ...] = ()


class Tuned(NamedTuple):
    """A score with the points that its conditions were worth."""

    score: str
    rules: tuple[Rule, ...]
    before: float | None
    after: float | None


class Tuning(NamedTuple):
    """All scores of a policy."""

    scores: tuple[Tuned, ...]
    notes: tuple[Footnote, ...]


def tuned(door: ReadDoor, policy: Policy, stage: Place, frame: Frame) -> Tuning:
    """Each score by the deals that closed by now and had reached the stage, with what stood when they did. The older
    seven tenths are learnt from, the newest judge; fewer than 30 won or lost: a note alone."""
    rules = [each for each in policy.scores if each.name != RISK]
    unknown = {name: _unknown(policy, _reads(each), frame.hidden) for each in rules for name in _reads(each)}
    untold = frozenset().union(*unknown.values())
    names = sorted(frozenset().union(*map(_reads, rules)) - untold)
    facts = list(_facts(door, policy, stage, names, frame.now))
    older, newer = parted([Told((), won) for _, won in facts])
    notes = (_population(len(older), len(newer), stage),)
    short = too_few(older)
    if rules and short:
        return Tuning((), (lacking(short), *notes))
    return Tuning(tuple(_tuned(each, facts, untold) for each in rules), notes if rules else ())


def _reads(rule: ScoreRule) -> frozenset[str]:
    return frozenset().union(*(conditions.reads(each.when) for each in rule.rules))


def _unknown(policy: Policy, names: Collection[str], hidden: Collection[str]) -> frozenset[str]:
    """What of these nothing is learnt from: what is no field of deals, or one of many values, what tells how a deal
    ended, what who asks does not have."""
    known = fields.fields(policy)
    told = {name for name in names if name in known and known[name].kind != "list"}
    return frozenset(names) - (told - {*HINDSIGHT, *hidden})


def _facts(
    door: ReadDoor, policy: Policy, stage: Place, names: Sequence[str], now: int
) -> Iterator[tuple[Mapping[str, Any], bool]]:
    """What was true of each deal that closed, in order of closing, and whether it was won."""
    known, reader = fields.fields(policy), Reader(door, policy, policy)
    asked = dict.fromkeys((*names, "currency"))
    called = dict[int, str](door.rows(_CUSTOMERS)) if _KEPT_BY_ID in asked else {}
    for each in closed(door, stage, tuple(asked), now):
        values = dict(zip(asked, each.past.values, strict=True))
        state = {path(name, own=known[name].own): value for name, value in values.items()}
        yield reader.stood_of(names, state, now, called.get(values.get(_KEPT_BY_ID) or 0)), each.past.won


def _tuned(score: ScoreRule, facts: Sequence[tuple[Mapping[str, Any], bool]], untold: Collection[str]) -> Tuned:
    # As a score has it: where a field is empty a condition is not true.
    told = [
        Told(tuple(conditions.decided(each.when, known) is True for each in score.rules), won) for known, won in facts
    ]
    older, newer = parted(told)
    found = learnt(older, len(score.rules))
    assert not isinstance(found, Lacking), "how many closed was asked before"
    rules = []
    for each, odds in zip(score.rules, found, strict=True):
        gaps = tuple(sorted(conditions.reads(each.when) & frozenset(untold)))
        points = each.points if gaps else odds.points
        rules.append(Rule(score.name, each.name, each.when.text, each.points, points, None if gaps else odds, gaps))
    known = [place for place, each in enumerate(rules) if each.odds is not None]
    if not known:
        return Tuned(score.name, tuple(rules), None, None)
    newer = [Told(tuple(each.true[place] for place in known), each.won) for each in newer]
    before = judged(newer, [rules[place].points for place in known])
    return Tuned(score.name, tuple(rules), before, judged(newer, [rules[place].tuned for place in known]))


def _population(older: int, newer: int, stage: Place) -> Footnote:
    said = say(
        "learnt from {older:,} deals that closed and had reached {stage}, judged on the {newer:,} that closed last",
        older=older,
        newer=newer,
        stage=stage.name,
    )
    return Footnote("population", older + newer, said)


def table(found: Tuning, toml: str) -> Table:
    """A row for each condition; people, and files, have the TOML."""
    return Table(COLUMNS, list(_rows(found)), READ.title, notes=found.notes, prose=toml, verbatim=True)


def _rows(found: Tuning) -> Iterator[Row]:
    for score in found.scores:
        for rule in score.rules:
            counts = (None,) * 4 if rule.odds is None else tuple(rule.odds)
            auc = tuple(None if each is None else round(each, 4) for each in (score.before, score.after))
            yield rule.score, rule.name or None, rule.when, rule.points, rule.tuned, *counts, rule.lacking, *auc


def comments(found: Tuning) -> Iterator[str]:
    """What stands above the scores, for people."""
    for note in found.notes:
        yield note.text
    if not found.scores:
        yield say("no score of this policy is tuned")
        return
    yield say("points: 10 for odds of winning that are twice as good; below 0 they are worse. Grades are as they were")


def beside(score: Tuned) -> str:
    """What stands above one of them."""
    before, after = ("-" if each is None else f"{each:.4f}" for each in (score.before, score.after))
    return say("AUC on the newest deals: {before} before, {after} after", before=before, after=after)


def why(rule: Rule) -> str:
    """What stands behind a condition."""
    if rule.odds is None:
        return say("as it was: not learnt from {fields}", fields=listed(map(label, rule.lacking)))
    told = {"n": rule.points, "a": rule.odds.true_won, "b": rule.odds.true_lost}
    return say(
        "was {n}; true: {a:,} won, {b:,} lost; else {c:,} won, {d:,} lost",
        **told,
        c=rule.odds.other_won,
        d=rule.odds.other_lost,
    )


READ = Read(
    path="policy tune",
    title=say("Points of scores by how deals ended"),
    help="The points of each [[score]] by how deals ended, as TOML with AUC before and after; nothing is applied",
    more="Points are round(10 × log2 of the smoothed odds ratio) of deals that closed and had reached the stage, by "
    "what stood then: learnt from the older seven tenths, judged on the newest. Fewer than 30 won or lost: no number.",
    columns=COLUMNS,
    standing=COUNTED,
    narrows=False,
    params=(Param("stage", "deals that reached this stage; default the first open one", "stage", many=True),),
    examples=("opp policy tune > scores.toml", "opp policy tune --csv"),
)
READS = (READ,)
