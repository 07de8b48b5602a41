"""All that happened with a deal, a customer or a contact, in one order: notes, stays, owners, approvals, files, tasks,
merges."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from oppcli.errors import UsageError
from oppcli.model.command import command
from oppcli.model.nouns import BY_WORD, PREFIXES
from oppcli.model.records import ANY
from oppcli.model.refs import meant, ref
from oppcli.model.requests import IMPORT
from oppcli.model.said import WHENCE, Said, Word, coded, listed, say
from oppcli.model.units import DAY_MS
from oppcli.reads.around import Around
from oppcli.reads.table import NEEDED, Column, Footnote, Frame, Kind, Param, Read, Row, Table, ranked
from oppcli.rules.tenures import ADD
from oppcli.store.doors import ReadDoor
from oppcli.store.mapping import decode_said
from oppcli.store.patterns import quoted
from oppcli.store.queries import COUNTS
from oppcli.tuples import NamedTuple

ACTIVITY, STAY, TENURE, REQUEST, DECISION, FILE, TASK, MERGE = KINDS = (
    *("activity", "stay", "tenure", "request", "decision", "file", "task", "merge"),
)
NOUNS = ("deal", "customer", "contact")
COLUMNS = ranked(
    (
        Column("at", Kind.INSTANT),
        Column("who", Kind.REF),
        Column("for", Kind.REF),
        Column("noun", words="noun"),
        Column("ref", Kind.REF),
        Column("what"),
        Column("detail", cut=True),
        Column("days", Kind.DAYS, unit=say("d")),
        Column("kind", words="happened"),
        Column("deal", Kind.REF),
        Column("until", Kind.INSTANT, title=Word("span", "UNTIL")),
        Column("lasted_days", Kind.DAYS, title=say("LASTED"), unit=say("d")),
        Column("stage_days", Kind.DAYS, title=say("IN STAGE"), unit=say("d")),
    ),
    "at 1, who 2, for 5, noun 3, ref 2, what detail 1, days 3, deal 4, until 6, lasted_days 3, stage_days 4",
)
"""`days` is since the line before; `lasted_days` how long a stay, a tenure, an approval or a task took, until now where
it lasts; `stage_days` how long the deal was in that stage in all its stays."""


_LAST = 1 << 62
_WRITTEN = {STAY: '"visits.', TENURE: '"tenures.', MERGE: ""}
"""What the entry of a deal changes that tells of this."""


class Happened(NamedTuple):
    """One thing, from when until when."""

    at: int | None
    kind: str
    ref: str
    deal: int | None
    who: str | None
    what: str
    detail: str | None = None
    until: int | None = None
    lasts: bool = False
    """Whether it takes time."""
    stage: str = ""
    behalf: str | None = None
    """For whom somebody decided."""


def build(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row each, the earliest first; what nobody knows the time of before all others. Refused for a thing of another
    noun, which has a journal and no timeline."""
    noun, key = args["thing"]
    if noun not in NOUNS:
        name = ref(noun, int(key)) if BY_WORD[noun].prefix else key
        said = say("{thing} has no timeline", thing=name)
        raise UsageError(said, hint=command("log", name if BY_WORD[noun].prefix else f"{noun}:{key}"))
    found = [each for part in _PARTS for each in part(door, Around(noun, int(key)))]
    place = _places(door, found)
    found.sort(key=lambda each: (each.at is not None, each.at or 0, place(each), KINDS.index(each.kind), len(each.ref)))
    wanted = args.get("kind") or KINDS
    stages = _stages(found, frame.now)
    told = [each for each in found if each.kind in wanted]
    before = [None, *(each.at for each in told)]
    rows = [_row(each, at, frame.now, stages) for each, at in zip(told, before, strict=False)]
    return Table(_columns(noun, rows), rows, READ.title, _notes(found))


def _columns(noun: str, rows: list[Row]) -> tuple[Column, ...]:
    """Programs get all; people neither the deal where that is what they asked for, nor what the stays in a stage come
    to where each is the only one."""
    hidden = {"deal"} if noun == "deal" else set()
    hidden |= {"stage_days"} if all(whole in (None, days) for *_, days, whole in rows if days is not None) else set()
    return tuple(column._replace(wide=column.wide and column.name not in hidden) for column in COLUMNS)


def _places(door: ReadDoor, found: list[Happened]) -> Callable[[Happened], int]:
    """Where in the journal a thing is told, by which what happened at one instant is put in order; at the end what is
    told of another instant, as an import does."""
    often = Counter(each.at for each in found)
    tied: dict[str, set[str]] = defaultdict(set)
    for noun, key in (_thing(each) for each in found if often[each.at] > 1):
        tied[noun].add(key)
    places: dict[tuple[str, str, int, str], int] = {}
    for noun, keys in tied.items():
        condition, bound = door.any_of("noun_id", "keys", sorted(keys))
        for kind, text in _WRITTEN.items() if noun == "deal" else (("", ""),):
            sql = f"""SELECT noun_id, at, min(seq) FROM journal
            WHERE noun = :noun AND {condition} AND changes LIKE '%{text}%' GROUP BY noun_id, at"""
            places |= {(noun, key, at, kind): seq for key, at, seq in door.rows(sql, noun=noun, keys=bound)}

    def place(each: Happened) -> int:
        noun, key = _thing(each)
        kinds = (each.kind, STAY) if noun == "deal" else ("",)  # of a first owner the entry of the deal tells
        told = (places.get((noun, key, each.at or 0, kind)) for kind in kinds)
        return next((seq for seq in told if seq is not None), _LAST)

    return place


def _thing(each: Happened) -> tuple[str, str]:
    found = meant(each.ref)
    assert found is not None
    return found


def _row(each: Happened, before: int | None, now: int, stages: Mapping[tuple[int | None, str], int]) -> Row:
    whole = stages.get((each.deal, each.stage)) if each.kind == STAY else None
    deal = None if each.deal is None else ref("deal", each.deal)
    took = _took(each, now) if each.lasts else None
    since = None if before is None or each.at is None else (each.at - before) / DAY_MS
    lasted = None if took is None else took / DAY_MS
    noun, _ = _thing(each)
    told = (each.at, each.who, each.behalf, noun, each.ref, each.what, each.detail, since)
    return (*told, each.kind, deal, each.until, lasted, whole and whole / DAY_MS)


def _took(each: Happened, now: int) -> int | None:
    if each.at is None:
        return None
    return (now if each.until is None else each.until) - each.at


def _stages(found: list[Happened], now: int) -> dict[tuple[int | None, str], int]:
    """How long each deal was in each stage."""
    spent: dict[tuple[int | None, str], int] = defaultdict(int)
    for each in found:
        if each.kind == STAY and (took := _took(each, now)) is not None:
            spent[each.deal, each.stage] += took
    return spent


def _notes(found: list[Happened]) -> tuple[Footnote, ...]:
    unknown = sum(each.at is None for each in found)
    said = say("of {n:,} {n:thing|things} nobody knows when", n=unknown)
    return (Footnote("unknown_date", unknown, said),) if unknown else ()


def _activities(door: ReadDoor, of: Around) -> Iterator[Happened]:
    mine = f"a.deal_id IN ({of.deals})"
    if of.noun == "customer":
        mine = f"({mine} OR a.customer_id = {of.number})"
    if of.noun == "contact":
        mine = f"replace(replace(a.contacts, '[', ','), ']', ',') LIKE '%,{of.number},%'"
    sql = f"SELECT a.id, a.at, a.kind, a.who, a.deal_id, a.text FROM activity a WHERE {mine} AND a.{COUNTS}"
    for key, at, kind, who, deal, text in door.rows(sql):
        yield Happened(at, ACTIVITY, ref("activity", key), deal, who, Word("activity", kind), text)


def _stays(door: ReadDoor, of: Around) -> Iterator[Happened]:
    sql = f"""SELECT v.deal_id, s.name, v.entered_at, v.left_at, s.kind FROM visit v JOIN stage s ON s.id = v.stage_id
    JOIN deal d ON d.id = v.deal_id WHERE v.deal_id IN ({of.deals}) AND d.{COUNTS} ORDER BY v.deal_id, v.number"""
    for deal, stage, entered, left, kind in door.rows(sql):
        lasts = kind in ("lead", "open")
        yield Happened(entered, STAY, ref("deal", deal), deal, None, stage, None, left, lasts, stage)


def _tenures(door: ReadDoor, of: Around) -> Iterator[Happened]:
    """Of a deal that never changed hands nothing is stored: it is whose it was made (`rules/tenures.py:all_of`)."""
    made = f"CASE WHEN d.channel = '{IMPORT}' THEN '{IMPORT}' ELSE '{ADD}' END"
    sql = f"""SELECT t.deal_id, t.owner, t.began_at, t.ended_at, t.given_by, t.how, t.reason, t.number FROM tenure t
    JOIN deal d ON d.id = t.deal_id WHERE t.deal_id IN ({of.deals}) AND d.{COUNTS}
    UNION ALL SELECT d.id, d.owner, d.created_at, CAST(NULL AS BIGINT), d.created_by, {made}, NULL, 0 FROM deal d
    WHERE d.id IN ({of.deals}) AND d.{COUNTS} AND NOT EXISTS (SELECT 1 FROM tenure t WHERE t.deal_id = d.id)
    ORDER BY 1, 8"""
    for deal, owner, began, ended, by, how, reason, _ in door.rows(sql):
        said = say("owner {owner}", owner=owner or "-")
        more = [coded(WHENCE, how), *([by] if by else []), *([decode_said(reason)] if reason else [])]
        yield Happened(began, TENURE, ref("deal", deal), deal, owner, said, listed(more), ended, lasts=True)


def _requests(door: ReadDoor, of: Around) -> Iterator[Happened]:
    sql = f"""SELECT r.id, r.deal_id, r.type, r.title, r.state, r.submitted_by, r.submitted_at, r.decided_at
    FROM request r JOIN deal d ON d.id = r.deal_id WHERE r.deal_id IN ({of.deals}) AND d.{COUNTS} ORDER BY r.id"""
    for key, deal, kind, title, state, by, at, decided in door.rows(sql):
        said = say("{type}: {state}", type=Word("type", kind, title), state=Word("state", state))
        yield Happened(at, REQUEST, ref("request", key), deal, by, said, None, decided, lasts=True)


def _decisions(door: ReadDoor, of: Around) -> Iterator[Happened]:
    sql = f"""SELECT o.request_id, r.deal_id, r.type, r.title, o.verdict, o.actor, o.at, o.reason, o.on_behalf_of
    FROM decision o
    JOIN request r ON r.id = o.request_id JOIN deal d ON d.id = r.deal_id
    WHERE r.deal_id IN ({of.deals}) AND d.{COUNTS} ORDER BY o.request_id, o.number"""
    for key, deal, kind, title, verdict, who, at, reason, behalf in door.rows(sql):
        said = say("{type}: {verdict}", type=Word("type", kind, title), verdict=Word("verdict", verdict))
        yield Happened(at, DECISION, ref("request", key), deal, who, said, reason, behalf=behalf)


def _files(door: ReadDoor, of: Around) -> Iterator[Happened]:
    sql = f"""SELECT f.id, f.deal_id, f.kind, f.name, f.attached_at, f.attached_by FROM file f
    JOIN deal d ON d.id = f.deal_id WHERE f.deal_id IN ({of.deals}) AND f.{COUNTS} AND d.{COUNTS}"""
    for key, deal, kind, name, at, by in door.rows(sql):
        yield Happened(at, FILE, ref("file", key), deal, by, kind, name)


def _tasks(door: ReadDoor, of: Around) -> Iterator[Happened]:
    mine = f"t.deal_id IN ({of.deals})"
    if of.noun == "customer":
        mine = f"({mine} OR t.customer_id = {of.number})"
    sql = f"""SELECT t.id, t.deal_id, t.title, t.state, t.created_at, t.done_at, coalesce(t.done_by, t.assignee,
    t.created_by) FROM task t WHERE {mine} AND t.{COUNTS}"""
    for key, deal, title, state, at, ended, who in door.rows(sql):
        said: Said | str = say("{title}: {state}", title=title or "-", state=Word("task", state))
        yield Happened(at, TASK, ref("task", key), deal, who or None, said, None, ended, lasts=True)


def _merges(door: ReadDoor, of: Around) -> Iterator[Happened]:
    """What was made one with something, once: entries of the journal, of the others (the one that stands has one only
    where it gained something, as what points to it has) and else of the one that stands."""
    mine = {"deal": f"SELECT d.id FROM deal d WHERE d.id IN ({of.deals})"}
    mine[of.noun] = f"SELECT c.id FROM {of.noun} c WHERE {of.number} IN (c.id, c.merged_into)"
    told = " OR ".join(f"(j.noun = '{noun}' AND j.noun_id IN ({_texts(ids)}))" for noun, ids in mine.items())
    sql = f"""SELECT j.at, j.action, j.noun, j.noun_id, j.actor FROM journal j
    WHERE j.action IN ({quoted(("merge", "unmerge"))}) AND ({told}) ORDER BY j.seq"""
    rows = list(door.rows(sql))
    own = (of.noun, str(of.number))
    others = {at for at, _, noun, key, _ in rows if noun == of.noun and key != own[1]}
    for at, action, noun, key, who in rows:
        if at in others and ((noun, key) == own or noun != of.noun):
            continue
        deal = int(key) if noun == "deal" else None
        yield Happened(at, MERGE, f"{PREFIXES[noun]}{key}", deal, who, Word("action", action))


def _texts(ids: str) -> str:
    """Keys stand as texts in the journal."""
    return f"SELECT CAST(x.id AS TEXT) FROM ({ids}) x"


_PARTS = (_activities, _stays, _tenures, _requests, _decisions, _files, _tasks, _merges)
READ = Read(
    path="timeline",
    title=say("Timeline"),
    help="All that happened with a deal, a customer or a contact, in one order",
    columns=COLUMNS,
    build=build,
    params=(
        Param(
            "ref",
            "D-142, C-9, P-4; several; - for those on stdin",
            "ref",
            default=NEEDED,
            place=True,
            many=True,
            metavar="REF...",
            key="thing",
            each="thing",
        ),
        Param("kind", " ".join(KINDS), "choice", choices=KINDS, many=True, words="happened"),
    ),
    standing=ANY,
    examples=("opp timeline D-142", "opp timeline C-9 --kind activity --csv"),
)
READS = (READ,)
