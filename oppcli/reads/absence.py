"""What an absence would hold up: open seats that fall due, seats to be expected, steps that nobody else can fill."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from oppcli.errors import Reason, UsageError
from oppcli.model.command import command
from oppcli.model.people import SERVICE
from oppcli.model.records import COUNTED
from oppcli.model.refs import ref
from oppcli.model.requests import APPROVE, APPROVED, OPEN, PENDING, REJECT, RETURN
from oppcli.model.said import Said, Word, listed, say
from oppcli.model.units import DAY_MS
from oppcli.reads.table import Column, Footnote, Frame, Kind, Param, Read, Row, Table, ranked
from oppcli.rules.standing_in import Chair, alone, only, substitute
from oppcli.store.doors import ReadDoor
from oppcli.store.mapping import parsed
from oppcli.store.patterns import quoted
from oppcli.words.zones import today

COLUMNS = ranked(
    (
        Column("section", words="absence"),
        Column("request", Kind.REF),
        Column("deal", Kind.REF),
        Column("step"),
        Column("due", Kind.INSTANT),
        Column("amount", Kind.MONEY),
        Column("currency", wide=False),
        Column("alone", Kind.BOOL),
        Column("substitute", Kind.REF),
        Column("breach", Kind.BOOL),
    ),
    "section step 1, request 1, deal 3, due breach 2, amount alone 3, substitute 1",
)
OPEN_SEAT, EXPECTED, ONLY = SECTIONS = ("open", "expected", "only")
RECENT, EXPERIENCE = 90, 180
"""Days in which seats that came are counted, and decisions."""
Step = tuple[str, str]
"""Type and name."""
_HELD = f"""
SELECT r.id, r.type, r.deal_id, r.amount, r.currency, r.submitted_by, d.owner, d.collaborators, rv.editors, rv.editor,
       p.position, p.name, p.rule, p.need, p.due_at, e.number, e.state, e.must, h.login
FROM request r
JOIN deal d ON d.id = r.deal_id
JOIN revision rv ON rv.request_id = r.id AND rv.number = r.revision
JOIN step p ON p.request_id = r.id AND p.revision = r.revision AND p.state = '{OPEN}'
JOIN seat e ON e.request_id = r.id AND e.revision = r.revision AND e.step = p.position
LEFT JOIN holder h ON h.request_id = r.id AND h.revision = r.revision AND h.step = p.position AND h.seat = e.number
WHERE r.state = '{PENDING}' ORDER BY r.id, p.position, e.number, h.number
"""
_CAME = """
SELECT r.type, p.name, count(*) FROM holder h
JOIN step p ON p.request_id = h.request_id AND p.revision = h.revision AND p.position = h.step
JOIN request r ON r.id = h.request_id
WHERE h.login = :who AND p.opened_at >= :since GROUP BY r.type, p.name
"""
_DECIDED = f"""
SELECT r.type, p.name, c.actor, count(*) FROM decision c
JOIN step p ON p.request_id = c.request_id AND p.revision = c.revision AND p.position = c.step
JOIN request r ON r.id = c.request_id
WHERE c.automatic = 0 AND c.at >= :since AND c.verdict IN ({quoted((APPROVE, REJECT, RETURN))})
GROUP BY r.type, p.name, c.actor
"""
_PEOPLE = "SELECT login, roles FROM user_account WHERE active = 1 ORDER BY login"
_LENT = """
SELECT types FROM delegation WHERE frm = :who AND "to" IS NOT NULL AND max_amount IS NULL
AND starts_at < :until AND ends_at > :since
"""


def build(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row per open seat, per step with seats to be expected, per step nobody else can fill. Refused where who or
    until when is not said."""
    who, since, until = _asked(args, frame)
    away = _Away(door, frame, who, since, until)
    rows = [*away.open_seats(), *away.expected(), *away.only()]
    said = say("{n:,} open {n:seat|seats}, {breach:,} would be late", n=len(away.mine), breach=away.breaches)
    notes = [Footnote("population", len(away.mine), said), *away.told()]
    lines = tuple(away.commands())
    return Table(COLUMNS, rows, READ.title, tuple(notes), below=lines)


def _asked(args: Mapping[str, Any], frame: Frame) -> tuple[str, int, int]:
    """Who is away, from when until when. Refused (2) with all that is lacking, and for an end before the beginning."""
    lacking = [
        Reason(f"--{name}", said)
        for name, said in (("who", say("who is away?")), ("until", say("until when?")))
        if args.get(name) is None
    ]
    since = frame.now if args.get("since") is None else args["since"]
    if args.get("until") is not None and args["until"] <= since:
        lacking.append(Reason("--until", say("the absence ends before it begins")))
    if lacking:
        hint = command("report", "absence", "--who", "LOGIN", "--since", "DATE", "--until", "DATE", ready=False)
        raise UsageError(say("an absence is somebody's, until a day"), reasons=tuple(lacking), hint=hint)
    return args["who"], since, args["until"]


class _Away:
    """What one absence would hold up."""

    def __init__(self, door: ReadDoor, frame: Frame, who: str, since: int, until: int) -> None:
        self._door, self._frame, self._who, self._since, self._until = door, frame, who, since, until
        self._policy = frame.policy()
        people = {login: parsed(roles) for login, roles in door.rows(_PEOPLE)}
        self._people = [login for login, roles in people.items() if SERVICE not in roles and login != who]
        self._roles: dict[str, set[str]] = defaultdict(set)
        for login, roles in people.items():
            for role in roles:
                self._roles[role].add(login)
        for role, logins in self._policy.roles.items():
            self._roles[role] |= {login for login in logins if login in people}
        seats: dict[tuple[int, int], dict[int, list[Row]]] = defaultdict(lambda: defaultdict(list))
        for row in door.rows(_HELD):
            seats[row[0], row[10]][row[15]].append(row)
        self._steps = seats
        self._loaded = Counter(
            row[18] for step in seats.values() for held in step.values() for row in held if row[16] == OPEN and row[18]
        )
        self._decided: dict[Step, Counter[str]] = defaultdict(Counter)
        for kind, step, actor, count in door.rows(_DECIDED, since=frame.now - EXPERIENCE * DAY_MS):
            self._decided[kind, step][actor] += count
        lent = [parsed(types or "[]") for types in door.column(_LENT, who=who, since=since, until=until)]
        every = any(not types for types in lent)
        self._lent: Collection[str] | None = None if every else {kind for types in lent for kind in types}
        """Types of which somebody decides for them meanwhile; None: of all."""
        self.mine = [
            (step, number)
            for step, chairs in seats.items()
            for number, held in chairs.items()
            if held[0][16] == OPEN and any(row[18] == who for row in held)
        ]
        self.breaches = 0
        self._expected: dict[Step, float] = {}
        self._stand_ins: dict[Step, str | None] = {}
        self._conflicts: dict[Step, set[str]] = defaultdict(set)
        for step, number in self.mine:
            row = seats[step][number][0]
            self._conflicts[row[1], row[11]] |= _parts(row)

    def open_seats(self) -> Iterator[Row]:
        """The seats that wait for them now."""
        for step, number in self.mine:
            chairs = {at: _chair(held) for at, held in self._steps[step].items()}
            row = self._steps[step][number][0]
            request, kind, deal, amount, currency, *_ = row
            name, rule, need, due = row[11:15]
            lent = self._lent is None or kind in self._lent
            by_nobody = not lent and alone(self._who, chairs[number], list(chairs.values()), rule, need)
            late = by_nobody and due is not None and self._since <= due < self._until
            self.breaches += late
            yield (
                *(Word("absence", OPEN_SEAT), ref("request", request), ref("deal", deal), name, due),
                *(amount, currency, by_nobody, self._stand_in((kind, name)), late),
            )

    def expected(self) -> Iterator[Row]:
        """Steps of which seats came to them lately, as often as theirs came on a working day."""
        days = self._working(self._frame.now - RECENT * DAY_MS, self._frame.now)
        away = self._working(self._since, self._until)
        came = self._door.rows(_CAME, who=self._who, since=self._frame.now - RECENT * DAY_MS)
        for kind, step, count in sorted(came):
            self._expected[kind, step] = count * away / days if days else 0.0
            yield self._of_step(EXPECTED, (kind, step), last=self._last(kind, step))

    def only(self) -> Iterator[Row]:
        """Steps of the policy that ask nobody else."""
        for kind, rule in self._policy.types.items():
            for step in rule.steps:
                if only(self._who, step.who, self._roles):
                    yield self._of_step(ONLY, (kind, step.name), last=True)

    def _of_step(self, section: str, step: Step, *, last: bool) -> Row:
        return (Word("absence", section), None, None, step[1], None, None, None, last, self._stand_in(step), None)

    def _last(self, kind: str, name: str) -> bool:
        """Whether the policy asks nobody else in a step."""
        rule = self._policy.types.get(kind)
        return rule is not None and any(
            step.name == name and only(self._who, step.who, self._roles) for step in rule.steps
        )

    def _title(self, kind: str) -> str:
        rule = self._policy.types.get(kind)
        return kind if rule is None else str(rule.title)

    def told(self) -> Iterator[Footnote]:
        """How many seats are to be expected."""
        if self._expected:
            each = listed(
                say("{n:,.1f} of {step} ({type})", n=n, step=step, type=Word("type", kind, self._title(kind)))
                for (kind, step), n in self._expected.items()
            )
            said = say("to be expected meanwhile: {each}", each=each)
            yield Footnote("population", round(sum(self._expected.values())), said)

    def commands(self) -> Iterator[Said]:
        """A line for each substitute, of the types for which they are the best."""
        types: dict[str, dict[str, None]] = defaultdict(dict)
        for (kind, _), login in self._stand_ins.items():
            if login is not None and not (self._lent is None or kind in self._lent):
                types[login].setdefault(kind)
        first, last = (today(at, self._frame.tz) for at in (self._since, self._until - 1))
        for login, kinds in types.items():
            wanted = [word for kind in kinds for word in ("--type", kind)]
            dates = ("--start", first.isoformat(), "--end", last.isoformat())
            yield say(
                "{command}", command=command("delegate", "add", "--from", self._who, "--to", login, *dates, *wanted)
            )

    def _stand_in(self, step: Step) -> str | None:
        if step not in self._stand_ins:
            found = substitute(self._people, self._conflicts[step], self._decided[step], self._loaded)
            self._stand_ins[step] = found
        return self._stand_ins[step]

    def _working(self, since: int, until: int) -> int:
        """Days with business hours from one instant to another."""
        hours, tz = self._policy.hours(), self._frame.tz
        first, last = today(since, tz), today(until - 1, tz)
        return sum(bool(hours.hours_on(first + timedelta(days=n))) for n in range((last - first).days + 1))


def _parts(row: Sequence[Any]) -> set[str]:
    """Who has a part in the deal of a request."""
    submitted, owner, collaborators, editors, editor = row[5:10]
    return {submitted, owner, editor, *parsed(collaborators or "[]"), *parsed(editors or "[]")} - {None}


def _chair(held: Sequence[Row]) -> Chair:
    state, must = held[0][16:18]
    return Chair(state == OPEN, state == APPROVED, bool(must), {row[18] for row in held if row[18] is not None})


READ = Read(
    path="report absence",
    title=say("What an absence holds up"),
    help="open approvals that would be late, those to be expected, steps nobody else can fill, and who could stand in",
    standing=COUNTED,
    columns=COLUMNS,
    params=(
        Param("who", "who is away; me, a login or a name", "person", metavar="LOGIN"),
        Param("since", "from this day on; today", "since"),
        Param("until", "until the end of this day", "until"),
    ),
    build=build,
    examples=("opp report absence --who wang --since 2026-10-01 --until 2026-10-08",),
)
READS = (READ,)
