"""Entries that are a risk by themselves, and what happened to accounts and policies: read from the journal alone."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any

from oppcli.model.journal import CLAIM, DECISIONS, PIN, is_trial
from oppcli.model.policy import Policy
from oppcli.model.requests import APPROVE, OVERRIDE, REJECT
from oppcli.model.risks import FRESH_MS, POLICY_MS
from oppcli.model.said import Said, say
from oppcli.model.units import FAR_MS
from oppcli.policy import read
from oppcli.reads.table import Row
from oppcli.rules.bases import basis
from oppcli.rules.risks.entries import Acts, Apart, Claims, Guess, Single
from oppcli.rules.risks.finding import Version
from oppcli.rules.risks.imports import Trusted
from oppcli.rules.risks.parts import Hand
from oppcli.store.credentials import CODE_GIVEN, REFUSED
from oppcli.store.doors import ReadDoor
from oppcli.store.journal import told
from oppcli.store.mapping import parsed
from oppcli.store.patterns import place_of, quoted
from oppcli.tuples import NamedTuple

_PEOPLE = """
SELECT seq, at, actor, action, noun, noun_id, CASE WHEN noun = 'user' THEN changes ELSE text END, meta FROM journal
LEFT JOIN (SELECT hash AS key, text FROM policy) AS applied ON noun = 'policy' AND key = noun_id
WHERE (noun = 'user' AND at >= :since AND action <> 'refused') OR (noun = 'policy' AND action = 'apply')
ORDER BY seq
"""
_CLAIMS = f"""
SELECT actor, channel, by, role, os_user, count(*), min(seq), min(at), max(at)
FROM (SELECT seq, at, actor, channel, {{by}} AS by, {{role}} AS role, {{os_user}} AS os_user FROM journal
      WHERE noun = 'request' AND action IN ({quoted(DECISIONS)}) AND channel <> 'import') AS told
GROUP BY actor, channel, by, role, os_user
ORDER BY 7
"""
_MARKS = """
SELECT seq, txn, at, actor, channel, action, noun, noun_id, CASE WHEN {single} OR {trusted} THEN meta END, wall
FROM (SELECT seq, txn, at, actor, channel, action, noun, noun_id, meta, CASE WHEN seq = txn THEN {wall} END AS wall
      FROM journal WHERE at >= :since OR seq = 1) AS told
WHERE seq = 1 OR {single} OR {trusted}
   OR (coalesce(abs((SELECT at - {wall} FROM journal WHERE seq = 1)), 0) <= :far AND abs(at - wall) > :far)
ORDER BY seq
"""
"""The first entry, those that are a risk by being there, and the beginnings of transactions off the machine's clock: of
none where the first one is, for then it is a trial."""
_SINGLE = """
((noun = 'database' AND action IN ('restore', 'clock', 'import')) OR (noun = 'customer' AND action = 'erase')
 OR (noun = 'policy' AND action = 'apply' AND {weakened} > 0))
"""
_TRUSTED = """
(channel = 'import' AND ((noun = 'request' AND action = 'trust') OR (noun = 'deal' AND {reason} > 0)))
"""
_ACTS = f"""
SELECT seq, noun, CASE WHEN noun = 'deal' THEN changes END FROM journal
WHERE seq > :first AND seq < :last AND channel <> 'import'
      AND ((noun = 'request' AND action IN ({quoted((APPROVE, REJECT, OVERRIDE))}))
           OR (noun = 'deal' AND action <> 'create' AND {{stage}} > 0))
ORDER BY seq
"""


class Rules(dict[str, Policy]):
    """Policies by their hash, each read when it is first asked for."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        super().__init__()
        self._texts = texts

    def __contains__(self, hash: object) -> bool:
        return hash in self._texts

    def __missing__(self, hash: str) -> Policy:
        self[hash] = read(self._texts[hash])
        return self[hash]

    def material(self, hash: str, kind: str) -> tuple[str, ...]:
        """The facts that a type of request rests on, under a policy."""
        rule = self[hash].types.get(kind) if hash in self else None
        return rule.material if rule else ()


class Mark(NamedTuple):
    """An entry that tells something by itself."""

    seq: int
    txn: int
    at: int
    actor: str
    channel: str
    action: str
    noun: str
    key: str
    meta: str | None
    wall: int | None


class Told:
    """What the journal tells by itself since an instant, looked up when it is first asked for."""

    def __init__(self, door: ReadDoor, since: int) -> None:
        self.door, self.since = door, since

    @cached_property
    def _marks(self) -> list[Mark]:
        wall = told(self.door, "wall", number=True)
        trusted = _TRUSTED.format(reason=place_of(self.door, "meta", '"reason":'))
        single = _SINGLE.format(weakened=place_of(self.door, "meta", '"weakened":'))
        sql = _MARKS.format(single=single, trusted=trusted, wall=wall)
        return [Mark._make(row) for row in self.door.rows(sql, since=self.since, far=FAR_MS)]

    @property
    def first(self) -> int:
        """When the database began; 0 for an empty one."""
        return self._marks[0].at if self._marks else 0

    @cached_property
    def _people(self) -> list[Row]:
        return self.door.rows(_PEOPLE, since=self.since - FRESH_MS)

    @cached_property
    def rules(self) -> Rules:
        return Rules({row[5]: row[6] for row in self._people if row[4] == "policy" and row[6] is not None})

    @cached_property
    def versions(self) -> Sequence[Version]:
        """Every time that a policy was applied, in order."""
        return [Version(seq, at, actor, key) for seq, at, actor, _, noun, key, *_ in self._people if noun == "policy"]

    @cached_property
    def hands(self) -> Mapping[str, Sequence[Hand]]:
        """What accounts were given lately, by login."""
        found: dict[str, list[Hand]] = defaultdict(list)
        for seq, at, actor, action, noun, login, changes, meta in self._people:
            if noun == "user":
                for what, recovered in _given(action, parsed(changes), parsed(meta)):
                    found[login].append(Hand(seq, at, actor, login, what, recovered))
        for hand in self._roles():
            found[hand.login].append(hand)
        return found

    def _roles(self) -> Iterator[Hand]:
        """Who was put into a role by a policy."""
        for before, after in pairwise(self.versions):
            known = before.hash in self.rules and after.hash in self.rules
            if after.at >= self.since - FRESH_MS and known:
                was = self.rules[before.hash].roles
                for role, logins in self.rules[after.hash].roles.items():
                    for login in set(logins) - set(was.get(role, ())):
                        yield Hand(after.seq, after.at, after.actor, login, say("role {role} in the policy", role=role))

    @cached_property
    def claims(self) -> Sequence[Claims]:
        """Decisions by a claim, or through the role of somebody else, of all times."""
        keys = {key: told(self.door, key) for key in ("by", "role", "os_user")}
        rows = self.door.rows(_CLAIMS.format(**keys))
        roles = self._owners_of_roles() if any(row[3] for row in rows) else {}
        found = []
        for actor, channel, by, role, os_user, number, first, since, until in rows:
            known = basis({"by": by, "os_user": os_user or ""}, actor, channel)
            other = roles.get(role, actor) != actor and known != PIN
            if known == CLAIM or other:
                found.append(Claims(actor, os_user, number, first, since, until, role))
        return found

    def _owners_of_roles(self) -> Mapping[str, str]:
        rows = self.door.rows("SELECT login, server_role FROM user_account ORDER BY login")
        return {login: login for login, _ in rows} | {role: login for login, role in rows if role}

    @cached_property
    def guesses(self) -> Sequence[Guess]:
        wrong = (row for row in self._people if row[4] == "user" and row[3] == REFUSED)
        return [Guess(seq, at, login, actor) for seq, at, actor, _, _, login, *_ in wrong]

    @property
    def singles(self) -> Sequence[Single]:
        """Restores, clocks set right, erasures, policies that dropped what they required."""
        found = []
        for mark in self._marks:
            if mark.meta is not None and mark.noun in ("database", "customer", "policy"):
                risk, what = _single(mark.action, mark.key, parsed(mark.meta))
                found.append(Single(risk, mark.seq, mark.at, mark.actor, what))
        return found

    @property
    def trusted(self) -> Sequence[Trusted]:
        """What imports were trusted with."""
        return [
            Trusted(mark.seq, mark.txn, mark.at, mark.actor, mark.noun, int(mark.key), parsed(mark.meta).get("reason"))
            for mark in self._marks
            if mark.meta is not None and mark.noun in ("request", "deal")
        ]

    @property
    def apart(self) -> Sequence[Apart]:
        """Transactions whose time is not that of the machine; none in a trial database, where it never is."""
        if not self._marks or is_trial(self._marks[0].at, self._marks[0].wall):
            return ()
        far = ((mark, mark.at - mark.wall) for mark in self._marks if mark.wall is not None)
        return [Apart(mark.seq, mark.at, mark.actor, by) for mark, by in far if abs(by) > FAR_MS]

    def acts(self) -> Acts:
        """What was decided, and which deals were moved, while versions were in force for a short time only."""
        short = [
            (version.seq, following.seq)
            for version, following in pairwise(self.versions)
            if following.at >= self.since and following.at - version.at < POLICY_MS
        ]
        if not short:
            return Acts((), ())
        sql = _ACTS.format(stage=place_of(self.door, "changes", '"stage":['))
        rows = self.door.rows(sql, first=min(short)[0], last=max(short)[1])
        moved = [(seq, *parsed(changes)["stage"]) for seq, noun, changes in rows if noun == "deal"]
        return Acts([seq for seq, noun, _ in rows if noun == "request"], moved)


def _given(action: str, changes: Mapping[str, Any], meta: Mapping[str, Any]) -> Iterator[tuple[Said, bool]]:
    """What an entry gave an account, and whether that was a PIN recovered past everybody."""
    if action == "create":
        yield say("account made"), False
    elif action == "reactivate":
        yield say("account let in again"), False
    else:
        if "roles" in changes:
            yield say("roles given"), False
        if "manager" in changes:
            yield say("manager changed"), False
        if "server_role" in changes:
            yield say("server role given"), False
    if action == CODE_GIVEN:
        recovered = bool(meta.get("recovered"))
        yield (say("PIN recovered") if recovered else say("code for a PIN given")), recovered


def _single(action: str, key: str, meta: Mapping[str, Any]) -> tuple[str, str]:
    """(kind of risk, what is told of it)."""
    reason = meta.get("reason")
    if action == "erase":
        what: str = say("C-{key} erased", key=key)
    elif action == "apply":
        what = say("what a type requires dropped from the policy")
    elif action == "clock":
        what = say("clock set right")
    elif action == "import":
        what = say("everything imported from {file}", file=meta.get("file", "?"))
    else:
        what = say("restored from {file}", file=meta.get("file", "?"))
        if meta.get("dropped"):
            what = say("{what}, {n} {n:entry|entries} dropped", what=what, n=meta["dropped"])
        if meta.get("other"):
            what = say("{what}, another history from e{seq} on", what=what, seq=meta["other"])
    risk = {"erase": "erased", "apply": "override"}.get(action, action)
    return risk, say("{what}: {reason}", what=what, reason=reason) if reason else what
