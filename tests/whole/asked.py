"""What is asked now and then, since it is dear: sums that agree, the past that is now, what is not theirs."""

import json
import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

from command_line import Answer, InProcess
from held import Broken, require
from lines_drawn import LEFT_OUT, commands
from team_drawn import Team, signing

from oppcli.model.records import ERASED

LISTS = ("deal list -o json --all", "request list -o json", "customer list -o csv", "task list -o json", "log -o json",
         "report funnel -o json", "next -o json", "contract list -o csv", "payment list -o csv", "board -o json",
         "activity list -o csv", "report waiting -o csv", "report overdue -o json", "fact list -o csv")  # fmt: skip
"""Reads that are asked of the past, as it is now."""
SUMS = {
    "report wins": (("won", "lost"), ("owner", "source", "customer", "month")),
    "report losses": (("lost",), ("reason", "owner", "source", "month")),
    "report funnel": (("reached", "now", "lost_here"), ("", "owner", "customer")),
}
"""Report → columns that count deals, and keys by which it is broken down: the counts are the same by each."""
FOR_ALL = ("audit", "db", "config", "export", "completion", "help", "policy", "doctor", "report list", "demo", "sql")
"""Reads that are of everybody, or refused to who does not see everything."""


def asked(team: Team, line: str, user: str = "boss", opp: InProcess | None = None) -> Answer:
    """What is answered on `opp`; else on the file, and asked of the server, too: what is refused may be an entry."""
    env = {"OPP_USER": user, "OPP_NOW": team.now.isoformat(), "OPP_LANG": "en", "OPP_TZ": "Asia/Shanghai"}
    env |= {"OPP_PIN_FILE": f"{user}.pin"} if signing(team.seed) else {}
    first, *_ = [each(line, env=env) for each in ((opp,) if opp else team.opps)]
    return first


def sound(team: Team) -> None:
    """The journal explains every row, its chain is whole, and stays are contiguous; on each engine."""
    for opp in team.opps:
        for line in ("db check -o json", "audit verify -o json"):
            answer = asked(team, line, opp=opp)
            require(answer.code == 0, line, answer.out + answer.err)


def past_is_present(team: Team) -> None:
    """What is asked as of now is what is asked now."""
    for opp in team.opps:
        for line in _few(team, LISTS, 6):
            now, then = (asked(team, f"{line}{more}", opp=opp) for more in ("", f" --as-of {team.now.isoformat()}"))
            told = f"{now.out}{now.err}\n---\n{then.out}{then.err}"
            require((now.code, now.out) == (then.code, then.out), f"as-of {line}", told)


def _few(team: Team, lines: Iterable[str], count: int) -> list[str]:
    """Some of them, others each time; the same when it is played again."""
    known = [*lines]
    return random.Random(f"{team.seed} {team.now}").sample(known, min(count, len(known)))


def sums_agree(team: Team) -> None:
    """The rows of a break-down are its population, whatever it is broken down by."""
    for report, (columns, keys) in SUMS.items():
        found = {}
        for key in keys:
            rows = asked(team, f"{report}{' --by ' + key if key else ''} -L 0 -o json").json
            found[key] = [sum(row[column] or 0 for row in rows) for column in columns]
        require(len(set(map(tuple, found.values()))) == 1, f"sums of {report}", found)


def changes_add_up(team: Team) -> None:
    """What there was and what changed is what there is, in each currency."""
    rows = asked(team, f"report changes --since {team.now.replace(day=1):%Y-%m-%d} -o json").json
    sums: dict[str, Fraction] = defaultdict(Fraction)
    closing = {}
    for row in rows:
        money = {name: Fraction(row[name] or "0") for name in ("before", "after", "delta")}
        if row["what"] == "closing":
            closing[row["currency"]] = money["after"]
        elif row["currency"]:
            sums[row["currency"]] += money["after"] if row["what"] == "opening" else money["delta"]
    require({each: sums[each] for each in closing} == closing, "changes add up", (rows, sums, closing))


THEIRS = """
WITH RECURSIVE line(login) AS (
  SELECT '{0}' UNION SELECT u.login FROM user_account u JOIN line l ON u.manager = l.login),
left_to(login) AS (SELECT login FROM user_account WHERE successor = '{0}'),
about(id) AS (
  SELECT request_id FROM holder WHERE login = '{0}' OR login IN (SELECT frm FROM delegation WHERE "to" = '{0}')
  UNION SELECT request_id FROM decision WHERE actor = '{0}' UNION SELECT request_id FROM question WHERE "to" = '{0}'
  UNION SELECT request_id FROM notice WHERE "to" = '{0}'
  UNION SELECT id FROM request WHERE submitted_by = '{0}' OR submitted_by IN (SELECT login FROM left_to))
SELECT id FROM deal WHERE owner IS NULL OR owner IN (SELECT login FROM line) OR created_by = '{0}'
  OR collaborators LIKE '%"{0}"%' UNION SELECT deal_id FROM member WHERE login = '{0}'
  UNION SELECT deal_id FROM request WHERE id IN (SELECT id FROM about)
  UNION SELECT deal_id FROM notice WHERE "to" = '{0}'
  UNION SELECT CAST(noun_id AS integer) FROM journal WHERE noun = 'deal' AND actor = '{0}'"""
"""Deals of which somebody who does not see all may be told, as docs/trust.md says it; by notices and entries, too."""
SOME = {"sales", "manager", "tech"}
"""Roles that do not see all under any `[scope]` that is drawn."""


def seen_is_theirs(team: Team) -> None:
    """Under `[scope]` no read tells a title of a deal that who asks has nothing to do with."""
    (text,) = team.look("SELECT text FROM policy ORDER BY applied_at DESC, number DESC LIMIT 1")[0]
    people = [
        str(login)
        for login, roles in team.look("SELECT login, roles FROM user_account")
        if login in ("li", "ann", "bob", "wang", "tec") and set(json.loads(str(roles))) <= SOME
    ]
    reads = [
        path for path, each in commands().items() if not each.writes and path not in LEFT_OUT and _bare(path, each)
    ]
    titles = {number: str(title) for number, title in team.look("SELECT id, title FROM deal")}
    merged = team.look("SELECT id, merged_into FROM deal WHERE standing = 'merged'")
    for user in _few(team, people, 2) if "[scope]" in str(text) else ():
        own = {number for (number,) in team.look(THEIRS.format(user))}
        for _ in merged:  # what was told of a deal is now of the one that it was merged into, or that one was
            own |= {number for number, into in merged if into in own}
        known = " ".join([ERASED, *(title for number, title in titles.items() if number in own)])
        unseen = [each for number, each in titles.items() if number not in own and len(each) > 6 and each not in known]
        for path in _few(team, reads, 25) if unseen else ():
            told = asked(team, f"{path} -o json", user)
            said = told.out + told.err
            leaks = [title for title in unseen if json.dumps(title, ensure_ascii=False)[1:-1] in said]
            require(leaks == [], f"scope {path}", (user, leaks, said))


def _bare(path: str, command: Any) -> bool:
    """Whether it is of somebody, and asks for nothing."""
    return not path.startswith(FOR_ALL) and not any(param.required for param in command.params)


CHECKS: tuple[Callable[[Team], None], ...] = (sound, past_is_present, sums_agree, changes_add_up, seen_is_theirs)


def dear(team: Team) -> None:
    """Raises `Broken`."""
    for check in CHECKS:
        try:
            check(team)
        except (ValueError, KeyError, TypeError) as error:
            raise Broken(check.__name__, repr(error)) from error
