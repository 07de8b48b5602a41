"""What was withdrawn is in no list and no figure, with all that is its own; where all is live nothing is put there."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import made
import pytest

from oppcli import store
from oppcli.model.deals import Customer, Deal, File
from oppcli.model.journal import Stamp
from oppcli.model.notices import Notice
from oppcli.model.records import ANY, COUNTED, SHOWN
from oppcli.model.requests import Request
from oppcli.store import check
from oppcli.store.doors import ReadDoor

FILE = File(deal_id=1, kind="报价单", name="q.pdf", size=3, sha256="0" * 64, path="q.pdf")
COUNTED_HERE = ("deal", "visit", "file", "request", "revision", "step", "seat", "holder", "notice", "customer")


def two_deals(url: str, stamp: Stamp) -> None:
    """Two deals alike, with a request, a file and a notice each, and a notice of none."""
    with store.open_write(url, stamp) as door:
        request = made.request(door)
        other = door.add(replace(door.get(Deal, 1), id=0, title="another"))
        door.add(replace(request, id=0, deal_id=other.id))
        for deal in (1, 2):
            door.add(replace(FILE, deal_id=deal))
            door.add(Notice(to="wang", kind="opened", request_id=deal, deal_id=deal))
        door.add(Notice(to="wang", kind="deactivated"))


def stand(url: str, stamp: Stamp, noun: type[Any], key: int, standing: str) -> None:
    with store.open_write(url, stamp) as door:
        before: Any = door.get(noun, key)
        door.save(before, replace(before, standing=standing))


def counts(door: ReadDoor) -> dict[str, int]:
    return {table: int(door.rows(f"SELECT count(*) FROM {table}")[0][0]) for table in COUNTED_HERE}


def seen(url: str, standings: tuple[str, ...]) -> dict[str, int]:
    with store.open_read(url, standings) as door:
        return counts(door)


def halved(whole: dict[str, int]) -> dict[str, int]:
    return {table: count // 2 for table, count in whole.items()} | {"customer": 1, "notice": 2}


@pytest.mark.parametrize("standing", ["withdrawn", "merged"])
def test_a_withdrawn_deal_is_seen_with_its_own_nowhere_but_by_itself(db_url: str, stamp: Stamp, standing: str) -> None:
    two_deals(db_url, stamp)
    whole = seen(db_url, SHOWN)
    stand(db_url, stamp, Deal, 2, standing)
    assert (seen(db_url, SHOWN), seen(db_url, COUNTED)) == (halved(whole), halved(whole))
    assert seen(db_url, ANY) == whole
    stand(db_url, stamp, Deal, 2, "live")
    assert seen(db_url, SHOWN) == whole


def test_an_archived_deal_counts_and_is_not_listed(db_url: str, stamp: Stamp) -> None:
    two_deals(db_url, stamp)
    whole = seen(db_url, ANY)
    stand(db_url, stamp, Deal, 2, "archived")
    assert (seen(db_url, SHOWN), seen(db_url, COUNTED), seen(db_url, ANY)) == (halved(whole), whole, whole)


def test_nouns_are_found_through_the_lens_too(db_url: str, stamp: Stamp) -> None:
    two_deals(db_url, stamp)
    stand(db_url, stamp, Deal, 2, "withdrawn")
    stand(db_url, stamp, File, 1, "withdrawn")
    stand(db_url, stamp, Customer, 1, "withdrawn")
    with store.open_read(db_url, SHOWN) as door:
        assert ([deal.id for deal in door.find(Deal)], [one.id for one in door.find(Request)]) == ([1], [1])
        assert (door.find(File), door.find(Customer), len(door.get(Deal, 1).visits)) == ([], [], 1)
    with store.open_read(db_url) as door:
        assert [result.faults for result in check.results(door) if result.faults] == []
        assert len(door.find(Deal)) == 2


def test_nothing_is_put_before_the_tables_where_all_is_live(
    db_url: str, stamp: Stamp, asked: Callable[[str, tuple[str, ...]], list[str]]
) -> None:
    two_deals(db_url, stamp)
    plain = asked(db_url, ANY)
    through = asked(db_url, SHOWN)
    assert len(through) == len(plain)
    assert not any("standing IN" in sql for sql in through[1:])
    stand(db_url, stamp, Deal, 2, "withdrawn")
    assert any("standing IN" in sql for sql in asked(db_url, SHOWN)[1:])


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, tuple[str, ...]], list[str]]:
    """The statements that a read of all deals sends, as an engine gets them."""
    from oppcli.store import server, sqlite

    said: list[str] = []
    kept, spelt = sqlite.Connected.rows, server._spelt

    def rows(self, sql, /, **params):
        said.append(sql)
        return kept(self, sql, **params)

    def spoken(sql):
        said.append(sql)
        return spelt(sql)

    monkeypatch.setattr(sqlite.Connected, "rows", rows)
    monkeypatch.setattr(server, "_spelt", spoken)

    def listed(url: str, standings: tuple[str, ...]) -> list[str]:
        said.clear()
        with store.open_read(url, standings) as door:
            door.find(Deal)
        return list(said)

    return listed


def test_a_lens_does_not_outlive_its_read_nor_let_it_write(db_url: str, stamp: Stamp) -> None:
    from oppcli.errors import OppError

    two_deals(db_url, stamp)
    stand(db_url, stamp, Deal, 2, "withdrawn")
    with store.open_read(db_url, SHOWN) as door, pytest.raises(OppError):
        door.rows("UPDATE customer SET name = 'x'")
    with store.open_read(db_url) as door:
        assert [deal.id for deal in door.find(Deal)] == [1, 2]
        assert door.get(Customer, 1).name == "上海精密"


def test_nothing_of_a_transaction_stays_in_its_session(pg_url: str, stamp: Stamp) -> None:
    """As behind a pooler in transaction mode, where the next transaction of the session is somebody else's."""
    from oppcli.store import lens, server

    two_deals(pg_url, stamp)
    stand(pg_url, stamp, Deal, 2, "withdrawn")
    connection = server.connected(pg_url)
    try:
        server.lock(connection, pg_url, 5_000)
        door = server.ServerWriteDoor(connection, pg_url)
        door.begin(stamp)
        for number in range(8):  # a driver may prepare what comes again
            door.add(Customer(name=f"{number}", key=f"{number}"))
        connection.commit()
        reader = server.ServerReadDoor(connection, pg_url)
        lens.put(reader, pg_url, SHOWN)
        assert len(list(reader.stream("SELECT id FROM deal"))) == 1
        next(reader.stream("SELECT id FROM customer"))
        connection.rollback()
        left = (
            "SELECT (SELECT count(*) FROM pg_prepared_statements), (SELECT count(*) FROM pg_cursors), "
            "(SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()), "
            "(SELECT count(*) FROM pg_class WHERE relkind = 'v' AND pg_is_other_temp_schema(relnamespace) IS FALSE "
            "AND relnamespace = pg_my_temp_schema()), current_setting('lock_timeout')"
        )
        assert reader.rows(left) == [(0, 0, 0, 0, "0")]
        assert connection.execute("SELECT count(*) FROM deal").fetchall() == [(2,)]
    finally:
        connection.close()
