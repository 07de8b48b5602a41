"""`opp view save --every`: a letter at its time to each as they may see it, once, and only where there are rows."""

from html.parser import HTMLParser

import pytest
from begun import begun
from command_line import InProcess
from postbox import MailServer, mail_server
from stages import STAGES, team_policy
from test_tick_delivers import configure

POLICY = team_policy(
    STAGES,
    """[scope]
see = { "*" = "own", manager = "team" }
""",
    hours='"00:00-24:00"',
    head='language = "en"\n',
)
FRIDAY, MONDAY, LATER, WEEK = (f"2026-03-{day}:00+08:00" for day in ("06T10:00", "09T08:05", "09T08:15", "16T08:00"))


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    opp = opp_on_both
    (opp.folder / "policy.toml").write_text(POLICY, "utf-8")
    opp.ok("init --policy policy.toml --name 王芳")
    opp.ok("user edit wang --email wang@example.com")
    opp.ok("user add zhou --name 周总 --role manager --email zhou@example.com")
    opp.ok("user add li --name 李雷 --manager zhou --email li@example.com --lang zh")
    opp.ok("user add han --email han@example.com")
    opp.ok("lead add '上海 <精密>' --customer 上海精密 --amount 800000", user="li", now=FRIDAY)
    opp.ok("lead add Plant --customer Acme --amount 5", user="wang", now=FRIDAY)
    return opp


def letters(post: MailServer) -> dict[str, tuple[str, str, str]]:
    """By reader: subject, text, page."""
    found = {}
    for mail in post.mails:
        parts = {part.get_content_type(): part for part in mail.message.walk()}
        text, page = (parts[f"text/{kind}"].get_content() for kind in ("plain", "html"))
        found[mail.to] = (str(mail.message["Subject"]), text, page)
    return found


def test_each_gets_what_they_may_see_once_at_its_time_and_nothing_without_rows(team: InProcess) -> None:
    every = "--every 'mon 08:00' --to role:sales --to zhou --to me"
    told = team.ok(f"view save pipe {every} -- ls -c id,title", now=FRIDAY).out
    team.ok("view save none --every 'mon 08:00' -- ls -w 'amount > 99999999'", now=FRIDAY)
    with mail_server() as post:
        configure(team, post)
        early = team.ok("tick", now=FRIDAY).out
        team.ok("tick", now=MONDAY)
        found, first = letters(post), len(post.mails)
        again = [team.ok("tick", now=at).out for at in (MONDAY, LATER)]
        team.ok("tick", now=WEEK)
    assert "first Mon 9 Mar 08:00 (Asia/Shanghai)" in told
    assert (early, again) == ("nothing was due\n", ["nothing was due\n"] * 2)
    assert sorted(found) == ["li@example.com", "wang@example.com", "zhou@example.com"]
    assert (first, len(post.mails)) == (3, 6)
    ids = {
        to: [name for name in ("D-1", "D-2") if name in text and name in page] for to, (_, text, page) in found.items()
    }
    assert ids == {"li@example.com": ["D-1"], "wang@example.com": ["D-1", "D-2"], "zhou@example.com": ["D-1"]}
    subject, text, page = found["li@example.com"]
    assert (subject, "编号" in text, '<html lang="zh-CN">' in page) == ("opp：pipe · 商机", True, True)
    assert ("上海 &lt;精密&gt;" in page, "上海 <精密>" in text) == (True, True)
    HTMLParser().feed(page)


def test_views_of_one_time_are_one_letter_and_a_gap_is_made_up_once(team: InProcess) -> None:
    team.ok("view save one --every 'daily 08:00' -- ls --ids", now=FRIDAY)
    team.ok("view save two --every 'weekdays 08:00' -- inbox", now=FRIDAY)
    team.ok("view save three --every 'daily 07:00' -- customer list", now=FRIDAY)
    with mail_server() as post:
        configure(team, post)
        team.ok("tick", now=WEEK)
    assert {to: subject for to, (subject, _, _) in letters(post).items()} == {
        "wang@example.com": "opp: one · Deals, three · Customers"
    }
    assert len(post.mails) == 1


def test_a_letter_of_views_goes_beside_the_digest_of_the_same_run(team: InProcess) -> None:
    team.ok("view save one --every 'daily 08:00' -- ls", user="li", now=FRIDAY)
    team.ok("notices watch D-1", user="li", now=FRIDAY)
    team.ok("deal assign D-1 --to han", user="wang", now=FRIDAY)
    team.ok("lead add Own", user="li", now=FRIDAY)
    with mail_server() as post:
        configure(team, post)
        team.ok("tick", now=MONDAY)
        team.ok("tick", now=LATER)
    mine = [str(mail.message["Subject"]) for mail in post.mails if mail.to == "li@example.com"]
    assert (len(mine), mine[-1], len(set(mine))) == (2, "opp：one · 商机", 2)


def test_a_line_that_a_reader_may_not_type_is_told_to_its_owner(team: InProcess) -> None:
    team.ok("view save all --every 'daily 08:00' --to han --to me -- sql 'select id from deals'", now=FRIDAY)
    team.ok("user edit han --role sales", now=FRIDAY)
    team.ok("view save money --every 'daily 08:00' --to li -- ls --owner nobody_here", now=FRIDAY)
    told = team("tick --no-delivery", now=MONDAY)
    assert "view money cannot go out to li: no such user" in told.out, told
    kinds = [each["text"] for each in team.ok("notices list --json").json if each["kind"] == "view"]
    assert any(text.startswith("view money cannot go out") for text in kinds)


REFUSED = {
    "--every 'mon 08:00' --to han -- ls": (4, "zhou"),
    "--every 'mon 08:00' --to role:nobody -- ls": (7, "no such role"),
    "--every 'mon 08:00' --to nobody -- ls": (3, "no such user"),
    "--every mon -- ls": (2, "at what time of day"),
    "--every 08:00 -- ls": (2, "how often"),
    "--every 'mon 25:00' -- ls": (2, "not a time"),
    "--every 'someday 08:00' -- ls": (2, "how often"),
    "--every 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30 08:00' -- ls": (2, "there is no such day"),
    "--to han -- ls": (2, "--every when"),
    "--every 'mon 08:00' -- export deals": (2, "export is no letter"),
    "--every 'mon 08:00' -- ls -O y.csv": (2, "-O"),
    "--every 'mon 08:00' -- ls --as wang --watch": (2, "--as, --watch"),
    "--every 'mon 08:00' -- add y": (2, "a view keeps a read"),
}


def test_what_is_no_letter_is_refused_and_nothing_is_kept(team: InProcess) -> None:
    answers = {line: team(f"view save x {line}", user="li") for line in REFUSED}
    wrong = {
        line: answers[line].err
        for line, (code, says) in REFUSED.items()
        if (answers[line].code, says in answers[line].err) != (code, True)
    }
    assert wrong == {}
    assert team.ok("view list --json").json == []


def test_a_manager_sends_to_others_and_its_time_stands_in_the_list_and_the_journal(team: InProcess) -> None:
    team.ok("view save x --every 每周一8点 --to li -- ls", user="zhou")
    row = team.ok("view list --json", user="zhou").json[0]
    assert (row["every"], row["to"]) == ("mon 08:00", ["li"])
    team.ok("view save x -- ls", user="zhou")
    row = team.ok("view list --json", user="zhou").json[0]
    assert (row["every"], row["to"]) == (None, [])
    team.ok("undo", user="zhou")
    assert team.ok("view list --json", user="zhou").json[0]["every"] == "mon 08:00"


def test_an_erased_customer_is_in_no_letter_any_more(team: InProcess) -> None:
    team.ok("view save pipe --every 'mon 08:00' -- ls", now=FRIDAY)
    team.ok("tick --no-delivery", now=MONDAY)
    held = [each for each in team.ok("export notices --csv").out.split("\n") if "上海精密" in each]
    team.ok("customer erase 上海精密 -y -m asked", now=LATER)
    left = team.ok("export notices --csv").out + team.ok("log --json -L 0").out
    assert (len(held) > 0, "上海精密" in left) == (True, False)


def test_a_line_that_a_file_brought_acts_as_nobody_else_and_writes_no_file(team: InProcess) -> None:
    """A file of `export all` brings views that `view save` never saw."""
    team.ok("view save x --every 'daily 08:00' -- ls -c id", user="li", now=FRIDAY)
    brought = '["ls", "-c", "id", "--as", "wang", "--db", "nowhere.db", "-O", "z.csv"]'
    (team.folder / "team.jsonl").write_text(team.ok("export all").out.replace('["ls", "-c", "id"]', brought))
    team.env["OPP_DB"] = str(team.folder / "other.db")
    team.ok("init --policy policy.toml", now=FRIDAY)
    team.ok("import team.jsonl", now=FRIDAY)
    team.ok("tick --no-delivery", now=MONDAY)
    told = [each["text"] for each in team.ok("notices list --json").json if each["kind"] == "view"]
    assert [("D-1" in text, "D-2" in text) for text in told] == [(True, False)]
    assert not (team.folder / "z.csv").exists()
