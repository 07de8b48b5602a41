"""How far one has to walk to add a kind of notice: its row."""

from dataclasses import replace

import made
import pytest

from oppcli.model.notices import NOTICE_KINDS, Notice, NoticeKind
from oppcli.model.requests import REJECTED
from oppcli.model.said import say
from oppcli.rules.digests import compose
from oppcli.store import outbox
from oppcli.store.doors import WriteDoor


def test_a_kind_of_notice_has_its_heading_and_when_it_is_settled_from_its_row(
    door: WriteDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(NOTICE_KINDS, "expiring", NoticeKind(say("about to expire"), asks=True))
    request = made.request(door)
    told = door.add(Notice(to="li", kind="expiring", text="the quote", request_id=request.id))
    assert compose([told], {})[1].startswith("About to expire (1)\n")
    assert outbox.notices_settled(door) == set()
    door.save(request, replace(request, state=REJECTED), action="reject")
    assert outbox.notices_settled(door) == {told.id}
