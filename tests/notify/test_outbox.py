"""The outbox: nothing is lost, nothing answered goes out twice, and who fails holds nobody else up."""

import json
import threading
from dataclasses import replace
from typing import Any

import pytest
from letters import channel
from office import DAY, HOUR, MINUTE, MONDAY, Office, lines, points
from postbox import HookServer, dies, first, hook_server, mail_server, nobody_listens, says

from oppcli import store
from oppcli.errors import Busy
from oppcli.model.deals import Deal, Stage
from oppcli.model.deliveries import Delivery
from oppcli.model.notices import Notice
from oppcli.model.requests import Request, Revision, Step
from oppcli.notify import Channel


def hook(server: HookServer, name: str = "bot", **more: Any) -> Channel:
    return channel(name=name, kind="webhook", url=server.url, timeout=5, **more)


def got(server: HookServer) -> list[tuple[str, list[str]]]:
    """To whom each POST was, and the notices in it."""
    bodies = [json.loads(post.body) for post in server.posts]
    return [(body["to"]["login"], points([body["text"]])[0]) for body in bodies]


def keys(server: HookServer) -> list[str]:
    return [post.headers["idempotency-key"] for post in server.posts]


def test_each_person_gets_one_digest_in_a_run_and_nothing_is_written_by_the_next(db_url: str) -> None:
    with hook_server() as server:
        office = Office(db_url, hook(server))
        office.tell("wang", "R-1 waits", "R-2 waits")
        office.tell("li", "R-3 was rejected", kind="rejected")
        summary = office.deliver()
        written = office.journal()
        again = office.deliver()
    assert sorted(got(server)) == [("li", ["R-3 was rejected"]), ("wang", ["R-1 waits", "R-2 waits"])]
    assert len(set(keys(server))) == 2
    assert (summary.sent, summary.failed, summary.nowhere) == ({"bot": 2}, (), ())
    assert set(office.states().values()) == {"sent"}
    assert (again.sent, office.journal()) == ({}, written)


def test_without_a_channel_everything_waits_untouched(sqlite_url: str) -> None:
    office = Office(sqlite_url)
    office.tell("wang", "R-1 waits")
    written = office.journal()
    office.deliver()
    assert (office.states(), office.journal()) == ({"R-1 waits": "waiting"}, written)


def test_what_is_told_goes_through_every_channel_that_carries_it(sqlite_url: str) -> None:
    with hook_server() as all_of_it, hook_server() as urgent:
        office = Office(sqlite_url, hook(all_of_it, "all"), hook(urgent, "urgent", kinds=["overdue"]))
        office.tell("wang", "R-1 is overdue", kind="overdue")
        office.tell("wang", "R-2 waits")
        office.deliver()
    assert got(all_of_it) == [("wang", ["R-1 is overdue", "R-2 waits"])]
    assert got(urgent) == [("wang", ["R-1 is overdue"])]


def test_a_channel_that_fails_harms_no_other_and_tries_again_after_pauses_that_grow(db_url: str) -> None:
    with hook_server() as good, hook_server(says(500, "out of order")) as bad:
        office = Office(db_url, hook(bad, "bad"), hook(good, "good"))
        office.tell("wang", "R-1 waits")
        summary = office.deliver()
        tried = [0]
        for minute in range(1, 64):
            before = len(bad.posts)
            office.deliver(after=MINUTE)
            tried += [minute] * (len(bad.posts) - before)
        assert lines(summary.failed) == [("bad", "wang", "HTTP 500 out of order")]
        assert summary.sent == {"good": 1}
        assert tried == [0, 1, 3, 7, 15, 31, 63]
        assert (len(good.posts), len(set(keys(bad)))) == (1, 1)
        bad.answer = says()
        office.deliver(after=6 * HOUR)
    assert [delivery.state for delivery in office.deliveries()] == ["sent", "sent"]


def test_what_was_taken_without_an_answer_goes_out_again_as_it_was_and_news_in_a_digest_of_its_own(
    db_url: str,
) -> None:
    with hook_server(first(dies, says())) as server:
        office = Office(db_url, hook(server))
        office.tell("wang", "R-1 waits")
        office.deliver()
        office.tell("wang", "R-2 waits")
        runs = [office.deliver(after=MINUTE).sent, office.deliver(after=MINUTE).sent]
    assert runs == [{"bot": 1}, {"bot": 1}]
    assert got(server) == [("wang", ["R-1 waits"]), ("wang", ["R-1 waits"]), ("wang", ["R-2 waits"])]
    one, two, three = keys(server)
    assert one == two != three
    assert set(office.states().values()) == {"sent"}


def test_a_digest_that_was_tried_keeps_its_text_whatever_becomes_of_the_requests(sqlite_url: str) -> None:
    with hook_server(first(dies, says())) as server:
        office = Office(sqlite_url, hook(server))
        with office.writing() as door:
            door.add(Stage(name="报价", kind="open"))
            deal = door.add(Deal(title="MES", stage="报价"))
            late, soon = (door.add(asked(deal.id, kind, due)) for kind, due in (("quote", 500), ("risk", 100)))
            for request in (late, soon):
                door.add(Notice(to="wang", kind="opened", request_id=request.id, text=f"{request.type} waits"))
        office.deliver()
        with office.writing() as door:
            door.save(soon, replace(soon, steps=(replace(soon.steps[0], due_at=900),)))
        office.deliver(after=MINUTE)
    assert got(server) == [("wang", ["risk waits", "quote waits"])] * 2
    assert server.posts[0].body == server.posts[1].body


def asked(deal: int, kind: str, due: int) -> Request:
    """A request with one open step."""
    step = Step(revision=1, position=1, group=1, name="主管", state="open", due_at=due)
    facts = Revision(number=1, snapshot={}, at=1, editor="li")
    given = {"deal_id": deal, "type": kind, "submitted_by": "li", "submitted_at": 1}
    return Request(**given, revisions=(facts,), steps=(step,))  # type: ignore[arg-type]


def test_while_a_channel_is_down_one_digest_a_run_is_tried_and_all_go_when_it_is_back(sqlite_url: str) -> None:
    with hook_server(says(503, "")) as server:
        office = Office(sqlite_url, hook(server))
        for login in ("chen", "li", "wang"):
            office.tell(login, f"R-1 for {login}")
        office.deliver()
        tried = len(server.posts)
        office.deliver(after=MINUTE // 2)
        rested = len(server.posts)
        office.deliver(after=MINUTE)
        office.deliver(after=MINUTE)
        paused = len(server.posts)
        server.answer = says()
        summary = office.deliver(after=2 * MINUTE)
    assert (tried, rested, paused) == (1, 1, 2)
    assert summary.sent == {"bot": 3}


def test_a_channel_that_goes_down_in_the_middle_is_left_alone_for_the_rest_of_the_run(sqlite_url: str) -> None:
    with hook_server(first(says(), says(503, ""))) as server:
        office = Office(sqlite_url, hook(server))
        for login in ("chen", "li", "wang"):
            office.tell(login, f"R-1 for {login}")
        summary = office.deliver()
    assert (len(server.posts), summary.sent, len(summary.failed)) == (2, {"bot": 1}, 1)


def test_one_persons_refused_address_holds_nobody_else_up(sqlite_url: str) -> None:
    with mail_server(answers={"RCPT TO:<LI@": "550 no such user"}) as post:
        table: dict[str, Any] = {
            "kind": "smtp",
            "host": "127.0.0.1",
            "port": post.port,
            "security": "none",
            "sender": "opp@example.com",
        }
        office = Office(sqlite_url, channel(name="mail", **table))
        for login in ("chen", "li", "wang"):
            office.tell(login, f"R-1 for {login}")
        summary = office.deliver()
        office.tell("chen", "R-2")
        office.deliver()
    assert [mail.to for mail in post.mails] == ["chen@example.com", "wang@example.com", "chen@example.com"]
    assert lines(summary.failed) == [("mail", "li", "the server refuses the address: 550 no such user")]


def test_a_letter_that_brings_the_other_side_down_does_not_keep_the_others_waiting(sqlite_url: str) -> None:
    def picky(server: HookServer, request: Any) -> None:
        poison = json.loads(server.posts[-1].body)["to"]["login"] == "chen"
        (dies if poison else says())(server, request)

    with hook_server(picky) as server:
        office = Office(sqlite_url, hook(server))
        for login in ("chen", "li", "wang"):
            office.tell(login, f"R-1 for {login}")
        office.deliver()
        office.deliver(after=MINUTE)
        office.tell("li", "R-2 for li")
        office.deliver(after=5 * MINUTE)
    served = [login for login, _ in got(server)]
    assert served == ["chen", "li", "wang", "chen", "li", "chen"]


def test_outside_business_hours_a_quiet_channel_waits_and_a_loud_one_does_not(sqlite_url: str) -> None:
    with hook_server() as quiet, hook_server() as loud:
        office = Office(sqlite_url, hook(quiet, "quiet"), hook(loud, "loud", quiet=False))
        office.now = MONDAY + 4 * DAY + 9 * HOUR
        office.tell("wang", "R-1, Friday at closing time")
        evening = office.deliver()
        office.tell("wang", "R-2, Saturday")
        saturday = office.deliver(after=DAY)
        before = len(quiet.posts)
        monday = office.deliver(after=2 * DAY - 9 * HOUR)
    assert (evening.closed, saturday.closed, before) == ({"quiet": 1}, {"quiet": 1}, 0)
    assert evening.opens_at == office.now == MONDAY + 7 * DAY
    assert got(loud) == [("wang", ["R-1, Friday at closing time"]), ("wang", ["R-2, Saturday"])]
    assert got(quiet) == [("wang", ["R-1, Friday at closing time", "R-2, Saturday"])]
    assert monday.closed == {}


def test_who_has_no_address_is_named_once_and_can_be_told_later(db_url: str) -> None:
    with mail_server() as post:
        table: dict[str, Any] = {
            "kind": "smtp",
            "host": "127.0.0.1",
            "port": post.port,
            "security": "none",
            "sender": "opp@example.com",
        }
        office = Office(db_url, channel(name="mail", **table))
        office.change("wang", email=None)
        office.tell("wang", "R-1 waits")
        summaries = [office.deliver()]
        office.tell("wang", "R-2 waits")
        summaries += [office.deliver(after=DAY), office.deliver(after=DAY)]
        why = "no usable mail address (opp user edit wang --email …)"
        assert [summary.nowhere for summary in summaries] == [(f"wang cannot be told: {why}",), (), ()]
        assert office.states() == {"R-1 waits": why, "R-2 waits": why}
        from oppcli.actions import outbox

        office.change("wang", email="王芳 <wang@example.com>")
        with office.writing() as door:
            assert outbox.retry(door, to="wang") == 2
        office.deliver()
    assert points([mail.text for mail in post.mails]) == [["R-1 waits", "R-2 waits"]]


def test_whom_no_channel_is_for_is_named(sqlite_url: str) -> None:
    with hook_server() as server:
        office = Office(sqlite_url, hook(server, to=["role:finance"]))
        office.tell("wang", "R-1")
        office.tell("chen", "R-2")
        summary = office.deliver()
    assert summary.nowhere == ("wang cannot be told: no channel is set up for them",)
    assert got(server) == [("chen", ["R-2"])]


def test_who_was_deactivated_gets_nothing(sqlite_url: str) -> None:
    with hook_server(says(500, "")) as server:
        office = Office(sqlite_url, hook(server))
        office.tell("wang", "R-1 waits")
        office.deliver()
        office.change("wang", active=False)
        office.tell("wang", "R-2 waits")
        server.answer = says()
        summaries = [office.deliver(after=HOUR), office.deliver(after=HOUR)]
    assert len(server.posts) == 1
    assert [(summary.sent, summary.nowhere) for summary in summaries] == [({}, ()), ({}, ())]
    assert set(office.states().values()) == {"wang was deactivated"}
    assert [delivery.state for delivery in office.deliveries()] == ["dropped"]


def test_what_a_channel_had_that_is_no_longer_set_up_goes_by_another(sqlite_url: str) -> None:
    with hook_server(says(500, "")) as old, hook_server() as new:
        office = Office(sqlite_url, hook(old, "old"))
        office.tell("wang", "R-1 waits")
        office.deliver()
        office.channels = [hook(new, "new")]
        office.deliver(after=MINUTE)
    assert got(new) == [("wang", ["R-1 waits"])]
    assert [delivery.state for delivery in office.deliveries()] == ["dropped", "sent"]


def test_what_came_by_one_channel_is_not_repeated_when_another_is_taken_away(sqlite_url: str) -> None:
    with hook_server(says(500, "")) as old, hook_server() as new:
        office = Office(sqlite_url, hook(old, "old"), hook(new, "new"))
        office.tell("wang", "R-1 waits")
        office.deliver()
        office.channels = office.channels[1:]
        office.deliver(after=HOUR)
    assert got(new) == [("wang", ["R-1 waits"])]


def test_what_is_on_its_way_by_one_channel_is_not_queued_again_when_another_is_taken_away(sqlite_url: str) -> None:
    with hook_server(says(500, "")) as old, hook_server(first(says(500, ""), says())) as new:
        office = Office(sqlite_url, hook(old, "old"), hook(new, "new"))
        office.tell("wang", "R-1 waits")
        office.deliver()
        office.channels = office.channels[1:]
        for _ in range(3):
            office.deliver(after=HOUR)
    assert got(new) == [("wang", ["R-1 waits"])] * 2
    assert len(set(keys(new))) == 1


def test_two_runs_at_once_send_nothing_twice(db_url: str) -> None:
    def meanwhile(server: HookServer, request: Any) -> None:
        if len(server.posts) == 1:
            runs.append(office.deliver())
        says()(server, request)

    runs: list[Any] = []
    with hook_server(meanwhile) as server:
        office = Office(db_url, hook(server))
        office.tell("wang", "R-1 waits")
        office.tell("li", "R-2 waits")
        runs.append(office.deliver())
    assert sorted(got(server)) == [("li", ["R-2 waits"]), ("wang", ["R-1 waits"])]
    assert [run.sent for run in runs] == [{"bot": 1}, {"bot": 1}]


def test_an_answer_is_kept_though_another_program_holds_the_database(sqlite_url: str) -> None:
    held, free = threading.Event(), threading.Event()

    def hold() -> None:
        with store.open_write(sqlite_url, office_stamp()):
            held.set()
            free.wait(0.15)

    def busy(server: HookServer, request: Any) -> None:
        threading.Thread(target=hold).start()
        assert held.wait(5)
        says()(server, request)

    with hook_server(busy) as server:
        office = Office(sqlite_url, hook(server))
        office.tell("wang", "R-1 waits")
        office.wait_ms = 100
        summary = office.deliver()
        office.wait_ms = 10_000
        again = office.deliver(after=HOUR)
    assert (summary.sent, again.sent, len(server.posts)) == ({"bot": 1}, {}, 1)


def office_stamp() -> Any:
    from oppcli.model.journal import Stamp

    return Stamp(actor="wang", now=MONDAY, command="test")


def test_an_answer_that_cannot_be_kept_at_all_is_said_and_the_digest_goes_out_again(sqlite_url: str) -> None:
    over = threading.Event()

    def hold() -> None:
        with store.open_write(sqlite_url, office_stamp()):
            held.set()
            over.wait(20)

    def busy(server: HookServer, request: Any) -> None:
        if not held.is_set():
            threading.Thread(target=hold).start()
            assert held.wait(5)
        says()(server, request)

    held = threading.Event()
    with hook_server(busy) as server:
        office = Office(sqlite_url, hook(server))
        office.tell("wang", "R-1 waits")
        office.wait_ms = 50
        with pytest.raises(Busy):
            office.deliver()
        over.set()
        office.wait_ms = 10_000
        office.deliver(after=HOUR)
    one, two = keys(server)
    assert one == two
    assert office.states() == {"R-1 waits": "sent"}


def test_where_nobody_listens_the_run_goes_on(sqlite_url: str) -> None:
    with hook_server() as server:
        dead = channel(name="dead", kind="webhook", url=f"http://127.0.0.1:{nobody_listens()}/", timeout=5)
        office = Office(sqlite_url, dead, hook(server))
        office.tell("wang", "R-1 waits")
        summary = office.deliver()
    assert (lines(summary.failed), summary.sent) == ([("dead", "wang", "connection refused")], {"bot": 1})


def test_every_step_of_a_digest_is_in_the_journal(sqlite_url: str) -> None:
    with hook_server(first(says(500, ""), says())) as server:
        office = Office(sqlite_url, hook(server))
        office.tell("wang", "R-1 waits")
        office.deliver()
        office.deliver(after=MINUTE)
    with store.open_read(sqlite_url) as door:
        told = door.rows("SELECT action FROM journal WHERE noun = 'delivery' ORDER BY seq")
        kept = door.get(Delivery, 1)
    assert [row[0] for row in told] == ["create", "send", "not sent", "send", "sent"]
    assert (kept.state, kept.attempts, kept.error, kept.next_try_at) == ("sent", 2, None, None)
    assert kept.subject == "opp: 1 waiting for your decision"


def test_a_digest_that_is_being_sent_is_not_taken_back_by_a_run_without_its_channel(sqlite_url: str) -> None:
    def meanwhile(server: HookServer, request: Any) -> None:
        office.channels = [hook(other, "other")]
        office.deliver()
        says()(server, request)

    with hook_server(meanwhile) as server, hook_server() as other:
        office = Office(sqlite_url, hook(server))
        office.tell("wang", "R-1 waits")
        office.deliver()
    assert (got(server), got(other)) == ([("wang", ["R-1 waits"])], [])
    assert office.states() == {"R-1 waits": "sent"}
