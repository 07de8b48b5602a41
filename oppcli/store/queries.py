"""Look-ups that commands need: people, deals, customers, policies, what waits for whom."""

from typing import Any

from oppcli.errors import NotFound, PolicyError
from oppcli.model.command import command
from oppcli.model.deals import CLOSED_KINDS, LIVE_KINDS
from oppcli.model.nouns import BY_WORD
from oppcli.model.records import COUNTED, LIVE, WITHDRAWN, folded
from oppcli.model.refs import belonging_to
from oppcli.model.requests import APPROVED, LIVE_STATES
from oppcli.model.said import say
from oppcli.store.doors import ReadDoor
from oppcli.store.patterns import LAST, like, quoted

COUNTS = f"standing IN {COUNTED}"  # what was withdrawn or merged is no candidate; a reference (`D-7`) finds it
LIVE_DEAL = f"d.standing = '{LIVE}' AND s.kind IN ({quoted(LIVE_KINDS)})"
"""Of `deal d` and `stage s`: under way and in the lists."""


def visible(door: ReadDoor, word: str, key: Any) -> bool:
    """Whether who asks may refer to a record. What is read through views is theirs anyhow; the write door is asked."""
    if door.sight is None or not door.true:
        return True
    from oppcli.store import scope

    return scope.visible(door, door.sight, BY_WORD[word], key)


def reporting(door: ReadDoor) -> list[tuple[str, str | None]]:
    """(login, manager) of everybody, those who left included."""
    return [(login, manager) for login, manager in door.rows("SELECT login, manager FROM user_account ORDER BY login")]


def policy_text(door: ReadDoor, hash: str | None = None) -> str:
    """The text of the applied policy, or of the one with this hash. Refuses when there is none."""
    if hash is None:
        return applied(door)[0]
    text = door.value("SELECT text FROM policy WHERE hash = :hash", hash=hash)
    if text is None:
        raise NotFound(say("there is no policy {hash}", hash=hash[:12]), hint=command("policy", "history"))
    return str(text)


POLICY_KEPT = "policy_kept"
"""What is kept of the applied policy beside its text (`policy.kept`)."""


def applied(door: ReadDoor) -> tuple[str, str]:
    """The text of the applied policy, and what was kept of it. Refuses when there is none."""
    kept = f"(SELECT value FROM meta WHERE key = '{POLICY_KEPT}')"
    row = door.one(f"SELECT text, {kept} FROM policy ORDER BY number DESC LIMIT 1")
    if row is None:
        raise PolicyError(say("no policy was applied yet"), hint=command("policy", "apply", "FILE", ready=False))
    return str(row[0]), row[1] or ""


OWN_FIELDS = "own_fields"
"""What follows from the applied policy and reads need at hand: [name, kind, title] of the team's own fields, as JSON;
the databases of before have no titles there until the policy is applied again."""

OWN_FIELDS_OF = "own_fields_of"
"""The same of customers and contacts, by noun; nothing where they never had any."""

RECKONED = "reckoned"
"""What lists of deals reckon with, of `[sheet]` and `[priority]`: weights, cost, factors of grades; nothing where the
policy never had either."""

LANGUAGE = "language"
"""What follows from it besides: the language of answers to who asks for no other (`store.version`)."""

MATCHING = "match_keys"  # what `[duplicates]` of it compares (`rules.duplicates.kept`), as JSON


def derived(door: ReadDoor, key: str) -> str | None:
    """What was kept beside a noun that it follows from (`WriteDoor.derive`); None where nothing was."""
    return door.value("SELECT value FROM meta WHERE key = :key", key=key)


def all_derived(door: ReadDoor, *keys: str) -> dict[str, str]:
    """The same of several keys, in one statement."""
    condition, given = door.any_of("key", "keys", list(keys))
    return {
        str(key): str(value) for key, value in door.rows(f"SELECT key, value FROM meta WHERE {condition}", keys=given)
    }


def applied_text(door: ReadDoor) -> str | None:
    """The text of the applied policy; None where none was applied yet."""
    return door.value("SELECT text FROM policy ORDER BY number DESC LIMIT 1")


def risks_told(door: ReadDoor) -> frozenset[str]:
    """The ids of the risks that somebody was told of."""
    rows = door.rows("SELECT DISTINCT step FROM notice WHERE kind = 'risk' ORDER BY step")
    return frozenset(id for (id,) in rows)


def deals_named(door: ReadDoor, text: str) -> list[tuple[int, str, str | None]]:
    """(id, title, customer) of the deals a name stands for: those of exactly this title or external id; else those
    whose title begins with it; else those that hold each of its words in title, customer or external id. Never a
    mixture. But for the first, width and case make no difference."""
    words = {f"word{place}": f"%{like(word)}%" for place, word in enumerate(folded(text).split())}
    held = "(deal.search_key LIKE :{0} ESCAPE '\\' OR coalesce(customer.search_key, '') LIKE :{0} ESCAPE '\\')"
    tries: tuple[tuple[str, dict[str, str]], ...] = (
        ("deal.title = :text OR deal.external_id = :text", {"text": text}),
        ("deal.search_key LIKE :text ESCAPE '\\'", {"text": f"{like(folded(text))}%"}),
        (" AND ".join(held.format(name) for name in words) or "1 = 0", words),
    )
    for condition, wanted in tries:
        rows = door.rows(
            "SELECT deal.id, deal.title, customer.name FROM deal LEFT JOIN customer ON customer.id = deal.customer_id "
            f"WHERE ({condition}) AND deal.{COUNTS} ORDER BY deal.id",
            **wanted,
        )
        if rows:
            return [(row[0], row[1], row[2]) for row in rows]
    return []


def customers_named(door: ReadDoor, key: str) -> list[tuple[int, str]]:
    """(id, name) of the customers whose folded name begins with `key`; else of those whose name holds it."""
    for pattern in (f"{like(key)}%", f"%{like(key)}%"):
        rows = door.rows(
            f"SELECT id, name FROM customer WHERE key LIKE :key ESCAPE '\\' AND {COUNTS} ORDER BY id", key=pattern
        )
        if rows:
            return [(row[0], row[1]) for row in rows]
    return []


def deals_changed_last(door: ReadDoor, most: int) -> list[tuple[int, str, str | None]]:
    """(id, title, customer) of the deals under way that were changed last, the latest first."""
    rows = door.rows(
        "SELECT deal.id, deal.title, customer.name FROM deal JOIN stage ON stage.id = deal.stage_id "
        "LEFT JOIN customer ON customer.id = deal.customer_id "
        f"WHERE stage.kind IN {LIVE_KINDS} AND deal.{COUNTS} ORDER BY deal.updated_at DESC, deal.id DESC LIMIT :most",
        most=most,
    )
    return [(row[0], row[1], row[2]) for row in rows]


MANY_CUSTOMERS = 5_000  # names that are read for one that is typed: 50 ms at most


def customer_names(door: ReadDoor, beginning: str) -> list[tuple[int, str, str]]:
    """(number, folded name, name) of every customer that keeps its name, merged ones too; where there are many, of
    those whose name begins so, found by the index."""
    kept, many = f"FROM customer WHERE standing <> '{WITHDRAWN}'", "(SELECT max(id) FROM customer) > :many"
    sql = (
        f"SELECT id, key, name {kept} AND id <= CASE WHEN {many} THEN 0 ELSE :many END UNION ALL "
        f"SELECT id, key, name {kept} AND {many} AND key >= :first AND key < :last"
    )
    given = {"many": MANY_CUSTOMERS, "first": beginning, "last": beginning + LAST}
    return sorted((row[0], row[1], row[2]) for row in door.rows(sql, **given))


def values_of(door: ReadDoor, column: str, besides: int) -> list[str]:
    """The texts that a column has on other deals."""
    sql = f"SELECT DISTINCT {column} FROM deal WHERE {column} IS NOT NULL AND id <> :besides AND {COUNTS}"
    return door.column(f"{sql} ORDER BY {column}", besides=besides)


def deals_with(door: ReadDoor, column: str, value: str) -> list[int]:
    """Ids of the deals whose column is this text."""
    return door.column(f"SELECT id FROM deal WHERE {column} = :value AND {COUNTS} ORDER BY id", value=value)


def types_asked(door: ReadDoor, deal_id: int) -> frozenset[str]:
    """The types of requests that wait for this deal, or were approved."""
    states = (*LIVE_STATES, APPROVED)
    rows = door.rows(
        f"SELECT type FROM request WHERE deal_id = :deal AND state IN {states} ORDER BY type", deal=deal_id
    )
    return frozenset(row[0] for row in rows)


def same_title(door: ReadDoor, title: str, customer_id: int | None, *, besides: int) -> list[int]:
    """Ids of other deals with this title and customer."""
    of = {} if customer_id is None else {"customer": customer_id}
    whose = "customer_id = :customer" if of else "customer_id IS NULL"
    sql = f"SELECT id FROM deal WHERE title = :title AND {whose} AND id <> :besides AND {COUNTS} ORDER BY id"
    return door.column(sql, title=title, besides=besides, **of)


def deals_titled(door: ReadDoor, titles: list[str]) -> list[int]:
    """Ids of the deals whose folded title is one of these."""
    where = "instr" if door.dialect == "sqlite" else "strpos"
    title = f"substr(search_key, 1, {where}(search_key || :end, :end) - 1)"
    condition, wanted = door.any_of(title, "titles", titles)
    return door.column(f"SELECT id FROM deal WHERE {condition} AND {COUNTS} ORDER BY id", titles=wanted, end="\n")


def belongings(door: ReadDoor, deal_id: int) -> tuple[tuple[str, str], ...]:
    """(noun, id) of a deal and of everything that belongs to it, as the journal names them."""
    found = [("deal", str(deal_id))]
    for noun in belonging_to("deal"):
        rows = door.rows(f"SELECT id FROM {noun.table} WHERE deal_id = :deal_id ORDER BY id", deal_id=deal_id)
        found += [(noun.word, str(row[0])) for row in rows]
    return tuple(found)


def newest_deal(door: ReadDoor) -> int:
    """The highest number of a deal; 0 when there is none."""
    return int(door.value("SELECT max(id) FROM deal") or 0)


def newest_policy(door: ReadDoor) -> str | None:
    """The hash of the applied policy; None before the first."""
    return door.value("SELECT hash FROM policy ORDER BY number DESC LIMIT 1")


def kept_beside(door: ReadDoor) -> list[str]:
    """What each deal that counts keeps beside its columns, as JSON; none of those that keep nothing there."""
    return door.column(f"SELECT extra FROM deal WHERE {COUNTS} AND extra <> '{{}}'")


def deals_per_stage(door: ReadDoor) -> dict[int, int]:
    """Stage id → how many deals that count are in it, for stages that hold any."""
    return dict(door.rows(f"SELECT stage_id, count(*) FROM deal WHERE {COUNTS} GROUP BY stage_id"))


def deals_per_end(door: ReadDoor) -> dict[int, int]:
    """Id of a won or lost stage → how many deals that count are in it or ever were, for stages that had any."""
    ended = f"SELECT id FROM stage WHERE kind IN ({quoted(CLOSED_KINDS)})"
    been = "SELECT deal_id, v.stage_id FROM visit v JOIN deal d ON d.id = v.deal_id"
    return dict(
        door.rows(
            f"SELECT stage_id, count(*) FROM (SELECT id, stage_id FROM deal WHERE {COUNTS} UNION {been} "
            f"WHERE d.{COUNTS}) AS held WHERE stage_id IN ({ended}) GROUP BY stage_id"
        )
    )


def requests_by_older_rules(door: ReadDoor, hash: str) -> dict[int, tuple[int, ...]]:
    """Version of the policy → ids of the live requests that were submitted under it, for every version but the one
    with this hash; the newest version first."""
    rows = door.rows(
        "SELECT policy.number, request.id FROM request JOIN policy ON policy.hash = request.policy "
        f"WHERE request.state IN ({quoted(LIVE_STATES)}) AND request.policy <> :hash "
        "ORDER BY policy.number DESC, request.id",
        hash=hash,
    )
    found: dict[int, tuple[int, ...]] = {}
    for version, number in rows:
        found[version] = (*found.get(version, ()), number)
    return found


def known_as(door: ReadDoor, noun: str, text: str) -> str | None:
    """The key by which the journal knows what people call so: a stage by its name, a policy by the beginning of its
    hash; everything else is called by its key. None when nothing is called so."""
    if noun == "stage" and not text.isdecimal():
        number = door.value("SELECT id FROM stage WHERE name = :name", name=text)
        return None if number is None else str(number)
    if noun == "policy":
        return door.value("SELECT hash FROM policy WHERE hash LIKE :hash ORDER BY number DESC LIMIT 1", hash=f"{text}%")
    return text


def heard_of(door: ReadDoor, noun: str, key: str) -> bool:
    """Whether the journal has an entry of this thing."""
    if noun == "entry":
        return door.one("SELECT 1 FROM journal WHERE seq = :seq", seq=int(key)) is not None
    sql = "SELECT 1 FROM journal WHERE noun = :noun AND noun_id = :key LIMIT 1"
    return door.one(sql, noun=noun, key=key) is not None


def counts(door: ReadDoor) -> tuple[int, int]:
    """How many deals and how many requests there are."""
    deals, requests = door.rows("SELECT (SELECT count(*) FROM deal), (SELECT count(*) FROM request)")[0]
    return deals, requests


def health(door: ReadDoor) -> tuple[str, str | None]:
    """The engine's version, and what SQLite's quick check says of the file; a server looks after itself."""
    if door.dialect != "sqlite":
        return str(door.rows("SHOW server_version")[0][0]), None
    version = str(door.rows("SELECT sqlite_version()")[0][0])
    return version, str(door.rows("PRAGMA quick_check(1)")[0][0])


_USED = {
    "source": "SELECT 1 FROM deal WHERE source = :text LIMIT 1",
    "type": "SELECT 1 FROM request WHERE type = :text LIMIT 1",
    "tags": "SELECT 1 FROM deal WHERE tags LIKE :tag ESCAPE '\\' LIMIT 1",
}


def in_use(door: ReadDoor, column: str, text: str) -> bool:
    """Whether a record has exactly this source, type of request, or tag."""
    if column != "tags":
        return door.one(_USED[column], text=text) is not None
    import json

    return door.one(_USED[column], tag=f"%{like(json.dumps(text, ensure_ascii=False))}%") is not None
