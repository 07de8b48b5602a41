"""`opp notices` as people and cron type it: real processes, real configuration files, and no secret anywhere."""

import json
import os
import signal
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from begun import begun
from command_line import AT, Answer, InProcess, Process
from postbox import HookServer, hook_server, mail_server, nobody_listens, says
from terminal import Terminal

from oppcli import store
from oppcli.model.journal import Stamp
from oppcli.model.notices import Notice
from oppcli.policy import template

LATER = "2026-03-02T17:30:00+08:00"
SATURDAY = "2026-03-07T12:00:00+08:00"
SECRETS = {
    "SMTP_PASSWORD": "pass-word-of-the-mail",
    "HOOK_SECRET": "SECofTheSigningKey",
    "TOKEN": "token-in-the-address",
}


@pytest.fixture
@begun
def team(opp: InProcess) -> InProcess:
    text = template("blank", "zh").replace("[policy]\n", '[policy]\nlanguage = "en"\n')
    (opp.folder / "policy.toml").write_text(text, encoding="utf-8")
    opp.ok("init --policy policy.toml")
    opp.ok("user add li --name 李雷 --email li@example.com")
    opp.ok("user edit wang --email wang@example.com")
    return opp


def configure(opp: InProcess, text: str) -> Path:
    path = Path(opp.env["XDG_CONFIG_HOME"]) / "opp" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def tell(opp: InProcess, to: str, text: str, kind: str = "opened") -> None:
    stamp = Stamp(actor="wang", now=1_772_442_000_000, command="test")
    with store.open_write(str(opp.db), stamp) as door:
        door.add(Notice(to=to, kind=kind, text=text, at=door.at))


def hook_table(url: str, name: str = "bot", more: str = "") -> str:
    return f'[notify.{name}]\nkind = "webhook"\nurl = "{url}"\n{more}\n'


def ids(server: HookServer) -> list[str]:
    return [post.headers["idempotency-key"] for post in server.posts]


def test_what_is_due_is_sent_and_said_and_the_second_time_there_is_nothing(team: InProcess) -> None:
    with hook_server() as server:
        configure(team, hook_table(server.url))
        tell(team, "li", "R-1 上海精密 waits")
        first, second = team.ok("notices send"), team.ok("notices send")
    assert (first.out, second.out) == ("bot: 1 digest sent\n", "nothing to send\n")
    assert json.loads(server.posts[0].body)["to"]["name"] == "李雷"


def test_commands_in_a_letter_name_the_database_and_nothing_of_the_line_that_sent_it(
    team: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(team.folder)  # a path as cron typed it would mean nothing where the letter is read
    with hook_server() as server:
        configure(team, hook_table(server.url))
        tell(team, "li", "R-1 上海精密 waits")
        team.ok("notices send --tz UTC --as wang --db opp.db")
    text = json.loads(server.posts[0].body)["text"]
    assert f"\n\nWhat waits for your decision: opp --db {team.db} inbox\n" in text


def test_without_channels_nothing_is_sent_or_said(team: InProcess) -> None:
    tell(team, "li", "R-1 waits")
    assert team.ok("notices send -q").out == ""
    assert [row["state"] for row in team.ok("notices list --json").json] == ["waiting"]


def test_a_failing_channel_is_a_line_on_stderr_also_when_quiet_and_exit_9(team: InProcess) -> None:
    with hook_server() as server:
        dead = hook_table(f"http://127.0.0.1:{nobody_listens()}/", "dead")
        configure(team, dead + hook_table(server.url))
        tell(team, "li", "R-1 waits")
        answer = team("notices send -q")
        again = team("notices send -q")
    assert (answer.code, answer.out) == (9, "")
    assert answer.err == "notices: dead did not deliver to li: connection refused; next try Mon 2 Mar 17:01\n"
    assert len(server.posts) == 1
    assert (again.code, again.err, again.out) == (0, "", "")


def test_outside_business_hours_it_says_until_when_it_waits(team: InProcess) -> None:
    with hook_server() as server:
        configure(team, hook_table(server.url))
        tell(team, "li", "R-1 waits")
        held = team.ok("notices send", now=SATURDAY)
        assert server.posts == []
    assert held.out.startswith("bot: 1 held until Mon 9 Mar 09:00, outside business hours")


def test_a_dry_run_sends_nothing_and_writes_nothing(team: InProcess) -> None:
    with hook_server() as server:
        configure(team, hook_table(server.url))
        tell(team, "li", "R-1 waits")
        before = team.db.read_bytes()
        answer = team.ok("notices send --dry-run")
    assert answer.out.startswith("would be: bot: digests to li\n")
    assert (server.posts, team.db.read_bytes() == before) == ([], True)


def test_the_list_says_where_each_notice_stands(team: InProcess) -> None:
    team.ok("user add chen")
    with hook_server() as server:
        server.answer = lambda hook, request: says(400 if b"li@" in hook.posts[-1].body else 200, "no")(hook, request)
        configure(team, hook_table(server.url, more='to = ["user:li", "user:wang"]'))
        for login in ("li", "wang", "chen"):
            tell(team, login, f"R-1 for {login}")
        assert "未发 没有给这个人配通知渠道" in team.ok("--lang zh notices send --dry-run").out
        assert team("notices send").code == 9
        tell(team, "wang", "R-2 for wang")
    shown = team.ok("notices list --json").json
    assert [(row["to"], row["state"], row["why"]) for row in shown] == [
        ("li", "failing", "HTTP 400 no"),
        ("chen", "undeliverable", "no channel is set up for them"),
        ("wang", "waiting", None),
    ]
    assert "没有给这个人配通知渠道" in team.ok("--lang zh notices list").out
    everything = team.ok("notices list --all --json").json
    assert [row["state"] for row in everything] == ["failing", "sent", "undeliverable", "waiting"]
    assert everything[1]["channels"] == ["bot"]
    assert len(team.ok("notices list --state undeliverable --json").json) == 1
    assert len(team.ok("notices list --to wang --all --json").json) == 2
    assert team("notices list --state lost").code == 2


def test_why_something_did_not_arrive_is_told_in_the_language_of_who_asks(team: InProcess) -> None:
    shut = f"http://127.0.0.1:{nobody_listens()}/"
    false = '[notify.erp]\nkind = "command"\ncommand = ["false"]\nquiet = false\n'
    configure(team, false + hook_table(shut, "desk") + hook_table(shut, "bot", 'events = ["deal.*"]'))
    team.ok("notices send")
    team.ok("user add chen")
    team.ok("add T --customer C")
    tell(team, "li", "R-1 for li")
    assert team("notices send").code == 9
    whys = {row["name"]: row["why"] for row in team.ok("notices channels --json").json}
    assert whys == {"erp": None, "desk": "connection refused", "bot": "connection refused"}
    assert team.ok("--lang zh notices channels").out.count("连接被拒绝") == 2
    assert team.ok("notices list --json").json[0]["why"] == "false: exit 1"
    assert "false：退出码 1" in team.ok("--lang zh notices list").out
    configure(team, '[notify.mail]\nkind = "sendmail"\nfrom = "a@example.com"\nto = ["user:chen"]\n')
    tell(team, "chen", "R-2 for chen")
    first, second = team.ok("notices send"), team.ok("notices send")
    assert ("chen cannot be told: no usable mail address" in first.err, second.err) == (True, "")
    assert "没有可用的邮箱地址（opp --lang zh user edit chen --email" in team.ok("--lang zh notices list").out
    tell(team, "chen", "R-3 for chen")
    assert "cannot be told" not in team.ok("notices send").err
    team.ok("notices retry --to chen")


def test_what_could_go_nowhere_is_tried_again_when_asked(team: InProcess) -> None:
    team.ok("user add chen")
    with hook_server() as server:
        configure(team, hook_table(server.url, more='to = ["user:li"]'))
        tell(team, "chen", "R-1 for chen")
        assert "chen cannot be told: no channel is set up for them" in team.ok("notices send").err
        configure(team, hook_table(server.url))
        assert team.ok("notices retry --to chen").out == "1 notice waits again\n"
        team.ok("notices send")
    assert len(server.posts) == 1


def test_a_test_message_goes_to_oneself_or_another(team: InProcess) -> None:
    with mail_server() as post:
        configure(
            team,
            '[notify.mail]\nkind = "smtp"\nhost = "127.0.0.1"\nsecurity = "none"\n'
            f'port = {post.port}\nfrom = "opp@example.com"\n',
        )
        team.ok("notices test mail")
        team.ok("notices test mail --to li")
        missing = team("notices test mial")
    assert [mail.to for mail in post.mails] == ["wang@example.com", "li@example.com"]
    assert (missing.code, missing.err) == (
        3,
        "error: no such channel: mial; did you mean mail?\nhint: opp notices channels\n",
    )


def test_a_mistake_in_the_channels_is_named_and_stops_no_other_command(team: InProcess) -> None:
    configure(team, '[notify.bot]\nkind = "pigeon"\n[notify.mail]\nkind = "smtp"\npassword = "in-the-open"\n')
    answer = team("notices send")
    assert answer.code == 8
    assert "notify.bot.kind" in answer.err
    assert "notify.mail.host" in answer.err
    assert "in-the-open" not in answer.err
    team.ok("deal list")
    team.ok("config list")


def test_a_folders_file_cannot_set_up_a_channel(team: InProcess) -> None:
    (team.folder / ".opp.toml").write_text('[notify.bot]\nkind = "command"\ncommand = ["rm"]\n')
    answer = team("notices send")
    assert (answer.code, "unknown key 'notify'" in answer.err) == (8, True)


def parrot(hook: HookServer, request: Any) -> None:
    """Refuses, and repeats all it knows: the address, its parts, and the key it checks signatures with."""
    known = f"{hook.url}{request.path} {request.path} {request.path.rpartition('/')[2]} {SECRETS['HOOK_SECRET']}"
    says(403, known)(hook, request)


def everything_said(opp_process: Process, env: dict[str, str]) -> Iterator[Answer]:
    lines = (
        "notices send",
        "notices send -v",
        "notices send --dry-run",
        "notices channels",
        "notices channels --json",
        "notices test mail",
        "notices test bot",
        "notices test ding",
        "notices list --all --json",
        "config list --show-origin",
        "config list --json",
        "config path",
        "doctor",
        "log",
        "log --json",
    )
    for hour, line in enumerate(lines):
        now = f"2026-03-03T{9 + hour // 10:02d}:{hour % 10 * 6:02d}:00+08:00"
        yield opp_process(line, env=env, now=now)


def test_no_secret_comes_out_of_any_command_or_into_the_database(team: InProcess, opp_process: Process) -> None:
    with hook_server(parrot) as server, mail_server(login=("opp", "another")) as post:
        configure(
            team,
            f'[notify.ding]\nkind = "webhook"\nformat = "dingtalk"\nurl = "{server.url}/robot/{SECRETS["TOKEN"]}"\n'
            'secret_env = "HOOK_SECRET"\n'
            '[notify.bot]\nkind = "webhook"\nurl_env = "HOOK_URL"\nsecret_env = "HOOK_SECRET"\n'
            '[notify.mail]\nkind = "smtp"\nhost = "127.0.0.1"\nsecurity = "none"\nuser = "opp"\n'
            f'password_env = "SMTP_PASSWORD"\nport = {post.port}\nfrom = "opp@example.com"\n',
        )
        tell(team, "li", "R-1 waits")
        env = {**SECRETS, "HOOK_URL": f"{server.url}/services/{SECRETS['TOKEN']}"}
        answers = list(everything_said(opp_process, env))
    said = "".join(f"{answer.out}{answer.err}" for answer in answers)
    files = [path for path in team.folder.rglob("*") if path.is_file() and path.name != "config.toml"]
    kept = b"".join(path.read_bytes() for path in files)
    assert "mail did not deliver to li: the login is refused: 535" in said
    assert "ding did not deliver to li: HTTP 403 •••" in said
    assert "bot did not deliver to li: HTTP 403 •••" in said
    assert [name for name, value in SECRETS.items() if value in said or value.encode() in kept] == []


def test_killed_after_the_channel_took_it_the_same_digest_goes_out_again(team: InProcess, opp_process: Process) -> None:
    """The program that delivers kills the one that called it, before it can say that it is done."""
    program, once = team.folder / "tell", team.folder / "once"
    program.write_text(
        f"#!/bin/sh\ncat >> {team.folder}/got; echo >> {team.folder}/got\n"
        f"if [ ! -e {once} ]; then touch {once}; kill -9 $PPID; fi\n"
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    configure(team, f'[notify.tell]\nkind = "command"\ncommand = ["{program}"]\n')
    tell(team, "li", "R-1 waits")
    killed = opp_process("notices send")
    soon = opp_process("notices send", now=AT)
    later = opp_process("notices send", now=LATER)
    last = opp_process("notices send", now=LATER)
    got = [json.loads(line) for line in (team.folder / "got").read_text("utf-8").splitlines()]
    assert (killed.code, soon.code, soon.out) == (-signal.SIGKILL, 0, "nothing to send\n")
    assert (later.out, last.out) == ("tell: 1 digest sent\n", "nothing to send\n")
    assert len(got) == 2
    assert got[0] == got[1]
    assert team.ok("audit verify").code == 0


def test_killed_before_the_receiver_answered_the_same_digest_goes_out_again(
    team: InProcess, opp_process: Process
) -> None:
    running: list[Any] = []

    def kill(hook: HookServer, request: Any) -> None:
        if len(hook.posts) == 1:
            os.kill(running[0].pid, signal.SIGKILL)
            running[0].wait(10)
            return
        says()(hook, request)

    with hook_server(kill) as server:
        configure(team, hook_table(server.url))
        tell(team, "li", "R-1 waits")
        with opp_process.start("notices send") as process:
            running.append(process)
            process.communicate(timeout=60)
        opp_process("notices send", now=LATER)
    one, two = ids(server)
    assert process.returncode == -signal.SIGKILL
    assert one == two
    assert server.posts[0].body == server.posts[1].body


def test_a_channel_that_hangs_holds_the_run_up_for_its_timeout_only(team: InProcess, opp_process: Process) -> None:
    import time

    from postbox import hangs

    with hook_server(hangs) as stuck, hook_server() as good:
        configure(team, hook_table(stuck.url, "stuck", "timeout = 0.5") + hook_table(good.url, "good"))
        for login in ("li", "wang"):
            tell(team, login, "R-1 waits")
        begun = time.monotonic()
        answer = opp_process("notices send")
        took = time.monotonic() - begun
    assert (answer.code, len(stuck.posts), len(good.posts)) == (9, 1, 2)
    assert "stuck did not deliver to li: no answer within 0.5 s, 2 digests wait" in answer.err
    assert took < 10


def test_whoever_has_no_channel_yet_is_told_on_a_terminal_what_waits_and_where_one_is_set_up(
    team: InProcess, opp_process: Process
) -> None:
    tell(team, "li", "R-1 waits")
    env = {**opp_process.env, "PYTHONPATH": str(Path(__file__).parents[2]), "COLUMNS": "200"}
    terminal = Terminal(env, str(opp_process.folder))
    try:
        shown = [terminal(line) for line in ("notices channels", "tick", "tick -q")]
    finally:
        terminal.close()
    told = f"1 notice waits; no channel is set up in {env['XDG_CONFIG_HOME']}/opp/config.toml: opp help notices"
    assert [(code, told in text) for code, text in shown] == [(0, True), (0, True), (0, False)]
    cron = opp_process("tick")
    assert (cron.out, cron.err) == ("nothing was due\n", "")
