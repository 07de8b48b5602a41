"""A team on a file and on a server, its people, papers and clock; and what a word of a line may be, as it stands."""

import random
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import policies_drawn
from command_line import Answer, InProcess
from policies_drawn import NAMED, STAGES
from words_drawn import filled

PEOPLE = {
    "boss": "",
    "wang": "--role manager --manager boss",
    "mia": "--role manager --manager boss",
    "li": "--manager wang",
    "ann": "--manager wang --zone America/New_York",
    "bob": "--manager mia",
    "fin": "--role finance",
    "law": "--role legal",
    "tec": "--role tech",
    "tic": "--role tech --manager mia",
    "bot": "--role service --zone UTC",
}
"""Who is there from the start, and how each is added; the first made the database."""
OWNERS = ("li", "ann", "bob", "fin", "tec")
"""Who has a deal from the start: people who sell, and two who are asked for approval."""
ZONES = ("Asia/Shanghai", "America/New_York")
PREFIXES = {
    "D": "deal", "C": "customer", "P": "contact", "R": "request", "T": "task", "A": "activity", "G": "delegation",
    "S": "proposal", "Y": "payment", "X": "file", "M": "alike",
}  # fmt: skip
"""How ids begin → the table of such things."""
POLICIES = 4
"""Files of policies that lie about; the last of them is wrong."""
BEGINS = datetime.fromisoformat("2026-03-02T09:30:00+08:00")
MAPPING = (
    'system = "old"\n[fields]\nexternal_id = "id"\ntitle = "name"\n'
    'stage = "stage"\nowner = "owner"\namount = "amount"\n'
)
MAIL = (
    "From: Kim <kim@example.com>\nMessage-ID: <{id}@example.com>\nSubject: {subject}\n\n确认报价, the price is fine\n"
)


@dataclass(frozen=True)
class Line:
    """What somebody types, when and where."""

    user: str
    now: str
    tz: str
    lang: str
    words: tuple[str, ...]
    signed: bool = False
    """Whether the PIN is given."""

    @property
    def env(self) -> dict[str, str]:
        told = {"OPP_USER": self.user, "OPP_NOW": self.now, "OPP_TZ": self.tz, "OPP_LANG": self.lang}
        return told | ({"OPP_PIN_FILE": f"{self.user}.pin"} if self.signed else {})


@dataclass
class Team:
    """Folders of the same files, a database for each; the first is looked into for what there is."""

    seed: str
    opps: list[InProcess]
    look: Callable[[str], list[tuple[object, ...]]]
    """Asks the first database in SQL."""
    now: datetime = BEGINS
    fresh: int = 0
    lang: str = ""
    rows: dict[str, list[tuple[object, ...]]] = field(default_factory=dict)
    """What was asked since somebody typed something."""

    def typed(self, line: Line) -> list[Answer]:
        """What each of them answers."""
        self.rows.clear()
        return [opp(*line.words, env=line.env) for opp in self.opps]

    def ids(self, table: str) -> list[int]:
        return [int(str(row[0])) for row in self.asked(f"SELECT id FROM {table} ORDER BY id")]

    def asked(self, sql: str) -> list[tuple[object, ...]]:
        if sql not in self.rows:
            self.rows[sql] = self.look(sql)
        return self.rows[sql]


def signing(seed: str) -> bool:
    """Whether this team has PINs, and policies that ask for them."""
    return random.Random(f"{seed} signing").random() < 0.2


def papers(seed: str, lang: str) -> dict[str, str]:
    """Name → text of each file that lies about."""
    dice = random.Random(f"{seed} papers")
    stages = [name for name, _ in STAGES[lang]]
    rows = [
        f"x{n},旧{n},{dice.choice((*stages, 'Nowhere'))},{dice.choice(('li', 'ann', 'nobody'))},{n}000"
        for n in range(4)
    ]
    found = {f"p{number}.toml": policies_drawn.drawn(dice, lang) for number in range(1, POLICIES)}
    if signing(seed):
        found |= {name: found[name] + '\n[identity]\nproof = "pin"\n' for name in ("p2.toml", "p3.toml")}
    found |= {
        f"p{POLICIES}.toml": found["p1.toml"].replace("[policy]", "[policy]\nnonsense = 1"),
        "deals.csv": "\n".join(["id,name,stage,owner,amount", *rows, ""]),
        "people.csv": "name\nNeu\nZoé\n",
        "deals.toml": MAPPING,
        "people.toml": 'kind = "users"\n[fields]\nname = "name"\n',
        "lines.csv": "品名,数量,单价,折扣\n培训,2,800,0\n咨询,1,1200.5,5\n",
        "asked.eml": MAIL.format(id="asked", subject="price"),
        "a.txt": "a file",
        "合同.txt": "合同",
    }
    for number in range(1, 6):
        found[f"D-{number}.eml"] = MAIL.format(id=number, subject=f"[D-{number}] 报价")
    for login in PEOPLE:
        found[f"{login}.pin"] = f"correct horse {login[::-1]}\n"
    return found


def begun(team: Team, lang: str) -> list[Line]:
    """What is typed before anything else: the database, its people, some things."""
    team.lang = lang
    for opp in team.opps:
        for name, text in papers(team.seed, lang).items():
            path = Path(opp.folder) / name
            path.write_text(text, encoding="utf-8")
            path.chmod(0o600)
    typed = ["boss init --policy p1.toml", *(f"boss user add {who} {how}" for who, how in PEOPLE.items() if how)]
    typed += ["boss price set P-1 --list 1000 --cost 400 --floor 700"]
    typed += [f"{who} add '商机 of {who}' --customer '{who} Ltd' --amount 120000 --set discount=12" for who in OWNERS]
    typed += ["li contact add Kim --customer 'li Ltd' --email kim@example.com"]
    typed += [f"{who} user pin --new-file {who}.pin" for who in PEOPLE] if signing(team.seed) else []
    words = [shlex.split(line) for line in typed]
    return [Line(who, team.now.isoformat(), ZONES[0], lang, tuple(line)) for who, *line in words]


class Drawing:
    """What stands for `{…}` in a recipe."""

    def __init__(self, team: Team, dice: random.Random) -> None:
        self.team, self.dice = team, dice

    def __call__(self, name: str) -> str:
        """A word of this kind. What there is nothing special about is one of a few."""
        if name in PREFIXES:
            return self.thing(name)
        made = getattr(self, f"_{name}", None)
        if made is not None:
            return str(made())
        return filled(self.dice.choice(FEW[name]), self)

    def thing(self, prefix: str) -> str:
        """An id that is there, of what came last more often; or one that is not, or of something else."""
        if self.dice.random() < 0.04:
            return self.dice.choice((f"{prefix}-999", "C-1", "x", "D-1", f"{prefix}-"))
        ids = self.team.ids(PREFIXES[prefix])
        if not ids:
            return f"{prefix}-1"
        return f"{prefix}-{self.dice.choice(ids[-3:] if self.dice.random() < 0.5 else ids)}"

    def _any(self) -> str:
        return self.thing(self.dice.choice(tuple(PREFIXES)))

    def _e(self) -> str:
        found = self.team.asked("SELECT max(seq) FROM journal")
        last = int(str(found[0][0] or 1))
        return f"e{max(1, last - self.dice.randrange(12))}"

    def _login(self) -> str:
        return self.dice.choice((*PEOPLE, *PEOPLE, "neu", "nobody"))

    def _fresh(self) -> str:
        self.team.fresh += 1
        return str(self.team.fresh)

    def _type(self) -> str:
        """A kind of request of the policy in force, mostly."""
        (text,) = self.team.asked("SELECT text FROM policy ORDER BY applied_at DESC, number DESC LIMIT 1")[0]
        known = re.findall(r'^\[type\."(.+?)"\]', str(text), re.MULTILINE)
        return str(self.dice.choice(known if known and self.dice.random() < 0.9 else ("quote", "risk", "nothing")))

    def _title(self) -> str:
        return f"{self.dice.choice(('商机', 'deal', 'Über $(x)', '-x', '[red]b'))} {self._fresh()}"

    def _stage(self) -> str:
        return self.dice.choice((*(name for name, _ in STAGES[self.team.lang]), "Nowhere"))

    def _date(self) -> str:
        day = self.team.now + timedelta(days=self.dice.randrange(-10, 60))
        return self.dice.choice((f"{day:%Y-%m-%d}", f"{day:%Y-%m-%d}", "+3d", "tomorrow", "下周五", "10/11/2026"))

    def _when(self) -> str:
        return (self.team.now + timedelta(hours=self.dice.randrange(-72, 2))).isoformat(timespec="minutes")

    def _past(self) -> str:
        return (self.team.now - timedelta(hours=self.dice.randrange(100))).isoformat()

    def _end(self) -> str:
        return f"{self.team.now + timedelta(days=self.dice.randrange(1, 20)):%Y-%m-%d}"

    def _month(self) -> str:
        return self.dice.choice((f"{self.team.now:%Y-%m}", f"{self.team.now:%Y-%m}", "next-month", "2026Q2", "x"))

    def _file(self) -> str:
        return self.dice.choice(("a.txt", "合同.txt", "lines.csv", "gone.txt"))

    def _role(self) -> str:
        return self.dice.choice(("sales", "manager", "finance", "legal", "tech"))

    def _kind(self) -> str:
        return self.dice.choice(NAMED[self.team.lang])


FEW = {
    "money": ("5000", "120000", "80万", "1,250.50", "0", "600k", "900000", "x", "-5"),
    "text": ("因为", "because", "why not; $(x)", "good", "好", "[b]一行\nzwei"),
    "name": ("Acme", "精工", "Acme Ltd", "li Ltd", "Ann Li"),
    "firm": ("Acme", "li Ltd", "ann Ltd", "精工", "New {fresh} GmbH"),
    "mail": ("kim@example.com", "a@b.cn", "nonsense"),
    "number": ("1", "1", "2", "7"),
    "policy": ("p1.toml", "p2.toml", "p3.toml", "p4.toml", "lines.csv"),
    "step": ("s1", "s2", "s3", "nothing"),
    "columns": ("id", "id,title", "+version", "-id", "nothing"),
    "rename": ("Talks=Haggling", "谈判=磋商", "Quote=Offer", "Lead=Nowhere", "x"),
    "set": (
        "amount={money}", "discount=12", "discount=3", "margin=30", "payment_days=30", "tier=A", "tier=B",
        "region=East",
        "product=MES", "budget=yes", "need=no", "next_step=call", "next_step_on={date}", "phase=一", "people_days=4",
        "contact_mail={mail}", "category=commit", "probability=60", "expected_close={date}", "nothing=1", "amount=",
        "stage={stage}", "owner={login}", "competitor=Globex",
    ),
    "where": ("amount > 1000", "owner = li", "stage is not empty", "nothing = 1", "id > 1", "amount >"),
}  # fmt: skip
"""Kind of word → a few of them."""
