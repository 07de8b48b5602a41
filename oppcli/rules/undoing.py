"""What a run may take back: which acts an undo reverses, which never, and the verb that helps instead."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from oppcli.model.command import BLANK, Command, command
from oppcli.model.journal import Entry
from oppcli.model.records import LIVE
from oppcli.model.refs import named, ref
from oppcli.model.units import DAY_MS
from oppcli.tuples import NamedTuple

YOUNG_MS = DAY_MS
"""How long the mover may take a move back, the creator what they made, the importer a file."""
REVERSED = {
    "deal": {
        *("create", "edit", "assign", "claim", "return", "advance", "lose", "reopen", "withdraw", "restore", "archive"),
        *("link", "unlink", "rival", "rename", "undo", "import"),
    },
    "contact": {"create", "edit", "rename", "withdraw", "restore", "undo", "import"},
    "customer": {
        *("create", "edit", "assign", "claim", "return", "protect", "rename", "withdraw", "restore", "undo", "import"),
    },
    "file": {"create", "withdraw", "restore", "undo"},
    "task": {"create", "edit", "done", "cancel", "waive", "decline", "withdraw", "restore", "undo", "import"},
    "activity": {"create", "edit", "withdraw", "restore", "undo", "import"},
    "proposal": {"create", "accept", "decline", "undo"},
    "mapping": {"create", "edit", "withdraw", "undo", "import"},
    "view": {"create", "edit", "withdraw", "undo"},
    "match": {"keep", "undo"},
    "rate": {"create", "edit", "undo"},
    "cost": {"create", "edit", "undo"},
    "target": {"create", "edit", "undo"},
    "judgement": {"create", "edit", "withdraw", "undo"},
    "price": {"create", "edit", "undo", "import"},
    "quote": {"create", "edit", "revise", "use", "undo"},
    "contract": {"create", "edit", "clause", "undo"},
}
FOLLOWED = {
    "request": {"deal changed", "deal lost", "deal withdrawn", "undo"},
    # That two records may be one is looked up again whenever they are written.
    "match": {"create"},
    # What is computed is computed anew.
    "deal": {"score", "tier"},
    "customer": {"tier"},
    "task": {"conflict", "conflict ended"},
}
"""What came of it: an undo has consequences of its own."""
PASSED_OVER = ("refused", "notice")
TOLD = ("notice", "delivery")
"""What tells of a change, and goes with it."""
MOVE = ("stage", "closed_at", "last_open_stage", "close_reason", "close_detail")
"""With the visits, what a move through the stages changes; it is taken back whole or not at all."""
ALWAYS_NEW = ("updated_at", "version")
_REQUESTS = {"approve": "withdraw", "submit": "recall", "resubmit": "recall"}


class Net(NamedTuple):
    """What a run did to one thing, in sum: path → (before it, after it)."""

    noun: str
    key: str
    changes: dict[str, tuple[Any, Any]]
    entries: tuple[Entry, ...]

    @property
    def made(self) -> bool:
        """Whether the run made it."""
        return self.entries[0].action == "create" or "noun" in self.changes

    @property
    def moved(self) -> bool:
        """Whether it went to another stage."""
        return not self.made and "stage" in self.changes

    @property
    def name(self) -> str:
        """`D-142`."""
        return self.key if self.noun == "user" else named(self.noun, self.key[:12])


def nets(entries: Iterable[Entry]) -> list[Net]:
    """What these entries did to each thing, in the order of their first entry."""
    found: dict[tuple[str, str], Net] = {}
    for entry in entries:
        if entry.action in (*PASSED_OVER, *FOLLOWED.get(entry.noun, ())) or entry.noun in TOLD:
            continue
        here = found.setdefault((entry.noun, entry.noun_id), Net(entry.noun, entry.noun_id, {}, ()))
        for path, pair in entry.changes.items():
            # `live` is what a thing is that says nothing of its standing.
            old, new = (None if path == "standing" and value == LIVE else value for value in pair)
            here.changes[path] = (here.changes[path][0] if path in here.changes else old, new)
        found[entry.noun, entry.noun_id] = here._replace(entries=(*here.entries, entry))
    return list(found.values())


def of_move(path: str) -> bool:
    """Whether a path belongs to a move through the stages."""
    return path in MOVE or path.startswith("visits.")


def reversible(entry: Entry) -> bool:
    """Whether an undo reverses this, or has consequences of its own in its place."""
    if entry.action in PASSED_OVER or entry.noun in TOLD:
        return True
    return entry.action in REVERSED.get(entry.noun, ()) or entry.action in FOLLOWED.get(entry.noun, ())


def instead(entry: Entry) -> Command:
    """The verb that helps where an undo does not."""
    key = entry.noun_id
    if entry.noun == "contract":
        return command("contract", "add", ref("deal", int(key)), "FILE", ready=False)
    if entry.noun == "quote":
        return command("quote", "revise", ref("quote", int(key)), "--from", "N", ready=False)
    if entry.noun == "request":
        name = ref("request", int(key))
        verb = _REQUESTS.get(entry.action)
        return command("request", verb, name) if verb else command("request", "show", name)
    if entry.noun == "user" and entry.action == "login":
        return command("lock")
    if entry.noun == "user" and entry.action in ("pin", "code"):
        return command("user", "pin")
    if entry.noun == "user" and entry.action == "create" and key == entry.actor:
        return command("db", "path")  # the database began so
    if entry.noun == "user":
        verb = {"create": "deactivate", "deactivate": "reactivate", "reactivate": "deactivate"}.get(
            entry.action, "edit"
        )
        return command("user", verb, key)
    if entry.noun == "delegation":
        over = entry.action == "end"
        return command("delegate", "list") if over else command("delegate", "end", ref("delegation", int(key)))
    if entry.noun == "payment":
        name = ref("payment", int(key))
        made = entry.action in ("create", "import")
        return command("payment", "void", name, "-m", BLANK) if made else command("show", name)
    if entry.noun == "point":
        return command("points", "give", "LOGIN", "--kind", "K", "-m", BLANK, "--", "-N", ready=False)
    if entry.noun == "forecast":
        _, month = entry.changes.get("month", (None, "MONTH"))
        return command("forecast", "submit", month, ready=False)
    if entry.noun == "fact":
        return command("fact", "set", "C-…", "NAME=VALUE", ready=False)
    if entry.noun in ("policy", "stage"):
        return command("policy", "history")
    return command("db", "restore", "FILE", ready=False) if entry.noun == "database" else command("log")


def back(entries: Iterable[Entry]) -> Command | None:
    """The verb that takes a merge back, or makes one that was taken back again; None where these are neither."""
    told = [entry.meta for entry in entries]
    if merged := list(dict.fromkeys(str(meta["merged"]) for meta in told if "into" in meta)):
        return command("unmerge", *reversed(merged))
    apart = list(dict.fromkeys((str(meta["from"]), str(meta["unmerged"])) for meta in told if "unmerged" in meta))
    return command("merge", apart[0][0], *(name for _, name in apart)) if apart else None


def offer(run: int, entries: Iterable[Entry], *, reason: bool) -> Command | None:
    """`opp undo e318`, where all of it can be taken back; `reason`: only with one."""
    told = list(entries)
    if not all(map(reversible, told)) or not nets(told):
        return None
    return command("undo", f"e{run}", *(["-m", BLANK] if reason else []))


class Along(NamedTuple):
    """What else a run did, by which a thing of it is judged."""

    made: Collection[tuple[str, int]]
    """(noun, number) of its deals and contacts."""
    given: Collection[tuple[str, int]]
    """The same, with those that it gave another customer."""
    tasks: Collection[int]


def along(nets: Sequence[Net]) -> Along:
    """That of a run, by what it did to each thing."""
    numbered = [((net.noun, int(net.key)), net) for net in nets if net.noun in ("deal", "contact")]
    return Along(
        made={key for key, net in numbered if net.made},
        given={key for key, net in numbered if net.made or "customer_id" in net.changes},
        tasks={int(net.key) for net in nets if net.noun == "task"},
    )
