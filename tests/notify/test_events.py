"""Events: other programs are told of what was committed, in order, at least once, each under one id."""

import json
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from command_line import InProcess
from letters import channel
from office import DAY, HOUR, MINUTE, Office
from postbox import HookServer, dies, first, hook_server, nobody_listens, says

from oppcli import store
from oppcli.actions.outbox import events
from oppcli.errors import Conflict
from oppcli.model.deals import WON, Deal, Stage
from oppcli.model.noun import replace

BOTH = ("deal.*", "request.approve")


class Feeding(Office):
    """An office whose deals other programs are told of."""

    def __init__(self, url: str, *servers: HookServer, patterns: tuple[str, ...] = BOTH) -> None:
        super().__init__(url)
        self.patterns = patterns
        self.hooks = [hook(server, f"c{place}") for place, server in enumerate(servers)]
        with self.writing() as door:
            door.add(Stage(name="Lead", kind="lead", position=1))
            door.add(Stage(name="Won", kind=WON, position=2))
        self.run()

    def deals(self, *titles: str) -> None:
        with self.writing() as door:
            for title in titles:
                door.add(Deal(title=title, stage="Lead", owner="wang", amount=123_45, currency="CNY"))

    def run(self, *, after: int = 0) -> tuple[events.Result, ...]:
        self.now += after
        return events.tell(
            partial(store.open_read, self.url), self.writing, [(each, self.patterns) for each in self.hooks], {}
        )


def hook(server: HookServer, name: str, **more: Any) -> Any:
    return channel(name=name, kind="webhook", url=server.url, timeout=5, events=list(BOTH), **more)


def bodies(server: HookServer) -> list[dict[str, Any]]:
    return [json.loads(post.body) for post in server.posts]


def titles(server: HookServer) -> list[str]:
    return [each["changes"]["title"][1] for each in bodies(server)]


def ids(server: HookServer) -> list[str]:
    return [each["id"] for each in bodies(server)]


def test_a_channel_is_told_what_was_committed_since_it_began_in_order_and_once(db_url: str) -> None:
    with hook_server() as server:
        office = Feeding(db_url, server)
        office.deals("one", "two")
        office.run()
        office.deals("three")
        office.run()
        office.run()
    assert titles(server) == ["one", "two", "three"]
    assert [post.headers["idempotency-key"] for post in server.posts] == ids(server)
    assert sorted(ids(server), key=lambda each: int(each[1:])) == ids(server)
    said = bodies(server)[0]
    assert (said["opp"], said["event"], said["actor"], said["noun"], said["ref"]) == (
        *(1, "deal.create", "system", "deal"),
        "D-1",
    )
    assert said["at"].endswith("Z")
    assert said["changes"]["amount"] == [None, "123.45"]


def test_a_new_channel_begins_now(db_url: str) -> None:
    with hook_server() as server, hook_server() as late:
        office = Feeding(db_url, server)
        office.deals("one")
        office.run()
        office.hooks.append(hook(late, "late"))
        office.run()
        office.deals("two")
        office.run()
    assert (titles(server), titles(late)) == (["one", "two"], ["two"])


def test_what_was_rolled_back_or_refused_is_no_event(db_url: str) -> None:
    with hook_server() as server:
        office = Feeding(db_url, server)
        with pytest.raises(Conflict), office.writing() as door:
            door.add(Deal(title="gone", stage="Lead", owner="wang"))
            raise Conflict("no")
        with office.writing() as door:
            door.note("refused", "deal", "1", {"refused": "no"})
        office.run()
    assert server.posts == []


def test_a_win_is_called_so_by_whatever_verb(db_url: str) -> None:
    with hook_server() as server:
        office = Feeding(db_url, server, patterns=("deal.win",))
        office.deals("one")
        with office.writing() as door:
            before = door.get(Deal, 1)
            door.save(before, replace(before, stage="Won"), action="advance")
        with office.writing() as door:
            before = door.get(Deal, 1)
            door.save(before, replace(before, title="other"))
        office.run()
    assert [(each["event"], each["changes"]["stage"]) for each in bodies(server)] == [("deal.win", ["Lead", "Won"])]


def test_what_was_not_taken_goes_out_again_first_and_what_is_behind_it_waits(db_url: str) -> None:
    with hook_server(first(says(), says(503, "later"), says())) as server:
        office = Feeding(db_url, server)
        office.deals("one", "two", "three")
        (failed,) = office.run()
        rests = office.run(after=MINUTE // 2)
        office.run(after=MINUTE)
    assert (failed.sent, failed.failed and failed.failed.name, failed.error) == (1, "deal.create", "HTTP 503 later")
    assert rests[0].sent == 0
    assert titles(server) == ["one", "two", "two", "three"]
    assert len(set(ids(server))) == 3


def test_one_that_dies_harms_no_other_channel(db_url: str) -> None:
    with hook_server(dies) as broken, hook_server() as server:
        office = Feeding(db_url, broken, server)
        office.deals("one", "two")
        results = office.run()
    assert [(each.sent, bool(each.failed)) for each in results] == [(0, True), (2, False)]
    assert titles(server) == ["one", "two"]


def test_after_three_days_an_event_is_set_aside_while_the_next_go_on_until_it_is_asked_for_again(db_url: str) -> None:
    with hook_server(first(says(422, "no"), says(422, "no"), says(422, "still"), says())) as server:
        office = Feeding(db_url, server)
        office.deals("one", "two")
        office.run()
        office.run(after=2 * DAY)
        (result,) = office.run(after=DAY + HOUR)
        told = titles(server)
        with office.writing() as door:
            count = events.retry(door, "c0")
        office.deals("three")
        office.run()
    assert [(event.name, aside.attempts, aside.error) for event, aside in result.aside] == [
        ("deal.create", 3, "HTTP 422 still")
    ]
    assert told == ["one", "one", "one", "two"]
    assert count == 1
    assert titles(server)[4:] == ["one", "three"]
    assert ids(server)[0] == ids(server)[4]


def test_many_entries_are_told_with_few_transactions(sqlite_url: str) -> None:
    opened: list[int] = []
    with hook_server() as server:
        office = Feeding(sqlite_url, server)
        office.deals(*(f"d{n}" for n in range(450)))
        writing = office.writing

        def counted() -> Any:
            opened.append(1)
            return writing()

        office.writing = counted  # type: ignore[method-assign]
        office.run()
    assert len(titles(server)) == 450
    assert ids(server) == sorted(set(ids(server)), key=lambda each: int(each[1:]))
    assert len(opened) < 450 / events.KEPT_MANY + 30


def test_where_nothing_happened_nothing_is_locked_or_written(db_url: str) -> None:
    with hook_server() as server:
        office = Feeding(db_url, server)

        def never() -> Any:
            raise AssertionError

        office.writing = never  # type: ignore[method-assign]
        assert office.run() == ()


def test_two_runs_at_once_tell_each_event_once(db_url: str) -> None:
    with hook_server() as server:
        office = Feeding(db_url, server)
        office.deals("one", "two")

        def inside(hook: HookServer, request: Any) -> None:
            if len(hook.posts) == 1:
                assert [each.sent for each in office.run()] == [0]
            says()(hook, request)

        server.answer = inside
        office.run()
    assert titles(server) == ["one", "two"]


CONFIG = """
[notify.erp]
kind = "webhook"
url = "{url}"
events = ["deal.*"]
"""


def configure(opp: Any, text: str) -> None:
    path = Path(opp.env["XDG_CONFIG_HOME"]) / "opp" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_a_tick_that_is_killed_while_it_tells_leaves_the_event_for_the_next_under_the_same_id(
    opp_on_both: InProcess,
) -> None:
    opp, at = opp_on_both, "2026-03-02T10:{}:00+08:00"
    reached: list[int] = []

    def silent(hook: HookServer, request: Any) -> None:
        reached.append(1)
        hook.over.wait(20)

    with hook_server() as server:
        configure(opp, CONFIG.format(url=server.url))
        opp.ok("init", "--template", "blank", "--lang", "en", now=at.format("00"))
        opp.ok("tick", now=at.format("01"))
        opp.ok("lead add One --customer Acme", now=at.format("02"))
        server.answer = silent
        given = opp.environment(None, at.format("03"), None)
        line = [sys.executable, "-m", "oppcli", "tick"]
        running = subprocess.Popen(line, env=given, cwd=opp.folder, start_new_session=True)
        until = time.monotonic() + 30
        while not reached and time.monotonic() < until:
            time.sleep(0.02)
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        server.answer = says()
        busy = opp.ok("tick", now=at.format("03"))
        after = opp.ok("tick", now=at.format("30"))
    assert reached == [1]
    assert "told" not in busy.out
    assert "erp: 1 event told" in after.out
    assert ids(server)[0] == ids(server)[1]
    assert [each["event"] for each in bodies(server)] == ["deal.create", "deal.create"]


def test_a_channel_of_events_is_no_way_to_people_unless_it_says_so() -> None:
    table: dict[str, Any] = {"kind": "webhook", "url": "https://x.example", "events": ["deal.*"]}
    assert channel(**table).spec.to == ()
    assert channel(**table, to="everyone").spec.to == ("everyone",)
    assert channel(**table, kinds=["risk"]).spec.to == ("everyone",)


def test_a_tick_tells_says_what_failed_and_lists_what_was_set_aside(opp_on_both: InProcess) -> None:
    opp = opp_on_both
    at = "2026-03-{:02}T10:00:00+08:00"
    configure(opp, CONFIG.format(url=f"http://127.0.0.1:{nobody_listens()}"))
    opp.ok("init", "--template", "blank", "--lang", "en", now=at.format(2))
    opp.ok("tick", now=at.format(2))
    opp.ok("lead add One --customer Acme", now=at.format(3))
    dry = opp.ok("tick -n", now=at.format(3))
    failed = opp("tick -q", now=at.format(4))
    gone = opp("tick -q", now=at.format(8))
    dead = opp.ok("notices list --dead --json", now=at.format(8)).json
    shown = opp.ok("notices list --dead", now=at.format(8))
    why = opp.ok("--lang zh notices list --dead -c why", now=at.format(8)).out
    with hook_server() as server:
        configure(opp, CONFIG.format(url=server.url))
        retried = opp.ok("notices retry --channel erp", now=at.format(8))
        sent = opp.ok("tick", now=at.format(8))
    assert "erp: 1 event" in dry.out
    assert (failed.code, gone.code) == (9, 9)
    assert "erp did not take e" in failed.err
    assert (
        "was set aside after 2 attempts: connection refused; once that is mended: opp notices retry --channel erp"
        in (gone.err)
    )
    assert [(each["state"], each["deal"], each["channels"], each["attempts"]) for each in dead] == [
        ("set aside", "D-1", ["erp"], 2)
    ]
    assert "deal.create D-1" in shown.out and "连接被拒绝" in why
    assert "1 event waits again" in retried.out
    assert "erp: 1 event told" in sent.out
    assert [each["ref"] for each in bodies(server)] == ["D-1"]
    assert opp.ok("notices list --dead --json", now=at.format(8)).json == []


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('events = ["deal"]', "must be a list of a noun and a verb each"),
        ('events = ["dael.*"]', "must be a list of a noun and a verb each"),
        ('events = ["deal.*"]\nformat = "slack"', "events go out in the format plain alone"),
    ],
)
def test_what_is_no_event_is_refused_with_its_line(opp: InProcess, more: str, said: str) -> None:
    configure(opp, f'[notify.erp]\nkind = "webhook"\nurl = "https://x.example"\n{more}\n')
    opp.ok("init", "--template", "blank", "--lang", "en")
    refused = opp("notices channels")
    assert refused.code == 8
    assert said in refused.err


def test_retry_of_a_channel_without_events_says_so(opp: InProcess) -> None:
    configure(opp, '[notify.mail]\nkind = "command"\ncommand = ["/bin/true"]\n')
    opp.ok("init", "--template", "blank", "--lang", "en")
    assert opp("notices retry --channel mail").code == 2
    assert opp("notices retry --channel nowhere").code == 3
    assert opp("notices retry --channel mail --to me").code == 2


def test_a_tick_without_a_channel_of_events_loads_and_asks_nothing_of_them(opp_process: Any) -> None:
    opp = opp_process
    assert opp("init --template blank --lang en").code == 0
    configure(opp, '[notify.desk]\nkind = "command"\ncommand = ["/bin/true"]\n')
    done = opp("tick", env={"PYTHONPROFILEIMPORTTIME": "1"})
    assert done.code == 0
    assert "oppcli.actions.outbox.sending" in done.err
    unused = ("oppcli.cli.told_events", "oppcli.actions.outbox.events", "oppcli.store.feeds")
    assert [word for word in unused if word in done.err] == []
