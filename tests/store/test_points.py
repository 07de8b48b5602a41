"""Points are a ledger: the database itself refuses to change what stands there, on both engines."""

import made
import pytest
from test_journal import attempt

from oppcli import store
from oppcli.errors import UsageError
from oppcli.model.journal import Stamp
from oppcli.model.points import Point


def test_the_database_itself_refuses_to_change_points(db_url: str, stamp: Stamp) -> None:
    with store.open_write(db_url, stamp) as door:
        made.deal(door)
        given = door.add(Point(login="li", points=5, kind="training", reason="showed it", given_by="wang"))
    forbidden = ["UPDATE point SET points = 50", f"UPDATE point SET login = 'wang' WHERE id = {given.id}"]
    forbidden += ["DELETE FROM point"]
    if "://" in db_url:
        forbidden += ["TRUNCATE point"]
    else:
        forbidden += [
            "INSERT OR REPLACE INTO point (id, login, points, kind, reason, given_at, given_by, version) "
            f"VALUES ({given.id}, 'li', 50, 'x', 'y', 1, 'wang', 1)"
        ]
    assert [each for each in forbidden if "points cannot be changed" not in attempt(db_url, each)] == []
    with store.open_write(db_url, stamp) as door:
        door.add(Point(login="li", points=-5, kind="training", reason="entered twice", given_by="wang"))
    with store.open_read(db_url) as door:
        assert [each.points for each in door.find(Point)] == [5, -5]


def test_a_number_that_is_too_large_is_refused_in_the_same_words(db_url: str, stamp: Stamp) -> None:
    with pytest.raises(UsageError, match="more than 18 digits"), store.open_write(db_url, stamp) as door:
        made.deal(door)
        door.add(Point(login="li", points=10**20, kind="training", reason="x", given_by="wang"))
