"""Databases as the programs of all past schemas wrote them, each by typing the same story as far as it knows it.

`python tests/store/past.py` keeps that of the checkout in databases/NNNN.sql.xz; with a folder, that of an older
program there. A migration comes with the database of its schema, and leaves the older ones as they are. That of 0001,
whose program knew deals alone, is the program's of 0002, its rows in the tables of 0001.
"""

import lzma
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

HERE = Path(__file__).parent / "databases"
ROOT = Path(__file__).parents[2]
NOW = "2026-03-02T17:00:00+08:00"
LATER = "2026-04-01T10:00:00+08:00"
"""When the database is asked for its figures."""

POLICY = """
[policy]
name = "Past"
currency = "CNY"
calendar = "cn"
fallback = "user:root"
[roles]
finance = []
[[stage]]
name = "Lead"
kind = "lead"
[[stage]]
name = "Offer"
probability = 50
target = "8h"
rotting = "40h"
[[stage]]
name = "Talks"
probability = 70
[[stage]]
name = "Won"
kind = "won"
[[stage]]
name = "Lost"
kind = "lost"
[fields.solution]
title = "Solution"
values = ["standard", "custom"]
[type.quote]
title = "Quote"
material = ["amount", "discount"]
[[type.quote.step]]
name = "Manager"
who = "manager"
sla = "4h"
[[type.quote.step]]
name = "Finance"
who = "role:finance"
[type.terms]
material = ["amount"]
[[type.terms.step]]
name = "Terms"
who = ["user:chen", "user:wang"]
rule = "all"
[gate]
Talks = ["quote"]
[calendar.cn]
timezone = "Asia/Shanghai"
mon_fri = ["09:00-12:00", "13:00-18:00"]
"""
SECTIONS = {
    "0013": (
        '[duplicates]\nimport = "flag"\nrule = [{ name = "name", of = "customer", same = ["name"] }, '
        '{ name = "deal", of = "deal", same = ["customer"] }]\n'
        '[[suggest]]\nto = "Talks"\nwords = ["send an offer"]\n'
    ),
    "0016": "[quote]\n",
    "0019": '[fact.credit]\ntype = "money"\n',
    "0020": '[contract]\nclauses = [{ name = "Payment", who = "user:chen" }]\n',
    "0021": '[type.away]\naway = ["packet"]\nmaterial = ["amount"]\n'
    '[[type.away.step]]\nname = "Away"\nwho = "user:chen"\n',
}
"""What else a policy may say since when."""
FILES = {
    "deals.csv": "id,stage,owner,amount\nA-1,Talks,li,70000\nA-2,Won,mei,90000\n",
    "deals.toml": 'system = "old"\n[fields]\nexternal_id = "id"\ntitle = "id"\n'
    'stage = "stage"\nowner = "owner"\namount = "amount"\n',
    "mail.eml": "From: kim@acme.example\nTo: li@team.example\nSubject: [D-1] price\n"
    "Date: Mon, 2 Mar 2026 10:00:00 +0800\n\nHow much?\n",
}
CHANNELS = '[notify.ops]\nkind = "command"\ncommand = ["false"]\n'
"""Letters are kept until somebody takes them; the first program had none."""
STORY = """
0001 root 02T09:00 init --policy policy.toml
0001 root 02T09:01 user add wang --role manager
0001 root 02T09:02 user add li --manager wang
0001 root 02T09:03 user add chen --role finance
0001 root 02T09:04 user add mei --manager wang
0001 root 02T09:05 user add gone --manager wang
0001 li   02T09:10 lead add 'Line 1' --customer Acme --amount 300000 --source expo
0001 li   02T09:11 lead add 'Line 2' --customer Beta --amount 500000
0001 li   02T09:12 lead add 'Line 3' --customer Acme --amount 1000
0001 mei  02T09:13 lead add '产线 4' --customer 上海精密
0001 gone 02T09:14 lead add 'Line 5'
0001 li   02T09:20 lead qualify D-1
0001 li   02T09:21 lead qualify D-2
0001 li   02T09:22 deal edit D-1 --set discount=5 --set solution=custom
0001 li   02T09:22 deal edit D-1 --set next_step=call --set next_step_on=2026-03-09
0001 li   02T09:23 deal edit D-2 --close 2026-03-31
0001 li   02T09:24 deal attach D-1 policy.toml --kind offer
0001 li   02T09:25 submit D-1 quote -m please
0001 li   02T09:26 submit D-2 quote
0001 wang 02T10:00 approve R-1 -m fine
0001 chen 02T11:00 approve R-1
0001 wang 02T11:01 request return R-2 -m 'too cheap'
0001 li   03T09:00 deal edit D-2 --set amount=550000
0001 li   03T09:01 request resubmit R-2 -m better
0001 li   03T09:02 advance D-1
0001 li   03T09:03 win D-1
0001 li   03T09:04 lose D-3 --reason price
0001 mei  03T09:05 submit D-4 quote
0001 wang 03T10:00 request reject R-3 -m 'no amount'
0001 li   03T10:01 submit D-2 terms
0001 chen 03T11:00 approve R-4
0001 wang 03T12:00 delegate add --to mei --start 2026-03-09 --end 2026-04-09
0001 root 03T13:00 import deals.csv --mapping deals.toml
0001 root 03T13:30 user deactivate gone --successor wang
0001 root 04T13:00 tick
0002 root 04T13:01 notices send
0001 li   04T14:00 deal edit D-2 --set title='Line 2b'
0007 root 04T14:01 withdraw D-4 -m mistyped
0010 root 04T15:00 user pin li --code
0011 li   04T15:01 view save mine -- ls --owner me
0011 root 04T15:02 import deals.csv --mapping deals.toml
0013 li   05T09:00 contact add 'Kim Doe' --customer Acme --email kim@acme.example
0013 li   05T09:01 contact add 'Kim Do' --customer Acme
0013 li   05T09:02 note D-2 'mail: send an offer, they said'
0013 li   05T09:03 task add 'send samples' --for D-2 --due 2026-03-12 --to mei
0013 li   05T09:04 notices watch D-2
0013 wang 05T09:05 notices watch C-1
0013 li   05T09:06 deal link D-2 mei --role presales
0013 li   05T09:06 deal link D-2 P-1 --role buyer
0013 li   05T09:07 deal rival D-2 Globex
0013 li   05T09:08 mail mail.eml
0013 li   05T09:09 lead add 'Line 2b' --customer 'Beta Ltd' --amount 550000
0013 wang 05T09:10 customer add Acme --anyway -m 'another plant'
0013 li   05T09:11 lead add 'Line 1c' --customer C-1
0014 li   06T09:00 payment plan D-2 --part rest:2026-12-31
0014 root 06T09:01 payment received D-2 5000
0015 root 06T10:00 rate add EUR CNY 7.82
0016 root 06T11:00 price set P-100 --list 68000 --floor 57000 --cost 41000 --tax 13
0016 li   06T11:01 quote line D-2 --sku P-100 --qty 2
0018 wang 06T12:00 request ask R-4 -m 'which terms?'
0018 li   06T12:01 request reply R-4 -m 'thirty days'
0018 wang 06T12:02 approve R-4 --condition 'in writing'
0019 root 06T13:00 fact set C-1 credit=500000
0020 li   06T14:00 contract add D-2 policy.toml --amount 550000
0020 chen 06T14:01 contract clause D-2 Payment --ok
0021 li   06T15:00 submit D-2 away
0021 root 06T15:01 request packet R-5 --for chen -O packet.html
0022 root 06T16:00 cost add expo 2026-03 5000
0023 li   07T09:00 deal edit D-2 --set category=commit
0024 root 07T09:01 target set li 2026-03 won_amount 100000/120000
0025 root 07T09:02 view save letter --every 'mon 08:00' --to role:manager -- ls
0026 root 07T09:03 points give li 5 --kind training -m 'showed it'
0027 wang 07T09:04 forecast adjust D-2 --amount 400000 -m 'half of it'
0028 root 07T09:05 forecast submit 2026-03
0001 root 30T09:00 tick
"""
"""Since which schema, who, on which day of March 2026, what."""
FIGURES = ("ls --csv", "report funnel --csv", "report overdue --csv", "request list --csv")
"""What the old program is asked for at the end, kept beside what it wrote."""


def typed(program: Path, folder: Path, who: str, now: str, line: str) -> str:
    """What the program in that folder answers; refuses where it refuses."""
    import shlex

    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "PYTHONPATH": os.pathsep.join([str(program), *(path for path in sys.path if path.endswith("site-packages"))]),
        "LC_ALL": "C.UTF-8",
        "OPP_LANG": "en",
        "OPP_DB": str(folder / "opp.db"),
        "OPP_USER": who,
        "OPP_NOW": now,
        "OPP_TZ": "Asia/Shanghai",
        "PAGER": "cat",
    }
    done = subprocess.run(
        [sys.executable, "-m", "oppcli", *shlex.split(line)],
        env=env, cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    if done.returncode and line not in ("tick", "notices send"):
        raise SystemExit(f"{line} -> {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def written(program: Path, schema: str, folder: Path) -> str:
    """What the program of that schema makes of the story, as SQL, its figures in comments at the end."""
    policy = POLICY + "".join(more for since, more in SECTIONS.items() if since <= schema)
    channels = {"config/opp/config.toml": CHANNELS} if schema > "0001" else {}
    for name, text in {**FILES, **channels, "policy.toml": policy}.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
        place.chmod(0o600)
    for step in STORY.strip().splitlines():
        since, who, when, line = step.split(maxsplit=3)
        if since <= schema:
            typed(program, folder, who, f"2026-03-{when}:00+08:00", line)
    told = [(line, typed(program, folder, "root", LATER, line)) for line in FIGURES]
    with closing(sqlite3.connect(folder / "opp.db")) as file:
        sql = "\n".join(file.iterdump())
    figures = "".join(f"--- {line}\n" + "".join(f"-- {row}\n" for row in text.splitlines()) for line, text in told)
    return f"{sql}\n{figures}"


def kept(schema: str) -> str:
    """The database of that schema as SQL."""
    return lzma.decompress((HERE / f"{schema}.sql.xz").read_bytes()).decode()


def figures(schema: str) -> Iterator[tuple[str, str]]:
    """What the program of that schema was asked, and what it answered."""
    for part in kept(schema).rpartition("\nCOMMIT;\n")[2].removeprefix("--- ").split("\n--- "):
        line, _, rows = part.partition("\n")
        yield line, "".join(f"{row.removeprefix('-- ')}\n" for row in rows.splitlines())


def load(schema: str, target: Path) -> Path:
    """Make the file that the program of that schema wrote."""
    with closing(sqlite3.connect(target)) as file:
        file.executescript(kept(schema))
    target.chmod(0o600)
    return target


def main(program: Path) -> None:
    source = (program / "oppcli" / "store" / "version.py").read_text(encoding="utf-8")
    schema = source.partition('SCHEMA = "')[2][:4]
    with tempfile.TemporaryDirectory() as folder:
        sql = written(program, schema, Path(folder))
    HERE.mkdir(exist_ok=True)
    (HERE / f"{schema}.sql.xz").write_bytes(lzma.compress(sql.encode(), preset=9))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else ROOT)
