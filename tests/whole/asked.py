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
    env = {"OPP_USER": user, "OPP_NOW": team.now.isoformat(), "OPP_LANG": "en", "OPP_TZ": "Asia/Shanghai"}
    return (opp or team.opps[0])(line, env=env | ({"OPP_PIN_FILE": f"{user}.pin"} if signing(team.seed) else {}))


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


def seen_is_theirs(team: Team) -> None:
    """No read tells a title of a deal that `deals` of `opp sql` does not have for who asks."""
    titles = {f"D-{number}": str(title) for number, title in team.look("SELECT id, title FROM deal")}
    reads = [
        path for path, each in commands().items() if not each.writes and path not in LEFT_OUT and _bare(path, each)
    ]
    for user in _few(team, ("li", "ann", "bob", "wang", "tec"), 2):
        answer = asked(team, "sql 'select id from deals' -o json", user)
        if answer.code:
            continue
        own = {row["id"] for row in answer.json}
        counted = {
            f"D-{number}" for (number,) in team.look("SELECT id FROM deal WHERE standing IN ('live', 'archived')")
        }
        unseen = {titles[name] for name in counted - own}
        unseen -= {title for name, title in titles.items() if name in own}
        for path in _few(team, reads, 25) if unseen else ():
            told = asked(team, f"{path} -o json", user)
            leaks = [
                title
                for title in unseen
                if len(title) > 6 and json.dumps(title, ensure_ascii=False)[1:-1] in told.out + told.err
            ]
            require(leaks == [], f"scope {path}", (user, leaks, told.out, told.err))


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
