"""What holds after every command, whatever was typed: codes, refusals, what is stored, what the engines answer."""

import csv
import io
import json
import re
from typing import Any

import printed
from command_line import Answer
from lines_drawn import commands, path_of
from team_drawn import Line, Team, signing

from oppcli.model.said import MARK

DOCUMENTED = {0, 2, 3, 4, 5, 7, 8, 9, 10, 11}
"""Exit codes that a command may end with here: nothing is unexpected (1), nor busy (6)."""
FILES = ("db diff", "db restore", "db backup", "sql")
"""What may find that a file is no database (6)."""
RANDOM = re.compile(
    r"[0-9a-f]{12,64}|[0-9A-Z]{5}(-[0-9A-Z]{5}){3}|[0-9A-HJ-NP-Z]{4}(-[0-9A-HJ-NP-Z]{4}){1,3}"
    r"|(?<=the database says: )[^\"\n]+|(?<=数据库提示：)[^\"\n]+"
)
"""Salts, hashes, ids of databases, codes, and what a database says of a statement: of each its own."""
ITS_OWN = tuple(
    "db path;db info;db grants;db backup;db upgrade;db diff;db check;doctor;config;user pin;bundle;request packet;"
    "audit anchor;log;export;customer erase".split(";")
)
"""Commands that tell of the engine, of files (also of backups beside a file), or of what is drawn."""
WRITTEN = {("proposal accept", 5)}
"""What a command writes although it ends so: that a proposal is stale."""
KEPT = ("journal", "meta")
"""Tables that a refusal may write to: its entry, and who was known how."""


TOUCHED = ("version", "updated_at", "tier", "score", "grade", "grade_reason", "extra", "tags")
"""Columns that an undo does not give back: they tell that something was touched, or follow from the policy."""
TOLD = tuple("notice delivery fired request revision step seat holder decision question term".split())
"""Tables that an undo leaves as they are: what people were told, and requests, which are asked anew."""
PROGRAMS = ("json", "jsonl", "csv", "tsv", "ids")
"""Forms that no language changes."""
DRAWS = ("bundle", "db backup", "quote send", "request packet")
"""Commands that write a file, which is there the second time."""


MEANT = ("-y says that it is meant\n", "加 -y 表示确认\n")
"""How a refusal ends that wants a yes."""


class Broken(Exception):
    """Something that has to hold does not: `rule` is which, for another script that breaks the same."""

    def __init__(self, rule: str, told: str) -> None:
        super().__init__(f"{rule}: {told}")
        self.rule = rule


def require(true: bool, rule: str, told: object) -> None:
    if not true:
        raise Broken(rule, str(told)[:6000])


def stored(team: Team, *, without: tuple[str, ...] = KEPT) -> dict[str, list[tuple[Any, ...]]]:
    """Table → its rows, of the first database."""
    rows = team.look("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    names = [str(name) for (name,) in rows if name not in without]
    return {name: sorted(team.look(f'SELECT * FROM "{name}"'), key=repr) for name in names}


def plain(team: Team, tables: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """What is stored, without what only tells that something was touched, what follows from a policy, and what people
    were told."""
    found = {}
    for table, rows in tables.items():
        names = _columns(team, table)
        kept = [at for at, name in enumerate(names) if name not in TOUCHED]
        found[table] = [tuple(_sentence(row[at]) for at in kept) for row in rows]
    return {table: rows for table, rows in found.items() if table not in TOLD}


def _sentence(value: Any) -> Any:
    """Of a text the sentence alone: what it was said with, no entry of the journal keeps."""
    return value.partition(MARK)[0] if isinstance(value, str) else value


def _columns(team: Team, table: str) -> list[str]:
    return [str(row[1]) for row in team.look(f"PRAGMA table_info('{table}')")]


def difference(before: dict[str, list[Any]], after: dict[str, list[Any]]) -> dict[str, Any]:
    """Table → rows that are gone, rows that are new."""
    return {
        table: (
            [row for row in before[table] if row not in after[table]],
            [row for row in rows if row not in before[table]],
        )
        for table, rows in after.items()
        if rows != before[table]
    }


def is_json(text: str, told: str) -> None:
    try:
        json.loads(text)
    except ValueError as error:
        raise Broken("form", told) from error


class Held:
    """Asked before and after each line."""

    def __init__(self, team: Team) -> None:
        self.team = team
        self.last: tuple[Line, list[Answer]] | None = None
        """What was typed before, and what was answered."""
        self.was, self.entries, self.bytes = stored(team), self._entries(), self._bytes()
        self.before, self.run = self.was, 0
        """What was stored before the last line that wrote something, and the run that it began."""

    def _bytes(self) -> bytes:
        return self.team.opps[0].db.read_bytes()

    def _entries(self) -> int:
        return int(str(self.team.look("SELECT max(seq) FROM journal")[0][0]))

    def after(self, line: Line, answers: list[Answer]) -> None:
        """Raises `Broken`; else what is stored now is what the next line begins with."""
        path = path_of(line.words)
        for answer in answers:
            self.ends_as_it_may(path, line, answer)
        if answers[0].code == 0:
            self.is_in_its_form(line, answers[0])
        self.engines_agree(path, answers)
        if self.last is not None:
            self.follows(path, line, answers, *self.last)
        self.last = line, answers
        troubles = {line: why for line, why in printed.troubles().items() if not line.startswith("opp COMMAND")}
        require(troubles == {}, "printed", troubles)
        now = self._bytes()
        if now != self.bytes:
            self.changes_nothing_unasked(path, line, answers[0])
            orderly(self.team)
            self.bytes = now

    def ends_as_it_may(self, path: str, line: Line, answer: Answer) -> None:
        """A documented code, no traceback, and a reason where it is refused."""
        said = f"{answer.code}\n{answer.err}"
        require("Traceback" not in answer.err, "code", said)
        fine = (
            answer.code in DOCUMENTED or (answer.code == 1 and path == "doctor") or (answer.code == 6 and path in FILES)
        )
        require(fine, "code", said)
        if answer.code not in (0, 9, 10, 11) and path != "doctor":
            require(bool((answer.err or answer.out).strip()), "refusal", said)
            require(printed.hint_trouble(answer.err) is None, "hint", f"{printed.hint_trouble(answer.err)}\n{said}")
            if "json" in line.words and "-o" in line.words and answer.err.strip():
                is_json(answer.err.splitlines()[-1], said)

    def is_in_its_form(self, line: Line, answer: Answer) -> None:
        """What was asked for in JSON or CSV can be read as that."""
        form = dict(zip(line.words, line.words[1:], strict=False)).get("-o")
        try:
            if form == "json":
                json.loads(answer.raw)
            elif form == "jsonl":
                [json.loads(each) for each in answer.out.splitlines()]
            elif form == "csv":
                rows = list(csv.reader(io.StringIO(answer.out, newline=""), strict=True))
                require(len({len(row) for row in rows}) <= 1, "form", answer.out)
        except ValueError as error:
            raise Broken("form", f"{error}\n{answer.out}") from error

    def engines_agree(self, path: str, answers: list[Answer]) -> None:
        """Byte for byte, but for what each database draws for itself."""
        if len(answers) < 2 or path.startswith(ITS_OWN):
            return
        told = [
            (answer.code, *(RANDOM.sub("#", text.replace(str(opp.folder), "")) for text in (answer.out, answer.err)))
            for answer, opp in zip(answers, self.team.opps, strict=True)
        ]
        require(told[0] == told[1], "engines", "\n----\n".join("\n".join(map(str, each)) for each in told))

    def follows(self, path: str, line: Line, answers: list[Answer], before: Line, told: list[Answer]) -> None:
        """A dry run ends as the real one, which proves who acts besides; a program reads the same in each language."""
        if (line.user, line.now) != (before.user, before.now):
            return
        if (
            _without(before.words, "--dry-run") == line.words != before.words
            and path not in DRAWS
            and not signing(self.team.seed)
        ):
            asked = answers[0].err.endswith(MEANT)  # what cannot be taken back asks in earnest alone
            require(asked or answers[0].code == told[0].code, "dry run", f"{told[0]}\n{answers[0]}")
        form = None if path.startswith(ITS_OWN) else dict(zip(line.words, line.words[1:], strict=False)).get("-o")
        if line.words == before.words and line.tz == before.tz and form in PROGRAMS and not _writes(path, line):
            require(answers[0].raw == told[0].raw, "languages", f"{told[0].out}\n{answers[0].out}")

    def changes_nothing_unasked(self, path: str, line: Line, answer: Answer) -> None:
        """A read, a dry run and a refusal leave everything but the journal's own tables."""
        now, entries = stored(self.team), self._entries()
        wrote = _writes(path, line) and (answer.code in (0, 9) or (path, answer.code) in WRITTEN)
        if not wrote:
            require(now == self.was, "unasked", difference(self.was, now))
            made = self.team.look(f"SELECT action FROM journal WHERE seq > {self.entries}")
            require({str(action) for (action,) in made} <= {"refused", "export", "pin refused"}, "unasked", made)
        self.undoes(line, answer, now)
        self.was, self.entries, self.before, self.run = now, entries, self.was, self.entries + 1

    def undoes(self, line: Line, answer: Answer, now: dict[str, list[Any]]) -> None:
        """An undo of what was typed last gives everything back; what came by it is withdrawn, or void."""
        if line.words[:2] == ("undo", f"e{self.run}") and answer.code == 0 and "--dry-run" not in line.words:
            was, now = plain(self.team, self.before), plain(self.team, now)
            gone = {table: rows for table, (rows, _) in difference(was, now).items() if rows}
            require(gone == {}, "undo", f"{gone}\n{difference(was, now)}")


def _without(words: tuple[str, ...], flag: str) -> tuple[str, ...]:
    return tuple(word for word in words if word != flag)


def _writes(path: str, line: Line) -> bool:
    known = commands().get(path)
    dry = "--dry-run" in line.words or "-n" in line.words
    return known is not None and known.writes and not dry


def orderly(team: Team) -> None:
    """One open request of a record and type, one open stay of a deal, stays that follow one another."""
    for rule, sql in QUERIES.items():
        rows = team.look(sql)
        require(rows == [], rule, rows)


QUERIES = {
    "one open request": "SELECT deal_id, type, count(*) FROM request WHERE state IN ('pending', 'returned') "
    "GROUP BY deal_id, type HAVING count(*) > 1",
    "one open stay": "SELECT d.id FROM deal d WHERE (SELECT count(*) FROM visit v WHERE v.deal_id = d.id AND v.left_at "
    "IS NULL) <> 1 AND d.merged_into IS NULL",
    "the open stay is where the deal is": "SELECT d.id FROM deal d JOIN visit v ON v.deal_id = d.id AND v.left_at IS "
    "NULL WHERE v.stage_id <> d.stage_id AND d.merged_into IS NULL",
    "stays follow one another": "SELECT a.deal_id FROM visit a JOIN visit b ON b.deal_id = a.deal_id AND b.number = "
    "a.number + 1 WHERE a.left_at IS NULL OR a.left_at <> b.entered_at",
    "open seats are held": "SELECT s.request_id FROM seat s JOIN request r ON r.id = s.request_id AND r.revision = "
    "s.revision JOIN step t ON t.request_id = s.request_id AND t.revision = s.revision AND t.position = s.step "
    "WHERE r.state = 'pending' AND NOT r.blocked AND s.state = 'open' AND t.state = 'open' AND NOT EXISTS (SELECT 1 "
    "FROM holder h WHERE h.request_id = s.request_id AND h.revision = s.revision AND h.step = s.step AND "
    "h.seat = s.number)",
    "nobody decides what they submitted or own": "SELECT d.request_id, d.actor FROM decision d JOIN request r "
    "ON r.id = d.request_id AND r.revision = d.revision JOIN policy p ON p.hash = d.policy WHERE d.verdict IN "
    "('approve', 'reject', 'return', 'override') AND d.actor IN (r.submitted_by, r.owner) AND r.channel <> 'import' "
    "AND p.text NOT LIKE '%submitter_may_approve = true%'",
    "a pending request waits for somebody": "SELECT r.id FROM request r WHERE r.state = 'pending' AND NOT EXISTS "
    "(SELECT 1 FROM step t WHERE t.request_id = r.id AND t.revision = r.revision AND t.state = 'open')",
}
"""What has to be empty."""
