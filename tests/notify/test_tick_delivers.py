"""From a submit to a mail in the box: `opp tick` as cron runs it."""

from pathlib import Path

import pytest
from begun import begun
from command_line import InProcess
from office import points
from postbox import MailServer, mail_server
from stages import team_policy

from oppcli.speech import CATALOGUES

POLICY = team_policy(
    """[[stage]]
name = "线索"
kind = "lead"
[[stage]]
name = "报价"
[[stage]]
name = "赢单"
kind = "won"
[[stage]]
name = "输单"
kind = "lost"

[defaults]
sla = "4h"
remind = ["50%"]
escalate = [{ after = "0h", to = "user:zhou", do = "notify" }]

[type.quote]
title = "报价审批"
[[type.quote.step]]
name = "主管"
who = ["manager"]
""",
    hours='"09:00-12:00", "13:00-18:00"',
    head='language = "en"\n',
)
FRIDAY, MONDAY = "2026-03-06T{}:00+08:00", "2026-03-09T{}:00+08:00"


@pytest.fixture
@begun
def team(opp: InProcess) -> InProcess:
    (opp.folder / "policy.toml").write_text(POLICY, "utf-8")
    opp.ok("init --policy policy.toml --name 王芳")
    opp.ok("user edit wang --email wang@example.com")
    opp.ok("user add zhou --name 周总 --email zhou@example.com")
    opp.ok("user add li --name 李雷 --manager wang --email li@example.com")
    opp.ok("lead add 上海精密MES --customer 上海精密 --amount 800000", user="li")
    return opp


def configure(opp: InProcess, post: MailServer) -> None:
    path = Path(opp.env["XDG_CONFIG_HOME"]) / "opp" / "config.toml"
    path.parent.mkdir(parents=True)
    table = '[notify.mail]\nkind = "smtp"\nhost = "127.0.0.1"\nsecurity = "none"\nfrom = "opp@example.com"\n'
    path.write_text(f"{table}port = {post.port}\n")


def test_an_approver_is_asked_reminded_and_escalated_and_the_seller_told_by_mail(team: InProcess) -> None:
    with mail_server() as post:
        configure(team, post)
        team.ok("request submit D-1 quote", user="li", now=FRIDAY.format("17:00"))
        quiet = [team.ok("tick -q", now=FRIDAY.format(at)) for at in ("17:10", "17:20", "18:30")]
        asked = len(post.mails)
        team.ok("tick -q", now=MONDAY.format("09:10"))
        between = len(post.mails)
        for at in ("10:00", "10:10", "13:30"):
            team.ok("tick -q", now=MONDAY.format(at))
        team.ok("request approve R-1", now=MONDAY.format("13:40"))
        team.ok("tick -q", now=MONDAY.format("13:50"))
    mails = [(mail.to.partition("@")[0], mail.message["Subject"]) for mail in post.mails]
    assert [(answer.out, answer.err) for answer in quiet] == [("", "")] * 3
    assert (asked, between) == (1, 1)
    assert mails == [
        ("wang", "opp: 1 waiting for your decision"),
        ("wang", "opp: 1 due soon"),
        ("zhou", "opp: 1 overdue"),
        ("li", "opp: 1 approved"),
    ]
    asking = points([post.mails[0].text])[0][0]
    assert asking.startswith("R-1, quote for D-1 上海精密MES, CNY 800,000.00: 主管 waits for your decision; due ")


def test_a_mail_server_that_is_down_delays_the_mail_and_not_the_tick(team: InProcess) -> None:
    with mail_server(answers={"MAIL": "450 not now"}) as post:
        configure(team, post)
        team.ok("request submit D-1 quote", user="li", now=FRIDAY.format("10:00"))
        down = team("tick -q", now=FRIDAY.format("10:10"))
        post.answers.clear()
        late = team("tick", now=FRIDAY.format("15:10"))
    shown = team.ok("request show R-1 --json", now=FRIDAY.format("15:20")).json
    assert (down.code, down.out) == (9, "")
    assert down.err.startswith("notices: mail did not deliver to wang: the sender is refused: 450 not now; next try ")
    assert late.code == 0
    assert "主管: overdue" in late.out
    assert len(post.mails) == 2
    assert shown["state"] == "pending"


def test_channels_set_up_wrongly_are_said_and_the_tick_is_done_all_the_same(team: InProcess) -> None:
    path = Path(team.env["XDG_CONFIG_HOME"]) / "opp" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text('[notify.mail]\nkind = "pigeon"\n')
    team.ok("request submit D-1 quote", user="li", now=FRIDAY.format("10:00"))
    answer = team("tick", now=FRIDAY.format("17:00"))
    assert answer.code == 8
    assert "notify.mail.kind" in answer.err
    assert "主管: overdue" in answer.out


def test_a_letter_tells_due_times_as_they_are_now_in_the_zone_of_the_calendar_and_names_it(team: InProcess) -> None:
    """Friday 17:00 and four hours of business time is Monday 12:00; with that Monday off it is Tuesday."""
    holiday = POLICY.replace('timezone = "Asia/Shanghai"', 'timezone = "Asia/Shanghai"\nholidays = ["2026-03-09"]')
    (team.folder / "holiday.toml").write_text(holiday, "utf-8")
    with mail_server() as post:
        configure(team, post)
        abroad = "--tz America/New_York"
        team.ok(f"{abroad} request submit D-1 quote", user="li", now=FRIDAY.format("17:00"))
        team.ok("policy apply holiday.toml", now=FRIDAY.format("17:30"))
        team.ok(f"{abroad} tick -q", now=FRIDAY.format("17:40"))
        team.ok(f"{abroad} tick -q", now="2026-03-10T13:00:00+08:00")
    asked, *later = [point for mail in post.mails for point in points([mail.text])[0]]
    assert asked.endswith("主管 waits for your decision; due Tue 10 Mar 12:00 (Asia/Shanghai)")
    late = [point for point in later if "is overdue" in point]
    assert [point.partition(" is overdue; ")[2] for point in late] == [
        "wang holds it; due since Tue 10 Mar 12:00 (Asia/Shanghai)"
    ]


def test_a_command_within_a_notice_names_the_database_and_not_who_ran_the_line_that_told_it(team: InProcess) -> None:
    with mail_server() as post:
        configure(team, post)
        team.ok("request submit D-1 quote", user="li", now=FRIDAY.format("10:00"))
        team.ok("request return R-1 -m why", now=FRIDAY.format("10:10"))
        team.ok("--as wang deal assign D-1 --to zhou", user="li", now=FRIDAY.format("10:20"))
        team.ok("tick -q", now=FRIDAY.format("10:30"))
    told = [mail.text for mail in post.mails if mail.to.startswith("zhou")]
    line = f"opp --db {team.db} request resubmit R-1"
    assert [text.count(f"yours to resubmit now: {line}") for text in told] == [1]
    listed = team.ok("notices list --all --to zhou -o json", now=FRIDAY.format("10:40")).json
    assert [each["text"].rpartition(": ")[2] for each in listed] == ["opp request resubmit R-1"]


def test_a_letter_is_in_the_language_of_who_reads_it_else_of_the_policy_and_not_of_who_runs_the_tick(
    team: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CATALOGUES, "zh", lambda _, text: f"〔{text}〕")
    (team.folder / "zh.toml").write_text(POLICY.replace('language = "en"\n', ""), "utf-8")
    team.ok("policy apply zh.toml")
    team.ok("user edit wang --lang en", user="wang")
    with mail_server() as post:
        configure(team, post)
        team.ok("request submit D-1 quote", user="li", now=FRIDAY.format("10:00"))
        team.ok("request nudge R-1", user="li", now=FRIDAY.format("10:30"))
        team.ok("tick -q --lang zh", now=FRIDAY.format("10:35"))
        team.ok("request return R-1 -m why", now=FRIDAY.format("10:40"))
        team.ok("tick -q --lang en", now=FRIDAY.format("11:00"))
    subjects = {mail.to.partition("@")[0]: mail.message["Subject"] for mail in post.mails}
    assert subjects == {
        "wang": "opp: 1 urged by the submitter, 1 waiting for your decision",
        "li": "〔opp: 〔1 〔returned〕〕〕",
    }


def test_anybody_chooses_the_language_of_their_letters_and_nobody_elses(team: InProcess) -> None:
    assert "letters in zh" in team.ok("user edit li --lang zh_CN", user="li").out
    assert team("user edit wang --lang zh", user="li").code == 4
    assert team("user edit li --lang fr", user="li").code == 2
    assert team.ok("user show li -o json").json["lang"] == "zh"
    assert team.ok('user edit li --lang ""', user="li").out.startswith("li (李雷), sales, reports to wang\n")
    assert team.ok("user add kim --lang en").out.startswith("kim, sales, letters in en added")


def test_a_letter_tells_times_in_the_zone_of_who_reads_it_else_of_the_calendar(team: InProcess) -> None:
    """Friday 17:00 in Shanghai and four hours of business time is Monday 12:00 there, 05:00 in Berlin."""
    team.ok("user edit wang --zone Europe/Berlin", user="wang")
    with mail_server() as post:
        configure(team, post)
        team.ok("request submit D-1 quote", user="li", now=FRIDAY.format("17:00"))
        team.ok("--tz America/New_York tick -q", now=FRIDAY.format("17:40"))
        team.ok("tick -q", now=MONDAY.format("13:30"))
    asked = {(mail.to.partition("@")[0], point) for mail in post.mails for point in points([mail.text])[0]}
    due = {(login, point.rpartition("; due ")[2]) for login, point in asked if "; due " in point}
    assert due == {
        ("wang", "Mon 9 Mar 05:00 (Europe/Berlin)"),
        ("wang", "since Mon 9 Mar 05:00 (Europe/Berlin)"),
        ("zhou", "since Mon 9 Mar 12:00 (Asia/Shanghai)"),
    }


def test_anybody_chooses_the_zone_of_their_letters_and_nobody_elses(team: InProcess) -> None:
    assert "times of Asia/Tokyo" in team.ok("user edit li --zone Asia/Tokyo", user="li").out
    assert team("user edit wang --zone Asia/Tokyo", user="li").code == 4
    wrong = team("user edit li --zone Asia/Tokio", user="li")
    assert (wrong.code, "hint: --zone Asia/Tokyo" in wrong.err) == (2, True)
    assert team.ok("user show li -o json").json["zone"] == "Asia/Tokyo"
    assert team.ok('user edit li --zone ""', user="li").out.startswith("li (李雷), sales, reports to wang\n")
    assert team.ok("user add kim --zone Asia/Tokyo").out.startswith("kim, sales, times of Asia/Tokyo added")
