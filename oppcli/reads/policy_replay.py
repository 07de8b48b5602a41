"""What another policy would have asked in the past, as tables: a row per step, or per request and step."""

from collections.abc import Iterator, Mapping

from oppcli.model.deals import LOST, WON
from oppcli.model.records import COUNTED
from oppcli.model.refs import ref
from oppcli.model.said import Word, listed, say
from oppcli.model.units import HOUR_MS
from oppcli.reads.converting import converter, unconverted
from oppcli.reads.replay import Ended, Replay, Seen
from oppcli.reads.table import NEEDED, Column, Footnote, Frame, Kind, Param, Read, Row, Table, ranked
from oppcli.rules.approvals.replaying import ADDED, DROPPED, KEPT, UNKNOWN, Fate
from oppcli.rules.fields import word
from oppcli.store.doors import ReadDoor
from oppcli.words.zones import today

COLUMNS = ranked(
    (
        Column("type"),
        Column("step"),
        Column("asked", Kind.COUNT, title=say("WAS ASKED")),
        Column("would_ask", Kind.COUNT, title=say("WOULD BE ASKED")),
        Column("dropped", Kind.COUNT, title=say("NO MORE")),
        Column("added", Kind.COUNT, title=say("NEWLY")),
        Column("unknown", Kind.COUNT, title=say("NOBODY KNOWS")),
        Column("hours_spared", Kind.HOURS, title=say("SPARED"), unit=say("bh")),
        Column("hours_added", Kind.HOURS, title=say("ADDED, ESTIMATED"), unit=say("bh")),
        Column("refusals_missed", Kind.COUNT, title=say("MISSED NO")),
        Column("refusals_amount", Kind.MONEY, title=say("REFUSED THEN")),
        Column("won_after", Kind.COUNT, title=say("WON AFTER")),
        Column("currency", wide=False),
    ),
    "type step 1, asked would_ask 2, dropped added 1, unknown 3, hours_spared hours_added 2, refusals_missed 1,"
    " refusals_amount 3, won_after 3",
)
OF_AMOUNTS = ("refusals_amount", "currency")
REQUESTS = ranked(
    (
        Column("request", Kind.REF),
        Column("revision", Kind.COUNT),
        Column("deal", Kind.REF),
        Column("title", cut=True),
        Column("owner", Kind.REF),
        Column("at", Kind.INSTANT),
        Column("type"),
        Column("step"),
        Column("change", title=say("WOULD BE"), words="replayed"),
        Column("lacking", Kind.LIST, title=say("NOT KNOWN")),
        Column("hours_spared", Kind.HOURS, title=say("SPARED"), unit=say("bh")),
        Column("hours_added", Kind.HOURS, title=say("ADDED, ESTIMATED"), unit=say("bh")),
        Column("refused_at", Kind.INSTANT, title=say("REFUSED THEN")),
        Column("amount", Kind.MONEY),
        Column("currency"),
        Column("outcome", words="kind"),
        Column("closed_at", Kind.INSTANT),
    ),
    "request deal 1, title 3, type 2, step change 1, lacking 4, hours_spared hours_added 2, refused_at 2, amount 3,"
    " outcome 2",
)
"""A row per case and step that would be treated otherwise. `request`: none for a gate passed without one. `outcome`:
what became of the deal."""


class Tally:
    """What one row is added up from."""

    def __init__(self) -> None:
        self.asked = self.would_ask = self.spared = self.added_ms = self.missed = self.amount = self.won = 0
        self.changes = dict.fromkeys((DROPPED, ADDED, UNKNOWN, KEPT, None), 0)
        self.blocked = 0

    @property
    def told(self) -> bool:
        """Whether the step was asked, would be, or may be."""
        return bool(self.asked or any(number for change, number in self.changes.items() if change is not None))

    def count(self, fate: Fate, amount: int | None, deal: Ended | None) -> None:
        """One case more."""
        self.asked += fate.asked
        self.would_ask += fate.would_ask
        self.changes[fate.change] += 1
        self.spared += fate.spared
        self.added_ms += fate.added
        self.blocked += fate.blocked and fate.would_ask
        if fate.missed is not None:
            self.missed += 1
            self.amount += amount or 0
            self.won += deal is not None and deal.kind == WON and (deal.closed or 0) >= fate.missed


def steps(door: ReadDoor, found: Replay, frame: Frame, said: str) -> Table:
    """A row per type and step that was asked, would be, or may be; each refusal that nobody would have given is told
    below, with what became of the deal."""
    money, shown = converter(door, frame, frame.policy().currency), "amount" not in frame.hidden
    tallies = {key: Tally() for key in _keys(found)}
    for each, fate in _fates(found):
        amount = None
        if fate.missed is not None and shown:
            amount = money.minor(each.case.amount, each.case.currency, each.case.at)
        tallies[each.case.type, fate.step].count(fate, amount, found.deals.get(each.case.deal))
    rows = [_row(key, tally, found, money.to) for key, tally in tallies.items() if tally.told]
    blocked = {key: tally.blocked for key, tally in tallies.items() if tally.blocked}
    notes = (*_notes(found, frame), *_nobody(blocked), *unconverted(money))
    table = Table(COLUMNS, rows, READ.title, notes, above=(said,), below=tuple(_below(found, frame)))
    return table if shown else table.without(OF_AMOUNTS)


def _keys(found: Replay) -> Iterator[tuple[str, str]]:
    """Types and steps in the order of the policy, then those that only the past has."""
    past = dict.fromkeys((each.case.type, fate.step) for each, fate in _fates(found))
    for name in found.types:
        rule = found.policy.types.get(name)
        yield from ((name, step.name) for step in (rule.steps if rule else ()))
        own = {step.name for step in rule.steps} if rule else set[str]()
        yield from (key for key in past if key[0] == name and key[1] not in own)


def _fates(found: Replay) -> Iterator[tuple[Seen, Fate]]:
    return ((each, fate) for each in found.seen for fate in each.fates)


def _row(key: tuple[str, str], tally: Tally, found: Replay, currency: str) -> Row:
    name, step = key
    missed = tally.missed
    return (
        *(Word("type", name, found.titles.get(name, "")), step, tally.asked, tally.would_ask),
        *(tally.changes[DROPPED], tally.changes[ADDED], tally.changes[UNKNOWN]),
        *(tally.spared / HOUR_MS, tally.added_ms / HOUR_MS, missed),
        *(tally.amount if missed else None, tally.won, currency if missed else None),
    )


def requests(door: ReadDoor, found: Replay, frame: Frame, said: str) -> Table:
    """A row per case and step that would be treated otherwise: in order of time, then as they are asked."""
    seen = sorted(found.seen, key=lambda each: (each.case.at, each.case.deal, each.case.type))
    rows = [
        _detail(each, fate, found.deals.get(each.case.deal))
        for each in seen
        for fate in each.fates
        if fate.change in (DROPPED, ADDED, UNKNOWN) or fate.spared or fate.added
    ]
    return Table(REQUESTS, rows, READ.title, tuple(_notes(found, frame)), above=(said,))


def _detail(each: Seen, fate: Fate, deal: Ended | None) -> Row:
    case = each.case
    return (
        ref("request", case.request) if case.request else None,
        case.revision if case.request else None,
        ref("deal", case.deal),
        *((deal.title, deal.owner) if deal else (None, None)),
        *(case.at, Word("type", case.type, case.title), fate.step, fate.change),
        each.plan.lacking if fate.change == UNKNOWN else (),
        *(fate.spared / HOUR_MS, fate.added / HOUR_MS, fate.missed),
        *(case.amount, case.currency),
        *((deal.kind, deal.closed) if deal else (None, None)),
    )


def _notes(found: Replay, frame: Frame) -> Iterator[Footnote]:
    """What was replayed; what was not known."""
    submitted = found.submitted
    told = {"submitted": submitted, "gates": len(found.seen) - submitted}
    said = say(
        "{submitted:,} {submitted:submission|submissions}, {gates:,} {gates:gate|gates} passed without a request",
        **told,
    )
    yield Footnote("population", len(found.seen), said)
    if found.since:
        yield Footnote("period", None, say("since {day}", day=today(found.since, frame.tz)))
    if lacking := found.lacking:
        names = listed(
            say("{field} in {n:,}", field=word(name, found.policy), n=n)
            for name, n in sorted(lacking.items(), key=lambda i: (-i[1], i[0]))
        )
        n = sum(bool(each.plan.lacking) for each in found.seen)
        yield Footnote("unknown_facts", n, say("not known, for it was not kept: {names}", names=names))


def _nobody(blocked: Mapping[tuple[str, str], int]) -> Iterator[Footnote]:
    for (name, step), n in blocked.items():
        told = {"type": name, "step": step, "n": n}
        yield Footnote("nobody", n, say("{type}, {step}: {n:,} times nobody could decide today", **told))


def _below(found: Replay, frame: Frame) -> Iterator[str]:
    """Each refusal that would not have been given, and what the figures are not."""
    missed = [(each, fate) for each, fate in _fates(found) if fate.missed is not None]
    for each, fate in sorted(missed, key=lambda pair: (pair[1].missed or 0, pair[0].case.deal)):
        yield _refusal(each, fate, found.deals.get(each.case.deal), frame)
    if missed:
        yield ""
    estimated = found.by_history + found.by_sla
    if estimated:
        yield say(
            "hours added are estimated: {n:,} by what these people took in 180 days, {sla:,} by the time a step allows",
            n=found.by_history,
            sla=found.by_sla,
        )
    yield say("not claimed: what anybody would have decided, or bought")


def _refusal(each: Seen, fate: Fate, deal: Ended | None, frame: Frame) -> str:
    return say(
        "{request} {deal} {title}: {step} said no on {when}; {end}",
        request=ref("request", each.case.request or 0),
        deal=ref("deal", each.case.deal),
        title=deal.title if deal else "",
        step=fate.step,
        when=frame.show(fate.missed or 0),
        end=_end(deal, frame),
    )


def _end(deal: Ended | None, frame: Frame) -> str:
    if deal is None or deal.kind not in (WON, LOST) or deal.closed is None:
        return say("still open")
    day = frame.show(deal.closed)
    return say("won on {day}", day=day) if deal.kind == WON else say("lost on {day}", day=day)


def table(door: ReadDoor, found: Replay, frame: Frame, said: str, *, each: bool) -> Table:
    """A row per request and step that would be treated otherwise (`each`), else a row per step."""
    return requests(door, found, frame, said) if each else steps(door, found, frame, said)


READ = Read(
    path="policy replay",
    title=say("What a policy would have asked"),
    help="What a policy would have asked in the past: each submission and gate again, hours spared, refusals missed",
    more="Facts are those that were stored, people and calendars those of today; decisions and times of steps asked "
    "under both carry over, times of added steps are estimated. What anybody would have decided is not claimed.",
    columns=COLUMNS,
    params=(
        Param("file", "a file or a version of the policy", default=NEEDED, place=True, metavar="FILE"),
        Param("since", "submitted, or passed a gate, on or after", "since"),
        Param("type", "only this type of request", metavar="TYPE"),
        Param("requests", "a row per request and step that would be treated otherwise", "flag"),
    ),
    standing=COUNTED,
    examples=(
        "opp policy replay team.toml",
        "opp policy replay team.toml --since -6m --type quote",
        "opp policy replay team.toml --requests --csv",
    ),
)
READS = (READ,)
