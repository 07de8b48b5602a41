"""Under a scope each person reads what is theirs to see, with all that goes with it, and nothing else; on both engines
alike. The write door sees the truth, and says of a thing whether it may be referred to."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import made
import pytest

from oppcli import store
from oppcli.model.deals import Customer, Deal, File
from oppcli.model.journal import Stamp
from oppcli.model.notices import Notice
from oppcli.model.people import Delegation, User
from oppcli.model.records import ANY, SHOWN
from oppcli.model.requests import Decision, Holder, Request
from oppcli.model.sight import Sight
from oppcli.model.versions import PolicyVersion
from oppcli.store import queries
from oppcli.store.doors import ReadDoor, WriteDoor

HOUR = 3_600_000
NOW = 1_772_442_000_000
OWN, BOBS, NOBODYS, LEAVERS, SHARED, MADE_FOR_BOB, ASKED, COPIED, LENT, DECIDED = range(2, 12)
"""Deals by what ann has to do with them; the first one is of the request that all others are made from."""
SCOPED = PolicyVersion(
    hash="h", text="", name="", number=99, applied_at=0, applied_by="x", scope='{"scope": {"see": {}}}'
)
SECRET = "MARGIN-7341"


def sight(login: str, *owners: str, **more: Any) -> Sight:
    return Sight(login=login, now=NOW, whole=False, owners=(login, *owners), below=(login, *owners), wide=False, **more)


ANN, MIA = sight("ann"), sight("mia", "ann", "bob", "zoe")
EVERYBODY = ("wang", "li", "mia", "ann", "bob", "zoe", "dee", "cay")
CAY = Sight(login="cay", now=NOW, whole=True, owners=EVERYBODY, below=("cay",), wide=True)


@pytest.fixture
def team(db_url: str, stamp: Stamp) -> str:
    """Ten deals, each with a request, a file and a notice to its owner."""
    with store.open_write(db_url, stamp) as door:
        first = made.request(door)
        for login in ("mia", "ann", "bob", "zoe", "dee", "cay"):
            manager = "mia" if login in ("ann", "bob", "zoe") else None
            door.add(User(login=login, name=login.title(), manager=manager, email=f"{login}@example.com"))
        base = replace(door.get(Deal, first.deal_id), id=0, owner="bob", created_by="bob", collaborators=())
        _deals(door, base, first)
        door.add(SCOPED)
    return db_url


def _deals(door: WriteDoor, base: Deal, first: Request) -> None:
    owners = {OWN: "ann", NOBODYS: None, LEAVERS: "zoe"}
    for key in range(OWN, DECIDED + 1):
        customer = door.add(Customer(name=f"Customer {key}", key=f"c{key}", created_by="bob"))
        more: dict[str, Any] = {"collaborators": ("ann",)} if key == SHARED else {}
        if key == MADE_FOR_BOB:
            more["created_by"] = "ann"
        extra = {"secret": SECRET, "phone": "13812345678"}
        deal = replace(base, title=f"Deal {key}", owner=owners.get(key, "bob"), customer_id=customer.id, extra=extra)
        door.add(replace(deal, margin=734_100, **more))
        request = door.add(_request(first, key))
        door.add(File(deal_id=key, kind="k", name=f"f{key}", size=1, sha256="0" * 64, path="p", attached_by="bob"))
        kind = "cc" if key == COPIED else "opened"
        door.add(Notice(to="ann" if key == COPIED else "bob", kind=kind, request_id=request.id, deal_id=key))
    door.add(Delegation(frm="dee", to="ann", starts_at=NOW - HOUR, ends_at=NOW + HOUR))


def _request(first: Request, key: int) -> Request:
    """The request of a deal, whose only seat ann holds, or dee, or nobody that matters."""
    login = {ASKED: "ann", LENT: "dee"}.get(key, "bob")
    steps = tuple(
        replace(step, seats=tuple(replace(seat, holders=(Holder(login=login),)) for seat in step.seats))
        for step in first.steps
    )
    facts = {"amount": "1.00", "margin": "73.41", "secret": SECRET}
    revisions = tuple(replace(each, snapshot=facts) for each in first.revisions)
    voted = Decision(number=1, revision=1, step=1, seat=1, actor="ann", actor_name="Ann", verdict="approve", at=NOW)
    decisions = (voted,) if key == DECIDED else ()
    return replace(
        first, id=0, deal_id=key, submitted_by="bob", steps=steps, revisions=revisions, decisions=decisions, reason=None
    )


def looking(url: str, seen: Sight, standings: tuple[str, ...] = ANY) -> Any:
    return store.open_read(url, standings, me=seen.login, sight=lambda door: seen)


def ids(door: ReadDoor, column: str, table: str) -> set[int]:
    return {row[0] for row in door.rows(f"SELECT {column} FROM {table}")}


ANNS = {OWN, NOBODYS, SHARED, MADE_FOR_BOB, ASKED, COPIED, LENT, DECIDED}
THEIRS = {"ann": ANNS, "mia": set(range(OWN, DECIDED + 1))}
CHILDREN = (("deal_id", "visit"), ("deal_id", "file"), ("deal_id", "request"), ("deal_id", "notice"))


@pytest.mark.parametrize("way", ["one thing", "a list", "wide"])
@pytest.mark.parametrize("seen", [ANN, MIA], ids=["own", "team"])
def test_one_sees_ones_deals_and_what_goes_with_them(team: str, seen: Sight, way: str) -> None:
    with looking(team, seen._replace(wide=way == "wide"), SHOWN if way == "a list" else ANY) as door:
        theirs = THEIRS[seen.login]
        found = {table: ids(door, column, table) - {1} for column, table in (("id", "deal"), *CHILDREN)}
        assert found == dict.fromkeys(("deal", "visit", "file", "request", "notice"), theirs)
        assert len(door.rows("SELECT id FROM deal")) == len(ids(door, "id", "deal"))
        assert ids(door, "id", "request") == ids(door, "request_id", "holder") | {1} & ids(door, "id", "request")
        assert (
            ids(door, "request_id", "holder") == ids(door, "request_id", "step") == ids(door, "request_id", "revision")
        )
        assert {name for (name,) in door.rows("SELECT name FROM customer WHERE name LIKE 'Customer%'")} == {
            f"Customer {key}" for key in theirs
        }


def plan(door: ReadDoor, sql: str) -> str:
    return "; ".join(str(row[3]) for row in door.rows(f"EXPLAIN QUERY PLAN {sql}"))


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_what_a_team_sees_is_not_listed_anew_for_each_table_that_is_asked(team: str) -> None:
    """The deals of a team of ten are 50,000: listed once for a list, and for one thing not at all."""
    one = "SELECT h.login FROM request r JOIN holder h ON h.request_id = r.id JOIN step p ON p.request_id = r.id"
    with looking(team, MIA) as door:
        assert "LIST SUBQUERY" not in plan(door, f"{one} JOIN file f ON f.deal_id = r.deal_id WHERE r.id = 2")
        assert ids(door, "1", "sqlite_temp_master WHERE name = 'seen_every'") == set()
    with looking(team, MIA, SHOWN) as door:
        assert "LIST SUBQUERY" not in plan(door, "SELECT 1 FROM visit v JOIN file f ON f.deal_id = v.deal_id")
        assert "LIST SUBQUERY" not in plan(door, one.replace("request r JOIN", "request r CROSS JOIN"))


def test_who_sees_all_sees_all_and_everybody_all_people(team: str) -> None:
    with store.open_read(team) as door:
        whole = {table: len(door.rows(f"SELECT 1 FROM {table}")) for table in TABLES}
    with looking(team, CAY) as door:
        assert {table: len(door.rows(f"SELECT 1 FROM {table}")) for table in TABLES} == whole
    with looking(team, ANN) as door:
        assert len(door.find(User)) == whole["user_account"]


TABLES: tuple[str, ...] = (
    "deal",
    "visit",
    "file",
    "request",
    "step",
    "seat",
    "holder",
    "decision",
    "revision",
    "notice",
    "customer",
)
TABLES += ("journal", "user_account", "stage", "policy", "delegation", "delivery")


def test_a_delegate_sees_within_the_window_and_what_it_covers(team: str, stamp: Stamp) -> None:
    with looking(team, ANN._replace(now=NOW + 2 * HOUR)) as door:
        assert ids(door, "id", "deal") - {1} == ANNS - {LENT}
    with store.open_write(team, stamp) as door:
        before = door.find(Delegation)[0]
        door.save(before, replace(before, types=("other",)))
    with looking(team, ANN) as door:
        assert ids(door, "id", "deal") - {1} == ANNS - {LENT}


def test_who_follows_somebody_who_left_sees_what_they_submitted(team: str, stamp: Stamp) -> None:
    with store.open_write(team, stamp) as door:
        before = door.get(User, "zoe")
        door.save(before, replace(before, active=False, successor="dee"))
        request = door.find(Request, deal_id=BOBS)[0]
        door.save(request, replace(request, submitted_by="zoe"))
    with looking(team, sight("dee")) as door:
        assert BOBS in ids(door, "id", "deal")


def test_the_journal_tells_of_what_one_sees_and_of_ones_own_acts(team: str) -> None:
    with looking(team, ANN) as door:
        told = {(noun, key) for noun, key in door.rows("SELECT noun, noun_id FROM journal")}
    assert {int(key) for noun, key in told if noun == "deal"} - {1} == ANNS
    assert {noun for noun, _ in told} >= {"user", "policy", "request", "file", "customer"}
    assert not {key for noun, key in told if noun == "customer"} & {"3", "5"}
    with looking(team, sight("wang")) as door:  # who made it all sees what they did
        assert len(door.rows("SELECT 1 FROM journal")) > len(told)


def test_standing_and_scope_hold_together(team: str, stamp: Stamp) -> None:
    with store.open_write(team, stamp) as door:
        before = door.get(Deal, OWN)
        door.save(before, replace(before, standing="withdrawn"))
    with looking(team, ANN, SHOWN) as door:
        assert {ids(door, "id", "deal") == ids(door, "deal_id", "file") | {1} & ids(door, "id", "deal")} == {True}
        assert ids(door, "id", "deal") - {1} == ANNS - {OWN}
        assert ids(door, "deal_id", "request") - {1} == ANNS - {OWN}
    with looking(team, ANN) as door:
        assert OWN in ids(door, "id", "deal")


def test_hidden_fields_are_nowhere_but_with_who_is_asked(team: str) -> None:
    blind = ANN._replace(hidden=("margin", "secret"))
    with looking(team, blind) as door:
        assert door.rows("SELECT DISTINCT margin FROM deal") == [(None,)]
        assert "secret" not in door.get(Deal, OWN).extra
        assert door.get(Deal, OWN).extra["phone"] == "13812345678"
        shown = {request.deal_id: dict(request.revisions[0].snapshot) for request in door.find(Request)}
        texts = str(door.rows("SELECT changes, meta FROM journal"))
    assert {key for key, facts in shown.items() if "secret" in facts} == {ASKED, LENT, DECIDED}
    assert {key for key, facts in shown.items() if "margin" in facts} - {1} == {ASKED, LENT, DECIDED}
    assert (SECRET in texts, "734100" in texts, "73.41" in texts) == (False, False, False)


def test_who_sees_all_may_lack_a_field(team: str) -> None:
    with looking(team, CAY._replace(hidden=("margin",))) as door:
        assert door.rows("SELECT DISTINCT margin FROM deal") == [(None,)]
        assert len(door.rows("SELECT 1 FROM deal")) == 11


def test_masked_fields_are_whole_for_their_owner_and_whoever_is_above(team: str) -> None:
    partly = ANN._replace(masked=("phone", "email"))
    with looking(team, partly) as door:
        phones = {deal.id: deal.extra.get("phone") for deal in door.find(Deal)}
        emails = {user.login: user.email for user in door.find(User) if user.email}
    assert {phones[OWN], phones[SHARED]} == {"13812345678"}
    assert {phones[ASKED], phones[NOBODYS]} == {"138****5678"}
    assert (emails["ann"], emails["bob"]) == ("ann@example.com", "b***@example.com")
    with looking(team, MIA._replace(masked=("phone",))) as door:
        assert {deal.extra.get("phone") for deal in door.find(Deal) if deal.owner} - {None} == {"13812345678"}


def test_what_a_sentence_tells_of_a_hidden_field_is_its_name(team: str, stamp: Stamp) -> None:
    with store.open_write(team, stamp) as door:
        before = door.find(Request, deal_id=OWN)[0]
        door.save(before, replace(before, reason="margin 73.41 → 60.00, amount 1 → 2 after approval"))
    with looking(team, ANN._replace(hidden=("margin",))) as door:
        assert door.find(Request, deal_id=OWN)[0].reason == "margin, amount 1 → 2 after approval"
        assert "60.00" not in str(door.rows("SELECT changes FROM journal"))


def test_a_hidden_amount_is_in_no_sentence(team: str, stamp: Stamp) -> None:
    with store.open_write(team, stamp) as door:
        door.add(Notice(to="ann", kind="opened", deal_id=OWN, text="R-2, quote for D-2 Deal, CNY 800,000.00: go on"))
    with looking(team, ANN._replace(hidden=("amount",))) as door:
        assert "R-2, quote for D-2 Deal: go on" in {notice.text for notice in door.find(Notice)}
        assert "800,000" not in str(door.rows("SELECT changes FROM journal"))
        assert {deal.amount for deal in door.find(Deal)} == {None}


def test_the_write_door_says_what_may_be_referred_to(team: str, stamp: Stamp) -> None:
    with store.open_write(team, stamp) as door:
        assert {key for key in range(2, 12) if queries.visible(door, "deal", key)} == set(range(2, 12))
        door.sight = ANN
        assert {key for key in range(2, 13) if queries.visible(door, "deal", key)} == ANNS
        assert door.get(Deal, BOBS).title == f"Deal {BOBS}"
        requests = {request.deal_id for request in door.find(Request) if queries.visible(door, "request", request.id)}
        assert requests - {1} == ANNS
        assert not queries.visible(door, "file", 99)


def test_a_read_under_a_scope_cannot_write(team: str) -> None:
    from oppcli.errors import OppError

    with looking(team, ANN) as door, pytest.raises(OppError):
        door.rows("UPDATE customer SET name = 'x'")


def test_a_scope_does_not_outlive_its_transaction(pg_url: str, stamp: Stamp) -> None:
    """As behind a pooler in transaction mode, where the next transaction of the session is somebody else's."""
    from oppcli.store import lens, server

    with store.open_write(pg_url, stamp) as door:
        made.request(door)
        door.add(SCOPED)
    connection = server.connected(pg_url)
    try:
        connection.read_only = True
        reader = server.ServerReadDoor(connection, pg_url)
        lens.put(reader, pg_url, ANY, "zed", lambda door: sight("zed"))
        assert reader.rows("SELECT count(*) FROM deal") == [(0,)]
        connection.rollback()
        assert reader.rows("SELECT count(*) FROM deal") == [(1,)]
        assert reader.rows("SELECT coalesce(current_setting('opp.me', true), ''), current_setting('search_path')") == [
            ("", '"$user", public')
        ]
    finally:
        connection.close()


@pytest.fixture
def opened(team: str) -> Iterator[ReadDoor]:
    with looking(team, ANN) as door:
        yield door


def test_what_is_absent_and_what_is_unseen_read_alike(opened: ReadDoor) -> None:
    from oppcli.errors import NotFound

    with pytest.raises(NotFound) as unseen:
        opened.get(Deal, BOBS)
    with pytest.raises(NotFound) as absent:
        opened.get(Deal, 99)
    assert unseen.value.message == f"no such deal: D-{BOBS}, or it is not yours to see"
    assert absent.value.message.replace("99", str(BOBS)) == unseen.value.message
