"""What is typed and killed: each verb that writes, who types it, and what has to be done before."""

import itertools
from pathlib import Path
from typing import NamedTuple

from command_line import InProcess
from matrix import ASKED, FREE, FREE_LOST, LINES, PLAIN, allowed, team


class Typed(NamedTuple):
    """A line, who types it, and lines that root typed before."""

    who: str
    line: str
    before: tuple[str, ...] = ()


MORE = {
    "bundle": Typed("root", f"bundle {ASKED} -O big.zip"),
    "config set": Typed("root", "config set date.order dmy"),
    "config unset": Typed("root", "config unset wait", ("config set wait 5",)),
    "deal unlink": Typed("root", f"deal unlink {PLAIN} P-1", (f"deal link {PLAIN} P-1",)),
    "init": Typed("root", "init --policy policy.toml"),
    "lead qualify": Typed("root", f"lead qualify {FREE}"),
    "lead reject": Typed("root", f"lead reject {FREE} --reason price"),
    "notices mute": Typed("han", "notices mute cc"),
    "notices read": Typed("han", "notices read"),
    "notices retry": Typed("root", "notices retry"),
    "quote edit terms": Typed("root", f"quote edit {ASKED} --terms 现款"),
    "quote revise": Typed("root", f"quote revise {ASKED}"),
    "quote set": Typed("root", f"quote set {ASKED} lines.csv"),
    "quote use": Typed("root", f"quote use {ASKED}", (f"quote revise {ASKED}", f"quote line {ASKED} 1 --price 5")),
    "undo": Typed("li", "undo", ()),
    "withdraw": Typed("root", f"withdraw {PLAIN} -m 重复"),
    "restore": Typed("root", f"restore {PLAIN}", (f"withdraw {PLAIN} -m 重复",)),
    "audit anchor": Typed("root", "audit anchor --append anchors.txt"),
    "export": Typed("root", "export deals -O deals.csv"),
    "report": Typed("root", "report list -O reports.json"),
    "several": Typed("root", f"deal edit {ASKED} {PLAIN} {FREE} {FREE_LOST} --source 展会"),
    "rejects": Typed("root", "import wrong.csv --mapping deals.toml --rejects no.csv"),
    "tick later": Typed("root", "--now 2026-05-04T10:00:00+08:00 tick"),
    "restore erased": Typed("root", "db restore team.backup -y", ("customer erase C-1 -y -m 客户要求",)),
    "restore other": Typed("root", "db restore team.backup -y --other"),
    "user pin": Typed("li", "user pin --new-file new.pin"),
    "maildir": Typed("root", "mail box"),
}
"""What the matrix of people and verbs does not tell, or in another way."""
ELSEWHERE = {"login", "lock", "policy edit", "db upgrade"}
"""They want a terminal, whose session is a file of one's own; an old database, which a test of its own makes."""


def made(opp: InProcess) -> dict[str, Typed]:
    """Make the team with something for every verb; every line, by its name."""
    given = team(opp)
    folder = Path(opp.folder)
    (folder / "lines.csv").write_text("品名,数量,单价\n培训,2,800\n", encoding="utf-8")
    (folder / "wrong.csv").write_text("id,stage,owner,amount,with,why\nx,方案,sun,5,,\ny,方案,sun,much,,\n", "utf-8")
    (folder / "new.pin").write_text("correct horse battery\n", encoding="utf-8")
    (folder / "new.pin").chmod(0o600)
    for name in ("new", "cur", "tmp"):
        (folder / "box" / name).mkdir(parents=True)
    for n, deal in itertools.product((1, 2), (ASKED, PLAIN)):
        text = f"From: kim@example.com\nMessage-ID: <{deal}.{n}@x>\nSubject: [{deal}] {n}\n\n多少钱？"
        (folder / "box" / "new" / f"{deal}.{n}").write_text(text, "utf-8")
    opp.ok(f"deal edit {PLAIN} --title 改过", user="li")
    lines = {name: Typed(*allowed(name, given)) for name in LINES}
    lines["unmerge"] = lines["unmerge"]._replace(before=(allowed("merge", given)[1],))
    return lines | MORE
